"""How does a step read as a sentence?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.schema import Anything, EnumChoice, Integer, ListOf, LiveReference, Nullable, Number
from ivoryos_jupyter.workflow import _model as model
from ivoryos_jupyter.workflow._lookup import DeckIndex, is_left_open

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ivoryos_jupyter.schema import DeckSchema, Kind, Parameter, Plain

LONGEST = 60
"""Characters of one value that are shown."""
OPEN = "…"
"""Stands where something is still to be said."""
_MINUTE, _HOUR = 60, 3600


def sentence(step: model.Step, schema: DeckSchema | None = None) -> str:
    """Return `step` in words, without what lies in it: ``pump: dispense, volume_ml = #volume mL → left``."""
    return sentence_in(step, DeckIndex(schema))


def sentence_in(step: model.Step, deck: DeckIndex) -> str:
    """Return `step` in words, for an indexed deck."""
    return _SENTENCES[type(step)](step, deck)


def in_words(value: model.Value, parameter: Parameter | None = None) -> str:
    """Return `value` as a sentence shows it, with the unit of `parameter`."""
    match value:
        case model.AtRun(name):
            text = f"#{name}"
        case model.Variable(name):
            text = name
        case model.Expression(formula):
            text = f"({formula})"
        case model.Constant(plain):
            text = _plain(plain, parameter)
    unit = parameter.unit if parameter and not (isinstance(value, model.Constant) and isinstance(value.value, str | None)) else ""
    return f"{_short(text)} {unit}".rstrip()


def _single(value: model.Value, kind: Kind, parameter: Parameter | None = None) -> str:
    """Return the one value of a step; an ellipsis while nobody has said it."""
    return f"{OPEN} {parameter.unit if parameter else ''}".rstrip() if is_left_open(value, kind) else in_words(value, parameter)


def _plain(plain: Plain, parameter: Parameter | None) -> str:
    kind = parameter.kind if parameter else None
    if isinstance(kind, Nullable):
        kind = kind.kind
    if isinstance(plain, LiveReference):
        return plain.text
    if isinstance(plain, str):
        return plain if isinstance(kind, EnumChoice) else f"“{plain}”"
    return f"{plain:g}" if isinstance(plain, float) and abs(plain) < 1e6 and plain == float(f"{plain:g}") else str(plain)  # noqa: PLR2004 - where g becomes 1e+06


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _said(text: str) -> str:
    return _short(text) or OPEN


def _saved(names: Iterable[str]) -> str:
    shown = [name or "–" for name in names]
    return f" → {', '.join(shown)}" if any(name != "–" for name in shown) else ""


def _with(step: model.Step, arguments: Mapping[str, model.Value], deck: DeckIndex) -> str:
    return "".join(f", {name} = {in_words(value, deck.parameter(step, name))}" for name, value in arguments.items())


def _action(step: model.Action, deck: DeckIndex) -> str:
    return f"{step.instrument}: {step.method}{_with(step, step.arguments, deck)}{_saved(step.outputs)}"


def _block(step: model.CallBlock, deck: DeckIndex) -> str:
    return f"{step.block}{_with(step, step.arguments, deck)}{_saved(step.outputs)}"


def _nested(step: model.CallWorkflow, _deck: DeckIndex) -> str:
    given = "".join(f", {name} = {in_words(value)}" for name, value in step.arguments.items())
    return f"Run {step.workflow}{given}{_saved(step.outputs.values())}"


def _get(step: model.GetProperty, _deck: DeckIndex) -> str:
    return f"Read {step.instrument}.{step.property}{_saved(step.outputs)}"


def _set(step: model.SetProperty, deck: DeckIndex) -> str:
    one = deck.property(step)
    value = _single(step.value, one.value.kind, one.value) if one else in_words(step.value)
    return f"Set {step.instrument}.{step.property} to {value}"


def _if(step: model.If, _deck: DeckIndex) -> str:
    return ", else ".join(f"{'if' if index else 'If'} {_said(branch.condition)}" for index, branch in enumerate(step.branches)) or "If"


def _while(step: model.While, _deck: DeckIndex) -> str:
    return f"While {_said(step.condition)}, at most {step.most} times"


def _repeat(step: model.Repeat, _deck: DeckIndex) -> str:
    return f"Repeat {_single(step.times, Integer())} times"


def _for_each(step: model.ForEach, _deck: DeckIndex) -> str:
    return f"For each {step.item} in {_single(step.items, ListOf(Anything()))}"


def _wait(step: model.Wait, _deck: DeckIndex) -> str:
    seconds = step.seconds.value if isinstance(step.seconds, model.Constant) else None
    if isinstance(seconds, int | float) and not isinstance(seconds, bool):
        return f"Wait {duration(seconds)}"
    return f"Wait {_single(step.seconds, Number())} s"


def duration(seconds: float) -> str:
    """Return a time span in words: ``1.5 s``, ``10 min``, ``1 h 30 min``."""
    if seconds < _MINUTE or seconds == float("inf") or seconds != int(seconds):
        return f"{seconds:g} s"
    hours, rest = divmod(int(seconds), _HOUR)
    minutes, left = divmod(rest, _MINUTE)
    return " ".join(f"{number} {unit}" for number, unit in ((hours, "h"), (minutes, "min"), (left, "s")) if number)


def _wait_until(step: model.WaitUntil, _deck: DeckIndex) -> str:
    return f"Wait until {step.time or OPEN}"


def _wait_for(step: model.WaitFor, _deck: DeckIndex) -> str:
    hold = f" for {duration(step.hold_s)}" if step.hold_s else ""
    limit = f", at most {duration(step.timeout_s)}" if step.timeout_s else ""
    reading = f"{step.instrument}.{step.property}" if step.instrument else OPEN
    return f"Wait until {reading}: {_said(step.condition)}{hold}{limit}{_saved(step.outputs)}"


def _comment(step: model.Comment, _deck: DeckIndex) -> str:
    return _short(step.text)


def _pause(step: model.Pause, _deck: DeckIndex) -> str:
    return f"Pause: {_short(step.message)}"


def _input(step: model.Input, _deck: DeckIndex) -> str:
    kind = " ".join(filter(None, (step.type, _bounds(step.minimum, step.maximum), step.unit)))
    return f"Ask: {_said(step.message)} → {step.name} ({kind})"


def _bounds(least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        return f"{least:g} to {most:g}"
    if least is not None:
        return f"at least {least:g}"
    return "" if most is None else f"at most {most:g}"


def _variable(step: model.SetVariable, _deck: DeckIndex) -> str:
    return f"{step.name} = {in_words(step.value)}"


_SENTENCES: dict[type[model.Step], Callable[..., str]] = {
    model.Action: _action,
    model.CallBlock: _block,
    model.CallWorkflow: _nested,
    model.GetProperty: _get,
    model.SetProperty: _set,
    model.If: _if,
    model.While: _while,
    model.Repeat: _repeat,
    model.ForEach: _for_each,
    model.Wait: _wait,
    model.WaitUntil: _wait_until,
    model.WaitFor: _wait_for,
    model.Comment: _comment,
    model.Pause: _pause,
    model.Input: _input,
    model.SetVariable: _variable,
}

"""What does one step without steps in it ask for, for one sample?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivoryos_jupyter.runner._effects import DoAsk, DoCall, DoDecide, DoNote, DoWait, DoWatch
from ivoryos_jupyter.runner._resolve import seconds_of
from ivoryos_jupyter.schema import Number, from_value
from ivoryos_jupyter.workflow import (
    Action,
    CallBlock,
    Comment,
    Constant,
    GetProperty,
    Input,
    Pause,
    SetProperty,
    SetVariable,
    Wait,
    WaitFor,
    WaitUntil,
    fill,
    resolve,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ivoryos_jupyter.runner._effects import StepEffect
    from ivoryos_jupyter.workflow import Step


@dataclass(slots=True)
class Turn:
    """Which step is done for which sample, and what is known about it."""

    step: Step
    index: int
    """Its row in the flat list."""
    sample: int
    contexts: Sequence[dict[str, object]]
    """Of all samples of the batch."""
    group: tuple[int, ...]
    """The samples that do this step now."""
    path: str
    attempt: int = 1
    replaced: Mapping[str, object] = field(default_factory=dict)
    """Arguments a person gave for this attempt."""

    @property
    def context(self) -> dict[str, object]:
        """What the names of this sample mean."""
        return self.contexts[self.sample]


def doing_of(turn: Turn) -> StepEffect:
    """Return what the step asks for; where a name has no value or a formula fails, the effect says so."""
    make = _MAKERS[type(turn.step)]
    try:
        return make(turn)
    except Exception as error:  # noqa: BLE001 - operands come from drivers; a failure here is a failed step
        return impossible(turn, error)


def impossible(turn: Turn, error: Exception) -> StepEffect:
    """Return the effect for a step that cannot even be tried."""
    step = turn.step
    if type(step) not in _MAKERS:
        return DoDecide(step, step.tag, step.tag, turn.index, turn.sample, turn.attempt, turn.path, problem=error)
    instrument = getattr(step, "instrument", "")
    member = getattr(step, "method", "") or getattr(step, "property", "") or getattr(step, "block", "")
    method = f"{member}_(setter)" if isinstance(step, SetProperty) else member
    label = ".".join(part for part in (instrument, member) if part) or step.tag
    return DoNote(step, label, method or step.tag, turn.index, turn.sample, turn.attempt, turn.path, instrument, problem=error)


def _arguments(turn: Turn, step: Action | CallBlock) -> dict[str, object]:
    given: dict[str, object] = {}
    for name, value in step.arguments.items():
        if name in turn.replaced:
            continue
        if step.once_per_batch and name in step.consolidate:
            given[name] = [resolve(value, turn.contexts[sample]) for sample in turn.group]
        else:
            given[name] = resolve(value, turn.context)
    given.update(turn.replaced)
    return given


def _action(turn: Turn) -> StepEffect:
    step = turn.step
    assert isinstance(step, Action)  # noqa: S101 - the table below says so
    instrument, method = step.instrument, step.method
    arguments = _arguments(turn, step)
    place = (turn.index, turn.sample, turn.attempt, turn.path)
    return DoCall(step, f"{instrument}.{method}", method, *place, instrument, arguments, None, instrument, method, "call", step.outputs)


def _block(turn: Turn) -> StepEffect:
    step = turn.step
    assert isinstance(step, CallBlock)  # noqa: S101
    name, arguments = step.block, _arguments(turn, step)
    place = (turn.index, turn.sample, turn.attempt, turn.path)
    return DoCall(step, name, name, *place, "blocks", arguments, None, "blocks", name, "call", step.outputs)


def _get(turn: Turn) -> StepEffect:
    step = turn.step
    assert isinstance(step, GetProperty)  # noqa: S101
    instrument, name = step.instrument, step.property
    place = (turn.index, turn.sample, turn.attempt, turn.path)
    return DoCall(step, f"{instrument}.{name}", name, *place, instrument, {}, None, instrument, name, "get", step.outputs)


def _set(turn: Turn) -> StepEffect:
    step = turn.step
    assert isinstance(step, SetProperty)  # noqa: S101
    value = turn.replaced["value"] if "value" in turn.replaced else resolve(step.value, turn.context)
    instrument, name = step.instrument, step.property
    place = (turn.index, turn.sample, turn.attempt, turn.path)
    label = f"{instrument}.{name}"
    return DoCall(step, label, f"{name}_(setter)", *place, instrument, {"value": value}, None, instrument, name, "set")


def _wait(turn: Turn) -> StepEffect:
    step = turn.step
    assert isinstance(step, Wait)  # noqa: S101
    if "seconds" in turn.replaced:
        seconds = seconds_of(Constant(from_value(Number(), turn.replaced["seconds"], field="seconds")), {})
    else:
        seconds = seconds_of(step.seconds, turn.context)
    place = (turn.index, turn.sample, turn.attempt, turn.path)
    return DoWait(step, "wait", "wait", *place, "", {"seconds": seconds}, None, seconds, step.keep_counting)


def _wait_until(turn: Turn) -> StepEffect:
    step = turn.step
    assert isinstance(step, WaitUntil)  # noqa: S101
    place = (turn.index, turn.sample, turn.attempt, turn.path)
    return DoWait(step, "wait", "wait", *place, "", {"until": step.time}, None, keep_counting=True, until=step.time)


def _watch(turn: Turn) -> StepEffect:
    step = turn.step
    assert isinstance(step, WaitFor)  # noqa: S101
    instrument, name = step.instrument, step.property
    return DoWatch(
        step,
        f"{instrument}.{name}",
        name,
        turn.index,
        turn.sample,
        turn.attempt,
        turn.path,
        instrument,
        {"condition": step.condition, "hold_s": step.hold_s},
        member=name,
        condition=step.condition,
        names=turn.context,
        hold_s=step.hold_s,
        every_s=step.every_s,
        outputs=step.outputs,
    )


def _comment(turn: Turn) -> StepEffect:
    step = turn.step
    assert isinstance(step, Comment)  # noqa: S101
    place = (turn.index, turn.sample, turn.attempt, turn.path)
    return DoNote(step, "comment", "comment", *place, "", {"text": fill(step.text, turn.context)})


def _pause(turn: Turn) -> StepEffect:
    step = turn.step
    assert isinstance(step, Pause)  # noqa: S101
    message = fill(step.message, turn.context)
    place = (turn.index, turn.sample, turn.attempt, turn.path)
    return DoAsk(step, "pause", "pause", *place, "", {"message": message}, message=message)


def _input(turn: Turn) -> StepEffect:
    step = turn.step
    assert isinstance(step, Input)  # noqa: S101
    message = fill(step.message, turn.context)
    place = (turn.index, turn.sample, turn.attempt, turn.path)
    return DoAsk(step, "input", "input", *place, "", {"message": message}, None, message, step.name, step.type, step.choices)


def _variable(turn: Turn) -> StepEffect:
    step = turn.step
    assert isinstance(step, SetVariable)  # noqa: S101
    value = turn.replaced["value"] if "value" in turn.replaced else resolve(step.value, turn.context)
    place = (turn.index, turn.sample, turn.attempt, turn.path)
    return DoNote(step, "variable", "variable", *place, "", {step.name: value}, None, value, step.name)


_MAKERS: dict[type[Step], Callable[[Turn], StepEffect]] = {
    Action: _action,
    CallBlock: _block,
    GetProperty: _get,
    SetProperty: _set,
    Wait: _wait,
    WaitUntil: _wait_until,
    WaitFor: _watch,
    Comment: _comment,
    Pause: _pause,
    Input: _input,
    SetVariable: _variable,
}

"""What does one step without steps in it ask for, for one sample?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

from ivoryos_jupyter.runner._effects import DoAsk, DoCall, DoDecide, DoNote, DoWait, DoWatch
from ivoryos_jupyter.runner._resolve import seconds_of
from ivoryos_jupyter.workflow import (
    Action,
    CallBlock,
    Comment,
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


@dataclass(frozen=True, slots=True)
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


class _Shared(TypedDict):
    step: Step
    step_index: int
    sample: int
    attempt: int
    path: str


def doing_of(turn: Turn) -> StepEffect:
    """Return what the step asks for; where a name has no value or a formula fails, the effect says so."""
    make = _MAKERS[type(turn.step)]
    try:
        return make(turn, _shared(turn))
    except Exception as error:  # noqa: BLE001 - operands come from drivers; a failure here is a failed step
        return impossible(turn, error)


def impossible(turn: Turn, error: Exception) -> StepEffect:
    """Return the effect for a step that cannot even be tried."""
    step = turn.step
    if type(step) not in _MAKERS:
        return DoDecide(label=step.tag, method_name=step.tag, problem=error, **_shared(turn))
    instrument = getattr(step, "instrument", "")
    member = getattr(step, "method", "") or getattr(step, "property", "") or getattr(step, "block", "")
    method = f"{member}_(setter)" if isinstance(step, SetProperty) else member
    label = ".".join(part for part in (instrument, member) if part) or step.tag
    return DoNote(label=label, method_name=method or step.tag, instrument=instrument, problem=error, **_shared(turn))


def _shared(turn: Turn) -> _Shared:
    return {"step": turn.step, "step_index": turn.index, "sample": turn.sample, "attempt": turn.attempt, "path": turn.path}


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


def _action(turn: Turn, shared: _Shared) -> StepEffect:
    step = turn.step
    assert isinstance(step, Action)  # noqa: S101 - the table below says so
    return DoCall(
        label=f"{step.instrument}.{step.method}",
        method_name=step.method,
        instrument=step.instrument,
        arguments=_arguments(turn, step),
        path_to=step.instrument,
        member=step.method,
        outputs=step.outputs,
        **shared,
    )


def _block(turn: Turn, shared: _Shared) -> StepEffect:
    step = turn.step
    assert isinstance(step, CallBlock)  # noqa: S101
    return DoCall(
        label=step.block,
        method_name=step.block,
        instrument="blocks",
        arguments=_arguments(turn, step),
        path_to="blocks",
        member=step.block,
        outputs=step.outputs,
        **shared,
    )


def _get(turn: Turn, shared: _Shared) -> StepEffect:
    step = turn.step
    assert isinstance(step, GetProperty)  # noqa: S101
    return DoCall(
        label=f"{step.instrument}.{step.property}",
        method_name=step.property,
        instrument=step.instrument,
        path_to=step.instrument,
        member=step.property,
        operation="get",
        outputs=step.outputs,
        **shared,
    )


def _set(turn: Turn, shared: _Shared) -> StepEffect:
    step = turn.step
    assert isinstance(step, SetProperty)  # noqa: S101
    value = turn.replaced["value"] if "value" in turn.replaced else resolve(step.value, turn.context)
    return DoCall(
        label=f"{step.instrument}.{step.property}",
        method_name=f"{step.property}_(setter)",
        instrument=step.instrument,
        arguments={"value": value},
        path_to=step.instrument,
        member=step.property,
        operation="set",
        **shared,
    )


def _wait(turn: Turn, shared: _Shared) -> StepEffect:
    step = turn.step
    assert isinstance(step, Wait)  # noqa: S101
    seconds = seconds_of(step.seconds, turn.context)
    return DoWait(
        label="wait", method_name="wait", arguments={"seconds": seconds}, seconds=seconds, keep_counting=step.keep_counting, **shared
    )


def _wait_until(turn: Turn, shared: _Shared) -> StepEffect:
    step = turn.step
    assert isinstance(step, WaitUntil)  # noqa: S101
    return DoWait(label="wait", method_name="wait", arguments={"until": step.time}, until=step.time, keep_counting=True, **shared)


def _watch(turn: Turn, shared: _Shared) -> StepEffect:
    step = turn.step
    assert isinstance(step, WaitFor)  # noqa: S101
    return DoWatch(
        label=f"{step.instrument}.{step.property}",
        method_name=step.property,
        instrument=step.instrument,
        arguments={"condition": step.condition, "hold_s": step.hold_s},
        member=step.property,
        condition=step.condition,
        names=turn.context,
        hold_s=step.hold_s,
        every_s=step.every_s,
        outputs=step.outputs,
        **shared,
    )


def _comment(turn: Turn, shared: _Shared) -> StepEffect:
    step = turn.step
    assert isinstance(step, Comment)  # noqa: S101
    return DoNote(label="comment", method_name="comment", arguments={"text": fill(step.text, turn.context)}, **shared)


def _pause(turn: Turn, shared: _Shared) -> StepEffect:
    step = turn.step
    assert isinstance(step, Pause)  # noqa: S101
    message = fill(step.message, turn.context)
    return DoAsk(label="pause", method_name="pause", arguments={"message": message}, message=message, **shared)


def _input(turn: Turn, shared: _Shared) -> StepEffect:
    step = turn.step
    assert isinstance(step, Input)  # noqa: S101
    message = fill(step.message, turn.context)
    return DoAsk(
        label="input",
        method_name="input",
        arguments={"message": message},
        message=message,
        output=step.name,
        type=step.type,
        options=step.choices,
        **shared,
    )


def _variable(turn: Turn, shared: _Shared) -> StepEffect:
    step = turn.step
    assert isinstance(step, SetVariable)  # noqa: S101
    value = turn.replaced["value"] if "value" in turn.replaced else resolve(step.value, turn.context)
    return DoNote(label="variable", method_name="variable", arguments={step.name: value}, value=value, output=step.name, **shared)


_MAKERS: dict[type[Step], Callable[[Turn, _Shared], StepEffect]] = {
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

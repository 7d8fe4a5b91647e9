"""Which of the names that exist now are still needed?  Only their values have to be there when a run goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ExpressionError
from ivoryos_jupyter.journal import Lost
from ivoryos_jupyter.runner._frames import Body, Inside, Round, Split
from ivoryos_jupyter.workflow import (
    AtRun,
    Expression,
    ForEach,
    Variable,
    compile_expression,
    conditions_of,
    names_made,
    slots,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ivoryos_jupyter.runner._frames import Frame
    from ivoryos_jupyter.runner._interpreter import Interpreter
    from ivoryos_jupyter.runner._program import Program
    from ivoryos_jupyter.workflow import Step, Value


def lost_ahead(program: Program) -> dict[str, Lost]:
    """Return the values that are lost and that something still to come reads, by name; a name that is made anew first is not."""
    inside, saved, phases = program.ahead
    found: dict[str, Lost] = {}
    for steps in phases:
        found.update(_lost(saved, needed(steps)))
    if inside is not None:
        for names, contexts in _levels(inside):
            for context in contexts:
                found.update(_lost(context, names))
    return found


def _lost(context: Mapping[str, object], names: Iterable[str]) -> dict[str, Lost]:
    values = ((name, context.get(name)) for name in names)
    return {name: value for name, value in values if isinstance(value, Lost)}


def _levels(inside: Interpreter) -> Iterator[tuple[set[str], Sequence[Mapping[str, object]]]]:
    """Yield, for each scope, the names that are needed in it and its contexts."""
    blocks = inside.unfolded
    level = 0
    names: set[str] = set()
    for frame in blocks.frames:
        if isinstance(frame, Inside):
            yield names, blocks.scopes[level]
            level, names = level + 1, set(frame.step.outputs)
        else:
            names |= _needed_in(frame)
    yield names, blocks.scopes[level]


def _needed_in(frame: Frame) -> set[str]:
    """Return the names that what is left of a frame needs."""
    if isinstance(frame, Body):
        return needed(frame.steps[frame.at :])
    if isinstance(frame, Round):
        item = {frame.step.item} if isinstance(frame.step, ForEach) else set()
        return _decided_by(frame.step) | (needed(frame.step.body) - item)
    if isinstance(frame, Split):
        return {name for part in frame.parts for name in needed(part.steps)}
    return set()


def needed(steps: Iterable[Step]) -> set[str]:
    """Return the names that `steps` read before they certainly make them."""
    made: set[str] = set()
    read: set[str] = set()
    for step in steps:
        if step.disabled:
            continue
        read |= _all_read(step) - made
        if not slots(step) and step.on_error.action != "continue":
            made |= set(names_made(step))
    return read


def _all_read(step: Step) -> set[str]:
    inner = slots(step)
    names = {name for body in inner.values() for name in needed(body)}
    if isinstance(step, ForEach):
        names.discard(step.item)
    return names | _read_by(step)


def _read_by(step: Step) -> set[str]:
    """Return the names that a step itself reads, those of the steps in it left out."""
    return _decided_by(step) | {name for _, value in values_of(step) for name in _names_in(value)}


def _decided_by(step: Step) -> set[str]:
    """Return the names in the conditions of a step."""
    return {name for _, condition in conditions_of(step) for name in _names_of(condition)}


def _names_in(value: Value) -> set[str]:
    if isinstance(value, Variable | AtRun):
        return {value.name}
    return _names_of(value.text) if isinstance(value, Expression) else set()


def _names_of(text: str) -> set[str]:
    try:
        return set(compile_expression(text).names)
    except ExpressionError:
        return set()

"""What does an argument stand for?  Its value in a context, the names it needs, and those a step makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ExpressionError, Problem
from ivoryos_jupyter.workflow._codec import closest
from ivoryos_jupyter.workflow._expression import compile_expression
from ivoryos_jupyter.workflow._model import (
    Action,
    AtRun,
    CallBlock,
    CallWorkflow,
    Constant,
    Expression,
    ForEach,
    GetProperty,
    If,
    Input,
    Repeat,
    SetProperty,
    SetVariable,
    Variable,
    Wait,
    WaitFor,
    While,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ivoryos_jupyter.workflow._model import Step, Value

READING = "reading"
"""The name of the value read, in the condition of a `WaitFor`."""


def resolve(value: Value, context: Mapping[str, object]) -> object:
    """Return what `value` stands for in `context`; raise `ExpressionError` when a name is not there."""
    match value:
        case Constant(plain):
            return plain
        case Expression(text):
            return compile_expression(text).evaluate(context)
        case AtRun(name) | Variable(name):
            if name not in context:
                mark = "#" if isinstance(value, AtRun) else ""
                message = f"there is no {mark}{name} at this point{closest(name, context)}"
                raise ExpressionError([Problem(name, message, f"{mark}{name}")])
            return context[name]


def values_of(step: Step) -> Iterator[tuple[str, Value]]:
    """Yield the values of `step` by field: its arguments by their names, ``value``, ``times``, ``items``, ``seconds``."""
    if isinstance(step, Action | CallBlock | CallWorkflow):
        yield from step.arguments.items()
    elif isinstance(step, SetProperty | SetVariable):
        yield "value", step.value
    elif isinstance(step, Repeat):
        yield "times", step.times
    elif isinstance(step, ForEach):
        yield "items", step.items
    elif isinstance(step, Wait):
        yield "seconds", step.seconds


def conditions_of(step: Step) -> Iterator[tuple[str, str]]:
    """Yield the conditions of `step` by field: ``condition``, or ``branch:0``, ``branch:1``, …."""
    if isinstance(step, While | WaitFor):
        yield "condition", step.condition
    elif isinstance(step, If):
        for index, branch in enumerate(step.branches):
            yield f"branch:{index}", branch.condition


def names_made(step: Step) -> tuple[str, ...]:
    """Return the names that `step` itself gives to later steps, without empty ones and each once."""
    made: tuple[str, ...] = ()
    if isinstance(step, Action | CallBlock | GetProperty | WaitFor):
        made = step.outputs
    elif isinstance(step, CallWorkflow):
        made = tuple(step.outputs.values())
    elif isinstance(step, Input | SetVariable):
        made = (step.name,)
    elif isinstance(step, ForEach):
        made = (step.item,)
    return tuple(dict.fromkeys(name for name in made if name))

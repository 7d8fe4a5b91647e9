"""Which values does a step take, of which kinds, and how is one put in?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import Problem, WorkflowError
from ivoryos_jupyter.schema import Anything, Integer, ListOf, Number, Parameter
from ivoryos_jupyter.workflow import (
    Action,
    AtRun,
    CallBlock,
    CallWorkflow,
    Constant,
    DeckIndex,
    Expression,
    ForEach,
    GetProperty,
    Repeat,
    SetProperty,
    SetVariable,
    Variable,
    Wait,
    WaitFor,
    interface,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.schema import DeckSchema
    from ivoryos_jupyter.workflow import Step, Value, Workflow

Callers = (Action, CallBlock, CallWorkflow)
"""Steps with arguments by name."""

_OWN = {
    Repeat: Parameter("times", Integer(minimum=0), help="How often the steps inside are done."),
    ForEach: Parameter("items", ListOf(Anything()), help="The list; the steps inside are done for each item."),
    Wait: Parameter("seconds", Number(minimum=0), unit="s", help="How long to wait."),
    SetVariable: Parameter("value", Anything()),
}


def parameters_of_step(workflow: Workflow, step: Step, schema: DeckSchema) -> tuple[Parameter, ...]:
    """Return what `step` takes; a value that the deck does not know stands there as anything."""
    if type(step) in _OWN:
        return (_OWN[type(step)],)
    if isinstance(step, SetProperty):
        return DeckIndex(schema).parameters(step) or (Parameter("value", Anything()),)
    if isinstance(step, CallWorkflow):
        callee = workflow.nested.get(step.version)
        return _with_given(interface(callee, schema).inputs if callee else (), step.arguments)
    if isinstance(step, Action | CallBlock):
        return _with_given(DeckIndex(schema).parameters(step) or (), step.arguments)
    return ()


def _with_given(known: tuple[Parameter, ...], arguments: Mapping[str, Value]) -> tuple[Parameter, ...]:
    names = {one.name for one in known}
    return (*known, *(Parameter(name, Anything(), passing="keyword") for name in arguments if name not in names))


def with_value(step: Step, name: str, value: Value | None) -> Step:
    """Return `step` with `value` for what is called `name`; None takes an argument out."""
    if isinstance(step, Callers):
        arguments = {key: one for key, one in step.arguments.items() if key != name}
        if value is not None:
            arguments = {**step.arguments, name: value}
        return replace(step, arguments=arguments)
    field = "value" if isinstance(step, SetProperty | SetVariable) else _OWN[type(step)].name if type(step) in _OWN else ""
    if field != name:
        raise WorkflowError([Problem(name, f"a {step.tag} step takes no value of this name", name)])
    given = Constant(None) if value is None else value
    return replace(step, **{field: given})  # type: ignore[arg-type] # the field was looked up


def value_from(choice: str, text: str) -> Value:
    """Return the value for one of the choices that are given by a name or a formula."""
    name = text.strip()
    if choice == Expression.tag:
        return Expression(text)
    if not name.lstrip("#").isidentifier():
        message = "is no name; a name begins with a letter and holds letters, digits and _" if name else "needs a name"
        raise WorkflowError([Problem("", message, text)])
    if choice == AtRun.tag:
        return AtRun(name.lstrip("#"))
    if choice == Variable.tag:
        return Variable(name)
    raise WorkflowError([Problem("choice", "must be default, value, at_run, variable or expression", choice)])


def with_outputs(step: Step, names: list[str], inside: tuple[str, ...] = ()) -> Step:
    """Return `step` with names for its results; trailing empty ones are left away."""
    for name in names:
        if name and not name.isidentifier():
            raise WorkflowError([Problem("outputs", f"{name!r} is no name; it begins with a letter and holds letters, digits and _", name)])
    if isinstance(step, CallWorkflow):
        return replace(step, outputs={here: name for here, name in zip(inside, names, strict=False) if name})
    while names and not names[-1]:
        names = names[:-1]
    if isinstance(step, Action | CallBlock | GetProperty | WaitFor):
        return replace(step, outputs=tuple(names))
    raise WorkflowError([Problem("outputs", f"a {step.tag} step has no result", "")])

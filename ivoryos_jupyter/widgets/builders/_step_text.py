"""How is a step called in its form, and what will it call, in words of Python?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.widgets.builders._slots import Callers
from ivoryos_jupyter.workflow import (
    Action,
    AtRun,
    CallBlock,
    CallWorkflow,
    Constant,
    Expression,
    GetProperty,
    SetProperty,
    Variable,
    is_left_open,
)

if TYPE_CHECKING:
    from ivoryos_jupyter.schema import Property
    from ivoryos_jupyter.workflow import Step, Value

_LONGEST = 80
_TITLES = {
    "for_each": "for each",
    "wait_until": "wait until",
    "wait_for": "wait for a reading",
    "input": "ask a person",
}


def title_of(step: Step) -> str:
    """Return what a step is called: ``pump.dispense``, ``repeat``."""
    match step:
        case Action(instrument=instrument, method=method):
            return f"{instrument}.{method}"
        case GetProperty(instrument=instrument, property=name) | SetProperty(instrument=instrument, property=name):
            return f"{instrument}.{name}"
        case CallBlock(block=name) | CallWorkflow(workflow=name):
            return name
    return _TITLES.get(step.tag, step.tag)


def call_text(step: Step, described: Property | None = None) -> str:
    """Return what a step will call, in words of Python; `described` is the property that it sets."""
    if isinstance(step, SetProperty):
        unsaid = described is not None and is_left_open(step.value, described.value.kind)
        return f"{title_of(step)} = {'…' if unsaid else value_text(step.value)}"
    if isinstance(step, GetProperty):
        return title_of(step)
    if not isinstance(step, Callers):
        return ""
    return f"{title_of(step)}({', '.join(f'{name}={value_text(value)}' for name, value in step.arguments.items())})"


def value_text(value: Value) -> str:
    """Return where a value comes from, in words of Python; a run-time parameter with its #."""
    match value:
        case Constant(plain):
            return _written(plain)
        case AtRun(name):
            return f"#{name}"
        case Variable(name):
            return name
        case Expression(text):
            return text


def _written(plain: object) -> str:
    text = plain.text if hasattr(plain, "text") else repr(plain)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

"""How is a name replaced wherever a workflow uses it?"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.workflow._edit import replace_step
from ivoryos_jupyter.workflow._model import Expression, If, Variable, WaitFor, While
from ivoryos_jupyter.workflow._tree import walk
from ivoryos_jupyter.workflow._values import values_of

if TYPE_CHECKING:
    from ivoryos_jupyter.workflow._model import Step, Value, Workflow

_QUOTED = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


def with_name(workflow: Workflow, old: str, new: str) -> Workflow:
    """Return `workflow` with `new` wherever a value, a formula or a condition uses `old`; what makes the name stays."""
    for visit in walk(workflow):
        step = _renamed(visit.step, old, new)
        if step != visit.step:
            workflow = replace_step(workflow, step)
    return workflow


def _renamed(step: Step, old: str, new: str) -> Step:
    fields = {name: _value(value, old, new) for name, value in values_of(step)}
    changes: dict[str, object] = {"arguments": fields} if hasattr(step, "arguments") else dict(fields)
    if isinstance(step, If):
        changes["branches"] = tuple(replace(one, condition=_formula(one.condition, old, new)) for one in step.branches)
    elif isinstance(step, While | WaitFor):
        changes["condition"] = _formula(step.condition, old, new)
    return replace(step, **changes)  # type: ignore[arg-type] # each field is of the step


def _value(value: Value, old: str, new: str) -> Value:
    if isinstance(value, Variable):
        return Variable(new) if value.name == old else value
    return Expression(_formula(value.text, old, new)) if isinstance(value, Expression) else value


def _formula(text: str, old: str, new: str) -> str:
    """Return a formula with another name in it; what stands in quotes is text and stays."""
    parts = _QUOTED.split(text)
    parts[::2] = [re.sub(rf"(?<![\w.]){re.escape(old)}\b", new, part) for part in parts[::2]]
    return "".join(parts)

"""What is a name called now, that steps still use by the name it had?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.workflow import CallWorkflow, ForEach, Input, SetVariable, find, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivoryos_jupyter.workflow import Step, Workflow

FAR = 30
"""How many edits back a name is looked for."""


def called_now(name: str, workflow: Workflow, past: Sequence[Workflow]) -> str:
    """Return what the step that gave `name` its value calls it in `workflow`; empty when no recent edit renamed it.

    `past` are former states of the workflow, the latest last.
    """
    for before in reversed(past[-FAR:]):
        for visit in walk(before):
            old = _names(visit.step)
            if name in old:
                now = _names(find(workflow, visit.step.id)) if _has(workflow, visit.step.id) else ()
                at = old.index(name)
                return now[at] if at < len(now) else ""
    return ""


def _has(workflow: Workflow, step_id: str) -> bool:
    return any(visit.step.id == step_id for visit in walk(workflow))


def _names(step: Step) -> tuple[str, ...]:
    """Return the names that a step makes, each at its own place."""
    if isinstance(step, Input | SetVariable):
        return (step.name,)
    if isinstance(step, ForEach):
        return (step.item,)
    if isinstance(step, CallWorkflow):
        return tuple(step.outputs.values())
    return getattr(step, "outputs", ())

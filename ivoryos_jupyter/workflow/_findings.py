"""What is wrong with a step, and which edit would mend it?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.errors import Problem, WorkflowError
from ivoryos_jupyter.workflow._edit import change_step, remove, replace_step, set_condition
from ivoryos_jupyter.workflow._model import Action, CallBlock, CallWorkflow, Constant
from ivoryos_jupyter.workflow._rename import with_name
from ivoryos_jupyter.workflow._tree import find

if TYPE_CHECKING:
    from ivoryos_jupyter.workflow._model import Step, Value, Workflow

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Repair:
    """One edit that mends a finding; `apply_repair` makes it."""

    label: str
    """What the button says: ``use pump``."""
    action: Literal["set", "set_argument", "rename_argument", "remove_argument", "set_condition", "set_output", "remove_step", "rename"]
    field: str = ""
    """Field of the step, name of the argument, index of the branch or of the output; for ``rename`` the name that goes."""
    value: object = None
    """The new content: text, a number, or a `Value`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or doubtful, at one place."""

    step: str | None
    """Id of the step; None for the workflow as a whole or its table."""
    severity: Severity
    """An ``error`` fails when it is reached; a ``warning`` may be meant so."""
    code: str
    """Short and stable, for example ``unknown-method``."""
    message: str
    field: str = ""
    """Argument or field of the step; ``row 3, volume`` for a table."""
    phase: str = ""
    repair: Repair | None = None
    inside: tuple[str, ...] = ()
    """Ids of the steps within nested workflows that lead to the place, outermost first; `step` is then the calling step."""


def apply_repair(workflow: Workflow, finding: Finding) -> Workflow:
    """Return `workflow` with the repair of `finding` made; raise `WorkflowError` when it has none."""
    one = finding.repair
    if one is None or finding.step is None:
        raise WorkflowError([Problem(finding.field, "there is no repair for this; edit the step", finding.message)])
    if one.action == "remove_step":
        return remove(workflow, finding.step)
    if one.action == "rename":
        return with_name(workflow, one.field, str(one.value))
    if one.action == "set":
        return change_step(workflow, finding.step, **{one.field: one.value})
    if one.action == "set_condition":
        return set_condition(workflow, finding.step, int(one.field), str(one.value))
    step = find(workflow, finding.step)
    if one.action == "set_output":
        return replace_step(workflow, _with_output(step, int(one.field), str(one.value)))
    return replace_step(workflow, _with_arguments(step, one))


def _with_output(step: Step, index: int, name: str) -> Step:
    outputs = list(getattr(step, "outputs", ()))
    outputs[index] = name
    return replace(step, outputs=tuple(outputs))  # type: ignore[call-arg] # only offered for steps with outputs


def _with_arguments(step: Step, repair: Repair) -> Step:
    if not isinstance(step, Action | CallBlock | CallWorkflow):
        raise WorkflowError([Problem(repair.field, f"a {step.tag} step has no arguments", "")])
    arguments: dict[str, Value] = {}
    for name, value in step.arguments.items():
        if name != repair.field:
            arguments[name] = value
        elif repair.action == "rename_argument":
            arguments[str(repair.value)] = value
    if repair.action == "set_argument":
        arguments[repair.field] = repair.value if _is_value(repair.value) else Constant(repair.value)  # type: ignore[assignment,arg-type]
    return replace(step, arguments=arguments)


def _is_value(thing: object) -> bool:
    return hasattr(type(thing), "tag")

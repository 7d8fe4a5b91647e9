"""Where in a workflow is a step?  Slots, places, walking, finding and IvoryOS's flat numbering."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.errors import Problem, UnknownNameError, WorkflowError
from ivoryos_jupyter.workflow._model import PHASES, ForEach, If, Repeat, While

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ivoryos_jupyter.workflow._model import Step, Workflow

OTHERWISE = "else"
"""The slot of an if's last part."""


@dataclass(frozen=True, slots=True)
class Place:
    """A drop point: before the step that is now at `index` of a slot."""

    phase: str
    """``prep``, ``script`` or ``cleanup``."""
    parent: str | None = None
    """Id of the step that holds the slot; None at the top of the phase."""
    slot: str = ""
    """``body`` of a loop; ``branch:0``, ``branch:1``, … or ``else`` of an if; empty at the top of the phase."""
    index: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """A step as `walk` meets it."""

    step: Step
    place: Place
    depth: int
    """0 at the top of the phase."""


def slots(step: Step) -> Mapping[str, tuple[Step, ...]]:
    """Return what lies in `step`, by slot, in the order it is read."""
    if isinstance(step, While | Repeat | ForEach):
        return {"body": step.body}
    if isinstance(step, If):
        found = {f"branch:{index}": branch.body for index, branch in enumerate(step.branches)}
        found[OTHERWISE] = step.otherwise
        return found
    return {}


def with_slot(step: Step, slot: str, steps: tuple[Step, ...]) -> Step:
    """Return `step` with `steps` in `slot`; raise `WorkflowError` when it has no such slot."""
    if slot not in slots(step):
        known = ", ".join(slots(step)) or "none"
        raise WorkflowError([Problem("slot", f"a {step.tag} step has no slot {slot!r}, it has: {known}", slot)])
    if isinstance(step, While | Repeat | ForEach):
        return replace(step, body=steps)
    one = cast("If", step)
    if slot == OTHERWISE:
        return replace(one, otherwise=steps)
    at = int(slot.partition(":")[2])
    return replace(one, branches=(*one.branches[:at], replace(one.branches[at], body=steps), *one.branches[at + 1 :]))


def phase_of(workflow: Workflow, phase: str) -> tuple[Step, ...]:
    """Return the steps of a phase; raise `WorkflowError` for another name."""
    if phase not in PHASES:
        raise WorkflowError([Problem("phase", f"must be one of {', '.join(PHASES)}", phase)])
    steps: tuple[Step, ...] = getattr(workflow, phase)
    return steps


def as_step(workflow: Workflow) -> Workflow:
    """Return what of `workflow` runs when it is a step of another: its script, and nothing of what prep would have made."""
    return replace(workflow, prep=(), cleanup=())


def walk_steps(steps: tuple[Step, ...], place: Place, depth: int = 0) -> Iterator[Visit]:
    """Meet `steps`, which begin at `place`, and all that lies in them, each before its content."""
    for index, step in enumerate(steps):
        yield Visit(step, replace(place, index=index), depth)
        for slot, inner in slots(step).items():
            if inner:
                yield from walk_steps(inner, Place(place.phase, step.id, slot), depth + 1)


def walk(workflow: Workflow, *phases: str) -> Iterator[Visit]:
    """Meet every step of `phases` (all three when none is given), each before what lies in it."""
    for phase in phases or PHASES:
        yield from walk_steps(phase_of(workflow, phase), Place(phase))


def visit_of(workflow: Workflow, step_id: str) -> Visit:
    """Return the step with this id and its place; raise `UnknownNameError` when there is none."""
    for visit in walk(workflow):
        if visit.step.id == step_id:
            return visit
    raise UnknownNameError(f"There is no step {step_id!r} in {workflow.name!r}; it may have been removed in another view.")


def find(workflow: Workflow, step_id: str) -> Step:
    """Return the step with this id; raise `UnknownNameError` when there is none."""
    return visit_of(workflow, step_id).step


def step_index(workflow: Workflow) -> dict[str, int]:
    """Return each step's 1-based row in its phase's flat list, as IvoryOS counts.

    A block takes a row for its beginning and one for its end; an if takes one more for its else, which is always there,
    and an elif is an if within that else.
    """
    found: dict[str, int] = {}
    for phase in PHASES:
        _number(phase_of(workflow, phase), 1, found)
    return found


def _number(steps: tuple[Step, ...], row: int, found: dict[str, int]) -> int:
    """Give `steps` numbers from `row` on; return the next free row."""
    for step in steps:
        found[step.id] = row
        row += 1
        if isinstance(step, If):
            for index, branch in enumerate(step.branches):
                row = _number(branch.body, row + (1 if index else 0), found) + 1  # after each body stands its else row
            row = _number(step.otherwise, row, found) + len(step.branches)  # and at last one end row for each if
        elif slots(step):
            row = _number(slots(step)["body"], row, found) + 1
    return row

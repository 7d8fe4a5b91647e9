"""How is a workflow changed?  Pure functions: a workflow in, a new one out that shares what did not change."""

from __future__ import annotations

import secrets
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import Problem, UnknownNameError, WorkflowError
from ivoryos_jupyter.workflow._codec import closest
from ivoryos_jupyter.workflow._model import Branch, If
from ivoryos_jupyter.workflow._tree import Place, find, phase_of, slots, visit_of, walk, walk_steps, with_slot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ivoryos_jupyter.workflow._model import Step, Workflow

    Change = Callable[[tuple[Step, ...]], tuple[Step, ...]]


def new_id() -> str:
    """Return an id for a step, unlike any other."""
    return secrets.token_hex(6)


def renewed(step: Step) -> Step:
    """Return a copy of `step` and all that lies in it with ids of its own."""
    copy = replace(step, id=new_id(), uuid=None)
    for slot, inner in slots(step).items():
        copy = with_slot(copy, slot, tuple(renewed(one) for one in inner))
    return copy


def insert(workflow: Workflow, place: Place, *steps: Step) -> Workflow:
    """Return `workflow` with `steps` at `place`; an index beyond the end means the end."""
    taken = {visit.step.id for visit in walk(workflow)}
    for visit in walk_steps(steps, place):
        if visit.step.id in taken or not visit.step.id:
            raise WorkflowError([Problem("id", "a step with this id is already there; insert a renewed copy", visit.step.id)])
        taken.add(visit.step.id)
    at = max(0, place.index)
    return _change_slot(workflow, place, lambda inner: (*inner[:at], *steps, *inner[at:]))


def remove(workflow: Workflow, *step_ids: str) -> Workflow:
    """Return `workflow` without these steps and what lies in them."""
    for step_id in _roots(workflow, step_ids):
        workflow = _replace_one(workflow, step_id, ())
    return workflow


def move(workflow: Workflow, place: Place, *step_ids: str) -> Workflow:
    """Return `workflow` with these steps, in their present order, at `place`, counted as it is before the move."""
    roots = _roots(workflow, step_ids)
    steps = [find(workflow, one) for one in roots]
    inside = {visit.step.id for visit in walk_steps(tuple(steps), place)}
    if place.parent in inside:
        raise WorkflowError([Problem("place", "a step cannot be moved into itself", place.parent or "")])
    index = min(place.index, len(_slot_of(workflow, place)))
    before = [visit_of(workflow, one).place for one in roots]
    index -= sum(one == replace(place, index=one.index) and one.index < index for one in before)
    return insert(remove(workflow, *roots), replace(place, index=index), *steps)


def duplicate(workflow: Workflow, *step_ids: str) -> tuple[Workflow, tuple[str, ...]]:
    """Return `workflow` with a copy of each step right after it, and the ids of the copies."""
    made: list[str] = []
    for step_id in _roots(workflow, step_ids):
        copy = renewed(find(workflow, step_id))
        workflow = _replace_one(workflow, step_id, (find(workflow, step_id), copy))
        made.append(copy.id)
    return workflow, tuple(made)


def replace_step(workflow: Workflow, step: Step) -> Workflow:
    """Return `workflow` with `step` in the place of the step that has its id; what lies in it is `step`'s own."""
    inner = [visit.step.id for visit in walk_steps((step,), Place("script"))]
    before = {visit.step.id for visit in walk_steps((find(workflow, step.id),), Place("script"))}
    others = {visit.step.id for visit in walk(workflow)} - before
    if len(set(inner)) < len(inner) or others.intersection(inner):
        raise WorkflowError([Problem("id", "two steps would have the same id; give the new ones ids of their own", step.id)])
    return _replace_one(workflow, step.id, (step,))


def change_step(workflow: Workflow, step_id: str, **changes: object) -> Workflow:
    """Return `workflow` with some fields of a step changed: ``change_step(wf, id, note="warm", timeout_s=5.0)``."""
    step = find(workflow, step_id)
    known = {one.name for one in fields(step)} - {"id"}
    unknown = [Problem(name, f"a {step.tag} step has no such field{closest(name, known)}", name) for name in changes if name not in known]
    if unknown:
        raise WorkflowError(unknown)
    return replace_step(workflow, replace(step, **changes))  # type: ignore[arg-type] # names are checked, types are the caller's


def set_disabled(workflow: Workflow, step_ids: Iterable[str], *, disabled: bool) -> Workflow:
    """Return `workflow` with these steps skipped, or no longer skipped."""
    for step_id in step_ids:
        workflow = _replace_one(workflow, step_id, (replace(find(workflow, step_id), disabled=disabled),))
    return workflow


def add_branch(workflow: Workflow, step_id: str, condition: str, index: int | None = None) -> Workflow:
    """Return `workflow` with one more condition in an if, as the last elif or at `index`."""
    step = _an_if(workflow, step_id)
    at = len(step.branches) if index is None else index
    branches = (*step.branches[:at], Branch(condition), *step.branches[at:])
    return _replace_one(workflow, step_id, (replace(step, branches=branches),))


def set_condition(workflow: Workflow, step_id: str, index: int, condition: str) -> Workflow:
    """Return `workflow` with another condition on the branch at `index` of an if."""
    step = _an_if(workflow, step_id)
    _check_branch(step, index)
    branches = list(step.branches)
    branches[index] = replace(branches[index], condition=condition)
    return _replace_one(workflow, step_id, (replace(step, branches=tuple(branches)),))


def remove_branch(workflow: Workflow, step_id: str, index: int) -> Workflow:
    """Return `workflow` without the branch at `index` of an if, and what lies in it; the last branch stays."""
    step = _an_if(workflow, step_id)
    _check_branch(step, index)
    if len(step.branches) == 1:
        raise WorkflowError([Problem("branch", "an if needs a condition; remove the whole step instead", step_id)])
    return _replace_one(workflow, step_id, (replace(step, branches=(*step.branches[:index], *step.branches[index + 1 :])),))


def _an_if(workflow: Workflow, step_id: str) -> If:
    step = find(workflow, step_id)
    if not isinstance(step, If):
        raise WorkflowError([Problem("branch", f"a {step.tag} step has no conditions to choose from", step_id)])
    return step


def _check_branch(step: If, index: int) -> None:
    if not 0 <= index < len(step.branches):
        raise WorkflowError([Problem("branch", f"there is no branch {index}; the if has {len(step.branches)}", str(index))])


def _roots(workflow: Workflow, step_ids: Sequence[str]) -> list[str]:
    """Return those of `step_ids` that lie in no other of them, in the order of the workflow."""
    wanted = set(step_ids)
    covered: set[str] = set()
    roots: list[str] = []
    for visit in walk(workflow):
        if visit.step.id in wanted:
            if visit.place.parent not in covered:
                roots.append(visit.step.id)
            covered.add(visit.step.id)
        elif visit.place.parent in covered:
            covered.add(visit.step.id)
    for missing in wanted - covered:
        raise UnknownNameError(f"There is no step {missing!r} in {workflow.name!r}; it may have been removed in another view.")
    return roots


def _slot_of(workflow: Workflow, place: Place) -> tuple[Step, ...]:
    if place.parent is None:
        return phase_of(workflow, place.phase)
    step = find(workflow, place.parent)
    with_slot(step, place.slot, ())  # refuses a slot the step does not have
    return slots(step)[place.slot]


def _change_slot(workflow: Workflow, place: Place, change: Change) -> Workflow:
    if place.parent is None:
        changed = change(phase_of(workflow, place.phase))
        return replace(workflow, **{place.phase: changed})  # type: ignore[arg-type] # phase_of checked the name
    step = find(workflow, place.parent)
    changed = change(_slot_of(workflow, place))
    return _replace_one(workflow, step.id, (with_slot(step, place.slot, changed),))


def _replace_one(workflow: Workflow, step_id: str, by: tuple[Step, ...]) -> Workflow:
    phase = visit_of(workflow, step_id).place.phase
    changed = _swap(phase_of(workflow, phase), step_id, by)
    return replace(workflow, **{phase: changed})  # type: ignore[arg-type] # a phase's name


def _swap(steps: tuple[Step, ...], step_id: str, by: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return `steps` with `by` for the one called `step_id`; the very same object where it is not inside."""
    for index, step in enumerate(steps):
        if step.id == step_id:
            return (*steps[:index], *by, *steps[index + 1 :])
        for slot, inner in slots(step).items():
            swapped = _swap(inner, step_id, by)
            if swapped is not inner:
                return (*steps[:index], with_slot(step, slot, swapped), *steps[index + 1 :])
    return steps

"""What of a workflow travels to a builder view, and what of it when something changed?

A workflow is shown as a flat table of steps, each without the steps inside it, and as lists of ids: one for each phase and
one for each slot of a block. A patch holds the steps that became different and the places where lists were spliced, so that
its size follows the edit and not the workflow. ``labextension/src/builder/document.ts`` applies it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

from ivoryos_jupyter.workflow import (
    PHASES,
    Branch,
    ForEach,
    If,
    Repeat,
    While,
    phase_of,
    slots,
    step_from_data,
    step_to_data,
    with_slot,
)

if TYPE_CHECKING:
    from ivoryos_jupyter.workflow import Step, Workflow

StepData = dict[str, object]

HEAD = ("name", "description", "deck", "author", "finalized", "registered", "parameters")
"""What a view shows of the workflow itself."""


class Splice(TypedDict):
    """A change of one list of ids."""

    list: str
    """``prep``, ``script``, ``cleanup``, or ``<step id>/<slot>``."""
    at: int
    remove: int
    insert: list[str]


class Change(TypedDict, total=False):
    """What lies between two versions; what did not change is absent."""

    head: dict[str, object]
    set: dict[str, StepData]
    """Steps that are new or different, without what lies in them."""
    drop: list[str]
    """Ids of steps that are gone."""
    lists: list[Splice]


class Document(TypedDict):
    """The whole workflow, for a view that opens."""

    version: int
    head: dict[str, object]
    phases: dict[str, list[str]]
    steps: dict[str, StepData]


@dataclass(frozen=True, slots=True)
class Outline:
    """A workflow as steps by id and lists of ids."""

    steps: dict[str, Step]
    lists: dict[str, tuple[str, ...]]


def outline(workflow: Workflow) -> Outline:
    """Return `workflow` flattened."""
    flat = Outline({}, {})
    for phase in PHASES:
        _flatten(phase, phase_of(workflow, phase), flat)
    return flat


def _flatten(name: str, inner: tuple[Step, ...], flat: Outline) -> None:
    flat.lists[name] = tuple(step.id for step in inner)
    for step in inner:
        flat.steps[step.id] = step
        for slot, within in slots(step).items():
            _flatten(f"{step.id}/{slot}", within, flat)


def bare(step: Step) -> Step:
    """Return `step` without the steps that lie in it."""
    if isinstance(step, While | Repeat | ForEach):
        return replace(step, body=()) if step.body else step
    if isinstance(step, If):
        return replace(step, branches=tuple(Branch(one.condition) for one in step.branches), otherwise=())
    return step


def head_of(workflow: Workflow) -> dict[str, object]:
    """Return what a view shows of the workflow itself."""
    return {name: getattr(workflow, name) for name in HEAD}


def document(workflow: Workflow, version: int) -> Document:
    """Return the whole workflow, as a view that opens needs it."""
    flat = outline(workflow)
    steps = {key: step_to_data(bare(step)) for key, step in flat.steps.items()}
    for name, ids in flat.lists.items():
        if name not in PHASES and ids:
            owner, _, slot = name.rpartition("/")
            inside = steps[owner].setdefault("slots", {})
            inside[slot] = list(ids)  # type: ignore[index] # made in the line above
    return {"version": version, "head": head_of(workflow), "phases": {phase: list(flat.lists[phase]) for phase in PHASES}, "steps": steps}


def difference(old: Workflow, new: Workflow) -> Change:
    """Return what leads from `old` to `new`."""
    return between(old, new, outline(old), outline(new))


def between(old: Workflow, new: Workflow, before: Outline, after: Outline) -> Change:
    """Return what leads from `old` to `new`, whose outlines are known."""
    change: Change = {
        "head": {name: value for name, value in head_of(new).items() if value != getattr(old, name)},
        "set": {key: step_to_data(bare(step)) for key, step in after.steps.items() if _differs(before.steps.get(key), step)},
        "lists": _splices(before, after),
        "drop": [key for key in before.steps if key not in after.steps],
    }
    return {name: part for name, part in change.items() if part}  # type: ignore[return-value] # the same names


def applied(workflow: Workflow, change: Change) -> Workflow:
    """Return what `change` makes of `workflow`; the inverse of `difference`."""
    flat = outline(workflow)
    steps = dict(flat.steps)
    lists = dict(flat.lists)
    for key, data in change.get("set", {}).items():
        steps[key] = step_from_data(data)
    for splice in change.get("lists", []):
        ids = lists.get(splice["list"], ())
        lists[splice["list"]] = (*ids[: splice["at"]], *splice["insert"], *ids[splice["at"] + splice["remove"] :])
    filled = Outline(steps, lists)
    phases = {phase: tuple(_filled(filled, key) for key in lists[phase]) for phase in PHASES}
    return replace(workflow, **phases, **change.get("head", {}))  # type: ignore[arg-type] # fields of a workflow


def _filled(flat: Outline, key: str) -> Step:
    step = flat.steps[key]
    for slot in slots(step):
        step = with_slot(step, slot, tuple(_filled(flat, one) for one in flat.lists.get(f"{key}/{slot}", ())))
    return step


def _differs(old: Step | None, new: Step) -> bool:
    return old is not new and (old is None or bare(old) != bare(new))


def _splices(before: Outline, after: Outline) -> list[Splice]:
    """Return what changed in the lists of the steps that still exist; a slot that is gone is emptied."""
    owners = (name for name in before.lists if name not in after.lists and name.rpartition("/")[0] in after.steps)
    gone = [_splice(name, before.lists[name], ()) for name in owners if before.lists[name]]
    return gone + [_splice(name, before.lists.get(name, ()), ids) for name, ids in after.lists.items() if before.lists.get(name, ()) != ids]


def _splice(name: str, old: tuple[str, ...], new: tuple[str, ...]) -> Splice:
    """Return the one change between the common beginning and the common end of two lists."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < min(len(old), len(new)) - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return {"list": name, "at": start, "remove": len(old) - tail - start, "insert": list(new[start : len(new) - tail])}

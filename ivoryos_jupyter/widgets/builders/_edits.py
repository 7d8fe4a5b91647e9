"""What can a view ask to be changed?  One function for each intent: a workflow and the parameters in, a new workflow out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import Problem, WorkflowError
from ivoryos_jupyter.widgets.builders._patch import bare
from ivoryos_jupyter.widgets.builders._rows import read_answers
from ivoryos_jupyter.widgets.builders._templates import new_step
from ivoryos_jupyter.workflow import (
    Place,
    Step,
    Workflow,
    add_branch,
    duplicate,
    find,
    insert,
    move,
    phase_of,
    remove,
    remove_branch,
    renewed,
    replace_step,
    set_condition,
    set_disabled,
    slots,
    step_from_data,
    step_to_data,
    walk,
    with_slot,
)

if TYPE_CHECKING:
    from ivoryos_jupyter.schema import DeckSchema

CLIPBOARD = "ivoryos-steps/1"
"""Format of copied steps."""

Params = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Edited:
    """What an intent made."""

    workflow: Workflow
    label: str
    """The edit as the undo button says it."""
    select: tuple[str, ...] = ()
    """Ids of the steps that are selected afterwards."""
    merge: str = ""
    """Edits with the same text in quick succession are undone together."""


def place_of(params: Params) -> Place:
    """Return the drop point in ``place``."""
    data = params.get("place")
    if not isinstance(data, Mapping):
        raise WorkflowError([Problem("place", "must say phase, parent, slot and index", str(data))])
    parent, index = data.get("parent"), data.get("index", 0)
    if not isinstance(index, int):
        raise WorkflowError([Problem("index", "must be a whole number", str(index))])
    return Place(str(data.get("phase", "script")), None if parent is None else str(parent), str(data.get("slot", "")), index)


def ids_of(params: Params) -> tuple[str, ...]:
    """Return the step ids in ``ids``."""
    ids = params.get("ids")
    if not isinstance(ids, list) or not ids:
        raise WorkflowError([Problem("ids", "must name at least one step", str(ids))])
    return tuple(map(str, ids))


def _steps(count: int) -> str:
    return "step" if count == 1 else f"{count} steps"


def _insert(workflow: Workflow, params: Params, _schema: DeckSchema) -> Edited:
    data = params.get("step")
    if not isinstance(data, Mapping):
        raise WorkflowError([Problem("step", "must be an object that names its kind", str(data))])
    step = new_step(workflow, data)
    return Edited(insert(workflow, place_of(params), step), "Add step", (step.id,))


def _paste(workflow: Workflow, params: Params, _schema: DeckSchema) -> Edited:
    steps = pasted(str(params.get("text", "")))
    return Edited(insert(workflow, place_of(params), *steps), f"Paste {_steps(len(steps))}", tuple(step.id for step in steps))


def pasted(text: str) -> tuple[Step, ...]:
    """Return copies of the steps in clipboard `text`; raise `WorkflowError` when it holds none."""
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    if not isinstance(data, dict) or data.get("format") != CLIPBOARD or not isinstance(data.get("steps"), list):
        raise WorkflowError([Problem("", "the clipboard holds no copied steps; select steps and press Ctrl+C first", text[:100])])
    return tuple(renewed(step_from_data(one)) for one in data["steps"])


def copied(workflow: Workflow, ids: Sequence[str]) -> str:
    """Return the steps called `ids`, with what lies in them, as clipboard text."""
    steps = [visit.step for visit in walk(workflow) if visit.step.id in ids]
    return json.dumps({"format": CLIPBOARD, "steps": [step_to_data(step) for step in steps]}, indent=1)


def _move(workflow: Workflow, params: Params, _schema: DeckSchema) -> Edited:
    ids = ids_of(params)
    return Edited(move(workflow, place_of(params), *ids), f"Move {_steps(len(ids))}", ids)


def _remove(workflow: Workflow, params: Params, _schema: DeckSchema) -> Edited:
    ids = ids_of(params)
    following = _after(workflow, ids)
    return Edited(remove(workflow, *ids), f"Delete {_steps(len(ids))}", following)


def _after(workflow: Workflow, ids: Sequence[str]) -> tuple[str, ...]:
    """Return the step that takes the place of the last of `ids`, so that the keyboard stays where it was."""
    gone = set(ids)
    place = next(visit.place for visit in walk(workflow) if visit.step.id == ids[-1]) if _has(workflow, ids[-1]) else None
    if place is None:
        return ()
    siblings = phase_of(workflow, place.phase) if place.parent is None else slots(find(workflow, place.parent))[place.slot]
    later = [step.id for step in siblings[place.index :] if step.id not in gone]
    earlier = [step.id for step in siblings[: place.index] if step.id not in gone]
    parent = [place.parent] if place.parent is not None and place.parent not in gone else []
    return tuple((later[:1] or earlier[-1:] or parent)[:1])


def _has(workflow: Workflow, step_id: str) -> bool:
    return any(visit.step.id == step_id for visit in walk(workflow))


def _duplicate(workflow: Workflow, params: Params, _schema: DeckSchema) -> Edited:
    changed, made = duplicate(workflow, *ids_of(params))
    return Edited(changed, f"Duplicate {_steps(len(made))}", made)


def _disable(workflow: Workflow, params: Params, _schema: DeckSchema) -> Edited:
    ids, disabled = ids_of(params), bool(params.get("disabled", True))
    return Edited(set_disabled(workflow, ids, disabled=disabled), f"{'Disable' if disabled else 'Enable'} {_steps(len(ids))}", ids)


def _change(workflow: Workflow, params: Params, _schema: DeckSchema) -> Edited:
    """Set fields of one step, as in the step's JSON; None puts a field back to what it is by default."""
    step_id, fields = str(params.get("id", "")), params.get("fields")
    if not isinstance(fields, Mapping) or {"id", "step"} & set(fields):
        raise WorkflowError([Problem("fields", "must name fields of the step other than its id and its kind", str(fields)[:100])])
    step = find(workflow, step_id)
    data = {**step_to_data(bare(step)), **fields}
    changed = read_answers(step_from_data({name: value for name, value in data.items() if value is not None}))
    for slot, inner in slots(step).items():
        changed = with_slot(changed, slot, inner)
    names = ",".join(sorted(map(str, fields)))
    return Edited(replace_step(workflow, changed), f"Change {names.replace('_', ' ')}", (step_id,), f"{step_id}:{names}")


def _condition(workflow: Workflow, params: Params, _schema: DeckSchema) -> Edited:
    step_id, index = str(params.get("id", "")), _index(params)
    changed = set_condition(workflow, step_id, index, str(params.get("text", "")))
    return Edited(changed, "Change condition", (step_id,), f"{step_id}:branch:{index}")


def _add_branch(workflow: Workflow, params: Params, _schema: DeckSchema) -> Edited:
    step_id = str(params.get("id", ""))
    return Edited(add_branch(workflow, step_id, ""), "Add elif", (step_id,))


def _remove_branch(workflow: Workflow, params: Params, _schema: DeckSchema) -> Edited:
    step_id = str(params.get("id", ""))
    return Edited(remove_branch(workflow, step_id, _index(params)), "Delete branch", (step_id,))


def _index(params: Params) -> int:
    index = params.get("index", 0)
    if not isinstance(index, int):
        raise WorkflowError([Problem("index", "must be a whole number", str(index))])
    return index


def _describe(workflow: Workflow, params: Params, _schema: DeckSchema) -> Edited:
    return Edited(replace(workflow, description=str(params.get("description", ""))), "Describe", (), "description")


Intent = Callable[[Workflow, Params, "DeckSchema"], Edited]

INTENTS: Mapping[str, Intent] = {
    "insert": _insert,
    "paste": _paste,
    "move": _move,
    "remove": _remove,
    "duplicate": _duplicate,
    "disable": _disable,
    "change": _change,
    "condition": _condition,
    "add_branch": _add_branch,
    "remove_branch": _remove_branch,
    "describe": _describe,
}
"""Intent -> what it does; `value` and `repair` are added by those who know the deck."""


def edited(workflow: Workflow, params: Params, schema: DeckSchema) -> Edited:
    """Do what ``intent`` in `params` says; raise `WorkflowError` when there is no such intent or it cannot be done."""
    name = str(params.get("intent", ""))
    if name not in INTENTS:
        raise WorkflowError([Problem("intent", f"must be one of {', '.join(INTENTS)}", name)])
    return INTENTS[name](workflow, params, schema)

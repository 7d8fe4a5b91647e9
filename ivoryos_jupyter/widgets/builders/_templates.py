"""What is in a step that was just dropped?  As little as possible: what must be said is left for the person to say."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from ivoryos_jupyter.workflow import names_made, new_id, step_from_data, walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.workflow import Step, Workflow

_NONE: dict[str, object] = {"value": None}

_REQUIRED: dict[str, dict[str, object]] = {
    "set": {"value": _NONE},
    "if": {"branches": [{"condition": ""}]},
    "while": {"condition": ""},
    "repeat": {"times": {"value": 2}},
    "for_each": {"items": {"value": []}},
    "wait": {"seconds": {"value": 10}},
    "wait_until": {"time": ""},
    "wait_for": {"instrument": "", "property": "", "condition": ""},
    "comment": {"text": ""},
    "pause": {"message": ""},
    "input": {"message": ""},
    "variable": {"value": _NONE},
}
"""What the model asks for and the palette does not say; an empty condition or text is a finding until it is filled in."""
_NAMED = {"for_each": ("item", "item"), "input": ("name", "answer"), "variable": ("name", "value")}
"""Steps that make a name: the field, and the name to begin with."""


def new_step(workflow: Workflow, data: Mapping[str, object]) -> Step:
    """Return the step that the palette's `data` stands for, complete enough to lie in `workflow`."""
    kind = str(data.get("step", ""))
    made: dict[str, object] = {**_REQUIRED.get(kind, {}), **data, "id": new_id()}
    if kind in _NAMED:
        field, wanted = _NAMED[kind]
        made.setdefault(field, _free_name(workflow, wanted))
    if kind == "get":
        made.setdefault("outputs", [_free_name(workflow, _name_from(str(data.get("property", ""))))])
    return step_from_data(made)


def _name_from(property_name: str) -> str:
    return property_name.rpartition(".")[2] or "value"


def _free_name(workflow: Workflow, wanted: str) -> str:
    taken = {name for visit in walk(workflow) for name in names_made(visit.step)}
    names = (wanted if number == 1 else f"{wanted}_{number}" for number in count(1))
    return next(name for name in names if name not in taken)

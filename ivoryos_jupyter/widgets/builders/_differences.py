"""What is different between two versions?  Also when one came from Python, where steps have other ids than in the builder."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from ivoryos_jupyter.widgets.builders._patch import bare, outline
from ivoryos_jupyter.workflow import PHASES, phase_of, slots, step_to_data

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from ivoryos_jupyter.widgets.builders._patch import Outline
    from ivoryos_jupyter.workflow import Step, Workflow

    Steps = Sequence[Step]


def differences(old: Workflow, new: Workflow) -> dict[str, object]:
    """Return which steps came, went, changed or moved, each as a view shows a step."""
    before, after = outline(old), outline(new)
    same = _same_steps(old, new, before, after)
    former = {key: before.steps[same[key]] for key in after.steps if key in same}
    lists = {f"{same.get(owner, owner)}{slash}{slot}": ids for (owner, slash, slot), ids in _lists(after)}
    gone = set(before.steps).difference(same.values())
    return {
        "added": [_data(step) for key, step in after.steps.items() if key not in same],
        "removed": [_data(step) for key, step in before.steps.items() if key in gone],
        "changed": [
            {"old": _data(former[key]), "new": _data(step)}
            for key, step in after.steps.items()
            if key in former and bare(former[key]) != replace(bare(step), id=same[key])
        ],
        "moved": [_data(after.steps[key]) for key in former if _list_of(before.lists, same[key]) != _list_of(lists, key)],
        "described": old.description != new.description,
    }


def _lists(one: Outline) -> list[tuple[tuple[str, str, str], tuple[str, ...]]]:
    return [((name, "", "") if name in PHASES else name.rpartition("/"), ids) for name, ids in one.lists.items()]


def _list_of(lists: Mapping[str, tuple[str, ...]], key: str) -> str:
    return next((name for name, ids in lists.items() if key in ids), "")


def _data(step: Step) -> dict[str, object]:
    return step_to_data(bare(step))


def _same_steps(old: Workflow, new: Workflow, before: Outline, after: Outline) -> dict[str, str]:
    """Return the former id of each step of `new` that was there before; ids are believed when most of them are known."""
    same = {key: key for key, step in after.steps.items() if key in before.steps and _kind(before.steps[key]) == _kind(step)}
    if 2 * len(same) >= len(after.steps):
        return same
    same = {}
    for phase in PHASES:
        _pair(phase_of(old, phase), phase_of(new, phase), same)
    return same


def _pair(old: Steps, new: Steps, same: dict[str, str]) -> None:
    """Pair steps without a former id with steps of the same list that are alike: the same ones first, then those of one kind."""
    for alike in (_content, _kind):
        _pair_by(alike, [one for one in old if one.id not in same.values()], [one for one in new if one.id not in same], same)
    by_id = {one.id: one for one in old}
    for step in new:
        former = by_id.get(same.get(step.id, ""))
        if former is not None:
            inside = slots(former)
            for slot, inner in slots(step).items():
                _pair(inside.get(slot, ()), inner, same)


def _pair_by(alike: Callable[[Step], Hashable], old: Steps, new: Steps, same: dict[str, str]) -> None:
    matcher = SequenceMatcher(None, [alike(one) for one in old], [alike(one) for one in new], autojunk=False)
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            same[new[block.b + offset].id] = old[block.a + offset].id


def _content(step: Step) -> str:
    return str(step_to_data(replace(step, id="")))


def _kind(step: Step) -> tuple[str, ...]:
    """Return what a step is and what it calls."""
    return (step.tag, *(str(getattr(step, name, "")) for name in ("instrument", "method", "property", "block", "workflow")))

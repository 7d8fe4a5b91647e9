"""How does an edit become undone, also after a reload?  A line of states with the present one in it.

Each state is a whole immutable workflow that shares what did not change. Written into a draft, only the present one is whole;
the others are the changes that lead to them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

from ivoryos_jupyter.widgets.builders._patch import Change, applied, between, difference, outline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ivoryos_jupyter.workflow import Workflow

DEPTH = 100
"""How many edits can be undone."""
MERGE_S = 2.0
"""Edits of one field that follow each other within so many seconds are undone together."""


class EntryData(TypedDict):
    """One state in a draft."""

    label: str
    change: Change


@dataclass(frozen=True, slots=True)
class Entry:
    """A state that can be returned to."""

    label: str
    """The edit that lies between this state and the present one: ``Move 2 steps``."""
    workflow: Workflow
    change: Change
    """Leads here from the neighbour that is nearer to the present."""


class History:
    """The present workflow, what it was before, and what was undone."""

    def __init__(self, workflow: Workflow, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with `workflow` and nothing to undo."""
        self.present = workflow
        self._outline = outline(workflow)
        self._clock = clock
        self._undo: list[Entry] = []
        self._redo: list[Entry] = []
        self._merge = ("", 0.0)

    @property
    def past(self) -> list[Workflow]:
        """What the workflow was before, the latest last."""
        return [one.workflow for one in self._undo]

    @property
    def undo_label(self) -> str:
        """What would be undone; empty when nothing can."""
        return self._undo[-1].label if self._undo else ""

    @property
    def redo_label(self) -> str:
        """What would be done again; empty when nothing can."""
        return self._redo[-1].label if self._redo else ""

    def record(self, label: str, workflow: Workflow, merge: str = "") -> Change:
        """Make `workflow` the present; return what changed. Edits with the same `merge` in quick succession become one."""
        before, now = self.present, self._clock()
        outlined = outline(workflow)
        last, at = self._merge
        if merge and merge == last and now - at < MERGE_S and self._undo and not self._redo:
            before = self._undo.pop().workflow
        change = between(self.present, workflow, self._outline, outlined)
        if not change and before is self.present:
            return change
        former = self._outline if before is self.present else outline(before)
        entry = Entry(label, before, between(workflow, before, outlined, former))
        self._undo = [*self._undo[1 - DEPTH :], entry]
        self._redo = []
        self._merge = (merge, now)
        self.present, self._outline = workflow, outlined
        return change

    def undo(self) -> Change:
        """Return to the state before; an empty change when there is none."""
        return self._step(self._undo, self._redo)

    def redo(self) -> Change:
        """Do again what was undone; an empty change when there is nothing."""
        return self._step(self._redo, self._undo)

    def relabel(self, rename: Callable[[Workflow], Workflow]) -> Change:
        """Apply `rename` to every state, so that no undo takes it back; return what changed in the present."""
        change = difference(self.present, rename(self.present))
        self.present = rename(self.present)
        self._outline = outline(self.present)
        self._undo = [replace(one, workflow=rename(one.workflow)) for one in self._undo]
        self._redo = [replace(one, workflow=rename(one.workflow)) for one in self._redo]
        return change

    def to_data(self) -> dict[str, list[EntryData]]:
        """Return both lines, without the present, as JSON data."""
        return {"undo": _write(self._undo), "redo": _write(self._redo)}

    @classmethod
    def from_data(cls, workflow: Workflow, data: dict[str, list[EntryData]]) -> History:
        """Return the history that `to_data` wrote beside `workflow`."""
        history = cls(workflow)
        history._undo = _read(workflow, data["undo"])
        history._redo = _read(workflow, data["redo"])
        return history

    def _step(self, source: list[Entry], target: list[Entry]) -> Change:
        self._merge = ("", 0.0)
        if not source:
            return {}
        entry = source.pop()
        target.append(Entry(entry.label, self.present, difference(entry.workflow, self.present)))
        self.present, self._outline = entry.workflow, outline(entry.workflow)
        return entry.change


def _write(entries: Sequence[Entry]) -> list[EntryData]:
    return [{"label": one.label, "change": one.change} for one in entries]


def _read(workflow: Workflow, entries: Sequence[EntryData]) -> list[Entry]:
    """Walk from the present outwards; the last entry is the neighbour of the present."""
    found: list[Entry] = []
    for data in reversed(entries[-DEPTH:]):
        workflow = applied(workflow, data["change"])
        found.append(Entry(data["label"], workflow, data["change"]))
    return found[::-1]

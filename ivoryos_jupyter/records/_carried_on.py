"""How far is a run together with those it follows from, and who does what is missing of it?  From a few columns, without its steps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.records._decisions import OPEN_TO_DECISION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.records._database import Row
    from ivoryos_jupyter.records._store import Store

_RUN = f"""
SELECT r.request, CASE WHEN {OPEN_TO_DECISION} THEN 1 ELSE 0 END FROM workflow_runs r WHERE r.id = :run
"""  # noqa: S608 - our own text
_DONE = "SELECT DISTINCT repeat_index FROM workflow_phases WHERE run_id = :run AND name = 'main' AND status = 'done'"
_FOLLOWING = "SELECT id, request FROM workflow_runs WHERE derived_from = :run ORDER BY id"
_WAITING = "SELECT request FROM queue WHERE request NOT LIKE '%\"derived_from\": null%'"


@dataclass(frozen=True, slots=True)
class CarriedOn:
    """One run among those it follows from and those that follow from it."""

    total: int | None
    """Iterations that were asked for; None where the record does not say."""
    done: int
    """Iterations that it brought to their end itself."""
    before: tuple[tuple[int, int], ...]
    """How many iterations the runs did that it goes on with: number of the run, number of iterations; without those that it did anew."""
    missing: tuple[int, ...]
    """Iterations that were not brought to their end, and that no other run was to do; empty as long as it is to be decided about."""
    by: str
    """Who does, or was to do, what it left: ``run 13``, or the name of a run that waits; empty when nobody."""
    cleanup_only: bool
    """Whether it was to run nothing but the cleanup of another."""


def carried_on(store: Store, run_id: int) -> CarriedOn:
    """Return how far a run is; raise `RecordsError` when the store is out of reach."""
    return Trail(store).of(run_id)


class Trail:
    """Reads the requests of runs that follow from one another; what waits is read once."""

    def __init__(self, store: Store) -> None:
        """Read from `store`."""
        self._database = store.database
        self._queued: list[Mapping[str, object]] | None = None

    def of(self, run_id: int) -> CarriedOn:
        """Return how far a run is."""
        request, undecided = self._run(run_id)
        own, total = self._done(run_id), iterations_of(request)
        before, earlier = self._before(request, own)
        wanted = set(range(1, (total or 0) + 1))
        left = wanted - own - earlier
        taken, by = self._taken(run_id, wanted)
        cleanup_only = _mode(request) == "cleanup"
        missing = () if undecided or cleanup_only else tuple(sorted(left - taken))
        return CarriedOn(total, len(own), before, missing, by if left & taken else "", cleanup_only)

    def _run(self, run_id: int) -> tuple[Mapping[str, object], bool]:
        found: Sequence[Row] = self._database.rows(_RUN, {"run": run_id})
        return (_object(found[0][0]), bool(found[0][1])) if found else ({}, False)

    def _done(self, run_id: int) -> set[int]:
        return {int(str(at)) for (at,) in self._database.rows(_DONE, {"run": run_id}) if at is not None}

    def _before(self, request: Mapping[str, object], own: set[int]) -> tuple[tuple[tuple[int, int], ...], set[int]]:
        """Return what each run did that this one goes on with, and which iterations that are in all."""
        found: list[tuple[int, int]] = []
        known: set[int] = set()
        while _mode(request) and isinstance(before := request.get("derived_from"), int):
            done = self._done(before) - own - known
            known |= done
            found += [(before, len(done))] if done else []
            request, _ = self._run(before)
        return tuple(reversed(found)), known

    def _taken(self, run_id: int, wanted: set[int]) -> tuple[set[int], str]:
        """Return which iterations other runs were to do for this one, and the last of those runs."""
        taken: set[int] = set()
        by = ""
        followers = [(f"run {number}", _object(text)) for number, text in self._database.rows(_FOLLOWING, {"run": run_id})]
        followers += [(f"{one.get('name')}, which waits", one) for one in self._waiting() if one.get("derived_from") == run_id]
        for name, request in followers:
            part = wanted if _mode(request) == "resume" else _numbers(request.get("repeats"))
            taken |= part
            by = name if part else by
        return taken, by

    def _waiting(self) -> list[Mapping[str, object]]:
        if self._queued is None:
            self._queued = [_object(text) for (text,) in self._database.rows(_WAITING)]
        return self._queued


def iterations_of(request: Mapping[str, object]) -> int | None:
    """Return how many iterations a submission asks for; None where it does not say."""
    rows = request.get("rows")
    if not isinstance(rows, list):
        return _whole(request.get("repeat"))
    return -(-len(rows) // max(1, _whole(request.get("batch_size")) or 1))


def _mode(request: Mapping[str, object]) -> str:
    """Return how it goes on with another: ``resume``, ``cleanup``, or empty."""
    resume = request.get("resume")
    return str(resume.get("mode", "")) if isinstance(resume, dict) else ""


def _numbers(value: object) -> set[int]:
    return {one for one in value if isinstance(one, int)} if isinstance(value, list) else set()


def _object(text: object) -> Mapping[str, object]:
    data = json.loads(text) if isinstance(text, str) and text else {}
    return data if isinstance(data, dict) else {}


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None

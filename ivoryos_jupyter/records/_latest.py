"""Which runs were there lately?  A short list for a narrow view; pandas is not needed for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.records._carried_on import Trail
from ivoryos_jupyter.records._filters import RUN_STATUS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.records._carried_on import CarriedOn
    from ivoryos_jupyter.records._database import Row
    from ivoryos_jupyter.records._store import Store

_LATEST = f"""
SELECT r.id, r.name, r.workflow_name, {RUN_STATUS}, r.started_us, r.ended_us, r.counts, r.error_text, r.request
FROM workflow_runs r ORDER BY r.id DESC LIMIT :count
"""  # noqa: S608 - our own text


@dataclass(frozen=True, slots=True)
class LatestRun:
    """One recorded run, in short."""

    id: int
    name: str
    workflow: str
    """Name of the workflow; empty in a run that IvoryOS recorded."""
    status: str
    """``running``, ``completed``, ``stopped``, ``failed`` or ``interrupted``."""
    started_us: int | None
    """None in a run that IvoryOS recorded: it keeps local times only."""
    ended_us: int | None
    skipped: int
    """Steps left undone by a decision."""
    error: str
    """First line of the error that ended it."""
    table: bool
    """Whether an iteration is a row of a table."""
    trail: CarriedOn
    """How far it came, with those it follows from and those that follow from it."""


def latest_runs(store: Store, count: int) -> list[LatestRun]:
    """Return the last `count` runs, the latest first; raise RecordsError when the store is out of reach."""
    trail = Trail(store)
    return [_latest(row, trail.of(int(str(row[0])))) for row in store.database.rows(_LATEST, {"count": count})]


def _latest(row: Row, trail: CarriedOn) -> LatestRun:
    number, name, workflow, status, started, ended, counts, error, request = row
    return LatestRun(
        int(str(number)),
        str(name),
        str(workflow or ""),
        str(status or ""),
        _moment(started),
        _moment(ended),
        _skipped(_object(counts)),
        str(error or "").strip().partition("\n")[0],
        isinstance(_object(request).get("rows"), list),
        trail,
    )


def _skipped(counts: Mapping[str, object]) -> int:
    number = counts.get("skipped")
    return number if isinstance(number, int) else 0


def _object(text: object) -> Mapping[str, object]:
    data = json.loads(text) if isinstance(text, str) and text else {}
    return data if isinstance(data, dict) else {}


def _moment(value: object) -> int | None:
    return int(str(value)) if value is not None else None

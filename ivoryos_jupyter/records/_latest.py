"""Which runs were there lately?  A short list for a narrow view; pandas is not needed for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.records._filters import RUN_STATUS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.records._database import Row
    from ivoryos_jupyter.records._store import Store

_LATEST = f"""
SELECT r.id, r.name, r.workflow_name, {RUN_STATUS}, r.started_us, r.ended_us, r.counts, r.error_text, r.request,
  (SELECT COUNT(*) FROM workflow_phases p WHERE p.run_id = r.id AND p.name = 'main' AND p.status = 'done')
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
    done: int
    """Iterations that came to their end."""
    total: int | None
    """Iterations that were asked for; None where the record does not say."""
    table: bool
    """Whether an iteration is a row of a table."""


def latest_runs(store: Store, count: int) -> list[LatestRun]:
    """Return the last `count` runs, the latest first; raise RecordsError when the store is out of reach."""
    return [_latest(row) for row in store.database.rows(_LATEST, {"count": count})]


def _latest(row: Row) -> LatestRun:
    number, name, workflow, status, started, ended, counts, error, request, done = row
    asked = _object(request)
    rows = asked.get("rows")
    return LatestRun(
        int(str(number)),
        str(name),
        str(workflow or ""),
        str(status or ""),
        _moment(started),
        _moment(ended),
        _whole(_object(counts).get("skipped")) or 0,
        str(error or "").strip().partition("\n")[0],
        int(str(done)),
        _iterations(asked, rows if isinstance(rows, list) else None),
        isinstance(rows, list),
    )


def _iterations(asked: Mapping[str, object], rows: Sequence[object] | None) -> int | None:
    if rows is None:
        return _whole(asked.get("repeat"))
    batch = _whole(asked.get("batch_size")) or 1
    return -(-len(rows) // batch)


def _object(text: object) -> Mapping[str, object]:
    data = json.loads(text) if isinstance(text, str) and text else {}
    return data if isinstance(data, dict) else {}


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _moment(value: object) -> int | None:
    return int(str(value)) if value is not None else None

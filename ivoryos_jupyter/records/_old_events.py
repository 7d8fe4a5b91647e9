"""Where are the events of runs that IvoryOS made?  In a JSON column of the run, with local times."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from ivoryos_jupyter.records._columns import Columns, objects, texts
from ivoryos_jupyter.records._filters import micros

if TYPE_CHECKING:
    from ivoryos_jupyter.records._database import Statements
    from ivoryos_jupyter.records._filters import Where

_OLD = "SELECT r.id, CAST(r.events AS TEXT) FROM workflow_runs r WHERE r.submission_key IS NULL AND r.events IS NOT NULL AND "


def with_old_events(statements: Statements, found: Columns, where: Where) -> Columns:
    """Return `found` with the events of IvoryOS's runs, all in order of time."""
    old = [(int(str(run)), event) for run, text in statements.rows(_OLD + where.sql, where.values) for event in _events(text)]
    known = list(zip(found.integers["run"], found.texts["kind"], found.integers["at"], found.documents["detail"], strict=True))
    rows = known + [(run, str(event.get("kind")), micros(str(event["time"]), "time"), _detail(event)) for run, event in old]
    rows.sort(key=lambda row: int(row[2]))
    return Columns(
        {"run": np.array([row[0] for row in rows], dtype=np.int64), "at": np.array([row[2] for row in rows], dtype=np.int64)},
        {"kind": texts([str(row[1]) for row in rows])},
        {"detail": objects([row[3] for row in rows])},
    )


def _events(text: object) -> list[dict[str, object]]:
    """Return the events of one run; what is no list of dated dicts is none."""
    data = json.loads(str(text))
    return [event for event in data if isinstance(event, dict) and "time" in event] if isinstance(data, list) else []


def _detail(event: dict[str, object]) -> dict[str, object]:
    """Return what an event says besides its kind and time, as ours do."""
    said = {key: value for key, value in event.items() if key not in {"kind", "time", "detail"}}
    return said if event.get("detail") is None else {"message": event["detail"], **said}

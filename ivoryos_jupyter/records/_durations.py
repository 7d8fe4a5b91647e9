"""How long did the same call take before, and what did it return?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import PastCall
from ivoryos_jupyter.records._plain import from_text
from ivoryos_jupyter.schema import decode

if TYPE_CHECKING:
    from ivoryos_jupyter.records._database import Row, Value
    from ivoryos_jupyter.records._store import Store

LATEST = 50
"""How many of the latest calls count."""
_LOOKED_AT = 20_000
_LONGEST = 2000
"""Characters of a result that is of use to a forecast."""
_PARTIAL = ('"$object"', '"$artefact"', '"$more"', '"$text"')
"""Marks of a result that was not kept whole."""

_STEPS = """
SELECT ended_us - started_us, arguments, CASE WHEN LENGTH(result) <= :longest THEN result END FROM workflow_steps
WHERE id > (SELECT COALESCE(MAX(id), 0) FROM workflow_steps) - :looked_at
  AND instrument = :instrument AND method_name = :method AND status = 'done' AND ended_us IS NOT NULL AND started_us IS NOT NULL
ORDER BY id DESC LIMIT :latest
"""
_CALLS = """
SELECT ended_us - started_us, CAST(kwargs AS TEXT), CASE WHEN LENGTH(CAST(output AS TEXT)) <= :longest THEN CAST(output AS TEXT) END
FROM single_steps
WHERE id > (SELECT COALESCE(MAX(id), 0) FROM single_steps) - :looked_at
  AND method_name = :method AND status = 'done' AND ended_us IS NOT NULL AND started_us IS NOT NULL
ORDER BY id DESC LIMIT :latest
"""


def past_calls(store: Store, instrument: str, method: str) -> list[PastCall]:
    """Return the latest calls that returned, of runs first, then direct ones; `method` is as it is recorded.

    Only the last 20,000 rows are looked at, so that a rare step costs no search through years of records.
    """
    common: dict[str, Value] = {"looked_at": _LOOKED_AT, "latest": LATEST, "longest": _LONGEST}
    with store.database.transaction() as statements:
        rows = [*statements.rows(_STEPS, {**common, "instrument": instrument, "method": method})]
        if len(rows) < LATEST:
            rows += statements.rows(_CALLS, {**common, "method": f"deck.{instrument}.{method}"})
    return [_past(row) for row in rows[:LATEST]]


def _past(row: Row) -> PastCall:
    took, arguments, result = row
    given = from_text(str(arguments)) if arguments is not None else None
    waited = isinstance(given, dict) and given.keys() == {"condition", "hold_s"}
    text = None if result is None else str(result)
    kept = text is not None and not any(mark in text for mark in _PARTIAL)
    value = decode(from_text(text)) if kept else None
    return PastCall(int(str(took)) / 1_000_000, value, kept, given if isinstance(given, dict) else {}, waited)


def recent_durations(store: Store, instrument: str, method: str) -> list[float]:
    """Return how long the latest calls that returned took, in s; waits until a condition held are no calls."""
    return [one.seconds for one in past_calls(store, instrument, method) if not one.waited]

"""How long did the same step take before?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ivoryos_jupyter.records._store import Store

LATEST = 50
"""How many of the latest attempts count."""
_LOOKED_AT = 20_000

_RECENT = """
SELECT ended_us - started_us FROM workflow_steps
WHERE id > (SELECT COALESCE(MAX(id), 0) FROM workflow_steps) - :looked_at
  AND instrument = :instrument AND method_name = :method AND status = 'done' AND ended_us IS NOT NULL AND started_us IS NOT NULL
ORDER BY id DESC LIMIT :latest
"""


def recent_durations(store: Store, instrument: str, method: str) -> list[float]:
    """Return how long the latest finished attempts of a step took, in s, the latest first.

    Only the last 20,000 steps are looked at, so that a rare step costs no search through years of records.
    """
    values: dict[str, str | int] = {"instrument": instrument, "method": method, "looked_at": _LOOKED_AT, "latest": LATEST}
    with store.database.transaction() as statements:
        return [int(str(row[0])) / 1_000_000 for row in statements.rows(_RECENT, values)]

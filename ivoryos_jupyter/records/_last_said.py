"""What did an instrument say last, and when?  Out of the records, for who cannot ask it now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.records._readable import readable_text

if TYPE_CHECKING:
    from ivoryos_jupyter.records._store import Store

_SAID = """
SELECT instrument, member, result, at_us FROM (
  SELECT s.instrument AS instrument, s.method_name AS member, CAST(s.result AS TEXT) AS result, s.ended_us AS at_us
  FROM workflow_steps s WHERE s.status = 'done' AND s.instrument = :instrument
  UNION ALL
  SELECT c.instrument, c.method_name, CAST(c.output AS TEXT), c.ended_us
  FROM single_steps c WHERE c.status = 'done' AND c.instrument = :instrument
) AS spoken WHERE result IS NOT NULL AND result <> 'null' ORDER BY at_us DESC LIMIT 30
"""
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Said:
    """The latest result of one method or property."""

    name: str
    """``dispense``, ``temperature``."""
    text: str
    at_us: int


def last_said(store: Store, instrument: str, count: int = 3) -> list[Said]:
    """Return the latest result of each of an instrument's members, at most `count` of them, latest first."""
    found: dict[str, Said] = {}
    for _, member, result, at_us in store.database.rows(_SAID, {"instrument": instrument}):
        name = str(member).rpartition(".")[2]
        text = readable_text(json.loads(str(result)))
        found.setdefault(name, Said(name, text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…", int(str(at_us))))
    return list(found.values())[:count]

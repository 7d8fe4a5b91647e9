"""Which columns say what was about to be done, and how are they read?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import StepIntent
from ivoryos_jupyter.records._plain import from_text

if TYPE_CHECKING:
    from ivoryos_jupyter.records._database import Row

COLUMNS = """s.id, s.phase_id, s.step_id, s.step_index, s.method_name, s.instrument, s.started_us, s.arguments, s.attempt, s.sample,
  s.sample_id, s.path"""
"""The row id and the intent of a step."""


def intent_of(row: Row) -> StepIntent:
    """Return the intent that `COLUMNS` of a row hold; what follows them is not looked at."""
    phase_id, step_id, step_index, method, instrument, started_us, arguments, attempt, sample, sample_id, path = row[1:12]
    given = from_text(str(arguments))
    return StepIntent(
        phase_id=int(str(phase_id)),
        step_id=str(step_id),
        step_index=int(str(step_index)),
        method_name=str(method),
        instrument=str(instrument),
        started_us=int(str(started_us)),
        arguments=given if isinstance(given, dict) else {},
        attempt=int(str(attempt)),
        sample=int(str(sample)),
        sample_id=None if sample_id is None else str(sample_id),
        path=str(path),
    )

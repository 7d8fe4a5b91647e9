"""Which kernel has a submission, and what has become of it?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import Outcome, Submission
from ivoryos_jupyter.records._plain import from_text
from ivoryos_jupyter.records._requests import request_from

if TYPE_CHECKING:
    from ivoryos_jupyter.journal import Phase
    from ivoryos_jupyter.records._database import Database, Row

_WAITS = "SELECT owner, request FROM queue WHERE submission_key = :key"
_BEGUN = """
SELECT r.owner, r.id, r.outcome, r.started_us, r.ended_us, r.counts, r.error_text, r.host, r.notebook, p.name, p.repeat_index
FROM workflow_runs r LEFT JOIN workflow_phases p ON p.id = (SELECT MAX(id) FROM workflow_phases WHERE run_id = r.id)
WHERE r.submission_key = :key
"""
_OWNER_OF_OPEN = "SELECT owner FROM workflow_runs WHERE id = :id AND outcome IS NULL"
_INTERRUPT = "UPDATE workflow_runs SET outcome = 'interrupted' WHERE id = :id AND outcome IS NULL"
_PHASES: dict[object, Phase] = {"prep": "prep", "main": "script", "cleanup": "cleanup"}
_HOST = re.compile(r"(.+)-[0-9a-f]{32}")


class Submissions:
    """The submissions of all kernels, seen by the kernel `owner`."""

    def __init__(self, database: Database, owner: str) -> None:
        """Look in `database`."""
        self._database = database
        self._owner = owner

    def of(self, key: str) -> Submission | None:
        """Return what is known of a submission; None when there is none.

        The queue is looked at first: what begins between the two looks is found by the second.
        """
        for row in self._database.rows(_WAITS, {"key": key}):
            owner, request = str(row[0]), request_from(str(row[1]), "")
            host = _HOST.fullmatch(owner)
            return Submission(here=owner == self._owner, alive=self._alive(owner), host=host[1] if host else "", notebook=request.notebook)
        for row in self._database.rows(_BEGUN, {"key": key}):
            return self._begun(row)
        return None

    def _begun(self, row: Row) -> Submission:
        owner, run, outcome, started, ended, counts, error, host, notebook, phase, iteration = row
        return Submission(
            here=owner == self._owner,
            alive=outcome is not None or self._alive(str(owner)),
            host=str(host or ""),
            notebook=str(notebook or ""),
            run_id=int(str(run)),
            started_us=_whole(started),
            phase=_PHASES.get(phase),
            iteration=_whole(iteration) or 0,
            outcome=None if outcome is None else Outcome(str(outcome)),
            ended_us=_whole(ended),
            counts=_whole_numbers(counts),
            error=None if error is None else str(error),
        )

    def _alive(self, owner: str) -> bool:
        return owner == self._owner or self._database.alive(owner)

    def mark_interrupted(self, run_id: int) -> bool:
        """Mark a run whose kernel is dead as interrupted; False when it lives, or the run has ended."""
        with self._database.transaction() as statements:
            owners = statements.rows(_OWNER_OF_OPEN, {"id": run_id})
            return bool(owners) and not self._alive(str(owners[0][0])) and statements.change(_INTERRUPT, {"id": run_id}) > 0


def _whole(value: object) -> int | None:
    return None if value is None else int(str(value))


def _whole_numbers(text: object) -> dict[str, int]:
    """Return the counts of a run that are whole numbers."""
    found = from_text(text) if isinstance(text, str) else text
    return {str(name): value for name, value in found.items() if type(value) is int} if isinstance(found, dict) else {}

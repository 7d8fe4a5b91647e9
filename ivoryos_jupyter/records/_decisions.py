"""How is it kept what a person decided about an interrupted run?  Together with the first row of the run that goes on with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.journal import DECIDED, Resumption, RunEvent

if TYPE_CHECKING:
    from ivoryos_jupyter.journal import RunRequest
    from ivoryos_jupyter.records._database import Statements
    from ivoryos_jupyter.schema import Plain

KIND = "decided"
"""Kind of the event; a run that has one is asked about no more."""

OPEN_TO_DECISION = "r.outcome = 'interrupted' AND NOT EXISTS (SELECT 1 FROM run_events e WHERE e.run_id = r.id AND e.kind = 'decided')"
"""Which runs of the table ``workflow_runs r`` wait for a person."""

_LOCK = "UPDATE workflow_runs SET outcome = outcome WHERE id = :id"
_DECISIONS = "SELECT detail FROM run_events WHERE run_id = :id AND kind = 'decided'"
_MARK = "UPDATE workflow_steps SET status = :status WHERE id = :row AND status = 'open'"

_MARK_ASKED_AGAIN = """
UPDATE workflow_steps SET status = :status
WHERE status = 'open' AND phase_id IN (SELECT id FROM workflow_phases WHERE run_id = :run_id)
"""
"""A question that was open needs no decision: the run that goes on asks it again."""


def refuse_second(statements: Statements, run_id: int) -> None:
    """Raise when somebody has decided about this run already; until the commit nobody else can."""
    statements.change(_LOCK, {"id": run_id})
    if statements.rows(_DECISIONS, {"id": run_id}):
        raise RecordsError(f"Somebody has decided about run {run_id} already; see ivoryos.history.events(run={run_id}).")


def mark_decided(statements: Statements, request: RunRequest, begun: int, now_us: int) -> RunEvent | None:
    """Mark the steps that `request` decides about; return the event to keep, None when it goes on with no other run."""
    if request.resume is None or request.derived_from is None:
        return None
    refuse_second(statements, request.derived_from)
    resumption = Resumption.of(request.resume)
    for row, decision in resumption.decisions.items():
        statements.change(_MARK, {"row": row, "status": DECIDED[decision.choice]})
    if resumption.mode == "resume":
        statements.change(_MARK_ASKED_AGAIN, {"run_id": request.derived_from, "status": DECIDED["not_done"]})
    decided = (*_dicts(request.resume.get("decisions")), *_dicts(request.resume.get("ahead")))
    steps: list[Plain] = [{name: value for name, value in one.items() if value not in (None, {})} for one in decided]
    detail: dict[str, Plain] = {
        "choice": resumption.mode,
        "run": begun,
        "operator": resumption.operator,
        "decided_us": resumption.decided_us,
        "steps": steps,
    }
    return RunEvent(request.derived_from, KIND, now_us, detail)


def _dicts(cell: Plain) -> list[dict[str, Plain]]:
    """Return the decisions one by one, each with the row it is about."""
    if isinstance(cell, dict):
        return [{"row": int(row), **one} for row, one in cell.items() if isinstance(one, dict)]
    return [{"choice": "done", **one} for one in cell if isinstance(one, dict)] if isinstance(cell, list) else []

"""How are steps and direct calls kept?  The intent is one commit, the outcome another; a row without outcome is in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.journal import CallIntent, StepStatus
from ivoryos_jupyter.records._clock import local_text
from ivoryos_jupyter.records._intents import COLUMNS, intent_of
from ivoryos_jupyter.records._plain import clean, from_text, plain_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.journal import Charge, StepIntent, StepOutcome
    from ivoryos_jupyter.records._database import Database, Row, Values
    from ivoryos_jupyter.records._encoder import Encoded, Encoder
    from ivoryos_jupyter.records._events import Events

_NOTHING = "{}"
_FAILURES = frozenset({StepStatus.FAILED, StepStatus.CANCELLED, StepStatus.ABANDONED})
_SHORT = 128
"""Width of IvoryOS's column for an error; the full text stands beside it."""

_INTEND_STEP = """
INSERT INTO workflow_steps (phase_id, step_index, method_name, start_time, run_error, started_us, status, step_id, instrument, arguments,
  attempt, sample, sample_id, path)
VALUES (:phase_id, :step_index, :method_name, :start_time, :run_error, :started_us, 'open', :step_id, :instrument, :arguments,
  :attempt, :sample, :sample_id, :path)
"""
_SETTLE_STEP = """
UPDATE workflow_steps SET end_time = :end_time, ended_us = :ended_us, run_error = :run_error, status = :status, output = :output,
  result = :result, error_text = :error_text, prints = :prints WHERE id = :id
"""
_FIND_STEP = """
SELECT id FROM workflow_steps WHERE phase_id = :phase_id AND step_id = :step_id AND path = :path AND attempt = :attempt
  AND sample = :sample AND started_us = :started_us
"""
_IN_DOUBT = f"""
SELECT {COLUMNS}
FROM workflow_steps s JOIN workflow_phases p ON p.id = s.phase_id WHERE p.run_id = :run_id AND s.status = 'open' ORDER BY s.id
"""  # noqa: S608 - our own text
_INTEND_CALL = """
INSERT INTO single_steps (method_name, kwargs, start_time, started_us, status, instrument, operator, origin, run_id, owner,
  override_reason)
VALUES (:method_name, :kwargs, :start_time, :started_us, 'open', :instrument, :operator, :origin, :run_id, :owner,
  :override_reason)
"""
_SETTLE_CALL = """
UPDATE single_steps SET end_time = :end_time, ended_us = :ended_us, run_error = :run_error, status = :status, output = :output,
  error_text = :error_text, prints = :prints WHERE id = :id
"""
_FIND_CALL = "SELECT id FROM single_steps WHERE method_name = :method_name AND started_us = :started_us AND owner = :owner"
_OPEN_CALLS = """
SELECT id, owner, method_name, instrument, kwargs, started_us, operator, origin, run_id FROM single_steps
WHERE status = 'open' AND id > (SELECT COALESCE(MAX(id), 0) FROM single_steps) - 20000 ORDER BY id
"""
_LEAVE_CALL = "UPDATE single_steps SET status = 'in doubt' WHERE id = :id AND status = 'open'"
_KEEP_ARTEFACT = """
INSERT INTO artefacts (run_id, step_row, call_row, name, path, sha256, type, size, created_us)
VALUES (:run_id, :step_row, :call_row, :name, :path, :sha256, :type, :size, :created_us)
"""
_RUN_OF_STEP = "SELECT p.run_id FROM workflow_steps s JOIN workflow_phases p ON p.id = s.phase_id WHERE s.id = :id"


class Steps:
    """The step and direct-call rows of one store."""

    def __init__(self, database: Database, events: Events, encoder: Encoder, owner: str) -> None:
        """Write to `database` in the name of `owner`; events wait in `events`, large results go through `encoder`."""
        self._database = database
        self._events = events
        self._encoder = encoder
        self._owner = owner
        self._doubtful: set[object] = set()

    def intend(self, intent: StepIntent, charge: Charge | None = None) -> int:
        """Commit that a step is about to be done, and what it is charged; return the id of its row."""
        values: Values = {
            "phase_id": intent.phase_id,
            "step_index": intent.step_index,
            "method_name": intent.method_name,
            "start_time": local_text(intent.started_us),
            "run_error": False,
            "started_us": intent.started_us,
            "step_id": intent.step_id,
            "instrument": intent.instrument,
            "arguments": plain_text(intent.arguments) if intent.arguments else _NOTHING,
            "attempt": intent.attempt,
            "sample": intent.sample,
            "sample_id": intent.sample_id,
            "path": intent.path,
        }
        return self._once(_INTEND_STEP, _FIND_STEP, values, charge)

    def doubt(self, intent: StepIntent) -> None:
        """Look for the row of this intent, should it be given again, before another one is inserted."""
        self._doubtful.add(intent.started_us)

    def settle(self, row: int, outcome: StepOutcome) -> None:
        """Commit what came of a step."""
        encode = self._encoder.encode
        result = encode(outcome.result)
        added = encode(outcome.added) if outcome.added else None
        self._settle(
            _SETTLE_STEP,
            {
                **_ending(row, outcome),
                "run_error": outcome.status in _FAILURES,
                "output": added.text if added else _NOTHING,
                "result": result.text,
            },
            {"result": result, "added": added},
            "step_row",
        )
        self._encoder.remember(("step", row), outcome.result, result)

    def intend_call(self, intent: CallIntent, charge: Charge | None = None) -> int:
        """Commit that a direct call is about to be made, and what it is charged; return the id of its row."""
        values: Values = {
            "method_name": intent.method_name,
            "kwargs": plain_text(intent.kwargs),
            "start_time": local_text(intent.started_us),
            "started_us": intent.started_us,
            "instrument": intent.instrument,
            "operator": intent.operator,
            "origin": intent.origin,
            "run_id": intent.run_id,
            "owner": self._owner,
            "override_reason": clean(intent.override) or None,
        }
        return self._once(_INTEND_CALL, _FIND_CALL, values, charge)

    def settle_call(self, row: int, outcome: StepOutcome) -> None:
        """Commit what came of a direct call."""
        result = self._encoder.encode(outcome.result)
        first = None if outcome.error is None else clean(outcome.error.strip().split("\n", 1)[0][:_SHORT])
        values = {**_ending(row, outcome), "run_error": first, "output": result.text}
        self._settle(_SETTLE_CALL, values, {"result": result}, "call_row")
        self._encoder.remember(("call", row), outcome.result, result)

    def in_doubt(self, run_id: int) -> tuple[tuple[int, StepIntent], ...]:
        """Return row ids and intents of the steps of a run that have no outcome."""
        return tuple((int(str(row[0])), intent_of(row)) for row in self._database.rows(_IN_DOUBT, {"run_id": run_id}))

    def calls_left(self) -> list[CallIntent]:
        """Mark the direct calls that dead kernels left open as in doubt; return those that nobody had marked before.

        Looked for among the latest calls only: a kernel comes back soon, and no loading waits for a long history.
        """
        rows = self._database.rows(_OPEN_CALLS)
        owners = {str(row[1]) for row in rows if row[1] is not None} - {self._owner}
        dead = {owner for owner in owners if not self._database.alive(owner)}
        found = [row for row in rows if row[1] in dead]
        return [_call(row) for row in found if self._database.change(_LEAVE_CALL, {"id": int(str(row[0]))})]

    def _once(self, insert: str, find: str, values: Values, charge: Charge | None) -> int:
        """Insert a row; one whose answer was lost before may be there already, and is looked for first."""
        moment = values["started_us"]
        if moment in self._doubtful:
            found = self._database.rows(find, values)
            if found:
                return int(str(found[0][0]))
        try:
            return self._events.insert(insert, values, charge)
        except RecordsError:
            self._doubtful.add(moment)
            raise

    def _settle(self, sql: str, values: Values, encoded: Mapping[str, Encoded | None], link: str) -> None:
        """Commit an outcome, together with the files it left."""
        left = [(name, artefact) for name, one in encoded.items() if one is not None for artefact in one.artefacts]
        if not left:
            self._events.change(sql, values)
            return
        with self._database.transaction() as statements:
            sent = self._events.send(statements)
            statements.change(sql, values)
            statements.change(f"DELETE FROM artefacts WHERE {link} = :id", {"id": values["id"]})  # noqa: S608 - a name of ours
            run = int(str(statements.rows(_RUN_OF_STEP, {"id": values["id"]})[0][0])) if link == "step_row" else None
            for name, artefact in left:
                row: Values = {"run_id": run, "step_row": None, "call_row": None, "name": name, **artefact, link: values["id"]}
                statements.change(_KEEP_ARTEFACT, row)
        self._events.forget(sent)


def _call(row: Row) -> CallIntent:
    """Return the intent of a direct call."""
    _id, _owner, method, instrument, kwargs, started_us, operator, origin, run_id = row
    given = from_text(str(kwargs))
    return CallIntent(
        str(method),
        str(instrument or ""),
        given if isinstance(given, dict) else {},
        int(str(started_us)),
        str(operator or ""),
        str(origin or ""),
        None if run_id is None else int(str(run_id)),
    )


def _ending(row: int, outcome: StepOutcome) -> dict[str, str | int | bool | None]:
    """Return the columns that steps and direct calls have in common."""
    return {
        "id": row,
        "end_time": local_text(outcome.ended_us),
        "ended_us": outcome.ended_us,
        "status": outcome.status.value,
        "error_text": None if outcome.error is None else clean(outcome.error),
        "prints": clean(outcome.prints) if outcome.prints else None,
    }

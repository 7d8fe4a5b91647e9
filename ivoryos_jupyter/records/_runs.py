"""How are runs and their phases kept?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import BegunElsewhereError, RecordsError
from ivoryos_jupyter.journal import Outcome, RunEvent
from ivoryos_jupyter.records import _reboots as reboots
from ivoryos_jupyter.records._clock import event_text, local_text
from ivoryos_jupyter.records._decisions import mark_decided
from ivoryos_jupyter.records._events import QUIET
from ivoryos_jupyter.records._plain import clean, from_text, plain_text
from ivoryos_jupyter.records._queue import keep_version
from ivoryos_jupyter.records._requests import request_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.journal import PhaseStarted, RunRequest, Setting
    from ivoryos_jupyter.records._claims import Claims
    from ivoryos_jupyter.records._database import Database, Statements, Values
    from ivoryos_jupyter.records._events import Events
    from ivoryos_jupyter.schema import Plain

STORED_PHASE = {"prep": "prep", "script": "main", "cleanup": "cleanup"}
"""IvoryOS calls the script phase ``main``; only this folder knows."""

STORED_STATUS = {Outcome.COMPLETED: "completed", Outcome.STOPPED: "stopped", Outcome.FAILED: "error", Outcome.INTERRUPTED: None}
"""How a run ended, in IvoryOS's words; it leaves the status of an interrupted run empty."""

_BEGIN_RUN = """
INSERT INTO workflow_runs (name, platform, start_time, repeat_mode, submitted_by, submission_key, workflow_name, workflow_version,
  deck_fingerprint, code_versions, batch_size, not_before_us, derived_from, notebook, operator, owner, submitted_us, started_us, request,
  host, os_user, instruments)
VALUES (:name, :platform, :start_time, :repeat_mode, :submitted_by, :submission_key, :workflow_name, :workflow_version,
  :deck_fingerprint, :code_versions, :batch_size, :not_before_us, :derived_from, :notebook, :operator, :owner, :submitted_us, :started_us,
  :request, :host, :os_user, :instruments)
"""
_END_RUN = """
UPDATE workflow_runs SET end_time = :end_time, ended_us = :ended_us, status = :status, outcome = :outcome, counts = :counts,
  error_text = :error_text, events = :events WHERE id = :id
"""
_DESCRIBE = "UPDATE workflow_runs SET code_versions = :code_versions WHERE id = :id"
_BEGIN_PHASE = """
INSERT INTO workflow_phases (run_id, name, repeat_index, parameters, start_time, started_us, samples)
VALUES (:run_id, :name, :repeat_index, :parameters, :start_time, :started_us, :samples)
"""
_END_PHASE = """
UPDATE workflow_phases SET status = :status, end_time = :end_time, ended_us = :ended_us, outputs = :outputs, error = :error,
  error_text = :error_text WHERE id = :id
"""
_FIND_PHASE = """
SELECT id FROM workflow_phases WHERE run_id = :run_id AND name = :name AND repeat_index = :repeat_index AND started_us = :started_us
"""


class Runs:
    """The run and phase rows of one store."""

    def __init__(self, database: Database, events: Events, claims: Claims, owner: str) -> None:
        """Write to `database` in the name of `owner`; events wait in `events`, instruments are held in `claims`."""
        self._database = database
        self._events = events
        self._claims = claims
        self._owner = owner
        self._doubtful: set[int] = set()

    def begin(self, request: RunRequest, started_us: int, setting: Setting) -> int:
        """Begin a run, take its request out of the queue and hold its instruments, in one commit; return the run id."""
        with self._database.transaction(durably=True) as statements:
            found = statements.rows("SELECT id, owner, started_us FROM workflow_runs WHERE submission_key = :key", {"key": request.key})
            if found:
                return self._same(found[0], request, started_us)
            self._claims.make_free(statements, setting)
            keep_version(statements, request.version, request.workflow)
            name = free_name(statements, request.name)
            values = {**_run_values(request, name, started_us), **_setting_values(request, setting), "owner": self._owner}
            run = statements.insert(_BEGIN_RUN, values)
            self._claims.hold(statements, run, setting, started_us)
            statements.change("DELETE FROM queue WHERE submission_key = :key", {"key": request.key})
            sent = self._events.send(statements)
            decided = mark_decided(statements, request, run, started_us)
            if decided is not None:
                self._events.send_one(statements, decided)
            if not self._database.durable:
                detail: dict[str, Plain] = {"synchronous": "NORMAL", "boot": reboots.boot_mark()}
                self._events.send_one(statements, RunEvent(run, reboots.KIND, started_us, detail))
        self._events.forget(sent)
        return run

    def _same(self, found: Sequence[object], request: RunRequest, started_us: int) -> int:
        """Return the run that this very call began before its answer was lost; anything else would run twice."""
        run, owner, began = found
        if owner == self._owner and began == started_us:
            return int(str(run))
        raise BegunElsewhereError(f"The submission {request.key!r} was begun already, as run {run}; submit it again under another key.")

    def describe(self, run_id: int, code_versions: Mapping[str, str]) -> None:
        """Keep what the code was made of, as far as it became known after the beginning."""
        self._database.change(_DESCRIBE, {"id": run_id, "code_versions": plain_text(code_versions)})

    def end(self, run_id: int, outcome: Outcome, ended_us: int, detail: Mapping[str, object]) -> None:
        """Close a run."""
        error = detail.get("error")
        counts = {name: value for name, value in detail.items() if isinstance(value, bool | int | float | str) and name != "error"}
        with self._database.transaction(durably=True) as statements:
            sent = self._events.send(statements)
            statements.change(
                _END_RUN,
                {
                    "id": run_id,
                    "end_time": local_text(ended_us),
                    "ended_us": ended_us,
                    "status": STORED_STATUS[outcome],
                    "outcome": outcome.value,
                    "counts": plain_text(counts),
                    "error_text": None if error is None else clean(str(error)),
                    "events": _projected(statements, run_id),
                },
            )
            self._claims.release(statements, run_id)
        self._events.forget(sent)

    def begin_phase(self, phase: PhaseStarted) -> int:
        """Begin a phase; return its id."""
        values: Values = {
            "run_id": phase.run_id,
            "name": STORED_PHASE[phase.phase],
            "repeat_index": phase.iteration,
            "parameters": plain_text(phase.parameters) if phase.parameters else None,
            "start_time": local_text(phase.started_us),
            "started_us": phase.started_us,
            "samples": plain_text(phase.samples) if phase.samples else None,
        }
        if phase.started_us in self._doubtful:
            found = self._database.rows(_FIND_PHASE, values)
            if found:
                return int(str(found[0][0]))
        try:
            return self._events.insert(_BEGIN_PHASE, values)
        except RecordsError:
            self._doubtful.add(phase.started_us)
            raise

    def end_phase(self, phase_id: int, status: str, ended_us: int, outputs: str, error: str | None) -> None:
        """Close a phase; `outputs` is the JSON text of the contexts."""
        reported = None if error is None else plain_text({"message": error.split("\n", 1)[0], "fields": {}})
        self._events.change(
            _END_PHASE,
            {
                "id": phase_id,
                "status": status,
                "end_time": local_text(ended_us),
                "ended_us": ended_us,
                "outputs": outputs,
                "error": reported,
                "error_text": None if error is None else clean(error),
            },
        )


def free_name(statements: Statements, wanted: str) -> str:
    """Return `wanted`, with ``_1``, ``_2`` … behind it when a run has that name.

    The number is searched for by halving, so that the thousandth run of a name begins as fast as the first.
    """

    def taken(number: int) -> bool:
        name = f"{wanted}_{number}" if number else wanted
        return bool(statements.rows("SELECT 1 FROM workflow_runs WHERE name = :name", {"name": name}))

    if not taken(0):
        return wanted
    low, high = 0, 1
    while taken(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if taken(middle) else (low, middle)
    return f"{wanted}_{high}"


def _setting_values(request: RunRequest, setting: Setting) -> dict[str, str | int | None]:
    """Return the columns that say with what and where a run is made."""
    return {
        "host": setting.host,
        "os_user": setting.os_user,
        "instruments": plain_text(setting.instruments),
        "code_versions": plain_text({**request.code_versions, **setting.code_versions}),
    }


def _run_values(request: RunRequest, name: str, started_us: int) -> dict[str, str | int | None]:
    """Return the columns of a run that begins."""
    return {
        "name": name,
        "platform": request.deck,
        "start_time": local_text(started_us),
        "repeat_mode": "repeat" if request.rows is None else "batch",
        "submitted_by": request.operator[:50] or None,
        "submission_key": request.key,
        "workflow_name": request.workflow_name,
        "workflow_version": request.version,
        "deck_fingerprint": request.deck_fingerprint,
        "batch_size": request.batch_size,
        "not_before_us": request.not_before_us,
        "derived_from": request.derived_from,
        "notebook": request.notebook,
        "operator": request.operator,
        "submitted_us": request.submitted_us,
        "started_us": started_us,
        "request": request_text(request),
    }


def _projected(statements: Statements, run_id: int) -> str | None:
    """Return the events of a run as IvoryOS keeps them."""
    rows = statements.rows("SELECT kind, at_us, detail FROM run_events WHERE run_id = :run_id ORDER BY at_us, id", {"run_id": run_id})
    events = [
        {"time": event_text(int(str(at_us))), "kind": str(kind), "detail": _said(str(detail))}
        for kind, at_us, detail in rows
        if kind not in QUIET
    ]
    return plain_text(events) if events else None


def _said(detail: str) -> str | None:
    """Return what an event says, in one line."""
    data = from_text(detail)
    if not isinstance(data, dict) or not data:
        return None
    return "; ".join(f"{name}: {value}" if name != "message" else str(value) for name, value in data.items())

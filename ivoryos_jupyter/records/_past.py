"""What was written down of one run, read again so that a run can go on from it?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import RecordsError, UnknownNameError
from ivoryos_jupyter.journal import Lost, Outcome, PastPhase, PastRun, PastStep, PhaseStarted, RunEvent, StepStatus
from ivoryos_jupyter.records._artefacts import read_artefact
from ivoryos_jupyter.records._intents import COLUMNS, intent_of
from ivoryos_jupyter.records._plain import from_text
from ivoryos_jupyter.records._requests import request_from
from ivoryos_jupyter.records._runs import STORED_PHASE
from ivoryos_jupyter.schema import NotKeptError, bring_back

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ivoryos_jupyter.journal import Phase
    from ivoryos_jupyter.records._database import Row, Statements
    from ivoryos_jupyter.schema import Plain

_RUN = """
SELECT r.request, v.workflow, r.outcome, r.started_us, r.instruments
FROM workflow_runs r JOIN workflow_versions v ON v.hash = r.workflow_version WHERE r.id = :run_id
"""
_PHASES = """
SELECT id, name, repeat_index, started_us, parameters, samples, status, outputs, error_text FROM workflow_phases
WHERE run_id = :run_id ORDER BY id
"""
_STEPS = f"""
SELECT {COLUMNS}, s.status, s.output, s.error_text
FROM workflow_steps s JOIN workflow_phases p ON p.id = s.phase_id WHERE p.run_id = :run_id ORDER BY s.id
"""  # noqa: S608 - our own text
_EVENTS = "SELECT kind, at_us, detail FROM run_events WHERE run_id = :run_id ORDER BY id"
_PHASE_OF: Mapping[str, Phase] = {stored: phase for phase, stored in STORED_PHASE.items()}  # type: ignore[misc]  # its keys are the phases


def read_past(statements: Statements, folder: Path, run_id: int) -> PastRun:
    """Return a run; raise `UnknownNameError` when there is none of ours with this id."""
    return _Reader(statements, folder, run_id).read()


class _Reader:
    """Reads one run."""

    def __init__(self, statements: Statements, folder: Path, run_id: int) -> None:
        """Read from `statements`; large values lie in `folder`."""
        self._statements = statements
        self._folder = folder
        self._values = {"run_id": run_id}
        self._run_id = run_id

    def read(self) -> PastRun:
        """Return the run."""
        found = self._statements.rows(_RUN, self._values)
        if not found:
            raise UnknownNameError(f"There is no run {self._run_id} whose workflow is in the records; see ivoryos.history.runs().")
        request, workflow, outcome, started_us, instruments = found[0]
        steps: dict[int, list[PastStep]] = {}
        for row in self._statements.rows(_STEPS, self._values):
            steps.setdefault(int(str(row[1])), []).append(self._step(row))
        phases = [self._phase(row, steps) for row in self._statements.rows(_PHASES, self._values)]
        events = [self._event(row) for row in self._statements.rows(_EVENTS, self._values)]
        known = None if outcome is None else Outcome(str(outcome))
        return PastRun(
            self._run_id,
            request_from(str(request), str(workflow)),
            known,
            int(str(started_us)),
            tuple(phases),
            tuple(events),
            _identities(instruments),
        )

    def _phase(self, row: Row, steps: Mapping[int, Sequence[PastStep]]) -> PastPhase:
        number, name, iteration, started_us, parameters, samples, status, outputs, error = row
        rows = tuple(row for row in _list(parameters) if isinstance(row, dict))
        names = tuple(map(str, _list(samples)))
        started = PhaseStarted(self._run_id, _PHASE_OF[str(name)], int(str(iteration)), int(str(started_us)), rows, names)
        return PastPhase(
            started,
            None if status is None else str(status),
            tuple(steps.get(int(str(number)), ())),
            [self._values_of(one) for one in _json(outputs) or []],
            None if error is None else str(error),
        )

    def _step(self, row: Row) -> PastStep:
        status, output, error = row[-3:]
        known = str(status)
        return PastStep(
            int(str(row[0])),
            intent_of(row),
            StepStatus(known) if known in StepStatus._value2member_map_ else StepStatus.OPEN,
            self._values_of(_json(output) or {}),
            None if error is None else str(error),
        )

    def _event(self, row: Row) -> RunEvent:
        kind, at_us, detail = row
        said = _document(detail)
        return RunEvent(self._run_id, str(kind), int(str(at_us)), said if isinstance(said, dict) else {})

    def _values_of(self, kept: object) -> dict[str, object]:
        """Return the values of a JSON object; what cannot be brought back is `Lost`."""
        return {name: self._value(name, plain) for name, plain in kept.items()} if isinstance(kept, dict) else {}

    def _value(self, name: str, plain: Plain) -> object:
        try:
            return bring_back(plain, self._load)
        except (NotKeptError, RecordsError) as error:
            return Lost(name, str(error))
        except (ValueError, TypeError, LookupError, ArithmeticError):  # marks that somebody else wrote
            return Lost(name, "it cannot be read")

    def _load(self, reference: Mapping[str, object]) -> object:
        return read_artefact(self._folder, reference)


def _identities(cell: object) -> dict[str, dict[str, str]]:
    """Return what was known of each instrument."""
    known = _document(cell)
    found = known.items() if isinstance(known, dict) else ()
    return {name: {part: str(text) for part, text in one.items()} for name, one in found if isinstance(one, dict)}


def _json(cell: object) -> list[object] | dict[str, Plain] | None:
    """Return the content of a cell of encoded values, with its marks."""
    kept = json.loads(cell) if isinstance(cell, str) else cell
    return kept if isinstance(kept, list | dict) else None


def _document(cell: object) -> Plain:
    """Return the content of a cell of plain values."""
    return from_text(cell) if isinstance(cell, str) else None


def _list(cell: object) -> list[Plain]:
    found = _document(cell)
    return found if isinstance(found, list) else []

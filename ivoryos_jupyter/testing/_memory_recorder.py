"""Where can runs be kept without a database?  In memory, for tests: ours and yours."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import BusyError, RecordsError, UnknownNameError
from ivoryos_jupyter.journal import (
    Outcome,
    PastRun,
    QueuedRun,
    RunEvent,
    Setting,
    Submission,
    UnfinishedRun,
)
from ivoryos_jupyter.testing._kept import KeptCall, KeptPhase, KeptRun, KeptStep, past_phase, submission_of
from ivoryos_jupyter.testing._kept_queue import KeptQueue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.journal import (
        CallIntent,
        Charge,
        Holding,
        Observation,
        PastStep,
        PhaseStarted,
        RunRequest,
        StepIntent,
        StepOutcome,
    )
    from ivoryos_jupyter.schema import Plain


class MemoryRecorder:
    """A `Recorder` that forgets everything when it is gone.

    ``recorder.out_of_reach.add("settle_step")`` makes that method raise `RecordsError` until it is discarded again.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self.runs: dict[int, KeptRun] = {}
        self.phases: dict[int, KeptPhase] = {}
        self.steps: dict[int, KeptStep] = {}
        self.calls: dict[int, KeptCall] = {}
        self.events: list[RunEvent] = []
        self.observations: list[Observation] = []
        self.out_of_reach: set[str] = set()
        """Names of the methods that raise `RecordsError` now."""
        self.others: list[Holding] = []
        """Instruments that the runs of other kernels are said to hold."""
        self.elsewhere: dict[str, Submission] = {}
        """Submissions that other kernels are said to have, by key."""
        self._waiting = KeptQueue()
        self._ids = itertools.count(1)
        self._lock = threading.RLock()

    def _reach(self, method: str) -> None:
        if method in self.out_of_reach:
            raise RecordsError(f"The database is out of reach ({method}).")

    def enqueue(self, request: RunRequest, decided: RunEvent | None = None) -> bool:
        """Append to the queue, with what is decided by it; False when a request or run with this key exists already."""
        self._reach("enqueue")
        with self._lock:
            elsewhere = self.elsewhere.get(request.key)
            if self._run_of(request.key) is not None or request.key in self._waiting:
                return False
            if elsewhere is not None and (elsewhere.alive or elsewhere.run_id is not None):
                return False
            self.elsewhere.pop(request.key, None)
            if decided is not None:
                self._refuse_second(int(decided.run_id or 0))
                self.events.append(decided)
            self._waiting.add(request)
            return True

    def queue(self) -> Sequence[QueuedRun]:
        """Return the waiting requests in order."""
        self._reach("queue")
        with self._lock:
            return tuple(QueuedRun(position, request) for position, request in enumerate(self._waiting))

    def reorder(self, keys: Sequence[str]) -> None:
        """Put the waiting requests into the order of `keys`."""
        self._reach("reorder")
        with self._lock:
            self._waiting.reorder(keys)

    def replace_queued(self, request: RunRequest) -> bool:
        """Replace the waiting request that has the same key; False when it waits no longer."""
        self._reach("replace_queued")
        with self._lock:
            return self._waiting.replace(request)

    def remove_queued(self, key: str) -> bool:
        """Take a waiting request away; False when it waits no longer."""
        self._reach("remove_queued")
        with self._lock:
            return self._waiting.remove(key)

    def submission(self, key: str) -> Submission | None:
        """Return what is known of a submission: of a run or of the queue here, else what `elsewhere` says."""
        self._reach("submission")
        number = self._run_of(key)
        if number is None:
            return Submission() if key in self._waiting else self.elsewhere.get(key)
        return submission_of(self.runs[number])

    def mark_interrupted(self, run_id: int) -> bool:
        """Mark a run that `elsewhere` says a dead kernel had."""
        self._reach("mark_interrupted")
        for key, one in self.elsewhere.items():
            if one.run_id == run_id and one.outcome is None and not one.alive:
                self.elsewhere[key] = replace(one, outcome=Outcome.INTERRUPTED)
                return True
        return False

    def _run_of(self, key: str) -> int | None:
        return next((run.id for run in self.runs.values() if run.request.key == key), None)

    def begin_run(self, request: RunRequest, started_us: int, setting: Setting = Setting()) -> int:  # noqa: B008 - frozen
        """Begin a run and take its request out of the queue; return the run id."""
        self._reach("begin_run")
        held = [one for one in self.others if one.thing in {claim.thing for claim in setting.claims}]
        if held and not setting.take_over:
            raise BusyError("; ".join(one.sentence for one in held))
        with self._lock:
            known = self._run_of(request.key)
            if known is not None:
                return known
            self._waiting.remove(request.key)
            if request.resume is not None and request.derived_from is not None:
                self._refuse_second(request.derived_from)
            run = KeptRun(next(self._ids), request, started_us, setting)
            self.runs[run.id] = run
            if request.resume is not None:
                detail: dict[str, Plain] = {"choice": request.resume["mode"], "run": run.id, "operator": request.resume["operator"]}
                self.events.append(RunEvent(request.derived_from, "decided", started_us, detail))
            return run.id

    def _refuse_second(self, run_id: int) -> None:
        if run_id in self._decided():
            raise RecordsError(f"Somebody has decided about run {run_id} already.")

    def _decided(self) -> set[int | None]:
        return {event.run_id for event in self.events if event.kind == "decided"}

    def describe_run(self, run_id: int, code_versions: Mapping[str, str]) -> None:
        """Keep what the code was made of."""
        self._reach("describe_run")
        self.runs[run_id].code_versions = code_versions

    def held_elsewhere(self) -> Sequence[Holding]:
        """Return what `others` says."""
        self._reach("held_elsewhere")
        return tuple(self.others)

    def latest_held_elsewhere(self) -> int | None:
        """Return the latest run that `others` names."""
        self._reach("latest_held_elsewhere")
        return max((one.run_id for one in self.others), default=None)

    def end_run(self, run_id: int, outcome: Outcome, ended_us: int, detail: Mapping[str, object]) -> None:
        """Close a run."""
        self._reach("end_run")
        run = self.runs[run_id]
        run.outcome, run.ended_us, run.detail = outcome, ended_us, detail

    def begin_phase(self, phase: PhaseStarted) -> int:
        """Begin a phase; return its id."""
        self._reach("begin_phase")
        kept = KeptPhase(next(self._ids), phase)
        self.phases[kept.id] = kept
        return kept.id

    def end_phase(
        self, phase_id: int, status: str, ended_us: int, outputs: Sequence[Mapping[str, object]], error: str | None = None
    ) -> None:
        """Close a phase with the whole context of each sample."""
        self._reach("end_phase")
        phase = self.phases[phase_id]
        phase.status, phase.ended_us, phase.outputs, phase.error = status, ended_us, outputs, error

    def intend_step(self, intent: StepIntent, charge: Charge | None = None) -> int:
        """Keep that a step is about to be done, and what it is charged; return the id of its row."""
        self._reach("intend_step")
        if charge is not None:
            self.charge(charge)
        row = next(self._ids)
        self.steps[row] = KeptStep(row, intent)
        return row

    def settle_step(self, step_row: int, outcome: StepOutcome) -> None:
        """Keep what came of it."""
        self._reach("settle_step")
        self.steps[step_row].outcome = outcome

    def intend_call(self, intent: CallIntent, charge: Charge | None = None) -> int:
        """Keep that a direct call is about to be made, and what it is charged; return the id of its row."""
        self._reach("intend_call")
        if charge is not None:
            self.charge(charge)
        row = next(self._ids)
        self.calls[row] = KeptCall(row, intent)
        return row

    def settle_call(self, call_row: int, outcome: StepOutcome) -> None:
        """Keep what came of it."""
        self._reach("settle_call")
        self.calls[call_row].outcome = outcome

    def charge(self, charge: Charge) -> None:
        """Keep what `charge` decides on, while nobody else can."""
        self._reach("charge")
        with self._lock:
            self.events.extend(charge(self.events_after))

    def note(self, event: RunEvent) -> None:
        """Keep an event."""
        self._reach("note")
        self.events.append(event)

    def observe(self, reading: Observation) -> None:
        """Keep a reading of a watch."""
        self._reach("observe")
        self.observations.append(reading)

    def events_after(self, number: int | None, kinds: Sequence[str]) -> Sequence[tuple[int, RunEvent]]:
        """Return the events of these kinds that came after the one with this number."""
        self._reach("events_after")
        return [(at, event) for at, event in enumerate(self.events, 1) if at > (number or 0) and event.kind in kinds]

    def left_waiting(self) -> Mapping[str, Sequence[str]]:
        """Return nothing: there is one queue."""
        self._reach("left_waiting")
        return {}

    def take_up(self, notebook: str) -> int:
        """Take up nothing: there is one queue."""
        self._reach(f"take_up of {notebook}")
        return 0

    def unfinished(self, notebook: str = "") -> Sequence[UnfinishedRun]:
        """Return the runs that nobody ended or decided about, and mark them interrupted; there is one queue for every `notebook`."""
        del notebook
        self._reach("unfinished")
        for run in self.runs.values():
            if run.outcome is None:
                run.outcome = Outcome.INTERRUPTED
        return self.interrupted()

    def interrupted(self) -> Sequence[UnfinishedRun]:
        """Return the interrupted runs about which nobody has decided yet, oldest first; nothing is changed."""
        self._reach("interrupted")
        open_runs = [run for run in self.runs.values() if run.outcome is Outcome.INTERRUPTED and run.id not in self._decided()]
        return [
            UnfinishedRun(run.id, run.request, tuple((step.id, step.intent) for step in self.steps_of(run.id) if step.outcome is None))
            for run in open_runs
        ]

    def past(self, run_id: int) -> PastRun:
        """Return what was written down of a run; its values are the live ones."""
        self._reach("past")
        run = self.runs.get(run_id)
        if run is None:
            raise UnknownNameError(f"There is no run {run_id}.")
        phases = tuple(past_phase(one, self._steps_in(one.id)) for one in self.phases_of(run_id))
        events = tuple(event for event in self.events if event.run_id == run_id)
        return PastRun(run_id, run.request, run.outcome, run.started_us, phases, events, run.setting.instruments)

    def _steps_in(self, phase_id: int) -> list[KeptStep]:
        return [step for step in self.steps.values() if step.intent.phase_id == phase_id]

    def decide(self, event: RunEvent) -> None:
        """Keep what a person decided about an interrupted run without going on with it; it is asked about no more."""
        self._reach("decide")
        self._refuse_second(int(event.run_id or 0))
        self.events.append(event)

    def past_steps(self, run_id: int) -> list[PastStep]:
        """Return the steps of a run as they are read again, in order."""
        return [step for phase in self.past(run_id).phases for step in phase.steps]

    def phases_of(self, run_id: int) -> list[KeptPhase]:
        """Return the phases of a run, in order."""
        return [phase for phase in self.phases.values() if phase.started.run_id == run_id]

    def steps_of(self, run_id: int) -> list[KeptStep]:
        """Return the steps of a run, in order."""
        phases = {phase.id for phase in self.phases_of(run_id)}
        return [step for step in self.steps.values() if step.intent.phase_id in phases]

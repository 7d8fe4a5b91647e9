"""Who keeps what happens?  The store: one database, one data folder, in the name of one kernel."""

from __future__ import annotations

import socket
import uuid
from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import RunEvent, Setting, UnfinishedRun
from ivoryos_jupyter.records._artefacts import read_artefact
from ivoryos_jupyter.records._claims import Claims
from ivoryos_jupyter.records._clock import now_us
from ivoryos_jupyter.records._decisions import OPEN_TO_DECISION, refuse_second
from ivoryos_jupyter.records._encoder import Encoder
from ivoryos_jupyter.records._events import Events
from ivoryos_jupyter.records._observations import Observations
from ivoryos_jupyter.records._past import read_past
from ivoryos_jupyter.records._queue import Queue
from ivoryos_jupyter.records._reboots import may_end_early
from ivoryos_jupyter.records._requests import request_from
from ivoryos_jupyter.records._run_files import RunFiles
from ivoryos_jupyter.records._runs import Runs
from ivoryos_jupyter.records._standing import Standing
from ivoryos_jupyter.records._steps import Steps
from ivoryos_jupyter.records._submissions import Submissions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Literal

    from ivoryos_jupyter.journal import (
        CallIntent,
        Charge,
        Holding,
        Observation,
        Outcome,
        PastRun,
        PhaseStarted,
        QueuedRun,
        RunRequest,
        StepIntent,
        StepOutcome,
        Submission,
    )
    from ivoryos_jupyter.records._database import Database, Statements
    from ivoryos_jupyter.records._folder import DataFolder

_OPEN_RUNS = f"""
SELECT r.id, r.owner, r.outcome, r.request, v.workflow
FROM workflow_runs r JOIN workflow_versions v ON v.hash = r.workflow_version
WHERE r.outcome IS NULL OR ({OPEN_TO_DECISION})
ORDER BY r.id
"""  # noqa: S608 - our own text
_INTERRUPTED = f"""
SELECT r.id, r.request, v.workflow FROM workflow_runs r JOIN workflow_versions v ON v.hash = r.workflow_version
WHERE {OPEN_TO_DECISION} ORDER BY r.id
"""  # noqa: S608 - likewise
_INTERRUPT = "UPDATE workflow_runs SET outcome = 'interrupted' WHERE id = :id AND outcome IS NULL"


def new_owner() -> str:
    """Return a name for this kernel that no other ever has; it begins with the host, for whoever reads it."""
    host = "".join(letter for letter in socket.gethostname() if letter.isascii() and (letter.isalnum() or letter in "-."))[:31].strip(".-")
    return f"{host or 'host'}-{uuid.uuid4().hex}"


class Store:
    """Implements `ivoryos_jupyter.journal.Recorder`; every method may be called from any thread."""

    def __init__(self, database: Database, folder: DataFolder, owner: str) -> None:
        """Keep rows in `database` and files in `folder`, in the name of `owner`."""
        self.database = database
        self.folder = folder
        self.owner = owner
        self._events = Events(database, owner)
        self._encoder = Encoder(folder.path)
        self._queue = Queue(database, owner)
        self._submissions = Submissions(database, owner)
        self._claims = Claims(database, owner)
        self._standing = Standing(database, self._claims)
        self._runs = Runs(database, self._events, self._claims, owner)
        self._steps = Steps(database, self._events, self._encoder, owner)
        self._observations = Observations(database, self._encoder)
        self.files = RunFiles(database, folder)

    def when_cut_off(self, told: Callable[[], None]) -> None:
        """Let `told` be called whenever other kernels may have taken this one for dead; it must not use the records at once."""
        self._standing.told = told

    @property
    def where(self) -> str:
        """The database, as a message calls it."""
        return self.database.where

    def enqueue(self, request: RunRequest, decided: RunEvent | None = None) -> bool:
        """Append to the queue; False when a request or run with this key exists already.

        `decided` is what a person decides by this about an interrupted run; in one commit, so that nobody begins it twice.
        """
        return self._queue.append(request, (lambda _: None) if decided is None else lambda statements: self._decide(statements, decided))

    def queue(self) -> Sequence[QueuedRun]:
        """Return the waiting requests in order."""
        return self._queue.waiting()

    def reorder(self, keys: Sequence[str]) -> None:
        """Put the waiting requests into the order of `keys`."""
        self._queue.reorder(keys)

    def replace_queued(self, request: RunRequest) -> bool:
        """Replace the waiting request that has the same key; False when it waits no longer."""
        return self._queue.replace(request)

    def remove_queued(self, key: str) -> bool:
        """Take a waiting request away; False when it waits no longer."""
        return self._queue.remove(key)

    def submission(self, key: str) -> Submission | None:
        """Return what is known of a submission, whichever kernel has it; None when there is none."""
        return self._submissions.of(key)

    def mark_interrupted(self, run_id: int) -> bool:
        """Mark a run whose kernel is dead as interrupted; False when it lives, or the run has ended."""
        return self._submissions.mark_interrupted(run_id)

    def begin_run(self, request: RunRequest, started_us: int, setting: Setting = Setting()) -> int:  # noqa: B008 - frozen
        """Begin a run, take its request out of the queue and hold its instruments, in one commit; return the run id."""
        run = self._runs.begin(request, started_us, setting)
        self._standing.begun(run, setting)
        return run

    def describe_run(self, run_id: int, code_versions: Mapping[str, str]) -> None:
        """Keep what the code was made of, as far as it became known after the beginning."""
        self._runs.describe(run_id, code_versions)

    def held_elsewhere(self) -> Sequence[Holding]:
        """Return the instruments that the runs of other living kernels hold."""
        return self._claims.elsewhere()

    def latest_held_elsewhere(self) -> int | None:
        """Return the latest run of another kernel that holds an instrument, dead or alive, or None."""
        return self._claims.latest_elsewhere()

    def end_run(self, run_id: int, outcome: Outcome, ended_us: int, detail: Mapping[str, object]) -> None:
        """Close a run; `detail` holds counts such as ``skipped`` and, for a failed run, ``error``."""
        self._runs.end(run_id, outcome, ended_us, detail)
        self._standing.ended(run_id)
        self._write_files(run_id, ended_us)

    def begin_phase(self, phase: PhaseStarted) -> int:
        """Begin a phase; return its id."""
        if self._standing.doubtful:
            self._standing.look()
        return self._runs.begin_phase(phase)

    def end_phase(
        self, phase_id: int, status: str, ended_us: int, outputs: Sequence[Mapping[str, object]], error: str | None = None
    ) -> None:
        """Close a phase with the whole context of each sample; `status` is ``done``, ``stopped`` or ``failed``."""
        self._runs.end_phase(phase_id, status, ended_us, self._encoder.encode_contexts(outputs), error)

    def intend_step(self, intent: StepIntent, charge: Charge | None = None) -> int:
        """Commit that a step is about to be done, and what it is charged; return the id of its row."""
        if self._standing.doubtful:
            self._standing.look()
        row = self._steps.intend(intent, charge)
        if self._standing.doubtful:  # it was cut off while this waited for its turn
            self._steps.doubt(intent)
            self._standing.look()
        return row

    def settle_step(self, step_row: int, outcome: StepOutcome) -> None:
        """Commit what came of it."""
        self._steps.settle(step_row, outcome)

    def intend_call(self, intent: CallIntent, charge: Charge | None = None) -> int:
        """Commit that a direct call is about to be made, and what it is charged; return the id of its row."""
        row = self._steps.intend_call(intent, charge)
        self.files.call_began(intent)
        return row

    def settle_call(self, call_row: int, outcome: StepOutcome) -> None:
        """Commit what came of it."""
        self._steps.settle_call(call_row, outcome)
        self.files.call_ended(call_row, outcome)

    def charge(self, charge: Charge) -> None:
        """Commit what is charged for a reading that has no row of its own; where the answer was lost, it may be charged twice."""
        self._events.charge(charge)

    def note(self, event: RunEvent) -> None:
        """Keep an event; branches, loops and variables are committed with the next row, all others at once."""
        self._events.note(event)

    def events_after(self, number: int | None, kinds: Sequence[str]) -> Sequence[tuple[int, RunEvent]]:
        """Return the events of these kinds that came after the one with this number, with their own, in order; all for None."""
        return self._events.after(number, kinds)

    def flush(self) -> None:
        """Commit the events that wait for a row."""
        self._events.flush()

    def observe(self, reading: Observation) -> None:
        """Keep a reading of a watch."""
        self._observations.keep(reading)

    def unfinished(self, notebook: str = "") -> Sequence[UnfinishedRun]:
        """Return the runs that nobody ended and whose kernel is dead, and mark them interrupted.

        A run that was marked before is returned again as long as nobody has decided about it. What waited in the queue
        of a dead kernel of `notebook` waits here from now on, in its order; whoever restores it holds it.
        """
        with self.database.transaction(durably=True) as statements:
            dead = self._dead(statements)
            found = [row for row in statements.rows(_OPEN_RUNS) if row[1] in dead or row[2] is not None]
            for run_id, _owner, _outcome, _request, _workflow in found:
                statements.change(_INTERRUPT, {"id": int(str(run_id))})
            for owner in sorted(dead):
                self._queue.adopt(statements, owner, lambda theirs: not notebook or theirs in {"", notebook})
        return [self._unfinished(int(str(row[0])), str(row[3]), str(row[4])) for row in found]

    def left_waiting(self) -> Mapping[str, Sequence[str]]:
        """Return the names of the runs that wait in queues of dead kernels, by the notebook they were submitted from."""
        found: dict[str, list[str]] = {}
        for owner, notebook, name in self._queue.of_others():
            if not self.database.alive(owner):
                found.setdefault(notebook, []).append(name)
        return found

    def take_up(self, notebook: str) -> int:
        """Let wait here, behind all others, what dead kernels of `notebook` had in their queues; return how many runs."""
        with self.database.transaction(durably=True) as statements:
            dead = sorted(self._dead(statements))
            return sum(self._queue.adopt(statements, owner, lambda theirs: theirs == notebook) for owner in dead)

    def calls_left(self) -> Sequence[CallIntent]:
        """Return the direct calls that were under way when their kernels died, each once; from now on they are in doubt."""
        return self._steps.calls_left()

    def interrupted(self) -> Sequence[UnfinishedRun]:
        """Return the interrupted runs about which nobody has decided yet, oldest first; nothing is changed."""
        return [self._unfinished(int(str(row[0])), str(row[1]), str(row[2])) for row in self.database.rows(_INTERRUPTED)]

    def past(self, run_id: int) -> PastRun:
        """Return what was written down of a run, with its values brought back; raise `UnknownNameError` when there is none."""
        with self.database.fresh() as statements:
            return read_past(statements, self.folder.path, run_id)

    def may_end_early(self, run: PastRun) -> str:
        """Return why the last steps of a run may be missing from its record; empty when they cannot be."""
        return may_end_early(run, now_us())

    def decide(self, event: RunEvent) -> None:
        """Keep what a person decided about an interrupted run without going on with it; it is asked about no more."""
        with self.database.transaction(durably=True) as statements:
            self._decide(statements, event)

    def _decide(self, statements: Statements, event: RunEvent) -> None:
        refuse_second(statements, int(event.run_id or 0))
        self._events.send_one(statements, event)

    def live(self, kind: Literal["step", "call"], row: int) -> object:
        """Return the object that a step or direct call returned; raise KeyError when it is kept no longer."""
        return self._encoder.live((kind, row))

    def artefact(self, reference: Mapping[str, object]) -> object:
        """Return the value that a ``{"$artefact": …}`` in a row stands for; `reference` is its inner object."""
        return read_artefact(self.folder.path, reference)

    def close(self) -> None:
        """Commit what waits and give back every connection and lock."""
        try:
            self._events.flush()
        finally:
            self.database.close()

    def _write_files(self, run_id: int, ended_us: int) -> None:
        """Write the files of a run; the rows are committed already, so a file that fails is an event and no error of the run."""
        try:
            self.files.write(run_id)
        except Exception as error:  # noqa: BLE001 - whatever rendering or the disk says, the run has ended and is recorded
            self.note(RunEvent(run_id, "files_failed", ended_us, {"message": str(error)}))

    def _dead(self, statements: Statements) -> set[str]:
        """Return the owners of open runs and waiting requests whose kernel is dead."""
        owners = {str(row[1]) for row in statements.rows(_OPEN_RUNS) if row[2] is None} | self._queue.owners(statements)
        return {owner for owner in owners if owner != self.owner and not self.database.alive(owner)}

    def _unfinished(self, run_id: int, request: str, workflow: str) -> UnfinishedRun:
        """Return one run that a dead kernel left behind."""
        return UnfinishedRun(run_id, request_from(request, workflow), self._steps.in_doubt(run_id))

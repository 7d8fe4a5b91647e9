"""What must something offer to keep what happens?  The protocol between `runner` and `records`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.journal._charge import Charge
    from ivoryos_jupyter.journal._past import PastRun
    from ivoryos_jupyter.journal._rows import (
        CallIntent,
        Observation,
        Outcome,
        PhaseStarted,
        QueuedRun,
        RunEvent,
        RunRequest,
        StepIntent,
        StepOutcome,
        UnfinishedRun,
    )
    from ivoryos_jupyter.journal._setting import Holding, Setting
    from ivoryos_jupyter.journal._submission import Submission


class Recorder(Protocol):
    """Keeps runs, phases, steps, direct calls, events and the queue.

    Every method may be called from any thread. A method that returns has committed, except `note`, whose event is
    committed at the latest with the next row. All raise `RecordsError` when the store is out of reach; a call that raised
    may be given again with the same row and is then kept once.
    """

    def enqueue(self, request: RunRequest, decided: RunEvent | None = None) -> bool:
        """Append to the queue, a run that follows from another before all others; False when its key exists already.

        `decided` is what a person decides by this about an interrupted run, kept in one commit; raise `RecordsError`, with nothing
        appended, when somebody has decided about it already.
        """

    def queue(self) -> Sequence[QueuedRun]:
        """Return the waiting requests in order."""

    def reorder(self, keys: Sequence[str]) -> None:
        """Put the waiting requests into the order of `keys`."""

    def replace_queued(self, request: RunRequest) -> bool:
        """Replace the waiting request that has the same key; False when it waits no longer."""

    def remove_queued(self, key: str) -> bool:
        """Take a waiting request away; False when it waits no longer."""

    def submission(self, key: str) -> Submission | None:
        """Return what is known of a submission, whichever kernel has it; None when there is none."""

    def mark_interrupted(self, run_id: int) -> bool:
        """Mark a run whose kernel is dead as interrupted; False when it lives, or the run has ended."""
        ...

    def begin_run(self, request: RunRequest, started_us: int, setting: Setting) -> int:
        """Begin a run, take its request out of the queue and hold its instruments, in one commit; return the run id.

        Refused with `BusyError` when the run of another living kernel holds one of them and `setting` does not take it over.

        A run that goes on with an interrupted one writes the decisions about it in the same commit, and is refused with
        `RecordsError` when somebody has decided about that one already.
        """

    def describe_run(self, run_id: int, code_versions: Mapping[str, str]) -> None:
        """Keep what the code was made of, as far as it became known after the beginning."""

    def held_elsewhere(self) -> Sequence[Holding]:
        """Return the instruments that the runs of other living kernels hold."""

    def latest_held_elsewhere(self) -> int | None:
        """Return the latest run of another kernel that holds an instrument, dead or alive, or None; asked before each direct call."""
        ...

    def end_run(self, run_id: int, outcome: Outcome, ended_us: int, detail: Mapping[str, object]) -> None:
        """Close a run; `detail` holds counts such as ``skipped`` and, for a failed run, ``error``."""

    def begin_phase(self, phase: PhaseStarted) -> int:
        """Begin a phase; return its id."""

    def end_phase(
        self, phase_id: int, status: str, ended_us: int, outputs: Sequence[Mapping[str, object]], error: str | None = None
    ) -> None:
        """Close a phase with the whole context of each sample; `status` is ``done``, ``stopped`` or ``failed``."""

    def intend_step(self, intent: StepIntent, charge: Charge | None = None) -> int:
        """Commit that a step is about to be done, and what it is charged; return the id of its row.

        What `charge` raises is passed on, and nothing is committed. The same for `intend_call` and `charge`.
        """

    def settle_step(self, step_row: int, outcome: StepOutcome) -> None:
        """Commit what came of it."""

    def intend_call(self, intent: CallIntent, charge: Charge | None = None) -> int:
        """Commit that a direct call is about to be made, and what it is charged; return the id of its row."""

    def settle_call(self, call_row: int, outcome: StepOutcome) -> None:
        """Commit what came of it."""

    def charge(self, charge: Charge) -> None:
        """Commit what is charged for a reading that has no row of its own."""

    def note(self, event: RunEvent) -> None:
        """Keep an event."""

    def observe(self, reading: Observation) -> None:
        """Keep a reading of a watch."""

    def events_after(self, number: int | None, kinds: Sequence[str]) -> Sequence[tuple[int, RunEvent]]:
        """Return the events of these kinds that came after the one with this number, with their own, in order; all for None.

        Whoever reads on from the last number misses none of `BUDGET_KINDS`; others may be committed behind a higher number.
        """

    def unfinished(self, notebook: str = "") -> Sequence[UnfinishedRun]:
        """Return the runs that nobody ended and whose kernel is dead, and mark them interrupted.

        What dead kernels of `notebook` had in their queues waits here from now on; of all notebooks where it is empty.
        """

    def left_waiting(self) -> Mapping[str, Sequence[str]]:
        """Return the names of the runs that wait in queues of dead kernels, by the notebook they were submitted from."""
        ...

    def take_up(self, notebook: str) -> int:
        """Let wait here, behind all others, what dead kernels of `notebook` had in their queues; return how many runs."""
        ...

    def interrupted(self) -> Sequence[UnfinishedRun]:
        """Return the interrupted runs about which nobody has decided yet, oldest first; nothing is changed."""

    def past(self, run_id: int) -> PastRun:
        """Return what was written down of a run, with its values brought back; raise `UnknownNameError` when there is none."""

    def decide(self, event: RunEvent) -> None:
        """Keep what a person decided about an interrupted run without going on with it; it is asked about no more."""

"""What must something offer to keep what happens?  The protocol between `runner` and `records`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.journal._rows import (
        CallIntent,
        Outcome,
        PhaseStarted,
        QueuedRun,
        RecordedRun,
        RunEvent,
        RunRequest,
        StepIntent,
        StepOutcome,
        UnfinishedRun,
    )


class Recorder(Protocol):
    """Keeps runs, phases, steps, direct calls, events and the queue.

    Every method may be called from any thread. A method that returns has committed, except `note`, whose event is
    committed at the latest with the next row. All raise `RecordsError` when the store is out of reach; a call that raised
    may be given again with the same row and is then kept once.
    """

    def enqueue(self, request: RunRequest) -> bool:
        """Append to the queue; False when a request or run with this key exists already."""

    def queue(self) -> Sequence[QueuedRun]:
        """Return the waiting requests in order."""

    def reorder(self, keys: Sequence[str]) -> None:
        """Put the waiting requests into the order of `keys`."""

    def replace_queued(self, request: RunRequest) -> bool:
        """Replace the waiting request that has the same key; False when it waits no longer."""

    def remove_queued(self, key: str) -> bool:
        """Take a waiting request away; False when it waits no longer."""

    def run_of(self, key: str) -> int | None:
        """Return the id of the run that was begun from this submission, or None."""

    def recorded_run(self, key: str) -> RecordedRun | None:
        """Return what is known of the run that was begun from this submission, or None."""

    def begin_run(self, request: RunRequest, started_us: int) -> int:
        """Begin a run and take its request out of the queue, in one commit; return the run id."""

    def end_run(self, run_id: int, outcome: Outcome, ended_us: int, detail: Mapping[str, object]) -> None:
        """Close a run; `detail` holds counts such as ``skipped`` and, for a failed run, ``error``."""

    def begin_phase(self, phase: PhaseStarted) -> int:
        """Begin a phase; return its id."""

    def end_phase(
        self, phase_id: int, status: str, ended_us: int, outputs: Sequence[Mapping[str, object]], error: str | None = None
    ) -> None:
        """Close a phase with the whole context of each sample; `status` is ``done``, ``stopped`` or ``failed``."""

    def intend_step(self, intent: StepIntent) -> int:
        """Commit that a step is about to be done; return the id of its row."""

    def settle_step(self, step_row: int, outcome: StepOutcome) -> None:
        """Commit what came of it."""

    def intend_call(self, intent: CallIntent) -> int:
        """Commit that a direct call is about to be made; return the id of its row."""

    def settle_call(self, call_row: int, outcome: StepOutcome) -> None:
        """Commit what came of it."""

    def note(self, event: RunEvent) -> None:
        """Keep an event."""

    def unfinished(self) -> Sequence[UnfinishedRun]:
        """Return the runs that nobody ended and whose kernel is dead, and mark them interrupted."""

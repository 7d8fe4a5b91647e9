"""How is one step of a run done and recorded?  Intent committed, done, outcome committed, event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CallTimeoutError
from ivoryos_jupyter.journal import StepIntent, StepOutcome, StepStatus
from ivoryos_jupyter.runner._effects import Done, Failed
from ivoryos_jupyter.runner._events import StepChanged
from ivoryos_jupyter.runner._flight import error_text
from ivoryos_jupyter.runner._gates import recordable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.journal import Charge
    from ivoryos_jupyter.runner._effects import Doing, Reply
    from ivoryos_jupyter.runner._station import Station
    from ivoryos_jupyter.schema import Plain

_COUNTED = {
    StepStatus.DONE: "done",
    StepStatus.FAILED: "failed",
    StepStatus.CANCELLED: "cancelled",
    StepStatus.ABANDONED: "abandoned",
}


class Attempt:
    """One attempt of one step: its row from intent to outcome."""

    def __init__(self, station: Station, doing: Doing, phase: str, iteration: int, sample_id: str | None) -> None:
        """Prepare the attempt."""
        self._station = station
        self._doing = doing
        self._phase = phase
        self._iteration = iteration
        self._sample_id = sample_id
        self._row = 0
        self._began_us = 0

    def begin(self, arguments: Mapping[str, Plain], charge: Charge | None = None) -> None:
        """Commit the intent and what it is charged; nothing is done unless that has succeeded.

        Raises
        ------
        BudgetError
            When a budget would not last; nothing is committed then.
        """
        station, doing = self._station, self._doing
        self._began_us = started = station.clock.now_us()
        intent = StepIntent(
            station.phase_id,
            doing.step.id,
            doing.step_index,
            doing.method_name,
            doing.instrument,
            started,
            arguments,
            doing.attempt,
            doing.sample,
            self._sample_id,
            doing.path,
        )
        self._row = station.commit(lambda: station.recorder.intend_step(intent, charge))
        station.control.at_step(doing, started)
        self._tell(StepStatus.OPEN, started)

    def show_wait(self, total: float, left: float) -> None:
        """Show how much of a wait is left."""
        station = self._station
        station.control.at_step(self._doing, self._began_us, total, station.clock.monotonic() + left)
        station.control.publish()

    def end(self, outcome: StepOutcome) -> None:
        """Commit the outcome."""
        station, row = self._station, self._row
        station.control.counts[_COUNTED[outcome.status]] += 1
        station.commit(lambda: station.recorder.settle_step(row, outcome), keep=True)
        station.control.at_step(None)
        self._tell(outcome.status, outcome.ended_us, outcome.error, outcome.result, outcome.prints)

    def _tell(self, status: StepStatus, at_us: int, error: str | None = None, result: object = None, prints: str = "") -> None:
        station, doing = self._station, self._doing
        station.office.tell(
            StepChanged(
                station.key,
                station.run_id,
                self._row,
                doing.step.id,
                self._phase,
                self._iteration,
                doing.label,
                status,
                at_us,
                doing.attempt,
                doing.sample,
                doing.path,
                error,
                result,
                prints,
                doing.method_name,
                self._began_us,
            )
        )

    def done(self, result: object = None, prints: str = "") -> Reply:
        """Record success, and return the names the step gives to its result."""
        now = self._station.clock.now_us()
        try:
            added = self._doing.name(result)
        except Exception as error:  # noqa: BLE001 - a result of another shape than its names is a failed step
            self.end(StepOutcome(StepStatus.FAILED, now, result, error=error_text(error), prints=prints))
            return Failed(error)
        self.end(StepOutcome(StepStatus.DONE, now, result, added, prints=prints))
        return Done(added)

    def failed(self, error: BaseException) -> Reply:
        """Record a failure of what is no call."""
        self.end(StepOutcome(StepStatus.FAILED, self._station.clock.now_us(), error=error_text(error)))
        return Failed(error)

    def refused(self, error: BaseException) -> Reply:
        """Record a step that the gates refused, or that could not even be tried."""
        self.begin(recordable(self._doing.arguments))
        return self.failed(error)

    def cancelled(self) -> None:
        """Record that a stop ended it."""
        self.end(StepOutcome(StepStatus.CANCELLED, self._station.clock.now_us(), error=f"{self._station.control.why}."))


def timed_out(label: str, seconds: float) -> CallTimeoutError:
    """Return the error of a step that took too long."""
    return CallTimeoutError(f"{label} took longer than its time-out of {seconds:g} s.")

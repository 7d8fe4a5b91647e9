"""What happens to one direct call, from its place in line to its outcome?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CallStoppedError, CallTimeoutError, DriverError
from ivoryos_jupyter.journal import CallIntent, StepOutcome, StepStatus
from ivoryos_jupyter.runner._call import CallHandle
from ivoryos_jupyter.runner._events import CallChanged
from ivoryos_jupyter.runner._flight import error_text
from ivoryos_jupyter.runner._locks import Holder

if TYPE_CHECKING:
    from ivoryos_jupyter.runner._call import Call, CallStatus
    from ivoryos_jupyter.runner._flight import Ended, Flight
    from ivoryos_jupyter.runner._gates import Ready
    from ivoryos_jupyter.runner._office import Office


class DirectCall:
    """Takes one direct call through seat, intent, call and outcome, on the clerk's thread."""

    def __init__(self, office: Office, call: Call, ready: Ready, number: int) -> None:
        """Prepare the call, which has passed the gates."""
        self._office = office
        self._call = call
        self._ready = ready
        self._root = ready.root
        self._cancelled = False
        self._holder = Holder(call.label, take_over=call.take_over)
        self._flight: Flight | None = None
        self._timed_out = False
        self._started_us: int | None = None
        blocks = self._would_block if ready.job.coroutine or ready.job.place == "main" else lambda: False
        self.handle: CallHandle[object] = CallHandle(call, number, self.cancel, blocks)

    def _would_block(self) -> bool:
        return self._office.executor.would_block()

    def sit_down(self, *, wait_in_line: bool) -> None:
        """Take the seat, or stand in line for it, or raise `BusyError`."""
        root = self._root
        if root is None or self._office.locks.take(root, self._holder, self._turn if wait_in_line else None):
            self._soon()
        else:
            self._tell("in line")

    def _soon(self) -> None:
        self.handle.status = "running"
        self._office.clerk.put(self._begin)

    def _turn(self) -> None:
        self.handle.status = "running"
        self._office.clerk.put(self._begin_late)

    def _begin_late(self) -> None:
        """Begin after a time in line: what held then may not hold now."""
        try:
            self._ready = self._office.gates.pass_(self._call)
        except Exception as error:  # noqa: BLE001 - whatever the gates raise is the answer
            self._refuse(error)
            return
        if self._ready.root is self._root:
            self._begin()
        else:  # the name means another object by now, and this seat is not the one that is needed
            self._get_up()
            self._root = self._ready.root
            self.sit_down(wait_in_line=True)

    def _begin(self) -> None:
        call, office = self._call, self._office
        if self._cancelled:
            self._get_up()
            self._leave()
            return
        try:
            office.settle_kept()
            run_id = office.run_taken_over(call, self._root)
            path = f"deck.{call.path}.{call.recorded_method}"
            started = self._started_us = office.clock.now_us()
            intent = CallIntent(path, call.path, self._ready.arguments, started, call.operator, call.origin, run_id, call.override)
            office.note_override(call, self._ready, started, run_id)
            self.handle.row = office.recorder.intend_call(intent)
        except Exception as error:  # noqa: BLE001 - without a committed intent there is no call
            self._refuse(error)
            return
        if call.timeout_s is not None:
            office.clerk.later(call.timeout_s, self._time_out)
        self._tell("running")
        self._flight = office.executor.start(self._ready.job, lambda flight: office.clerk.put(lambda: self._end(flight)))

    def _refuse(self, error: Exception) -> None:
        self._get_up()
        self.handle.settle("failed", error=error)
        self._tell("failed", error_text(error))

    def _get_up(self) -> None:
        if self._root is not None:
            self._office.locks.free(self._root, self._holder)

    def _end(self, flight: Flight) -> None:
        ended = flight.ended
        row = self.handle.row
        assert ended is not None  # noqa: S101 - it is called because it ended
        assert row is not None  # noqa: S101 - it could not have begun
        outcome = outcome_of(flight, self._office.clock.now_us(), timed_out=self._timed_out)
        settle = self._office.recorder.settle_call
        try:
            settle(row, outcome)
        except Exception:  # noqa: BLE001 - the outcome is kept and tried again, the caller still gets it
            self._office.keep(lambda: settle(row, outcome))
        self.handle.prints = outcome.prints
        self._get_up()
        error = raisable(ended, self._call.label, self._call.timeout_s if self._timed_out else None)
        status = STATUS_WORDS[outcome.status]
        self.handle.settle(status, ended.result, error)
        self._tell(status, outcome.error, ended.result, outcome.prints)

    def _time_out(self) -> None:
        flight = self._flight
        if flight is not None and flight.ended is None:
            self._timed_out = True
            self._stop(flight)

    def cancel(self) -> None:
        """Ask the call to stop; given up when it does not within the grace time."""
        self._office.clerk.put(self._cancel)

    def _cancel(self) -> None:
        root = self._root
        if root is not None and self._office.locks.leave_line(root, self._holder):
            self._leave()
        elif self._flight is None:
            self._cancelled = True
        elif self._flight.ended is None:
            self._stop(self._flight)

    def _leave(self) -> None:
        self.handle.settle("cancelled", error=CallStoppedError(f"{self._call.label} was cancelled before it began."))
        self._tell("cancelled")

    def _stop(self, flight: Flight) -> None:
        flight.stop()
        self._office.clerk.later(self._office.grace_s, self._give_up)

    def _give_up(self) -> None:
        flight = self._flight
        if flight is not None and flight.ended is None:
            self._office.gates.distrust(self._root, self._call.root)
            self._office.executor.abandon(flight)

    def _tell(self, status: CallStatus, error: str | None = None, result: object = None, prints: str = "") -> None:
        call, handle = self._call, self.handle
        self._office.tell(
            CallChanged(
                handle.call_id,
                call.path,
                call.recorded_method,
                status,
                self._office.clock.now_us(),
                call.origin,
                handle.row,
                self._ready.arguments,
                error,
                result,
                prints,
                self._started_us,
            )
        )


STATUS_WORDS: dict[StepStatus, CallStatus] = {
    StepStatus.DONE: "done",
    StepStatus.FAILED: "failed",
    StepStatus.CANCELLED: "cancelled",
    StepStatus.ABANDONED: "abandoned",
}


def outcome_of(flight: Flight, ended_us: int, *, timed_out: bool = False) -> StepOutcome:
    """Return what is recorded of a call that has ended."""
    ended = flight.ended
    assert ended is not None  # noqa: S101 - it is called because it ended
    if ended.abandoned:
        why = "took longer than its time-out" if timed_out else "was stopped"
        error = f"The call {why} and did not return; it was given up, and the instrument is not trusted until somebody checks it."
        return StepOutcome(StepStatus.ABANDONED, ended_us, error=error, prints=flight.prints)
    if ended.error is None:
        return StepOutcome(StepStatus.DONE, ended_us, ended.result, prints=flight.prints)
    if ended.cancelled and not timed_out:
        error = "Stopped by a person; whether the hardware stopped is not known."
        return StepOutcome(StepStatus.CANCELLED, ended_us, error=error, prints=flight.prints)
    text = error_text(ended.error)
    if timed_out:
        text = f"The call took longer than its time-out and was stopped.\n\n{text}"
    return StepOutcome(StepStatus.FAILED, ended_us, error=text, prints=flight.prints)


def raisable(ended: Ended, label: str, timeout_s: float | None) -> BaseException | None:
    """Return what the asker's `result()` raises; never what would end the asker's thread or loop."""
    if timeout_s is not None and not ended.ok:
        return CallTimeoutError(f"{label} took longer than {timeout_s:g} s.")
    if ended.abandoned or ended.cancelled:
        end = "never returned and was given up" if ended.abandoned else "was stopped"
        return CallStoppedError(f"{label} {end}; whether the hardware stopped is not known.")
    error = ended.error
    if error is None or isinstance(error, Exception):
        return error
    wrapped = DriverError(f"{label} raised {type(error).__name__}: {error}")
    wrapped.__cause__ = error
    return wrapped

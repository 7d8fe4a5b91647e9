"""What is recorded of a call that has ended, and what does its asker hear?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CallStoppedError, CallTimeoutError, DriverError
from ivoryos_jupyter.journal import StepOutcome, StepStatus
from ivoryos_jupyter.runner._flight import error_text

if TYPE_CHECKING:
    from ivoryos_jupyter.runner._call import CallStatus
    from ivoryos_jupyter.runner._flight import Ended, Flight

STOPPED = "Stopped by a person"
"""Why a call was stopped, where nothing else is said."""
STATUS_WORDS: dict[StepStatus, CallStatus] = {
    StepStatus.DONE: "done",
    StepStatus.FAILED: "failed",
    StepStatus.CANCELLED: "cancelled",
    StepStatus.ABANDONED: "abandoned",
}


def outcome_of(flight: Flight, ended_us: int, *, timed_out: bool = False, told: str = "", why: str = STOPPED) -> StepOutcome:
    """Return what is recorded of a call that has ended.

    Parameters
    ----------
    flight
        The call.
    ended_us
        When it ended.
    timed_out
        Whether its time-out ended it.
    told
        The driver's method that was called to stop it; empty when none was.
    why
        Who or what stopped it, where it was stopped.
    """
    ended = flight.ended
    assert ended is not None  # noqa: S101 - it is called because it ended
    was = "The call took longer than its time-out" if timed_out else why
    asked = f"; {told} was called" if told else ""
    if ended.abandoned:
        error = f"{was}{asked}. The call did not return; it was given up, and the instrument is not trusted until somebody checks it."
        return StepOutcome(StepStatus.ABANDONED, ended_us, error=error, prints=flight.prints)
    if ended.error is None and not told:
        return StepOutcome(StepStatus.DONE, ended_us, ended.result, prints=flight.prints)
    status = StepStatus.CANCELLED if (ended.cancelled or told) and not timed_out else StepStatus.FAILED
    if status is StepStatus.FAILED and not timed_out and ended.error is not None:
        return StepOutcome(status, ended_us, error=error_text(ended.error), prints=flight.prints)
    known = "the call had not begun" if ended.cancelled and not flight.begun else "whether the hardware stopped is not known"
    text = f"{was}{asked}; {known}."
    if ended.error is not None and not ended.cancelled:
        text += f"\n\n{error_text(ended.error)}"
    return StepOutcome(status, ended_us, error=text, prints=flight.prints)


def raisable(ended: Ended, label: str, timeout_s: float | None, told: str = "") -> BaseException | None:
    """Return what the asker's `result()` raises; never what would end the asker's thread or loop."""
    asked = f" {told} was called;" if told else ""
    if timeout_s is not None and (told or not ended.ok):
        return CallTimeoutError(f"{label} took longer than {timeout_s:g} s.{asked.rstrip(';') + '.' if asked else ''}")
    if ended.abandoned or ended.cancelled or told:
        end = "never returned and was given up" if ended.abandoned else "was stopped"
        return CallStoppedError(f"{label} {end};{asked} whether the hardware stopped is not known.")
    error = ended.error
    if error is None or isinstance(error, Exception):
        return error
    wrapped = DriverError(f"{label} raised {type(error).__name__}: {error}")
    wrapped.__cause__ = error
    return wrapped

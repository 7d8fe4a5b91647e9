"""How is a handler of make safe written down?  As a single step, by the clerk: safety does not wait for the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import CallIntent, StepOutcome, StepStatus
from ivoryos_jupyter.runner._direct import call_numbers
from ivoryos_jupyter.runner._events import CallChanged
from ivoryos_jupyter.runner._outcomes import STATUS_WORDS, outcome_of

if TYPE_CHECKING:
    from ivoryos_jupyter.runner._flight import Flight
    from ivoryos_jupyter.runner._office import Office
    from ivoryos_jupyter.runner._safe_plan import SafeHandler

ORIGIN = "make safe"
"""Who asked, of calls that make safe made."""


class SafeEntry:
    """The record of one handler's call; it passes no gate and takes no seat."""

    def __init__(self, office: Office, handler: SafeHandler, operator: str, run_id: int | None) -> None:
        """Stand for a call of `handler` that is about to be made."""
        started = office.clock.now_us()
        path = handler.path or "blocks"
        self._office = office
        self._intent = CallIntent(f"deck.{path}.{handler.member}", handler.path, {}, started, operator, ORIGIN, run_id)
        self._row: int | None = None
        self._event = CallChanged(next(call_numbers), path, handler.member, "running", started, ORIGIN, started_us=started)

    def begin(self) -> None:
        """Write that it is about to be made, as soon as that can be done, and tell everybody."""
        self._office.clerk.put(self._intend)
        self._office.tell(self._event)

    def _intend(self) -> None:
        self._row = self._office.recorder.intend_call(self._intent)

    def end(self, flight: Flight) -> None:
        """Write what came of it; called on any thread."""
        self._end(outcome_of(flight, self._office.clock.now_us(), why="Make safe waited for it no longer"))

    def never_began(self, why: str) -> None:
        """Write that it was not called after all."""
        self._end(StepOutcome(StepStatus.CANCELLED, self._office.clock.now_us(), error=f"It was not called: {why}."))

    def _end(self, outcome: StepOutcome) -> None:
        self._office.clerk.put(lambda: self._settle(outcome))
        before = self._event
        self._office.tell(
            CallChanged(
                before.call_id,
                before.instrument,
                before.member,
                STATUS_WORDS[outcome.status],
                outcome.ended_us,
                ORIGIN,
                self._row,
                error=outcome.error,
                result=outcome.result,
                prints=outcome.prints,
                started_us=before.started_us,
            )
        )

    def _settle(self, outcome: StepOutcome) -> None:
        def write() -> None:
            if self._row is None:
                self._row = self._office.recorder.intend_call(self._intent)
            self._office.recorder.settle_call(self._row, outcome)

        try:
            write()
        except Exception:  # noqa: BLE001 - it is kept, and written when the records are back
            self._office.keep(write)

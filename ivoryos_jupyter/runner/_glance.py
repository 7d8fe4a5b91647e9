"""How is a property read for a watch?  Politely: it waits for its instrument, holds nobody up, and says when it has ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ivoryos_jupyter.runner._call import Call
from ivoryos_jupyter.runner._flight import error_text
from ivoryos_jupyter.runner._locks import Holder

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.runner._flight import Flight
    from ivoryos_jupyter.runner._gates import Ready
    from ivoryos_jupyter.runner._office import Office

READ_WITHIN_S = 10.0
"""Seconds that a reading may take once it has begun; one that takes longer is asked to stop, and then given up."""


class Glance:
    """One reading, from its place in line to its value; every step is taken on the thread of the watches."""

    def __init__(self, office: Office, path: str, name: str, call_back: Callable[[Callable[[], None]], None]) -> None:
        """Prepare; `call_back` lets the thread of the watches do something."""
        self._office = office
        self._label = f"{path}.{name}"
        self._call = Call(path, name, "get", origin="watch")
        self._call_back = call_back
        self._holder = Holder(f"a reading of {self._label}", reading=True)
        self._ready: Ready | None = None
        self._flight: Flight | None = None
        self._begun_at: float | None = None
        self._asked_to_stop = False
        self._landed: Callable[[object, str], None] | None = None

    def begin(self, landed: Callable[[object, str], None]) -> None:
        """Read; `landed` is called once, with the value, or with None and why there is none."""
        self._landed = landed
        try:
            self._ready = self._office.gates.pass_(self._call)
            seated = self._office.locks.take(self._ready.root, self._holder, lambda: self._call_back(self._fly))
        except Exception as error:  # noqa: BLE001 - whatever it is, the property was not read
            self._end(None, f"{self._label} cannot be read: {error}")
            return
        if seated:
            self._fly()

    def _fly(self) -> None:
        ready = self._ready
        assert ready is not None  # noqa: S101 - it has a seat
        if self._landed is None:  # given up while it stood in line
            self._office.locks.free(ready.root, self._holder)
            return
        try:
            self._flight = self._office.executor.start(ready.job, lambda _: self._call_back(self._land))
        except Exception as error:  # noqa: BLE001 - a loop or a worker that is gone
            self._office.locks.free(ready.root, self._holder)
            self._end(None, f"{self._label} could not be read: {error}")

    def _land(self) -> None:
        ready, flight = self._ready, self._flight
        assert ready is not None  # noqa: S101 - it has flown
        assert flight is not None  # noqa: S101 - likewise
        ended = flight.ended
        assert ended is not None  # noqa: S101 - it is called because it ended
        self._office.locks.free(ready.root, self._holder)
        if ended.ok:
            if ready.duty is not None:
                ready.duty.done(ended.result)
            self._end(ended.result, "")
        elif ended.abandoned:
            self._end(None, f"{self._label} was read and never returned; {ready.job.instrument} is not trusted until somebody checks it")
        else:
            why = error_text(ended.error).partition("\n")[0] if ended.error is not None else "it was stopped"
            self._end(None, f"{self._label} could not be read: {why}")

    def _end(self, value: object, error: str) -> None:
        landed, self._landed = self._landed, None
        if landed is not None:
            landed(value, error)

    def look_after(self) -> float | None:
        """Ask a reading to stop that takes too long, and give it up; return in how many seconds to look again, None for never."""
        flight = self._flight
        if flight is None or flight.ended is not None or not flight.begun or flight.waits_for_loop:
            return None if flight is None or flight.ended is not None else 1.0
        now = time.monotonic()
        self._begun_at = self._begun_at if self._begun_at is not None else now
        left = self._begun_at + READ_WITHIN_S - now
        if left > 0:
            return left
        if not self._asked_to_stop:
            self._asked_to_stop = True
            flight.stop()
        left += self._office.grace_s
        if left > 0:
            return left
        self._give_up(flight)
        return None

    def _give_up(self, flight: Flight) -> None:
        ready = self._ready
        assert ready is not None  # noqa: S101 - it flies
        self._office.gates.distrust(ready.root, ready.job.instrument)
        self._office.executor.abandon(flight)

    def leave(self) -> None:
        """Leave the line, or ask the reading to stop; nothing is told any more."""
        self._landed = None
        if self._flight is not None:
            self._flight.stop()
        elif self._ready is not None:
            self._office.locks.leave_line(self._ready.root, self._holder)

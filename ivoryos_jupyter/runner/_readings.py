"""How is a property read for a rule or a watch?  Through gates and seat like every call, and never for longer than it may take."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import NotReadError
from ivoryos_jupyter.runner._call import Call
from ivoryos_jupyter.runner._flight import error_text
from ivoryos_jupyter.runner._locks import Holder

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.runner._flight import Ended, Flight, Job
    from ivoryos_jupyter.runner._gates import Ready
    from ivoryos_jupyter.runner._office import Office

    Start = Callable[[Job, Callable[[Flight], None]], Flight]
    """Starts a job and says when it has ended, as an executor does."""


class Reading:
    """One reading of one property."""

    def __init__(self, office: Office, path: str, name: str) -> None:
        """Prepare to read the property `name` of the instrument at `path`."""
        self._office = office
        self._label = f"{path}.{name}"
        self._call = Call(path, name, "get", origin="rule")
        self._holder = Holder(f"a reading of {self._label}", reading=True)

    def value(self, within_s: float, seated: tuple[object, ...], start: Start) -> object:
        """Read, and wait for it; not to be called on the loop's or the clerk's thread.

        Parameters
        ----------
        within_s
            Seconds it may take, the wait for its instrument included.
        seated
            Objects whose seats whoever asks has taken already.
        start
            Starts the job.

        Raises
        ------
        NotReadError
            Saying why there is no value.
        """
        deadline = time.monotonic() + within_s
        try:
            ready = self._office.gates.pass_(self._call)
        except Exception as error:
            raise NotReadError(f"{self._label} cannot be read: {error}") from error
        mine = not any(ready.root is one for one in seated)
        if mine:
            self._sit_down(ready, deadline, within_s)
        try:
            ended = self._fly(ready, deadline, within_s, start)
        finally:
            if mine:
                self._office.locks.free(ready.root, self._holder)
        if not ended.ok:
            why = error_text(ended.error).partition("\n")[0] if ended.error is not None else "it was given up"
            raise NotReadError(f"{self._label} could not be read: {why}")
        if ready.duty is not None:
            ready.duty.done(ended.result)
        return ended.result

    def _sit_down(self, ready: Ready, deadline: float, within_s: float) -> None:
        locks = self._office.locks
        seated = threading.Event()
        if locks.take(ready.root, self._holder, seated.set) or seated.wait(max(0.0, deadline - time.monotonic())):
            return
        who = locks.sitter(ready.root)
        if locks.leave_line(ready.root, self._holder):
            raise NotReadError(
                f"{self._label} could not be read within {within_s:g} s: {ready.job.instrument} is busy with {who or 'a call'}"
            )

    def _fly(self, ready: Ready, deadline: float, within_s: float, start: Start) -> Ended:
        landed = threading.Event()
        flight = start(ready.job, lambda _: landed.set())
        if not landed.wait(max(0.0, deadline - time.monotonic())):
            waiting = not flight.begun or flight.waits_for_loop
            flight.stop()
            if waiting or not landed.wait(self._office.grace_s):
                raise self._late(ready, flight, within_s, waiting=waiting)
        assert flight.ended is not None  # noqa: S101 - it has landed
        return flight.ended

    def _late(self, ready: Ready, flight: Flight, within_s: float, *, waiting: bool) -> NotReadError:
        """Give the reading up, and return the error that says so."""
        office = self._office
        if not waiting:
            office.gates.distrust(ready.root, ready.job.instrument)
            office.executor.abandon(flight)
            return NotReadError(
                f"{self._label} was read and never returned; {ready.job.instrument} is not trusted until somebody checks it"
            )
        needs_loop = ready.job.coroutine or ready.job.place == "main" or flight.begun
        why = "a cell is running, and the reading needs its loop" if needs_loop else "another call occupies the thread it needs"
        return NotReadError(f"{self._label} could not be read within {within_s:g} s: {why}")

"""How does a run call an instrument?  Through the same gates and seats as everybody, watched until it returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.runner._call import Call, root_of
from ivoryos_jupyter.runner._locks import Holder
from ivoryos_jupyter.runner._status import Question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.runner._effects import Doing
    from ivoryos_jupyter.runner._flight import Flight
    from ivoryos_jupyter.runner._gates import Ready
    from ivoryos_jupyter.runner._station import Station

LOOP_PATIENCE_S = 0.5
"""Seconds after which a run says that its call waits for the thread it needs."""


class RunCalls:
    """Makes the calls of one run."""

    def __init__(self, station: Station, bound: Mapping[str, int]) -> None:
        """Call through `station`; `bound` are the generations of the objects the run was submitted with."""
        self._station = station
        self._bound = dict(bound)
        self._holder = Holder(f"the run {station.control.request.name!r}", station.key)

    def same_object(self, path: str, doing: Doing) -> None:
        """Ask when the instrument's name means another object than when the run was submitted."""
        root = root_of(path)
        if path == "blocks":
            return
        now = self._station.office.deck.generation(root)
        if self._bound.setdefault(root, now) == now:
            return
        station = self._station
        station.note("rebound", {"instrument": root})
        message = f"{root!r} was defined anew since the run was submitted. Go on with the new object?"
        station.ask(Question(station.next_question(), "rebound", message, ("continue", "stop"), doing.step.id, doing.label))
        self._bound[root] = now
        station.office.locks.hold([station.office.deck.resolve(root)], self._holder)

    def gates(self, call: Call) -> Ready:
        """Take `call` through the gates; what they raise is a failed step."""
        return self._station.office.gates.pass_(call)

    def sit_down(self, ready: Ready) -> None:
        """Take the instrument's seat, waiting for a direct call that sits on it."""
        station = self._station
        if ready.root is None:
            return
        locks, holder = station.office.locks, self._holder
        seated: list[bool] = []

        def sit() -> None:
            seated.append(True)
            station.inbox.put("seat")

        if locks.take(ready.root, holder, sit):
            return
        station.control.set(message=f"waiting for a direct call on {ready.job.instrument} to return")
        try:
            while not seated:
                station.receive(None)
                if station.control.urgent and not seated:
                    station.obey()
        except BaseException:
            if not locks.leave_line(ready.root, holder):
                locks.free(ready.root, holder)
            raise
        finally:
            station.control.set(message="")

    def get_up(self, ready: Ready) -> None:
        """Free the seat."""
        if ready.root is not None:
            self._station.office.locks.free(ready.root, self._holder)

    def fly(self, ready: Ready, timeout_s: float | None) -> tuple[Flight, bool]:
        """Make the call and wait until it returns, obeys a stop, or is given up; return it and whether it timed out."""
        station = self._station
        started = station.clock.monotonic()
        flight = station.office.executor.start(ready.job, station.inbox.put)
        station.receive(timeout_s if timeout_s is not None and timeout_s < LOOP_PATIENCE_S else LOOP_PATIENCE_S)
        if flight.ended is None:
            return flight, self._watch(flight, ready, timeout_s, started)
        return flight, False

    def _watch(self, flight: Flight, ready: Ready, timeout_s: float | None, started: float) -> bool:
        """Wait for a call that takes its time; return whether it timed out."""
        station = self._station
        give_up: float | None = None
        late = False
        while flight.ended is None:
            now = station.clock.monotonic()
            if give_up is None:
                late = timeout_s is not None and now - started >= timeout_s
                if late or station.control.stopped_now:
                    flight.stop()
                    give_up = now + station.office.grace_s
                    continue
            elif now >= give_up:
                self._abandon(flight, ready)
                break
            begun = flight.begun  # looked at once: a call that begins now must not be said to wait, with nobody to take it back
            self._say("" if begun or now - started < LOOP_PATIENCE_S else self._what_it_waits_for(flight))
            ends = give_up if give_up is not None else started + timeout_s if timeout_s is not None else None
            station.receive(None if ends is None and begun else max(0.0, min(LOOP_PATIENCE_S, (ends or now + 1) - now)))
        self._say("")
        return late

    def _what_it_waits_for(self, flight: Flight) -> str:
        if flight.job.coroutine or flight.job.place == "main":
            return "waiting for the notebook: a cell is running, and this call needs its loop"
        return "waiting for another call to return" if self._station.office.executor.is_behind_another(flight) else ""

    def _say(self, message: str) -> None:
        if self._station.control.status.message != message:
            self._station.control.set(message=message)

    def _abandon(self, flight: Flight, ready: Ready) -> None:
        station = self._station
        name = ready.job.instrument
        station.office.gates.distrust(ready.root, name)
        bound = station.office.executor.abandon(flight)
        station.note("not_trusted", {"instrument": name, "bound_to_the_lost_thread": [*bound]})

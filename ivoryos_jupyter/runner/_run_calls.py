"""How does a run call an instrument?  Through the same gates and seats as everybody, watched until it returns."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import IvoryOSError
from ivoryos_jupyter.journal import RunEvent
from ivoryos_jupyter.runner._call import Call, root_of
from ivoryos_jupyter.runner._flight import never_begun
from ivoryos_jupyter.runner._ladder import Ladder
from ivoryos_jupyter.runner._locks import Holder
from ivoryos_jupyter.runner._pace import Pace
from ivoryos_jupyter.runner._status import Question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.journal import Charge
    from ivoryos_jupyter.runner._effects import Doing
    from ivoryos_jupyter.runner._flight import Ended, Flight
    from ivoryos_jupyter.runner._gates import Ready
    from ivoryos_jupyter.runner._station import Station
    from ivoryos_jupyter.schema import Plain

LOOP_PATIENCE_S = 0.5
"""Seconds after which a run says that its call waits for the thread it needs."""


@dataclass(slots=True)
class Flown:
    """A call that has ended, in whatever way."""

    flight: Flight
    ended: Ended
    late: bool = False
    """Whether its time-out ended it."""
    told: str = ""
    """The driver's method that was called to stop it, ``pump.stop()``; empty when none was."""

    @property
    def ok(self) -> bool:
        """Whether it returned by itself, so that its result is what it was called for."""
        return self.ended.ok and not self.told


class RunCalls:
    """Makes the calls of one run."""

    def __init__(self, station: Station, bound: Mapping[str, int]) -> None:
        """Call through `station`; `bound` are the generations of the objects the run was submitted with."""
        self._station = station
        self._bound = dict(bound)
        self._held_up = 0
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
        with contextlib.suppress(IvoryOSError):  # what cannot be had at all is a failed step: the gates say so
            station.office.locks.hold([station.office.deck.resolve(root)], self._holder)

    def ready(self, call: Call, doing: Doing) -> Ready:
        """Take `call` through the gates, to its seat and through the rules; whatever is raised means that it is not made.

        When the run is held up on the way, by the seat, a pause or a question, all is asked anew.
        """
        station = self._station
        while True:
            self.same_object(call.path, doing)
            self._held_up = station.held_up
            ready = station.office.gates.pass_(call)
            self._sit_down(ready)
            try:
                seated = self._in_its_seat(call, ready)
            except BaseException:
                self.get_up(ready)
                raise
            if seated is not None:
                return seated
            self.get_up(ready)

    def _in_its_seat(self, call: Call, ready: Ready) -> Ready | None:
        """Return the call as it may be made, asked anew whenever the run was held up; None when it needs another seat by now.

        The seat is kept meanwhile: who always finds a reading in it would never come to its call.
        """
        station, root = self._station, root_of(call.path)
        while not self._permitted(ready):
            self._held_up = station.held_up
            if call.path != "blocks" and station.office.deck.generation(root) != self._bound.get(root):
                return None
            again = station.office.gates.pass_(call)
            if again.root is not ready.root:
                return None
            ready = again
        return ready

    def _permitted(self, ready: Ready) -> bool:
        """Hold the call to the rules, its seat being taken; return whether the run was not held up since it passed the gates."""
        station, duty = self._station, ready.duty
        if duty is not None:
            duty.permit(ready.job, station.office.executor.start)
            station.checkpoint()
        return station.held_up == self._held_up

    def look_again(self, call: Call, ready: Ready) -> Exception | None:
        """Return what refuses a call whose intent the records kept waiting, or None; raise `LeaveRun` when the run was stopped meanwhile.

        What was charged for a call that is not made is given back.
        """
        station, duty = self._station, ready.duty
        try:
            while station.held_up != self._held_up:
                self._held_up = station.held_up
                station.checkpoint()
                station.office.gates.look_again(call, ready)
                if duty is not None:
                    duty.permit(ready.job, station.office.executor.start)
        except BaseException as error:
            if duty is not None:
                duty.give_back()
            if isinstance(error, Exception):
                return error
            raise
        return None

    def _sit_down(self, ready: Ready) -> None:
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
        station.held_up += 1
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

    def charge(self, ready: Ready) -> Charge | None:
        """Return what the intent is charged, to be committed with it; None for nothing."""
        return None if ready.duty is None else ready.duty.charge(self._station.run_id)

    def charge_reading(self, call: Call, ready: Ready) -> None:
        """Commit what a reading is charged, which has no row of its own; raise `BudgetError` when a budget would not last."""
        station, charge = self._station, self.charge(ready)
        polled = RunEvent(station.run_id, "polled", station.clock.now_us(), {"call": call.label})
        if charge is None:
            station.note(polled.kind, polled.detail)
        else:
            station.commit(lambda: station.recorder.charge(lambda read: (*charge(read), polled)))

    def succeeded(self, ready: Ready, result: object) -> None:
        """Let the rules take note of a call that returned."""
        if ready.duty is not None:
            ready.duty.done(result, self._station.run_id)

    def get_up(self, ready: Ready) -> None:
        """Free the seat."""
        if ready.root is not None:
            self._station.office.locks.free(ready.root, self._holder)

    def fly(self, call: Call, ready: Ready, timeout_s: float | None) -> Flown:
        """Make the call and wait until it returns, obeys a stop, or is given up."""
        station = self._station
        if station.control.stopped_now:  # stopped while the intent was written: what has not begun never begins
            return _not_begun(ready)
        started = station.clock.monotonic()
        flight = station.office.executor.start(ready.job, station.inbox.put)
        station.receive(timeout_s if timeout_s is not None and timeout_s < LOOP_PATIENCE_S else LOOP_PATIENCE_S)
        if flight.ended is None:
            return self._watch(call, ready, flight, timeout_s, started)
        return Flown(flight, flight.ended)

    def _watch(self, call: Call, ready: Ready, flight: Flight, timeout_s: float | None, started: float) -> Flown:
        """Wait for a call that takes its time."""
        station = self._station
        pace = Pace(station.office, call, started)
        late = False
        while flight.ended is None:
            now = station.clock.monotonic()
            late = timeout_s is not None and now - started >= timeout_s
            if late or station.control.stopped_now:
                return self._bring_down(call, ready, flight, started, late=late)
            begun = flight.begun  # looked at once: a call that begins now must not be said to wait, with nobody to take it back
            waits = not begun and now - started >= LOOP_PATIENCE_S
            self._say(self._what_it_waits_for(flight) if waits else self._told_of(pace, now))
            left = [LOOP_PATIENCE_S] if not begun else []
            left += [one for one in (pace.look_in(now), None if timeout_s is None else started + timeout_s - now) if one is not None]
            station.receive(max(0.0, min(left)) if left else None)
        self._say("")
        return Flown(flight, flight.ended)

    def _told_of(self, pace: Pace, now: float) -> str:
        """Return what is unusual about the call under way, having noted it when it is new."""
        if (news := pace.news(now)) is not None:
            station = self._station
            event = RunEvent(station.run_id, "unusual", station.clock.now_us(), news)
            station.office.note_soon(event)  # whoever wants the call stopped must not wait for the records
        return pace.message

    def _bring_down(self, call: Call, ready: Ready, flight: Flight, began: float, *, late: bool) -> Flown:
        """Take the call down the ladder, and wait for a driver's stop that it takes."""
        station = self._station

        def note(kind: str, detail: Mapping[str, Plain]) -> None:
            station.office.note_soon(RunEvent(station.run_id, kind, station.clock.now_us(), detail))
            station.inbox.put("ladder")

        ladder = Ladder(station.office, call, ready, flight, began, note)
        due = station.clock.monotonic() + ladder.descend()
        self._say(f"waiting for {call.label} to obey the stop")
        while flight.ended is None or ladder.stopping:
            left = due - station.clock.monotonic()
            if left > 0:
                station.receive(left)
            elif flight.ended is None:
                due = station.clock.monotonic() + ladder.descend()
            else:
                break
        ladder.leave(station.key)
        self._say("")
        assert flight.ended is not None  # noqa: S101 - the last rung ends it
        return Flown(flight, flight.ended, late=late, told=ladder.told)

    def _what_it_waits_for(self, flight: Flight) -> str:
        if flight.job.coroutine or flight.job.place == "main":
            return "waiting for the notebook: a cell is running, and this call needs its loop"
        return "waiting for another call to return" if self._station.office.executor.is_behind_another(flight) else ""

    def _say(self, message: str) -> None:
        if self._station.control.status.message != message:
            self._station.control.set(message=message)


def _not_begun(ready: Ready) -> Flown:
    flight = never_begun(ready.job)
    assert flight.ended is not None  # noqa: S101 - a stop ended it
    return Flown(flight, flight.ended)

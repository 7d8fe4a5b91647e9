"""Whose turn is it on an instrument?  One seat per root object; a run may hold it, one call at a time sits on it."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True)
class Holder:
    """Who sits on an instrument, or holds it for a run."""

    label: str
    """What it is, for people: ``pump.dispense`` or ``the run "titration"``."""
    run_key: str = ""
    """Key of the run it belongs to; empty for a direct call."""
    take_over: bool = False
    """Whether it may use an instrument that a paused run holds."""
    needs_loop: bool = False
    """Whether it is a call that runs on the notebook's loop."""
    reading: bool = False
    """Whether it only reads a property, for a rule or a watch: it may, between the calls of a run that holds the instrument."""


@dataclass(slots=True)
class _Seat:
    thing: object
    """The root object; kept, so that its id stays its own."""
    run: Holder | None = None
    call: Holder | None = None
    line: deque[tuple[Holder, Callable[[], None]]] = field(default_factory=deque)


class Locks:
    """Serialises calls per root object, whatever names it has."""

    def __init__(self) -> None:
        """Begin with every seat free."""
        self._lock = threading.Lock()
        self._seats: dict[int, _Seat] = {}
        self._yielding: set[str] = set()

    def take(self, thing: object, holder: Holder, ready: Callable[[], None] | None = None, *, only_behind_readings: bool = False) -> bool:
        """Sit down on `thing`; True when that was possible at once.

        Parameters
        ----------
        thing
            The root object of the instrument.
        holder
            Who wants to call it.
        ready
            When given and the seat is taken, `holder` stands in line, and `ready` is called when it has sat down.
        only_behind_readings
            Whether it stands in line only behind a reading, which takes a moment.

        Raises
        ------
        BusyError
            When the seat is taken and `ready` is not given; it names who holds it.
        """
        with self._lock:
            seat = self._seats.get(id(thing)) or self._seats.setdefault(id(thing), _Seat(thing))
            obstacle = self._obstacle(seat, holder)
            if obstacle is None:
                seat.call = holder
                return True
            if ready is None or (only_behind_readings and not self._behind_a_reading(seat, holder)):
                raise BusyError(obstacle)
            seat.line.append((holder, ready))
            return False

    def _behind_a_reading(self, seat: _Seat, holder: Holder) -> bool:
        """Whether nothing but a reading keeps `holder` from the seat, and nobody stands in line before it."""
        if seat.call is None or not seat.call.reading or any(not place[0].reading for place in seat.line):
            return False
        return self._obstacle(_Seat(seat.thing, seat.run), holder) is None

    def _obstacle(self, seat: _Seat, holder: Holder) -> str | None:
        run = seat.run
        if run is not None and run.run_key != holder.run_key and not holder.reading:
            if run.run_key not in self._yielding:
                return f"Busy: {run.label} holds the instrument. Wait for it to end, or pause it to take the instrument over."
            if not holder.take_over:
                return f"{run.label} is paused and holds the instrument; say take_over=True to use it all the same."
        if seat.call is not None:
            return f"Busy: {seat.call.label} is under way. Wait for it to return, or ask for a place in line."
        return None

    def leave_line(self, thing: object, holder: Holder) -> bool:
        """Give up a place in line; False when `holder` stands there no longer."""
        with self._lock:
            seat = self._seats.get(id(thing))
            place = next((one for one in seat.line if one[0] is holder), None) if seat else None
            if seat is None or place is None:
                return False
            seat.line.remove(place)
            return True

    def free(self, thing: object, holder: Holder) -> None:
        """Get up; whoever may is next."""
        with self._lock:
            seat = self._seats.get(id(thing))
            if seat is None or seat.call is not holder:
                return
            seat.call = None
            ready = self._seat_next(seat)
            if seat.call is None and seat.run is None and not seat.line:
                del self._seats[id(thing)]  # an object that is gone from the notebook must not live on here
        if ready is not None:
            ready()

    def _seat_next(self, seat: _Seat) -> Callable[[], None] | None:
        for place in seat.line:
            if self._obstacle(seat, place[0]) is None:
                seat.line.remove(place)
                seat.call = place[0]
                return place[1]
        return None

    def hold(self, things: Iterable[object], run: Holder) -> None:
        """Hold all `things` for a run; calls that sit there already may end first."""
        with self._lock:
            for thing in things:
                self._seats.setdefault(id(thing), _Seat(thing)).run = run

    def release(self, run_key: str) -> None:
        """End what `hold` began for this run."""
        with self._lock:
            self._yielding.discard(run_key)
            held = [seat for seat in self._seats.values() if seat.run is not None and seat.run.run_key == run_key]
            for seat in held:
                seat.run = None
            calls = [self._seat_next(seat) for seat in held if seat.call is None]
            for key in [key for key, seat in self._seats.items() if seat.run is None and seat.call is None and not seat.line]:
                del self._seats[key]
        for ready in calls:
            if ready is not None:
                ready()

    def let_over(self, run_key: str, *, allowed: bool) -> None:
        """Say whether a person may take over what this run holds, as while it is paused."""
        with self._lock:
            if allowed:
                self._yielding.add(run_key)
            else:
                self._yielding.discard(run_key)

    def sitter(self, thing: object) -> str:
        """Return who sits on `thing`, in words; empty when nobody does."""
        with self._lock:
            seat = self._seats.get(id(thing))
            return seat.call.label if seat is not None and seat.call is not None else ""

    def call_on(self, thing: object) -> str:
        """Return the call that is under way on `thing`, in words; empty when there is none, or only a reading."""
        with self._lock:
            seat = self._seats.get(id(thing))
            return seat.call.label if seat is not None and seat.call is not None and not seat.call.reading else ""

    @property
    def calls(self) -> tuple[str, ...]:
        """The calls that are under way, in words; readings for rules and watches not counted."""
        with self._lock:
            return tuple(seat.call.label for seat in self._seats.values() if seat.call is not None and not seat.call.reading)

    def may_need_loop(self, thing: object) -> bool:
        """Whether what has the seat of `thing` may need the notebook's loop to end: then who blocks the loop would wait for ever."""
        with self._lock:
            seat = self._seats.get(id(thing))
            return seat is not None and (seat.run is not None or (seat.call is not None and seat.call.needs_loop))

    def held_by_run(self, thing: object) -> str:
        """Return the key of the run that holds `thing`, or empty text."""
        with self._lock:
            seat = self._seats.get(id(thing))
            return seat.run.run_key if seat is not None and seat.run is not None else ""

"""How is one call brought to an end that does not end by itself?  Rung by rung, each when the one before did not help.

asked to stop → the driver's own ``stop()`` → given up. None of them says that the hardware stopped.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from ivoryos_jupyter.runner._flight import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.introspect import Deck, Member
    from ivoryos_jupyter.runner._call import Call
    from ivoryos_jupyter.runner._flight import Ended, Flight
    from ivoryos_jupyter.runner._gates import Ready
    from ivoryos_jupyter.runner._office import Office
    from ivoryos_jupyter.schema import Plain

    Tell = Callable[[str, Mapping[str, Plain]], None]

STOPS = ("stop", "abort", "halt")
"""Names under which drivers offer to stop what they do, the mildest first."""
CALL_STOP = "call_stop"
"""Kind of the events that say which rung a call is on."""


def find_stop(deck: Deck, call: Call, root: object) -> Member | None:
    """Return the driver's own way to stop `call`, of its instrument or of one that is a part of; None without one.

    A method that needs an argument is none, and neither is the one that closes the connection, as PyLabRobot's ``stop()``.
    """
    path = call.path
    with contextlib.suppress(Exception):  # whatever a driver does when it is looked at: the rungs below must be reached
        if root is not None and deck.resolve(call.root) is root:  # else the name means another object by now
            while path:
                if (found := _stop_of(deck, path)) is not None:
                    return found
                path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return None


def _stop_of(deck: Deck, path: str) -> Member | None:
    closes = deck.instrument(path).connection.close
    for name in STOPS:
        if name != closes and deck.instrument(path).method(name) is not None:
            member = deck.member(path, name, "call")
            if not any(one.required for one in member.method.parameters):
                return member
    return None


class Ladder:
    """One call on its way down.

    Parameters
    ----------
    office
        Where calls are made, with its deadlines.
    call
        Which call it is.
    ready, flight
        The call itself, under way.
    began
        When it began, on the office's clock that never jumps.
    tell
        Keeps an event, given its kind and detail; called from any thread, and must not wait for a database.
    """

    def __init__(self, office: Office, call: Call, ready: Ready, flight: Flight, began: float, tell: Tell) -> None:
        """Stand at the top."""
        self._office = office
        self._call = call
        self._ready = ready
        self._flight = flight
        self._tell = tell
        self._call_began = began
        self._began = office.clock.monotonic()
        self._rungs = iter((self._ask, self._ask_driver, self._give_up))
        self._stop: Member | None = None
        self._driver: Flight | None = None
        self.told = ""
        """Name of the driver's method that was called: ``pump.stop()``; empty as long as none was."""

    def descend(self) -> float:
        """Take the next rung and return after how many seconds the one below it is due; the last one ends the call."""
        for rung in self._rungs:
            seconds = rung()
            if seconds is not None:
                return seconds
        return 0.0

    def _ask(self) -> float:
        self._flight.stop()
        self._say("asked to stop")
        office = self._office
        if self._call.operation != "get" and office.driver_stop_s is not None:
            self._stop = find_stop(office.live, self._call, self._ready.root)
        return office.grace_s if self._stop is None or office.driver_stop_s is None else office.driver_stop_s

    def _ask_driver(self) -> float | None:
        """Call the driver's own stop, on a second thread unless the driver is bound to one."""
        stop, office = self._stop, self._office
        if stop is None:
            return None
        if office.made_safe_since(self._ready.root, self._call_began):
            self._say("its safe state was called instead")
            return office.grace_s
        self.told = f"{stop.path}.{stop.name}()"
        place = office.apart_from(stop.owner, self._ready.root)
        begun = office.clock.monotonic()
        failed = {"success": False} if stop.method.parameter("success") is not None else {}  # as Bluesky tells its devices
        job = Job(stop.target, (), failed, coroutine=stop.is_coroutine, place=place, instrument=self._call.root, straight=True)
        self._say(f"{self.told} is called")
        self._driver = office.executor.start(job, lambda flight: self._stop_ended(flight, begun))
        return office.grace_s

    @property
    def stopping(self) -> bool:
        """Whether the driver's own stop is under way."""
        return self._driver is not None and self._driver.ended is None

    def _stop_ended(self, flight: Flight, begun: float) -> None:
        ended = flight.ended
        if ended is not None:
            self._say(f"{self.told} {_how(ended)}", self._office.clock.monotonic() - begun)

    def _give_up(self) -> float:
        ready, office = self._ready, self._office
        if self._driver is not None and self._driver.ended is None:
            self._driver.stop()  # one that has not begun never begins
            office.executor.abandon(self._driver)
        office.gates.distrust(ready.root, self._call.root)
        bound = office.executor.abandon(self._flight)
        self._say("given up")
        self._tell("not_trusted", {"instrument": self._call.root, "bound_to_the_lost_thread": [*bound]})
        return 0.0

    def leave(self, run_key: str = "") -> None:
        """Take note that the call has ended: what was stopped hard in the middle is looked at before it is used again.

        Parameters
        ----------
        run_key
            The run that may go on with it, for its cleanup.
        """
        safe = self._office.made_safe_since(self._ready.root, self._call_began) or self._office.making_safe
        ended = self._flight.ended
        if (self.told or safe) and self._ready.root is not None and not (ended is not None and ended.abandoned):
            by = f"by {self.told}" if self.told else "when everything was made safe"
            why = f"was stopped in the middle of {self._call.member} {by}"
            self._office.gates.doubts.add(self._ready.root, self._call.root, why, "" if safe else run_key)
            self._tell("not_trusted", {"instrument": self._call.root, "why": why})

    def _say(self, rung: str, seconds: float | None = None) -> None:
        passed = self._office.clock.monotonic() - self._began if seconds is None else seconds
        self._tell(CALL_STOP, {"call": self._call.label, "rung": rung, "seconds": round(passed, 3)})


def _how(ended: Ended) -> str:
    """Return how a driver's stop ended, in words."""
    if ended.abandoned:
        return "did not return"
    if ended.cancelled:
        return "was not called: the thread its driver is bound to is not free"
    if ended.error is not None:
        return f"raised {type(ended.error).__name__}: {ended.error}"
    return "returned"

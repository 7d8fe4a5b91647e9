"""What would a call give back, and when?  An executor that looks it up instead of calling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import Problem, StopRequested, WorkflowError
from ivoryos_jupyter.runner._effects import DoWatch
from ivoryos_jupyter.runner._flight import Ended, Flight
from ivoryos_jupyter.runner._inbox import Inbox
from ivoryos_jupyter.runner.rehearsal._deck import Role
from ivoryos_jupyter.runner.rehearsal._faults import RehearsedFaultError, spoiled
from ivoryos_jupyter.runner.rehearsal._watching import only_these, reading_that_holds

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable, Mapping
    from random import Random

    from ivoryos_jupyter.runner._effects import StepEffect
    from ivoryos_jupyter.runner._flight import Job, Place
    from ivoryos_jupyter.runner._station import Message
    from ivoryos_jupyter.runner.rehearsal._clock import StageClock
    from ivoryos_jupyter.runner.rehearsal._faults import FaultKind
    from ivoryos_jupyter.runner.rehearsal._log import Log
    from ivoryos_jupyter.runner.rehearsal._sources import Source, Sources

NOTICED_AFTER_S = 3600.0
"""When a person notices that a call without time-out never returns."""


class MockFlight(Flight):
    """A call in a rehearsal: a coroutine obeys a stop, a plain method returns when it would."""

    __slots__ = ()

    def stop(self) -> None:
        """Ask it to stop."""
        self.token.request()
        if self.job.coroutine:
            self.finish(Ended(error=StopRequested("The call was stopped."), cancelled=True))


class MockExecutor:
    """Lets each call return what its source says, after the time its source says.

    Parameters
    ----------
    sources
        What calls would give back.
    random
        Chance.
    clock
        The time in which calls return.
    log
        Whose last line is the step under way.
    faults
        Which calls go wrong, by their number.
    """

    def __init__(self, sources: Sources, random: Random, clock: StageClock, log: Log, faults: Mapping[int, FaultKind]) -> None:
        """Begin with no call made."""
        self._sources = sources
        self._random = random
        self._clock = clock
        self._log = log
        self._faults = faults
        self._set: dict[tuple[str, str], object] = {}
        self._watched: tuple[StepEffect | None, object] = (None, None)
        self._flights = 0
        self.inbox: Inbox[Message] = Inbox()
        """Where calls of steps land, which tells them from other calls."""
        self.doing: StepEffect | None = None
        """The step under way."""
        self.assumed = False
        """Whether what the step's call gave back, or what a rule read for it, is assumed."""
        self.notice: Callable[[], None] = lambda: None
        """Told, after a while, that a call never returns."""

    def place_of(self, obj: object) -> Place:
        """Return the worker: nothing runs anywhere."""
        del obj
        return "worker"

    def is_bound(self, obj: object) -> bool:
        """Return False: nothing is bound to a thread."""
        del obj
        return False

    def is_behind_another(self, flight: Flight) -> bool:
        """Return False: nothing stands in line."""
        del flight
        return False

    def abandon(self, flight: Flight) -> tuple[str, ...]:
        """Give `flight` up."""
        flight.finish(Ended(abandoned=True))
        return ()

    def would_block(self) -> bool:
        """Return False: nobody waits."""
        return False

    def start(self, job: Job, done: Callable[[Flight], None]) -> Flight:
        """Let a call return when it would; what is no call of a step, a reading for a rule or a driver's stop, at once."""
        flight = MockFlight(job, done, _no_loop)
        flight.begun = True
        role = job.target
        if not isinstance(role, Role):
            flight.finish(Ended())
        elif done == self.inbox.put:
            self._let_return(flight, role)
        else:
            flight.finish(Ended(self._at_once(role, job)))
        return flight

    def _at_once(self, role: Role, job: Job) -> object:
        place = (role.path, role.member)
        if place in self._set:
            return self._set[place]
        source = self._source(role)
        self.assumed = self.assumed or source.assumed
        return source.returns(job.kwargs, self._random)

    def _let_return(self, flight: Flight, role: Role) -> None:
        self._flights += 1
        line = self._log.lines[-1]
        line.flight, line.told = line.flight or self._flights, role.operation != "get"
        ended, seconds = self._fate(role, flight.job)
        if ended is not None and seconds > 0:
            self._clock.after(seconds, lambda: _land(flight, ended))
        elif ended is not None:
            flight.finish(ended)
        elif self.doing is not None and self.doing.step.timeout_s is None:
            self._clock.after(NOTICED_AFTER_S, lambda: self._still_there(flight))

    def _still_there(self, flight: Flight) -> None:
        if flight.ended is None:
            self.notice()

    def _source(self, role: Role) -> Source:
        return self._sources.of(role.path, role.member, role.operation, role.method.returns)

    def _fate(self, role: Role, job: Job) -> tuple[Ended | None, float]:
        """Return how the call ends and after how long; None when it never does."""
        source = self._source(role)
        fault = self._faults.get(self._flights)
        seconds = max(0.0, source.lasts(job.kwargs, self._random))
        if fault == "never returns":
            return None, 0.0
        if fault == "exception":
            return Ended(error=RehearsedFaultError("the rehearsal let this call fail")), seconds
        try:
            value, seconds = self._value(role, job.kwargs, source, seconds)
        except Exception as error:  # noqa: BLE001 - a function given for the rehearsal, or a building block, is somebody else's
            return Ended(error=error), seconds
        self._log.lines[-1].assumed = self.assumed or source.lasts_basis == "assumed"
        return Ended(value if fault is None else spoiled(value, fault)), seconds

    def _value(self, role: Role, arguments: Mapping[str, object], source: Source, seconds: float) -> tuple[object, float]:
        place = (role.path, role.member)
        if role.pure is not None:
            return role.pure(**arguments), seconds
        if role.operation == "set":
            self._set[place] = arguments.get("value")
            return None, seconds
        if isinstance(self.doing, DoWatch):
            return self._reading(self.doing, source, place, seconds)
        if place in self._set and source.returns_basis != "given" and role.operation == "get":
            source.read_as_set = True
            return self._set[place], seconds
        source.drawn = True
        self.assumed = source.assumed
        return source.returns(arguments, self._random), seconds

    def _reading(self, doing: DoWatch, source: Source, place: tuple[str, str], seconds: float) -> tuple[object, float]:
        """Return a reading for which the condition holds, after the time that took before."""
        known, reading = self._watched
        if known is doing:
            return reading, seconds
        source.used_to_wait = True
        given = source.returns_basis == "given"
        drawn = source.returns({}, self._random)
        if given and source.varies:  # a function: what it gives is taken reading by reading
            return drawn, seconds
        self.assumed = not given
        likely = [self._set[place], drawn] if place in self._set and not given else [drawn]
        found = (only_these if given else reading_that_holds)(doing.condition, doing.names, likely)
        if found is None:
            _refuse_endless(doing)
            return drawn, seconds
        self._watched = (doing, found[0])
        return found[0], self._random.choice(source.waits) if source.waits else seconds


def _refuse_endless(doing: DoWatch) -> None:
    if doing.step.timeout_s is None:
        message = f"waiting until {doing.condition} would not end: no reading was found for which it holds, and there is no time-out"
        raise WorkflowError([Problem("condition", message, doing.condition)])


def _land(flight: Flight, ended: Ended) -> None:
    flight.finish(ended)


def _no_loop() -> AbstractEventLoop:
    raise RuntimeError("nothing of a rehearsal runs on a loop")

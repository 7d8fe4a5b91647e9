"""How does time pass in a rehearsal?  At once, from one thing that is due to the next."""

from __future__ import annotations

import heapq
import itertools
import math
from typing import TYPE_CHECKING, TypeVar

from ivoryos_jupyter.runner._clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.runner._inbox import Inbox

T = TypeVar("T")


class StageClock(VirtualClock):
    """A virtual clock that knows what is due, so that a call lasts as long as it would.

    Parameters
    ----------
    start_us
        UTC microseconds at which it begins.
    """

    def __init__(self, start_us: int) -> None:
        """Stand still at `start_us`, with nothing due."""
        super().__init__(start_us)
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self.idle: Callable[[], None] = _nobody
        """Called when somebody waits without end and nothing is due: a person has to act."""
        self.asks: Callable[[], bool] = lambda: False
        """Whether a person is asked just now, who is always there."""

    def after(self, seconds: float, do: Callable[[], None]) -> None:
        """Do something when so much time has passed."""
        heapq.heappush(self._due, (self._passed + seconds, next(self._count), do))

    def receive(self, inbox: Inbox[T], timeout: float | None) -> T | None:
        """Return the next message, letting time pass up to it; None when `timeout` seconds have passed without one."""
        ends = None if timeout is None else self._passed + max(timeout, math.ulp(self._passed))
        while inbox.empty():
            if self._due and (ends is None or self._due[0][0] <= ends):
                when, _, do = heapq.heappop(self._due)
                self._passed = max(self._passed, when)
                do()
            elif ends is not None and not self.asks():
                self.advance(ends - self._passed)
                return None
            else:
                self.idle()
        return inbox.get_nowait()


def _nobody() -> None:
    raise RuntimeError("the rehearsal waits for something that nothing in it will bring about")


class StageClerk:
    """Runs errands at once, and those for later when their time has come."""

    def __init__(self, clock: StageClock) -> None:
        """Go by `clock`."""
        self._clock = clock

    def put(self, errand: Callable[[], None]) -> None:
        """Run `errand`."""
        errand()

    def later(self, seconds: float, errand: Callable[[], None]) -> None:
        """Run `errand` after `seconds`."""
        self._clock.after(seconds, errand)

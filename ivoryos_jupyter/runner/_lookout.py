"""Which direct calls are under way?  All are known here, so that they can be looked at, and stopped together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_EVERY_S = 1.0
"""Seconds between two looks at the calls under way."""


class Watched(Protocol):
    """What is needed of a call."""

    def look(self, now: float) -> None:
        """Say what is unusual about it."""

    def cancel(self) -> None:
        """Ask it to stop."""


class Lookout:
    """Looks at the calls under way now and then; costs nothing while none takes long.

    Parameters
    ----------
    later
        Runs an errand after some seconds; only called by an errand.
    now
        The time, in s.
    """

    def __init__(self, later: Callable[[float, Callable[[], None]], None], now: Callable[[], float]) -> None:
        """See nothing yet."""
        self._later = later
        self._now = now
        self._calls: dict[int, Watched] = {}
        self._looking = False

    @property
    def calls(self) -> tuple[Watched, ...]:
        """The calls that stand in line or are under way."""
        return tuple(self._calls.copy().values())

    def add(self, call: Watched) -> None:
        """Know `call` from now on."""
        self._calls[id(call)] = call

    def discard(self, call: Watched) -> None:
        """Know `call` no longer, for it has ended."""
        self._calls.pop(id(call), None)

    def begin(self) -> None:
        """Look at the calls from now on, as long as there are any; called by an errand."""
        if not self._looking:
            self._looking = True
            self._later(LOOK_EVERY_S, self._look)

    def _look(self) -> None:
        calls = self.calls
        for call in calls:
            call.look(self._now())
        self._looking = bool(calls)
        if calls:
            self._later(LOOK_EVERY_S, self._look)

"""How does a call learn that it shall stop?  By a token in its context, and a sleep that obeys it."""

from __future__ import annotations

import threading
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol

from ivoryos_jupyter.errors import StopRequested

if TYPE_CHECKING:
    from collections.abc import Callable


class Around(Protocol):
    """What is known of a call to what is asked for from within it."""

    @property
    def run_key(self) -> str:
        """The run it belongs to; empty for a direct call."""

    @property
    def straight(self) -> bool:
        """Whether what is asked for from within it passes no gate and takes no seat."""

    @property
    def roots(self) -> tuple[object, ...]:
        """The objects whose seats are taken for it."""


_NEVER = threading.Event()
stop_token: ContextVar[StopToken | None] = ContextVar("ivoryos_stop_token", default=None)
"""The token of the call that runs in this context."""


class StopToken:
    """Tells one call to stop; cheap until somebody sleeps on it."""

    __slots__ = ("_event", "_told", "_within", "job", "requested")
    _making = threading.Lock()

    def __init__(self, job: Around | None = None) -> None:
        """Ask nothing yet of the call that `job` is."""
        self.job = job
        """The call, for what is asked for from within it."""
        self.requested = False
        """Whether a stop has been asked for."""
        self._event: threading.Event | None = None
        self._within: list[Callable[[], None]] | None = None
        self._told: set[int] | None = None

    def request(self) -> None:
        """Ask the call to stop, waking it when it sleeps."""
        with self._making:
            self.requested = True
            event, within = self._event, tuple(self._within or ())
        if event is not None:
            event.set()
        for stop in within:
            stop()

    def also(self, stop: Callable[[], None]) -> None:
        """Call `stop` when a stop is requested, at once when it has been: for a call that is made from within this one."""
        with self._making:
            if not self.requested:
                self._within = [*(self._within or ()), stop]
                return
        stop()

    def no_longer(self, stop: Callable[[], None]) -> None:
        """Take back what `also` began."""
        with self._making:
            self._within = [one for one in self._within or () if one != stop]

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; return whether a stop was requested, which each thread is told once.

        Who has been told and waits again waits to the end: a driver that tidies up must not be stopped in the middle of that,
        and one that does not obey must not spin.
        """
        here = threading.get_ident()
        with self._making:
            if self._told is not None and here in self._told:
                event = _NEVER
            else:
                event = self._event = self._event or threading.Event()
                if self.requested:
                    event.set()
        requested = event.wait(seconds)
        if requested:
            with self._making:
                self._told = {*(self._told or ()), here}
        return requested


def sleep(seconds: float) -> None:
    """Sleep like `time.sleep`, but end at once when the call is stopped.

    For use in drivers. Outside a call of this package it is `time.sleep`, and so it is in what tidies up after a stop: a call is
    told only once.

    Parameters
    ----------
    seconds
        How long, in s.

    Raises
    ------
    StopRequested
        When a person stops the run or the call; it is no `Exception`, so that ``except Exception`` does not swallow it.
    """
    token = stop_token.get()
    if token is None:
        time.sleep(seconds)
    elif token.wait(seconds):
        raise StopRequested("The call was stopped while it slept.")

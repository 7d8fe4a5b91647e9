"""What time is it, and how does one wait for the next message?  The clock port, real and virtual."""

from __future__ import annotations

import math
import time
from queue import Empty
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from ivoryos_jupyter.runner._inbox import Inbox

T = TypeVar("T")
LONGEST_S = 3600.0
"""Longest time that is waited at once: the system refuses some weeks, on Windows, and whoever waits looks at the clock again anyway."""


class Clock(Protocol):
    """Time for a run; a rehearsal uses another one."""

    def now_us(self) -> int:
        """Return UTC microseconds since 1970."""

    def monotonic(self) -> float:
        """Return seconds that never jump."""

    def receive(self, inbox: Inbox[T], timeout: float | None) -> T | None:
        """Return the next message, or None when `timeout` seconds, or a long time, have passed without one."""


class SystemClock:
    """The machine's time."""

    def now_us(self) -> int:
        """Return UTC microseconds since 1970."""
        return time.time_ns() // 1000

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return time.monotonic()

    def receive(self, inbox: Inbox[T], timeout: float | None) -> T | None:
        """Return the next message, or None when `timeout` seconds, or a long time, have passed without one."""
        try:
            return inbox.get(timeout=None if timeout is None else min(timeout, LONGEST_S))
        except Empty:
            return None


class VirtualClock:
    """Time that passes only by waiting, and then at once: an eight-hour run in seconds.

    Parameters
    ----------
    start_us
        UTC microseconds at which it begins.
    """

    def __init__(self, start_us: int = 1_800_000_000_000_000) -> None:
        """Stand still at `start_us`."""
        self._start_us = start_us
        self._passed = 0.0

    def now_us(self) -> int:
        """Return UTC microseconds since 1970."""
        return self._start_us + round(self._passed * 1e6)

    def monotonic(self) -> float:
        """Return the seconds that were waited for so far."""
        return self._passed

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass; the shortest time there is when they are too few to count."""
        self._passed = max(self._passed + seconds, math.nextafter(self._passed, math.inf)) if seconds > 0 else self._passed

    def receive(self, inbox: Inbox[T], timeout: float | None) -> T | None:
        """Return the message that is there; else let `timeout` pass at once, or wait where there is none."""
        if timeout is None:
            return inbox.get()
        try:
            return inbox.get_nowait()
        except Empty:
            self.advance(timeout)
            return None

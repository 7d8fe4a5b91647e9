"""How does time pass in a run?  Waits that obey pause and stop at once, and notice when the machine slept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.runner._clock import Clock
    from ivoryos_jupyter.runner._station import Station

TICK_S = 30.0
"""Longest time between two looks at the clocks."""
GAP_S = 5.0
"""The wall clock running ahead by more than this means that the machine slept."""


class Stopwatch:
    """Measures a wait by the steady clock, and adds what the wall clock saw of a machine that slept."""

    def __init__(self, clock: Clock) -> None:
        """Start at zero."""
        self._clock = clock
        self._steady = clock.monotonic()
        self._wall = clock.now_us()
        self.slept = 0.0
        """Seconds the machine slept since the last look."""

    def lap(self) -> float:
        """Return the seconds since the last look, sleep of the machine included."""
        steady, wall = self._clock.monotonic(), self._clock.now_us()
        passed = steady - self._steady
        ahead = (wall - self._wall) / 1e6 - passed
        self._steady, self._wall = steady, wall
        self.slept = ahead if ahead > GAP_S else 0.0
        return passed + self.slept


class Waits:
    """Lets time pass for a run."""

    def __init__(self, station: Station) -> None:
        """Wait at `station`."""
        self._station = station

    def for_seconds(self, seconds: float, *, keep_counting: bool, show: Callable[[float], None]) -> None:
        """Wait `seconds`; `show` is told how much is left whenever that is not plain counting down.

        Raises
        ------
        LeaveRun
            When the run is stopped meanwhile.
        """
        station = self._station
        left = seconds
        watch = Stopwatch(station.clock)
        show(left)
        while left > 0:
            station.receive(min(left, TICK_S))
            left -= self._lap(watch)
            if station.control.urgent:
                if not keep_counting:
                    station.control.freeze_wait(left)
                station.obey()
                counted = watch.lap()
                left -= counted if keep_counting else 0.0
                show(left)

    def _lap(self, watch: Stopwatch) -> float:
        passed = watch.lap()
        if watch.slept:
            self._station.note("clock_gap", {"seconds": round(watch.slept, 3), "meaning": "the machine slept during a wait"})
        return passed

    def seconds_until(self, time_of_day: str) -> float:
        """Return in how many seconds the local clock shows `time_of_day` next."""
        now_us = self._station.clock.now_us()
        return (next_time(time_of_day, now_us) - now_us) / 1e6

    def until(self, time_of_day: str, *, show: Callable[[float], None]) -> None:
        """Wait until the next time the local clock shows `time_of_day`."""
        station = self._station
        end_us = next_time(time_of_day, station.clock.now_us())
        left = (end_us - station.clock.now_us()) / 1e6
        show(left)
        while left > 0:
            station.receive(min(left, TICK_S))
            if station.control.urgent:
                station.obey()
            left = (end_us - station.clock.now_us()) / 1e6


def next_time(time_of_day: str, now_us: int) -> int:
    """Return when the local clock shows ``HH:MM`` or ``HH:MM:SS`` next, in UTC microseconds."""
    now = datetime.fromtimestamp(now_us / 1e6).astimezone()
    hour, minute, *rest = (int(part) for part in time_of_day.split(":"))
    naive = datetime(now.year, now.month, now.day, hour, minute, rest[0] if rest else 0)  # noqa: DTZ001 - the local clock is meant
    if naive <= now.replace(tzinfo=None):
        naive += timedelta(days=1)
    return round(naive.astimezone().timestamp() * 1e6)

"""When will the run have ended?  From how long the rows took that it has behind it."""

from __future__ import annotations

import statistics
import threading
from typing import TYPE_CHECKING

from ivoryos_jupyter.runner import State

if TYPE_CHECKING:
    from ivoryos_jupyter.bridge._sidebar_shapes import EstimateJson
    from ivoryos_jupyter.runner import RunStatus

_ENOUGH = 2
"""Rows from which an ending can be foretold."""


class Pace:
    """Follows the rows of the run under way."""

    def __init__(self) -> None:
        """Begin without a run."""
        self._lock = threading.Lock()
        self._key = ""
        self._at: tuple[int, int] = (0, 0)
        self._took_us: list[float] = []

    def hear(self, status: RunStatus) -> None:
        """Take in where the run is; time that it was paused or asked in is no measure of a row."""
        with self._lock:
            if status.key != self._key:
                self._key, self._at, self._took_us = status.key, (0, 0), []
            if status.phase != "script":
                return
            before, since = self._at
            if status.state is not State.RUNNING:
                self._at = (0, 0)
            elif status.iteration != before:
                if before:
                    passed = status.iteration - before
                    self._took_us += [(status.at_us - since) / passed] * passed
                self._at = (status.iteration, status.at_us)

    def estimate(self, status: RunStatus | None) -> EstimateJson | None:
        """Return when `status` will have ended; None while that cannot be said."""
        if status is None or status.state is not State.RUNNING or status.phase != "script" or status.stopping is not None:
            return None
        with self._lock:
            took, (at, since) = list(self._took_us), self._at
        if status.key != self._key or len(took) < _ENOUGH or at != status.iteration:
            return None
        mean, spread = statistics.fmean(took), statistics.stdev(took)
        left = status.iterations - status.iteration + 1
        ends_us = max(since + mean * left, float(status.at_us))
        return {"key": status.key, "ends_ms": round(ends_us / 1000), "spread_ms": round(spread * left**0.5 / 1000)}

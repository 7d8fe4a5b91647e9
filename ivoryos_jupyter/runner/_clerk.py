"""Who writes for direct calls, and who looks at the clock for them?  A thread each, that takes errands in order, some of them later."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from queue import Empty
from typing import TYPE_CHECKING

from ivoryos_jupyter.runner._inbox import Inbox

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)


class Clerk:
    """Runs errands on a thread of its own, so that neither a screen nor a driver's thread waits for the database."""

    def __init__(self, name: str = "ivoryos-clerk") -> None:
        """Make the clerk; its thread starts with the first errand."""
        self._name = name
        self._errands: Inbox[Callable[[], None] | None] = Inbox()
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._lock = threading.Lock()

    def put(self, errand: Callable[[], None]) -> None:
        """Run `errand` after those that wait already; after `close` nothing is run."""
        if self._thread is None:
            self._start()
        self._errands.put(errand)

    def later(self, seconds: float, errand: Callable[[], None]) -> None:
        """Run `errand` after `seconds`; only to be called by an errand."""
        heapq.heappush(self._later, (time.monotonic() + seconds, next(self._count), errand))

    def after(self, seconds: float, errand: Callable[[], None]) -> None:
        """Run `errand` after `seconds`; to be called by anybody."""
        self.put(lambda: self.later(seconds, errand))

    def _start(self) -> None:
        with self._lock:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
                self._thread.start()

    def _serve(self) -> None:
        while True:
            timeout = max(0.0, self._later[0][0] - time.monotonic()) if self._later else None
            try:
                errand = self._errands.get(timeout=timeout)
            except Empty:
                errand = heapq.heappop(self._later)[2]
            if errand is None:
                return
            try:
                errand()
            except Exception:  # noqa: BLE001 - logged; the next errand must not suffer
                _log.exception("An errand failed")
            del errand

    def close(self, timeout: float = 2.0) -> bool:
        """End the thread after the errands that wait; return whether it ended in time."""
        with self._lock:
            thread, self._thread, self._closed = self._thread, None, True
        if thread is None:
            return True
        self._errands.put(None)
        thread.join(timeout)
        return not thread.is_alive()

"""Who looks after something that must be held all the time?  A thread that looks again every few seconds, or when it is asked to."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

EVERY_S = 5.0
"""Seconds between two looks."""
LONGEST_S = 15.0
"""Seconds that a look may take at the end before it is left to itself."""


class Keeper:
    """Calls `look` again and again until it is closed; `look` raises nothing."""

    def __init__(self, look: Callable[[], None]) -> None:
        """Begin with the first look after `EVERY_S`."""
        self._look = look
        self._due = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="ivoryos-liveness", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            self._due.wait(EVERY_S)
            self._due.clear()
            if self._closed:
                return
            self._look()

    def look_now(self) -> None:
        """Look as soon as the look under way, if there is one, has ended."""
        self._due.set()

    def close(self) -> None:
        """End the thread."""
        self._closed = True
        self._due.set()
        if self._thread is not threading.current_thread():
            self._thread.join(LONGEST_S)

"""Who looks after something that must be held all the time?  A thread that looks again every few seconds."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

EVERY_S = 5.0
"""Seconds between two looks."""


class Keeper:
    """Calls `look` again and again until it is closed; what it raises is no news, for the next look tries again."""

    def __init__(self, look: Callable[[], None]) -> None:
        """Begin with the first look after `EVERY_S`."""
        self._look = look
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="ivoryos-liveness", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._closed.wait(EVERY_S):
            self._look()

    def close(self) -> None:
        """End the thread."""
        self._closed.set()
        if self._thread is not threading.current_thread():
            self._thread.join()

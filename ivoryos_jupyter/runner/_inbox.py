"""Where do messages from other threads wait for the one that reads them?

Not in `queue.SimpleQueue`: its ``get(timeout=…)`` waits for ever when the time is over before it begins to wait, as may happen to a
short timeout on a busy machine (CPython 3.10 to 3.13). A wait of a run that never ends is worse than a microsecond.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from queue import Empty
from typing import Generic, TypeVar

T = TypeVar("T")


class Inbox(Generic[T]):
    """Messages in their order; any thread may put one in, at any moment, one thread takes them out."""

    __slots__ = ("_messages", "_news")

    def __init__(self) -> None:
        """Begin empty."""
        self._messages: deque[T] = deque()
        self._news = threading.Lock()  # free: look again

    def put(self, message: T) -> None:
        """Put a message in; never waits."""
        self._messages.append(message)
        try:
            self._news.release()
        except RuntimeError:  # it is free already
            return

    def empty(self) -> bool:
        """Whether there is no message now."""
        return not self._messages

    def get(self, timeout: float | None = None) -> T:
        """Take the next message out, waiting for it at most `timeout` seconds; None for as long as it takes.

        Raises
        ------
        queue.Empty
            When there was none in that time.
        """
        messages, news = self._messages, self._news
        ends: float | None = None
        while not messages:
            if timeout is None:
                news.acquire()
                continue
            now = time.monotonic()
            ends = now + timeout if ends is None else ends
            if ends <= now or not news.acquire(timeout=ends - now):
                raise Empty
        return messages.popleft()

    def get_nowait(self) -> T:
        """Take the next message out; raise `queue.Empty` when there is none."""
        return self.get(0.0)

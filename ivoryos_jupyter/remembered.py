"""How is something that takes time to read remembered until it may have changed, whoever reads and whoever says so?"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Remembered(Generic[T]):
    """What was read last; read again once it was forgotten."""

    def __init__(self, read: Callable[[], T]) -> None:
        """Remember what `read` returns, when it is first asked for."""
        self._read = read
        self._lock = threading.Lock()
        self._known: tuple[T] | None = None
        self._forgotten = 0

    def get(self) -> T:
        """Return it; what is forgotten while it is being read may be old already, and is not remembered."""
        with self._lock:
            known, forgotten = self._known, self._forgotten
        if known is None:
            known = (self._read(),)
            with self._lock:
                if self._forgotten == forgotten:
                    self._known = known
        return known[0]

    def forget(self) -> None:
        """Let it be read again when it is next asked for."""
        with self._lock:
            self._known = None
            self._forgotten += 1

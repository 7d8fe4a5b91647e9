"""How is a file kept that calls depend on?  Read again when it has changed, written whole, and blocking while unreadable."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from ivoryos_jupyter.whole_files import patiently, replace_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.errors import SafetyFileError

T = TypeVar("T")
_LOCK_SECONDS = 5.0


class SafetyFile(Generic[T]):
    """One file of a data folder and what it states; safe from any thread, and from several kernels.

    Parameters
    ----------
    path
        The file; there is no need that it exists.
    read
        Returns what the file at a path states, or raises `SafetyFileError`.
    empty
        What no file states.
    error
        Makes the error that says why the file at a path cannot be used.
    look_every_s
        Seconds for which an answer holds before the file is looked at again; 0 for every time.
    """

    def __init__(
        self,
        path: str | Path,
        read: Callable[[Path], T],
        empty: T,
        error: Callable[[Path, str], SafetyFileError],
        look_every_s: float = 0.0,
    ) -> None:
        """Remember the parts; nothing is read yet."""
        self.path = Path(path)
        self._read_file = read
        self._empty = self._stated = empty
        self._error = error
        self._look_every_s = look_every_s
        self._fresh_until = -1.0
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None

    def current(self) -> T:
        """Return what the file states now; raise `SafetyFileError` at every call until it can be read."""
        if self._look_every_s and time.monotonic() < self._fresh_until:
            return self._stated
        with self._lock:
            return self._read()

    def _read(self) -> T:
        self._fresh_until = -1.0
        try:
            found = patiently(self._look)
        except FileNotFoundError:
            self._seen, self._stated = None, self._empty
        except OSError as error:
            raise self._error(self.path, str(error)) from error
        else:
            seen = (found.st_mtime_ns, found.st_size, found.st_ino)
            if seen != self._seen:
                self._seen = None
                self._stated = self._read_file(self.path)
                self._seen = seen
        self._fresh_until = time.monotonic() + self._look_every_s
        return self._stated

    def _look(self) -> os.stat_result:
        return os.stat(self.path)  # noqa: PTH116 - on the path of every call; the Path method costs twice as much

    def change(self, edit: Callable[[T], str]) -> T:
        """Write the text that `edit` makes of what the file states, and return what it states then.

        Raises
        ------
        SafetyFileError
            If the present file cannot be read or written.
        """
        from filelock import FileLock, Timeout  # noqa: PLC0415 - only an edit needs it

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._lock, FileLock(self.path.with_name(self.path.name + ".lock"), timeout=_LOCK_SECONDS):
                self._seen = None
                replace_file(self.path, f"{edit(self._read())}\n".encode())
                return self._read()
        except Timeout as error:
            raise self._error(self.path, "another program holds it; try again") from error
        except OSError as error:
            raise self._error(self.path, str(error)) from error

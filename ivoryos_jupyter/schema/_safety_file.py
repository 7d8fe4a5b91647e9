"""How is a file kept that calls depend on?  Read again when it has changed, written whole, and blocking while unreadable."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from ivoryos_jupyter.errors import SafetyFileError
from ivoryos_jupyter.whole_files import patiently, replace_file

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_LOCK_SECONDS = 5.0
_LOOKS = 5
_BETWEEN_LOOKS_S = 0.05
"""Seconds between two looks for a file that was there a moment ago."""
_SAME_TICK_NS = 2_000_000_000
"""Two changes within so many nanoseconds may bear the same time, as on a memory stick."""


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
        self._name = str(path)
        self._read_file = read
        self._empty = self._stated = empty
        self._error = error
        self._look_every_s = look_every_s
        self._fresh_until = -1.0
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._was_there = False

    def current(self) -> T:
        """Return what the file states now; raise `SafetyFileError` at every call until it can be read."""
        if self._look_every_s and time.monotonic() < self._fresh_until:
            return self._stated
        with self._lock:
            return self._read()

    def _read(self) -> T:
        self._fresh_until = -1.0
        try:
            found = self._found()
        except OSError as error:
            raise self._error(self.path, str(error)) from error
        if found is None:
            self._seen, self._was_there, self._stated = None, False, self._empty
        else:
            self._take_in(found)
        self._fresh_until = time.monotonic() + self._look_every_s
        return self._stated

    def _take_in(self, found: os.stat_result) -> None:
        seen = (found.st_mtime_ns, found.st_size, found.st_ino)
        if seen == self._seen:
            return
        self._seen, self._was_there = None, True
        stated = self._read_file(self.path)
        if stated != self._stated:
            self._stated = stated
        if abs(time.time_ns() - found.st_mtime_ns) > _SAME_TICK_NS:  # else another change may bear the same time
            self._seen = seen

    def _found(self) -> os.stat_result | None:
        """Return what tells whether the file has changed; None where there is none.

        Asked at every call, so that nothing stands around the first look.
        """
        try:
            return os.stat(self._name)  # noqa: PTH116 - a Path costs as much again
        except OSError as error:
            return self._looked_for() if self._was_there or not isinstance(error, FileNotFoundError) else None

    def _looked_for(self) -> os.stat_result | None:
        """Look for a file a few times more: an editor may be writing it anew.

        It is gone only when its folder is still there; a drive that was taken away takes no limit with it.
        """
        for _ in range(_LOOKS):
            with contextlib.suppress(FileNotFoundError):
                return patiently(self.path.stat)
            time.sleep(_BETWEEN_LOOKS_S)
        if not self.path.parent.exists():
            raise FileNotFoundError(f"its folder {self.path.parent} is gone")
        return None

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
            raise SafetyFileError(f"{self.path} was not changed: another program holds it; try again.") from error
        except OSError as error:
            raise SafetyFileError(f"{self.path} was not changed, and what it states still holds: {error}.") from error

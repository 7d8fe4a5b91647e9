"""Does the kernel that wrote this row still live?  It holds an operating-system lock as long as it does; no clock is asked."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING
from weakref import WeakSet

from filelock import FileLock, Timeout

from ivoryos_jupyter.errors import RecordsError

if TYPE_CHECKING:
    from pathlib import Path

_DAY_S = 86_400


class FileLiveness:
    """One lock file per living kernel, beside the database; the system releases it when the process ends, however it ends."""

    def __init__(self, folder: Path, *, tidy: bool = True) -> None:
        """Keep the lock files in `folder`; `tidy` removes that of a kernel that is gone, else it stays as a sign that it was here."""
        self._folder = folder
        self._tidy = tidy
        self._held: dict[str, FileLock] = {}
        _holders.add(self)

    def hold(self, owner: str) -> None:
        """Hold the lock of `owner`."""
        if owner in self._held:
            return
        lock = self._lock(owner)
        try:
            self._folder.mkdir(exist_ok=True)
            lock.acquire(timeout=0)
        except (OSError, Timeout) as error:
            raise RecordsError(f"The lock file {self._path(owner)} cannot be held ({error}); check who may write there.") from error
        self._held[owner] = lock

    def alive(self, owner: str) -> bool:
        """Tell whether somebody holds the lock of `owner`."""
        if owner in self._held:
            return True
        if not self._path(owner).exists():
            return False
        lock = self._lock(owner)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        except OSError as error:
            raise RecordsError(f"The lock file {self._path(owner)} cannot be asked ({error}); check who may write there.") from error
        lock.release()
        if self._tidy:
            self._forget(owner)
        return False

    def knows(self, owner: str) -> bool:
        """Tell whether `owner` has shown here that it lives, now or before."""
        return self._path(owner).exists()

    def release(self) -> None:
        """Release every lock held here."""
        for owner, lock in self._held.items():
            lock.release()
            if self._tidy:
                self._forget(owner)
        self._held.clear()

    def tidy_up(self) -> None:
        """Remove the signs of kernels that were here and live no longer, but for those of the last day: one may be beginning just now."""
        for path in self._folder.glob("*.lock"):
            if path.stat().st_mtime < time.time() - _DAY_S and not self.alive(path.stem):
                self._forget(path.stem)

    def disown(self) -> None:
        """Let go, in a process that was forked, of what it inherited; the kernel's own hold stays as it is."""
        for lock in self._held.values():
            context = lock._context  # noqa: SLF001 - to release the lock here would release the kernel's
            file, context.lock_file_fd = context.lock_file_fd, None
            if file is not None:  # as it is where filelock itself sees to it
                with suppress(OSError):
                    os.close(file)
        self._held.clear()

    def _forget(self, owner: str) -> None:
        """Remove the file of a kernel that is gone; where another kernel is looking at it, that one will."""
        with suppress(OSError):
            self._path(owner).unlink(missing_ok=True)

    def _path(self, owner: str) -> Path:
        """Return where the lock of `owner` lies."""
        return self._folder / f"{owner}.lock"

    def _lock(self, owner: str) -> FileLock:
        """Return a lock object of its own: a shared one would say that we hold what another store holds."""
        return FileLock(self._path(owner), thread_local=False, is_singleton=False)


_holders: WeakSet[FileLiveness] = WeakSet()


def _disown() -> None:
    for holder in list(_holders):
        holder.disown()


if hasattr(os, "register_at_fork"):  # a forked process inherits the lock, and may outlive a kernel that is killed
    os.register_at_fork(after_in_child=_disown)

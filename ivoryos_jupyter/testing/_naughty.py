"""How do drivers misbehave?  One class for each way, to test that a caller survives it."""

from __future__ import annotations

import threading


class NeverReturns:
    """A driver whose call hangs, until a test lets it go."""

    def __init__(self) -> None:
        """Hang at the next call."""
        self.entered = threading.Event()
        """Set once a call hangs."""
        self._release = threading.Event()

    def hang(self) -> str:
        """Wait for ever, or until `let_go`."""
        self.entered.set()
        self._release.wait()
        return "released"

    def let_go(self) -> None:
        """End every call that hangs, so that no thread outlives a test."""
        self._release.set()


class HardwareGone(BaseException):
    """What a badly written driver raises: no subclass of Exception."""


class RaisesBaseException:
    """A driver that raises what ``except Exception`` does not catch."""

    def fail(self, message: str = "the device is gone") -> None:
        """Raise a bare BaseException."""
        raise HardwareGone(message)

    def leave(self) -> None:
        """Raise SystemExit, as drivers around command line tools do."""
        raise SystemExit(3)


class PrintsALot:
    """A driver that prints without end."""

    def chatter(self, megabytes: float = 10.0) -> int:
        """Print so many megabytes and return the number of lines.

        Parameters
        ----------
        megabytes
            How much to print, in MB.
        """
        line = "x" * 99
        lines = int(megabytes * 10_000)
        for _ in range(lines):
            print(line)  # noqa: T201 - printing is what this driver is for
        return lines


class ReturnsUnpicklable:
    """A driver that hands out objects which cannot be copied, pickled or shown."""

    def handle(self) -> object:
        """Return a lock wrapped in an object whose repr raises."""
        return _Handle()


class _Handle:
    """Neither pickle nor repr work on it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()

    def __repr__(self) -> str:
        raise RuntimeError("no repr for you")

    def __reduce__(self) -> str:
        raise TypeError("cannot pickle a handle")


class ThreadBound:
    """A driver that works only on the thread that called it first."""

    def __init__(self) -> None:
        """Belong to nobody yet."""
        self._owner: int | None = None

    def read(self) -> int:
        """Return the number of the thread this object belongs to.

        Raises
        ------
        RuntimeError
            When another thread than the first one calls.
        """
        caller = threading.get_ident()
        if self._owner is None:
            self._owner = caller
        if self._owner != caller:
            raise RuntimeError("this object was made on another thread")
        return caller

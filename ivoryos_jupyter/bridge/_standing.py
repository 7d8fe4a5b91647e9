"""Which run does the status bar show, of all that the runner tells about?"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

from ivoryos_jupyter.errors import RecordsError, UnknownNameError
from ivoryos_jupyter.notebook.recovery import RunDecided
from ivoryos_jupyter.runner import QueueChanged, RunChanged, State, StepChanged
from ivoryos_jupyter.wire import run_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ivoryos_jupyter.bridge._messages import Standing
    from ivoryos_jupyter.runner import RunStatus


class Queue(Protocol):
    """What is needed of the queue."""

    on_hold: bool

    @property
    def entries(self) -> Sequence[object]:
        """The waiting runs."""


class Runs(Protocol):
    """What is needed of the runner."""

    @property
    def active(self) -> RunStatus | None:
        """The run that is under way."""

    @property
    def runs(self) -> Sequence[RunStatus]:
        """All runs it remembers, oldest first."""

    @property
    def queue(self) -> Queue:
        """The waiting runs."""

    def status(self, key: str) -> RunStatus:
        """Return a snapshot of one run."""


class Board:
    """Follows the runner's events; knows the run that is going on, else the last one that ended."""

    def __init__(self, runs: Runs, undecided: Sequence[str] = (), read_undecided: Callable[[], Sequence[str]] = tuple) -> None:
        """Begin with how `runs` stand now.

        Parameters
        ----------
        runs
            The runner.
        undecided
            Names of the interrupted runs that nobody has decided about.
        read_undecided
            Reads them anew, when that may have changed.
        """
        self._runs = runs
        self._undecided = [*undecided]
        self._read_undecided = read_undecided
        self._lock = threading.Lock()
        self._serial = 0
        self._changes = 0
        self._shown: RunStatus | None = None
        for status in runs.runs:
            self._hear_run(status)
        self._waiting = len(runs.queue.entries)
        self._on_hold = runs.queue.on_hold

    @property
    def key(self) -> str | None:
        """Key of the run that is shown: of the one under way, also before its beginning was heard of."""
        with self._lock:
            shown = self._current()
        return None if shown is None else shown.key

    def hear(self, event: object) -> bool:
        """Take an event in; tell whether the standing has changed."""
        decided = isinstance(event, QueueChanged | RunDecided) and self._fewer_undecided()
        with self._lock:
            if isinstance(event, RunChanged):
                return self._hear_run(event.status)
            if isinstance(event, StepChanged):
                return self._shown is not None and self._shown.key == event.run_key
            if isinstance(event, QueueChanged):
                changed = (self._waiting, self._on_hold) != (len(event.keys), event.on_hold)
                self._waiting, self._on_hold = len(event.keys), event.on_hold
                return changed or decided
            return decided

    def _fewer_undecided(self) -> bool:
        """Read anew which interrupted runs wait for a decision; tell whether they are others."""
        if not self._undecided:
            return False
        try:
            now = [*self._read_undecided()]
        except RecordsError:  # it is asked again at the next event
            return False
        with self._lock:
            before, self._undecided = self._undecided, now
        return before != now

    def standing(self) -> Standing:
        """Return what is to be shown now."""
        with self._lock:
            self._serial += 1
            shown = self._current()
            return {
                "serial": self._serial,
                "run": run_json(self._latest(shown)) if shown is not None else None,
                "waiting": self._waiting,
                "on_hold": self._on_hold,
                "changes": self._changes,
                "undecided": [*self._undecided],
            }

    def count_change(self) -> None:
        """Let the next standing say that something beside it has changed."""
        with self._lock:
            self._changes += 1

    def _current(self) -> RunStatus | None:
        """Return the run that matters most now; the news of its beginning may still be on their way."""
        shown = self._shown
        active = self._runs.active if shown is None or shown.ended else None
        return shown if active is None or active.state is State.QUEUED else active

    def _latest(self, shown: RunStatus) -> RunStatus:
        """Return the status as it is now; steps go on between the events of their run."""
        try:
            return self._runs.status(shown.key)
        except UnknownNameError:
            return shown

    def _hear_run(self, status: RunStatus) -> bool:
        if status.state is State.QUEUED or status.recalled or (status.ended and status.run_id is None):
            return False
        shown = self._shown
        if shown is not None and shown.key != status.key and not shown.ended and status.ended:
            return False
        self._shown = status
        return True

"""Which run is next?  The persistent queue: kept by the recorder, one workflow at a time, on hold after a restart."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import RecordsError, UnknownNameError
from ivoryos_jupyter.runner._events import QueueChanged
from ivoryos_jupyter.schema import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ivoryos_jupyter.journal import QueuedRun, Recorder, RunRequest
    from ivoryos_jupyter.runner._clock import Clock
    from ivoryos_jupyter.runner._events import Event

LOOK_AGAIN_S = 30.0
"""Longest time between two looks at the clock: while a machine sleeps, or its clock is set, waiting does not count as time."""


class RunQueue:
    """The waiting runs, in order.

    Parameters
    ----------
    recorder
        Who keeps them.
    clock
        The time, for runs that wait for theirs.
    tell
        Takes `QueueChanged`.
    wake
        Wakes the runner.
    soon
        Runs an errand on another thread: who holds the queue may be a thread that must not wait for the database.
    """

    def __init__(
        self,
        recorder: Recorder,
        clock: Clock,
        tell: Callable[[Event], None],
        wake: Callable[[], None],
        soon: Callable[[Callable[[], None]], None],
    ) -> None:
        """Begin released."""
        self._soon = soon
        self._recorder = recorder
        self._clock = clock
        self._tell = tell
        self._wake = wake
        self._changing = threading.RLock()  # held by whoever takes or changes a run: nothing comes between the look and the deed
        self._taken = ""  # key of the run that begins just now
        self._keys: tuple[str, ...] = ()
        self.on_hold = False
        """Whether no run begins until it is released."""
        self.reason = ""
        """Why it is on hold."""
        self.came: Callable[[], object] = lambda: None
        """Called when runs wait here that were not submitted here."""

    @property
    def entries(self) -> Sequence[QueuedRun]:
        """The waiting runs, next one first."""
        return self._recorder.queue()

    def hold(self, reason: str = "You hold it.") -> None:
        """Begin no run until `release`; the run under way goes on."""
        self.on_hold, self.reason = True, reason
        self.changed()

    def release(self) -> None:
        """Begin runs again."""
        self.on_hold, self.reason = False, ""
        self.changed()

    def take_up(self, notebook: str) -> None:
        """Let wait here, behind all others and on hold, what waited in the queue of a notebook whose kernel is gone.

        Parameters
        ----------
        notebook
            Its path, or its name where that is enough.

        Raises
        ------
        UnknownNameError
            When nothing does.
        """
        known = self._recorder.left_waiting()
        found = [notebook] if notebook in known else [one for one in known if PurePath(one).name == notebook]
        if len(found) != 1:
            raise UnknownNameError(f"Nothing waits of one notebook {notebook!r} whose kernel is gone{did_you_mean(notebook, list(known))}")
        self.on_hold, self.reason = True, f"Some of these runs were submitted from {notebook}."
        self._recorder.take_up(found[0])
        self.came()
        self.changed()

    def reorder(self, keys: Sequence[str]) -> None:
        """Put the waiting runs into the order of `keys`; those not named follow in their old order."""
        waiting = [entry.request.key for entry in self.entries]
        unknown = [key for key in keys if key not in waiting]
        if unknown:
            raise UnknownNameError(f"There is no {unknown[0]!r} in the queue; it may have begun meanwhile.")
        self._recorder.reorder([*dict.fromkeys(keys), *(key for key in waiting if key not in keys)])
        self.changed()

    def replace(self, request: RunRequest) -> None:
        """Replace the waiting run that has the same key."""
        with self._changing:
            replaced = request.key != self._taken and self._recorder.replace_queued(request)
        if not replaced:
            raise UnknownNameError(f"{request.name!r} waits no longer in the queue, so it cannot be changed there.")
        self.changed()

    def set_held(self, key: str, *, held: bool) -> None:
        """Let one waiting run be passed over, or take its turn again."""
        self._change(key, held=held)

    def set_stop_here(self, key: str, *, stop: bool = True) -> None:
        """Let the queue stop after one waiting run: once it has ended, however, the next one waits for `release`."""
        self._change(key, stop_here=stop)

    def set_not_before(self, key: str, moment: datetime | None) -> None:
        """Let one waiting run begin no earlier than `moment`, in local time unless it says otherwise; None for as soon as it may."""
        self._change(key, not_before_us=None if moment is None else round(moment.timestamp() * 1_000_000))

    def _change(self, key: str, **changes: bool | int | None) -> None:
        """Change a waiting run, given by its key or its name."""
        with self._changing:
            request = next((entry.request for entry in self.entries if key in {entry.request.key, entry.request.name}), None)
            if request is None:
                raise UnknownNameError(f"There is no {key!r} in the queue; it may have begun meanwhile.")
            changed = replace(request, **changes)  # type: ignore[arg-type]  # named as the fields
            if changed != request:
                self.replace(changed)

    def __repr__(self) -> str:
        """Return what waits, one run a line, and whether it is on hold."""
        lines = [_line(entry.request) for entry in self.entries]
        head = f"on hold: {self.reason}" if self.on_hold else "released"
        return "\n".join([f"The queue, {head}", *(lines or ["nothing waits"])])

    def next(self) -> tuple[RunRequest | None, float | None]:
        """Return the run whose turn it is, which cannot be changed from now on, and else after how many seconds to look again."""
        with self._changing:
            request, again_in = self._next()
            self._taken = "" if request is None else request.key
        return request, again_in

    def _next(self) -> tuple[RunRequest | None, float | None]:
        if self.on_hold:
            return None, None
        now = self._clock.now_us()
        soonest: float | None = None
        for entry in self.entries:
            request = entry.request
            if request.held:
                continue
            if request.not_before_us is None or request.not_before_us <= now:
                return request, None
            wait = (request.not_before_us - now) / 1e6
            soonest = min(wait, LOOK_AGAIN_S if soonest is None else soonest)
        return None, soonest

    def changed(self) -> None:
        """Wake the runner, and publish the queue soon."""
        self._wake()
        self._soon(self._publish)

    def _publish(self) -> None:
        with suppress(RecordsError):  # else what was there before is told: whether it is on hold is known all the same
            self._keys = tuple(entry.request.key for entry in self.entries)
        self._tell(QueueChanged(self._keys, self.on_hold, self.reason))


def _line(request: RunRequest) -> str:
    """Return a waiting run in one line."""
    rows, many = request.rows, request.repeat
    number = f"{many} time{'s' if many > 1 else ''}" if rows is None else f"{len(rows)} row{'s' if len(rows) > 1 else ''}"
    later = "" if request.not_before_us is None else f", not before {_local(request.not_before_us)}"
    return f"{request.name} ({number}){later}{', on hold' if request.held else ''}{'; then the queue stops' if request.stop_here else ''}"


def _local(moment_us: int) -> str:
    return f"{datetime.fromtimestamp(moment_us / 1e6).astimezone():%Y-%m-%d %H:%M}"

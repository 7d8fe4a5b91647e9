"""What does the thread do that asks for a call and waits for it?  It prints what is printed, and lends itself where it is needed.

A notebook cell that calls a guarded instrument waits on the very thread that some calls need: the one of the kernel's loop. A
driver or a building block that calls one from within a call sits on the worker. Such a call runs right here, between its
intent and its outcome, which the clerk writes as always.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from contextvars import copy_context
from dataclasses import dataclass
from queue import Empty
from typing import TYPE_CHECKING, Protocol

from ivoryos_jupyter.errors import DriverError
from ivoryos_jupyter.runner._capture import sink
from ivoryos_jupyter.runner._flight import Flight, Job
from ivoryos_jupyter.runner._inbox import Inbox
from ivoryos_jupyter.runner._locks import Holder
from ivoryos_jupyter.runner._looking_up import LOOK_UP_S
from ivoryos_jupyter.runner._stopping import stop_token

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.runner._executor import Executor, ThreadExecutor
    from ivoryos_jupyter.runner._locks import Locks
    from ivoryos_jupyter.runner._stopping import Around

OBEY_S = 0.5
"""Seconds an interrupted cell waits for its call to obey before it gives the prompt back."""


class Handle(Protocol):
    """What is needed of the handle of a call."""

    @property
    def done(self) -> bool:
        """Whether it has ended."""

    def cancel(self) -> None:
        """Ask it to stop."""

    def exception(self) -> BaseException | None:
        """Return what it raised."""

    def add_done_callback(self, callback: Callable[[object], None]) -> None:
        """Call `callback` when it has ended."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a line of Python gave: a live function with live arguments, which reach the driver untouched."""

    target: Callable[..., object]
    args: tuple[object, ...]
    kwargs: Mapping[str, object]
    caller: Caller
    coroutine: bool = False
    """Whether it is awaited, on the loop."""
    needs_loop: bool = False
    """Whether it is a plain function that wants a running loop; what it returns is returned, not awaited."""


class Caller:
    """One thread that asks for one call."""

    def __init__(self, executor: ThreadExecutor) -> None:
        """Stand for this thread, in this context."""
        self.flight: Flight | None = None
        """The call, once it has begun."""
        self._handle: Handle | None = None
        self._token = stop_token.get()
        self.within: Around | None = None if self._token is None else self._token.job
        """The call from within which this one is asked for; None outside any."""
        self._executor = executor
        self._outer = sink.get()
        self._thread = threading.get_ident()
        self._loop = _running_loop()
        self._inbox: Inbox[str | Flight | None] = Inbox()

    @property
    def run_key(self) -> str:
        """Key of the run within which it is asked for; empty outside any."""
        return "" if self.within is None else self.within.run_key

    @property
    def goes_straight(self) -> bool:
        """Whether it is asked for by what makes things safe, which waits for nobody."""
        return self.within is not None and self.within.straight

    def sits_on(self, root: object) -> bool:
        """Whether the call around this one has taken the seat of `root` already."""
        return self.within is not None and any(root is one for one in self.within.roots)

    def start(self, executor: Executor, job: Job, done: Callable[[Flight], None]) -> Flight:
        """Start `job`: on the thread that waits when that is the one it needs; else as always."""
        if self._executor.runs_on(job, self._thread, self._loop):
            flight = self._executor.prepare(job, done)
            self._inbox.put(flight)
        else:
            flight = executor.start(job, done)
        self.flight = flight
        if self._token is not None:
            self._token.also(flight.stop)
        return flight

    def leave(self) -> None:
        """Take note that the call has ended."""
        if self._token is not None and self.flight is not None:
            self._token.no_longer(self.flight.stop)

    def echo(self, text: str) -> None:
        """Show `text`, which the call prints, where the line of Python stands that made it."""
        if threading.get_ident() != self._thread:
            self._inbox.put(text)
            return
        inner = sink.set(self._outer)
        try:
            sys.stdout.write(text)
        finally:
            sink.reset(inner)

    def takes(self, handle: Handle) -> None:
        """Take the handle of the call before it may begin, so that an interrupt at any moment finds it."""
        self._handle = handle
        handle.add_done_callback(lambda _: self._inbox.put(None))

    def wait(self, handle: Handle) -> None:
        """Wait until `handle` has ended."""
        __tracebackhide__ = True
        self._serve(lambda: handle.done, None)

    def interrupted(self, label: str) -> KeyboardInterrupt:
        """Ask the call to stop, for this thread was interrupted; return what is to be raised once it has obeyed, or after a moment."""
        handle = self._handle
        if handle is not None:
            handle.cancel()
            if not self._serve(lambda: handle.done, OBEY_S):
                late = "was asked to stop and has not returned yet; until it does, or is given up, the instrument is busy."
                return KeyboardInterrupt(f"{label} {late}")
        return KeyboardInterrupt(self._how_it_obeyed(label))

    def _how_it_obeyed(self, label: str) -> str:
        if self.flight is None:
            return f"{label} was given up before it began."
        ended = self.flight.ended
        if ended is not None and ended.abandoned:
            return f"{label} never returned and was given up; check the instrument before it is used again."
        return f"{label} was stopped; whether the hardware stopped is not known."

    @property
    def _is_stopped_around(self) -> bool:
        """Whether the call around this one was asked to stop: then what ends this one must end that one, too."""
        return self._token is not None and self._token.requested

    def take_turn(
        self, locks: Locks, label: str, root: object, target: Callable[..., object], args: tuple[object, ...]
    ) -> tuple[BaseException | None, object]:
        """Run `target` where plain methods of `root` run, in its seat; return what it raised and what it returned.

        Raises
        ------
        BusyError
            When the seat is taken.
        """
        holder = Holder(label, self.run_key)
        seated = not self.sits_on(root) and locks.take(root, holder)
        around = () if self.within is None else self.within.roots
        place = self._executor.place_of(root)
        job = Job(target, args, place=place, instrument=label, run_key=self.run_key, roots=(*around, root), echo=self.echo, awaits=False)
        try:
            flight = self.start(self._executor, job, lambda _: self._inbox.put(None))
            self._serve(lambda: flight.ended is not None, None)
        except KeyboardInterrupt:
            if self.flight is not None:
                self.flight.stop()
            raise
        finally:
            if seated:
                locks.free(root, holder)
        assert flight.ended is not None  # noqa: S101 - it was waited for
        return flight.ended.error, flight.ended.result

    def _serve(self, done: Callable[[], bool], at_most_s: float | None) -> bool:
        """Print, and run what must run here, until the call is `done`; return whether it is."""
        while True:
            try:
                item = self._inbox.get(timeout=LOOK_UP_S if at_most_s is None else at_most_s)
            except Empty:
                if at_most_s is None:
                    continue
                return done()
            if item is None:
                return True
            if isinstance(item, Flight):
                copy_context().run(item.run)
            else:
                self.echo(item)

    def error_of(self, handle: Handle) -> BaseException | None:
        """Return what the driver itself raised, or what kept the call from being made; None when it returned."""
        ended = None if self.flight is None else self.flight.ended
        if ended is not None and (isinstance(ended.error, KeyboardInterrupt) or self._is_stopped_around):
            return ended.error
        error = handle.exception()
        return error.__cause__ if isinstance(error, DriverError) and error.__cause__ is not None else error


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None

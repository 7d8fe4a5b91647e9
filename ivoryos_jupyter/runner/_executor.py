"""Where does a call run?  On the worker, on a thread of its own, or on the loop its object lives on."""

from __future__ import annotations

import asyncio
import threading
from contextvars import copy_context
from typing import TYPE_CHECKING, Protocol

from ivoryos_jupyter.runner._capture import Capture, sink
from ivoryos_jupyter.runner._flight import Ended, Flight
from ivoryos_jupyter.runner._stopping import stop_token
from ivoryos_jupyter.runner._worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.runner._flight import Job, Place


class Executor(Protocol):
    """Makes calls; a rehearsal uses another one."""

    def place_of(self, obj: object) -> Place:
        """Return where plain methods of `obj` run."""

    def is_bound(self, obj: object) -> bool:
        """Whether somebody said where plain methods of `obj` run, so that they must not run anywhere else."""

    def start(self, job: Job, done: Callable[[Flight], None]) -> Flight:
        """Start `job` and return at once; `done` is called once, on any thread, when it has ended."""

    def is_behind_another(self, flight: Flight) -> bool:
        """Whether another call occupies the thread that `flight` needs."""

    def abandon(self, flight: Flight) -> tuple[str, ...]:
        """Give `flight` up; return the names of the instruments that may be bound to the lost thread."""

    def would_block(self) -> bool:
        """Whether this thread runs the very loop that coroutines need."""


class ThreadExecutor:
    """Runs blocking calls on one persistent thread and coroutines on one loop.

    Parameters
    ----------
    loop
        The loop the coroutines run on, in a notebook the kernel's. Without one, a loop of its own is started on a thread
        when the first coroutine comes.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Start nothing yet."""
        self._loop = loop
        self._own_loop: _LoopThread | None = None
        self._lock = threading.Lock()
        self._capture = Capture()
        self._workers: dict[str, Worker] = {}
        self._pins: dict[int, tuple[object, Place]] = {}
        self._made = 0
        self._apart: list[threading.Thread] = []

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run coroutines on `loop` from now on."""
        self._loop = loop

    def pin(self, obj: object, place: Place) -> None:
        """Run the plain methods of `obj` at `place`: ``main`` for the notebook's thread, ``own`` for a thread of its own."""
        self._pins[id(obj)] = (obj, place)

    def place_of(self, obj: object) -> Place:
        """Return where plain methods of `obj` run."""
        pinned = self._pins.get(id(obj))
        return "worker" if pinned is None else pinned[1]

    def is_bound(self, obj: object) -> bool:
        """Whether `pin` said where plain methods of `obj` run, so that they must not run anywhere else."""
        return id(obj) in self._pins

    def would_block(self) -> bool:
        """Whether this thread runs the very loop that coroutines need."""
        try:
            return asyncio.get_running_loop() is self._loop
        except RuntimeError:
            return False

    def runs_on(self, job: Job, thread: int, loop: asyncio.AbstractEventLoop | None) -> bool:
        """Whether `job` needs the thread whose identity is `thread`, on which `loop` runs."""
        if job.coroutine or job.place == "apart":
            return False
        if job.place == "main":
            return loop is not None and loop is self._loop
        worker = self._workers.get(_thread_of(job))
        return worker is not None and worker.identity == thread

    def prepare(self, job: Job, done: Callable[[Flight], None]) -> Flight:
        """Return `job` ready to be run by the thread it needs."""
        self._capture.install()
        return Flight(job, done, self.loop)

    def start(self, job: Job, done: Callable[[Flight], None]) -> Flight:
        """Start `job` and return at once; `done` is called once, on any thread, when it has ended."""
        flight = self.prepare(job, done)
        if job.coroutine or job.place == "main":
            self._start_on_loop(flight)
        elif job.place == "apart":
            self._start_apart(flight)
        else:
            self._worker(_thread_of(job)).put(flight.run, job.instrument)
        return flight

    def _start_on_loop(self, flight: Flight) -> None:
        context = copy_context()
        context.run(sink.set, flight.sink)
        context.run(stop_token.set, flight.token)
        run = flight.run_on_loop if flight.job.coroutine else flight.run
        try:
            self.loop().call_soon_threadsafe(run, context=context)
        except RuntimeError as error:
            flight.finish(Ended(error=error))

    def _start_apart(self, flight: Flight) -> None:
        with self._lock:
            self._made += 1
            self._apart = [one for one in self._apart if one.is_alive()]
            thread = threading.Thread(target=flight.run, name=f"ivoryos-apart-{self._made}", daemon=True)
            thread.start()
            self._apart.append(thread)

    def loop(self) -> asyncio.AbstractEventLoop:
        """Return the loop coroutines run on."""
        if self._loop is not None:
            return self._loop
        with self._lock:
            if self._own_loop is None:
                self._own_loop = _LoopThread()
            return self._own_loop.loop

    def _worker(self, name: str) -> Worker:
        worker = self._workers.get(name)
        if worker is None:
            with self._lock:
                worker = self._workers.setdefault(name, self._new_worker(name))
        return worker

    def _new_worker(self, name: str) -> Worker:
        self._made += 1
        return Worker(f"ivoryos-{name}-{self._made}")

    def is_behind_another(self, flight: Flight) -> bool:
        """Whether another call occupies the thread that `flight` needs."""
        if not _on_a_worker(flight.job):
            return False
        worker = self._workers.get(_thread_of(flight.job))
        return worker is not None and worker.under_way not in {None, flight.run}

    def abandon(self, flight: Flight) -> tuple[str, ...]:
        """Give `flight` up; return the names of the instruments that may be bound to the lost thread."""
        stuck = flight.begun and _on_a_worker(flight.job)
        bound: tuple[str, ...] = ()
        if stuck and flight.ended is None:
            bound = self._replace(_thread_of(flight.job))
        flight.finish(Ended(abandoned=True))
        return bound

    def _replace(self, name: str) -> tuple[str, ...]:
        with self._lock:
            old = self._workers[name]
            new = self._workers[name] = self._new_worker(name)
        for job in old.retire():
            new.put(job, "")
        return tuple(name for name in old.served if name)

    def close(self, timeout: float = 2.0) -> bool:
        """End all threads and give the streams back; False when a call that hangs keeps its thread."""
        with self._lock:
            workers, own, apart = list(self._workers.values()), self._own_loop, self._apart
            self._workers, self._own_loop, self._apart = {}, None, []
        ended = [worker.close(timeout) for worker in workers]
        if own is not None:
            own.close(timeout)
        for thread in apart:
            thread.join(timeout)
        self._capture.remove()
        return all(ended) and not any(thread.is_alive() for thread in apart)


def _on_a_worker(job: Job) -> bool:
    return not job.coroutine and job.place in {"worker", "own"}


def _thread_of(job: Job) -> str:
    return f"own-{job.instrument}" if job.place == "own" else "worker"


class _LoopThread:
    """A loop on a thread of its own, for use outside a notebook."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="ivoryos-loop", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        self.loop.run_forever()
        self.loop.close()

    def close(self, timeout: float) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(timeout)

"""What is one call that is under way?  A job, the flag that asks it to stop, and how it ended."""

from __future__ import annotations

import asyncio
import inspect
import threading
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.errors import StopRequested
from ivoryos_jupyter.runner._capture import Sink, sink
from ivoryos_jupyter.runner._stopping import StopToken, stop_token

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping

Place = Literal["worker", "main", "own", "apart"]
"""Where a plain method runs: the common worker thread, the thread of the notebook's loop, or a thread of its own.

``apart`` is a thread for this one call, which must not wait behind another.
"""

_PLAIN = frozenset({type(None), bool, int, float, str, bytes, list, tuple, dict})


@dataclass(slots=True)
class Job:
    """A call with everything resolved."""

    target: Callable[..., object]
    args: tuple[object, ...] = ()
    kwargs: Mapping[str, object] = field(default_factory=dict)
    coroutine: bool = False
    """Whether it must run on a loop."""
    place: Place = "worker"
    instrument: str = ""
    """Name of the root instrument."""
    run_key: str = ""
    """The run it belongs to; empty for a direct call."""
    roots: tuple[object, ...] = ()
    """The objects whose seats are taken for it and for the calls around it."""
    echo: Callable[[str], None] | None = None
    """Takes what it prints, as it prints it."""
    awaits: bool = True
    """Whether a result that can be awaited is awaited; else it is the result."""
    straight: bool = False
    """Whether calls of guarded instruments from within it pass no gate and take no seat: what makes things safe waits for nobody."""


@dataclass(slots=True)
class Ended:
    """How a call ended."""

    result: object = None
    error: BaseException | None = None
    cancelled: bool = False
    """Whether it ended because it was asked to stop."""
    abandoned: bool = False
    """Whether it never returned and was given up."""

    @property
    def ok(self) -> bool:
        """Whether it returned."""
        return self.error is None and not self.cancelled and not self.abandoned


class Flight:
    """A call under way; it ends once, whoever comes first."""

    __slots__ = ("_done", "_lock", "_loop", "_task", "begun", "ended", "job", "late", "sink", "token", "waits_for_loop")

    def __init__(self, job: Job, done: Callable[[Flight], None], loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
        """Prepare to run `job` and to call `done` once when it has ended."""
        self.job = job
        self.begun = False
        self.waits_for_loop = False
        """Whether its function has returned a coroutine that the loop has not begun yet."""
        self.ended: Ended | None = None
        self.late: Ended | None = None
        """What came after it was given up."""
        self.sink = Sink(job.echo)
        self.token = StopToken(job)
        self._done = done
        self._loop = loop
        self._task: asyncio.Task[None] | None = None
        self._lock = threading.Lock()

    @property
    def prints(self) -> str:
        """What it printed and logged so far."""
        return self.sink.text()

    def finish(self, ended: Ended) -> bool:
        """End it with `ended`; False when it had ended already."""
        with self._lock:
            if self.ended is not None:
                self.late = ended
                return False
            self.ended = ended
        self._done(self)
        return True

    def _begin(self) -> bool:
        with self._lock:
            if self.ended is not None:
                return False
            self.begun = True
            return True

    def _raised(self, error: BaseException) -> Ended:
        stopped = isinstance(error, StopRequested | asyncio.CancelledError)
        by_hand = isinstance(error, KeyboardInterrupt)
        return Ended(error=error, cancelled=by_hand or (stopped and self.token.requested))

    def run(self) -> None:
        """Make the call on this thread; whatever it raises is its end."""
        if not self._begin():
            return
        sink.set(self.sink)
        stop_token.set(self.token)
        try:
            result = self.job.target(*self.job.args, **self.job.kwargs)
            if type(result) not in _PLAIN and self.job.awaits and inspect.isawaitable(result):
                self._hand_over(result)
                return
            ended = Ended(result)
        except BaseException as error:  # noqa: BLE001 - a driver's SystemExit must not end the worker
            ended = self._raised(error)
        finally:
            sink.set(None)
            stop_token.set(None)
        self.finish(ended)

    def _hand_over(self, awaitable: Awaitable[object]) -> None:
        self.waits_for_loop = inspect.iscoroutine(awaitable)
        try:
            self._loop().call_soon_threadsafe(self._follow, awaitable)
        except RuntimeError:  # the loop is closed
            if inspect.iscoroutine(awaitable):
                awaitable.close()
            raise

    def run_on_loop(self) -> None:
        """Make the call on the loop that runs on this thread."""
        if self._begin():
            self._start_task(self._drive(None))

    def _follow(self, awaitable: Awaitable[object]) -> None:
        with self._lock:
            self.waits_for_loop = False
            over = self.ended is not None
        if over and inspect.iscoroutine(awaitable):  # given up while it waited for the loop: it never begins
            awaitable.close()
            return
        sink.set(self.sink)
        stop_token.set(self.token)
        self._start_task(self._drive(awaitable))

    def _start_task(self, work: Coroutine[object, object, None]) -> None:
        self._task = asyncio.get_running_loop().create_task(work)
        if self.token.requested:
            self._task.cancel()

    async def _drive(self, awaitable: Awaitable[object] | None) -> None:
        """Await the call; nothing may leave, for SystemExit in a task ends the whole loop."""
        try:
            result: object = self.job.target(*self.job.args, **self.job.kwargs) if awaitable is None else awaitable
            if inspect.isawaitable(result):
                result = await result
        except BaseException as error:  # noqa: BLE001 - see above
            ended = self._raised(error)
        else:
            ended = Ended(result)
        self.finish(ended)

    def withdraw(self) -> bool:
        """Take it back as long as it has not begun; it never begins then, and nobody hears of an end."""
        with self._lock:
            if self.begun or self.ended is not None:
                return False
            self.ended = Ended(cancelled=True)
            return True

    def stop(self) -> None:
        """Ask it to stop, once: a sleep ends, a coroutine is cancelled, and what has not begun never begins."""
        if self.token.requested:  # a coroutine that tidies up after its cancelling must not be cancelled in the middle of that
            return
        self.token.request()
        with self._lock:
            waiting = not self.begun or self.waits_for_loop
        if waiting:
            self.finish(Ended(error=StopRequested("The call was stopped before it began."), cancelled=True))
        task = self._task
        if task is not None and not task.done():
            self._loop().call_soon_threadsafe(task.cancel)


def never_begun(job: Job) -> Flight:
    """Return the flight of a call that a stop kept from beginning."""
    flight = Flight(job, lambda _: None, asyncio.get_running_loop)
    flight.stop()
    return flight


def error_text(error: BaseException) -> str:
    """Return the driver's message, a blank line, and the traceback from the driver's own frame on."""
    try:
        message = str(error)
    except Exception:  # noqa: BLE001 - an exception whose text raises is still an exception
        message = ""
    if not message or isinstance(error, KeyError):
        message = f"{type(error).__name__}: {message}" if message else type(error).__name__
    frames = error.__traceback__
    if frames is not None and frames.tb_frame.f_code.co_filename == __file__:
        frames = frames.tb_next
    try:
        trace = "".join(traceback.format_exception(type(error), error, frames))
    except Exception:  # noqa: BLE001 - likewise
        trace = type(error).__name__
    return f"{message}\n\n{trace.rstrip()}"

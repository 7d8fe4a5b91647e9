"""Who runs workflows?  One thread that takes them from the queue, drives them, and obeys."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import BegunElsewhereError, RecordsError, UnknownNameError
from ivoryos_jupyter.runner._binding import bind
from ivoryos_jupyter.runner._commands import RunHandle
from ivoryos_jupyter.runner._events import Event, RunChanged
from ivoryos_jupyter.runner._following import Following
from ivoryos_jupyter.runner._inbox import Inbox
from ivoryos_jupyter.runner._leaving import Leaving, end_as_taken_out
from ivoryos_jupyter.runner._make_safe import SafetyOfficer
from ivoryos_jupyter.runner._queue import RunQueue
from ivoryos_jupyter.runner._registry import Registry
from ivoryos_jupyter.runner._station import RETRY_S, LeaveRun
from ivoryos_jupyter.runner._status import State
from ivoryos_jupyter.runner._turn import Turn, beginning_of
from ivoryos_jupyter.workflow import from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ivoryos_jupyter.journal import Recorder, RunEvent, RunRequest, UnfinishedRun
    from ivoryos_jupyter.runner._clock import Clock
    from ivoryos_jupyter.runner._control import Control
    from ivoryos_jupyter.runner._made_safe import MakingSafe
    from ivoryos_jupyter.runner._pipeline import Pipeline
    from ivoryos_jupyter.runner._station import Message
    from ivoryos_jupyter.runner._status import Choice, RunStatus, StopMoment

_log = logging.getLogger(__name__)


class Runner:
    """Runs workflows, one at a time.

    Parameters
    ----------
    pipeline
        Makes the calls.
    recorder
        Keeps runs and the queue.
    publish
        Takes events; what it raises is logged and touches no run.
    clock
        The time; None for the pipeline's.
    """

    def __init__(self, pipeline: Pipeline, recorder: Recorder, publish: Callable[[Event], None], clock: Clock | None = None) -> None:
        """Wire the parts; the thread starts with the first run."""
        self._pipeline = pipeline
        self._recorder = recorder
        self._publish = publish
        self._clock = clock or pipeline.clock
        self._inbox: Inbox[Message] = Inbox()
        self._known = Registry(self._clock, self._wake, lambda status: self._tell(RunChanged(status)))
        self._following = Following(recorder, self._known, self._mine)
        self.was_cut_off = self._following.look_for_lost
        """Called when other kernels may have taken this one for dead, and what waits here; returns at once."""
        self._leaving = Leaving(self._remove, pipeline.clerk)
        self._lock = threading.RLock()
        self._active: Control | None = None
        self._thread: threading.Thread | None = None
        self._closing = False
        self.queue = RunQueue(recorder, self._clock, self._tell, self._wake, pipeline.clerk.put)
        """The waiting runs."""
        self.queue.came = self._meet_waiting
        self.safety = SafetyOfficer(pipeline)
        """Who makes everything safe."""

    # Submitting and asking

    def submit(self, request: RunRequest, decided: RunEvent | None = None) -> RunHandle:
        """Put a run into the queue; the same key again returns the run that exists.

        Parameters
        ----------
        request
            The run.
        decided
            What a person decides by this about an interrupted run; once only.

        Raises
        ------
        WorkflowError
            With everything that keeps it from being run, before anything moves.
        ResumeError
            When it goes on with an interrupted run, and cannot.
        """
        with self._lock:
            if (known := self._following.find(request)) is not None:
                return self._handle(known, existed=True)
            binding = beginning_of(request, self._pipeline).binding
            while not self._recorder.enqueue(request, decided):  # another kernel on the same records was quicker just now
                if (known := self._following.find(request)) is not None:
                    return self._handle(known, existed=True)
            control = self._known.add(request)
            control.needs_loop = binding.needs_loop
            self._known.bindings[request.key] = binding
        control.publish()
        self.queue.changed()
        self._start()
        return self._handle(control)

    def restore(self, notebook: str = "") -> Sequence[UnfinishedRun]:
        """Take up what dead kernels left: the queue of `notebook`, on hold, and the runs they did not end, which are returned."""
        unfinished = self._recorder.unfinished(notebook)
        if self._meet_waiting():
            self.queue.hold("These runs were submitted before the notebook's kernel was restarted.")
        self._start()
        return unfinished

    def _meet_waiting(self) -> int:
        """Know the runs that wait, also those that were submitted to another kernel; return how many there are."""
        waiting = self._recorder.queue()
        with self._lock:
            for entry in waiting:
                if self._known.find(entry.request.key) is None:
                    self._known.add(entry.request)
        return len(waiting)

    @contextmanager
    def _mine(self) -> Iterator[list[Control]]:
        with self._lock:
            yield [one for one in self._known.waiting if one is not self._active]

    def _handle(self, control: Control, *, existed: bool = False) -> RunHandle:
        return RunHandle(control, self._stop, self._pipeline.executor.would_block, existed=existed)

    def handle(self, key: str) -> RunHandle:
        """Return the run with this key, to command it."""
        return self._handle(self._known.get(key))

    def status(self, key: str) -> RunStatus:
        """Return a snapshot of the run with this key."""
        return self.handle(key).status

    @property
    def active(self) -> RunStatus | None:
        """The run that is under way, or None."""
        control = self._active
        return None if control is None else control.status

    @property
    def runs(self) -> tuple[RunStatus, ...]:
        """All runs this runner remembers, oldest first."""
        return self._known.statuses

    # Commands; see `Control` for what each does in each state

    def pause(self, key: str, by: str = "") -> RunStatus:
        """Pause at the next checkpoint, inside a wait at once; `by` is shown to whoever looks."""
        return self.handle(key).pause(by)

    def resume(self, key: str) -> RunStatus:
        """Go on."""
        return self.handle(key).resume()

    def stop(self, key: str, moment: StopMoment = "step", *, cleanup: bool | None = None, continue_queue: bool = False) -> RunStatus:
        """Stop after the row, after the step, or now; a waiting run leaves the queue."""
        control = self.handle(key)
        after = "row" if moment == "row" else "step"
        return control.stop(after=after, now=moment == "now", cleanup=cleanup, continue_queue=continue_queue)  # type: ignore[arg-type]

    def answer(
        self,
        key: str,
        question_id: str,
        choice: Choice,
        value: object = None,
        arguments: Mapping[str, object] | None = None,
    ) -> RunStatus:
        """Answer what the run asks; a value that does not fit raises `ConversionError`, and the question stays open."""
        return self.handle(key).answer(choice, value, arguments=arguments, question_id=question_id)

    def make_safe(self) -> MakingSafe:
        """Stop everything now, without cleanup, hold the queue, and call each handler of a safe state once.

        Returns at once, with what can be awaited. A software action, no emergency stop.
        """
        return self.safety.begin(self._stop_for_safety)

    def _stop_for_safety(self) -> tuple[str, int | None]:
        self.queue.on_hold, self.queue.reason = True, "Made safe."  # first: a run that begins just now looks at this once more
        control = self._active
        stopped: tuple[str, int | None] = ("", None)
        if control is not None:
            control.why = "Everything was made safe"
            control.stop("now", cleanup=False)
            stopped = (control.request.name, control.status.run_id)
        self.queue.changed()
        return stopped

    def _stop(self, control: Control, moment: StopMoment, *, cleanup: bool | None, continue_queue: bool) -> None:
        if control.state is State.QUEUED and control is not self._active and self._leaving.ask(control):
            return
        control.stop(moment, cleanup=cleanup, continue_queue=continue_queue)
        if self._leaving.waits(control) and control.state is State.QUEUED:
            control.set(message="leaves the queue as soon as the records can be written")

    def _remove(self, control: Control) -> bool:
        """Take a run that has not begun out of the queue; False when it begins just now."""
        with self._lock:
            if control.state is State.ENDED:
                return True
            if control is self._active or not self._recorder.remove_queued(control.request.key):
                return False
            self._known.bindings.pop(control.request.key, None)
            end_as_taken_out(control)
            self.queue.changed()
            return True

    def remove(self, key: str) -> RunStatus:
        """Take a waiting run out of the queue."""
        return self.stop(key)

    def replace(self, request: RunRequest) -> None:
        """Put another workflow or table in the place of the waiting run that has the same key, unless it has begun."""
        with self._lock:
            control = self._known.find(request.key)
            if control is not None and control is self._active:
                raise UnknownNameError(f"{request.name!r} has begun, so it cannot be changed any more.")
            binding = bind(from_json(request.workflow), request, self._pipeline)
            self.queue.replace(request)
            control = control or self._known.add(request)
            control.request, control.needs_loop = request, binding.needs_loop
            self._known.bindings[request.key] = binding

    # The thread

    def _wake(self) -> None:
        self._inbox.put("wake")

    def _tell(self, event: Event) -> None:
        try:
            self._publish(event)
        except Exception:  # noqa: BLE001 - logged; listeners are not ours
            _log.exception("A listener failed")

    def _start(self) -> None:
        with self._lock:
            if self._thread is None and not self._closing:
                self._thread = threading.Thread(target=self._serve, name="ivoryos-runner", daemon=True)
                self._thread.start()

    def _serve(self) -> None:
        while not self._closing:
            try:
                control, again_in = self._take()
            except Exception as error:  # noqa: BLE001 - the records are out of reach; they may come back
                _log.warning("The queue cannot be read: %s", error)
                control, again_in = None, RETRY_S
            if control is None:
                self._clock.receive(self._inbox, again_in)
            else:
                self._give_turn(control)

    def _take(self) -> tuple[Control | None, float | None]:
        """Return the run whose turn it is, from now on the active one."""
        self._leaving.go()
        with self._lock:
            request, again_in = self.queue.next()
            if request is None:
                with suppress(RecordsError):
                    self._following.find_lost()
                return None, again_in
            control = self._known.find(request.key) or self._known.add(request)
            control.request = request
            self._active = control
            if self.queue.on_hold:  # held while it was taken
                self._active = None
                return None, None
            return control, None

    def _give_turn(self, control: Control) -> None:
        key, turn = control.request.key, Turn(control, self._pipeline, self.queue, self._inbox)
        try:
            beginning = turn.begin(self._known.bindings.get(key))
        except (Exception, LeaveRun) as error:  # noqa: BLE001 - it stays in the queue, and says why it has not begun
            self._active = None
            if isinstance(error, BegunElsewhereError):
                self._following.follow_lost(control)
            else:
                turn.put_back(error)
            return
        self._known.bindings.pop(key, None)
        try:
            turn.drive(beginning)
        finally:
            with self._lock:
                self._active = None
                self._known.forget_old()
            turn.hand_on(closing=self._closing)

    def close(self, timeout: float = 10.0) -> bool:
        """Stop the run under way now, without cleanup, and end the thread; return whether it ended in time."""
        self._closing = True
        control = self._active
        if control is not None:
            control.stop("now", cleanup=False)
        self._wake()
        thread = self._thread
        if thread is not None:
            thread.join(timeout)
        safe = self._following.close() and self.safety.close(timeout)
        return safe and (thread is None or not thread.is_alive())

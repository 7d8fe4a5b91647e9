"""What does a person want of a run, and what does the run say?  The meeting point of commands and the runner thread.

Commands come from any thread, only change what is wanted here, and wake the runner; the runner acts at its next
checkpoint. Each command may be given twice, and each may come in every state (see `Control`).
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CommandError
from ivoryos_jupyter.runner._status import Counts, RunStatus, State, StepNow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.journal import RunRequest
    from ivoryos_jupyter.runner._clock import Clock
    from ivoryos_jupyter.runner._effects import Doing as StepLike
    from ivoryos_jupyter.runner._status import Choice, Question, StopMoment

_STRENGTH: dict[StopMoment | None, int] = {None: 0, "row": 1, "step": 2, "now": 3}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered."""

    question: Question
    choice: Choice
    value: object = None
    arguments: Mapping[str, object] = field(default_factory=dict)


class Control:
    """One run, seen from both sides.

    ========  ========================  =========================  ====================================  ==================
    command   queued                    running, paused            asking                                ended
    ========  ========================  =========================  ====================================  ==================
    pause     begins paused             at the next checkpoint,    once it is answered                   refused
                                        in a wait at once
    resume    takes the pause back      goes on                    answers a pause; refused for others   refused
    stop      leaves the queue          at the moment it names     after row: once it is answered;       nothing to do
                                                                   else at once
    answer    refused                   the last answer again:     goes on as answered                   refused
                                        nothing to do
    make safe stays in the queue,       at once, without cleanup   at once, without cleanup              nothing to stop
              which is on hold
    ========  ========================  =========================  ====================================  ==================

    While cleanup runs, only a stop that says ``cleanup=False`` ends it: a stop given twice must not stop the cleanup.
    """

    def __init__(self, request: RunRequest, clock: Clock, wake: Callable[[], None], tell: Callable[[RunStatus], None]) -> None:
        """Stand for `request`; `wake` wakes the runner, `tell` publishes a snapshot."""
        self.request = request
        self.finished: Future[RunStatus] = Future()
        self.finished.set_running_or_notify_cancel()  # so that nobody who waits for it can cancel it for others
        self.urgent = False
        """Whether the runner has to look at what is wanted, at its next checkpoint."""
        self.stopped_now = False
        """Whether a call under way shall be stopped."""
        self.why = "Stopped by a person"
        """Who or what stops it, where something does."""
        self.overdue = False
        """Whether it took longer than it may."""
        self.stop_asked = False
        """Whether a person asked for a stop that shall also hold the queue."""
        self.needs_loop = False
        """Whether a step of it runs on the notebook's loop."""
        self.counts: dict[str, int] = dict.fromkeys(("done", "failed", "skipped", "retried", "cancelled", "abandoned"), 0)
        self.judge: Callable[[Mapping[str, object]], None] | None = None
        """Refuses arguments for another attempt at the step the run asks about, by raising."""
        self._clock = clock
        self._wake = wake
        self._tell = tell
        self._lock = threading.RLock()
        self._publishing = threading.RLock()  # a listener may command the run at once
        self._answer: Answer | None = None
        self._last_answered: Answer | None = None
        self._step: tuple[StepLike | None, int, float | None, float] = (None, 0, None, 0.0)
        self._frozen_left: float | None = None
        self._status = RunStatus(
            request.key, request.name, request.workflow_name, State.QUEUED, clock.now_us(), submitted_us=request.submitted_us
        )

    # What the runner says

    def set(self, **changes: object) -> None:
        """Change the status and publish it."""
        with self._lock:
            self._status = replace(self._status, **changes)  # type: ignore[arg-type]  # named as the fields
        self.publish()

    def publish(self) -> None:
        """Publish a snapshot; one at a time, so that no earlier one follows a later one."""
        with self._publishing:
            self._tell(self.status)

    def at_step(self, step: StepLike | None, started_us: int = 0, wait_total: float | None = None, wait_ends: float = 0.0) -> None:
        """Say which step the run is at; cheap, and published by the step's own event."""
        self._step = (step, started_us, wait_total, wait_ends)
        self._frozen_left = None

    def freeze_wait(self, left: float) -> None:
        """Say that the wait under way is not counting down until `at_step` says otherwise."""
        self._frozen_left = left

    def _step_now(self) -> StepNow | None:
        step, started, total, ends = self._step
        if step is None:
            return None
        frozen = self._frozen_left
        if total is None:
            return StepNow(step.step.id, step.label, started, step.attempt, step.sample, step.path)
        left = max(0.0, ends - self._clock.monotonic()) if frozen is None else frozen
        return StepNow(step.step.id, step.label, started, step.attempt, step.sample, step.path, total, left, frozen is None)

    @property
    def status(self) -> RunStatus:
        """A snapshot."""
        with self._lock:
            return replace(self._status, at_us=self._clock.now_us(), step=self._step_now(), counts=Counts(**self.counts))

    @property
    def state(self) -> State:
        """Where the run is."""
        return self._status.state

    @property
    def phase(self) -> str:
        """Which phase it is in."""
        return self._status.phase

    @property
    def pausing(self) -> bool:
        """Whether a person wants it paused."""
        return self._status.pausing

    @property
    def stopping(self) -> StopMoment | None:
        """When a person wants it stopped."""
        return self._status.stopping

    @property
    def cleanup(self) -> bool | None:
        """Whether a person wants cleanup after the stop; None for as the request says."""
        return self._status.cleanup

    def stop_is_obeyed(self, *, before_cleanup: bool = False) -> bool:
        """Note that the run has left what it did; what follows is cleanup or the end.

        Parameters
        ----------
        before_cleanup
            Whether cleanup follows in any case; a stop that forbids it stays wanted then.

        Returns
        -------
        :
            Whether cleanup may follow: a stop that forbids it may have come while an earlier one was obeyed.
        """
        with self._lock:
            forbidden = self._status.cleanup is False
            if not (before_cleanup and forbidden):
                self.stopped_now = False
                self.urgent = self._status.pausing
                self._status = replace(self._status, stopping=None, question=None, message="")
            return not forbidden

    def looked_at(self) -> None:
        """Note that the runner has obeyed; what somebody wants since then is looked at next."""
        with self._lock:
            self.urgent = self._status.pausing or self._status.stopping is not None

    def insist_on_stop(self) -> None:
        """Stop at the next checkpoint in any phase; a person answered so."""
        with self._lock:
            self._status = replace(self._status, stopping=self._status.stopping or "step")
            self.urgent = True

    def take_answer(self, question: Question) -> Answer | None:
        """Return the answer to `question`, once; one that came too late for an earlier question is nobody's."""
        with self._lock:
            answer, self._answer = self._answer, None
            return answer if answer is not None and answer.question.id == question.id else None

    # What people want

    def pause(self, by: str = "") -> None:
        """Pause at the next checkpoint, at once inside a wait; `by` says who or what wants it."""
        with self._lock:
            self._refuse_when_ended("pause")
            if self._status.pausing:
                return
            self._status = replace(self._status, pausing=True, paused_by=by)
            self.urgent = True
        self._changed()

    def resume(self) -> None:
        """Go on, or take back a pause that has not come yet."""
        with self._lock:
            self._refuse_when_ended("resume")
            question = self._status.question
            changed = self._status.pausing
            self._status = replace(self._status, pausing=False, paused_by="")
            if question is not None:
                if "continue" not in question.choices:
                    self._refuse_to_go_on(question)
                if self._answer is None:
                    self._answer = self._last_answered = Answer(question, "continue")
                changed = True
        if changed:
            self._changed()

    def _refuse_to_go_on(self, question: Question) -> None:
        choices = ", ".join(repr(choice) for choice in question.choices)
        raise CommandError(f"{self.request.name!r} waits for an answer: {question.message} Answer with one of {choices}.")

    def stop(self, moment: StopMoment, *, cleanup: bool | None = None, continue_queue: bool = False) -> None:
        """Stop at `moment`; the earliest of all that were named counts."""
        with self._lock:
            status = self._status
            if status.state is State.ENDED:
                return
            self.stop_asked = self.stop_asked or not continue_queue
            if status.phase == "cleanup" and (cleanup is not False or moment == "row"):
                return
            stronger = _STRENGTH[moment] > _STRENGTH[status.stopping]
            self._status = replace(
                status,
                stopping=moment if stronger else status.stopping,
                cleanup=status.cleanup if cleanup is None else cleanup,
                pausing=status.pausing and moment == "row",
            )
            self.stopped_now = self.stopped_now or moment == "now"
            self.urgent = True
        self._changed()

    def overrun(self) -> None:
        """End the run as by an error, for it took longer than it may; cleanup is not counted, nor ended."""
        with self._lock:
            status = self._status
            if status.state is State.ENDED or status.phase == "cleanup" or status.stopping == "now":
                return
            self.overdue = True
            self.why = f"The run took longer than its time-out of {self.request.timeout_s:g} s"
            self._status = replace(status, stopping="now", pausing=False)
            self.stopped_now = True
            self.urgent = True
        self._changed()

    def asked(self, question_id: str) -> Question | None:
        """Return the question with this id, if it is open or was the last one to be answered."""
        last = self._last_answered
        questions = (self._status.question, None if last is None else last.question)
        return next((one for one in questions if one is not None and one.id == question_id), None)

    def answer(self, question_id: str, choice: Choice, value: object, arguments: Mapping[str, object]) -> None:
        """Answer the open question; the same answer again does nothing, and another one is refused."""
        with self._lock:
            question, last = self._status.question, self._last_answered
            if last is not None and last.question.id == question_id:
                self._refuse_another(last, Answer(last.question, choice, value, arguments))
                return
            if question is None or question.id != question_id:
                now = "Nothing is asked now." if question is None else f"What it asks now is {question.id!r}: {question.message}"
                raise CommandError(f"{self.request.name!r} does not ask that. {now}")
            if choice not in question.choices:
                raise CommandError(f"{choice!r} is no answer here; answer with one of {', '.join(map(repr, question.choices))}.")
            self._answer = self._last_answered = Answer(question, choice, value, arguments)
        self._changed()

    def _refuse_another(self, last: Answer, now: Answer) -> None:
        """Raise when `now` is another answer than the one that counts: nobody must think that hers was taken."""
        if (last.choice, repr((last.value, dict(last.arguments)))) != (now.choice, repr((now.value, dict(now.arguments)))):
            raise CommandError(f"{self.request.name!r} was answered {last.choice!r} already: {last.question.message}")

    def _refuse_when_ended(self, command: str) -> None:
        if self._status.state is State.ENDED:
            how = self._status.outcome.value if self._status.outcome is not None else "see the records"
            raise CommandError(f"There is nothing to {command}: {self.request.name!r} has ended ({how}).")

    def _changed(self) -> None:
        self._wake()
        self.publish()

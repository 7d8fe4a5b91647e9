"""Where does the runner thread stand while it drives one run?  At its inbox: it hears, obeys, asks and writes here."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, TypeVar

from ivoryos_jupyter.errors import BudgetError, CallTimeoutError
from ivoryos_jupyter.journal import RunEvent
from ivoryos_jupyter.runner._gates import recordable
from ivoryos_jupyter.runner._status import Question, State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Literal

    from ivoryos_jupyter.runner._control import Answer, Control
    from ivoryos_jupyter.runner._flight import Flight
    from ivoryos_jupyter.runner._inbox import Inbox
    from ivoryos_jupyter.runner._office import Office
    from ivoryos_jupyter.schema import Plain

    Message = Flight | str

T = TypeVar("T")
RETRY_S = 1.0
"""Seconds between two attempts to reach the database."""
_AT_ONCE = frozenset({"step", "now"})
"""Stops that end a pause and a question."""


class LeaveRun(BaseException):
    """The phase under way is left: a person stopped it, or an error ends it."""

    def __init__(self, status: Literal["stopped", "failed"], error: str | None = None) -> None:
        """Leave with `status`, and the full text of the error where there is one."""
        self.status: Literal["stopped", "failed"] = status
        self.error = error
        super().__init__(status)


class Station:
    """What driving a run needs, whatever is being done.

    Parameters
    ----------
    control
        What is wanted of the run, and what it says.
    office
        Gates, seats, recorder, clock.
    inbox
        Calls that have ended, and wakings.
    """

    def __init__(self, control: Control, office: Office, inbox: Inbox[Message]) -> None:
        """Stand before the beginning."""
        self.control = control
        self.key = control.request.key
        """Key of the run."""
        self.office = office
        self.inbox = inbox
        self.clock = office.clock
        self.recorder = office.recorder
        self.run_id = 0
        self.phase_id = 0
        self._questions = itertools.count(1)
        limit = control.request.timeout_s
        self._deadline = None if limit is None else self.clock.monotonic() + limit
        self._waits_no_more = False  # for the database: a person stopped the run while it was away
        self.held_up = 0
        """How often the run was kept waiting: by a pause, a question, a taken seat or the records. What held before may not hold after."""

    def receive(self, timeout: float | None) -> Message | None:
        """Return the next message, or None after `timeout` seconds, or when the run has taken longer than it may."""
        if self._deadline is None:
            return self.clock.receive(self.inbox, timeout)
        left = max(0.0, self._deadline - self.clock.monotonic())
        message = self.clock.receive(self.inbox, left if timeout is None else min(timeout, left))
        self._look_at_the_clock()
        return message

    def _look_at_the_clock(self) -> None:
        """Want the run to end when it has taken longer than it may; told once."""
        if self._deadline is not None and self.clock.monotonic() >= self._deadline:
            self._deadline = None
            self.control.overrun()

    def note(self, kind: str, detail: Mapping[str, Plain] | None = None) -> None:
        """Keep an event of the run; where that fails it is kept later, and the next row's intent will hold the run up."""
        event = RunEvent(self.run_id or None, kind, self.clock.now_us(), detail or {})
        try:
            self.recorder.note(event)
        except Exception:  # noqa: BLE001 - see above
            self.office.keep(lambda: self.recorder.note(event))

    def checkpoint(self) -> None:
        """Obey pause and stop; between two steps."""
        if self._deadline is not None:
            self._look_at_the_clock()
        if self.control.urgent:
            self.obey()

    def obey(self) -> None:
        """Stay while paused; raise `LeaveRun` when the run shall stop here."""
        control = self.control
        if control.stopping in _AT_ONCE:
            raise LeaveRun("stopped")
        if control.pausing:
            self._stay_paused()
        control.looked_at()

    def _stay_paused(self) -> None:
        control, locks = self.control, self.office.locks
        self.held_up += 1
        locks.let_over(self.key, allowed=True)  # first: who sees that it is paused may take an instrument over
        try:
            control.set(state=State.PAUSED)
            by = control.status.paused_by
            self.note("paused", {"by": by} if by else None)
            while control.pausing and control.stopping not in _AT_ONCE:
                self.receive(None)
        finally:
            locks.let_over(self.key, allowed=False)
        control.set(state=State.RUNNING)
        if control.stopping in _AT_ONCE:
            raise LeaveRun("stopped")
        self.note("resumed")

    def ask(self, question: Question, judge: Callable[[Mapping[str, object]], None] | None = None, within_s: float | None = None) -> Answer:
        """Ask, and return the answer; raise `LeaveRun` when the run is stopped instead.

        Parameters
        ----------
        question
            What is asked.
        judge
            Refuses, by raising, arguments that a retry cannot be made with; the question stays open then.
        within_s
            Seconds in which somebody must answer, else `CallTimeoutError` is raised; None for ever.
        """
        control, locks = self.control, self.office.locks
        self.held_up += 1
        control.judge = judge
        locks.let_over(self.key, allowed=True)
        try:
            control.set(state=State.ASKING, question=question)
            answer = self._wait_for_answer(question, within_s)
        finally:
            locks.let_over(self.key, allowed=False)
            control.judge = None
            control.set(state=State.RUNNING, question=None)
        answer = answer or control.take_answer(question)  # it came in the very last moment
        if answer is None and within_s is not None and control.stopping not in _AT_ONCE:
            self.note("unanswered", {"question": question.kind, "within_s": within_s})
            raise CallTimeoutError(f"{question.label}: nobody answered within {within_s:g} s.")
        if answer is None or answer.choice == "stop":
            self.note("answered", {"question": question.kind, "choice": "stop"})
            raise LeaveRun("failed" if question.kind == "error" else "stopped", question.error or None)
        given: dict[str, Plain] = {"arguments": recordable(answer.arguments)} if answer.arguments else {}
        self.note("answered", {"question": question.kind, "choice": answer.choice, **given})
        return answer

    def _wait_for_answer(self, question: Question, within_s: float | None) -> Answer | None:
        """Return the answer; None when the run is stopped, or nobody answers in time."""
        ends = None if within_s is None else self.clock.monotonic() + within_s
        answer = self.control.take_answer(question)
        while answer is None and self.control.stopping not in _AT_ONCE:
            left = None if ends is None else ends - self.clock.monotonic()
            if left is not None and left <= 0:
                break
            self.receive(left)
            answer = self.control.take_answer(question)
        return answer

    def next_question(self) -> str:
        """Return an id that no other question of the run has."""
        return f"{self.key}/{next(self._questions)}"

    def commit(self, write: Callable[[], T], *, keep: bool = False) -> T:
        """Write, and return what that returns; while the database is out of reach the run waits for it.

        Parameters
        ----------
        write
            Writes one row; given again it is kept once.
        keep
            Whether it is an outcome, which is written later when the run is stopped meanwhile.
        """
        try:
            return write()
        except BudgetError:  # a refusal, and no trouble with the records
            raise
        except Exception as error:  # whatever keeps the row from being written, nothing goes on without it
            if keep and self._waits_no_more:
                self.office.keep(write)  # type: ignore[arg-type]  # what it returns is of no use later
                raise LeaveRun("stopped") from error
            return self._commit_later(write, error, keep=keep)

    def _commit_later(self, write: Callable[[], T], error: Exception, *, keep: bool) -> T:
        control = self.control
        self.held_up += 1
        message = f"The records cannot be written: {str(error).rstrip('.')}. The run waits and goes on when they can."
        question = Question(self.next_question(), "records", message, ("retry", "stop", "continue"), error=str(error))
        control.set(state=State.ASKING, question=question)
        try:
            while True:
                self.receive(RETRY_S)
                answer = control.take_answer(question)
                if control.stopping in _AT_ONCE or (answer is not None and answer.choice == "stop"):
                    if keep:
                        self._waits_no_more = True
                        self.office.keep(write)  # type: ignore[arg-type]  # what it returns is of no use later
                    control.insist_on_stop()
                    raise LeaveRun("stopped", message)
                try:
                    return write()
                except BudgetError:
                    raise
                except Exception:  # noqa: BLE001, S112 - it is tried again
                    continue
        finally:
            control.set(state=State.RUNNING, question=None)

"""How does each kind of step happen in a run?  Calls, waits, watches, questions and notes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import BudgetError, CallTimeoutError, ProblemsError
from ivoryos_jupyter.journal import RunEvent, StepStatus
from ivoryos_jupyter.runner._call import Call
from ivoryos_jupyter.runner._effects import DoAsk, DoCall, DoNote, DoWait, DoWatch, Failed
from ivoryos_jupyter.runner._gates import recordable
from ivoryos_jupyter.runner._outcomes import outcome_of, raisable
from ivoryos_jupyter.runner._run_calls import RunCalls
from ivoryos_jupyter.runner._station import LeaveRun
from ivoryos_jupyter.runner._status import Question
from ivoryos_jupyter.runner._steps import Attempt, timed_out
from ivoryos_jupyter.runner._waits import Waits
from ivoryos_jupyter.schema import Number, from_value
from ivoryos_jupyter.workflow import READING, Input, compile_expression

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.runner._effects import Doing, Reply, StepEffect
    from ivoryos_jupyter.runner._gates import Ready
    from ivoryos_jupyter.runner._run_calls import Flown
    from ivoryos_jupyter.runner._station import Station
    from ivoryos_jupyter.schema import Plain


class Doers:
    """Does the steps of one run, one at a time."""

    def __init__(self, station: Station, bound: Mapping[str, int]) -> None:
        """Do them at `station`; `bound` are the generations of the objects the run was submitted with."""
        self._station = station
        self._calls = RunCalls(station, bound)
        self._waits = Waits(station)
        self._table: dict[type[Doing], Callable[[StepEffect, Attempt], Reply]] = {
            DoCall: self._call,  # type: ignore[dict-item]  # each takes the kind it stands for
            DoWait: self._wait,  # type: ignore[dict-item]
            DoWatch: self._watch,  # type: ignore[dict-item]
            DoAsk: self._ask,  # type: ignore[dict-item]
            DoNote: self._note,  # type: ignore[dict-item]
        }

    def do(self, doing: StepEffect, attempt: Attempt) -> Reply:
        """Do one step and return what came of it; raise `LeaveRun` when the run is stopped meanwhile."""
        maker = self._table.get(type(doing))
        if doing.problem is not None:
            return Failed(doing.problem) if maker is None else attempt.refused(doing.problem)
        assert maker is not None  # noqa: S101 - a decision always has a problem
        return maker(doing, attempt)

    def _call(self, doing: DoCall, attempt: Attempt) -> Reply:
        calls = self._calls
        call = Call(doing.path_to, doing.member, doing.operation, doing.arguments, origin="run", run_key=self._station.key)
        try:
            ready = calls.ready(call, doing)
        except Exception as error:  # noqa: BLE001 - whatever the gates or the rules raise is a failed step
            return attempt.refused(error)
        try:
            attempt.begin(ready.arguments, calls.charge(ready))
            refusal = self._refused_late(call, ready, attempt)
            if refusal is not None:
                return attempt.failed(refusal)
            flown = calls.fly(call, ready, doing.step.timeout_s)
        except BudgetError as error:  # another kernel was quicker to use what was left
            return attempt.refused(error)
        finally:
            calls.get_up(ready)
        if flown.ok:
            calls.succeeded(ready, flown.ended.result)
            return attempt.done(flown.ended.result, flown.flight.prints)
        why = self._station.control.why
        outcome = outcome_of(flown.flight, self._station.clock.now_us(), timed_out=flown.late, told=flown.told, why=why)
        attempt.end(outcome)
        return self._after(flown, doing, outcome.status)

    def _refused_late(self, call: Call, ready: Ready, attempt: Attempt) -> Exception | None:
        try:
            return self._calls.look_again(call, ready)
        except LeaveRun:
            attempt.cancelled()
            raise

    def judge(self, doing: Doing, changed: Mapping[str, object]) -> None:
        """Raise what keeps `doing` from being tried again with `changed` in place of its arguments."""
        if isinstance(doing, DoCall):
            arguments = {**doing.arguments, **changed}
            call = Call(doing.path_to, doing.member, doing.operation, arguments, origin="run", run_key=self._station.key)
            self._judge_call(call, doing)
        elif isinstance(doing, DoWait) and "seconds" in changed:
            from_value(Number(), changed["seconds"], field="seconds")

    def _judge_call(self, call: Call, doing: DoCall) -> None:
        """Judge the arguments a person gave; that they were refused is kept."""
        office = self._station.office
        try:
            office.gates.judge(call)
        except ProblemsError as error:
            detail: dict[str, Plain] = {
                "step": doing.step.id,
                "label": doing.label,
                "arguments": {**recordable(call.arguments)},
                "message": str(error),
            }
            office.note_soon(RunEvent(self._station.run_id, "answer_refused", office.clock.now_us(), detail))
            raise

    def _after(self, flown: Flown, doing: Doing, status: StepStatus) -> Reply:
        """Return what a call that did not return means for the run."""
        if not flown.late and status in {StepStatus.CANCELLED, StepStatus.ABANDONED}:
            raise LeaveRun("stopped")
        error = flown.ended.error
        return Failed(error if error is not None and not flown.late else _error_of(flown, doing))

    def _wait(self, doing: DoWait, attempt: Attempt) -> Reply:
        attempt.begin(recordable(doing.arguments))
        limit = doing.step.timeout_s
        total = self._waits.seconds_until(doing.until) if doing.until else doing.seconds
        late = limit is not None and limit < total
        try:
            if doing.until and not late:
                self._waits.until(doing.until, show=lambda left: attempt.show_wait(left, left))
            else:
                seconds = limit if late and limit is not None else total
                self._waits.for_seconds(seconds, keep_counting=doing.keep_counting, show=lambda left: attempt.show_wait(seconds, left))
        except LeaveRun:
            attempt.cancelled()
            raise
        return attempt.failed(timed_out(doing.label, limit)) if late and limit is not None else attempt.done()

    def _watch(self, doing: DoWatch, attempt: Attempt) -> Reply:
        attempt.begin(recordable(doing.arguments))
        try:
            reading = self._until_it_holds(doing)
        except LeaveRun:
            attempt.cancelled()
            raise
        except Exception as error:  # noqa: BLE001 - a reading or a condition that fails is a failed step
            return attempt.failed(error)
        return attempt.done(reading)

    def _until_it_holds(self, doing: DoWatch) -> object:
        station = self._station
        clock = station.clock
        condition = compile_expression(doing.condition)
        began = clock.monotonic()
        held_since: float | None = None
        while True:
            reading = self._read(doing)
            now = clock.monotonic()
            if not condition.holds({**doing.names, READING: reading}):
                held_since = None
            elif held_since is None:
                held_since = now
            if held_since is not None and now - held_since >= doing.hold_s:
                return reading
            self._check_time(doing, now - began)
            paused = self._pass_time(doing.every_s)
            held_since = None if paused else held_since

    def _check_time(self, doing: DoWatch, passed: float) -> None:
        limit = doing.step.timeout_s
        if limit is not None and passed >= limit:
            raise timed_out(f"waiting until {doing.condition}", limit)

    def _pass_time(self, seconds: float) -> bool:
        """Wait until the next reading; return whether the run was paused meanwhile, when nobody looked."""
        shown: list[float] = []
        self._waits.for_seconds(max(seconds, 0.001), keep_counting=False, show=shown.append)
        return len(shown) > 1

    def _read(self, doing: DoWatch) -> object:
        calls = self._calls
        schema = self._station.office.deck.instrument(doing.instrument)
        operation = "get" if schema.property(doing.member) is not None else "call"
        call = Call(doing.instrument, doing.member, operation, origin="run", run_key=self._station.key)  # type: ignore[arg-type]
        ready = calls.ready(call, doing)
        try:
            if ready.duty is not None:
                calls.charge_reading(call, ready)
            flown = calls.fly(call, ready, doing.step.timeout_s)
        finally:
            calls.get_up(ready)
        ended = flown.ended
        if flown.ok:
            calls.succeeded(ready, ended.result)
            return ended.result
        if (ended.cancelled or ended.abandoned or flown.told) and not flown.late:
            raise LeaveRun("stopped")
        raise _error_of(flown, doing)

    def _ask(self, doing: DoAsk, attempt: Attempt) -> Reply:
        station = self._station
        attempt.begin(recordable(doing.arguments))
        question = Question(station.next_question(), "pause", doing.message, ("continue", "stop"), doing.step.id, doing.label)
        if doing.output:
            question = _for_value(question, doing)
        try:
            answer = station.ask(question, within_s=doing.step.timeout_s)
        except LeaveRun:
            attempt.cancelled()
            raise
        except CallTimeoutError as error:
            return attempt.failed(error)
        return attempt.done(answer.value if doing.output else None)

    def _note(self, doing: DoNote, attempt: Attempt) -> Reply:
        attempt.begin(recordable(doing.arguments))
        return attempt.done(doing.value) if doing.output else attempt.done()


def _for_value(question: Question, doing: DoAsk) -> Question:
    """Return the question as one for a value."""
    step = doing.step
    assert isinstance(step, Input)  # noqa: S101 - only such a step has an output to ask for
    return replace(
        question,
        kind="input",
        choices=("value", "stop"),
        type=step.type,
        options=step.choices,
        unit=step.unit,
        minimum=step.minimum,
        maximum=step.maximum,
        default=step.default,
    )


def _error_of(flown: Flown, doing: Doing) -> BaseException:
    limit = doing.step.timeout_s if flown.late else None
    return raisable(flown.ended, doing.label, limit, flown.told) or timed_out(doing.label, 0)

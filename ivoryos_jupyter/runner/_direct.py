"""What happens to one direct call, from its place in line to its outcome?"""

from __future__ import annotations

import itertools
import threading
from functools import partial
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import (
    BudgetError,
    BusyError,
    CallStoppedError,
    InterlockError,
    LimitError,
    SafetyFileError,
)
from ivoryos_jupyter.journal import CallIntent, RunEvent, StepStatus
from ivoryos_jupyter.runner._call import CallHandle
from ivoryos_jupyter.runner._events import CallChanged
from ivoryos_jupyter.runner._flight import error_text, never_begun
from ivoryos_jupyter.runner._ladder import CALL_STOP, Ladder
from ivoryos_jupyter.runner._locks import Holder
from ivoryos_jupyter.runner._outcomes import STATUS_WORDS, outcome_of, raisable
from ivoryos_jupyter.runner._pace import Pace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.runner._call import Call, CallStatus
    from ivoryos_jupyter.runner._flight import Flight
    from ivoryos_jupyter.runner._gates import Duty, Ready
    from ivoryos_jupyter.runner._office import Office
    from ivoryos_jupyter.runner._readings import Start
    from ivoryos_jupyter.schema import Plain


call_numbers = itertools.count(1)
"""Numbers that no two direct calls of this kernel share."""

REFUSALS = (LimitError, InterlockError, BudgetError, SafetyFileError)
"""What the laboratory's rules raise; a direct call that they refuse is recorded."""


class DirectCall:
    """Takes one direct call through seat, intent, call and outcome on the clerk's thread; it is stopped on the timer's."""

    def __init__(self, office: Office, call: Call, ready: Ready, number: int) -> None:
        """Prepare the call, which has passed the gates."""
        self._office = office
        self._call = call
        self._ready = ready
        self._root = ready.root
        self._cancelled = False
        self._permitted = False
        self._caller = None if call.given is None else call.given.caller
        needs_loop = ready.job.coroutine or ready.job.place == "main"
        self._holder = Holder(call.label, "" if self._caller is None else self._caller.run_key, call.take_over, needs_loop)
        self._flight: Flight | None = None
        self._ladder: Ladder | None = None
        self._timed_out = self._over = False
        self._ending = threading.Lock()
        self._started_us: int | None = None
        self._began = 0.0
        self._pace: Pace | None = None
        blocks = self._would_block if needs_loop else lambda: False
        self.handle: CallHandle[object] = CallHandle(call, number, self.cancel, blocks)
        if self._caller is not None:
            self._caller.takes(self.handle)

    def _would_block(self) -> bool:
        return self._office.executor.would_block()

    def sit_down(self, *, wait_in_line: bool) -> None:
        """Take the seat, or stand in line for it, or raise `BusyError`."""
        if self._caller is not None and self._caller.sits_on(self._root):
            self._root = None
        root = self._root
        self._office.lookout.add(self)
        if self._office.making_safe:  # looked at once it is known there: whoever makes safe stops what is known
            self._office.lookout.discard(self)
            raise BusyError("Everything is being made safe just now. Look at the report, then call again.")
        try:
            if root is None or self._office.locks.take(root, self._holder, self._turn, only_behind_readings=not wait_in_line):
                self._soon()
            else:
                self._tell("in line")
        except KeyboardInterrupt:  # nobody knows how far it came: the clerk knows, for a beginning stands in its line before this
            self._cancelled = True
            self._office.clerk.put(self._stand_up)
            raise
        except BaseException:
            self._office.lookout.discard(self)
            raise

    def _stand_up(self) -> None:
        """Give the place up, unless the call has begun."""
        if self._flight is None and not self.handle.done:
            if self._root is not None:
                self._office.locks.leave_line(self._root, self._holder)
            self._get_up()
            self._leave()

    def _soon(self) -> None:
        self.handle.status = "running"
        self._office.clerk.put(self._begin)

    def _turn(self) -> None:
        self.handle.status = "running"
        self._office.clerk.put(self._begin_late)

    def _begin_late(self) -> None:
        """Begin after a time in line: what held then may not hold now."""
        try:
            self._ready = self._office.gates.pass_(self._call)
        except Exception as error:  # noqa: BLE001 - whatever the gates raise is the answer
            self._refuse(error)
            return
        if self._ready.root is self._root:
            self._begin()
        else:  # the name means another object by now, and this seat is not the one that is needed
            self._get_up()
            self._root = self._ready.root
            self.sit_down(wait_in_line=True)

    def _begin(self) -> None:
        call, office = self._call, self._office
        if self._cancelled:
            self._get_up()
            self._leave()
            return
        duty = self._ready.duty
        if duty is not None and duty.asks and not self._permitted:
            threading.Thread(target=self._ask_rules, args=(duty,), name="ivoryos-rules", daemon=True).start()
            return
        try:
            office.settle_kept()
            run_id = office.run_around(call, self._root) or office.elsewhere.run_taken_over(call, self._root, office.clock.now_us())
            path = f"deck.{call.path}.{call.recorded_method}"
            started = self._started_us = office.clock.now_us()
            intent = CallIntent(path, call.path, self._ready.arguments, started, call.operator, call.origin, run_id, call.override)
            self._intend(intent)
        except Exception as error:  # noqa: BLE001 - without a committed intent there is no call
            self._refuse(error)
            return
        if self._cancelled:  # while the intent was written: what has not begun never begins
            self._flight = never_begun(self._ready.job)
            self._end(self._flight)
            return
        self._tell("running")
        self._began = office.clock.monotonic()
        self._pace = Pace(office, call, self._began)
        office.timer.put(office.lookout.begin)
        self._flight = self._start(self._ready.job, lambda flight: office.clerk.put(lambda: self._end(flight)))
        if call.timeout_s is not None:  # not before: a time-out that finds no call ends none
            office.timer.after(call.timeout_s, self._time_out)
        if self._cancelled:
            office.timer.put(self._cancel)

    @property
    def _start(self) -> Start:
        """Starts a job, on the thread of whoever waits for it where it needs that one."""
        executor = self._office.executor
        return executor.start if self._caller is None else partial(self._caller.start, executor)

    @property
    def _start_reading(self) -> Start:
        """Starts a reading; a thread that awaits the call does not lend itself, for it is free."""
        given = self._call.given
        return self._start if given is None or not given.coroutine else self._office.executor.start

    def _ask_rules(self, duty: Duty) -> None:
        """Evaluate the interlocks, on a thread of their own, for the clerk must not wait for a reading."""
        try:
            duty.permit(self._ready.job, self._start_reading)
        except Exception as error:  # noqa: BLE001 - whatever it is, the call is not made
            refusal = error
            self._office.clerk.put(lambda: self._refuse(refusal))
            return
        self._permitted = True
        self._office.clerk.put(self._begin)

    def _intend(self, intent: CallIntent) -> None:
        """Charge the budgets and commit the intent."""
        charge = self._office.charge_of(self._call, self._ready, intent.started_us, intent.run_id)
        self.handle.row = self._office.recorder.intend_call(intent, charge)

    def _refuse(self, error: Exception) -> None:
        if self.handle.done:
            return
        if isinstance(error, REFUSALS):
            self._office.note_refusal(self._call, error)
        self._get_up()
        self._office.lookout.discard(self)
        self.handle.settle("failed", error=error)
        self._tell("failed", error_text(error))

    def _get_up(self) -> None:
        if self._root is not None:
            self._office.locks.free(self._root, self._holder)

    def _end(self, flight: Flight) -> None:
        ended = flight.ended
        row = self.handle.row
        assert ended is not None  # noqa: S101 - it is called because it ended
        assert row is not None  # noqa: S101 - it could not have begun
        with self._ending:  # from here on nothing more is done to stop it
            self._over = True
            told = self._ladder.told if self._ladder is not None else ""
        if self._ladder is not None:
            self._ladder.leave()
        outcome = outcome_of(flight, self._office.clock.now_us(), timed_out=self._timed_out, told=told)
        if self._ready.duty is not None and outcome.status is StepStatus.DONE:
            self._ready.duty.done(ended.result)
        settle = self._office.recorder.settle_call
        try:
            settle(row, outcome)
        except Exception:  # noqa: BLE001 - the outcome is kept and tried again, the caller still gets it
            self._office.keep(lambda: settle(row, outcome))
        self.handle.prints = outcome.prints
        self._office.lookout.discard(self)
        self._get_up()
        error = raisable(ended, self._call.label, self._call.timeout_s if self._timed_out else None, told)
        status = STATUS_WORDS[outcome.status]
        self.handle.settle(status, ended.result, error)
        self._tell(status, outcome.error, ended.result, outcome.prints)

    def _time_out(self) -> None:
        flight = self._flight
        if flight is not None and flight.ended is None:
            self._timed_out = True
            self._stop(flight)

    def cancel(self) -> None:
        """Ask the call to stop, at once; when it does not, its driver is asked, and then it is given up."""
        self._cancelled = True
        flight = self._flight
        if flight is not None:
            flight.stop()
        self._office.timer.put(self._cancel)

    def _cancel(self) -> None:
        root = self._root
        if root is not None and self._office.locks.leave_line(root, self._holder):
            self._leave()
        elif self._flight is not None and self._flight.ended is None:
            self._stop(self._flight)

    def _leave(self) -> None:
        if self.handle.done:
            return
        self._office.lookout.discard(self)
        self.handle.settle("cancelled", error=CallStoppedError(f"{self._call.label} was cancelled before it began."))
        self._tell("cancelled")

    def _stop(self, flight: Flight) -> None:
        """Take the call down the ladder; once, however often it is asked for."""
        if self._ladder is None:
            self._ladder = Ladder(self._office, self._call, self._ready, flight, self._began, self._say)
            self._descend()

    def _descend(self) -> None:
        flight, ladder = self._flight, self._ladder
        with self._ending:
            if flight is not None and ladder is not None and flight.ended is None and not self._over:
                self._office.timer.later(ladder.descend(), self._descend)

    def _say(self, kind: str, detail: Mapping[str, Plain]) -> None:
        """Keep which rung the call is on, with what it prints and as an event."""
        flight = self._flight
        if flight is not None and kind == CALL_STOP:
            flight.sink.write(f"stop: {detail['rung']}\n")
        self._office.note_soon(RunEvent(None, kind, self._office.clock.now_us(), detail))

    def look(self, now: float) -> None:
        """Say how much longer than usual it takes, when that is news; on the clerk's thread."""
        pace = self._pace
        if pace is not None and (news := pace.news(now)) is not None:
            self._office.note_soon(RunEvent(None, "unusual", self._office.clock.now_us(), news))
            self._tell("running")

    def _tell(self, status: CallStatus, error: str | None = None, result: object = None, prints: str = "") -> None:
        call, handle = self._call, self.handle
        self._office.tell(
            CallChanged(
                handle.call_id,
                call.path,
                call.recorded_method,
                status,
                self._office.clock.now_us(),
                call.origin,
                handle.row,
                self._ready.arguments,
                error,
                result,
                prints,
                self._started_us,
                self._pace.message if self._pace is not None and status == "running" else "",
            )
        )

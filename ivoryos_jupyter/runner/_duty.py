"""What do the rules ask of one call?  That its interlocks hold, that its budgets last, and that its success is noted."""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import BudgetError, ExpressionError, InterlockError, NotReadError, Problem, RecordsError
from ivoryos_jupyter.journal import RunEvent
from ivoryos_jupyter.runner._readings import Reading
from ivoryos_jupyter.runner._seen import Seen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.journal import Charge, Entries
    from ivoryos_jupyter.rules import Concern, Interlock
    from ivoryos_jupyter.runner._call import Call
    from ivoryos_jupyter.runner._flight import Job
    from ivoryos_jupyter.runner._means import Means
    from ivoryos_jupyter.runner._readings import Start
    from ivoryos_jupyter.schema import Parameter, Plain
    from ivoryos_jupyter.workflow import Condition, Referred

_log = logging.getLogger(__name__)


class Duty:
    """The rules that concern one call, and the call.

    Whoever makes the call says `permit` when the seats are taken, commits `charge` with the intent, and says `done` before its
    success is committed.
    """

    def __init__(
        self, means: Means, concern: Concern, call: Call, parameters: Sequence[Parameter], arguments: Mapping[str, object]
    ) -> None:
        """Prepare; nothing is read yet."""
        self._means = means
        self._concern = concern
        self._call = call
        self._parameters = parameters
        self._arguments = arguments
        self._unheld: tuple[str, ...] = ()
        self._exceeded: tuple[str, ...] = ()
        self._charged: RunEvent | None = None
        self._read_until: float | None = None
        """Until when the readings of one `permit` may take, from the first on."""

    @property
    def overridden(self) -> tuple[str, ...]:
        """What forbade the call and was overridden, each in its own words."""
        return self._unheld + self._exceeded

    @property
    def asks(self) -> bool:
        """Whether `permit` reads or evaluates anything."""
        return bool(self._concern.interlocks)

    def permit(self, job: Job, start: Start) -> None:
        """Raise `InterlockError` when an interlock does not hold, or cannot be evaluated.

        It may take seconds, and must be called neither on the loop's nor on the clerk's thread.
        """
        self._read_until = None
        seen = Seen(self._arguments, self._parameters, partial(self._look, job, start))
        problems = [Problem("", why) for one in self._concern.interlocks if (why := self._refusal(one, seen))]
        if problems and not self._call.override:
            raise InterlockError(problems, f"{self._call.label} was not called; an interlock of the laboratory forbids it:")
        self._unheld = tuple(problem.message for problem in problems)

    def _refusal(self, interlock: Interlock, seen: Seen) -> str:
        """Return why `interlock` refuses the call; empty when it does not."""
        concerned: bool | None = None
        try:
            concerned = interlock.only_with is None or seen.holds(interlock.only_with)
            if not concerned:
                return ""
            holds = seen.holds(interlock.require)
            why = "" if holds else "it does not hold"
        except ExpressionError as error:
            holds, why = False, f"it cannot be evaluated: {error.problems[0].message}"
        told = _told(interlock, seen)
        self._note(interlock, told, holds=holds, why=why)
        if holds:
            return ""
        shown = ", ".join(f"{name} = {value!r}" for name, value in told.items())
        return f"{interlock.text} ({why}{'; seen: ' if shown else ''}{shown})"

    def _note(self, interlock: Interlock, told: Mapping[str, Plain], *, holds: bool, why: str) -> None:
        """Keep what was seen, in one commit with the intent or the refusal that follows."""
        call = self._call
        detail: dict[str, Plain] = {
            "call": f"{call.path}.{call.recorded_method}",
            "rule": interlock.text,
            "holds": holds,
            "seen": {**told},
        }
        if why:
            detail["why"] = why
        self._means.note(RunEvent(self._means.run_id(call), "interlock", self._means.now_us(), detail))

    def _look(self, job: Job, start: Start, one: Referred) -> object:
        means, now = self._means, time.monotonic()
        if one.kind != "reading":
            return means.last(one)
        if self._read_until is None:
            self._read_until = now + means.read_within_s
        left = self._read_until - now
        if left <= 0:
            raise NotReadError(f"{one.text} was not read: the readings before it took the {means.read_within_s:g} s there are")
        return Reading(means.office, one.path, one.member).value(left, job.roots, start)

    def check_budgets(self) -> None:
        """Raise `BudgetError` when a budget would not last for the call as things stand now; nothing is charged."""
        if self._concern.budgets and not self._call.override:
            self._check(None)

    def _check(self, run_id: int | None, read: Entries | None = None) -> None:
        charged = self._means.charged(self._call, run_id)
        self._means.ledger.check(self._concern.budgets, charged, self._call, self._parameters, self._arguments, read)

    def charge(self, run_id: int | None) -> Charge | None:
        """Return what the intent is charged, None for nothing; it raises `BudgetError` when a budget would not last."""
        return partial(self._charge, run_id) if self._concern.budgets else None

    def _charge(self, run_id: int | None, read: Entries) -> tuple[RunEvent]:
        """Look at what is left, and charge the call; nobody else can between the two. Tried again, it is decided anew."""
        ledger = self._means.ledger
        self._exceeded = ()
        try:
            self._check(run_id, read)
        except BudgetError as error:
            if not self._call.override:
                raise
            self._exceeded = tuple(str(problem) for problem in error.problems)
        charged = self._means.charged(self._call, run_id)
        self._charged = ledger.entry(self._concern.budgets, charged, run_id, self._call, self._parameters, self._arguments)
        return (self._charged,)

    def give_back(self) -> None:
        """Take back what was charged, in one commit with the outcome that follows: the intent was committed, and the call is not made."""
        if self._charged is not None:
            self._means.ledger.give_back(self._charged)

    def done(self, result: object, run_id: int | None = None) -> None:
        """Take note of the call's success, in one commit with the outcome that follows."""
        if self._concern.remembered:
            self._means.remember(self._call, result)
        try:
            for word in self._concern.resets:
                self._means.ledger.reset_by_call(word, run_id, self._call)
        except RecordsError as error:  # the outcome must not be lost with it; what is not set back stays used
            _log.warning("%s did not set back what it should have: %s", self._call.label, error)


def _told(interlock: Interlock, seen: Seen) -> dict[str, Plain]:
    conditions: tuple[Condition, ...] = tuple(interlock.conditions)
    return {name: value for condition in conditions for name, value in seen.told(condition).items()}

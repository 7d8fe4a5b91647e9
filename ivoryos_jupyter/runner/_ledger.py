"""What has been used of the budgets?  What the records say: each call is charged in one commit with its intent.

A call counts once its intent is committed, whatever comes of it: one that failed, was given up or is in doubt may have moved
the hardware. The entries are events (``used``, ``budget_reset``, ``reset_by_call``) of all kernels on the same records. Only
what is committed is counted, this kernel's own entries too; so nothing has to be taken back when an intent is not committed.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.errors import BudgetError, Problem, RecordsError
from ivoryos_jupyter.journal import BUDGET_KINDS, RunEvent
from ivoryos_jupyter.runner._tally import tally_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ivoryos_jupyter.journal import Entries, Recorder
    from ivoryos_jupyter.runner._call import Call
    from ivoryos_jupyter.runner._tally import Tally
    from ivoryos_jupyter.schema import Budget, Parameter, Plain, Source


class Ledger:
    """The counts of all budgets; safe from any thread."""

    def __init__(self, recorder: Recorder, now_us: Callable[[], int]) -> None:
        """Count what `recorder` keeps, by the clock `now_us`."""
        self._recorder = recorder
        self._now_us = now_us
        self._lock = threading.RLock()  # never held while the records are asked: they may be at a decision that needs it
        self._budgets: tuple[Budget, ...] = ()
        self._tallies: dict[tuple[object, ...], Tally] = {}
        self._accounts: dict[int, int] = {}
        self._read_to: int | None = None
        self._counts = 0

    def keep_to(self, budgets: tuple[Budget, ...]) -> None:
        """Count for `budgets`; counted anew from the records when they are others than before."""
        if budgets is self._budgets:
            return
        with self._lock:
            if budgets is not self._budgets:
                self._budgets, self._read_to = budgets, None
                self._counts += 1
                self._tallies = {one.key: tally_of(one) for one in budgets}

    def _account(self, run_id: int | None) -> int | None:
        """Return the run on whose account a run is, as far as entries are counted: its own, or the one that it goes on with."""
        return None if run_id is None else self._accounts.get(run_id, run_id)

    def used(self, budget: Budget, run_id: int | None = None) -> float:
        """Return what is used of a budget now, by one run where it counts per run."""
        with self._counted():
            tally = self._tallies.get(budget.key)
            return 0.0 if tally is None else tally.used(self._account(run_id), self._now_us())

    def check(
        self,
        budgets: Sequence[Budget],
        run_id: int | None,
        call: Call,
        parameters: Sequence[Parameter],
        arguments: Mapping[str, object],
        read: Entries | None = None,
    ) -> None:
        """Raise `BudgetError` naming each budget that would not last for a call, what is used of it and what is left.

        `read` reads the entries where nobody else can write any; None for as they stand, and where they cannot be read, what was read
        before counts: an intent cannot be committed then.
        """
        problems: list[Problem] = []
        with self._counted(read):
            account = self._account(run_id)
            for budget in budgets:
                needed = sum(source.amount(arguments, parameters) for source in _fed_by(budget, call))
                why = self._why_not(budget, needed, account)
                if why:
                    problems.append(Problem(_fed_by(budget, call)[0].param, why))
        if problems:
            raise BudgetError(problems, f"{call.label} was not called; a budget of the laboratory forbids it:")

    def _why_not(self, budget: Budget, needed: float, account: int | None) -> str:
        tally, now = self._tallies.get(budget.key), self._now_us()
        used = 0.0 if tally is None else tally.used(account, now)
        if tally is None or not budget.exceeded(used + needed):  # one that was removed meanwhile forbids nothing
            return ""
        left = max(0.0, budget.at_most - used)
        free = tally.free_in_s(used + needed - budget.at_most, now) if needed <= budget.at_most else None
        later = "" if free is None else f"; enough is free again in {max(free, 0.0):.0f} s"
        return (
            f"it needs {budget.shown(needed)}, and of {budget.shown(budget.at_most)} {budget.frame} "
            f"{budget.shown(used)} are used, {budget.shown(left)} left{later}"
        )

    def entry(
        self,
        budgets: Sequence[Budget],
        charged: int | None,
        run_id: int | None,
        call: Call,
        parameters: Sequence[Parameter],
        arguments: Mapping[str, object],
    ) -> RunEvent:
        """Return what is kept of a call that the run `charged` is charged; checked just before, so that its account is known."""
        with self._lock:
            account = self._account(charged)
        sources = {source for budget in budgets for source in _fed_by(budget, call)}
        amounts: dict[str, Plain] = {_key(source): source.amount(arguments, parameters) for source in sources}
        detail: dict[str, Plain] = {"call": f"{call.path}.{call.recorded_method}", "amounts": amounts, "account": account}
        return RunEvent(run_id, "used", self._now_us(), detail)

    def give_back(self, entry: RunEvent) -> None:
        """Take a charge back, as of the moment when it was made; committed with the outcome that follows."""
        amounts = cast("Mapping[str, float]", entry.detail["amounts"])
        self._recorder.note(replace(entry, detail={**entry.detail, "amounts": {source: -amount for source, amount in amounts.items()}}))

    def reset_by_call(self, word: str, run_id: int | None, call: Call) -> None:
        """Set back what the success of a call sets back; committed with the outcome that follows."""
        self._enter("reset_by_call", run_id, {"since": word, "call": f"{call.path}.{call.recorded_method}"})

    def reset(self, word: str, instrument: str, operator: str) -> tuple[Budget, ...]:
        """Set back what a person says; return the budgets that this concerns."""
        found = tuple(one for one in self._budgets if one.is_reset_by(word, instrument))
        if found:
            self._enter("budget_reset", None, {"since": word, "instrument": instrument, "operator": operator})
        return found

    def _enter(self, kind: str, run_id: int | None, detail: Mapping[str, Plain]) -> None:
        self._recorder.note(RunEvent(run_id, kind, self._now_us(), detail))

    @contextmanager
    def _counted(self, read: Entries | None = None) -> Iterator[None]:
        """Hold the counts as they stand when everything committed is counted."""
        while True:
            self._catch_up(read)
            with self._lock:
                if self._read_to is not None:  # else everything is counted anew since
                    yield
                    return

    def _catch_up(self, read: Entries | None) -> None:
        """Count what was committed since the last time, by whatever kernel."""
        while True:
            with self._lock:
                number, counts = self._read_to, self._counts
            try:
                entries = (read or self._recorder.events_after)(number, BUDGET_KINDS)
            except RecordsError:
                if number is None or read is not None:
                    raise
                return
            if self._take_in(entries, counts):
                return

    def _take_in(self, entries: Sequence[tuple[int, RunEvent]], counts: int) -> bool:
        """Count entries, each once, whoever reads them; False when everything is counted anew since they were asked for."""
        with self._lock:
            if counts != self._counts:
                return False
            self._read_to = self._read_to or 0
            for number, event in entries:
                if number > self._read_to:
                    self._count(event)
                    self._read_to = number
            return True

    def _count(self, event: RunEvent) -> None:
        detail = event.detail
        if event.kind != "used":
            for budget in self._budgets:
                if budget.is_reset_by(str(detail["since"]), str(detail.get("instrument") or "")):
                    self._tallies[budget.key].reset(event.at_us)
            return
        amounts = cast("Mapping[str, float]", detail["amounts"])
        account = cast("int | None", detail.get("account"))
        if event.run_id is not None and account is not None:
            self._accounts[event.run_id] = account
        for budget in self._budgets:
            amount = sum(amounts.get(_key(source), 0.0) for source in budget.sources)
            if amount:
                self._tallies[budget.key].add(account, event.at_us, amount)


def _fed_by(budget: Budget, call: Call) -> list[Source]:
    return [one for one in budget.sources if (one.target, one.method) in call.names]


def _key(source: Source) -> str:
    return f"{source.target}:{source.method}:{source.param}"

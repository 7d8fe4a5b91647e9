"""How much of one budget is used?  Counted per run, in a sliding stretch of time, or since it was last set back."""

from __future__ import annotations

import math
from bisect import bisect_right, insort
from typing import TYPE_CHECKING, Protocol

from ivoryos_jupyter.schema import SECONDS

if TYPE_CHECKING:
    from ivoryos_jupyter.schema import Budget


class Tally(Protocol):
    """The count of one budget."""

    def add(self, account: int | None, at_us: int, amount: float) -> None:
        """Count `amount`, used at `at_us` by the run `account`; None for a direct call. Less than 0: given back of what was used then."""

    def used(self, account: int | None, now_us: int) -> float:
        """Return what counts against a call of the run `account` now."""

    def reset(self, at_us: int) -> None:
        """Begin anew, where a reset means something."""

    def free_in_s(self, amount: float, now_us: int) -> float | None:
        """Return after how many seconds `amount` has dropped out of the count; None where time gives nothing back."""
        ...


def tally_of(budget: Budget) -> Tally:
    """Return an empty count for `budget`."""
    if budget.per == "run":
        return _PerRun()
    return _PerTime(SECONDS[budget.per]) if budget.per else _SinceReset()


class _PerRun:
    """Each run has its own count; a direct call outside any run stands alone."""

    def __init__(self) -> None:
        self._used: dict[int, float] = {}

    def add(self, account: int | None, at_us: int, amount: float) -> None:
        del at_us
        if account is not None:
            self._used[account] = self._used.get(account, 0.0) + amount

    def used(self, account: int | None, now_us: int) -> float:
        del now_us
        return 0.0 if account is None else self._used.get(account, 0.0)

    def reset(self, at_us: int) -> None:
        """Stay: nothing sets a run back."""

    def free_in_s(self, amount: float, now_us: int) -> float | None:
        del amount, now_us
        return None


class _PerTime:
    """What was used in the last so many seconds, whoever used it."""

    def __init__(self, seconds: int) -> None:
        self._length_us = seconds * 1_000_000
        self._uses: list[tuple[int, float]] = []
        """In the order of time, which need not be that of the entries: what is given back is dated back."""

    def add(self, account: int | None, at_us: int, amount: float) -> None:
        del account
        insort(self._uses, (at_us, amount))

    def used(self, account: int | None, now_us: int) -> float:
        del account
        del self._uses[: bisect_right(self._uses, (now_us - self._length_us, math.inf))]
        return math.fsum(amount for _, amount in self._uses)

    def reset(self, at_us: int) -> None:
        """Stay: only time gives back."""

    def free_in_s(self, amount: float, now_us: int) -> float | None:
        gone = 0.0
        for at_us, used in self._uses:
            gone += used
            if gone >= amount:
                return (at_us + self._length_us - now_us) / 1e6
        return None


class _SinceReset:
    """What was used since the last reset."""

    def __init__(self) -> None:
        self._used = 0.0
        self._since_us = 0

    def add(self, account: int | None, at_us: int, amount: float) -> None:
        del account
        if amount > 0 or at_us > self._since_us:  # what is given back of before the reset is gone with it
            self._used += amount

    def used(self, account: int | None, now_us: int) -> float:
        del account, now_us
        return self._used

    def reset(self, at_us: int) -> None:
        self._used, self._since_us = 0.0, at_us

    def free_in_s(self, amount: float, now_us: int) -> float | None:
        del amount, now_us
        return None

"""How much of one budget is used?  Counted per run, in a sliding stretch of time, or since it was last set back."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, Protocol

from ivoryos_jupyter.schema import SECONDS

if TYPE_CHECKING:
    from ivoryos_jupyter.schema import Budget


class Tally(Protocol):
    """The count of one budget."""

    def add(self, account: int | None, at_us: int, amount: float) -> None:
        """Count `amount`, used at `at_us` by the run `account`; None for a direct call."""

    def used(self, account: int | None, now_us: int) -> float:
        """Return what counts against a call of the run `account` now."""

    def reset(self) -> None:
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

    def reset(self) -> None:
        """Stay: nothing sets a run back."""

    def free_in_s(self, amount: float, now_us: int) -> float | None:
        del amount, now_us
        return None


class _PerTime:
    """What was used in the last so many seconds, whoever used it."""

    def __init__(self, seconds: int) -> None:
        self._length_us = seconds * 1_000_000
        self._uses: deque[tuple[int, float]] = deque()

    def add(self, account: int | None, at_us: int, amount: float) -> None:
        del account
        self._uses.append((at_us, amount))

    def used(self, account: int | None, now_us: int) -> float:
        del account
        while self._uses and self._uses[0][0] <= now_us - self._length_us:
            self._uses.popleft()
        return math.fsum(amount for _, amount in self._uses)

    def reset(self) -> None:
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

    def add(self, account: int | None, at_us: int, amount: float) -> None:
        del account, at_us
        self._used += amount

    def used(self, account: int | None, now_us: int) -> float:
        del account, now_us
        return self._used

    def reset(self) -> None:
        self._used = 0.0

    def free_in_s(self, amount: float, now_us: int) -> float | None:
        del amount, now_us
        return None

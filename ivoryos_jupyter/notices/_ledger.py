"""What came of the last notices?  Kept for the list and the sidebar; the records keep all."""

from __future__ import annotations

import itertools
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from ivoryos_jupyter.notices._teller import Telling

_KEPT = 200


class Ledger:
    """The last tellings, each in its latest state."""

    def __init__(self) -> None:
        """Begin empty."""
        self._changed = threading.Condition()
        self._numbers = itertools.count(1)
        self._tellings: dict[int, Telling] = {}

    def next_number(self) -> int:
        """Return a number for a telling."""
        return next(self._numbers)

    def keep(self, telling: Telling) -> None:
        """Keep how a telling stands now."""
        with self._changed:
            self._tellings[telling.number] = telling
            for number in itertools.islice(tuple(self._tellings), max(0, len(self._tellings) - _KEPT)):
                del self._tellings[number]
            self._changed.notify_all()

    def drop(self, number: int) -> None:
        """Forget a telling."""
        with self._changed:
            self._tellings.pop(number, None)

    def drop_later(self, question: str) -> None:
        """Forget what was to be told of a question that is open no longer."""
        with self._changed:
            self._tellings = {
                number: one for number, one in self._tellings.items() if one.state != "later" or one.notice.question_id != question
            }

    def settled(self, numbers: Collection[int], timeout: float) -> bool:
        """Wait until something has come of each of these; False when `timeout` seconds were not enough."""

        def open_ones() -> bool:
            return any(self._tellings[one].state == "telling" for one in numbers if one in self._tellings)

        with self._changed:
            return self._changed.wait_for(lambda: not open_ones(), timeout)

    def about(self, question: str) -> tuple[Telling, ...]:
        """Return who was told of a question, and who will be."""
        with self._changed:
            return tuple(one for one in self._tellings.values() if one.notice.question_id == question)

    def last(self, name: str) -> Telling | None:
        """Return the last telling to `name` that is not still to come."""
        with self._changed:
            mine = [one for one in self._tellings.values() if one.who == name and one.state != "later"]
            return mine[-1] if mine else None

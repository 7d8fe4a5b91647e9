"""When is an event committed?  With the next row, or at once when it is one of those a person waits for.

Branches, loops and variables come many to a second and belong to the step that follows them, as does what is said of the
call that follows: what its interlocks saw, a reason to override a rule. The rest is rare. What a budget is charged is decided
in the commit of the intent itself; what is given back comes with the outcome.
"""

from __future__ import annotations

import threading
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.journal import BUDGET_KINDS, RunEvent
from ivoryos_jupyter.records._plain import from_text, plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivoryos_jupyter.journal import Charge
    from ivoryos_jupyter.records._database import Database, Statements, Transaction, Values

QUIET = frozenset({"branch", "interlock", "loop", "override", "reset_by_call", "used", "variables"})
"""Kinds that wait for the next row."""

_INSERT = (
    "INSERT INTO run_events (run_id, kind, at_us, detail, owner, number) VALUES (:run_id, :kind, :at_us, :detail, :owner, :number)"
    " ON CONFLICT (owner, number) DO NOTHING"
)
_AFTER = "SELECT id, run_id, kind, at_us, detail FROM run_events WHERE id > :number AND kind IN ({kinds}) ORDER BY id"


class Events:
    """The events of one store, and the rows they are committed with."""

    def __init__(self, database: Database, owner: str) -> None:
        """Write to `database` in the name of `owner`."""
        self._database = database
        self._owner = owner
        self._lock = threading.Lock()
        self._number = 0
        self._waiting: deque[dict[str, str | int | None]] = deque()
        self._unsent: dict[int, RunEvent] = {}

    def note(self, event: RunEvent) -> None:
        """Keep an event; its number makes sure that it is kept once, however often it is sent.

        One that could not be committed waits here: noted again, it is committed, and not kept twice.
        """
        detail = plain_text(event.detail)
        with self._lock:
            if self._unsent.pop(id(event), None) is None:
                self._waiting.append(self._row(event, detail))
        if event.kind not in QUIET:
            try:
                self.flush()
            except RecordsError:
                with self._lock:
                    self._unsent[id(event)] = event  # the event itself, so that its id stays its own
                raise

    def _row(self, event: RunEvent, detail: str) -> dict[str, str | int | None]:
        """Return the row of an event, with the next number; the lock is held."""
        self._number += 1
        number = self._number
        owner = self._owner
        return {"run_id": event.run_id, "kind": event.kind, "at_us": event.at_us, "detail": detail, "owner": owner, "number": number}

    def send_one(self, statements: Statements, event: RunEvent) -> None:
        """Send one event inside a transaction that it belongs to."""
        with self._lock:
            values = self._row(event, plain_text(event.detail))
        statements.change(_INSERT, values)

    def after(self, number: int | None, kinds: Sequence[str]) -> list[tuple[int, RunEvent]]:
        """Return the committed events of these kinds with a larger id, with their own; all for None, and what waits is committed first."""
        if number is None:
            self.flush()
        return _read_after(self._database, number, kinds)

    def flush(self) -> None:
        """Commit what waits."""
        if self._waiting:
            with self._database.transaction() as statements:
                sent = self.send(statements)
            self.forget(sent)

    def charge(self, charge: Charge) -> None:
        """Commit what waits, and what `charge` decides on."""
        with self._database.transaction() as statements:
            sent = self.send(statements, charge)
        self.forget(sent)

    def insert(self, sql: str, values: Values, charge: Charge | None = None) -> int:
        """Insert a row in one commit with what waits, and with what `charge` decides on; return its id."""
        if charge is None and not self._waiting:
            return self._database.insert(sql, values)
        with self._database.transaction() as statements:
            sent = self.send(statements, charge)
            row = statements.insert(sql, values)
        self.forget(sent)
        return row

    def change(self, sql: str, values: Values) -> int:
        """Change rows in one commit with what waits; return how many."""
        if not self._waiting:
            return self._database.change(sql, values)
        with self._database.transaction() as statements:
            sent = self.send(statements)
            count = statements.change(sql, values)
        self.forget(sent)
        return count

    def send(self, statements: Transaction, charge: Charge | None = None) -> int:
        """Send what waits inside a transaction, and what `charge` decides on; return the last number, for `forget` after the commit."""
        with self._lock:
            batch = tuple(self._waiting)
        if charge is not None or any(values["kind"] in BUDGET_KINDS for values in batch):
            statements.take_turn()
        charged = () if charge is None else charge(partial(_read_after, statements))
        for values in batch:
            statements.change(_INSERT, values)
        for event in charged:
            self.send_one(statements, event)
        return self._last(batch)

    def forget(self, number: int) -> None:
        """Drop what was committed, up to `number`."""
        with self._lock:
            while self._waiting and int(self._waiting[0]["number"] or 0) <= number:
                self._waiting.popleft()

    @staticmethod
    def _last(batch: tuple[dict[str, str | int | None], ...]) -> int:
        """Return the number of the last event of a batch."""
        return int(batch[-1]["number"] or 0) if batch else 0


def _read_after(statements: Statements, number: int | None, kinds: Sequence[str]) -> list[tuple[int, RunEvent]]:
    """Return the events of these kinds with a larger id, with their own."""
    values: dict[str, str | int | None] = {f"kind_{at}": kind for at, kind in enumerate(kinds)}
    chosen = ", ".join(f":{name}" for name in values)
    rows = statements.rows(_AFTER.format(kinds=chosen), {**values, "number": number or 0})
    return [(int(str(row[0])), _event(*row[1:])) for row in rows]


def _event(run_id: object, kind: object, at_us: object, detail: object) -> RunEvent:
    found = from_text(str(detail))
    return RunEvent(None if run_id is None else int(str(run_id)), str(kind), int(str(at_us)), found if isinstance(found, dict) else {})

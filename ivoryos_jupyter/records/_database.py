"""What does the store need of a database?  Statements with ``:name`` parameters, in one transaction, from any thread.

The statements are written once, in the SQL that SQLite and PostgreSQL share; the two files beside this one know how to
send them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    Value = str | int | float | bool | None
    Values = Mapping[str, Value]
    Row = tuple[object, ...]


class Statements(Protocol):
    """Sends statements."""

    def rows(self, sql: str, values: Values | None = None) -> Sequence[Row]:
        """Return all rows of a query."""

    def insert(self, sql: str, values: Values) -> int:
        """Insert one row; return its id."""

    def change(self, sql: str, values: Values) -> int:
        """Update, delete or insert without id; return how many rows it touched."""


class Transaction(Statements, Protocol):
    """Statements that are committed together."""

    def take_turn(self) -> None:
        """Let no other kernel pass here before the commit, so that what follows is committed in the order of its ids."""


class Database(Statements, Protocol):
    """A database: each statement sent to it directly is a commit of its own."""

    where: str
    """What a message calls it, without a password."""
    durable: bool
    """Whether a commit survives a power loss."""

    def transaction(self, *, durably: bool = False) -> AbstractContextManager[Transaction]:
        """Open a transaction, which is committed at the end and undone by any error.

        Parameters
        ----------
        durably
            Whether this commit, and all before it, survive a power loss although others need not.
        """

    def fresh(self) -> AbstractContextManager[Statements]:
        """Open a second connection for long reads, which never holds up the writer."""

    def alive(self, owner: str) -> bool:
        """Tell whether the kernel that calls itself `owner` still lives."""

    def when_cut_off(self, told: Callable[[], None]) -> None:
        """Let `told` be called whenever this kernel may have counted as dead for a while; it must not use the database."""

    def close(self) -> None:
        """Give back every connection and lock."""

"""How are statements sent to PostgreSQL?  Through SQLAlchemy Core and psycopg 3, with one writer at a time."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import make_url, text
from sqlalchemy.exc import ArgumentError

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.records._lines import Lines, explained, is_lost
from ivoryos_jupyter.records._liveness import FileLiveness
from ivoryos_jupyter.records._migrate import upgrade
from ivoryos_jupyter.records._presence import Presence, lock_key
from ivoryos_jupyter.records._version import HEAD, VERSION_TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import URL, Connection

    from ivoryos_jupyter.records._database import Row, Statements, Transaction, Values

_MIGRATION_LOCK = 0x69766F72
_TURN_LOCK = 0x69766F73
_IS_YOUNG = "SELECT now() - pg_postmaster_start_time() < make_interval(secs => :seconds)"
_YOUNG_S = 15
"""Seconds after a server's start in which the kernels may still be on their way back to it; by the server's own clock."""
_OTHERS_S = 15.0
"""Seconds for which a statement waits until those before it have been answered."""


def open_postgres(uri: str, owner: str, locks: Path) -> PostgresDatabase:
    """Open the database at `uri` in the name of `owner`, bringing its tables up to date."""
    try:
        given = make_url(uri)
    except ArgumentError as error:
        raise RecordsError("The database address cannot be read; write postgresql://user:password@host:5432/name.") from error
    database = PostgresDatabase(given.set(drivername="postgresql+psycopg"), owner, locks)
    try:
        database.prepare()
        database.hold()
    except BaseException:
        database.close()
        raise
    return database


class PostgresStatements:
    """Statements on one connection."""

    def __init__(self, connection: Connection, where: str) -> None:
        """Use `connection`."""
        self._connection = connection
        self._where = where

    def rows(self, sql: str, values: Values | None = None) -> Sequence[Row]:
        """Return all rows of a query."""
        with explained(self._where):
            return [tuple(row) for row in self._connection.execute(text(sql), dict(values or {}))]

    def insert(self, sql: str, values: Values) -> int:
        """Insert one row; return its id."""
        with explained(self._where):
            return int(self._connection.execute(text(f"{sql} RETURNING id"), dict(values)).scalar_one())

    def change(self, sql: str, values: Values) -> int:
        """Send a statement; return how many rows it touched."""
        with explained(self._where):
            return self._connection.execute(text(sql), dict(values)).rowcount

    def take_turn(self) -> None:
        """Wait until no other transaction is between here and its commit: ids are given out in one order, and committed in any."""
        with explained(self._where):
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TURN_LOCK})


class PostgresDatabase:
    """A PostgreSQL database."""

    def __init__(self, url: URL, owner: str, locks: Path) -> None:
        """Connect in the name of `owner` when the first statement comes; `locks` is where kernels of this host show that they live."""
        self._lines = Lines(url, owner)
        self.where = self._lines.where
        self.durable = True
        self.presence = Presence(self._lines, owner)
        """Whether the server is in reach, and knows that this kernel lives."""
        self._lock = threading.RLock()
        self._files = FileLiveness(locks, tidy=False)
        self._owner = owner
        self._gone: set[str] = set()
        """Kernels of this host that are dead; none comes back under its name."""

    def prepare(self) -> None:
        """Bring the tables up to date, one kernel at a time."""
        state = self._state()
        if state == HEAD:
            return
        if state > HEAD:
            raise RecordsError(f"{self.where} was written by a newer ivoryos_jupyter (tables {state}, here {HEAD}); update the package.")
        patient = self._lines.for_ever()
        with explained(self.where), patient.execution_options(isolation_level="AUTOCOMMIT").connect() as guard:
            guard.execute(text("SET lock_timeout = 0"))  # another kernel may be at it for long
            guard.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATION_LOCK})
            guard.execute(text("RESET lock_timeout"))
            try:
                if self._state() != HEAD:
                    upgrade(patient)
            finally:
                guard.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _MIGRATION_LOCK})

    def _state(self) -> str:
        """Return the version of the tables, an empty text when they are not ours yet."""
        if self.rows("SELECT to_regclass(:name)", {"name": VERSION_TABLE})[0][0] is None:
            return ""
        rows = self.rows(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608 - a constant of ours
        return str(rows[0][0]) if rows else ""

    def hold(self) -> None:
        """Show that this kernel lives, by a lock of the session and, for kernels on this host, by a file."""
        self._files.hold(self._owner)
        self.presence.begin()
        if not self._is_young():
            self._files.tidy_up()

    def when_cut_off(self, told: Callable[[], None]) -> None:
        """Let `told` be called whenever the session was lost that shows that this kernel lives."""
        self.presence.cut_off = told

    def alive(self, owner: str) -> bool:
        """Tell whether the kernel that calls itself `owner` still lives.

        The file decides on this host, also in the moment after the server was restarted, when no session holds its lock yet. Of a
        kernel of another host nobody can say then that it is dead: it is believed to live until the server is some seconds old.
        """
        if owner in self._gone:
            return False
        was_here = self._files.knows(owner)
        if owner == self._owner or self._files.alive(owner) or self._has_session(owner, sure=was_here):
            return True
        if was_here:
            self._gone.add(owner)
        return False

    def _has_session(self, owner: str, *, sure: bool) -> bool:
        """Tell whether a session holds the lock of `owner`, or may be on its way back unless that is `sure` not to be so."""
        with self._reached(), self._alone() as connection:
            key = {"key": lock_key(owner)}
            if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar_one():
                return True
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)
        return not sure and self._is_young()

    def _is_young(self) -> bool:
        """Tell whether the server has only just started, so that kernels may still be on their way back to it."""
        return bool(self.rows(_IS_YOUNG, {"seconds": _YOUNG_S})[0][0])

    def rows(self, sql: str, values: Values | None = None) -> Sequence[Row]:
        """Return all rows of a query."""
        with self._single() as statements:
            return statements.rows(sql, values)

    def insert(self, sql: str, values: Values) -> int:
        """Insert one row and commit; return its id."""
        with self._single() as statements:
            return statements.insert(sql, values)

    def change(self, sql: str, values: Values) -> int:
        """Send a statement and commit; return how many rows it touched."""
        with self._single() as statements:
            return statements.change(sql, values)

    @contextmanager
    def transaction(self, *, durably: bool = False) -> Iterator[Transaction]:
        """Open a transaction, which is committed at the end and undone by any error; the server says how `durably`."""
        del durably
        with self._turn(), self._reached(), self._lines.short.begin() as connection:
            yield PostgresStatements(connection, self.where)

    @contextmanager
    def fresh(self) -> Iterator[Statements]:
        """Open a second connection for long reads, all at one state of the tables."""
        with self._reached(), self._lines.reading.connect() as connection:
            yield PostgresStatements(connection, self.where)

    def close(self) -> None:
        """Give back every connection and lock."""
        self.presence.close()
        with self._turn():
            self._lines.close()
            self._files.release()

    @contextmanager
    def _single(self) -> Iterator[PostgresStatements]:
        """Send one statement that commits by itself."""
        with self._turn(), self._reached(), self._alone() as connection:
            yield PostgresStatements(connection, self.where)

    def _alone(self) -> Connection:
        """Return a connection on which each statement commits by itself."""
        return self._lines.short.execution_options(isolation_level="AUTOCOMMIT").connect()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Send one statement after the other; who waits for its turn waits no longer than the one before it may."""
        if not self._lock.acquire(timeout=_OTHERS_S):
            raise RecordsError(f"The database {self.where} is out of reach: what was asked of it before is not answered.")
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Raise at once while the server is away; where a connection breaks, ask nothing more until it is looked after."""
        self.presence.ask()
        try:
            with explained(self.where):
                yield
        except RecordsError as error:
            if is_lost(error.__cause__):
                self.presence.lose(error)
            raise

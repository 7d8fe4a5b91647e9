"""How are statements sent to SQLite?  One connection in WAL mode behind a lock, prepared statements, nothing between."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, TypeVar

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.records._liveness import FileLiveness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ivoryos_jupyter.records._database import Row, Statements, Transaction, Values

_FULL = "there is no space left on the disk; free some, then go on"
_ROOM = 1_000_000
"""A disk with fewer bytes than this is full: SQLite's own files need some, and what they lack it calls an input or output error."""
T = TypeVar("T")
_EAGER_S = 1.0
"""Seconds for which a moment between two commits of another program is looked for eagerly."""
_CURES = (
    ("locked", "another program is writing to it; close that program or wait, then go on"),
    ("full", _FULL),
    ("readonly", "it cannot be written; check the permissions of the file and of its folder"),
    ("read-only", "it cannot be written; check the permissions of the file and of its folder"),
    ("not a database", "it is no SQLite database; move it away or set IVORYOS_DATA to another folder"),
    ("malformed", "it is damaged; put a backup copy in its place"),
    ("unable to open", "the file or its folder cannot be opened; check that the drive is there and who may write"),
    ("disk i/o", "the disk does not answer as it should; check that the drive is still connected"),
)


class LockedError(RecordsError):
    """Another program writes just now; nothing was done, and the connection is as good as before."""


class Patience:
    """Waits for another program's commit, in small steps.

    SQLite's own waiting comes back ten times a second, and a kernel that commits all the time leaves a gap of a tenth of a
    millisecond: another one would wait for seconds.
    """

    def __init__(self, seconds: float) -> None:
        """Have it for so long."""
        self._since = time.monotonic()
        self._seconds = seconds

    def is_over(self) -> bool:
        """Wait a little; return whether it has been long enough."""
        passed = time.monotonic() - self._since
        if passed >= self._seconds:
            return True
        time.sleep(random.uniform(0.0005, 0.0015) if passed < _EAGER_S else 0.01)  # noqa: S311 - so that two do not come in step
        return False


def sqlite_error(error: Exception, path: Path) -> RecordsError:
    """Return the error a scientist can act on."""
    text = str(error)
    cure = next((cure for sign, cure in _CURES if sign in text.lower()), "see the cause")
    if "disk i/o" in text.lower() and _is_full(path):
        cure = _FULL
    kind = LockedError if "locked" in text.lower() else RecordsError
    return kind(f"The database {path} is out of reach: {cure} (SQLite says: {text}).")


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _ROOM
    except OSError:
        return False


class SqliteStatements:
    """Statements on one connection, for use inside a transaction or for reading."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Use `connection`."""
        self._connection = connection
        self._path = path

    def rows(self, sql: str, values: Values | None = None) -> Sequence[Row]:
        """Return all rows of a query."""
        try:
            return self._connection.execute(sql, values or {}).fetchall()
        except sqlite3.Error as error:
            raise sqlite_error(error, self._path) from error

    def insert(self, sql: str, values: Values) -> int:
        """Insert one row; return its id."""
        try:
            return self._connection.execute(sql, values).lastrowid or 0
        except sqlite3.Error as error:
            raise sqlite_error(error, self._path) from error

    def change(self, sql: str, values: Values) -> int:
        """Send a statement; return how many rows it touched."""
        try:
            return self._connection.execute(sql, values).rowcount
        except sqlite3.Error as error:
            raise sqlite_error(error, self._path) from error

    def take_turn(self) -> None:
        """Go on: a transaction that writes is alone from its beginning."""

    def apart(self, sql: str, values: Values) -> Sequence[Row]:
        """Return all rows of a query, asked on a connection of its own, so that another thread may ask at the same time."""
        try:
            with closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
                return connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise sqlite_error(error, self._path) from error


class SqliteDatabase:
    """A SQLite file."""

    def __init__(self, path: Path, *, synchronous: str = "FULL", timeout_s: float = 5.0) -> None:
        """Open the file at `path`, which exists; `synchronous` FULL survives power loss, NORMAL does not."""
        self.where = str(path)
        self.durable = synchronous == "FULL"
        self._path = path
        self._synchronous = synchronous
        self._timeout_s = timeout_s
        self._lock = threading.RLock()
        self._liveness = FileLiveness(path.parent / "locks")
        self._connection: sqlite3.Connection | None = None
        self._statements: SqliteStatements | None = None
        self._closed = False
        self._identity: int | None = None

    def hold(self, owner: str) -> None:
        """Show that the kernel `owner` lives, until `close`."""
        self._liveness.hold(owner)

    def when_cut_off(self, told: Callable[[], None]) -> None:
        """Never call `told`: a lock on a file is lost with the process only."""

    def alive(self, owner: str) -> bool:
        """Tell whether the kernel that calls itself `owner` still lives."""
        return self._liveness.alive(owner)

    def rows(self, sql: str, values: Values | None = None) -> Sequence[Row]:
        """Return all rows of a query."""
        return self._patiently(SqliteStatements.rows, sql, values or {})

    def insert(self, sql: str, values: Values) -> int:
        """Insert one row and commit; return its id."""
        return self._patiently(SqliteStatements.insert, sql, values)

    def change(self, sql: str, values: Values) -> int:
        """Send a statement and commit; return how many rows it touched."""
        return self._patiently(SqliteStatements.change, sql, values)

    def _patiently(self, send: Callable[[SqliteStatements, str, Values], T], sql: str, values: Values) -> T:
        """Send one statement, again as long as another program writes; between two tries other threads may read."""
        patience: Patience | None = None
        while True:
            try:
                with self._lock:
                    return self._send(send, sql, values)
            except LockedError:  # noqa: PERF203 - without it there is one round
                patience = patience or Patience(self._timeout_s)
                if patience.is_over():
                    raise

    def _send(self, send: Callable[[SqliteStatements, str, Values], T], sql: str, values: Values) -> T:
        try:
            return send(self._open(), sql, values)
        except LockedError:
            raise
        except RecordsError:
            self._drop()
            raise

    def _begin(self, *, flushes: bool) -> SqliteStatements:
        """Begin a transaction; the lock is held from now on."""
        patience = Patience(self._timeout_s)
        while True:
            self._lock.acquire()
            try:
                statements = self._open()
                if flushes:
                    statements.change("PRAGMA synchronous=FULL", {})
                statements.change("BEGIN IMMEDIATE", {})
            except BaseException as error:
                if not isinstance(error, LockedError) or flushes:
                    self._drop()
                self._lock.release()
                if not isinstance(error, LockedError) or patience.is_over():
                    raise
            else:
                return statements

    @contextmanager
    def transaction(self, *, durably: bool = False) -> Iterator[Transaction]:
        """Open a transaction, which is committed at the end and undone by any error; `durably` flushes all before it as well."""
        flushes = durably and not self.durable
        statements = self._begin(flushes=flushes)
        try:
            yield statements
            statements.change("COMMIT", {})
            if flushes:
                statements.change(f"PRAGMA synchronous={self._synchronous}", {})
        except BaseException:
            self._drop()
            raise
        finally:
            self._lock.release()

    @contextmanager
    def fresh(self) -> Iterator[Statements]:
        """Open a second connection for long reads, which never holds up the writer."""
        connection = self._connect()
        try:
            yield SqliteStatements(connection, self._path)
        finally:
            connection.close()

    def close(self) -> None:
        """Give back the connection and the lock."""
        with self._lock:
            self._closed = True
            self._drop()
            self._liveness.release()

    def _open(self) -> SqliteStatements:
        """Return the open connection's statements, connecting again after a failure.

        The file is looked at each time: where a file can be taken away while it is open, SQLite would write on into nothing.
        """
        self._present()
        if self._statements is None:
            if self._closed:
                raise RecordsError(f"The store of {self.where} is closed; open it again.")
            self._connection = self._connect()
            self._connection.execute("PRAGMA busy_timeout=0")  # the patience is ours
            self._statements = SqliteStatements(self._connection, self._path)
        return self._statements

    def _present(self) -> None:
        """Raise when the file is gone, or is not the one that was opened."""
        try:
            identity = os.stat(self.where).st_ino  # noqa: PTH116 - in the step loop a Path costs more than the question
        except OSError as error:
            raise RecordsError(f"The database {self._path} is gone; bring the file or its drive back, then go on.") from error
        if self._identity is None:
            self._identity = identity
        if identity != self._identity:
            raise RecordsError(f"Another file was put in the place of the database {self._path}; load the extension again to use it.")

    def _connect(self) -> sqlite3.Connection:
        """Connect to the file, which must exist: a new empty one would hide that it is gone."""
        self._present()
        try:
            connection = sqlite3.connect(
                self._path, timeout=self._timeout_s, isolation_level=None, check_same_thread=False, cached_statements=256
            )
        except sqlite3.Error as error:
            raise sqlite_error(error, self._path) from error
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"PRAGMA synchronous={self._synchronous}")
            connection.execute("PRAGMA foreign_keys=ON")
        except sqlite3.Error as error:
            connection.close()
            raise sqlite_error(error, self._path) from error
        return connection

    def _drop(self) -> None:
        """Close the connection, which undoes what was not committed; the next statement connects again."""
        connection, self._connection, self._statements = self._connection, None, None
        if connection is not None:
            connection.close()

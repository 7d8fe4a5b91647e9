"""How are statements sent to PostgreSQL?  Through SQLAlchemy Core and psycopg 3, with one writer at a time."""

from __future__ import annotations

import hashlib
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from psycopg.types.json import set_json_loads
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.records._keeper import Keeper
from ivoryos_jupyter.records._liveness import FileLiveness
from ivoryos_jupyter.records._migrate import upgrade
from ivoryos_jupyter.records._version import HEAD, VERSION_TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import psycopg
    from sqlalchemy import URL, Connection, Engine

    from ivoryos_jupyter.records._database import Row, Statements, Transaction, Values

_MIGRATION_LOCK = 0x69766F72
_TURN_LOCK = 0x69766F73
_IS_YOUNG = "SELECT now() - pg_postmaster_start_time() < make_interval(secs => :seconds)"
_YOUNG_S = 15
"""Seconds after a server's start in which the kernels may still be on their way back to it; by the server's own clock."""
_LOCK_S = 10
"""Seconds after which a lock that another program holds is said; SQLite's file is waited for as patiently."""
_WITH_PATIENCE = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""A network that swallows what is sent is noticed after seconds, and said; without these it would take a quarter of an hour."""
_NOTICE_A_DEAD_HOST = ("SET tcp_keepalives_idle = 10", "SET tcp_keepalives_interval = 5", "SET tcp_keepalives_count = 3")
"""A host that lost its power says no goodbye; the server ends its session after half a minute, not after two hours."""

_CURE = "check that the server runs and can be reached, then go on"
_CURES = (("lock timeout", "another program keeps it locked; end that program's transaction or wait, then go on"),)


def open_postgres(uri: str, owner: str, locks: Path) -> PostgresDatabase:
    """Open the database at `uri` in the name of `owner`, bringing its tables up to date."""
    try:
        given = make_url(uri)
    except ArgumentError as error:
        raise RecordsError("The database address cannot be read; write postgresql://user:password@host:5432/name.") from error
    database = PostgresDatabase(given.set(drivername="postgresql+psycopg"), locks)
    try:
        database.prepare()
        database.hold(owner)
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
        with _explained(self._where):
            return [tuple(row) for row in self._connection.execute(text(sql), dict(values or {}))]

    def insert(self, sql: str, values: Values) -> int:
        """Insert one row; return its id."""
        with _explained(self._where):
            return int(self._connection.execute(text(f"{sql} RETURNING id"), dict(values)).scalar_one())

    def change(self, sql: str, values: Values) -> int:
        """Send a statement; return how many rows it touched."""
        with _explained(self._where):
            return self._connection.execute(text(sql), dict(values)).rowcount

    def take_turn(self) -> None:
        """Wait until no other transaction is between here and its commit: ids are given out in one order, and committed in any."""
        with _explained(self._where):
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TURN_LOCK})


class PostgresDatabase:
    """A PostgreSQL database."""

    def __init__(self, url: URL, locks: Path) -> None:
        """Connect when the first statement comes; `locks` is where kernels of this host show that they live."""
        self.where = url.render_as_string(hide_password=True)
        self.durable = True
        options = f"{url.query.get('options', '')} -c lock_timeout={int(_LOCK_S * 1000)}".strip()
        self._engine: Engine = create_engine(url, pool_size=2, max_overflow=4, connect_args={**_WITH_PATIENCE, "options": options})
        event.listen(self._engine, "connect", _keep_json_as_text)
        self._alone = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._lock = threading.RLock()
        self._files = FileLiveness(locks, tidy=False)
        self._owner: str | None = None
        self._holding: Connection | None = None
        self._keeper: Keeper | None = None
        self._cut_off: Callable[[], None] = lambda: None
        self._gone: set[str] = set()
        """Kernels of this host that are dead; none comes back under its name."""

    def prepare(self) -> None:
        """Bring the tables up to date, one kernel at a time."""
        state = self._state()
        if state == HEAD:
            return
        if state > HEAD:
            raise RecordsError(f"{self.where} was written by a newer ivoryos_jupyter (tables {state}, here {HEAD}); update the package.")
        with _explained(self.where), self._alone.connect() as guard:
            guard.execute(text("SET lock_timeout = 0"))  # another kernel may be at it for long
            guard.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATION_LOCK})
            guard.execute(text("RESET lock_timeout"))
            try:
                if self._state() != HEAD:
                    upgrade(self._engine)
            finally:
                guard.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _MIGRATION_LOCK})

    def _state(self) -> str:
        """Return the version of the tables, an empty text when they are not ours yet."""
        if self.rows("SELECT to_regclass(:name)", {"name": VERSION_TABLE})[0][0] is None:
            return ""
        rows = self.rows(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608 - a constant of ours
        return str(rows[0][0]) if rows else ""

    def hold(self, owner: str) -> None:
        """Show that the kernel `owner` lives, by a lock of the session and, for kernels on this host, by a file."""
        self._files.hold(owner)
        self._owner = owner
        self._hold_session()
        if not self._is_young():
            self._files.tidy_up()
        self._keeper = Keeper(self._keep)

    def when_cut_off(self, told: Callable[[], None]) -> None:
        """Let `told` be called whenever the session was lost that shows that this kernel lives."""
        self._cut_off = told

    def _keep(self) -> None:
        """Hold the lock of the session again where it was lost: the server was restarted, or this one connection broke."""
        with suppress(RecordsError), self._lock:
            if not self._holds():
                self._let_go()
                self._hold_session()

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
        with _explained(self.where), self._alone.connect() as connection:
            key = {"key": _lock_key(owner)}
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
        with self._lock, self._recovering(), _explained(self.where), self._engine.begin() as connection:
            yield PostgresStatements(connection, self.where)

    @contextmanager
    def fresh(self) -> Iterator[Statements]:
        """Open a second connection for long reads, all at one state of the tables."""
        reading = self._engine.execution_options(isolation_level="REPEATABLE READ")
        with _explained(self.where), reading.connect() as connection:
            yield PostgresStatements(connection, self.where)

    def close(self) -> None:
        """Give back every connection and lock."""
        if self._keeper is not None:
            self._keeper.close()
        with self._lock:
            self._let_go()
            self._engine.dispose()
            self._files.release()

    @contextmanager
    def _single(self) -> Iterator[PostgresStatements]:
        """Send one statement that commits by itself."""
        with self._lock, self._recovering(), _explained(self.where), self._alone.connect() as connection:
            yield PostgresStatements(connection, self.where)

    @contextmanager
    def _recovering(self) -> Iterator[None]:
        """After a failure, connect afresh and hold the session lock again before anything else."""
        if self._owner is not None and self._holding is None:
            self._hold_session()
        try:
            yield
        except RecordsError as error:
            if isinstance(error.__cause__, SQLAlchemyError) and not self._holds():
                self._let_go()
                self._engine.dispose()
            raise

    def _holds(self) -> bool:
        """Tell whether the session that holds the lock is still there; what else may have failed costs nobody that lock."""
        try:
            with _explained(self.where):
                if self._holding is not None:
                    self._holding.execute(text("SELECT 1"))
        except RecordsError:
            return False
        return self._holding is not None

    def _hold_session(self) -> None:
        """Hold the lock of the owner on a connection of its own, for as long as that lives."""
        if self._owner is None:
            return
        with _explained(self.where):
            connection = self._alone.connect()
            for setting in _NOTICE_A_DEAD_HOST:
                connection.execute(text(setting))
            held = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _lock_key(self._owner)}).scalar_one()
        if not held:
            connection.close()
            raise RecordsError(f"The kernel {self._owner} has {self.where} open already; open it once only.")
        self._holding = connection

    def _let_go(self) -> None:
        """Give up the connection that holds the lock, so that the server releases it."""
        holding, self._holding = self._holding, None
        if holding is not None:
            self._cut_off()
            with suppress(SQLAlchemyError):
                holding.invalidate()
                holding.close()


def _lock_key(owner: str) -> int:
    """Return the number under which a kernel is locked."""
    return int.from_bytes(hashlib.sha256(owner.encode()).digest()[:8], "big", signed=True)


def _keep_json_as_text(connection: psycopg.Connection[tuple[object, ...]], _record: object) -> None:
    """Let JSON columns arrive as the text they are, as SQLite's do."""
    set_json_loads(lambda data: data if isinstance(data, str) else bytes(data).decode("utf-8"), connection)


@contextmanager
def _explained(where: str) -> Iterator[None]:
    """Turn SQLAlchemy's errors into ours."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().split("\n", 1)[0]
        default = _CURE if isinstance(error, OperationalError) else "see the cause"
        cure = next((cure for sign, cure in _CURES if sign in cause), default)
        raise RecordsError(f"The database {where} is out of reach: {cure} ({cause}).") from error

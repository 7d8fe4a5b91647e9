"""How is PostgreSQL reached, and how long is it waited for?  A connection on which nothing is heard for some time is given up.

A network that swallows what is sent is noticed by the operating system, after a while. Behind a proxy or a tunnel that still
stands it never is: what is sent arrives there, and nobody says that it went no further. So we look at the clock ourselves.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg.types.json import set_json_loads
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool, QueuePool

from ivoryos_jupyter.errors import RecordsError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from typing import TypeVar

    from psycopg.abc import RV, PQGen
    from sqlalchemy import URL, Connection, Engine

    Sent = TypeVar("Sent")

SILENT_S = 12.0
"""Seconds for which the server may say nothing to a statement; more than `LOCK_S`, in which it says that it waits for a lock."""
READING_S = 60.0
"""Seconds for which it may say nothing to a long read, which it may have to sort first."""
PING_S = 8.0
"""Seconds for which it may say nothing when it is asked for nothing but an answer."""
LOCK_S = 10
"""Seconds after which a lock that another program holds is said; SQLite's file is waited for as patiently."""
_ENDED_S = 5.0
"""Seconds in which the server ends sessions that it is told to end."""
_WITH_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""What the operating system is told: a computer that lost its power, or a cable that was pulled, is noticed after seconds."""
_OF_THE_SERVER = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "idle_in_transaction_session_timeout": "120s",
}
"""What each session tells the server: ours may vanish without a goodbye, and what it holds must not stay held for hours."""
_END_OTHERS = """
SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE application_name = :name AND usename = current_user AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
_CURE = "check that the server runs and can be reached, then go on"
_CURES = (("lock timeout", "another program keeps it locked; end that program's transaction or wait, then go on"),)


class PatientConnection(psycopg.Connection[tuple[object, ...]]):
    """A connection that is given up when nothing is heard on it for `patience_s`, or when `is_over` says so."""

    patience_s: float = 0.0
    is_over: Callable[[], bool] | None = None

    def wait(self, gen: PQGen[RV], *given: float | None, **named: float | None) -> RV:
        """Wait for the server; called by psycopg, which sends `gen` something false as long as it hears nothing."""
        return super().wait(self._patiently(gen), *given, **named)  # type: ignore[arg-type]  # as they came

    def _patiently(self, gen: Generator[Sent, Sent, RV]) -> Generator[Sent, Sent, RV]:
        heard = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready:
                    heard = time.monotonic()
                else:
                    self._look_at_the_clock(time.monotonic() - heard)
                wanted = gen.send(ready)
        except StopIteration as ended:
            found: RV = ended.value
            return found

    def _look_at_the_clock(self, silent_s: float) -> None:
        over = self.is_over is not None and self.is_over()
        if over or 0 < self.patience_s <= silent_s:
            self.pgconn.finish()  # whatever it still says on this line is nobody's
            why = "the connection was given up" if over else f"the server has said nothing for {self.patience_s:g} s"
            raise psycopg.OperationalError(why)


class Lines:
    """All connections of one kernel to one database."""

    def __init__(self, url: URL, owner: str) -> None:
        """Connect when the first statement comes."""
        self.where = url.render_as_string(hide_password=True)
        self.name = f"ivoryos {owner[-50:]}"
        """By which the server knows the sessions of this kernel, and no others."""
        self._url = url
        self._given_up = 0
        self._closed = False
        self.short = self._engine(SILENT_S, lasting=False)
        """For what takes a moment."""
        self.reading = self._engine(READING_S, lasting=False).execution_options(isolation_level="REPEATABLE READ")
        """For long reads."""
        self.lasting = self._engine(PING_S, lasting=True).execution_options(isolation_level="AUTOCOMMIT")
        """For the one session that stays."""

    def for_ever(self) -> Engine:
        """Return an engine that waits as long as it takes, for who makes tables; it keeps no connection."""
        return self._engine(0.0, lasting=True)

    def _engine(self, patience_s: float, *, lasting: bool) -> Engine:
        asked = {"lock_timeout": str(int(LOCK_S * 1000)), **_OF_THE_SERVER}
        options = " ".join([str(self._url.query.get("options", "")), *(f"-c {name}={value}" for name, value in asked.items())]).strip()
        pool = {"poolclass": NullPool} if lasting else {"poolclass": QueuePool, "pool_size": 2, "max_overflow": 4, "pool_timeout": 5}
        arguments = {**_WITH_PATIENCE, "options": options, "application_name": self.name}
        engine = create_engine(self._url, connect_args=arguments, **pool)

        @event.listens_for(engine, "do_connect")
        def connect(_dialect: object, _record: object, given: list[str], named: dict[str, object]) -> PatientConnection:
            began = self._given_up
            connection = PatientConnection.connect(*given, **named)  # type: ignore[arg-type]  # what SQLAlchemy gives psycopg
            connection.patience_s = patience_s
            connection.is_over = lambda: self._closed or (self._given_up != began and not lasting)
            _keep_json_as_text(connection)
            return connection

        @event.listens_for(engine, "checkin")
        def check_in(connection: PatientConnection | None, _record: object) -> None:
            if connection is not None and connection.is_over is not None and connection.is_over():
                connection.close()  # the pool it goes back to is forgotten

        return engine

    def give_up(self) -> None:
        """End every wait for the server, the lasting session's not, and connect afresh for what comes."""
        self._given_up += 1
        self.short.dispose()
        self.reading.dispose()
        self._given_up += 1  # for one that was made meanwhile, for a pool that is forgotten

    def close(self) -> None:
        """End every wait, and give back every connection."""
        self._closed = True
        self.give_up()

    def end_others(self, connection: Connection) -> None:
        """Let the server end all sessions of this kernel but that of `connection`, so that nothing late arrives by them.

        Raises
        ------
        RecordsError
            When one of them has not ended in time.
        """
        ends = time.monotonic() + _ENDED_S
        while connection.execute(text(_END_OTHERS), {"name": self.name}).scalar_one():
            if time.monotonic() > ends:
                raise RecordsError(f"The database {self.where} is out of reach: it does not end the connections that broke; wait a moment.")
            time.sleep(0.02)


def is_lost(error: BaseException | None) -> bool:
    """Whether a connection broke, or none could be had, rather than that a statement was refused."""
    return isinstance(error, DBAPIError) and (error.connection_invalidated or (isinstance(error, OperationalError) and not error.statement))


def _keep_json_as_text(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Let JSON columns arrive as the text they are, as SQLite's do."""
    set_json_loads(lambda data: data if isinstance(data, str) else bytes(data).decode("utf-8"), connection)


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn SQLAlchemy's errors into ours."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().split("\n", 1)[0]
        default = _CURE if isinstance(error, OperationalError) else "see the cause"
        cure = next((cure for sign, cure in _CURES if sign in cause), default)
        raise RecordsError(f"The database {where} is out of reach: {cure} ({cause}).") from error

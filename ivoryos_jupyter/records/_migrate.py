"""How does a database come to hold our tables?  By Alembic, one kernel at a time, after a backup copy of what was there.

A database that is up to date is recognised by one query, and a new SQLite file is made from the finished schema, so that
neither pays for the import of Alembic; a test holds that both ways give the same tables.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib import resources
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.records._clock import file_text, now_us
from ivoryos_jupyter.records._sqlite import sqlite_error
from ivoryos_jupyter.records._version import HEAD, VERSION_TABLE

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine

_WAIT_S = 60.0


def prepare_sqlite(path: Path) -> Path | None:
    """Bring the file at `path` up to date, making it when it is missing; return the backup copy where one was needed."""
    lock = FileLock(path.with_name(f"{path.name}.migration.lock"), is_singleton=False)
    try:
        with lock.acquire(timeout=_WAIT_S):
            return _prepare(path)
    except sqlite3.Error as error:
        raise sqlite_error(error, path) from error
    except Timeout as error:
        raise RecordsError(f"Another kernel has been changing {path} for {_WAIT_S:.0f} s; wait for it or close it.") from error
    except OSError as error:
        raise RecordsError(f"The folder of {path} cannot be written ({error}); choose another with IVORYOS_DATA.") from error


def _prepare(path: Path) -> Path | None:
    """Do what `prepare_sqlite` says, alone."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        state = _state(connection)
        if state == HEAD:
            return None
        if state is None:
            _make(connection)
            return None
        if state > HEAD:
            raise RecordsError(f"{path} was written by a newer ivoryos_jupyter (tables {state}, here {HEAD}); update the package.")
        backup = _copy(connection, path)
    _upgrade_sqlite(path)
    return backup


def _state(connection: sqlite3.Connection) -> str | None:
    """Return the version of the tables: None when there are none, an empty text when they are not ours yet."""
    tables = {str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return None
    if VERSION_TABLE not in tables:
        return ""
    row = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()  # noqa: S608 - a constant of ours
    return str(row[0]) if row else ""


def _make(connection: sqlite3.Connection) -> None:
    """Make all tables in an empty file, at once or not at all."""
    schema = resources.files("ivoryos_jupyter.records.migrations").joinpath("head.sql").read_text(encoding="utf-8")
    try:
        connection.executescript(f"BEGIN IMMEDIATE;\n{schema}\nCOMMIT;")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _copy(connection: sqlite3.Connection, path: Path) -> Path:
    """Copy the database as it is, WAL included, beside it."""
    stem = f"{path.stem}.before-{HEAD}.{file_text(now_us())}"
    target = path.with_name(f"{stem}{path.suffix}")
    number = 1
    while target.exists():
        number += 1
        target = path.with_name(f"{stem}.{number}{path.suffix}")
    with closing(sqlite3.connect(target)) as copy:
        connection.backup(copy)
    return target


def _upgrade_sqlite(path: Path) -> None:
    """Run Alembic on a SQLite file in one transaction."""
    from sqlalchemy import create_engine, event  # noqa: PLC0415 - not needed by a file that is up to date
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _leave_transactions_to_us(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    upgrade(engine)


def upgrade(engine: Engine) -> None:
    """Run the steps that `engine`'s database lacks."""
    from alembic import command  # noqa: PLC0415 - not needed by a database that is up to date
    from alembic.config import Config  # noqa: PLC0415
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(resources.files("ivoryos_jupyter.records.migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except SQLAlchemyError as error:
        raise RecordsError(f"The tables of {engine.url!r} cannot be brought up to date: {error}") from error

"""Which database is meant?  ``IVORYOS_DB_URI`` or ``DATABASE_URL``, else SQLite's file in the data folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.records._folder import DataFolder
from ivoryos_jupyter.records._migrate import prepare_sqlite
from ivoryos_jupyter.records._sqlite import SqliteDatabase
from ivoryos_jupyter.records._store import Store, new_owner

if TYPE_CHECKING:
    from typing import Literal

_SQLITE = "sqlite:///"


def open_store(
    folder: DataFolder | str | os.PathLike[str],
    uri: str | None = None,
    *,
    synchronous: Literal["FULL", "NORMAL"] | None = None,
    owner: str | None = None,
) -> Store:
    """Open the records of a data folder, making or updating the tables where that is needed.

    Parameters
    ----------
    folder
        The data folder, or its path.
    uri
        The database; without it ``IVORYOS_DB_URI``, else ``DATABASE_URL``, else ``ivoryos.db`` in `folder`.
    synchronous
        ``FULL``: every commit survives power loss. ``NORMAL`` is faster and gives that up: after a power loss the last
        commits may be missing. SQLite only. Without it ``IVORYOS_SYNCHRONOUS``, else ``FULL``.
    owner
        Name of this kernel; a new one without it. The same name may not be open twice.

    Raises
    ------
    RecordsError
        When the database cannot be opened or brought up to date.
    """
    where = folder if isinstance(folder, DataFolder) else DataFolder(folder)
    uri = uri or os.environ.get("IVORYOS_DB_URI") or os.environ.get("DATABASE_URL")
    name = owner or new_owner()
    if uri is None or uri.startswith(_SQLITE):
        path = where.database if uri is None else Path(uri.removeprefix(_SQLITE)).absolute()
        prepare_sqlite(path)
        sqlite = SqliteDatabase(path, synchronous=synchronous or _chosen())
        sqlite.hold(name)
        return Store(sqlite, where, name)
    if uri.startswith(("postgres:", "postgresql:", "postgresql+")):
        from ivoryos_jupyter.records._postgres import open_postgres  # noqa: PLC0415 - SQLAlchemy is slow to import

        return Store(open_postgres(uri, name, where.path / "locks"), where, name)
    raise RecordsError(f"The database {uri.split(':', 1)[0]!r} is not supported; give a sqlite:/// or postgresql:// address.")


def _chosen() -> str:
    """Return how durable commits are, as the surroundings say."""
    chosen = os.environ.get("IVORYOS_SYNCHRONOUS", "FULL").strip().upper()
    if chosen not in {"FULL", "NORMAL"}:
        raise RecordsError(f"IVORYOS_SYNCHRONOUS is {chosen!r}; it is FULL, so that every commit survives a power loss, or NORMAL.")
    return chosen

"""What happened: tables, store, library and history. Opening SQLite imports neither SQLAlchemy nor pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.records._carried_on import CarriedOn, carried_on
from ivoryos_jupyter.records._config_csv import config_csv_text, parse_config_csv, read_config_csv, write_config_csv
from ivoryos_jupyter.records._durations import past_calls, recent_durations
from ivoryos_jupyter.records._folder import DataFolder
from ivoryos_jupyter.records._last_said import Said, last_said
from ivoryos_jupyter.records._latest import LatestRun, latest_runs
from ivoryos_jupyter.records._library import Library
from ivoryos_jupyter.records._names import file_name
from ivoryos_jupyter.records._open import open_store
from ivoryos_jupyter.records._reading import Artefact
from ivoryos_jupyter.records._shelves import Shelf, Version
from ivoryos_jupyter.records._store import Store

if TYPE_CHECKING:
    from ivoryos_jupyter.records._history import History

__all__ = [
    "Artefact",
    "CarriedOn",
    "DataFolder",
    "History",
    "LatestRun",
    "Library",
    "Said",
    "Shelf",
    "Store",
    "Version",
    "carried_on",
    "config_csv_text",
    "file_name",
    "last_said",
    "latest_runs",
    "open_store",
    "parse_config_csv",
    "past_calls",
    "read_config_csv",
    "recent_durations",
    "write_config_csv",
]


def __getattr__(name: str) -> type[History]:
    """Import the history, and with it pandas, when somebody asks for it."""
    if name == "History":
        from ivoryos_jupyter.records._history import History  # noqa: PLC0415 - see above

        return History
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

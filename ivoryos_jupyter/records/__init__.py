"""What happened: tables, store, library and history. Opening SQLite imports neither SQLAlchemy nor pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.records._folder import DataFolder
from ivoryos_jupyter.records._names import file_name
from ivoryos_jupyter.records._open import open_store
from ivoryos_jupyter.records._store import Store

if TYPE_CHECKING:
    from ivoryos_jupyter.records._history import History

__all__ = ["DataFolder", "History", "Store", "file_name", "open_store"]


def __getattr__(name: str) -> type[History]:
    """Import the history, and with it pandas, when somebody asks for it."""
    if name == "History":
        from ivoryos_jupyter.records._history import History  # noqa: PLC0415 - see above

        return History
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

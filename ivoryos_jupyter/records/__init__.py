"""What happened: tables, store, library and history. Opening SQLite imports neither SQLAlchemy nor pandas."""

from ivoryos_jupyter.records._folder import DataFolder
from ivoryos_jupyter.records._names import file_name
from ivoryos_jupyter.records._open import open_store
from ivoryos_jupyter.records._store import Store

__all__ = ["DataFolder", "Store", "file_name", "open_store"]

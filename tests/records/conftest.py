"""Stores to test with, on SQLite and on a PostgreSQL server of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ivoryos_jupyter.records import DataFolder, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ivoryos_jupyter.records import Store


@pytest.fixture(autouse=True)
def _no_database_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IVORYOS_DB_URI", "DATABASE_URL", "IVORYOS_DATA"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "ivoryos_data")


@pytest.fixture
def store(folder: DataFolder) -> Iterator[Store]:
    store = open_store(folder)
    yield store
    store.close()

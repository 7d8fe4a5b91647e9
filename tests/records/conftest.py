"""Stores to test with, on SQLite and on a PostgreSQL server of our own."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ivoryos_jupyter.journal import PhaseStarted, RunRequest, StepIntent
from ivoryos_jupyter.records import DataFolder, _postgres, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from ivoryos_jupyter.records import Store

FIXTURES = Path(__file__).parents[1] / "fixtures" / "ivoryos-1.7.2"
STARTED = 1_763_000_000_000_000
_numbers = count()


def _beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def _no_database_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IVORYOS_DB_URI", "DATABASE_URL", "IVORYOS_DATA"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _a_server_that_is_not_just_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours is, and of a kernel that was closed nobody would know for some seconds whether it comes back."""
    monkeypatch.setattr(_postgres, "_YOUNG_S", 0)


@pytest.fixture(scope="session")
def postgres() -> Iterator[object]:
    folder = Path(tempfile.mkdtemp(prefix="ivoryos-postgres-"))
    server = _beside("_postgres_server").Server(folder)
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "ivoryos_data")


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, folder: DataFolder) -> Iterator[Callable[..., Store]]:
    """A function that opens the same database again and again, as kernel after kernel would."""
    uri = request.getfixturevalue("postgres").database(f"test{next(_numbers)}") if request.param == "postgres" else None
    stores: list[Store] = []

    def again(owner: str | None = None) -> Store:
        stores.append(open_store(folder, uri, owner=owner))
        return stores[-1]

    yield again
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[..., Store]) -> Store:
    return opened()


@pytest.fixture
def old_folder(folder: DataFolder) -> DataFolder:
    """A data folder as IvoryOS 1.7.2 left it."""
    shutil.copy(FIXTURES / "ivoryos.db", folder.database)
    return folder


def request_for(key: str = "k1", **changes: object) -> RunRequest:
    values: dict[str, object] = {
        "key": key,
        "name": f"run_{key}",
        "workflow": '{"name": "dose"}',
        "workflow_name": "dose",
        "version": "v1",
        "deck": "flowlab",
        "operator": "ada",
        **changes,
    }
    return RunRequest(**values)  # type: ignore[arg-type]


def begun(store: Store, key: str = "k1", **changes: object) -> tuple[int, int]:
    """Begin a run and its first iteration; return their ids."""
    run = store.begin_run(request_for(key, **changes), STARTED)
    return run, store.begin_phase(PhaseStarted(run, "script", 1, STARTED + 1))


def intent(phase: int, **changes: object) -> StepIntent:
    values: dict[str, object] = {
        "phase_id": phase,
        "step_id": "s1",
        "step_index": 1,
        "method_name": "dispense",
        "instrument": "pump",
        "started_us": STARTED + 2,
        **changes,
    }
    return StepIntent(**values)  # type: ignore[arg-type]


@pytest.fixture
def rows() -> object:
    """Makers of rows, for tests in files beside this one."""

    class Rows:
        started = STARTED
        request = staticmethod(request_for)
        begun = staticmethod(begun)
        intent = staticmethod(intent)

    return Rows

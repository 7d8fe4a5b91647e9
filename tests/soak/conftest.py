"""The harness for tests beside it, and a PostgreSQL server of our own."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

HERE = Path(__file__).parent


def _loaded(path: Path) -> ModuleType:
    """Load a file that lies in no package, under its own name, once."""
    if path.stem in sys.modules:
        return sys.modules[path.stem]
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = sys.modules[path.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def _no_database_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IVORYOS_DB_URI", "DATABASE_URL", "IVORYOS_DATA"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def harness() -> ModuleType:
    """Kills, and what must hold after them."""
    return _loaded(HERE / "harness.py")


@pytest.fixture(scope="session")
def neighbour() -> ModuleType:
    """Kernels in processes of their own that do what they are told."""
    return _loaded(HERE / "neighbour.py")


@pytest.fixture(scope="session")
def _idle() -> Iterator[list[object]]:
    """The kernels that have nothing to do just now."""
    idle: list[object] = []
    yield idle
    for one in idle:
        one.close()  # type: ignore[attr-defined]


@pytest.fixture
def another_kernel(neighbour: ModuleType, _idle: list[object]) -> Iterator[Callable[[Path, str, str], object]]:
    """A function that opens a session in a process of its own: given folder, port of its doser, and address of the database."""
    busy = []

    def opened(folder: Path, port: str, uri: str) -> object:
        busy.append(_idle.pop() if _idle else neighbour.Neighbour())
        assert busy[-1].ask("open", str(folder), port, uri) == "open"
        return busy[-1]

    yield opened
    for one in busy:
        if one.lives and one.ask("close") == "closed":
            _idle.append(one)
        else:
            one.close()


@pytest.fixture(scope="session")
def whole(harness: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> object:
    """A life that nobody ends."""
    return harness.whole_life(harness.Place(tmp_path_factory.mktemp("whole")))


@pytest.fixture(scope="session")
def silence() -> ModuleType:
    """A network that can fall silent."""
    return _loaded(HERE / "silent_network.py")


@pytest.fixture(scope="session")
def postgres() -> Iterator[object]:
    """A server that can be stopped and started."""
    folder = Path(tempfile.mkdtemp(prefix="ivoryos-postgres-"))
    server = _loaded(HERE.parent / "records" / "_postgres_server.py").Server(folder)
    yield server
    server.stop()
    shutil.rmtree(folder)

"""Names imported for type checkers only are understood where their library is loaded, and nothing is imported for them."""

from __future__ import annotations

import importlib
import sys

import pytest

from ivoryos_jupyter.introspect import describe
from ivoryos_jupyter.schema import Anything, Live, Nullable

SOURCE = """
from __future__ import annotations
from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    # a comment
    from decimal import Decimal as Exact

    import nowhere_{index}.inside
    from .other_{index} import Valve
    from never_loaded_{index} import Thing

class Box:
    def call(self, a: Optional[Exact], b: Valve, c: Thing, d: nowhere_{index}.inside.Part): ...
"""


@pytest.fixture
def box(tmp_path, monkeypatch, request):
    index = abs(hash(request.node.name))
    package = tmp_path / f"package_{index}"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "driver.py").write_text(SOURCE.format(index=index))
    (package / f"other_{index}.py").write_text("class Valve:\n    def open(self): ...\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield lambda: importlib.import_module(f"{package.name}.driver").Box(), lambda: importlib.import_module(f"{package.name}.other_{index}")
    for name in set(sys.modules) - before:
        if name.startswith(package.name):
            del sys.modules[name]


def test_a_loaded_class_is_found(box):
    make, load = box
    valve = load().Valve
    a, b, c, d = describe(make(), "box").method("call").parameters
    assert isinstance(a.kind, Nullable)
    assert b.kind == Live(f"{valve.__module__}:Valve")
    assert isinstance(c.kind, Anything)
    assert isinstance(d.kind, Anything)
    assert c.kind.note


def test_what_is_not_loaded_stays_unknown_and_unloaded(box):
    make, _ = box
    instance = make()
    before = set(sys.modules)
    assert isinstance(describe(instance, "box").method("call").parameter("b").kind, Anything)
    assert set(sys.modules) - before == set()

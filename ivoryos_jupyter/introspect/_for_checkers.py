"""What does a name mean that a module imports for type checkers only?  Nothing is imported to find out."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import sys
import textwrap
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BLOCK = re.compile(r"^if (?:typing\.|t\.)?TYPE_CHECKING:[^\n]*\n((?:[ \t]+[^\n]*\n|[ \t]*\n|#[^\n]*\n)*)", re.MULTILINE)
_ABSENT = object()


def meant_for_checkers(names: Mapping[str, object], name: str) -> tuple[object] | None:
    """Return what `name` stands for in the module whose globals are `names`, if its library is loaded already."""
    module = names.get("__name__")
    if not isinstance(module, str):
        return None
    source = _imports(module).get(name)
    if source is None:
        return None
    origin, attribute = source
    loaded = sys.modules.get(origin)
    found = _ABSENT if loaded is None else (vars(loaded).get(attribute, _ABSENT) if attribute else loaded)
    if found is _ABSENT:
        found = sys.modules.get(f"{origin}.{attribute}", _ABSENT)
    return None if found is _ABSENT else (found,)


@lru_cache(maxsize=512)
def _imports(module: str) -> dict[str, tuple[str, str]]:
    """Return the names that `module` imports under ``if TYPE_CHECKING``, with where they come from."""
    try:
        text = inspect.getsource(sys.modules[module])
        blocks = [ast.parse(textwrap.dedent(block[1])) for block in _BLOCK.finditer(text)]
        return {name: origin for block in blocks for name, origin in _aliases(block, module)}
    except Exception:  # noqa: BLE001 - a module without readable source has no such names
        return {}


def _aliases(block: ast.Module, module: str) -> Iterator[tuple[str, tuple[str, str]]]:
    package = sys.modules[module].__package__ or module
    for node in block.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0], (alias.name if alias.asname else alias.name.partition(".")[0], "")
        elif isinstance(node, ast.ImportFrom):
            origin = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            for alias in node.names:
                yield alias.asname or alias.name, (origin, alias.name)

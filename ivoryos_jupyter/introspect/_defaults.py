"""How does a parameter's default read, and what is its plain value?  Nobody's ``__repr__`` is called."""

from __future__ import annotations

import enum
import math
import types
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeGuard

from ivoryos_jupyter.introspect._names import is_a
from ivoryos_jupyter.schema import Default

if TYPE_CHECKING:
    from ivoryos_jupyter.schema import Plain

_LONGEST = 80
_UNKNOWN = object()
_SCALARS = frozenset({bool, int, str})


def read_default(value: object) -> Default:
    """Return `value` as a default."""
    if value is None or type(value) in _SCALARS:
        text = repr(value)
        return Default(text if len(text) <= _LONGEST else _short(text), value, known=True)  # type: ignore[arg-type]
    plain = _plain(value)
    if plain is _UNKNOWN:
        return Default(_short(default_text(value)))
    return Default(_short(default_text(value)), plain, known=True)  # type: ignore[arg-type]


def computed_default() -> Default:
    """Return the default of a field that is made afresh when it is left out."""
    return Default("…")


def _plain(value: object) -> Plain | object:
    if _is_enum(value):
        return value.name if isinstance(value.name, str) else _UNKNOWN
    if value is None or type(value) in _SCALARS or (type(value) is float and math.isfinite(value)):
        return value
    if is_a(value, PurePath):
        return str(value)
    return _plain_container(value)


def _plain_container(value: object) -> Plain | object:
    if type(value) in {list, tuple, set, frozenset}:
        items = [_plain(item) for item in value]  # type: ignore[attr-defined]
        return _UNKNOWN if any(item is _UNKNOWN for item in items) else items
    if type(value) is dict and all(type(key) is str for key in value):
        pairs = {key: _plain(item) for key, item in value.items()}
        return _UNKNOWN if any(item is _UNKNOWN for item in pairs.values()) else pairs
    return _UNKNOWN


def default_text(value: object) -> str:
    """Return how `value` reads in a signature."""
    if value is None or type(value) in {bool, int, str, float, complex, bytes}:
        return repr(value)
    if _is_enum(value):
        return f"{type(value).__name__}.{value.name}"
    if is_a(value, PurePath):
        return repr(str(value))
    if type(value) in {list, tuple, set, frozenset, dict}:
        return _container_text(value)
    if is_a(value, type, types.FunctionType, types.BuiltinFunctionType):
        return str(getattr(value, "__name__", ""))
    return f"<{type(value).__name__}>"


def _is_enum(value: object) -> TypeGuard[enum.Enum]:
    return issubclass(type(value), enum.Enum)


def _container_text(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{default_text(key)}: {default_text(item)}" for key, item in value.items()) + "}"
    items = [default_text(item) for item in value]  # type: ignore[attr-defined]
    if isinstance(value, tuple):
        return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
    if isinstance(value, list):
        return f"[{', '.join(items)}]"
    return f"{{{', '.join(items)}}}" if items else f"{type(value).__name__}()"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

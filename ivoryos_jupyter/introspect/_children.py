"""Which sub-instruments hang on an object, and by which path are they reached?"""

from __future__ import annotations

import json
import types
from itertools import islice
from typing import TYPE_CHECKING

from ivoryos_jupyter.introspect._selection import reason_against
from ivoryos_jupyter.introspect._static import instance_dict

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 64
"""So many items of one list or mapping are offered; more are data."""


def sub_objects(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Yield the instruments that the attribute `name` is or holds, each with its path below the owner."""
    cls = type(value)
    if issubclass(cls, list | tuple):
        items: Iterator[object] = islice((list if issubclass(cls, list) else tuple).__iter__(value), MOST)  # type: ignore[arg-type]
        held: Iterator[tuple[object, object]] = ((f"[{index}]", item) for index, item in enumerate(items))
    elif issubclass(cls, dict):
        pairs: Iterator[tuple[object, object]] = islice(list(dict.items(value)), MOST)  # type: ignore[arg-type]
        held = ((_key_text(key), item) for key, item in pairs if _is_key(key))
    elif issubclass(cls, types.SimpleNamespace):
        held = ((f".{key}", item) for key, item in islice(instance_dict(value).items(), MOST) if not key.startswith("_"))
    else:
        if not reason_against(value):
            yield f".{name}", value
        return
    for step, item in held:
        if not reason_against(item):
            yield f".{name}{step}", item


def too_many(value: object) -> str:
    """Return why some of what `value` holds is not offered; empty when all of it is."""
    cls = type(value)
    size = len(value) if issubclass(cls, list | tuple | dict) else 0  # type: ignore[arg-type]
    return f"it holds {size} objects; the first {MOST} are offered, the others can be reached by their path" if size > MOST else ""


def _is_key(key: object) -> bool:
    """Whether `key` can be written in a path."""
    return type(key) is int or (type(key) is str and "\\" not in key and not ('"' in key and "'" in key))


def _key_text(key: object) -> str:
    if isinstance(key, str):
        return f"['{key}']" if '"' in key else f"[{json.dumps(key, ensure_ascii=False)}]"
    return f"[{key!r}]"

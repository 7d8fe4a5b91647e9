"""What hangs on an object?  Read without asking the object: no property, ``__getattr__`` or ``__getattribute__`` runs."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING

from ivoryos_jupyter.introspect._names import ancestry, class_dict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TRUE_FORMS = frozenset({types.GetSetDescriptorType, types.MemberDescriptorType})
"""What ``__dict__`` is in a class that has not replaced it."""
_NOTHING: Mapping[str, object] = {}


def instance_dict(obj: object) -> Mapping[str, object]:
    """Return the ``__dict__`` of `obj`, or an empty mapping when it has none or hides it."""
    for cls in ancestry(type(obj)):
        found = class_dict(cls).get("__dict__")
        if found is not None:
            if type(found) not in _TRUE_FORMS:
                return _NOTHING
            break
    try:
        names = object.__getattribute__(obj, "__dict__")
    except Exception:  # noqa: BLE001 - a class without instance dictionary
        return _NOTHING
    return names if isinstance(names, dict) else _NOTHING


def slot_values(obj: object) -> Iterator[tuple[str, object]]:
    """Yield the filled slots of `obj`."""
    for cls in ancestry(type(obj)):
        members = class_dict(cls)
        if "__slots__" not in members:
            continue
        for name, member in members.items():
            if type(member) is types.MemberDescriptorType:
                try:
                    yield name, member.__get__(obj)
                except AttributeError:
                    continue


def instance_members(obj: object) -> Iterator[tuple[str, object]]:
    """Yield what the instance itself holds, by name."""
    for name, value in list(instance_dict(obj).items()):
        if isinstance(name, str):
            yield name, value
    yield from slot_values(obj)

"""Which object does a path lead to?  Statically for a description, as Python does it for a call."""

from __future__ import annotations

import inspect
from functools import cached_property
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.introspect._classes import offer_of
from ivoryos_jupyter.introspect._static import instance_members
from ivoryos_jupyter.schema import AttributeOf, Reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.introspect._record import Record

_ABSENT = object()


def follow_live(top: object, reference: Reference) -> object:
    """Follow `reference` from `top` with ``getattr`` and indexing.

    Raises
    ------
    UnknownNameError
        If a part of it does not exist; the driver's own error is its cause.
    """
    found = top
    walked = Reference(reference.name)
    for part in reference.path:
        walked = Reference(walked.name, (*walked.path, part))
        try:
            found = getattr(found, part.name) if isinstance(part, AttributeOf) else found[part.key]  # type: ignore[index]
        except (AttributeError, LookupError, TypeError) as error:
            raise UnknownNameError(f"there is no {walked.text} ({type(error).__name__}: {error})") from error
    return found


def follow_unread(top: object, reference: Reference) -> object:
    """Follow `reference` from `top` with ``getattr`` and indexing, but read no property: that may ask the hardware.

    Raises
    ------
    UnknownNameError
        If a part of it does not exist, or is a property.
    """
    found = top
    for index, part in enumerate(reference.path):
        if isinstance(part, AttributeOf) and isinstance(inspect.getattr_static(found, part.name, None), property | cached_property):
            raise UnknownNameError(f"{Reference(reference.name, reference.path[: index + 1]).text} is a property, which is not read here")
        found = follow_live(found, Reference(reference.name, (part,)))
    return found


def follow_static(top: object, reference: Reference, records: Mapping[str, Record]) -> object:
    """Follow `reference` from `top` without reading an attribute.

    Raises
    ------
    UnknownNameError
        If a part of it is not held by the object before it.
    """
    found = top
    start = _longest_described(reference, records)
    if start:
        found = records[Reference(reference.name, reference.path[:start]).text].obj
    for index in range(start, len(reference.path)):
        part = reference.path[index]
        below = Reference(reference.name, reference.path[: index + 1]).text
        found = _attribute(found, part.name) if isinstance(part, AttributeOf) else _item(found, part.key)
        if found is _ABSENT:
            raise UnknownNameError(f"there is no sub-instrument {below}; only what an object holds can be described without asking it")
    return found


def _longest_described(reference: Reference, records: Mapping[str, Record]) -> int:
    """Return how many parts of the path are described already."""
    lengths = range(len(reference.path), 0, -1)
    return next((length for length in lengths if Reference(reference.name, reference.path[:length]).text in records), 0)


def _attribute(obj: object, name: str) -> object:
    for held, value in instance_members(obj):
        if held == name:
            return value
    return offer_of(type(obj)).attributes.get(name, _ABSENT)


def _item(obj: object, key: object) -> object:
    """Return an item with the container's own indexing, whatever a subclass has made of it."""
    container = next((one for one in (list, tuple, dict) if issubclass(type(obj), one)), None)
    if container is None:
        return _ABSENT
    try:
        found: object = container.__getitem__(obj, key)  # type: ignore[call-overload, index]
    except (LookupError, TypeError):
        return _ABSENT
    return found

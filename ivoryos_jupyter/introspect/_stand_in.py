"""Which object does this one stand for?  A guarded instrument is a stand-in; the deck looks through it."""

from __future__ import annotations

from typing import TypeVar

from ivoryos_jupyter.introspect._names import ancestry

T = TypeVar("T")


class StandIn:
    """Base of what stands for another object in the notebook; judged by its true class, since it passes for the other's."""

    __slots__ = ("__weakref__", "_ivoryos_original")


_ORIGINAL = StandIn.__dict__["_ivoryos_original"]


def original(obj: T) -> T:
    """Return the object that `obj` stands for: `obj` itself, unless it is a stand-in."""
    if StandIn in ancestry(type(obj)):
        found: T = _ORIGINAL.__get__(obj)
        return found
    return obj


def is_stand_in(obj: object) -> bool:
    """Whether `obj` stands for another object."""
    return StandIn in ancestry(type(obj))

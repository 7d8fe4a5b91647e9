"""Does a description still fit its object?  Told from its class and from what the object holds, without reading it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from operator import is_
from typing import TYPE_CHECKING

from ivoryos_jupyter.introspect._classes import offer_of
from ivoryos_jupyter.introspect._describe import Description, inspect_object
from ivoryos_jupyter.introspect._static import instance_dict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ivoryos_jupyter.introspect._classes import Offer

_DEEPEST = 4
"""So many levels of sub-instruments are described by themselves; deeper ones when they are asked for."""
_MOST = 1000
"""So many sub-instruments of the whole deck are described by themselves."""
_LONG = 65


@dataclass(slots=True)
class Record:
    """One described object, with what the description was made from."""

    obj: object
    description: Description
    cls: type
    offer: Offer
    names: tuple[str, ...]
    marks: tuple[object, ...]
    holders: frozenset[str]
    """Attributes that are or hold sub-instruments; another object there matters even if it is of the same class."""

    def is_stale(self) -> bool:
        """Whether the object's class has changed, or what it holds in a way that can matter."""
        if type(self.obj) is not self.cls or offer_of(self.cls) is not self.offer:
            return True
        held = instance_dict(self.obj)
        if len(held) != len(self.names) or tuple(held) != self.names:
            return True
        return not all(map(is_, _marks(held, self.holders), self.marks))


def _marks(held: Mapping[str, object], holders: frozenset[str]) -> Iterator[object]:
    return (_mark(value, holds=name in holders) for name, value in held.items()) if holders else map(_mark, held.values())


def _mark(value: object, *, holds: bool = False) -> object:
    """Return what must stay the same of an attribute: itself if it is called or an instrument, else its length or its class."""
    cls = type(value)
    if callable(value) or (holds and cls not in {list, tuple, dict}):
        return value
    return min(len(value), _LONG) if cls in {list, tuple, dict} else cls  # type: ignore[arg-type]


def new_record(obj: object, path: str, known: dict[int, str] | None = None) -> Record:
    """Describe `obj` and remember what it was described from."""
    held = dict(instance_dict(obj))
    offer = offer_of(type(obj))
    description = inspect_object(obj, path, known)
    holders = frozenset(below[1:].partition("[")[0].partition(".")[0] for below in description.found.children)
    return Record(obj, description, type(obj), offer, tuple(held), tuple(_marks(held, holders)), holders)


def describe_all(instruments: Mapping[str, object]) -> dict[str, Record]:
    """Describe the instruments and, within bounds, what hangs on them; each object once."""
    known = {id(obj): name for name, obj in instruments.items()}
    records: dict[str, Record] = {}
    waiting = deque((name, obj, 0) for name, obj in instruments.items())
    while waiting and len(records) < len(instruments) + _MOST:
        path, obj, depth = waiting.popleft()
        records[path] = new_record(obj, path, known)
        if depth < _DEEPEST:
            children = records[path].description.found.children
            waiting.extend((f"{path}{below}", child, depth + 1) for below, child in children.items())
    return records

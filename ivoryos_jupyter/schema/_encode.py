"""What can be kept of a result?  A bounded plain value, without loss where that is possible.

Only the classes below are looked into, and only by the methods of the builtin class itself: an unknown object may talk to
hardware when an attribute is read, when it is compared and when it is printed. It is kept as the name of its class.
"""

from __future__ import annotations

import base64
import datetime as dt
import math
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.schema._kinds import LiveReference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ivoryos_jupyter.schema._kinds import Plain

DEEPEST = 24
"""Containers below this depth are kept as the name of their class."""

_LARGEST_INTEGER_BITS = 4096
_LONGEST_NUMBER = 1000
_QUANTITIES = frozenset({"PlainQuantity", "Quantity"})
_MISSING = frozenset({"NaTType", "NAType"})


def encode(value: object, *, most_items: int = 10_000, most_characters: int = 1_000_000) -> Plain:
    """Return `value` as a plain value of bounded size.

    Parameters
    ----------
    value
        Anything; no method of a class that is not known is called.
    most_items
        How many values are kept in all, however nested.
    most_characters
        How many characters of text, and bytes, are kept in all.

    Returns
    -------
    Plain
        None, truth values, numbers, texts, lists and dicts with text keys stand for themselves. Else a dict of marks such as
        ``{"$datetime": "2026-…"}``, `decode` reads them; ``{"$object": "module:Class"}`` is what is left of the rest, and
        ``{"$more": 12}`` at the end of a list stands for 12 items that were too many.
    """
    return _Encoder(most_items, most_characters).encode(value, 0)


def type_name(cls: type) -> str:
    """Return ``module:qualname`` of a class."""
    module = cls.__module__ if isinstance(cls.__module__, str) else ""
    return f"{module}:{cls.__qualname__}"[:300]


class _Encoder:
    """Encodes one value and counts what it has kept."""

    def __init__(self, items: int, characters: int) -> None:
        self._items = items
        self._characters = characters
        self._open: set[int] = set()

    def encode(self, value: object, depth: int) -> Plain:
        """Return one value, at `depth`."""
        self._items -= 1
        if value is None or type(value) is bool:
            return value
        try:
            return self._known(value, type(value), depth)
        except Exception:  # noqa: BLE001 - a class of somebody else's may raise anything, and a result must never fail
            return _opaque(type(value))

    def _known(self, value: object, cls: type, depth: int) -> Plain:
        if (exact := _EXACT.get(cls)) is not None:
            return exact(self, value, depth)
        bases = _bases(cls)
        if Enum in bases:
            return _member(cast("Enum", value), cls)
        if cls.__name__ in _MISSING:
            return None
        for base, method in _EXACT.items():
            if base in bases:
                return method(self, value, depth)
        return self._foreign(value, cls, depth)

    def _foreign(self, value: object, cls: type, depth: int) -> Plain:
        """Keep a value whose class is no builtin one, where the class is known or says which fields it stores."""
        if _is_numpy(cls):
            return self._numpy(value, depth)
        if _is_quantity(_bases(cls)):
            return self._quantity(value, cls, depth)
        names = _names_of(cls, "__dataclass_fields__") or _names_of(cls, "__pydantic_fields__")
        return self._record(value, cls, names, depth) if names else _opaque(cls)

    def text(self, value: object, _depth: int = 0) -> Plain:
        """Keep as much text as there is room for."""
        text = str.__str__(cast("str", value))
        room = max(self._characters, 0)
        self._characters -= min(len(text), room)
        return text if len(text) <= room else {"$text": text[:room], "length": len(text)}

    def integer(self, value: object, _depth: int) -> Plain:
        """Keep an integer of any sensible size."""
        number = int.__int__(cast("int", value))
        return number if number.bit_length() <= _LARGEST_INTEGER_BITS else {"$object": "builtins:int", "bits": number.bit_length()}

    def real(self, value: object, _depth: int) -> Plain:
        """Keep a float."""
        return float.__float__(cast("float", value))

    def binary(self, value: object, _depth: int) -> Plain:
        """Keep bytes in base64."""
        raw = bytes(cast("bytes", value)[: max(self._characters, 0)])
        self._characters -= len(raw)
        length = len(cast("bytes", value))
        kept: dict[str, Plain] = {"$bytes": base64.b64encode(raw).decode()}
        return kept if len(raw) == length else {**kept, "length": length}

    def sequence(self, value: object, depth: int) -> Plain:
        """Keep a list as a list, and other sequences with their mark."""
        cls = type(value)
        if list in _bases(cls):
            return self._several(value, depth, list.__iter__(cast("list[object]", value)), list.__len__(cast("list[object]", value)))
        if tuple in _bases(cls):
            pair = cast("tuple[object, ...]", value)
            items = self._several(value, depth, tuple.__iter__(pair), tuple.__len__(pair))
            names = _names_of(cls, "_fields")
            return _named(cls, names, items) if names and isinstance(items, list) and len(items) == len(names) else {"$tuple": items}
        base = set if set in _bases(cls) else frozenset
        items = self._several(value, depth, base.__iter__(cast("set[object]", value)), base.__len__(cast("set[object]", value)))  # type: ignore[arg-type]
        return {"$set": items} if base is set else {"$frozenset": items}

    def mapping(self, value: object, depth: int) -> Plain:
        """Keep a dict; one whose keys are not all texts as pairs."""
        known = cast("dict[object, object]", value)
        pairs = list(islice(dict.items(known), max(self._items, 0)))
        if all(type(key) is str for key, _item in pairs):
            keys = [self._key(cast("str", key)) for key, _item in pairs]
            values = self._several(value, depth, (item for _key, item in pairs), len(pairs))
            return _joined(keys, values, dict.__len__(known)) if isinstance(values, list) else values
        flat = self._several(value, depth, ([key, item] for key, item in pairs), dict.__len__(known))
        return {"$map": flat}

    def _key(self, key: str) -> str:
        text = self.text(key)
        return text if isinstance(text, str) else f"{key[:20]}…"

    def _several(self, owner: object, depth: int, items: Iterable[object], length: int) -> Plain:
        """Keep as many items as there is room for; stop at what contains itself."""
        if id(owner) in self._open or depth >= DEEPEST:
            return _opaque(type(owner))
        self._open.add(id(owner))
        kept: list[Plain] = []
        for item in items:
            if self._items <= 0:
                break
            kept.append(self.encode(item, depth + 1))
        self._open.discard(id(owner))
        return kept if len(kept) >= length else [*kept, {"$more": length - len(kept)}]

    def _record(self, value: object, cls: type, names: tuple[str, ...], depth: int) -> Plain:
        """Keep the fields of a dataclass or model, as they are stored; a field that would have to be computed is left out."""
        stored = [(name, _stored(value, cls, name)) for name in names]
        present = [(name, item) for name, item in stored if item is not _ABSENT]
        items = self._several(value, depth, (item for _name, item in present), len(present))
        return _named(cls, [name for name, _item in present], items) if isinstance(items, list) else items

    def _quantity(self, value: object, cls: type, depth: int) -> Plain:
        """Keep the magnitude and the unit of a quantity, as pint writes it."""
        magnitude, units = _stored(value, cls, "_magnitude"), _stored(value, cls, "_units")
        if magnitude is _ABSENT or units is _ABSENT:
            return _opaque(cls)
        return {"$quantity": {"magnitude": self.encode(magnitude, depth + 1), "unit": self.text(str(units))}}

    def _numpy(self, value: object, depth: int) -> Plain:
        cls = type(value)
        shape = tuple(int(one) for one in cast("Iterable[int]", getattr(value, "shape", ())))
        dtype = str(getattr(value, "dtype", ""))
        if cls.__name__ != "ndarray" and not shape and hasattr(cls, "item"):
            plain = cast("Callable[[], object]", value.item)()  # type: ignore[attr-defined]  # numpy's scalars have it
            return _opaque(cls) if _is_numpy(type(plain)) else self.encode(plain, depth)
        size = math.prod(shape)
        if cls.__name__ != "ndarray" or size > self._items or "O" in dtype or "object" in dtype or "[" in dtype:
            return {"$object": type_name(cls), "shape": [*shape], "dtype": dtype[:100]}
        self._items -= size
        listed = cast("Callable[[], object]", value.tolist)()  # type: ignore[attr-defined]  # an array has it
        return {"$ndarray": _Encoder(10 * size + 10, self._characters).encode(listed, 0), "dtype": dtype, "shape": [*shape]}


def _bases(cls: type) -> tuple[type, ...]:
    """Return the real bases of `cls`, past whatever its metaclass says."""
    found: tuple[type, ...] = type.__dict__["__mro__"].__get__(cls)
    return found


def _member(value: Enum, cls: type) -> Plain:
    kept: dict[str, Plain] = {"$enum": type_name(cls), "name": value._name_}
    return kept if isinstance(value._name_, str) else {**kept, "value": int(value._value_)}


def _marked(mark: str, write: Callable[[object], str]) -> Callable[[_Encoder, object, int], Plain]:
    return lambda _encoder, value, _depth: {mark: write(value)}


_EXACT: dict[type, Callable[[_Encoder, object, int], Plain]] = {
    str: _Encoder.text,
    int: _Encoder.integer,
    float: _Encoder.real,
    LiveReference: lambda _encoder, value, _depth: cast("LiveReference", value),
    bytes: _Encoder.binary,
    bytearray: _Encoder.binary,
    list: _Encoder.sequence,
    tuple: _Encoder.sequence,
    set: _Encoder.sequence,
    frozenset: _Encoder.sequence,
    dict: _Encoder.mapping,
    complex: lambda _encoder, value, _depth: {"$complex": [cast("complex", value).real, cast("complex", value).imag]},
    dt.datetime: _marked("$datetime", lambda value: dt.datetime.isoformat(cast("dt.datetime", value))),
    dt.date: _marked("$date", lambda value: dt.date.isoformat(cast("dt.date", value))),
    dt.time: _marked("$time", lambda value: dt.time.isoformat(cast("dt.time", value))),
    dt.timedelta: lambda _encoder, value, _depth: {"$timedelta": dt.timedelta.total_seconds(cast("dt.timedelta", value))},
    Decimal: _marked("$decimal", lambda value: Decimal.__str__(cast("Decimal", value))[:_LONGEST_NUMBER]),
    Fraction: _marked("$fraction", lambda value: Fraction.__str__(cast("Fraction", value))[:_LONGEST_NUMBER]),
    PurePath: _marked("$path", lambda value: PurePath.__str__(cast("PurePath", value))),
}
"""Classes that are looked into, a class before its bases."""


class _Absent:
    """Marks a field that is not stored."""


_ABSENT = _Absent()


def _opaque(cls: type) -> Plain:
    return {"$object": type_name(cls)}


def _joined(keys: list[str], values: list[Plain], length: int) -> Plain:
    """Return a dict from its keys and values, with a mark for what was too much."""
    kept: dict[str, Plain] = dict(zip(keys, values, strict=False))
    if length > len(kept):
        return {**kept, "$more": length - len(kept)}
    return {"$dict": kept} if any(key.startswith("$") for key in keys) else kept


def _named(cls: type, names: Iterable[str], items: list[Plain]) -> Plain:
    return {"$record": type_name(cls), "fields": dict(zip(names, items, strict=False))}


def _is_numpy(cls: type) -> bool:
    return isinstance(cls.__module__, str) and cls.__module__.partition(".")[0] == "numpy"


def _is_quantity(bases: tuple[type, ...]) -> bool:
    """Whether one of the bases is pint's own quantity, told by its name alone: pint need not be there."""
    return any(base.__name__ in _QUANTITIES and str(base.__module__).partition(".")[0] == "pint" for base in bases)


def _names_of(cls: type, name: str) -> tuple[str, ...]:
    """Return the names that a class keeps under `name`, read from the class alone."""
    for base in _bases(cls):
        if name in base.__dict__:
            found = base.__dict__[name]
            return tuple(str(one) for one in found) if isinstance(found, (tuple, list, dict)) else ()
    return ()


def _stored(value: object, cls: type, name: str) -> object:
    """Return what is stored under `name` in the instance or its slot, running no code of the class."""
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:
        own = {}
    if name in own:
        return own[name]
    for base in _bases(cls):
        slot = base.__dict__.get(name)
        if type(slot).__name__ == "member_descriptor":
            try:
                return slot.__get__(value, cls)  # type: ignore[union-attr]  # a slot's descriptor has it
            except AttributeError:
                return _ABSENT  # an empty slot
    return _ABSENT

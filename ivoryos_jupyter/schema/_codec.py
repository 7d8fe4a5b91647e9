"""How is a deck, or a part of it, written as JSON and read again?"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import TYPE_CHECKING, TypeVar, cast

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.schema import _deck as d
from ivoryos_jupyter.schema import _kinds as k
from ivoryos_jupyter.schema._names import did_you_mean
from ivoryos_jupyter.schema._plain_json import plain_from_json, plain_to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.schema._plain_json import Json

DECK_FORMAT = "ivoryos-deck/1"

T = TypeVar("T")

_KINDS: dict[str, type[k.Kind]] = {
    cls.tag: cls
    for cls in (
        k.Boolean, k.Integer, k.Number, k.Text, k.Nothing, k.EnumChoice, k.LiteralChoice, k.ListOf, k.TupleOf, k.DictOf,
        k.Record, k.Temporal, k.Special, k.Live, k.OneOf, k.Nullable, k.Anything,
    )
}  # fmt: skip

_PROSE = frozenset({
    "summary", "doc", "help", "note", "left_out", "defined_by", "folded", "children", "adapter", "connection", "annotation",
    "access", "itself",
})  # fmt: skip
"""What may change without changing what can be called."""


def to_json(thing: object) -> dict[str, Json]:
    """Return a deck, an instrument, a method, a kind … as a dict for JSON; what has its default is left away."""
    data = cast("dict[str, Json]", _encoded(thing, frozenset()))
    return {"format": DECK_FORMAT, **data} if isinstance(thing, d.DeckSchema) else data


def deck_from_json(data: object) -> d.DeckSchema:
    """Return the deck that `to_json` wrote.

    Raises
    ------
    ConversionError
        Naming the place that cannot be read.
    """
    if not isinstance(data, dict) or data.get("format") != DECK_FORMAT:
        found = data.get("format") if isinstance(data, dict) else type(data).__name__
        raise _bad("", f"this is no description of a deck: its format is {found!r}, not {DECK_FORMAT!r}")
    return _decoded(d.DeckSchema, {key: value for key, value in data.items() if key != "format"}, "")


def kind_from_json(data: object, *, field: str = "") -> k.Kind:
    """Return the kind that `to_json` wrote.

    Raises
    ------
    ConversionError
        Naming the place that cannot be read.
    """
    if not isinstance(data, dict):
        raise _bad(field, "a kind is an object with the key 'tag'")
    tag = data.get("tag")
    cls = _KINDS.get(tag) if isinstance(tag, str) else None
    if cls is None:
        raise _bad(field, f"the kind {tag!r} is not known{did_you_mean(str(tag), _KINDS)}")
    return _decoded(cls, {key: value for key, value in data.items() if key != "tag"}, field)


def part_from_json(cls: type[T], data: object, *, field: str = "") -> T:
    """Return the `Instrument`, `Method`, `Parameter` … that `to_json` wrote.

    Raises
    ------
    ConversionError
        Naming the place that cannot be read.
    """
    return _decoded(cls, data, field)


def fingerprint(deck: d.DeckSchema) -> str:
    """Return a hash of what can be called with what; prose and the order of instruments do not count."""
    parts = sorted(json.dumps(_encoded(one, _PROSE), sort_keys=True) for one in (*deck.instruments, *deck.blocks))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _encoded(thing: object, leave_away: frozenset[str]) -> Json:
    if isinstance(thing, k.LiveReference) or not dataclasses.is_dataclass(thing):
        if isinstance(thing, tuple):
            return [_encoded(item, leave_away) for item in thing]
        return plain_to_json(cast("k.Plain", thing))
    data: dict[str, Json] = {"tag": thing.tag} if isinstance(thing, k.Kind) else {}
    for field in dataclasses.fields(thing):
        value = getattr(thing, field.name)
        if field.name not in leave_away and not (value == _default(field) and type(value) is type(_default(field))):
            data[field.name] = _encoded(value, leave_away)
    return data


def _default(field: dataclasses.Field[object]) -> object:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def _decoded(cls: type[T], data: object, field: str) -> T:
    if not isinstance(data, dict):
        raise _bad(field, f"an object is expected, not a {type(data).__name__}")
    known = {one.name: one for one in dataclasses.fields(cast("type[k.Kind]", cls))}
    unknown = [name for name in data if name not in known]
    missing = [name for name, one in known.items() if name not in data and _default(one) is dataclasses.MISSING]
    if unknown or missing:
        word = f"the key {unknown[0]!r} is not known" if unknown else f"the key {missing[0]!r} is missing"
        raise _bad(field, f"{word} in {cls.__name__}")
    values = {name: _value(cls, name, value, f"{field}.{name}" if field else name) for name, value in data.items()}
    return cls(**values)


def _value(cls: type, name: str, data: object, field: str) -> object:
    if (cls, name) in _MANY:
        if not isinstance(data, list):
            raise _bad(field, f"a list is expected, not a {type(data).__name__}")
        return tuple(_MANY[cls, name](item, f"{field}[{at}]") for at, item in enumerate(data))
    if (cls, name) in _ONE:
        return _ONE[cls, name](data, field)
    return _scalar(cls, name, data, field)


def _scalar(cls: type, name: str, data: object, field: str) -> object:
    """Return text, flag or number, refusing another type than the class declares."""
    declared = str(cls.__annotations__[name])
    fitting = {"str": (str,), "bool": (bool,), "float | None": (int, float, type(None))}.get(declared, (str,))
    if not isinstance(data, fitting) or (isinstance(data, bool) and declared != "bool"):
        raise _bad(field, f"{declared} is expected, not {data!r:.40}")
    return data


def _kind(data: object, field: str) -> k.Kind:
    return kind_from_json(data, field=field)


def _plain(data: object, field: str) -> k.Plain:
    return plain_from_json(data, field=field)


def _part(cls: type) -> Callable[[object, str], object]:
    return lambda data, field: _decoded(cls, data, field)


def _optional(cls: type) -> Callable[[object, str], object]:
    return lambda data, field: None if data is None else _decoded(cls, data, field)


def _parameters(data: object, field: str) -> tuple[k.Parameter, ...]:
    if not isinstance(data, list):
        raise _bad(field, f"a list is expected, not a {type(data).__name__}")
    return tuple(_decoded(k.Parameter, item, f"{field}[{at}]") for at, item in enumerate(data))


def _bad(field: str, message: str) -> ConversionError:
    return ConversionError([Problem(field, message)])


_MANY: dict[tuple[type, str], Callable[[object, str], object]] = {
    (d.DeckSchema, "instruments"): _part(d.Instrument),
    (d.DeckSchema, "blocks"): _part(d.Block),
    (d.DeckSchema, "left_out"): _part(d.LeftOut),
    (d.Instrument, "methods"): _part(d.Method),
    (d.Instrument, "properties"): _part(d.Property),
    (d.Instrument, "children"): _part(d.Child),
    (d.Instrument, "left_out"): _part(d.LeftOut),
    (d.Method, "parameters"): _part(k.Parameter),
    (d.Method, "variants"): _parameters,
    (d.Returns, "items"): _kind,
    (k.EnumChoice, "members"): _part(k.EnumMember),
    (k.LiteralChoice, "values"): _plain,
    (k.TupleOf, "items"): _kind,
    (k.Record, "fields"): _part(k.Parameter),
    (k.OneOf, "members"): _kind,
}
_ONE: dict[tuple[type, str], Callable[[object, str], object]] = {
    (d.Instrument, "connection"): _part(d.Connection),
    (d.Block, "method"): _part(d.Method),
    (d.Method, "returns"): _part(d.Returns),
    (d.Property, "value"): _part(k.Parameter),
    (k.Parameter, "kind"): _kind,
    (k.Parameter, "default"): _optional(k.Default),
    (k.Default, "plain"): _plain,
    (d.Returns, "kind"): _kind,
    (k.ListOf, "item"): _kind,
    (k.DictOf, "key"): _kind,
    (k.DictOf, "value"): _kind,
    (k.Nullable, "kind"): _kind,
}

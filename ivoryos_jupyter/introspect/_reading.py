"""Which kind of value does an annotation ask for?"""

from __future__ import annotations

import collections.abc
import dataclasses
import datetime
import decimal
import enum
import numbers
import os
import pathlib
import sys
import types
import typing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.introspect import _records as records
from ivoryos_jupyter.introspect._annotations import Scope, Unreadable, is_placeholder, mentions_names, resolve
from ivoryos_jupyter.introspect._defaults import computed_default, default_text, read_default
from ivoryos_jupyter.introspect._metadata import Said, bounded, read_metadata, strictness
from ivoryos_jupyter.introspect._names import annotation_text, class_dict, type_path
from ivoryos_jupyter.schema import (
    Anything,
    Boolean,
    DictOf,
    EnumChoice,
    EnumMember,
    Integer,
    Kind,
    ListOf,
    LiteralChoice,
    Live,
    Nothing,
    Nullable,
    Number,
    OneOf,
    Parameter,
    Record,
    Special,
    Temporal,
    Text,
    TupleOf,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

@dataclass(frozen=True, slots=True)
class Reading:
    """What an annotation asks for: a kind, and what its metadata says."""

    kind: Kind
    unit: str = ""
    help: str = ""


_FREE = Anything()
_EXACT: dict[int, Reading] = {
    id(cls): Reading(kind)
    for cls, kind in (
        (bool, Boolean()), (int, Integer()), (float, Number()), (str, Text()), (type(None), Nothing()), (None, Nothing()),
        (typing.Any, _FREE), (object, _FREE), (typing.AnyStr, Text()), (complex, Special("complex")), (bytes, Special("bytes")),
        (bytearray, Special("bytes")), (memoryview, Special("bytes")), (datetime.datetime, Temporal("datetime")),
        (datetime.date, Temporal("date")), (datetime.time, Temporal("time")), (datetime.timedelta, Temporal("timedelta")),
        (decimal.Decimal, Special("decimal")), (list, ListOf(_FREE)), (tuple, ListOf(_FREE, "tuple")), (set, ListOf(_FREE, "set")),
        (frozenset, ListOf(_FREE, "frozenset")), (dict, DictOf(_FREE, _FREE)), (typing.SupportsFloat, Number()), (typing.SupportsInt, Integer()),
    )
}  # fmt: skip
"""By identity, because hashing a class may run its metaclass."""
_KNOWN: dict[int, tuple[object, Reading]] = {}
"""Readings of annotations that mean the same wherever they stand, by identity."""
_MOST_KNOWN = 10_000
_BASES: tuple[tuple[type, Kind], ...] = (
    (bool, Boolean()), (int, Integer()), (float, Number()), (str, Text()), (datetime.datetime, Temporal("datetime")),
    (datetime.date, Temporal("date")), (datetime.time, Temporal("time")), (datetime.timedelta, Temporal("timedelta")),
    (pathlib.PurePath, Special("path")), (os.PathLike, Special("path")), (bytes, Special("bytes")), (bytearray, Special("bytes")),
    (decimal.Decimal, Special("decimal")), (complex, Special("complex")), (numbers.Integral, Integer()), (numbers.Real, Number()),
    (numbers.Complex, Special("complex")),
)  # fmt: skip
_NUMPY: tuple[tuple[str, Kind], ...] = (
    ("ndarray", Special("ndarray")), ("bool_", Boolean()), ("integer", Integer()), ("floating", Number()), ("complexfloating", Special("complex")),
    ("number", Number()),
)  # fmt: skip
_TRANSPARENT = (typing.ClassVar, typing.Final, getattr(typing, "Required", None), getattr(typing, "NotRequired", None))
_SEQUENCES: tuple[type, ...] = (
    collections.abc.Sequence, collections.abc.MutableSequence, collections.abc.Iterable, collections.abc.Collection, collections.abc.Iterator,
    collections.abc.Reversible, collections.abc.Container,
)  # fmt: skip
_MAPPINGS: tuple[type, ...] = (collections.abc.Mapping, collections.abc.MutableMapping)
_ContainerName = Literal["list", "tuple", "set", "frozenset"]


class KindReader:
    """Reads annotations in one `Scope`."""

    def __init__(self, scope: Scope) -> None:
        """Read annotations with the names of `scope`."""
        self._scope = scope
        self._open: list[type] = []

    def read(self, annotation: object) -> Reading:
        """Return what `annotation` asks for; an unreadable one is `Anything` with a note."""
        return self.read_live(annotation)[1]

    def read_live(self, annotation: object) -> tuple[object, Reading]:
        """Return what `annotation` stands for, and what it asks for."""
        exact = _EXACT.get(id(annotation))
        if exact is not None:
            return annotation, exact
        known = _KNOWN.get(id(annotation))
        if known is not None and known[0] is annotation:
            return known
        found = resolve(annotation, self._scope)
        reading = self._read(found)
        if found is annotation and not issubclass(type(annotation), type) and not mentions_names(annotation):
            if len(_KNOWN) > _MOST_KNOWN:
                _KNOWN.clear()
            _KNOWN[id(annotation)] = (annotation, reading)
        return found, reading

    def _read(self, found: object) -> Reading:
        if isinstance(found, Unreadable):
            return Reading(Anything(found.reason))
        metadata: list[object] = []
        while typing.get_origin(found) is typing.Annotated:
            metadata = [*found.__metadata__, *metadata]  # type: ignore[attr-defined]
            found = resolve(found.__origin__, self._scope)  # type: ignore[attr-defined]
        reading = self._unwrapped(found)
        return _with_metadata(reading, read_metadata(metadata)) if metadata else reading

    def kind(self, annotation: object) -> Kind:
        """Return the kind that `annotation` asks for."""
        return self.read(annotation).kind

    def _unwrapped(self, found: object) -> Reading:
        """Return the reading of an annotation without ``Annotated``."""
        exact = _EXACT.get(id(found))
        if exact is not None:
            return exact
        origin = typing.get_origin(found)
        if origin is typing.Union or type(found) is types.UnionType:
            return self._union(typing.get_args(found), found)
        if origin in _TRANSPARENT and origin is not None:
            return self.read(typing.get_args(found)[0])
        if origin is not None:
            return Reading(self._generic(origin, typing.get_args(found)))
        if issubclass(type(found), type):
            return Reading(self._class(typing.cast("type", found)))
        return self._special(found)

    def _special(self, found: object) -> Reading:
        """Return the reading of NewType, TypeVar, type aliases and what is no type at all."""
        for attribute in ("__supertype__", "__value__", "__bound__"):
            inner = getattr(found, attribute, None)
            if inner is not None:
                return self.read(inner)
        if constraints := getattr(found, "__constraints__", ()):
            return self._union(tuple(constraints), found)
        if found is typing.Callable or found is collections.abc.Callable:
            return Reading(_function(found))
        if isinstance(found, typing.TypeVar):
            return Reading(_FREE)
        return Reading(Anything(f"the annotation {annotation_text(found)} is not understood"))

    def _union(self, members: Sequence[object], whole: object) -> Reading:
        if _is_array_like(whole):
            return Reading(Special("ndarray"))
        readings = [self.read(member) for member in members]
        kinds: list[Kind] = []
        for reading in readings:
            parts = reading.kind.members if isinstance(reading.kind, OneOf) else (reading.kind,)
            kinds.extend(part for part in parts if part not in kinds)
        nullable = any(isinstance(kind, Nothing) for kind in kinds)
        kinds = [kind for kind in kinds if not isinstance(kind, Nothing)]
        unit = next((one.unit for one in readings if one.unit), "")
        text = next((one.help for one in readings if one.help), "")
        if not kinds:
            return Reading(Nothing())
        kind = kinds[0] if len(kinds) == 1 else OneOf(tuple(kinds))
        return Reading(as_nullable(kind) if nullable else kind, unit, text)

    def _generic(self, origin: object, args: tuple[object, ...]) -> Kind:
        if origin is Literal:
            return _literal(args)
        if origin is collections.abc.Callable:
            return _function(origin)
        if origin is type:
            return Anything("a class; pass it from a cell")
        if not isinstance(origin, type):
            return self.kind(origin)
        if origin is tuple:
            return self._tuple(args)
        if _is_one(origin, _MAPPINGS) or issubclass(origin, dict):
            return DictOf(*(self.kind(one) for one in args)) if len(args) == 2 else DictOf(_FREE, _FREE)  # noqa: PLR2004 - key and value
        container = _container(origin)
        if container is None:
            return self._class(origin)
        return ListOf(self.kind(args[0]) if args else _FREE, container)

    def _tuple(self, args: tuple[object, ...]) -> Kind:
        if len(args) == 2 and args[1] is Ellipsis:  # noqa: PLR2004 - item and ellipsis
            return ListOf(self.kind(args[0]), "tuple")
        return TupleOf(tuple(self.kind(one) for one in args if one != ()))

    def _class(self, cls: type) -> Kind:
        if is_placeholder(cls):
            return Anything(f"the name {cls.__name__!r} in the annotation is not known where it is used")
        if issubclass(cls, enum.Enum):
            return _enum(cls)
        if records.is_record(cls):
            return self._record(cls)
        for base, kind in _BASES:
            if issubclass(cls, base):
                return kind
        if (kind := _numpy_kind(cls)) is not None:
            return kind
        if cls is collections.abc.Callable or cls is types.FunctionType:
            return _function(cls)
        if _is_one(cls, _MAPPINGS) or issubclass(cls, dict):
            return DictOf(_FREE, _FREE)
        container = _container(cls)
        return Live(type_path(cls)) if container is None else ListOf(_FREE, container)

    def _record(self, cls: type) -> Kind:
        if any(cls is one for one in self._open):
            return Anything(f"a {cls.__name__} inside a {cls.__name__}; given as JSON")
        scope = Scope(vars(sys.modules.get(cls.__module__, types)), *self._scope.places, owner=class_dict(cls))
        inner = KindReader(scope)
        inner._open = [*self._open, cls]
        return Record(type_path(cls), tuple(inner._field(one) for one in records.record_fields(cls)))

    def _field(self, field: records.RecordField) -> Parameter:
        reading = self.read(_uninitialised(field.annotation))
        if field.metadata:
            reading = _with_metadata(reading, read_metadata(field.metadata))
        default = computed_default() if field.computed else None
        if field.default is not records.MISSING:
            default = read_default(field.default)
            if field.default is None:
                reading = replace(reading, kind=as_nullable(reading.kind))
        return Parameter(
            field.name, reading.kind, "keyword", default, reading.unit, field.help or reading.help, annotation_text(field.annotation),
        )


def as_nullable(kind: Kind) -> Kind:
    """Return `kind` with None admitted."""
    return kind if isinstance(kind, Nullable | Nothing | Anything) else Nullable(kind)


def _uninitialised(annotation: object) -> object:
    return annotation.type if isinstance(annotation, dataclasses.InitVar) else annotation


def _with_metadata(reading: Reading, said: Said) -> Reading:
    words = "; ".join(text for text in (said.help or reading.help, strictness(said)) if text)
    return Reading(bounded(reading.kind, said), said.unit or reading.unit, words)


def _function(_asked: object) -> Kind:
    return Anything("a function; pass it from a cell")


def _is_one(cls: object, others: Sequence[type]) -> bool:
    return any(cls is other for other in others)


def _container(cls: type) -> _ContainerName | None:
    if _is_one(cls, _SEQUENCES):
        return "list"
    if cls is collections.abc.Set or cls is collections.abc.MutableSet:
        return "set"
    names: tuple[tuple[type, _ContainerName], ...] = ((list, "list"), (tuple, "tuple"), (frozenset, "frozenset"), (set, "set"))
    return next((name for base, name in names if issubclass(cls, base)), None)


def _literal(values: tuple[object, ...]) -> Kind:
    if values and all(isinstance(value, enum.Enum) for value in values):
        members = typing.cast("tuple[enum.Enum, ...]", values)
        return EnumChoice(type_path(type(members[0])), tuple(_member(one) for one in members))
    plain = tuple(value.name if isinstance(value, enum.Enum) else value for value in values)
    if all(value is None or type(value) in {bool, int, float, str} for value in plain):
        return LiteralChoice(plain)  # type: ignore[arg-type]
    return Anything("one of " + ", ".join(map(repr, plain)))


def _enum(cls: type[enum.Enum]) -> Kind:
    members = [member for name, member in cls.__members__.items() if member.name == name]
    return EnumChoice(type_path(cls), tuple(_member(one) for one in members))


def _member(member: enum.Enum) -> EnumMember:
    value = member.value
    return EnumMember(member.name, value if isinstance(value, str) else default_text(value))




def _numpy_kind(cls: type) -> Kind | None:
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return None
    found: list[tuple[Callable[[], type] | type, Kind]] = [(getattr(numpy, name), kind) for name, kind in _NUMPY if hasattr(numpy, name)]
    return next((kind for base, kind in found if isinstance(base, type) and issubclass(cls, base)), None)


def _is_array_like(whole: object) -> bool:
    typings = sys.modules.get("numpy.typing")
    return typings is not None and whole is getattr(typings, "ArrayLike", None)

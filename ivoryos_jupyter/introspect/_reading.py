"""Which kind of value does an annotation ask for?"""

from __future__ import annotations

import collections.abc
import dataclasses
import sys
import types
import typing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.introspect import _records as records
from ivoryos_jupyter.introspect._annotations import Scope, Unreadable, is_placeholder, mentions_names, resolve
from ivoryos_jupyter.introspect._defaults import computed_default, read_default
from ivoryos_jupyter.introspect._metadata import Said, bounded, read_metadata, strictness
from ivoryos_jupyter.introspect._names import annotation_text, class_dict, type_path
from ivoryos_jupyter.introspect._plain_kinds import (
    EXACT,
    FREE,
    FUNCTION,
    class_kind,
    container_of,
    is_array_like,
    is_mapping,
    literal_kind,
)
from ivoryos_jupyter.schema import Anything, DictOf, Kind, ListOf, Live, Nothing, Nullable, OneOf, Parameter, Record, Special, TupleOf

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Reading:
    """What an annotation asks for: a kind, and what its metadata says."""

    kind: Kind
    unit: str = ""
    help: str = ""


_EXACT: dict[int, Reading] = {id(annotation): Reading(kind) for annotation, kind in EXACT}
"""By identity, because hashing a class may run its metaclass."""
_KNOWN: dict[int, tuple[object, Reading]] = {}
"""Readings of annotations that mean the same wherever they stand, by identity."""
_MOST_KNOWN = 10_000
_TRANSPARENT = (typing.ClassVar, typing.Final, getattr(typing, "Required", None), getattr(typing, "NotRequired", None))


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

    @staticmethod
    def is_settled(annotation: object) -> bool:
        """Whether `annotation` was read before and means the same in every scope."""
        known = _KNOWN.get(id(annotation))
        return id(annotation) in _EXACT or (known is not None and known[0] is annotation)

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
        if is_array_like(found):  # an alias from numpy 2.5 on, a union before
            return Reading(Special("ndarray"))
        for attribute in ("__supertype__", "__value__", "__bound__"):
            inner = getattr(found, attribute, None)
            if inner is not None:
                return self.read(inner)
        if constraints := getattr(found, "__constraints__", ()):
            return self._union(tuple(constraints), found)
        if found is typing.Callable or found is collections.abc.Callable:
            return Reading(FUNCTION)
        if isinstance(found, typing.TypeVar):
            return Reading(FREE)
        return Reading(Anything(f"the annotation {annotation_text(found)} is not understood"))

    def _union(self, members: Sequence[object], whole: object) -> Reading:
        if is_array_like(whole):
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
            return literal_kind(args)
        if origin is type:
            return Anything("a class; pass it from a cell")
        if not isinstance(origin, type):
            return self.kind(origin)
        return self._filled(origin, args) if args else self._class(origin)

    def _filled(self, origin: type, args: tuple[object, ...]) -> Kind:
        """Return the kind of a class that is subscripted."""
        if origin is tuple:
            return self._tuple(args)
        if is_mapping(origin):
            return DictOf(self.kind(args[0]), self.kind(args[-1])) if len(args) > 1 else DictOf(FREE, FREE)
        container = container_of(origin)
        return self._class(origin) if container is None else ListOf(self.kind(args[0]), container)

    def _tuple(self, args: tuple[object, ...]) -> Kind:
        if len(args) == 2 and args[1] is Ellipsis:  # noqa: PLR2004 - item and ellipsis
            return ListOf(self.kind(args[0]), "tuple")
        return TupleOf(tuple(self.kind(one) for one in args if one != ()))

    def _class(self, cls: type) -> Kind:
        if is_placeholder(cls):
            return Anything(f"the name {cls.__name__!r} in the annotation is not known where it is used")
        if records.is_record(cls):
            return self._record(cls)
        kind = class_kind(cls)
        return Live(type_path(cls)) if kind is None else kind

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
            field.name,
            reading.kind,
            "keyword",
            default,
            reading.unit,
            field.help or reading.help,
            annotation_text(field.annotation),
        )


def as_nullable(kind: Kind) -> Kind:
    """Return `kind` with None admitted."""
    return kind if isinstance(kind, Nullable | Nothing | Anything) else Nullable(kind)


def _uninitialised(annotation: object) -> object:
    return annotation.type if isinstance(annotation, dataclasses.InitVar) else annotation


def _with_metadata(reading: Reading, said: Said) -> Reading:
    words = "; ".join(text for text in (said.help or reading.help, strictness(said)) if text)
    return Reading(bounded(reading.kind, said), said.unit or reading.unit, words)

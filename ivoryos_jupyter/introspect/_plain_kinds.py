"""Which kind has a class by itself, whatever names are in scope?"""

from __future__ import annotations

import collections.abc
import datetime as dt
import decimal
import enum
import numbers
import os
import pathlib
import sys
import types
import typing
from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.introspect._defaults import default_text
from ivoryos_jupyter.introspect._names import type_path
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
    Nothing,
    Number,
    Special,
    Temporal,
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

ContainerName = Literal["list", "tuple", "set", "frozenset"]
FREE = Anything()
FUNCTION = Anything("a function; pass it from a cell")

EXACT: tuple[tuple[object, Kind], ...] = (
    (bool, Boolean()),
    (int, Integer()),
    (float, Number()),
    (str, Text()),
    (None, Nothing()),
    (type(None), Nothing()),
    (typing.Any, FREE),
    (object, FREE),
    (typing.AnyStr, Text()),
    (typing.SupportsFloat, Number()),
    (typing.SupportsInt, Integer()),
    (memoryview, Special("bytes")),
    (list, ListOf(FREE)),
    (tuple, ListOf(FREE, "tuple")),
    (set, ListOf(FREE, "set")),
    (frozenset, ListOf(FREE, "frozenset")),
    (dict, DictOf(FREE, FREE)),
)
"""Annotations that mean one thing only."""
_BASES: tuple[tuple[type, Kind], ...] = (
    (bool, Boolean()),
    (int, Integer()),
    (float, Number()),
    (str, Text()),
    (dt.datetime, Temporal("datetime")),
    (dt.date, Temporal("date")),
    (dt.time, Temporal("time")),
    (dt.timedelta, Temporal("timedelta")),
    (pathlib.PurePath, Special("path")),
    (os.PathLike, Special("path")),
    (bytes, Special("bytes")),
    (bytearray, Special("bytes")),
    (decimal.Decimal, Special("decimal")),
    (complex, Special("complex")),
    (numbers.Integral, Integer()),
    (numbers.Real, Number()),
    (numbers.Complex, Special("complex")),
    (dict, DictOf(FREE, FREE)),
)
"""A subclass is of the first base it has."""
_NUMPY: tuple[tuple[str, Kind], ...] = (
    ("ndarray", Special("ndarray")),
    ("bool_", Boolean()),
    ("integer", Integer()),
    ("floating", Number()),
    ("complexfloating", Special("complex")),
    ("number", Number()),
)
_SEQUENCES: tuple[type, ...] = (
    collections.abc.Sequence,
    collections.abc.MutableSequence,
    collections.abc.Iterable,
    collections.abc.Collection,
    collections.abc.Iterator,
    collections.abc.Reversible,
    collections.abc.Container,
)
_FUNCTIONS: tuple[object, ...] = (collections.abc.Callable, types.FunctionType)
_SETS: tuple[type, ...] = (collections.abc.Set, collections.abc.MutableSet)
_MAPPINGS: tuple[type, ...] = (collections.abc.Mapping, collections.abc.MutableMapping)
_CONTAINERS: tuple[tuple[type, ContainerName], ...] = ((list, "list"), (tuple, "tuple"), (frozenset, "frozenset"), (set, "set"))


def class_kind(cls: type) -> Kind | None:
    """Return the kind of values of the class `cls`; None when it is a record or a class of the driver."""
    if issubclass(cls, enum.Enum):
        return _enum(cls)
    if _is_one(cls, _FUNCTIONS):
        return FUNCTION
    if is_mapping(cls):
        return DictOf(FREE, FREE)
    container = container_of(cls)
    if container is not None:
        return ListOf(FREE, container)
    found = next((kind for base, kind in _BASES if issubclass(cls, base)), None)
    return found if found is not None else _numpy_kind(cls)


def is_mapping(cls: type) -> bool:
    """Whether `cls` stands for mappings in general, or is a dict."""
    return _is_one(cls, _MAPPINGS) or issubclass(cls, dict)


def container_of(cls: type) -> ContainerName | None:
    """Return what a call receives for a parameter of the container class `cls`; None when it is no container."""
    if _is_one(cls, _SEQUENCES):
        return "list"
    if _is_one(cls, _SETS):
        return "set"
    return next((name for base, name in _CONTAINERS if issubclass(cls, base)), None)


def _is_one(cls: object, others: Sequence[object]) -> bool:
    return any(cls is other for other in others)


def literal_kind(values: tuple[object, ...]) -> Kind:
    """Return the kind of ``Literal[values]``."""
    if values and all(isinstance(value, enum.Enum) for value in values):
        members = typing.cast("tuple[enum.Enum, ...]", values)
        return EnumChoice(type_path(type(members[0])), tuple(_member(one) for one in members))
    plain = tuple(value.name if isinstance(value, enum.Enum) else value for value in values)
    if all(value is None or type(value) in {bool, int, float, str} for value in plain):
        return LiteralChoice(plain)  # type: ignore[arg-type]
    return Anything("one of " + ", ".join(map(default_text, plain)))


def _enum(cls: type[enum.Enum]) -> Kind:
    members = [member for name, member in cls.__members__.items() if member.name == name]
    return EnumChoice(type_path(cls), tuple(_member(one) for one in members), issubclass(cls, enum.Flag))


def _member(member: enum.Enum) -> EnumMember:
    value = member.value
    return EnumMember(member.name, value if isinstance(value, str) else default_text(value))


def _numpy_kind(cls: type) -> Kind | None:
    """Return the kind of a class of numpy, which is asked only when it is imported already."""
    numpy = sys.modules.get("numpy")
    bases = [(getattr(numpy, name, None), kind) for name, kind in _NUMPY]
    return next((kind for base, kind in bases if isinstance(base, type) and issubclass(cls, base)), None)


def is_array_like(annotation: object) -> bool:
    """Whether `annotation` is numpy's ``ArrayLike``."""
    typings = sys.modules.get("numpy.typing")
    return typings is not None and annotation is getattr(typings, "ArrayLike", None)

"""Which value was it, exactly?  What `encode` kept, brought back to be worked with again, or said to be lost.

A member of an Enum, a dataclass and a named tuple come back when their class is there already, under the name and with the
fields they were kept with: nothing is imported for them, and none of their code runs.
"""

from __future__ import annotations

import sys
from enum import Enum
from types import ModuleType
from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.schema._decode import decode
from ivoryos_jupyter.schema._kinds import LiveReference

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.schema._kinds import Plain

_PARTS = frozenset({"$more", "$text", "$object"})
_WHOLE = frozenset({"$enum", "$record", "$artefact", "$number"})
_CONTAINERS = frozenset({"$tuple", "$set", "$frozenset", "$map"})


class NotKeptError(ValueError):
    """A value that was not kept in full; the message says what it was."""


def bring_back(plain: Plain, load: Callable[[Mapping[str, object]], object]) -> object:
    """Return the value that was kept as `plain`; `load` opens the file of a large one.

    Raises
    ------
    NotKeptError
        When it was kept in part only, or its class is not there.
    """
    if isinstance(plain, list):
        return [bring_back(item, load) for item in plain]
    if isinstance(plain, dict):
        return _marked(plain, load)
    if isinstance(plain, LiveReference):
        raise NotKeptError(f"the live object {plain.text}")
    return plain


def _marked(plain: dict[str, Plain], load: Callable[[Mapping[str, object]], object]) -> object:
    """Return what a dict stands for: a value with a mark, or itself."""
    for mark in plain.keys() & (_PARTS | {"$live"}):
        raise NotKeptError(_what(mark, plain))
    mark = next(iter(plain.keys() & (_WHOLE | _CONTAINERS | {"$dict"})), "")
    if mark in _CONTAINERS:
        return _CONTAINERS_OF[mark](cast("list[object]", bring_back(plain[mark], load)))
    if mark == "$artefact":
        return load(cast("Mapping[str, object]", plain[mark]))
    if mark == "$number":
        return float(str(plain[mark]))
    if mark in {"$enum", "$record"}:
        return _member(plain) if mark == "$enum" else _record(plain, load)
    if mark != "$dict" and any(key.startswith("$") for key in plain):
        return _simple(plain)
    inner = plain["$dict"] if mark == "$dict" else plain
    return {key: bring_back(item, load) for key, item in cast("dict[str, Plain]", inner).items()}


def _simple(plain: dict[str, Plain]) -> object:
    """Return a date, a number, an array and the like."""
    found = decode(plain)
    if isinstance(found, dict):  # a mark nobody reads here: a quantity without pint, or one of a newer release
        raise NotKeptError(f"a {next(iter(plain)).removeprefix('$')} that cannot be read here")
    return found


_CONTAINERS_OF: dict[str, Callable[[list[object]], object]] = {
    "$tuple": tuple,
    "$set": set,
    "$frozenset": frozenset,
    "$map": lambda pairs: dict(cast("list[tuple[object, object]]", pairs)),
}


def _what(mark: str, plain: Mapping[str, Plain]) -> str:
    if mark == "$object":
        return f"a live {str(plain[mark]).rpartition(':')[2]}"
    if mark == "$live":
        return f"the live object {plain[mark]}"
    return "too long to be kept in full"


def _class_of(name: object) -> type | None:
    """Return the class that was kept as ``module:qualname``, where its module is there already."""
    module, _, path = str(name).partition(":")
    found: object = sys.modules.get(module)
    for part in path.split("."):
        found = found.__dict__.get(part) if isinstance(found, type | ModuleType) else None
    return found if isinstance(found, type) else None


def _member(plain: Mapping[str, Plain]) -> object:
    cls, name = _class_of(plain["$enum"]), plain.get("name")
    if cls is not None and issubclass(cls, Enum):
        members = cls.__members__
        if isinstance(name, str) and name in members:
            return members[name]
    raise NotKeptError(f"a {plain['$enum']}, whose class is not there")


def _record(plain: Mapping[str, Plain], load: Callable[[Mapping[str, object]], object]) -> object:
    cls, kept = _class_of(plain["$record"]), plain.get("fields")
    if cls is None or not isinstance(kept, dict):
        raise NotKeptError(f"a {plain['$record']}, whose class is not there")
    fields = {name: bring_back(item, load) for name, item in kept.items()}
    if issubclass(cls, tuple) and tuple(getattr(cls, "_fields", ())) == tuple(fields):
        return tuple.__new__(cls, fields.values())
    if tuple(vars(cls).get("__dataclass_fields__", ())) != tuple(fields):
        raise NotKeptError(f"a {plain['$record']}, whose class has other fields now")
    made: object = object.__new__(cls)
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    return made

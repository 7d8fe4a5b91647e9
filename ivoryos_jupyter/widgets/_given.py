"""What value stands in a form?  The tree that a view sends becomes values for the one conversion."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.schema import (
    DictOf,
    Kind,
    ListOf,
    LiveReference,
    Nullable,
    OneOf,
    Record,
    TupleOf,
    Typed,
    convert_arguments,
    describe,
    did_you_mean,
    from_value,
    kind_as_given,
    plain_from_json,
    plain_to_json,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.schema import Parameter, Plain
    from ivoryos_jupyter.widgets._shapes import Given

_RELOAD = "the form sent something that fits no field; reload the page"


@dataclass(frozen=True, slots=True)
class FormReading:
    """What a form means."""

    arguments: Mapping[str, Plain]
    """What can be read; what was left untouched is not among them."""
    problems: tuple[Problem, ...] = ()
    """Everything that is wrong with what was put in."""
    missing: tuple[Problem, ...] = field(default=())
    """What the call cannot do without and was left untouched."""


def read_form(parameters: Sequence[Parameter], given: Mapping[str, object]) -> FormReading:
    """Read each field by itself, so that what is right can be shown while something else is wrong."""
    known = {one.name: one for one in parameters}
    plain: dict[str, Plain] = {}
    problems = [Problem(name, f"there is no parameter of this name{did_you_mean(name, known)}") for name in given if name not in known]
    missing: list[Problem] = []
    for name, parameter in known.items():
        if name not in given:
            missing += [Problem(name, f"{describe(parameter.kind)} is needed")] if parameter.required else []
            continue
        try:
            value = value_of(kind_as_given(parameter), given[name], name)
            plain[name] = convert_arguments((parameter,), {name: value}, text=False)[name]
        except ConversionError as error:
            problems += error.problems
    return FormReading(plain, tuple(problems), tuple(missing))


def value_of(kind: Kind | None, given: object, path: str) -> object:
    """Return the value that the field at `path` stands for, typed text marked as such.

    Raises
    ------
    ConversionError
        When a part of a union does not fit the member that was chosen, or a key stands in a mapping twice.
    """
    kind = kind.kind if isinstance(kind, Nullable) else kind
    if not isinstance(given, dict):
        raise _error(path, _RELOAD)
    if "text" in given:
        return Typed(str(given["text"]))
    if "live" in given:
        return LiveReference(str(given["live"]))
    if "member" in given:
        return _of_member(kind, given, path)
    if "items" in given or "entries" in given or "fields" in given:
        return _composite(kind, given, path)
    return plain_from_json(given.get("value"), field=path)


def _of_member(kind: Kind | None, given: Given, path: str) -> Plain:
    at = given["member"]
    if not isinstance(kind, OneOf) or not isinstance(at, int) or not 0 <= at < len(kind.members):
        raise _error(path, _RELOAD)
    member = kind.members[at]
    return from_value(member, value_of(member, given.get("given"), path), field=path)


def _composite(kind: Kind | None, given: Given, path: str) -> object:
    if "items" in given:
        return [value_of(_item(kind, at), one, f"{path}[{at}]") for at, one in enumerate(_list(given["items"], path))]
    if "entries" in given:
        return _mapping(kind, _list(given["entries"], path), path)
    fields = given["fields"]
    known = {one.name: one.kind for one in kind.fields} if isinstance(kind, Record) else {}
    if not isinstance(fields, dict):
        raise _error(path, _RELOAD)
    return {name: value_of(known.get(name), one, f"{path}.{name}") for name, one in fields.items()}


def _item(kind: Kind | None, at: int) -> Kind | None:
    if isinstance(kind, TupleOf):
        return kind.items[at] if at < len(kind.items) else None
    return kind.item if isinstance(kind, ListOf) else None


def _mapping(kind: Kind | None, entries: list[object], path: str) -> dict[object, object]:
    of_key, of_value = (kind.key, kind.value) if isinstance(kind, DictOf) else (None, None)
    found: dict[object, object] = {}
    for at, entry in enumerate(entries):
        pair = _list(entry, path)
        if len(pair) != 2:  # noqa: PLR2004 - a key and a value
            raise _error(path, _RELOAD)
        key = value_of(of_key, pair[0], f"{path}[{at}]")
        if key in found:
            raise _error(path, f"the key {str(key)!r} stands in it twice")
        found[key] = value_of(of_value, pair[1], f"{path}[{str(key)!r}]")
    return found


def _list(given: object, path: str) -> list[object]:
    if not isinstance(given, list):
        raise _error(path, _RELOAD)
    return given


def _error(path: str, message: str) -> ConversionError:
    return ConversionError([Problem(path, message)])


def form_of(parameters: Sequence[Parameter], arguments: Mapping[str, Plain]) -> dict[str, Given]:
    """Return what stands in a form that means exactly `arguments`."""
    kinds = {one.name: kind_as_given(one) for one in parameters}
    return {name: _given_of(kinds.get(name), value) for name, value in arguments.items()}


def _given_of(kind: Kind | None, value: Plain) -> Given:
    kind = kind.kind if isinstance(kind, Nullable) else kind
    if isinstance(value, LiveReference):
        return {"live": value.text}
    if isinstance(value, list) and isinstance(kind, (ListOf, TupleOf)):
        return {"items": [_given_of(_item(kind, at), one) for at, one in enumerate(value)]}
    if isinstance(value, dict) and isinstance(kind, DictOf):
        return {"entries": [[{"value": name}, _given_of(kind.value, one)] for name, one in value.items()]}
    if isinstance(value, dict) and isinstance(kind, Record):
        known = {one.name: one.kind for one in kind.fields}
        return {"fields": {name: _given_of(known.get(name), one) for name, one in value.items()}}
    return {"value": plain_to_json(value)}

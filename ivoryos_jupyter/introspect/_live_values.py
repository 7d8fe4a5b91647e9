"""What live object does a plain value become for an annotation?"""

from __future__ import annotations

import enum
import functools
import operator
import typing
from pathlib import PurePath
from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.introspect._asked import UNKNOWN, argument_of, bare, fits, members_of, named_class, of_origin
from ivoryos_jupyter.introspect._instances import field_annotations, instance_of
from ivoryos_jupyter.introspect._place import in_words
from ivoryos_jupyter.schema import (
    Anything,
    DictOf,
    EnumChoice,
    Kind,
    ListOf,
    Live,
    LiveReference,
    Nullable,
    OneOf,
    Record,
    Special,
    Temporal,
    TupleOf,
    all_or_errors,
    chosen_member,
    describe,
    from_text,
    from_value,
    python_value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ivoryos_jupyter.introspect._place import Place
    from ivoryos_jupyter.schema import Plain

_PLAIN = frozenset({type(None), bool, int, float, str, list, dict, LiveReference})
_SCALARS = frozenset({type(None), bool, int, float, str})
_CONTAINERS: dict[str, type] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


def live_value(kind: Kind, annotation: object, value: object, place: Place) -> object:
    """Return the live object for `value`, plain or live already.

    Raises
    ------
    ConversionError
        With everything that does not fit.
    """
    if type(value) in _SCALARS and _BUILDERS.get(type(kind.kind if isinstance(kind, Nullable) else kind)) is None:
        return value
    annotation = bare(annotation)
    if isinstance(value, LiveReference):
        return _followed(annotation, value, place)
    if type(value) not in _PLAIN and not isinstance(kind, (ListOf, TupleOf, DictOf)):
        return _already_live(kind, annotation, value, place)
    if type(value) not in _PLAIN and fits(value, annotation):
        return value
    builder = _BUILDERS.get(type(kind))
    return value if builder is None else builder(kind, annotation, value, place)


def _followed(annotation: object, reference: LiveReference, place: Place) -> object:
    try:
        found = place.follow(reference.text)
    except Exception as error:
        raise place.error(f"{reference.text} cannot be followed: {in_words(error)}") from error
    if not fits(found, annotation):
        raise place.error(f"{reference.text} is a {type(found).__name__}, and {_asked(annotation)} is needed")
    return found


def _already_live(kind: Kind, annotation: object, value: object, place: Place) -> object:
    if annotation is not UNKNOWN and fits(value, annotation):
        return value
    if isinstance(kind, (Anything, Live)):
        if annotation is UNKNOWN or isinstance(kind, Anything):
            return value
        raise place.error(f"a {type(value).__name__} was given, and {_asked(annotation)} is needed")
    plain: object = from_value(kind, value, field=place.field, live=True)
    if plain is value:
        raise place.error(f"a {type(value).__name__} was given, and {describe(kind)} is needed")
    return live_value(kind, annotation, plain, place)


def _anything(_kind: Anything, _annotation: object, value: object, place: Place) -> object:
    """Follow the references inside; leave everything else as it is."""
    if isinstance(value, list) and any(isinstance(item, (list, dict, LiveReference)) for item in value):
        return [live_value(Anything(), UNKNOWN, item, place.at(at)) for at, item in enumerate(value)]
    if isinstance(value, dict) and any(isinstance(item, (list, dict, LiveReference)) for item in value.values()):
        return {key: live_value(Anything(), UNKNOWN, item, place.at(key)) for key, item in value.items()}
    return value


def _nullable(kind: Nullable, annotation: object, value: object, place: Place) -> object:
    return None if value is None else live_value(kind.kind, annotation, value, place)


def _one_of(kind: OneOf, annotation: object, value: object, place: Place) -> object:
    index, _plain = chosen_member(kind, value, text=False)
    return live_value(kind.members[index], annotation, value, place)


def _enum(kind: EnumChoice, annotation: object, value: object, place: Place) -> object:
    cls = named_class(kind.type_name, annotation)
    if cls is None or not issubclass(cls, enum.Enum):
        return value
    member = cls.__members__.get(str(value))
    if member is None and kind.combines and issubclass(cls, enum.Flag):
        member = _combined(cls, str(value).split("|"))
    if member is None:
        raise place.error(f"{cls.__name__} has no member {value!r} now; choose {describe(kind)}")
    return member


def _combined(cls: type[enum.Flag], names: list[str]) -> enum.Flag | None:
    """Return several members of a Flag at once; None when one of them is gone."""
    if not all(name in cls.__members__ for name in names):
        return None
    return functools.reduce(operator.or_, (cls.__members__[name] for name in names))


def _list(kind: ListOf, annotation: object, value: object, place: Place) -> object:
    asked = argument_of(of_origin(annotation, _CONTAINERS[kind.container]), 0)
    items = _spread(kind, _sequence(kind, value, place), place)
    made = all_or_errors(_part(kind.item, asked, item, place.at(at)) for at, item in enumerate(items))
    try:
        return _CONTAINERS[kind.container](made)
    except TypeError as error:
        raise place.error(f"these values cannot be in a {kind.container}: {error}") from error


def _spread(kind: ListOf, items: Sequence[object], place: Place) -> list[object]:
    """Put the objects of a reference that gives several, such as ``tips["A1:H1"]``, in its place."""
    if not isinstance(kind.item, Live):
        return list(items)
    spread: list[object] = []
    for item in items:
        found = _several(item, place)
        spread += [item] if found is None else found
    return spread


def _several(item: object, place: Place) -> list[object] | None:
    """Return the objects a reference stands for; None when it is no reference, stands for one object, or cannot be followed."""
    if not isinstance(item, LiveReference):
        return None
    try:
        found = place.follow(item.text)
    except Exception:  # noqa: BLE001 - whoever follows it next says what is wrong
        return None
    return list(found) if type(found) in {list, tuple} else None  # type: ignore[call-overload]  # as just seen


def _tuple(kind: TupleOf, annotation: object, value: object, place: Place) -> object:
    asked = of_origin(annotation, tuple)
    items = _sequence(kind, value, place)
    if len(items) != len(kind.items):
        raise place.error(f"expected {len(kind.items)} values, not {len(items)}")
    parts = [_part(one, argument_of(asked, at), item, place.at(at)) for at, (one, item) in enumerate(zip(kind.items, items, strict=True))]
    return tuple(all_or_errors(parts))


def _dict(kind: DictOf, annotation: object, value: object, place: Place) -> object:
    if not isinstance(value, dict):
        value = from_value(kind, value, field=place.field)
    pairs = cast("dict[object, object]", value)
    asked = of_origin(annotation, dict)
    keys = all_or_errors(_key(kind.key, argument_of(asked, 0), key, place.at(key)) for key in pairs)
    values = all_or_errors(_part(kind.value, argument_of(asked, 1), item, place.at(key)) for key, item in pairs.items())
    return dict(zip(keys, values, strict=True))


def _key(kind: Kind, annotation: object, key: object, place: Place) -> Callable[[], object]:
    if isinstance(key, str) and not isinstance(kind, Anything):
        return lambda: live_value(kind, annotation, from_text(kind, key, field=place.field, blank="text"), place)
    return _part(kind, annotation, key, place)


def _temporal(kind: Temporal | Special, annotation: object, value: object, place: Place) -> object:
    made = python_value(kind, cast("Plain", value), field=place.field)
    bases = (PurePath, type(made)) if isinstance(made, PurePath) else (bytearray, memoryview) if isinstance(made, bytes) else (type(made),)
    cls = next((one for one in members_of(annotation) or (annotation,) if isinstance(one, type) and issubclass(one, bases)), None)
    if cls is None or isinstance(made, cls):
        return made
    if isinstance(made, (PurePath, bytes)):
        return cast("Callable[[object], object]", cls)(made)
    return from_iso(str(value)) if callable(from_iso := getattr(cls, "fromisoformat", None)) else made


def _record(kind: Record, annotation: object, value: object, place: Place) -> object:
    cls = named_class(kind.type_name, annotation)
    plain = from_value(kind, value, field=place.field, live=True) if not isinstance(value, dict) else value
    given = cast("dict[str, object]", plain)
    asked = {} if cls is None else field_annotations(cls)
    known = [field for field in kind.fields if field.name in given]
    values = all_or_errors(_part(field.kind, asked.get(field.name, UNKNOWN), given[field.name], place.named(field.name)) for field in known)
    fields = {field.name: made for field, made in zip(known, values, strict=True)}
    return fields if cls is None or typing.is_typeddict(cls) else instance_of(cls, fields, place)


def _part(kind: Kind, annotation: object, value: object, place: Place) -> Callable[[], object]:
    return lambda: live_value(kind, annotation, value, place)


def _sequence(kind: Kind, value: object, place: Place) -> Sequence[object]:
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, (set, frozenset)):
        return list(value)
    return cast("Sequence[object]", from_value(kind, value, field=place.field, live=True))


def _asked(annotation: object) -> str:
    return f"a {getattr(annotation, '__name__', None) or annotation}"


_BUILDERS: dict[type[Kind], Callable[..., object]] = {
    Anything: _anything,
    Nullable: _nullable,
    OneOf: _one_of,
    EnumChoice: _enum,
    ListOf: _list,
    TupleOf: _tuple,
    DictOf: _dict,
    Record: _record,
    Temporal: _temporal,
    Special: _temporal,
}
"""Kinds whose plain value is not what the call receives."""

"""Which class does an annotation ask for, and is an object one of it?"""

from __future__ import annotations

import dataclasses
import enum
import sys
import types
import typing

from ivoryos_jupyter.introspect._annotations import Unreadable, is_placeholder
from ivoryos_jupyter.introspect._names import ancestry, type_path

UNKNOWN = object()
"""Stands for an annotation that is missing or could not be resolved."""

_TRANSPARENT = frozenset(
    getattr(typing, name) for name in ("Annotated", "Final", "ClassVar", "Required", "NotRequired") if hasattr(typing, name)
)


def fits(value: object, annotation: object) -> bool:
    """Whether `value` is an instance of what `annotation` asks for, as far as that can be told without asking the object.

    An object whose class was defined again since, under the same name, fits; an Enum member does not, since its identity counts.
    """
    annotation = bare(annotation)
    members = members_of(annotation)
    if members:
        return any(fits(value, member) for member in members)
    cls = typing.get_origin(annotation) or annotation
    if cls is None or cls is types.NoneType:
        return value is None
    if not isinstance(cls, type) or cls is object or cls is typing.Any or is_placeholder(cls) or getattr(cls, "_is_protocol", False):
        return True
    if typing.is_typeddict(cls):
        return isinstance(value, dict)
    if issubclass(type(value), enum.Enum) or isinstance(value, cls):
        return isinstance(value, cls)
    return type_path(cls) in {type_path(base) for base in ancestry(type(value))}


def bare(annotation: object) -> object:
    """Return what an annotation is about, without what is written around it."""
    for _once in range(20):
        if is_placeholder(annotation) or isinstance(annotation, (Unreadable, str, typing.TypeVar)):
            return UNKNOWN
        if isinstance(annotation, dataclasses.InitVar):
            annotation = annotation.type
        elif typing.get_origin(annotation) in _TRANSPARENT:
            annotation = typing.get_args(annotation)[0]
        elif not isinstance(annotation, type) and (inner := _within(annotation)) is not None:
            annotation = inner
        else:
            break
    return annotation


def _within(annotation: object) -> object:
    """Return what a NewType or a ``type`` alias stands for; None when it is neither."""
    return getattr(annotation, "__supertype__", None) or (
        getattr(annotation, "__value__", None) if type(annotation).__name__ == "TypeAliasType" else None
    )


def members_of(annotation: object) -> tuple[object, ...]:
    """Return the members of a union, unwrapped; nothing for any other annotation."""
    if typing.get_origin(annotation) is typing.Union or isinstance(annotation, types.UnionType):
        unwrapped = [bare(one) for one in typing.get_args(annotation)]
        return tuple(inner for one in unwrapped for inner in (members_of(one) or (one,)))
    return ()


def named_class(type_name: str, annotation: object) -> type | None:
    """Return the class called `type_name`: from the annotation, else among the modules that are loaded."""
    for one in members_of(annotation) or (annotation,):
        if typing.get_origin(one) is typing.Literal:
            one = type(typing.get_args(one)[0])  # noqa: PLW2901 - a Literal of members stands for their class
        cls = typing.get_origin(one) or one
        if isinstance(cls, type) and type_path(cls) == type_name:
            return cls
    module, _colon, qualname = type_name.partition(":")
    found: object = sys.modules.get(module)
    for name in qualname.split("."):
        found = vars(found).get(name) if hasattr(found, "__dict__") else None
    return found if isinstance(found, type) else None


def of_origin(annotation: object, container: type) -> object:
    """Return the annotation of the container itself, picked from a union."""
    members = members_of(annotation)
    for one in members:
        origin = typing.get_origin(one)
        if isinstance(origin, type) and (issubclass(origin, container) or issubclass(container, origin)):
            return one
    return UNKNOWN if members else annotation


def argument_of(annotation: object, at: int) -> object:
    """Return the annotation of the item at `at`."""
    arguments = typing.get_args(annotation)
    if len(arguments) == 2 and arguments[1] is Ellipsis:  # noqa: PLR2004 - item and ellipsis
        return arguments[0]
    return arguments[at] if at < len(arguments) else UNKNOWN

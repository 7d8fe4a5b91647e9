"""Which classes are records, and which fields do they have?  dataclasses, pydantic models, TypedDict, NamedTuple."""

from __future__ import annotations

import dataclasses
import sys
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Missing:
    """Stands for a default that is not there; a class of its own, because None may be a default."""


MISSING = Missing()


@dataclass(frozen=True, slots=True)
class RecordField:
    """One field of a record class, not yet read."""

    name: str
    annotation: object
    default: object = MISSING
    computed: bool = False
    """Whether it may be left out although no default value is known."""
    metadata: tuple[object, ...] = ()
    help: str = ""


def is_record(cls: type) -> bool:
    """Whether `cls` is a class of named fields."""
    return dataclasses.is_dataclass(cls) or is_pydantic(cls) or is_typed_dict(cls) or is_named_tuple(cls)


def is_typed_dict(cls: type) -> bool:
    """Whether `cls` is a TypedDict, of `typing` or of its backport."""
    return typing.is_typeddict(cls) or (issubclass(cls, dict) and hasattr(cls, "__required_keys__"))


def is_pydantic(cls: type) -> bool:
    """Whether `cls` is a pydantic model; pydantic is not imported to find out."""
    pydantic = sys.modules.get("pydantic.main") or sys.modules.get("pydantic")
    base = getattr(pydantic, "BaseModel", None)
    return isinstance(base, type) and issubclass(cls, base)


def is_named_tuple(cls: type) -> bool:
    """Whether `cls` is a NamedTuple or a namedtuple."""
    return issubclass(cls, tuple) and isinstance(cls.__dict__.get("_fields", getattr(cls, "_fields", None)), tuple)


def record_fields(cls: type) -> Iterator[RecordField]:
    """Yield the fields that a call of `cls` takes."""
    if is_pydantic(cls):
        yield from _pydantic_fields(cls)
    elif dataclasses.is_dataclass(cls):
        yield from _dataclass_fields(cls)
    elif is_typed_dict(cls):
        required: frozenset[str] = getattr(cls, "__required_keys__", frozenset())
        for name, annotation in _own_annotations(cls).items():
            yield RecordField(name, annotation, computed=name not in required)
    else:
        defaults: dict[str, object] = getattr(cls, "_field_defaults", {})
        annotations = _own_annotations(cls)
        for name in getattr(cls, "_fields", ()):
            yield RecordField(name, annotations.get(name, typing.Any), defaults.get(name, MISSING))


def _own_annotations(cls: type) -> dict[str, object]:
    found: dict[str, object] = {}
    for base in reversed(cls.__mro__):
        if isinstance(names := getattr(base, "__annotations__", None), dict):
            found.update(names)
    return found


def _dataclass_fields(cls: type) -> Iterator[RecordField]:
    for field in dataclasses.fields(cls):
        if field.init:
            made = field.default_factory is not dataclasses.MISSING
            default = MISSING if field.default is dataclasses.MISSING else field.default
            facts = (dict(field.metadata),) if field.metadata else ()
            yield RecordField(field.name, field.type, default, computed=made, metadata=facts)


def _pydantic_fields(cls: type) -> Iterator[RecordField]:
    fields: dict[str, typing.Any] = getattr(cls, "__pydantic_fields__", None) or getattr(cls, "model_fields", {})
    for name, field in fields.items():
        required = field.is_required()
        made = not required and field.default_factory is not None
        default = MISSING if required or made else field.default
        yield RecordField(name, field.annotation, default, made, tuple(field.metadata), field.description or "")

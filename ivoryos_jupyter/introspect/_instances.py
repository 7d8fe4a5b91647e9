"""How does an instance come about from the live values of its fields?"""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.introspect import _records as records
from ivoryos_jupyter.introspect._annotations import Scope, resolve
from ivoryos_jupyter.introspect._place import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.introspect._place import Place


def instance_of(cls: type, fields: dict[str, object], place: Place) -> object:
    """Return an instance of a record's class; raise `ConversionError` with what the class says against it."""
    if records.is_pydantic(cls):
        return _model(cls, fields, place)
    try:
        return cls(**fields)
    except Exception as error:
        raise place.error(f"{cls.__name__} refuses it: {in_words(error)}") from error


def _model(cls: type, fields: dict[str, object], place: Place) -> object:
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - only a parameter that asks for a model needs it

    described: Mapping[str, object] = getattr(cls, "__pydantic_fields__", {})
    aliases = {name: getattr(described.get(name), "validation_alias", None) for name in fields}
    named = {alias if isinstance(alias := aliases[name], str) else name: value for name, value in fields.items()}
    try:
        return TypeAdapter(cls).validate_python(named, strict=True)
    except ValidationError as error:
        raise ConversionError(
            Problem(".".join([place.field, *map(str, one["loc"])]), str(one["msg"])) for one in error.errors(include_url=False)
        ) from error


def field_annotations(cls: type) -> dict[str, object]:
    """Return what the fields of a record's class are annotated with, by name."""
    scope = Scope(vars(sys.modules.get(cls.__module__, types)), owner=vars(cls))
    return {one.name: resolve(one.annotation, scope) for one in records.record_fields(cls)}

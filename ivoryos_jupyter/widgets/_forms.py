"""Which fields does a form have, and what stands beside each?"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from ivoryos_jupyter.schema import SETTER, EnumMember, Kind, LiteralChoice, Live, Parameter, Property, kind_as_given, plain_to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.schema import Limit, Limits, Method
    from ivoryos_jupyter.widgets._shapes import FieldJson, LimitJson


def recorded_name(member: str, operation: str) -> str:
    """Return the member as limits and records call it."""
    return member + SETTER if operation == "set" else member


def parameters_of(schema: Method | Property, operation: str) -> tuple[Parameter, ...]:
    """Return what an operation on a member takes."""
    if isinstance(schema, Property):
        return (schema.value,) if operation == "set" else ()
    return schema.parameters


def field_json(parameter: Parameter, candidates: Callable[[Live], list[str]], limit: Limit | None = None) -> FieldJson:
    """Return a parameter as a field."""
    return {
        "name": parameter.name,
        "kind": kind_json(kind_as_given(parameter), candidates),
        "passing": parameter.passing,
        "required": parameter.required,
        "default": parameter.default.text if parameter.default is not None else None,
        "unit": parameter.unit,
        "help": parameter.help,
        "annotation": parameter.annotation,
        "limit": limit_json(limit),
    }


def fields_json(
    parameters: tuple[Parameter, ...], candidates: Callable[[Live], list[str]], limits: Limits, target: str, method: str
) -> list[FieldJson]:
    """Return the fields of a form, each with its limit."""
    return [field_json(one, candidates, limits.of(target, method, one.name)) for one in parameters]


def limit_json(limit: Limit | None) -> LimitJson | None:
    """Return a limit for the view."""
    if limit is None:
        return None
    return {"minimum": limit.minimum, "maximum": limit.maximum, "allowed": list(limit.allowed) or None, "unit": limit.unit}


def kind_json(kind: Kind, candidates: Callable[[Live], list[str]]) -> dict[str, object]:
    """Return a kind for the view: its tag, and all that it has."""
    data: dict[str, object] = {"tag": kind.tag}
    for field in dataclasses.fields(kind):
        data[field.name] = _part_json(getattr(kind, field.name), candidates)
    if isinstance(kind, Live):
        data["candidates"] = candidates(kind)
    if isinstance(kind, LiteralChoice):
        data["values"] = [plain_to_json(value) for value in kind.values]
    return data


def _part_json(part: object, candidates: Callable[[Live], list[str]]) -> object:
    if isinstance(part, Kind):
        return kind_json(part, candidates)
    if isinstance(part, Parameter):
        return field_json(part, candidates)
    if isinstance(part, EnumMember):
        return {"name": part.name, "value": part.value}
    if isinstance(part, tuple):
        return [_part_json(item, candidates) for item in part]
    return part

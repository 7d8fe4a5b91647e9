"""What does a panel list of an instrument?  Little: signatures and first lines; forms come on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.widgets._forms import kind_json, limit_json, recorded_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ivoryos_jupyter.schema import Instrument, LeftOut, Limits, Live, Method, Parameter, Property
    from ivoryos_jupyter.widgets._shapes import InstrumentRow, LeftOutJson, MethodRow, PropertyRow, StatusJson

_STARS = {"var_positional": "*", "var_keyword": "**"}


def signature(parameters: Iterable[Parameter]) -> str:
    """Return ``(volume_ml, rate_ml_min=1.0)``."""
    return f"({', '.join(_parameter_text(one) for one in parameters)})"


def _parameter_text(parameter: Parameter) -> str:
    name = _STARS.get(parameter.passing, "") + parameter.name
    return name if parameter.default is None else f"{name}={parameter.default.text}"


def method_row(method: Method) -> MethodRow:
    """Return a method as it is listed."""
    returns = "None" if method.returns.nothing else method.returns.annotation
    return {
        "name": method.name,
        "signature": ("async " if method.coroutine else "") + signature(method.parameters) + (f" → {returns}" if returns else ""),
        "returns": returns,
        "summary": method.summary,
        "folded": method.folded,
        "note": method.note,
        "defined_by": method.defined_by,
    }


def property_row(path: str, one: Property, limits: Limits, candidates: Callable[[Live], list[str]]) -> PropertyRow:
    """Return a property as it is listed."""
    return {
        "name": one.name,
        "unit": one.value.unit,
        "readable": one.readable,
        "settable": one.settable,
        "summary": one.summary,
        "folded": one.folded,
        "note": one.note,
        "kind": kind_json(one.value.kind, candidates),
        "limit": limit_json(limits.of(path, recorded_name(one.name, "set"), "value")),
    }


def left_out_rows(left_out: Iterable[LeftOut]) -> list[LeftOutJson]:
    """Return what is not offered, and why."""
    return [{"name": one.name, "reason": one.reason} for one in left_out]


def instrument_row(one: Instrument, limits: Limits, candidates: Callable[[Live], list[str]], status: StatusJson) -> InstrumentRow:
    """Return an instrument as it is listed."""
    return {
        "path": one.name,
        "type": one.type_name,
        "summary": one.summary,
        "methods": [method_row(method) for method in one.methods],
        "properties": [property_row(one.name, each, limits, candidates) for each in one.properties],
        "children": [{"path": child.path, "type": child.type_name} for child in one.children],
        "left_out": left_out_rows(one.left_out),
        "connection": {
            "connect": one.connection.connect,
            "close": one.connection.close,
            "is_connected": one.connection.is_connected,
        },
        "status": status,
    }

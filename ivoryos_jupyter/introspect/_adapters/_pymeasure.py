"""PyMeasure: controls and measurements are typed by their validators; hidden getter parameters are no fields."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from ivoryos_jupyter.introspect._adapters._library import is_instance
from ivoryos_jupyter.introspect._names import class_dict
from ivoryos_jupyter.introspect._static import instance_dict
from ivoryos_jupyter.schema import Anything, Boolean, Connection, Integer, Kind, LiteralChoice, Number, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.introspect._found import Found, Operation
    from ivoryos_jupyter.introspect._properties import PropertyReading

_BASES = ("pymeasure.instruments.common_base:", "pymeasure.instruments.instrument:", "pymeasure.instruments.channel:")
_KEEP = frozenset({"write", "read", "ask", "values", "reset", "clear", "shutdown", "check_errors", "id"})
_CASTS: tuple[tuple[type, Kind], ...] = ((float, Number()), (int, Integer()), (str, Text()), (bool, Boolean()))
_RANGES = frozenset({"strict_range", "truncated_range", "strict_discrete_range", "modular_range"})
_SETS = frozenset({"strict_discrete_set", "truncated_discrete_set"})


class PyMeasure:
    """Instruments and channels of PyMeasure."""

    name: ClassVar[str] = "pymeasure"
    keeps_signals: ClassVar[bool] = False

    def fits(self, obj: object) -> bool:
        """Whether `obj` is an instrument or a channel."""
        return is_instance(obj, "pymeasure.instruments.common_base", "CommonBase")

    def refine(self, obj: object, found: Found) -> None:
        """Type the properties by what their getters and setters were made with."""
        found.fold(_BASES, keep=_KEEP)
        found.fold_names(frozenset({"control", "measurement", "setting"}))
        found.drop_children((".adapter", ".parent"), "the way to the instrument, no instrument of its own")
        for name, reading in list(found.properties.items()):
            raw = next((class_dict(base)[name] for base in type(obj).__mro__ if name in class_dict(base)), None)
            if isinstance(raw, property):
                found.properties[name] = _typed(name, reading, raw, obj)
        found.connection = Connection(close="shutdown")

    def bind(self, obj: object, member: str, operation: Operation) -> Callable[..., object] | None:
        """Leave everything to the generic way."""
        del obj, member, operation
        return None


def _typed(name: str, reading: PropertyReading, raw: property, obj: object) -> PropertyReading:
    getter, setter = _hidden(raw.fget, name, obj), _hidden(raw.fset, name, obj)
    described = reading.property
    if "get_command" in getter:
        described = replace(described, readable=getter["get_command"] is not None)
    if "set_command" in setter:
        described = replace(described, settable=setter["set_command"] is not None)
    if isinstance(described.value.kind, Anything) and ("get_command" in getter or "set_command" in setter):
        kind = _kind({**getter, **setter})
        described = replace(described, value=replace(described.value, kind=kind))
    return replace(reading, property=described)


def _hidden(function: Callable[..., object] | None, name: str, obj: object) -> dict[str, object]:
    """Return the parameters of a getter or setter that are not for people, and what it closes over."""
    if not inspect.isfunction(function):
        return {}
    cells = inspect.getclosurevars(function).nonlocals
    known = {key: value for key, value in cells.items() if key == "cast"}
    defaults = function.__defaults__ or ()
    names = function.__code__.co_varnames[: function.__code__.co_argcount][-len(defaults) :] if defaults else ()
    known.update(zip(names, defaults, strict=True))
    held = instance_dict(obj)
    for key in list(known):
        known[key] = held.get(f"___{name}_{key}", held.get(f"{name}_{key}", _in_class(obj, name, key, known[key])))
    return known


def _in_class(obj: object, name: str, key: str, otherwise: object) -> object:
    wanted = (f"___{name}_{key}", f"{name}_{key}")
    return next((class_dict(base)[one] for base in type(obj).__mro__ for one in wanted if one in class_dict(base)), otherwise)


def _kind(hidden: Mapping[str, object]) -> Kind:
    """Return the kind of values, from the allowed ones where they are declared."""
    values = hidden.get("values")
    if hidden.get("map_values") and isinstance(values, dict | list | tuple | range) and len(values):
        return _choice(tuple(values))
    validator = getattr(hidden.get("validator"), "__name__", "")
    if validator in _SETS and isinstance(values, dict | list | tuple | range | set | frozenset) and len(values):
        return _choice(tuple(values))
    kind = next((kind for cast, kind in _CASTS if hidden.get("cast") is cast), Anything())
    if validator in _RANGES and isinstance(values, list | tuple | range) and len(values):
        bounds = [one for one in values if isinstance(one, int | float)]
        number = kind if isinstance(kind, Integer) else Number()
        return replace(number, minimum=min(bounds), maximum=max(bounds)) if bounds else kind
    return kind


def _choice(values: tuple[object, ...]) -> Kind:
    if values and all(type(one) is bool for one in values):
        return Boolean()
    if all(one is None or type(one) in {bool, int, float, str} for one in values):
        return LiteralChoice(values)  # type: ignore[arg-type]
    return Anything("one of " + ", ".join(str(one) for one in values))

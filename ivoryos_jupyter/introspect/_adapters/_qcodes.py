"""QCoDeS: Parameters are got and set like properties, with unit and limits; submodules and channels are sub-instruments."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from ivoryos_jupyter.introspect._adapters._library import class_names, is_instance
from ivoryos_jupyter.introspect._docstrings import read_doc
from ivoryos_jupyter.introspect._names import type_path
from ivoryos_jupyter.introspect._properties import VALUE, PropertyReading
from ivoryos_jupyter.introspect._signatures import CallableReading
from ivoryos_jupyter.introspect._static import instance_dict
from ivoryos_jupyter.schema import (
    Anything,
    Boolean,
    Connection,
    DictOf,
    Integer,
    Kind,
    ListOf,
    LiteralChoice,
    Method,
    Number,
    OneOf,
    Parameter,
    Property,
    Special,
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ivoryos_jupyter.introspect._found import Found, Operation

_BASES = ("qcodes.instrument.", "qcodes.metadatable.", "qcodes.utils.", "qcodes.parameters.")
_REGISTRIES = ("parameters", "functions", "submodules", "instrument_modules", "log", "metadata")
_KEEP = frozenset({"ask", "write", "close", "get_idn", "snapshot"})


class QCoDeS:
    """Instruments, channels and single Parameters of QCoDeS."""

    name: ClassVar[str] = "qcodes"
    keeps_signals: ClassVar[bool] = True

    def fits(self, obj: object) -> bool:
        """Whether `obj` is an instrument, a channel or a Parameter."""
        return _is_instrument(obj) or _is_parameter(obj)

    def refine(self, obj: object, found: Found) -> None:
        """Turn Parameters into properties and submodules into sub-instruments."""
        found.fold(_BASES, keep=_KEEP)
        if _is_parameter(obj):
            found.properties[VALUE] = _property(VALUE, obj, itself=True)
            return
        for name in _REGISTRIES:
            _forget(found, name)
        held = instance_dict(obj)
        own: dict[str, PropertyReading] = {}
        for name, parameter in _named(held.get("parameters")):
            _forget(found, name)
            own[name] = _property(name, parameter)
        found.properties = {**own, **{name: one for name, one in found.properties.items() if name not in own}}
        for name, function in _named(held.get("functions")):
            found.methods[name] = _function(name, function)
        for name, module in _named(held.get("submodules")):
            _forget(found, name)
            found.children.update(_channels(name, module))
        found.connection = Connection(close="close")

    def bind(self, obj: object, member: str, operation: Operation) -> Callable[..., object] | None:
        """Return the ``get`` or ``set`` of a Parameter."""
        if operation == "call":
            return None
        parameter = obj if _is_parameter(obj) and member == VALUE else dict(_named(instance_dict(obj).get("parameters"))).get(member)
        bound: Callable[..., object] | None = None if parameter is None else getattr(parameter, operation)
        return bound


def _is_instrument(obj: object) -> bool:
    return is_instance(obj, "qcodes.instrument.instrument_base", "InstrumentBase")


def _is_parameter(obj: object) -> bool:
    return is_instance(obj, "qcodes.parameters.parameter_base", "ParameterBase")


def _named(held: object) -> list[tuple[str, object]]:
    return [(name, value) for name, value in held.items() if isinstance(name, str)] if isinstance(held, dict) else []


def _forget(found: Found, name: str) -> None:
    """Take back what the generic description made of `name`."""
    found.methods.pop(name, None)
    found.left_out.pop(name, None)
    for path in [path for path in found.children if path == f".{name}" or path.startswith((f".{name}[", f".{name}."))]:
        del found.children[path]


def _channels(name: str, module: object) -> dict[str, object]:
    channels = instance_dict(module).get("_channels")
    if isinstance(channels, list | tuple):
        return {f".{name}[{index}]": channel for index, channel in enumerate(channels)}
    return {f".{name}": module}


def _property(name: str, parameter: object, *, itself: bool = False) -> PropertyReading:
    """Describe a Parameter from what it keeps; its ``get`` is not called."""
    held = instance_dict(parameter)
    doc = read_doc(held.get("_docstring"))
    label = held.get("_label") or held.get("label")
    unit = held.get("_unitval") or held.get("unit")
    mapping = held.get("val_mapping")
    kind = _one_of(mapping) if isinstance(mapping, dict) and mapping else _limits(held.get("_vals"))
    summary = doc.summary or (label if isinstance(label, str) else "")
    value = Parameter(VALUE, kind, unit=unit if isinstance(unit, str) else "", help=label if isinstance(label, str) else "")
    readable, settable = bool(held.get("_gettable")), bool(held.get("_settable"))
    described = Property(name, value, readable, settable, summary, doc.text, type_path(type(parameter)), access="signal", itself=itself)
    return PropertyReading(described)


def _function(name: str, function: object) -> CallableReading:
    validators = instance_dict(function).get("_args")
    kinds = [_kind(one) for one in validators] if isinstance(validators, list | tuple) else []
    parameters = tuple(Parameter(f"argument_{index}", kind, "positional") for index, kind in enumerate(kinds, 1))
    return CallableReading(Method(name, parameters, doc="", defined_by=type_path(type(function))), {})


def _limits(validators: object) -> Kind:
    given = [one for one in validators if one is not None] if isinstance(validators, list) else []
    return _kind(given[-1]) if given else Anything()


def _kind(validator: object) -> Kind:
    """Return the kind of values that a validator lets pass."""
    held = instance_dict(validator)
    names = class_names(validator)
    makers: dict[str, Callable[[], Kind]] = {
        "Bool": Boolean,
        "Strings": Text,
        "PermissiveMultiples": Number,
        "Multiples": Integer,
        "Ints": lambda: Integer(_bound(held.get("_min_value"), _HUGE), _bound(held.get("_max_value"), _HUGE)),
        "Numbers": lambda: Number(_bound(held.get("_min_value")), _bound(held.get("_max_value"))),
        "Enum": lambda: _one_of(held.get("_valid_values")),
        "OnOff": lambda: LiteralChoice(("on", "off")),
        "ComplexNumbers": lambda: Special("complex"),
        "Arrays": lambda: Special("ndarray"),
        "Lists": lambda: ListOf(_kind(held.get("_elt_validator"))),
        "Sequence": lambda: ListOf(_kind(held.get("_elt_validator"))),
        "Dict": lambda: DictOf(Anything(), Anything()),
        "MultiType": lambda: _union(held.get("_validators")),
    }
    maker = next((makers[name] for name in names if name in makers), None)
    return maker() if maker is not None else Anything()


_HUGE = 2**53
"""QCoDeS writes "no limit" of whole numbers as a very large one."""


def _bound(value: object, huge: float = math.inf) -> float | None:
    number = float(value) if isinstance(value, int | float) else None
    return None if number is None or not math.isfinite(number) or abs(number) >= huge else number


def _one_of(values: object) -> Kind:
    if not isinstance(values, tuple | list | dict):
        return Anything()
    plain = tuple(one for one in values if one is None or type(one) in {bool, int, float, str})
    return LiteralChoice(plain) if len(plain) == len(values) and plain else Anything()


def _union(validators: Iterable[object] | object) -> Kind:
    kinds = tuple(_kind(one) for one in validators) if isinstance(validators, tuple) else ()
    return OneOf(kinds) if len(kinds) > 1 else (kinds[0] if kinds else Anything())

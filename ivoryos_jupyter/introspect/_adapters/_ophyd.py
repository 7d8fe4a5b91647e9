"""ophyd: signals are got and set like properties, devices are sub-instruments, and what moves is waited for."""

from __future__ import annotations

import functools
import typing
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Protocol

from ivoryos_jupyter.introspect._adapters._library import class_names, is_instance
from ivoryos_jupyter.introspect._adapters._waiting import TIMEOUT_S, WAITED, add_waits, call_and_wait, wait_for
from ivoryos_jupyter.introspect._names import class_dict, type_path
from ivoryos_jupyter.introspect._properties import VALUE, PropertyReading
from ivoryos_jupyter.introspect._static import instance_dict
from ivoryos_jupyter.schema import Anything, Boolean, Connection, Kind, ListOf, Number, Parameter, Property, Special, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.introspect._found import Found, Operation

_BASES = ("ophyd.ophydobj:", "ophyd.device:", "ophyd.positioner:", "ophyd.signal:", "ophyd.flyers:", "ophyd.sim:SynPeriodicSignal")
_KEEP = WAITED | {
    "get", "put", "read", "describe", "read_configuration", "stop", "stage", "unstage", "wait_for_connection", "position", "connected",
}  # fmt: skip
_KINDS: tuple[tuple[type, Kind], ...] = ((bool, Boolean()), (int, Number()), (float, Number()), (str, Text()), (list, ListOf(Anything())))


class _Signal(Protocol):
    """What is called of a signal."""

    def get(self) -> object: ...
    def set(self, value: object) -> object: ...


class Ophyd:
    """Devices and signals of ophyd."""

    name: ClassVar[str] = "ophyd"
    keeps_signals: ClassVar[bool] = True

    def fits(self, obj: object) -> bool:
        """Whether `obj` is a device or a signal."""
        return is_instance(obj, "ophyd.ophydobj", "OphydObject")

    def refine(self, obj: object, found: Found) -> None:
        """Turn signals into properties, devices into sub-instruments, and let movements be waited for."""
        found.fold(_BASES, keep=_KEEP)
        found.drop_children((".log", ".control_layer_log", ".cl", ".parent"), "machinery of ophyd")
        add_waits(found)
        if is_instance(obj, "ophyd.signal", "Signal"):
            found.properties[VALUE] = _signal(VALUE, obj, type(obj), "", itself=True)
            return
        held = instance_dict(obj).get("_signals")
        made = held if isinstance(held, dict) else {}
        for name, component in _components(obj):
            if name in made and not is_instance(made[name], "ophyd.signal", "Signal"):
                found.properties.pop(name, None)
                found.children[f".{name}"] = made[name]
            else:
                found.properties[name] = _component(name, component, made.get(name), obj)
        found.connection = Connection(connect="wait_for_connection", is_connected="connected")

    def bind(self, obj: object, member: str, operation: Operation) -> Callable[..., object] | None:
        """Return what gets or sets a signal, or moves and waits."""
        if operation == "call":
            return functools.partial(call_and_wait, obj, member) if member in WAITED else None
        names = {name for name, _ in _components(obj)}
        if member not in names and not (member == VALUE and is_instance(obj, "ophyd.signal", "Signal")):
            return None
        return functools.partial(_get if operation == "get" else _set, obj, member)


def _components(obj: object) -> list[tuple[str, object]]:
    """Return the components that the class of `obj` declares, private ones left out."""
    found: dict[str, object] = {}
    for base in reversed(type(obj).__mro__):
        for name, raw in class_dict(base).items():
            if is_instance(raw, "ophyd.device", "Component"):
                found[name] = raw
            else:
                found.pop(name, None)
    return [(name, raw) for name, raw in found.items() if not name.startswith("_")]


def _component(name: str, component: object, made: object, obj: object) -> PropertyReading:
    cls = instance_dict(component).get("cls")
    doc = instance_dict(component).get("doc")
    text = doc if isinstance(doc, str) and not doc.startswith(("Component attribute", "FormattedComponent", "DynamicDevice")) else ""
    unit = instance_dict(obj).get("egu")
    movable = unit if isinstance(unit, str) and name in {"readback", "setpoint", "user_readback", "user_setpoint"} else ""
    reading = _signal(name, made, cls if isinstance(cls, type) else object, movable)
    return replace(reading, property=replace(reading.property, summary=text.partition("\n")[0], doc=text))


def _signal(name: str, made: object, cls: type, unit: str, *, itself: bool = False) -> PropertyReading:
    """Describe a signal by what it has kept of its last connection; it is not read."""
    held = instance_dict(made) if made is not None else {}
    metadata = held.get("_metadata")
    known = metadata if isinstance(metadata, dict) else {}
    words = class_names(made) if made is not None else tuple(base.__name__ for base in cls.__mro__)
    read_only = any(word.endswith("RO") for word in words) or known.get("write_access") is False
    stated = known.get("units")
    kind = next((kind for base, kind in _KINDS if type(held.get("_readback")) is base), _array(held.get("_readback")))
    value = Parameter(VALUE, _bounded(kind, known), unit=stated if isinstance(stated, str) else unit)
    return PropertyReading(Property(name, value, settable=not read_only, defined_by=type_path(cls), access="status", itself=itself))


def _array(value: object) -> Kind:
    return Special("ndarray") if any(base.__name__ == "ndarray" for base in type(value).__mro__) else Anything()


def _bounded(kind: Kind, known: dict[object, object]) -> Kind:
    low, high = known.get("lower_ctrl_limit"), known.get("upper_ctrl_limit")
    if isinstance(kind, Number) and isinstance(low, int | float) and isinstance(high, int | float) and low < high:
        return Number(low, high)
    return kind


def _get(obj: object, name: str) -> object:
    return _signal_of(obj, name).get()


def _set(obj: object, name: str, value: object) -> object:
    return wait_for(name, _signal_of(obj, name).set(value), TIMEOUT_S)


def _signal_of(obj: object, name: str) -> _Signal:
    found: _Signal = typing.cast("_Signal", obj) if name == VALUE else getattr(obj, name)
    return found

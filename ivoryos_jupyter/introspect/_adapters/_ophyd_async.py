"""ophyd-async: signals are awaited properties, devices are sub-instruments, and every status is awaited."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from ivoryos_jupyter.introspect._adapters._library import is_instance
from ivoryos_jupyter.introspect._annotations import Scope
from ivoryos_jupyter.introspect._names import type_path
from ivoryos_jupyter.introspect._properties import VALUE, PropertyReading
from ivoryos_jupyter.introspect._reading import KindReader
from ivoryos_jupyter.introspect._signatures import CallableReading, innermost
from ivoryos_jupyter.introspect._static import instance_dict
from ivoryos_jupyter.schema import Anything, Connection, Method, Nothing, Number, Parameter, Property, Returns

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.introspect._found import Found, Operation

_BASES = ("ophyd_async.core.",)
_KEEP = frozenset({
    "set", "stop", "read", "trigger", "locate", "prepare", "kickoff", "complete", "stage", "unstage", "connect", "read_configuration",
    "describe",
    "get_value", "check_value",
})  # fmt: skip
_CORE = "ophyd_async.core._signal"


class OphydAsync:
    """Devices and signals of ophyd-async."""

    name: ClassVar[str] = "ophyd-async"
    keeps_signals: ClassVar[bool] = True

    def fits(self, obj: object) -> bool:
        """Whether `obj` is a device or a signal."""
        return is_instance(obj, "ophyd_async.core._device", "Device")

    def refine(self, obj: object, found: Found) -> None:
        """Turn signals into properties, and mark what must be awaited."""
        found.fold(_BASES, keep=_KEEP)
        found.drop_children((".parent", ".log"), "machinery of ophyd-async")
        for name, reading in list(found.methods.items()):
            if _is_awaited(obj, name):
                found.methods[name] = replace(reading, method=replace(reading.method, coroutine=True))
        if _is_signal(obj):
            if _is_value(obj):
                found.properties[VALUE] = _property(VALUE, obj, itself=True)
            return
        for path, child in list(found.children.items()):
            if _is_signal(child) and path[1:].isidentifier():
                _offer_signal(found, path[1:], child)
        _type_movement(obj, found)
        found.connection = Connection(connect="connect")

    def bind(self, obj: object, member: str, operation: Operation) -> Callable[..., object] | None:
        """Return what gets, sets or triggers a signal."""
        signal = obj if member == VALUE and _is_signal(obj) else instance_dict(obj).get(member)
        if not _is_signal(signal):
            return None
        verbs: dict[Operation, str] = {"call": "trigger", "get": "get_value", "set": "set"}
        bound: Callable[..., object] = getattr(signal, verbs[operation])
        return bound


def _is_signal(obj: object) -> bool:
    return is_instance(obj, _CORE, "Signal")


def _is_value(obj: object) -> bool:
    return is_instance(obj, _CORE, "SignalR") or is_instance(obj, _CORE, "SignalW")


def _is_awaited(obj: object, name: str) -> bool:
    """Whether a call gives a status: a coroutine or an asynchronous generator, wrapped."""
    inner = innermost(inspect.getattr_static(type(obj), name, None))
    return inspect.iscoroutinefunction(inner) or inspect.isasyncgenfunction(inner)


def _offer_signal(found: Found, name: str, signal: object) -> None:
    del found.children[f".{name}"]
    if _is_value(signal):
        found.properties[name] = _property(name, signal)
    else:
        method = Method(name, returns=Returns(Nothing(), nothing=True), coroutine=True, defined_by=type_path(type(signal)))
        found.methods[name] = CallableReading(method, {})


def _property(name: str, signal: object, *, itself: bool = False) -> PropertyReading:
    """Describe a signal by the datatype and metadata of its backend; it is not read."""
    backend = instance_dict(instance_dict(signal).get("_connector")).get("backend")
    held = instance_dict(backend)
    datatype = held.get("datatype")
    kind = Anything() if datatype is None else KindReader(Scope()).kind(datatype)
    metadata = held.get("metadata", held.get("_metadata"))
    known = metadata if isinstance(metadata, dict) else instance_dict(metadata)
    unit = known.get("units")
    readable, settable = is_instance(signal, _CORE, "SignalR"), is_instance(signal, _CORE, "SignalW")
    value = Parameter(VALUE, kind, unit=unit if isinstance(unit, str) else "")
    described = Property(name, value, readable, settable, defined_by=type_path(type(signal)), access="awaited", itself=itself)
    return PropertyReading(described, {} if datatype is None else {VALUE: datatype}, coroutine=True)


def _type_movement(obj: object, found: Found) -> None:
    """Give the value of ``set`` the kind of the signal that it moves."""
    logic = instance_dict(obj).get("movable_logic")
    setpoint = instance_dict(logic).get("setpoint")
    if "set" not in found.methods or not _is_signal(setpoint):
        return
    reading = found.methods["set"]
    value = _property(VALUE, setpoint)
    parameters = list(reading.method.parameters)
    if parameters:
        first = parameters[0]
        parameters[0] = replace(first, kind=value.property.value.kind, unit=value.property.value.unit)
        types = {**reading.types, **({first.name: value.types[VALUE]} if VALUE in value.types else {})}
        found.methods["set"] = CallableReading(replace(reading.method, parameters=tuple(_untimed(parameters))), types)


def _untimed(parameters: list[Parameter]) -> list[Parameter]:
    """Let a time-out be typed as a number, where its annotation says more than a person needs."""
    return [replace(one, kind=Number(minimum=0), unit="s") if one.name == "timeout" and one.default else one for one in parameters]

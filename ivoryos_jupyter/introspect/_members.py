"""How is one member of an instrument called, read or set?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.introspect._deck import Member, unknown
from ivoryos_jupyter.introspect._properties import VALUE
from ivoryos_jupyter.introspect._signatures import read_callable
from ivoryos_jupyter.schema import Method, Property, Returns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.introspect._found import Operation
    from ivoryos_jupyter.introspect._record import Record

_Key = tuple[str, str, "Operation"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything about a member but the live function, which is fetched afresh for each call."""

    owner: object
    template: Member
    fetch: Callable[[], Callable[..., object]]

    def member(self) -> Member:
        """Return the member with the function as it is now."""
        found = self.template
        return Member(
            found.path,
            found.name,
            found.operation,
            found.schema,
            found.method,
            self.fetch(),
            found.is_coroutine,
            found.owner,
            found.types,
        )


def plan_member(record: Record, owner: object, key: _Key) -> Plan:
    """Plan the operation `key` on `owner`, described in `record`.

    Raises
    ------
    UnknownNameError
        If there is no such member, or it does not do this.
    """
    path, name, operation = key
    found, adapter = record.description.found, record.description.adapter
    if operation == "call":
        if name in found.properties and name not in found.methods:
            raise _is_property(path, found.properties[name].property)
        if name not in found.methods:
            raise _no_member(path, name, "method", found.methods, found.left_out)
        reading = found.methods[name]
        schema: Method | Property = reading.method
        method, types = reading.method, reading.types
    else:
        if name in found.methods and name not in found.properties:
            raise UnknownNameError(f"{path}.{name} is a method, no property: it is called, not read or set")
        if name not in found.properties:
            raise _no_member(path, name, "property", found.properties, found.left_out)
        one = found.properties[name]
        schema, types = one.property, one.types
        method = replace(_as_method(path, one.property, operation), coroutine=one.coroutine)
    bound = adapter.bind(owner, name, operation) if adapter is not None else None
    fetch = (lambda: bound) if bound is not None else partial(_GENERIC[operation], owner, name)
    template = Member(path, name, operation, schema, method, _never, method.coroutine, owner, types)
    return Plan(owner, template, fetch)


def plan_block(name: str, function: Callable[..., object], key: _Key) -> Plan:
    """Plan the call of a building block."""
    path, _, operation = key
    if operation != "call":
        raise UnknownNameError(f"{name!r} is a building block: it can be called, not read or set")
    reading = read_callable(name, function, bound=False)
    template = Member(path, name, operation, reading.method, reading.method, function, reading.method.coroutine, None, reading.types)
    return Plan(None, template, lambda: function)


def _no_member(path: str, name: str, what: str, known: Mapping[str, object], left_out: Mapping[str, str]) -> UnknownNameError:
    if name in left_out:
        return UnknownNameError(f"{path}.{name} is not offered: {left_out[name]}")
    return unknown(f"{what} of {path}", name, known)


def _is_property(path: str, one: Property) -> UnknownNameError:
    """Return the error for a property that is called, with the ways to read and set it."""
    label = f"{path}.{one.name}"
    ways = [f'ivoryos.get_property("{label}") reads it'] if one.readable else []
    ways += [f'ivoryos.set_property("{label}", …) sets it'] if one.settable else []
    return UnknownNameError(f"{label} is a property, no method: {', '.join(ways)}")


def _as_method(path: str, described: Property, operation: Operation) -> Method:
    """Return what reading or setting the property takes and gives."""
    value = described.value
    if operation == "get":
        if not described.readable:
            raise UnknownNameError(f"{path}.{described.name} can be set, but not read")
        returns = Returns(value.kind, unit=value.unit, annotation=value.annotation)
        return Method(described.name, (), returns, described.summary, described.doc)
    if not described.settable:
        raise UnknownNameError(f"{path}.{described.name} can be read, but not set")
    return Method(described.name, (replace(value, name=VALUE),), Returns(nothing=True), described.summary, described.doc)


def _never() -> None:
    """Stand where a plan has no live function yet."""


def _call(owner: object, name: str) -> Callable[..., object]:
    found: Callable[..., object] = getattr(owner, name)
    return found


def _get(owner: object, name: str) -> Callable[..., object]:
    return partial(getattr, owner, name)


def _set(owner: object, name: str) -> Callable[..., object]:
    def put(value: object) -> None:
        setattr(owner, name, value)

    return put


_GENERIC: dict[Operation, Callable[[object, str], Callable[..., object]]] = {"call": _call, "get": _get, "set": _set}

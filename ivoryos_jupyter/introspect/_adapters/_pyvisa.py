"""PyVISA: attributes are typed by their descriptors; of the methods those that talk come first."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from ivoryos_jupyter.introspect._adapters._library import is_instance
from ivoryos_jupyter.introspect._annotations import Scope
from ivoryos_jupyter.introspect._docstrings import read_doc
from ivoryos_jupyter.introspect._names import class_dict
from ivoryos_jupyter.introspect._properties import VALUE
from ivoryos_jupyter.introspect._reading import KindReader
from ivoryos_jupyter.schema import Anything, Boolean, Connection, Integer, Kind, LiteralChoice, Nullable, Number, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.introspect._found import Found, Operation
    from ivoryos_jupyter.introspect._properties import PropertyReading

_BASES = ("pyvisa.resources.resource:", "pyvisa.resources.messagebased:", "pyvisa.resources.registerbased:", "pyvisa.resources.helpers:")
_KEEP = frozenset({
    "query", "write", "read", "query_ascii_values", "query_binary_values", "write_ascii_values", "write_binary_values", "read_bytes",
    "write_raw",
    "read_raw", "read_stb", "assert_trigger", "clear", "close", "open", "timeout", "read_termination", "write_termination", "encoding",
    "stb",
})  # fmt: skip


class PyVISA:
    """Resources of PyVISA."""

    name: ClassVar[str] = "pyvisa"
    keeps_signals: ClassVar[bool] = False

    def fits(self, obj: object) -> bool:
        """Whether `obj` is a VISA resource."""
        return is_instance(obj, "pyvisa.resources.resource", "Resource")

    def refine(self, obj: object, found: Found) -> None:
        """Type the attributes."""
        found.fold(_BASES, keep=_KEEP)
        found.drop_children((".visalib", ".resource_manager"), "the VISA library itself")
        for name, reading in list(found.properties.items()):
            raw = next((class_dict(base)[name] for base in type(obj).__mro__ if name in class_dict(base)), None)
            if is_instance(raw, "pyvisa.attributes", "Attribute"):
                found.properties[name] = _typed(reading, raw)
        if "timeout" in found.properties:
            reading = found.properties["timeout"]
            value = replace(reading.property.value, kind=Nullable(Number(minimum=0)), unit="ms", help="None waits for ever")
            found.properties["timeout"] = replace(reading, property=replace(reading.property, value=value), types={})
        found.connection = Connection(connect="open", close="close")

    def bind(self, obj: object, member: str, operation: Operation) -> Callable[..., object] | None:
        """Leave everything to the generic way."""
        del obj, member, operation
        return None


def _typed(reading: PropertyReading, raw: object) -> PropertyReading:
    """Describe one attribute from the constants of its descriptor's class."""
    kind, live = _kind(raw)
    doc = read_doc(inspect.getattr_static(type(raw), "__doc__", None))
    described = replace(
        reading.property,
        value=replace(reading.property.value, kind=kind),
        readable=_constant(raw, "read") is True,
        settable=_constant(raw, "write") is True,
        summary=doc.summary,
        doc=doc.text,
        note="",
    )
    return replace(reading, property=described, types={VALUE: live} if live is not None else {})


def _constant(raw: object, name: str) -> object:
    return inspect.getattr_static(raw, name, None)


def _kind(raw: object) -> tuple[Kind, object]:
    """Return the kind of an attribute's values and their live class where it matters."""
    members = _constant(raw, "enum_type")
    if members is None:
        members = _constant(raw, "flag_type")
    if isinstance(members, type):
        return KindReader(Scope()).kind(members), members
    if is_instance(raw, "pyvisa.attributes", "BooleanAttribute"):
        return Boolean(), None
    if is_instance(raw, "pyvisa.attributes", "CharAttribute"):
        return Text(), None
    values = _constant(raw, "values")
    if is_instance(raw, "pyvisa.attributes", "ValuesAttribute") and isinstance(values, list | tuple) and values:
        return LiteralChoice(tuple(values)), None
    if is_instance(raw, "pyvisa.attributes", "IntAttribute"):
        return _whole(raw), None
    return (Text(), None) if _constant(raw, "visa_type") in {"ViString", "ViRsrc"} else (Anything(), None)


def _whole(raw: object) -> Kind:
    low, high = _constant(raw, "min_value"), _constant(raw, "max_value")
    return Integer(low if isinstance(low, int) else None, high if isinstance(high, int) else None)

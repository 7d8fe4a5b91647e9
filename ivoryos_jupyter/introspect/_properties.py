"""What kind of value does a property or another descriptor have?  Judged from its functions, never by reading it."""

from __future__ import annotations

import functools
import inspect
import types
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeGuard

from ivoryos_jupyter.introspect._docstrings import read_doc
from ivoryos_jupyter.introspect._names import is_a
from ivoryos_jupyter.introspect._property_docs import kind_in_words, read_fields
from ivoryos_jupyter.introspect._signatures import CallableReading, read_callable
from ivoryos_jupyter.introspect._units import unit_in_name, unit_in_text
from ivoryos_jupyter.schema import Anything, Integer, Nullable, Number, Parameter, Property

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VALUE = "value"
"""The name of the one parameter of a property."""


@dataclass(frozen=True, slots=True)
class PropertyReading:
    """A property, described, with the live annotation of its value where there is one."""

    property: Property
    types: Mapping[str, object] = field(default_factory=dict)
    coroutine: bool = False
    """Whether reading and setting it gives something to await."""


def read_property(name: str, raw: property, owner: type) -> PropertyReading:
    """Describe the property `raw` of the class `owner`."""
    doc = read_doc(raw.__doc__)
    value, live = _value(raw.fget, raw.fset, owner)
    if isinstance(value.kind, Anything) and not value.annotation and ":" in doc.text:
        value = _documented(value, doc.text, owner)
    if not value.unit and isinstance(value.kind, Number | Integer | Nullable | Anything):
        unit = unit_in_text(doc.summary) or (unit_in_name(name) if not isinstance(value.kind, Anything) else "")
        value = replace(value, unit=unit)
    described = Property(name, value, raw.fget is not None, raw.fset is not None, doc.summary, doc.text)
    return PropertyReading(described, live)


def _documented(value: Parameter, text: str, owner: type) -> Parameter:
    """Return the value with the kind and the unit that the fields of the docstring name."""
    said = read_fields(text)
    kind = kind_in_words(said.type_text, owner)
    return replace(value, kind=value.kind if kind is None else kind, unit=value.unit or said.unit)


def _value(
    getter: Callable[..., object] | None,
    setter: Callable[..., object] | None,
    owner: type,
) -> tuple[Parameter, Mapping[str, object]]:
    """Return the value's description: the setter's annotation first, then what the getter returns."""
    if setter is not None:
        reading = read_callable(VALUE, setter, bound=True, owner=owner)
        given = next((one for one in reading.method.parameters if one.passing in {"positional", "either"}), None)
        if given is not None and given.annotation:
            live = {VALUE: reading.types[given.name]} if given.name in reading.types else {}
            return Parameter(VALUE, given.kind, unit=given.unit, help=given.help, annotation=given.annotation), live
    if getter is None:
        return Parameter(VALUE, Anything()), {}
    return returned_value(getter, owner)


def returned_value(getter: Callable[..., object], owner: type) -> tuple[Parameter, Mapping[str, object]]:
    """Return what `getter` gives back as the description of a value."""
    reading: CallableReading = read_callable(VALUE, getter, bound=True, owner=owner)
    back = reading.method.returns
    live = {VALUE: reading.types["return"]} if "return" in reading.types else {}
    return Parameter(VALUE, back.kind, unit=back.unit, annotation=back.annotation), live


def read_descriptor(name: str, raw: object, owner: type) -> PropertyReading:
    """Describe a descriptor that is neither a function nor a property."""
    settable = hasattr(type(raw), "__set__")
    if is_cached(raw):
        doc = read_doc(raw.__doc__)
        value, live = returned_value(raw.func, owner)
        note = "read once, then kept by the object"
        return PropertyReading(Property(name, value, summary=doc.summary, doc=doc.text, note=note), live)
    word = type(raw).__name__
    if is_a(raw, types.GetSetDescriptorType, types.MemberDescriptorType):
        doc, note = read_doc(raw.__doc__), "defined in C; whether it can be set is known only by trying"
    else:
        found = inspect.getattr_static(raw, "__doc__", None)
        doc = read_doc(None if found is inspect.getattr_static(type(raw), "__doc__", None) else found)
        note = f"a {word}"
    kind = Anything(f"the driver keeps it behind a {word}, which does not say what it takes")
    unit = unit_in_text(doc.summary)
    value = Parameter(VALUE, kind, unit=unit)
    return PropertyReading(Property(name, value, settable=settable, summary=doc.summary, doc=doc.text, note=note))


def is_cached(raw: object) -> TypeGuard[functools.cached_property[object]]:
    """Whether `raw` is a cached property, judged by its class alone."""
    return issubclass(type(raw), functools.cached_property)

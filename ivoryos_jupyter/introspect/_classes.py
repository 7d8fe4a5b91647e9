"""What does a class offer?  Read once per class, each member guarded alone, and again when the class changes."""

from __future__ import annotations

import functools
import inspect
import types
import typing
import weakref
from dataclasses import dataclass, field, replace
from operator import is_
from typing import TYPE_CHECKING, TypeGuard

from ivoryos_jupyter.introspect._docstrings import read_doc
from ivoryos_jupyter.introspect._frameworks import is_framework
from ivoryos_jupyter.introspect._names import ancestry, class_dict, is_a, type_path
from ivoryos_jupyter.introspect._properties import PropertyReading, read_descriptor, read_property
from ivoryos_jupyter.introspect._signatures import CallableReading, read_callable, what_is_called

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.schema import Method, Parameter

PRIVATE = "private: its name begins with an underscore"
MAKES_ANOTHER = "it makes another object; call it on the class, in a cell"
_MAKERS = ("open_", "from_")


@dataclass(slots=True)
class Offer:
    """What one class, or a class with its bases, offers."""

    methods: dict[str, CallableReading] = field(default_factory=dict)
    properties: dict[str, PropertyReading] = field(default_factory=dict)
    attributes: dict[str, object] = field(default_factory=dict)
    """Class attributes that are objects, called or not; they may hold sub-instruments."""
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """Every name that is accounted for."""
        return {*self.methods, *self.properties, *self.attributes, *self.left_out}


class _Entry:
    """A cached reading, good as long as the class holds the very same members."""

    __slots__ = ("alive", "names", "offer", "values")

    def __init__(self, cls: type, members: Mapping[str, object], offer: Offer) -> None:
        self.alive = weakref.ref(cls)
        self.names = tuple(members)
        self.values = tuple(members.values())
        self.offer = offer

    def fits(self, cls: type) -> bool:
        members = class_dict(cls)
        return (
            self.alive() is cls
            and len(members) == len(self.values)
            and all(map(is_, members.values(), self.values))
            and self.names == tuple(members)
        )


_OWN: dict[int, _Entry] = {}
_WHOLE: dict[int, tuple[weakref.ref[type], tuple[Offer, ...], Offer]] = {}


def offer_of(cls: type) -> Offer:
    """Return all that instances of `cls` offer, inherited members included; the leaf wins."""
    parts = tuple(_own(base) for base in ancestry(cls) if base is not object)
    cached = _WHOLE.get(id(cls))
    if cached is not None and cached[0]() is cls and len(cached[1]) == len(parts) and all(map(is_, cached[1], parts)):
        return cached[2]
    whole = Offer()
    taken: set[str] = set()
    for part in parts:
        _merge(whole, part, taken)
        taken |= part.names
    _WHOLE[id(cls)] = (weakref.ref(cls), parts, whole)
    return whole


def _merge(whole: Offer, part: Offer, taken: set[str]) -> None:
    for name, method in part.methods.items():
        if name not in taken:
            whole.methods[name] = method
        elif name in whole.methods and not whole.methods[name].method.doc and method.method.doc:
            whole.methods[name] = replace(whole.methods[name], method=_with_doc(whole.methods[name].method, method.method))
    whole.properties.update({name: one for name, one in part.properties.items() if name not in taken})
    whole.attributes.update({name: one for name, one in part.attributes.items() if name not in taken})
    whole.left_out.update({name: why for name, why in part.left_out.items() if name not in taken})


def _with_doc(method: Method, base: Method) -> Method:
    """Return `method` with the documentation that it inherits."""
    parameters = []
    for one in method.parameters:
        other = base.parameter(one.name)
        parameters.append(one if other is None else _with_help(one, other))
    return replace(method, summary=base.summary, doc=base.doc, parameters=tuple(parameters))


def _with_help(own: Parameter, base: Parameter) -> Parameter:
    return replace(own, help=own.help or base.help, unit=own.unit or (base.unit if own.kind == base.kind else ""))


def _own(cls: type) -> Offer:
    """Return what `cls` itself defines."""
    entry = _OWN.get(id(cls))
    if entry is not None and entry.fits(cls):
        return entry.offer
    members = class_dict(cls)
    offer = Offer()
    place, folded = type_path(cls), is_framework(cls)
    for name, raw in list(members.items()):
        _sort_guarded(offer, name, raw, cls, folded=folded)
    for name, one in offer.properties.items():
        offer.properties[name] = replace(one, property=replace(one.property, defined_by=place, folded=folded))
    _OWN[id(cls)] = _Entry(cls, members, offer)
    return offer


def _sort_guarded(offer: Offer, name: str, raw: object, cls: type, *, folded: bool) -> None:
    try:
        _sort(offer, name, raw, cls, folded=folded)
    except Exception as error:  # noqa: BLE001 - one odd member must not cost the others
        offer.left_out[name] = f"it cannot be described ({type(error).__name__}: {error})"


def _sort(offer: Offer, name: str, raw: object, cls: type, *, folded: bool) -> None:
    """Put one member where it belongs."""
    if name.startswith("_") and name != "__call__":
        if not name.startswith("__") and not is_a(raw, types.MemberDescriptorType):
            offer.left_out[name] = PRIVATE
        return
    if is_a(raw, classmethod) and _makes_another(name, raw, cls):
        offer.left_out[name] = MAKES_ANOTHER
    elif (function := method_function(raw, cls)) is not None:
        offer.methods[name] = read_callable(name, function[0], bound=function[1], owner=cls, folded=folded)
    elif is_a(raw, type):
        offer.left_out[name] = "a class defined inside the class"
    elif is_property(raw):
        offer.properties[name] = read_property(name, raw, cls)
    elif is_a(raw, types.MemberDescriptorType) and "__slots__" in class_dict(cls):
        return
    elif hasattr(type(raw), "__get__"):
        offer.properties[name] = read_descriptor(name, raw, cls)
    else:
        offer.attributes[name] = raw
        if callable(raw):
            called, given = what_is_called(raw)
            offer.methods[name] = read_callable(name, called, bound=given, owner=cls, folded=folded)


def _makes_another(name: str, raw: object, cls: type) -> bool:
    """Whether a class method is another way to make an instrument: it says so, or is called so and says nothing."""
    made = (
        inspect.get_annotations(function).get("return")
        if isinstance(function := getattr(raw, "__func__", None), types.FunctionType)
        else None
    )
    if made is None:
        return name.startswith(_MAKERS)
    return made in (cls, getattr(typing, "Self", cls)) or made in (cls.__name__, "Self", "typing.Self")


def method_function(raw: object, cls: type) -> tuple[types.FunctionType, bool] | None:
    """Return the function behind a class member that is a method, and whether its first parameter is given by Python."""
    kind = type(raw)
    if kind is types.FunctionType:
        return typing.cast("types.FunctionType", raw), True
    found: object = raw
    bound = True
    if issubclass(kind, staticmethod | classmethod):
        found, bound = typing.cast("staticmethod[..., object]", raw).__func__, issubclass(kind, classmethod)
        if not callable(found):
            return None
    elif issubclass(kind, functools.partialmethod):
        found = typing.cast("functools.partialmethod[object]", raw).__get__(None, cls)
    elif issubclass(kind, functools.singledispatchmethod):
        found = typing.cast("functools.singledispatchmethod[object]", raw).func
    elif issubclass(kind, types.BuiltinFunctionType | types.MethodType):
        bound = False
    elif issubclass(kind, type) or not (hasattr(kind, "__get__") and callable(raw)):
        return None
    return typing.cast("types.FunctionType", found), bound


def is_property(raw: object) -> TypeGuard[property]:
    """Whether `raw` is a property, judged by its class alone."""
    return issubclass(type(raw), property)


def class_doc(cls: type) -> str:
    """Return the docstring of `cls`, or of the nearest base that is no framework's."""
    for base in ancestry(cls):
        raw = class_dict(base).get("__doc__")
        if isinstance(raw, str) and raw and not is_framework(base):
            return read_doc(raw).text
    return ""

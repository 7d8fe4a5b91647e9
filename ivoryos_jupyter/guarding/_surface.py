"""Which attributes of one object are the deck's?  Read from its description; the object is not asked."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.introspect import describe, instance_dict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.introspect import LiveDeck
    from ivoryos_jupyter.schema import Instrument, Method, Property

ABSENT = object()
VALUE = "value"
"""The property of an object that is itself got and set."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A member behind which the driver keeps an object that is got and set, as ``source.voltage(5)``, or called."""

    path: str
    """Of the instrument whose member it is."""
    name: str
    is_method: bool = False
    """Whether it is called, and not got and set."""


@dataclass(frozen=True, slots=True)
class Surface:
    """What is the deck's on one object."""

    methods: Mapping[str, Method] = field(default_factory=dict)
    properties: Mapping[str, Property] = field(default_factory=dict)
    """Those that are read and set as attributes."""
    settable: frozenset[str] = frozenset()
    """Names of the properties that are set through the pipeline."""
    signals: frozenset[str] = frozenset()
    """Names of the attributes that are got and set themselves."""
    holders: frozenset[str] = frozenset()
    """Names of the attributes that are or hold sub-instruments."""
    statics: Mapping[str, object] = field(default_factory=dict)
    """What the class has under the name of a member, unless the instance has its own; functions and descriptors."""
    signal: Signal | None = None
    """Which property the object itself is."""
    view: bool = False
    """Whether it is a container that the driver keeps sub-instruments in."""

    def same_as(self, other: Surface) -> bool:
        """Whether a stand-in made for one serves for the other; what the class holds is told by identity: its ``==`` is not ours."""
        return (
            (self.methods, self.properties, self.settable, self.signals, self.holders, self.signal)
            == (other.methods, other.properties, other.settable, other.signals, other.holders, other.signal)
            and list(self.statics) == list(other.statics)
            and all(one is two for one, two in zip(self.statics.values(), other.statics.values(), strict=True))
        )


VIEW = Surface(view=True)


def surface_of(deck: LiveDeck, path: str, obj: object, signal: Signal | None = None) -> Surface:
    """Return the surface of `obj`, which is at `path`.

    Properties that a framework brings along, such as names and parents, are read as attributes: they are no readings. They are
    set through the pipeline all the same.
    """
    described, signals = _described(deck, path, obj)
    if signal is None and VALUE in signals:
        signal = Signal(path, VALUE)
    held = instance_dict(obj)
    methods = {one.name: one for one in described.methods}
    by_attribute = {VALUE} if hasattr(type(inspect.getattr_static(type(obj), VALUE, None)), "__get__") else set()
    properties = {one.name: one for one in described.properties if one.name not in signals - by_attribute}
    holders = frozenset(one.path[1:].partition(".")[0].partition("[")[0] for one in described.children)
    read_plainly = {one.name for one in described.properties if one.folded}
    statics = {
        name: inspect.getattr_static(type(obj), name, ABSENT) for name in (*methods, *properties) if name not in {*held, *read_plainly}
    }
    found = {name: one for name, one in statics.items() if one is not ABSENT}
    settable = frozenset(name for name, one in properties.items() if one.settable)
    return Surface(methods, properties, settable, signals - {VALUE}, holders, found, signal)


def _described(deck: LiveDeck, path: str, obj: object) -> tuple[Instrument, frozenset[str]]:
    """Return the description of `obj` and the names of its signals, also where only a live look can follow the path."""
    try:
        return deck.instrument(path), deck.signals(path)
    except UnknownNameError:
        described = describe(obj, path)
        return described, frozenset({VALUE} if described.property(VALUE) is not None else ())

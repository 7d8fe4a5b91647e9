"""What does a deck consist of?  Instruments, their methods and properties, and the parameters of those."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ivoryos_jupyter.schema._kinds import Anything, Kind, Parameter

Access = Literal["attribute", "signal", "status", "awaited"]
"""How Python gets at a value: as an attribute, or by an object that stands for it, whose ``set`` is done when it returns, gives a status to
wait for, or is awaited."""
STATUS_TIMEOUT_S = 60.0
"""So long is waited for a status when nothing else is said."""
_VERBS = {"signal": ("get", "set"), "status": ("get", "set"), "awaited": ("get_value", "set")}


@dataclass(frozen=True, slots=True)
class Returns:
    """What a method gives back, as far as its annotation says."""

    kind: Kind = field(default_factory=Anything)
    items: tuple[Kind, ...] = ()
    """One kind per item when the return is a tuple of fixed length (two or more)."""
    nothing: bool = False
    """Whether the annotation is None."""
    unit: str = ""
    annotation: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """A callable of an instrument, or a building block."""

    name: str
    parameters: tuple[Parameter, ...] = ()
    returns: Returns = field(default_factory=Returns)
    summary: str = ""
    """First line of the docstring."""
    doc: str = ""
    coroutine: bool = False
    defined_by: str = ""
    """``module:qualname`` of the class that defines it, leaf first in the lists."""
    folded: bool = False
    """Whether it belongs to a framework base or is machinery, and is shown only on request."""
    variants: tuple[tuple[Parameter, ...], ...] = ()
    """Parameters of each ``typing.overload``."""
    note: str = ""
    """What could not be known, for example a missing signature."""

    def parameter(self, name: str) -> Parameter | None:
        """Return the parameter called `name`, or None."""
        return next((one for one in self.parameters if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Property:
    """A value of an instrument that can be read, set or both; never read by itself."""

    name: str
    value: Parameter
    """Kind, unit and help of the value; its name is ``value``."""
    readable: bool = True
    settable: bool = False
    summary: str = ""
    doc: str = ""
    defined_by: str = ""
    folded: bool = False
    note: str = ""
    access: Access = "attribute"
    itself: bool = False
    """Whether the instrument is itself the object that stands for the value."""

    @property
    def verbs(self) -> tuple[str, str] | None:
        """The methods that get and set it, of the object that stands for it."""
        return _VERBS.get(self.access)

    def reading(self, path: str) -> str:
        """Return the Python that reads it of the instrument at `path`, without ``await``."""
        place = path if self.itself else f"{path}.{self.name}"
        return f"{place}.{self.verbs[0]}()" if self.verbs else place

    def setting(self, path: str, value: str) -> str:
        """Return the Python that sets it, without ``await``."""
        place = path if self.itself else f"{path}.{self.name}"
        if self.verbs is None:
            return f"{place} = {value}"
        wait = f".wait(timeout={STATUS_TIMEOUT_S:g})" if self.access == "status" else ""
        return f"{place}.{self.verbs[1]}({value}){wait}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A member or a name that is not offered, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Child:
    """A sub-instrument: its path below the parent (``.x``, ``.channels[0]``) and its class."""

    path: str
    type_name: str


@dataclass(frozen=True, slots=True)
class Connection:
    """Names of the connection hooks a driver has; they are shown, never called by themselves."""

    connect: str = ""
    close: str = ""
    is_connected: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """One object of the deck, described."""

    name: str
    """Its path in the deck: ``pump``, ``stage.x``, ``supply.channels[0]``."""
    type_name: str
    """``module:qualname`` of its class."""
    summary: str = ""
    doc: str = ""
    methods: tuple[Method, ...] = ()
    properties: tuple[Property, ...] = ()
    children: tuple[Child, ...] = ()
    connection: Connection = field(default_factory=Connection)
    left_out: tuple[LeftOut, ...] = ()
    adapter: str = ""
    """Name of the library adapter that described it; empty for the generic path."""

    def method(self, name: str) -> Method | None:
        """Return the method called `name`, or None."""
        return next((one for one in self.methods if one.name == name), None)

    def property(self, name: str) -> Property | None:
        """Return the property called `name`, or None."""
        return next((one for one in self.properties if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Block:
    """A function that serves as a building block."""

    name: str
    category: str
    method: Method


@dataclass(frozen=True, slots=True)
class DeckSchema:
    """The whole deck, described; saved, it is the pseudo deck."""

    name: str
    instruments: tuple[Instrument, ...] = ()
    """All known instruments, sub-instruments among them, each under its own path."""
    blocks: tuple[Block, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def instrument(self, path: str) -> Instrument | None:
        """Return the instrument at `path`, or None."""
        return next((one for one in self.instruments if one.name == path), None)

    def block(self, name: str) -> Block | None:
        """Return the building block called `name`, or None."""
        return next((one for one in self.blocks if one.name == name), None)

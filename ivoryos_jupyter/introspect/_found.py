"""What has been found on one object?  A description in the making, and how its members are reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from ivoryos_jupyter.schema import Connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.introspect._properties import PropertyReading
    from ivoryos_jupyter.introspect._signatures import CallableReading

Operation = Literal["call", "get", "set"]
"""What is done with a member: a method is called, a property is read or set."""


@dataclass(slots=True)
class Found:
    """The members of one object; an adapter may change all of it."""

    summary: str = ""
    doc: str = ""
    methods: dict[str, CallableReading] = field(default_factory=dict)
    properties: dict[str, PropertyReading] = field(default_factory=dict)
    children: dict[str, object] = field(default_factory=dict)
    """Sub-instruments by their path below the object."""
    left_out: dict[str, str] = field(default_factory=dict)
    connection: Connection = field(default_factory=Connection)

    def leave_out(self, name: str, reason: str) -> None:
        """Take the member `name` away and say why."""
        self.methods.pop(name, None)
        self.properties.pop(name, None)
        self.left_out[name] = reason


class Adapter(Protocol):
    """What one driver library needs beyond the generic description."""

    name: str
    """Name of the library."""

    def fits(self, obj: object) -> bool:
        """Whether `obj` is of this library; judged by its class, the library is not imported to find out."""
        ...

    def refine(self, obj: object, found: Found) -> None:
        """Change what was found on `obj`; nothing that could reach hardware is read."""
        ...

    def bind(self, obj: object, member: str, operation: Operation) -> Callable[..., object] | None:
        """Return what carries out `operation`, or None for the generic way."""
        ...

"""What has been found on one object?  A description in the making, and how its members are reached."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

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

    def fold(self, modules: tuple[str, ...], *, keep: frozenset[str] = frozenset()) -> None:
        """Fold away what classes of `modules` define, but for the names in `keep`."""
        for name, method in self.methods.items():
            if name not in keep and method.method.defined_by.startswith(modules):
                self.methods[name] = replace(method, method=replace(method.method, folded=True))
        for name, one in self.properties.items():
            if name not in keep and one.property.defined_by.startswith(modules):
                self.properties[name] = replace(one, property=replace(one.property, folded=True))

    def fold_names(self, names: frozenset[str]) -> None:
        """Fold the methods called `names` away, whatever class defines them."""
        for name in names & self.methods.keys():
            self.methods[name] = replace(self.methods[name], method=replace(self.methods[name].method, folded=True))

    def drop_children(self, prefixes: tuple[str, ...], reason: str) -> None:
        """Take away the sub-instruments whose paths begin with one of `prefixes` and say why."""
        for path in [path for path in self.children if path.startswith(prefixes)]:
            del self.children[path]
            self.left_out[path.lstrip(".")] = reason


class Adapter(Protocol):
    """What one driver library needs beyond the generic description."""

    name: ClassVar[str]
    """Name of the library."""
    keeps_signals: ClassVar[bool]
    """Whether its properties are objects that are got and set themselves."""

    def fits(self, obj: object) -> bool:
        """Whether `obj` is of this library; judged by its class, the library is not imported to find out."""
        ...

    def refine(self, obj: object, found: Found) -> None:
        """Change what was found on `obj`; nothing that could reach hardware is read."""
        ...

    def bind(self, obj: object, member: str, operation: Operation) -> Callable[..., object] | None:
        """Return what carries out `operation`, or None for the generic way."""
        ...

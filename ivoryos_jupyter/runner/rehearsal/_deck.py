"""Which deck is played on in a rehearsal?  One made of the description alone; no live object is ever in its hands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.introspect import BLOCKS, Member, OfflineDeck
from ivoryos_jupyter.schema import Method, Returns, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ivoryos_jupyter.runner._call import Operation
    from ivoryos_jupyter.schema import DeckSchema, Plain, Property


@dataclass(frozen=True, slots=True)
class Role:
    """What is called in a rehearsal: the name of a member, and nothing behind it."""

    path: str
    member: str
    operation: Operation
    method: Method
    pure: Callable[..., object] | None = None
    """A building block that touches no instrument and may be called."""

    def __call__(self, *_args: object, **_arguments: object) -> None:
        """Do nothing: who rehearses looks up what it would give back."""


class Prop:
    """Stands where an object would stand; it has nothing but its name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        """Stand for the object called `name`."""
        self.name = name


class MockMember(Member):
    """A member of the mock deck; its arguments stay the plain values they are."""

    __slots__ = ()

    def live_arguments(self, plain: Mapping[str, Plain], follow: Callable[[str], object]) -> tuple[tuple[object, ...], dict[str, object]]:
        """Return the plain values; no reference is followed."""
        del follow
        return (), dict(plain)


class MockDeck(OfflineDeck):
    """A description that can be played on."""

    def __init__(self, schema: DeckSchema, pure: Mapping[str, Callable[..., object]] | None = None) -> None:
        """Play on `schema`; the building blocks in `pure` are called as they are."""
        super().__init__(schema)
        self._pure = pure or {}
        self._props: dict[str, Prop] = {}
        self._members: dict[tuple[str, str, Operation], MockMember] = {}

    def resolve(self, path: str) -> Prop:  # type: ignore[override]  # a description alone refuses; here stands a prop
        """Return what stands for the object at `path`."""
        return self._props.setdefault(path, Prop(path))

    def member(self, path: str, member: str, operation: Operation) -> Member:
        """Return a member that does nothing; raise `UnknownNameError` when there is none."""
        key = (path, member, operation)
        found = self._members.get(key)
        if found is None:
            found = self._members[key] = self._block(member) if path == BLOCKS else self._of_instrument(path, member, operation)
        return found

    def _block(self, name: str) -> MockMember:
        block = self.schema().block(name)
        if block is None:
            raise _unknown("building block", name, (one.name for one in self.schema().blocks))
        role = Role(BLOCKS, name, "call", block.method, self._pure.get(name))
        return MockMember(BLOCKS, name, "call", block.method, block.method, role, block.method.coroutine, None)

    def _of_instrument(self, path: str, name: str, operation: Operation) -> MockMember:
        described = self.instrument(path)
        owner = self.resolve(path)
        if operation == "call":
            method = described.method(name)
            if method is None:
                raise _unknown(f"method of {path}", name, (one.name for one in described.methods))
            return MockMember(path, name, operation, method, method, Role(path, name, operation, method), method.coroutine, owner)
        one = described.property(name)
        if one is None:
            raise _unknown(f"property of {path}", name, (each.name for each in described.properties))
        method = _as_method(path, one, operation)
        return MockMember(path, name, operation, one, method, Role(path, name, operation, method), method.coroutine, owner)


def _as_method(path: str, one: Property, operation: Operation) -> Method:
    value = one.value
    if operation == "get" and one.readable:
        return Method(one.name, (), Returns(value.kind, unit=value.unit, annotation=value.annotation))
    if operation == "set" and one.settable:
        return Method(one.name, (replace(value, name="value"),), Returns(nothing=True))
    raise UnknownNameError(f"{path}.{one.name} cannot be {'read' if operation == 'get' else 'set'}")


def _unknown(what: str, name: str, known: Iterable[str]) -> UnknownNameError:
    return UnknownNameError(f"there is no {what} {name!r}{did_you_mean(name, known)}")

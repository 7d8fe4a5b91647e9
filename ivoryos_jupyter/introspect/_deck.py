"""What do others ask of a deck, live or offline, and what do they get to call?"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.introspect._arguments import live_arguments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ivoryos_jupyter.introspect._found import Operation
    from ivoryos_jupyter.schema import DeckSchema, Instrument, LeftOut, Method, Plain, Property

BLOCKS = "blocks"
"""The path under which building blocks are members."""


@dataclass(slots=True)
class Member:
    """One member of one instrument, ready to be called, read or set.

    Nobody changes it; it is not frozen only because one is made for every call, and that would cost a microsecond.
    """

    path: str
    name: str
    operation: Operation
    schema: Method | Property
    """Its description in the deck."""
    method: Method
    """What a call takes and gives: for a property to be read no parameters, to be set the one called ``value``."""
    target: Callable[..., object]
    """The live function; it takes live arguments."""
    is_coroutine: bool
    """Whether its result is expected to be awaitable; the result itself has the last word."""
    owner: object
    """The live object it belongs to; None for a building block."""
    types: Mapping[str, object] = field(default_factory=dict)
    """The live annotation of each parameter, as far as it could be resolved."""

    def live_arguments(
        self,
        plain: Mapping[str, Plain],
        follow: Callable[[str], object],
    ) -> tuple[tuple[object, ...], dict[str, object]]:
        """Return the positional and keyword arguments for `target`.

        Parameters
        ----------
        plain
            Plain values by parameter; what is omitted is left to the driver's default.
        follow
            Finds the object that the text of a live reference stands for.

        Raises
        ------
        ConversionError
            With everything that does not fit.
        """
        return live_arguments(self.method, self.types, plain, follow)


class Deck(Protocol):
    """The instruments a session works with: live objects, or their saved description."""

    @property
    def name(self) -> str:
        """Name of the deck."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the instruments, sub-instruments not counted."""
        ...

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Names that are no instruments, and why."""
        ...

    def schema(self) -> DeckSchema:
        """Return the description of the whole deck."""
        ...

    def instrument(self, path: str) -> Instrument:
        """Return the description of the instrument at `path`, or raise `UnknownNameError`."""
        ...

    def resolve(self, path: str) -> object:
        """Return the live object at `path`; an offline deck raises `OfflineError`."""
        ...

    def thing_at(self, path: str) -> object:
        """Return what tells by identity whether two paths lead to one object; None where there is nothing."""
        ...

    def also_set(self, path: str, method: str) -> tuple[tuple[str, str], ...]:
        """Return path and recorded method of every other property that a call sets."""
        ...

    def generation(self, name: str) -> int:
        """Return how often `name` has been bound to another object."""
        ...

    def member(self, path: str, member: str, operation: Operation) -> Member:
        """Return a member ready for `operation`; an offline deck raises `OfflineError`."""
        ...


def unknown(what: str, name: str, known: Iterable[str]) -> UnknownNameError:
    """Return the error for a name that does not exist, with the closest one that does."""
    names = list(known)
    close = difflib.get_close_matches(name, names, 1) or [one for one in names if one.lower() == name.lower()]
    if close:
        return UnknownNameError(f"there is no {what} {name!r}; did you mean {close[0]!r}?")
    shown = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")  # noqa: PLR2004 - what fits in a line
    return UnknownNameError(f"there is no {what} {name!r}; there is {shown or 'none'}")

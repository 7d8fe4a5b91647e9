"""How does a deck behave that is only a saved description?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

from ivoryos_jupyter.errors import ConversionError, OfflineError
from ivoryos_jupyter.introspect._deck import unknown
from ivoryos_jupyter.schema import parse_reference

if TYPE_CHECKING:
    from ivoryos_jupyter.introspect._deck import Member
    from ivoryos_jupyter.introspect._found import Operation
    from ivoryos_jupyter.schema import DeckSchema, Instrument, LeftOut


class OfflineDeck:
    """A pseudo deck: everything can be looked at and designed with, nothing can be called."""

    def __init__(self, schema: DeckSchema) -> None:
        """Show what `schema` describes."""
        self._schema = schema

    @property
    def name(self) -> str:
        """Name of the deck."""
        return self._schema.name

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the instruments, sub-instruments not counted."""
        return tuple(one.name for one in self._schema.instruments if one.name.isidentifier())

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Names that were no instruments when the description was made, and why."""
        return self._schema.left_out

    def schema(self) -> DeckSchema:
        """Return the description."""
        return self._schema

    def instrument(self, path: str) -> Instrument:
        """Return the description of the instrument at `path`.

        Raises
        ------
        UnknownNameError
            If there is none.
        """
        found = self._schema.instrument(path) or self._schema.instrument(parse_reference(path).text)
        if found is None:
            raise unknown("instrument", path, (one.name for one in self._schema.instruments))
        return found

    def resolve(self, path: str) -> NoReturn:
        """Refuse: there is no live object behind a description."""
        raise OfflineError(
            f"{path!r} is only described in the pseudo deck {self.name!r}; "
            "ivoryos.unload_deck() goes back to the notebook's own instruments",
        )

    def thing_at(self, path: str) -> str | None:
        """Return the path in its one spelling: more a description does not tell."""
        try:
            return sys.intern(parse_reference(path).text)
        except ConversionError:
            return None

    def also_set(self, path: str, method: str) -> tuple[tuple[str, str], ...]:
        """Return nothing: which object stands behind a property a description does not tell."""
        del path, method
        return ()

    def generation(self, name: str) -> int:
        """Return 0: a description is never rebound."""
        del name
        return 0

    def member(self, path: str, member: str, operation: Operation) -> Member:
        """Refuse, as `resolve` does."""
        del member, operation
        self.resolve(path)

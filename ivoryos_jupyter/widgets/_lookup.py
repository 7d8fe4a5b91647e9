"""Where is the member a panel speaks of?  On an instrument, or among the building blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.introspect import BLOCKS
from ivoryos_jupyter.schema import Instrument, did_you_mean

if TYPE_CHECKING:
    from ivoryos_jupyter.introspect import Deck
    from ivoryos_jupyter.schema import Method, Property


def paths(deck: Deck) -> tuple[str, ...]:
    """Return the instruments' names, and ``blocks`` where there are building blocks."""
    return (*deck.names, BLOCKS) if deck.schema().blocks and BLOCKS not in deck.names else deck.names


def instrument_at(deck: Deck, path: str) -> Instrument:
    """Return the instrument at `path`; the building blocks together look like one.

    Raises
    ------
    UnknownNameError
        When there is none.
    """
    if path == BLOCKS and path not in deck.names:
        methods = tuple(one.method for one in deck.schema().blocks)
        return Instrument(BLOCKS, "building blocks", "Functions of the notebook marked as building blocks", methods=methods)
    return deck.instrument(path)


def member_at(deck: Deck, path: str, member: str) -> Method | Property:
    """Return a method or property.

    Raises
    ------
    UnknownNameError
        When there is none, with the closest name there is.
    """
    instrument = instrument_at(deck, path)
    found = instrument.method(member) or instrument.property(member)
    if found is None:
        known = [*(one.name for one in instrument.methods), *(one.name for one in instrument.properties)]
        raise UnknownNameError(f"{path} has nothing called {member!r} now{did_you_mean(member, known)}")
    return found

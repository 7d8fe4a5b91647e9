"""Which objects of the deck fit a parameter that asks for a live one?  Judged by their classes; nothing is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import IvoryOSError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.introspect import Deck
    from ivoryos_jupyter.schema import Live


def candidates_in(deck: Deck) -> Callable[[Live], list[str]]:
    """Return a function that names the instruments, and their parts, that a kind of live object admits."""

    def candidates(kind: Live) -> list[str]:
        found: list[str] = []
        for name in deck.names:
            found += [name] if kind.type_name in ancestry(deck, name) else []
            found += [name + child.path for child in deck.instrument(name).children if child.type_name == kind.type_name]
        return found

    return candidates


def ancestry(deck: Deck, name: str) -> set[str]:
    """Return the classes of an instrument, its own and those it inherits from, as ``module:qualname``."""
    try:
        classes = type(deck.resolve(name)).__mro__
    except IvoryOSError:
        return {deck.instrument(name).type_name}
    return {f"{one.__module__}:{one.__qualname__}" for one in classes}

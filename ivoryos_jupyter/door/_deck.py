"""What is on the deck?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.notebook import DeckOverview
from ivoryos_jupyter.session import current_session

if TYPE_CHECKING:
    from pathlib import Path


def include(name: str, obj: object = None) -> DeckOverview:
    """Put `name` on the deck whatever the rules say, and remember it; `obj` for an object without a name of its own."""
    session = current_session()
    session.deck.include(name, obj)
    return DeckOverview(session)


def exclude(name: str) -> DeckOverview:
    """Take `name` off the deck, and remember it."""
    session = current_session()
    session.deck.exclude(name)
    return DeckOverview(session)


def load_deck(which: str | Path) -> DeckOverview:
    """Work with a saved description (a deck's name or a file) where there is no hardware: everything shows, calls are refused."""
    session = current_session()
    session.deck.load_deck(which)
    return DeckOverview(session)


def unload_deck() -> DeckOverview:
    """Work with the notebook's live instruments again."""
    session = current_session()
    session.deck.unload_deck()
    return DeckOverview(session)

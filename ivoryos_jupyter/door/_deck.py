"""What is on the deck?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CommandError
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
    """Work with a saved description (a deck's name or a file) where there is no hardware: everything shows, calls are refused.

    Raises
    ------
    CommandError
        While a run is under way: it needs the live instruments.
    UnknownNameError
        When there is no such deck; the message lists those there are.
    RecordsError
        When the file cannot be read.
    """
    session = current_session()
    active = session.runner.active
    if active is not None:
        raise CommandError(f"The run {active.name!r} is under way and needs the live instruments; load a deck when it has ended.")
    session.deck.load_deck(which)
    return DeckOverview(session)


def unload_deck() -> DeckOverview:
    """Work with the notebook's live instruments again."""
    session = current_session()
    session.deck.unload_deck()
    return DeckOverview(session)

"""The one place that wires everyone: one replaceable current session per kernel."""

from ivoryos_jupyter.session._current_deck import CurrentDeck, DeckChanged
from ivoryos_jupyter.session._safe_states import SafeStates
from ivoryos_jupyter.session._session import Session, current_session, replace_session
from ivoryos_jupyter.session._surroundings import Shell, Surroundings, account, of_shell

__all__ = [
    "CurrentDeck",
    "DeckChanged",
    "SafeStates",
    "Session",
    "Shell",
    "Surroundings",
    "account",
    "current_session",
    "of_shell",
    "replace_session",
]

"""How does a session begin and end outside a notebook?"""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING

from ivoryos_jupyter.session import Session, Surroundings, account, replace_session

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike


def start(names: Mapping[str, object], folder: str | PathLike[str] = ".", *, deck_name: str = "deck", operator: str = "") -> Session:
    """Start a session outside a notebook, for scripts and tests.

    Parameters
    ----------
    names
        The deck's names, usually ``globals()``; looked at again whenever something is asked of the deck.
    folder
        Where ``ivoryos_data/`` is looked for, upwards, or made.
    deck_name
        Name of the deck.
    operator
        Who works here; the account's name when empty.

    Raises
    ------
    RecordsError
        When the data folder or the database cannot be opened.
    """
    stop()
    bind = names.__setitem__ if isinstance(names, MutableMapping) else None
    copied = names.copy if isinstance(names, dict) else lambda: dict(names)
    session = Session(Surroundings(Path(folder), deck_name=deck_name, operator=operator or account(), names=copied, bind=bind))
    replace_session(session)
    return session


def stop() -> None:
    """Close the current session, if there is one; a run under way is stopped now."""
    before = replace_session(None)
    if before is not None:
        before.close()

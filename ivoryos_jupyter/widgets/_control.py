"""How does a person call an instrument by hand?  From its control panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from traitlets import List, Unicode

from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.introspect import original
from ivoryos_jupyter.widgets._faces import Faces
from ivoryos_jupyter.widgets._view import View

if TYPE_CHECKING:
    from ivoryos_jupyter.session import Session

_OPEN_BELOW = 7
"""A deck with fewer instruments shows their members at once."""


class ControlPanel(View):
    """The control panel of one instrument, or of the whole deck."""

    focus = Unicode().tag(sync=True)
    """Path of the instrument; empty for the whole deck."""
    opened = List(Unicode()).tag(sync=True)
    """What is open, by path; kept here so that it survives a reload of the page."""
    parts = List(Unicode()).tag(sync=True)
    """Sub-instruments that are shown."""

    @classmethod
    def bundle(cls) -> str:
        """Return the name of the front end's files."""
        return "control"


def panel_of(session: Session, which: object = None) -> ControlPanel:
    """Return the panel of `which`; see `ivoryos_jupyter.widgets.control`."""
    session.refresh()
    focus = _path_of(session, which)
    return session.one(Faces).view(
        ControlPanel,
        focus,
        lambda: ControlPanel(session.desk, session.token, focus=focus, opened=opened_at_first(session, focus)),
    )


def opened_at_first(session: Session, focus: str = "") -> list[str]:
    """Return what a new panel shows open: one instrument, or all of a small deck."""
    if focus:
        return [focus]
    names = session.deck.names
    return list(names) if len(names) < _OPEN_BELOW else []


def _path_of(session: Session, which: object) -> str:
    """Return the path of what was given: an object of the deck, or its name."""
    if which is None:
        return ""
    deck = session.deck
    if isinstance(which, str):
        deck.instrument(which)
        return which
    if deck.offline is None:
        for name in deck.names:
            if deck.resolve(name) is original(which):
                return name
    raise UnknownNameError(
        f"This {type(which).__name__} is not on the deck. Give it a name in the notebook, or say ivoryos.include(name); "
        "a part of an instrument is named by its path, as in control('stage.x')."
    )

"""Which widgets belong to a session?  Its panels, and the counters that answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.widgets._devices import Devices

if TYPE_CHECKING:
    from ivoryos_jupyter.session import Session
    from ivoryos_jupyter.widgets._control import ControlPanel


class Faces:
    """The widgets of one session."""

    def __init__(self, session: Session) -> None:
        """Register what answers the widgets at the session's desk."""
        self.session = session
        self.devices = Devices(session)
        self.panels: dict[str, ControlPanel] = {}


_current: Faces | None = None


def faces_of(session: Session) -> Faces:
    """Return the widgets of `session`; made when first asked for."""
    global _current  # noqa: PLW0603 - a kernel has one current session, whose widgets these are
    if _current is None or _current.session is not session:
        _current = Faces(session)
    return _current

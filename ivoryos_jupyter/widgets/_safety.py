"""What do widgets ask about make safe, and what are they told?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.runner import MadeSafe
from ivoryos_jupyter.wire import safety_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.session import Session
    from ivoryos_jupyter.wire import SafetyJson


class Safety:
    """Answers the widgets of one session."""

    def __init__(self, session: Session, tell: Callable[[str, object], None]) -> None:
        """Let the session's desk answer; `tell` reaches every widget."""
        self._session = session
        self._tell = tell
        session.desk.register("safety.state", lambda _: self._state(), at_hand=True)
        session.desk.register("safety.read", lambda _: session.runner.safety.mark_read(), at_hand=True)

    def hear(self, event: object) -> None:
        """Take in what make safe says, and tell the widgets."""
        if isinstance(event, MadeSafe):
            self._tell("safety.changed", self._state())

    def _state(self) -> SafetyJson:
        session = self._session
        return safety_json(session.safe_states.plan(), session.runner.safety.unread)

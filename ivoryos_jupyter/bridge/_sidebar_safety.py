"""What would make safe do, and what did it do last?  Said beforehand and afterwards, to every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.wire import safety_json

if TYPE_CHECKING:
    from ivoryos_jupyter.session import Session
    from ivoryos_jupyter.wire import SafetyJson


class SafetyBoard:
    """Shows the plan, and the latest report until somebody has read it."""

    def __init__(self, session: Session) -> None:
        """Let the session's desk answer."""
        self._session = session
        session.desk.register("sidebar.safe_read", lambda _: session.runner.safety.mark_read(), at_hand=True)

    def show(self) -> SafetyJson:
        """Return plan and report."""
        session = self._session
        return safety_json(session.safe_states.plan(), session.runner.safety.unread)

"""How does one keep instruments safe?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.session import current_session

if TYPE_CHECKING:
    from ivoryos_jupyter.runner import RunStatus


def make_safe() -> RunStatus | None:
    """Stop the run under way now, without cleanup, and hold the queue; return its status, None when nothing runs.

    A software action: it acts through the drivers and this kernel, and is no emergency stop.
    """
    return current_session().runner.make_safe()


def trust(name: str) -> bool:
    """Allow calls on an instrument again that was left in the middle of a call; False when it was trusted anyway."""
    return current_session().pipeline.trust(name)

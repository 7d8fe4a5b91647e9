"""How does a run that follows from another come into the queue?  As the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.notebook._run import Run

if TYPE_CHECKING:
    from ivoryos_jupyter.journal import RunEvent, RunRequest
    from ivoryos_jupyter.session import Session


def submit_first(session: Session, request: RunRequest, decided: RunEvent | None = None) -> Run:
    """Submit a run that follows from another; the records put it in front of all that wait. A queue on hold stays so.

    `decided` is what is decided by this about the other, once.
    """
    session.refresh()
    return Run(session, session.runner.submit(request, decided))

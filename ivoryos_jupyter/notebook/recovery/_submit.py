"""How does a run that follows from another come into the queue?  As the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.notebook._run import Run

if TYPE_CHECKING:
    from ivoryos_jupyter.journal import RunRequest
    from ivoryos_jupyter.session import Session


def submit_first(session: Session, request: RunRequest) -> Run:
    """Submit a run in front of all that wait; a queue that is on hold stays so."""
    session.refresh()
    runner = session.runner
    handle = runner.submit(request)
    if request.key in [one.request.key for one in runner.queue.entries][1:]:
        runner.queue.reorder([request.key])
    return Run(session, handle)

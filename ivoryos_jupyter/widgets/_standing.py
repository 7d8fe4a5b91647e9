"""Can this instrument be called now?  In words, from what is known without asking it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import IvoryOSError
from ivoryos_jupyter.introspect import BLOCKS
from ivoryos_jupyter.widgets._calls import root

if TYPE_CHECKING:
    from ivoryos_jupyter.session import Session
    from ivoryos_jupyter.widgets._calls import CallLog
    from ivoryos_jupyter.widgets._shapes import StatusJson


def standing_of(session: Session, path: str, log: CallLog) -> StatusJson:
    """Return how an instrument stands: not trusted, offline, held by a run, busy, or idle."""
    name = root(path)
    if name in session.pipeline.untrusted:  # first, for it is the notebook's own, whatever deck is designed with
        return {"state": "untrusted", "text": f"not trusted: check it; it {session.pipeline.why_untrusted(name)}"}
    if session.deck.offline is not None:
        return {"state": "offline", "text": "only described"}
    running = log.under_way().get(name)
    if running is not None:
        return {"state": "busy", "text": f"{running} is running"}
    holder = _run_holding(session, name)
    if holder:
        return {"state": "held", "text": f"held by {holder}"}
    return {"state": "idle", "text": "idle"}


def _run_holding(session: Session, name: str) -> str:
    """Return the name of the run that holds an instrument, or empty text."""
    if name == BLOCKS:
        return ""
    try:
        key = session.pipeline.locks.held_by_run(session.deck.resolve(name))
        return session.runner.status(key).name if key else ""
    except IvoryOSError:
        return ""

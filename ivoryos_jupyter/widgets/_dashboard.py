"""What does ``%ivoryos`` show?  Devices, builder, runs and history, in one widget."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from traitlets import List, Unicode

from ivoryos_jupyter.widgets._control import opened_at_first
from ivoryos_jupyter.widgets._faces import Faces
from ivoryos_jupyter.widgets.builders import Builder, builders_of

if TYPE_CHECKING:
    from ivoryos_jupyter.session import Session


class Dashboard(Builder):
    """Everything of a session, in tabs; one of them is a builder, which begins without a workflow."""

    tab = Unicode("devices").tag(sync=True)
    """The tab that is shown: ``devices``, ``builder``, ``runs`` or ``history``."""
    chosen = Unicode().tag(sync=True)
    """Key of the run that is shown; empty for the latest."""
    place = Unicode().tag(sync=True)
    """Where the records are."""
    opened = List(Unicode()).tag(sync=True)
    """What is open among the devices, by path."""
    parts = List(Unicode()).tag(sync=True)
    """Sub-instruments that are shown."""

    @classmethod
    def bundle(cls) -> str:
        """Return the name of the front end's files."""
        return "dashboard"


def dashboard_of(session: Session) -> Dashboard:
    """Return the dashboard of a session; the same one each time."""
    return session.one(Faces).view(Dashboard, "", lambda: _made(session))


def _made(session: Session) -> Dashboard:
    view = secrets.token_hex(8)
    dashboard = Dashboard(session.desk, session.token, view=view, place=session.store.where, opened=opened_at_first(session))
    builders_of(session).admit(dashboard)
    return dashboard

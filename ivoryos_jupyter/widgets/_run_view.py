"""What does a submitted run look like in the notebook?  A live view with its rows, its step, and its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from traitlets import Bool, Unicode

from ivoryos_jupyter.widgets._faces import Faces
from ivoryos_jupyter.widgets._view import View

if TYPE_CHECKING:
    from ivoryos_jupyter.session import Session


class RunView(View):
    """The live view of one run."""

    key = Unicode().tag(sync=True)
    """Key of the submission."""
    existed = Bool(default_value=False).tag(sync=True)
    """Whether the run had been there before it was submitted where it is shown."""
    again = Unicode().tag(sync=True)
    """Key of the run that was submitted from here, of the same content once more; empty before that."""

    @classmethod
    def bundle(cls) -> str:
        """Return the name of the front end's files."""
        return "run"


def run_view(session: Session, key: str, *, existed: bool = False) -> RunView:
    """Return the live view of the run with this key, as of one that was new or that existed; the same one each time."""
    name = f"{key} existed" if existed else key
    return session.one(Faces).view(RunView, name, lambda: RunView(session.desk, session.token, key=key, existed=existed))

"""What have all our widgets in common?  A token, a line to the desk, and events for their views."""

from __future__ import annotations

import logging
import weakref
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import anywidget
from traitlets import Unicode

from ivoryos_jupyter.errors import CommandError

if TYPE_CHECKING:
    from ivoryos_jupyter.desk import Desk, Reply

_log = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"


@lru_cache(maxsize=16)
def front_end(name: str) -> str:
    """Return the text of a built file of the front end.

    Raises
    ------
    CommandError
        When it was never built.
    """
    try:
        return (STATIC / name).read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"The front end is not built: {STATIC / name} is missing. In a clone, run make lab once.") from error


class View(anywidget.AnyWidget):
    """A widget whose views talk with the desk of a session."""

    token = Unicode().tag(sync=True)
    """Names the session, so that the labextension asks the right kernel."""

    def __init__(self, desk: Desk, token: str, **traits: object) -> None:
        """Make a widget whose requests `desk` answers."""
        self._desk = desk
        self._esm = front_end(f"{self.bundle()}.js")
        self._css = front_end(f"{self.bundle()}.css")
        super().__init__(token=token, **traits)
        self._keep_subshell()
        me = weakref.ref(self)
        self.on_msg(lambda _widget, content, _buffers: _take(me, content))

    @classmethod
    def bundle(cls) -> str:
        """Return the name of the front end's files."""
        raise CommandError(f"{cls.__name__} has no front end.")

    def hear(self, name: str, data: object) -> None:
        """Tell the views what happened."""
        if self.comm is not None:
            self.send({"type": "event", "name": name, "data": data})

    def answer(self, reply: Reply) -> None:
        """Answer a request that came over the widget's own comm."""
        if self.comm is not None:
            self.send({"type": "reply", **reply})

    def take(self, content: object) -> None:
        """Hand a request in at the desk."""
        if isinstance(content, dict) and content.get("type") == "request":
            self._desk.hand_in(content, self.answer)

    def _keep_subshell(self) -> None:
        """Keep messages of the views on their subshell, so that they are heard while a cell runs.

        ipykernel sends later messages of a comm to the main shell once a thread of ours has sent on it.
        """
        if hasattr(self.comm, "_reply_subshell_for"):
            self.comm._reply_subshell_for = lambda _data, default: default  # noqa: SLF001 - there is no public way


def _take(me: weakref.ReferenceType[View], content: object) -> None:
    view = me()
    if view is not None:
        view.take(content)

"""Who connects a session with the JupyterLab extension, and takes the connection down again?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.bridge._announce import Announcer
from ivoryos_jupyter.bridge._commands import RunCommands
from ivoryos_jupyter.bridge._control import ControlledKernel, ControlLine, greeting
from ivoryos_jupyter.bridge._sidebar import Sidebar
from ivoryos_jupyter.bridge._standing import Board
from ivoryos_jupyter.wire import PageEvent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ivoryos_jupyter.bridge._announce import OpenComm
    from ivoryos_jupyter.bridge._messages import Greeting
    from ivoryos_jupyter.journal import UnfinishedRun
    from ivoryos_jupyter.session import Session


class Bridge:
    """One session's connection."""

    def __init__(self, session: Session, kernel: ControlledKernel, open_comm: OpenComm) -> None:
        """Announce `session` to every page and serve its requests."""
        self._token = session.token
        self._board = Board(session.runner, _names(session.unfinished), lambda: _names(session.store.interrupted()))
        RunCommands(session.runner, self._board, session.surroundings.operator).register(session.desk)
        self._sidebar = Sidebar(session, self._tell_change)
        self._announcer = Announcer(open_comm, self._greeting(), self._board.standing)
        self._line = ControlLine(kernel, session.token, session.desk, self._announcer, self._greeting)
        self._unsubscribe = session.relay.subscribe(self._hear)

    def close(self) -> None:
        """Say farewell and serve no longer."""
        self._unsubscribe()
        self._line.close()
        self._announcer.close()

    def _greeting(self) -> Greeting:
        return greeting(self._token, self._board.standing())

    def _hear(self, event: object) -> None:
        if isinstance(event, PageEvent):
            self._announcer.tell_view(event)
            return
        beside = self._sidebar.hear(event)
        if self._board.hear(event) or beside:
            self._tell_change(beside=beside)

    def _tell_change(self, *, beside: bool = True) -> None:
        if beside:
            self._board.count_change()
        self._announcer.standing_changed()


def _names(runs: Iterable[UnfinishedRun]) -> list[str]:
    return [one.request.name for one in runs]


_current: Bridge | None = None


def install(session: Session, kernel: object) -> bool:
    """Connect `session` with the JupyterLab extension through `kernel`; replaces an earlier connection.

    Returns
    -------
    bool
        False for a kernel without a control channel, such as a plain IPython shell; then nothing is done.
    """
    global _current  # noqa: PLW0603 - a kernel has one control channel, hence one connection
    uninstall()
    if not isinstance(kernel, ControlledKernel):
        return False
    from comm import create_comm  # noqa: PLC0415 - only where there is a kernel

    _current = Bridge(session, kernel, create_comm)
    return True


def uninstall() -> None:
    """Take the connection down; nothing happens when there is none."""
    global _current
    bridge, _current = _current, None
    if bridge is not None:
        bridge.close()

"""Who connects a session with the JupyterLab extension, and takes the connection down again?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ivoryos_jupyter.bridge._announce import Announcer
from ivoryos_jupyter.bridge._commands import RunCommands
from ivoryos_jupyter.bridge._control import ControlledKernel, ControlLine, greeting
from ivoryos_jupyter.bridge._standing import Board

if TYPE_CHECKING:
    from ivoryos_jupyter.bridge._announce import OpenComm
    from ivoryos_jupyter.bridge._messages import Greeting
    from ivoryos_jupyter.desk import Desk
    from ivoryos_jupyter.relay import Relay
    from ivoryos_jupyter.runner import Runner


class Served(Protocol):
    """What is needed of a session."""

    @property
    def token(self) -> str:
        """Names the session."""

    @property
    def desk(self) -> Desk:
        """Where requests are handed in."""

    @property
    def relay(self) -> Relay:
        """Where events are heard."""

    @property
    def runner(self) -> Runner:
        """Who is commanded."""


class Bridge:
    """One session's connection."""

    def __init__(self, session: Served, kernel: ControlledKernel, open_comm: OpenComm) -> None:
        """Announce `session` to every page and serve its requests."""
        self._token = session.token
        self._board = Board(session.runner)
        RunCommands(session.runner, self._board).register(session.desk)
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
        if self._board.hear(event):
            self._announcer.standing_changed()


_current: Bridge | None = None


def install(session: Served, kernel: object) -> bool:
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

"""What travels between the JupyterLab extension and this kernel?

Requests come on the control channel and are acknowledged there. Everything else goes from the kernel to the extension, on one comm
that only the kernel sends on. `labextension/src/tokens.ts` is the twin of these shapes; both sides' tests read the examples in
`tests/protocol/`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    from ivoryos_jupyter.desk import Reply, Request
    from ivoryos_jupyter.wire import RunJson

REQUEST = "ivoryos_request"
"""Type of the control message that carries a `ControlRequest`."""
REPLY = "ivoryos_reply"
"""Type of the control message that carries an `Acknowledgement`."""
TARGET = "ivoryos.announce"
"""Name the extension registers for the comm; its opening data is a `Greeting`."""
VERSION = 1
"""Of this protocol; raised when an older extension could no longer follow."""


class ControlRequest(TypedDict):
    """A request to this kernel."""

    token: str
    """Of the session that is meant; empty for whichever session this kernel has."""
    request: Request


class Standing(TypedDict):
    """What the status bar shows: the run that matters most, and how many wait behind it."""

    serial: int
    """Higher in a later standing; acknowledgements and the comm take different ways and may overtake each other."""
    run: RunJson | None
    """The run that is going on, else the last one that ended, else None."""
    waiting: int
    """Runs in the queue."""
    on_hold: bool
    """Whether the queue is on hold."""
    changes: int
    """Counts what else has changed: queue, deck, records; a page that shows them asks again when it is another number."""
    undecided: list[str]
    """Names of the interrupted runs that wait for a decision."""


class Greeting(TypedDict):
    """Who this kernel's session is."""

    version: int
    token: str
    standing: Standing


class Acknowledgement(TypedDict):
    """The request has arrived."""

    accepted: bool
    """Whether the desk has it; False when another session is meant."""
    comm: str
    """Id of the comm on which everything else comes; a page that was loaded since attaches to it."""
    greeting: Greeting
    reply: Reply | None
    """The answer, where it is known already; else it follows on the comm."""


class ReplyMessage(TypedDict):
    """On the comm: the answer to a request."""

    type: Literal["reply"]
    reply: Reply


class StandingMessage(TypedDict):
    """On the comm: the standing has changed."""

    type: Literal["standing"]
    standing: Standing


class EventMessage(TypedDict):
    """On the comm: something for one view of a page that is no widget of this kernel."""

    type: Literal["event"]
    view: str
    name: str
    data: object


class FarewellMessage(TypedDict):
    """On the comm: this session is over."""

    type: Literal["farewell"]


Message = ReplyMessage | StandingMessage | EventMessage | FarewellMessage

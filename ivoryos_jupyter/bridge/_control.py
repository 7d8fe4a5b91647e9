"""What happens on Jupyter's control thread?  A request is handed in and acknowledged; nothing more.

The control channel is served while a cell runs. Its thread must be free again at once: whatever takes time is answered later, on the
announce comm.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from ivoryos_jupyter.bridge._messages import REPLY, REQUEST, VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping

    from ivoryos_jupyter.bridge._announce import Announcer
    from ivoryos_jupyter.bridge._messages import Acknowledgement, Greeting, Standing
    from ivoryos_jupyter.desk import Desk, Reply


class Wire(Protocol):
    """What is needed of a kernel's message session."""

    def send(self, stream: object, msg_or_type: str, content: object, *, parent: object, ident: object) -> object:
        """Send a message on `stream`."""


@runtime_checkable
class ControlledKernel(Protocol):
    """What is needed of a kernel that serves a control channel."""

    control_handlers: MutableMapping[str, object]
    session: Wire


class ControlLine:
    """Serves the requests that come on the control channel of `kernel`."""

    def __init__(self, kernel: ControlledKernel, token: str, desk: Desk, announcer: Announcer, greeting: Callable[[], Greeting]) -> None:
        """Begin to serve the session that `token` names."""
        self._kernel = kernel
        self._token = token
        self._desk = desk
        self._announcer = announcer
        self._greeting = greeting
        kernel.control_handlers[REQUEST] = self.handle

    def close(self) -> None:
        """Serve no longer."""
        if self._kernel.control_handlers.get(REQUEST) == self.handle:
            del self._kernel.control_handlers[REQUEST]

    def handle(self, stream: object, ident: object, parent: Mapping[str, object]) -> None:
        """Hand the request in and acknowledge it; called by the kernel on its control thread."""
        content = self._acknowledge(parent.get("content"))
        self._kernel.session.send(stream, REPLY, content, parent=parent, ident=ident)

    def _acknowledge(self, content: object) -> Acknowledgement:
        asked = content if isinstance(content, dict) else {}
        accepted = asked.get("token", "") in {"", self._token}
        reply = self._hand_in(asked.get("request")) if accepted else None
        return {"accepted": accepted, "comm": self._announcer.comm_id, "greeting": self._greeting(), "reply": reply}

    def _hand_in(self, request: object) -> Reply | None:
        slip = _Slip(self._announcer.answer)
        self._desk.hand_in(request, slip.write)
        return slip.tear_off()


class _Slip:
    """The answer goes with the acknowledgement if it is there in time, else its own way."""

    def __init__(self, late: Callable[[Reply], None]) -> None:
        self._late = late
        self._reply: Reply | None = None
        self._gone = False
        self._lock = threading.Lock()

    def write(self, reply: Reply) -> None:
        with self._lock:
            if not self._gone:
                self._reply = reply
                return
        self._late(reply)

    def tear_off(self) -> Reply | None:
        with self._lock:
            self._gone = True
            return self._reply


def greeting(token: str, standing: Standing) -> Greeting:
    """Return who this kernel's session is."""
    return {"version": VERSION, "token": token, "standing": standing}

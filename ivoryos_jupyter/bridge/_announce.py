"""How does this kernel tell every open page what happens?  On one comm that only the kernel sends on.

ipykernel answers a comm on the thread that last sent on it; a comm that is never sent *to* cannot be misrouted. Changes that come
faster than a screen shows them are told as the latest one.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Protocol

from ivoryos_jupyter.bridge._messages import TARGET

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.bridge._messages import Greeting, Message, Standing
    from ivoryos_jupyter.desk import Reply
    from ivoryos_jupyter.wire import PageEvent

_log = logging.getLogger(__name__)

INTERVAL_S = 0.1
"""Least time between two standings."""


class Comm(Protocol):
    """What is needed of a comm."""

    comm_id: str

    def send(self, data: dict[str, object]) -> None:
        """Tell every page."""

    def close(self) -> None:
        """End it on every page."""


class OpenComm(Protocol):
    """Makes a comm that the kernel opens."""

    def __call__(self, *, target_name: str, data: dict[str, object]) -> Comm:
        """Open a comm to the pages that have registered `target_name`."""


class Announcer:
    """Sends answers at once, and standings as often as a screen can show them."""

    def __init__(self, open_comm: OpenComm, greeting: Greeting, standing: Callable[[], Standing]) -> None:
        """Open the comm with `greeting`; `standing` is asked for the latest one when it is to be sent."""
        self._comm = open_comm(target_name=TARGET, data=dict(greeting))
        self._standing = standing
        self._changed = threading.Event()
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def comm_id(self) -> str:
        """Id of the comm, for pages that were loaded after it was opened."""
        return self._comm.comm_id

    def answer(self, reply: Reply) -> None:
        """Send the answer to a request."""
        self._send({"type": "reply", "reply": reply})

    def tell_view(self, event: PageEvent) -> None:
        """Send what one view of a page waits for."""
        self._send({"type": "event", "view": event.view, "name": event.name, "data": event.data})

    def standing_changed(self) -> None:
        """Let every page know soon; returns at once."""
        with self._lock:
            if self._closing.is_set():
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._tell, name="ivoryos-announce", daemon=True)
                self._thread.start()
            self._changed.set()

    def close(self) -> None:
        """Say farewell, close the comm and end the thread."""
        with self._lock:
            self._closing.set()
            self._changed.set()
        if self._thread is not None:
            self._thread.join()
        self._send({"type": "farewell"})
        self._comm.close()

    def _tell(self) -> None:
        while self._changed.wait() and not self._closing.is_set():
            self._changed.clear()
            self._send({"type": "standing", "standing": self._standing()})
            self._closing.wait(INTERVAL_S)

    def _send(self, message: Message) -> None:
        try:
            self._comm.send(dict(message))
        except Exception:  # noqa: BLE001 - the kernel may be going down; a page that attaches later asks for the standing
            _log.exception("A message to the JupyterLab extension could not be sent.")

"""Which widgets belong to a session?  Its panels and views, and the counters that answer them."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Protocol, TypeVar

from ivoryos_jupyter.notebook.recovery import CaseCounter
from ivoryos_jupyter.widgets._devices import Devices
from ivoryos_jupyter.widgets._past import Past
from ivoryos_jupyter.widgets._runs import Runs
from ivoryos_jupyter.widgets._safety import Safety
from ivoryos_jupyter.wire import LimitsChanged

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.session import Session
    from ivoryos_jupyter.widgets._view import View

V = TypeVar("V", bound="View")


class Hearing(Protocol):
    """Something that is told what happens, such as a panel."""

    def hear(self, name: str, data: object) -> None:
        """Take in the event called `name`."""


class Faces:
    """The widgets of one session; ``session.one(Faces)`` gives them."""

    def __init__(self, session: Session) -> None:
        """Register what answers the widgets at the session's desk."""
        self.session = session
        self._views: dict[tuple[type, str], View] = {}
        self._listeners: weakref.WeakSet[Hearing] = weakref.WeakSet()
        self._lock = threading.Lock()
        self.devices = Devices(session, self.tell)
        self.runs = Runs(session, self.tell)
        self.past = Past(session)
        self.safety = Safety(session, self.tell)
        self.cases = session.one(CaseCounter)
        session.relay.subscribe(self._hear)
        session.limits.listen(lambda: session.relay.publish(LimitsChanged()))

    def view(self, cls: type[V], name: str, make: Callable[[], V]) -> V:
        """Return the widget of a class that shows `name`, made when there is none or it was closed."""
        found = self._views.get((cls, name))
        if isinstance(found, cls) and found.comm is not None:
            return found
        fresh = make()
        self._views[cls, name] = fresh
        self.listen(fresh)
        return fresh

    def listen(self, hearing: Hearing) -> None:
        """Tell `hearing` what happens from now on, as long as it lives."""
        with self._lock:
            self._listeners.add(hearing)

    def tell(self, name: str, data: object) -> None:
        """Tell every widget."""
        with self._lock:
            listeners = list(self._listeners)
        for one in listeners:
            one.hear(name, data)

    def _hear(self, event: object) -> None:
        self.devices.hear(event)
        self.runs.hear(event)
        self.safety.hear(event)
        if self.cases.hear(event):
            self.tell("recovery.changed", None)

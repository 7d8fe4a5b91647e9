"""How do events reach their listeners without ever holding up the runner?

Whoever publishes only appends to a queue; one thread takes events out and calls the listeners. A listener that raises is
logged and keeps nobody else from hearing. A listener that is slow makes later events of the same `key` replace earlier
ones that nobody has heard yet, so that a slow screen shows the latest state instead of falling behind.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_log = logging.getLogger(__name__)


class Relay:
    """Carries events from any thread to listeners on a thread of its own."""

    def __init__(self) -> None:
        """Make a relay; its thread starts with the first event."""
        self._listeners: dict[int, Callable[[object], None]] = {}
        self._next_id = 0
        self._events: dict[Hashable, object] = {}
        self._count = 0
        self._delivering = False
        self._closed = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def subscribe(self, listener: Callable[[object], None]) -> Callable[[], None]:
        """Call `listener` with every event from now on; return the function that ends it."""
        with self._changed:
            number = self._next_id
            self._next_id += 1
            self._listeners[number] = listener

        def unsubscribe() -> None:
            with self._changed:
                self._listeners.pop(number, None)

        return unsubscribe

    def publish(self, event: object) -> None:
        """Hand `event` in; returns at once. After `close` it is dropped.

        An event with a `key` (what it is about, for example the run) takes the place of an unheard earlier one with the same key.
        """
        with self._changed:
            if self._closed:
                return
            self._count += 1
            topic: Hashable = getattr(event, "key", None)
            place: Hashable = self._count if topic is None else (type(event), topic)
            self._events.pop(place, None)
            self._events[place] = event
            if self._thread is None:
                self._thread = threading.Thread(target=self._deliver, name="ivoryos-relay", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until everything published so far has been heard; False when `timeout` seconds were not enough."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._events and not self._delivering, timeout)

    def close(self) -> None:
        """Deliver what is left, then end the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout=5.0)

    def _deliver(self) -> None:
        while True:
            with self._changed:
                self._delivering = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._events or self._closed)
                if not self._events:
                    return
                event = self._events.pop(next(iter(self._events)))
                listeners = list(self._listeners.values())
                self._delivering = True
            for listener in listeners:
                self._tell(listener, event)

    @staticmethod
    def _tell(listener: Callable[[object], None], event: object) -> None:
        try:
            listener(event)
        except Exception:  # noqa: BLE001 - a listener may be anybody's code
            _log.exception("A listener failed on %s", type(event).__name__)

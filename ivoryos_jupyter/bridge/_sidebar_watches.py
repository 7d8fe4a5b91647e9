"""Which watched values have left their band, and has somebody seen it?"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ivoryos_jupyter.bridge._sidebar_deck import said
from ivoryos_jupyter.runner import WatchRead, WatchTripped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.bridge._sidebar_shapes import TrippedJson
    from ivoryos_jupyter.runner import Watch
    from ivoryos_jupyter.session import Session

_TELL_EVERY_US = 1_000_000
"""How often a page hears of readings of one property at most."""


class WatchBoard:
    """Keeps the latest excursion of each watched property until a person has looked."""

    def __init__(self, session: Session, changed: Callable[[], None]) -> None:
        """Let the session's desk answer; `changed` lets every page ask again."""
        self._session = session
        self._changed = changed
        self._lock = threading.Lock()
        self._trips: dict[str, WatchTripped] = {}
        self._told_us: dict[tuple[str, str], int] = {}
        session.desk.register("sidebar.watch_seen", self._see)

    def hear(self, event: object) -> bool:
        """Take an event in; tell whether something looks different now."""
        if isinstance(event, WatchTripped):
            with self._lock:
                self._trips[event.label] = event
            return True
        if not isinstance(event, WatchRead):
            return False
        due = event.at_us - self._told_us.get(event.key, 0) >= _TELL_EVERY_US
        if due:
            self._told_us[event.key] = event.at_us
        return due or event.ended or bool(event.error)

    def show(self) -> list[TrippedJson]:
        """Return the excursions that nobody has seen yet, the latest first."""
        now = {one.label: one for one in self._session.watches}
        with self._lock:
            trips = sorted(self._trips.values(), key=lambda one: -one.at_us)
        return [_tripped(one, now.get(one.label)) for one in trips]

    def band_of(self, label: str) -> str:
        """Return within which band a property is watched, and how often; empty when it is not watched."""
        found: Watch | None = next((one for one in self._session.watches if one.label == label), None)
        if found is None:
            return ""
        every = f"every {found.every_s:g} s"
        return f"{found.band.text}, {every}" if found.band.text else every

    def _see(self, params: Mapping[str, object]) -> None:
        """Take note that a person has looked."""
        with self._lock:
            self._trips.pop(str(params.get("label")), None)
        self._changed()


def _tripped(trip: WatchTripped, watch: Watch | None) -> TrippedJson:
    since = watch is not None and watch.at_us is not None and watch.at_us > trip.at_us
    return {
        "label": trip.label,
        "reason": trip.reason,
        "value": _with_unit(trip.value, trip.unit),
        "did": trip.then,
        "at_ms": trip.at_us // 1000,
        "outside": watch is not None and bool(watch.tripped),
        "watched": watch is not None,
        "now": _with_unit(watch.value, watch.band.unit) if watch is not None and since and not watch.error else "",
        "now_ms": watch.at_us // 1000 if watch is not None and watch.at_us is not None else None,
        "now_problem": watch.error if watch is not None else "",
    }


def _with_unit(value: object, unit: str) -> str:
    return "" if value is None else f"{said(value)} {unit}".rstrip()

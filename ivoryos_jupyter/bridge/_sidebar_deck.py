"""How does each instrument stand, and what was last read of it?  From what happened; nothing is asked of an instrument."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import IvoryOSError
from ivoryos_jupyter.journal import StepStatus
from ivoryos_jupyter.runner import CallChanged, StepChanged, WatchRead
from ivoryos_jupyter.schema import as_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.bridge._sidebar_shapes import DeckJson, InstrumentJson, ReadingJson
    from ivoryos_jupyter.session import Session

_LONGEST = 40
_MOST_READINGS = 3


@dataclass(frozen=True, slots=True)
class _Reading:
    root: str
    generation: int
    """Of the object that was read; another object of the same name was not."""
    name: str
    text: str
    unit: str
    at_us: int


@dataclass(frozen=True, slots=True)
class _Busy:
    root: str
    member: str
    since_us: int
    message: str = ""


class DeckBoard:
    """Follows calls and steps."""

    def __init__(self, session: Session, band_of: Callable[[str], str]) -> None:
        """Begin without a reading; `band_of` says within which band a property is watched."""
        self._session = session
        self._band_of = band_of
        self._lock = threading.Lock()
        self._readings: dict[tuple[str, str], _Reading] = {}
        self._busy: dict[int, _Busy] = {}

    def hear(self, event: object) -> bool:
        """Take an event in; tell whether the deck looks different now."""
        if isinstance(event, CallChanged):
            self._hear_call(event)
            return True
        if isinstance(event, StepChanged):
            path = event.label.rpartition(".")[0]  # its method's name tells a property's setting, which says nothing, from its reading
            read = event.status is StepStatus.DONE and self._read(path, event.method_name, event.result, event.at_us)
            return read or event.status is StepStatus.ABANDONED
        if isinstance(event, WatchRead) and not event.ended and not event.error:
            self._read(event.instrument, event.name, event.value, event.at_us)
        return False  # of a watch's readings `WatchBoard` tells

    def _hear_call(self, event: CallChanged) -> None:
        with self._lock:
            if event.status == "running":
                self._busy[event.call_id] = _Busy(_root(event.instrument), event.member, event.started_us or event.at_us, event.message)
            else:
                self._busy.pop(event.call_id, None)
        if event.status == "done":
            self._read(event.instrument, event.member, event.result, event.at_us)

    def _read(self, path: str, member: str, value: object, at_us: int) -> bool:
        """Keep `value` if it is that of a property; tell whether it is."""
        deck, root = self._session.deck, _root(path)
        try:
            found = deck.instrument(path).property(member) if path else None
            generation = deck.generation(root)
        except IvoryOSError:
            return False
        if found is None:
            return False
        name = f"{path[len(root) :]}.{member}".lstrip(".")
        with self._lock:
            self._readings[root, name] = _Reading(root, generation, name, said(value), found.value.unit, at_us)
        return True

    def show(self) -> DeckJson:
        """Return the deck as it stands."""
        deck = self._session.deck
        rows = [self._instrument(name) for name in deck.names]
        return {"name": deck.name, "offline": deck.offline is not None, "instruments": rows}

    def _instrument(self, name: str) -> InstrumentJson:
        session = self._session
        try:
            kind = session.deck.instrument(name).type_name.rpartition(":")[2]
        except IvoryOSError:
            kind = ""
        row: InstrumentJson = {"name": name, "type": kind, "state": "idle", "text": "idle", "since_ms": None, "readings": []}
        row["readings"] = self._shown_readings(name)
        busy = self._busy_with(name)
        holder = "" if busy else self._holder(name)
        if name in session.pipeline.untrusted:  # first, for it is the notebook's own, whatever deck is designed with
            row["state"], row["text"] = "untrusted", f"not trusted: {session.pipeline.why_untrusted(name)}"
        elif session.deck.offline is not None:
            row["state"], row["text"] = "offline", "only described"
        elif busy is not None:
            row["state"], row["text"], row["since_ms"] = "busy", busy.message or busy.member, busy.since_us // 1000
        elif holder:
            row["state"], row["text"] = "held", f"held by {holder}"
        return row

    def _shown_readings(self, root: str) -> list[ReadingJson]:
        generation = self._session.deck.generation(root)
        with self._lock:
            mine = [one for one in self._readings.values() if one.root == root and one.generation == generation]
        shown = [(one, self._band_of(f"{one.root}{'' if one.name.startswith('[') else '.'}{one.name}")) for one in mine]
        shown.sort(key=lambda one: (not one[1], -one[0].at_us))
        return [
            {"name": one.name, "text": one.text, "unit": one.unit, "at_ms": one.at_us // 1000, "watched": band}
            for one, band in shown[:_MOST_READINGS]
        ]

    def _busy_with(self, root: str) -> _Busy | None:
        with self._lock:
            return next((one for one in self._busy.values() if one.root == root), None)

    def _holder(self, name: str) -> str:
        session = self._session
        try:
            key = session.pipeline.locks.held_by_run(session.deck.resolve(name))
            return session.runner.status(key).name if key else ""
        except IvoryOSError:
            return ""


def said(value: object) -> str:
    """Return a value in a few words; the repr of an unknown object, which might talk to hardware, is never asked for."""
    if isinstance(value, Enum):
        text = value.name
    elif isinstance(value, float):
        text = f"{value:.6g}"
    elif value is None or isinstance(value, (bool, int, str)):
        text = as_text(value)
    elif isinstance(value, (list, tuple)) and len(value) <= _MOST_READINGS:
        text = ", ".join(said(one) for one in value)
    else:
        text = type(value).__name__
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _root(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]

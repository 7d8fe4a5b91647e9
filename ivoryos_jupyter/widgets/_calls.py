"""What was called, and what came of it?  The log that every panel of a deck shows, kept in the kernel."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import IvoryOSError
from ivoryos_jupyter.schema import SETTER, Property, Returns
from ivoryos_jupyter.widgets._call_text import call_text
from ivoryos_jupyter.widgets._forms import parameters_of
from ivoryos_jupyter.widgets._lookup import member_at
from ivoryos_jupyter.widgets._showing import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.introspect import Deck
    from ivoryos_jupyter.runner import CallChanged
    from ivoryos_jupyter.schema import Method, Parameter, Plain
    from ivoryos_jupyter.widgets._shapes import EntryJson, ErrorJson

KEPT = 500
_STATES = {"in line": "waiting", "running": "running", "done": "done"}


class LoggedCall:
    """One call of the log, with the arguments to make it again."""

    __slots__ = ("arguments", "entry", "parameters")

    def __init__(self, entry: EntryJson, arguments: Mapping[str, Plain], parameters: tuple[Parameter, ...]) -> None:
        """Keep what is shown and what was sent."""
        self.entry = entry
        self.arguments = arguments
        self.parameters = parameters


class CallLog:
    """The latest direct calls on a deck, by whomever they were made."""

    def __init__(self, deck: Deck) -> None:
        """Begin empty; `deck` knows the members that are called."""
        self._deck = deck
        self._calls: dict[int, LoggedCall] = {}
        self._lock = threading.Lock()

    def hear(self, event: CallChanged) -> EntryJson:
        """Take in what happened to a call; return its entry as it is now."""
        with self._lock:
            known = self._calls.get(event.call_id)
        logged = known or self._new(event)
        entry: EntryJson = {**logged.entry, "state": _STATES.get(event.status, "failed")}  # type: ignore[typeddict-item]  # one of the five
        at_ms = event.at_us // 1000
        if event.status == "running":
            entry["started_ms"] = at_ms if event.started_us is None else event.started_us // 1000
            entry["message"] = event.message
        elif event.status != "in line":
            entry = self._ended(entry, event, at_ms)
        with self._lock:
            logged.entry = entry
            self._calls[event.call_id] = logged
            while len(self._calls) > KEPT:
                del self._calls[next(iter(self._calls))]
        return entry

    def _new(self, event: CallChanged) -> LoggedCall:
        setting = event.member.endswith(SETTER)
        member = event.member.removesuffix(SETTER)
        schema = self._schema(event.instrument, member)
        reading = isinstance(schema, Property) and not setting
        operation = "set" if setting else "get" if reading else "call"
        parameters = parameters_of(schema, operation) if schema is not None else ()
        entry: EntryJson = {
            "id": str(event.call_id),
            "target": event.instrument,
            "member": member,
            "operation": operation,
            "call": call_text(event.instrument, member, operation, event.arguments, parameters, schema),
            "state": "waiting",
            "origin": event.origin,
            "started_ms": event.at_us // 1000 if event.started_us is None else event.started_us // 1000,
            "ended_ms": None,
            "result": None,
            "error": None,
            "prints": "",
            "message": "",
        }
        return LoggedCall(entry, event.arguments, parameters)

    def _ended(self, entry: EntryJson, event: CallChanged, at_ms: int) -> EntryJson:
        started = entry["started_ms"] if event.started_us is None else event.started_us // 1000
        ended: EntryJson = {**entry, "started_ms": started, "ended_ms": at_ms, "prints": event.prints, "message": ""}
        if event.status == "done":
            schema = self._schema(entry["target"], entry["member"])
            shown = entry["operation"] != "set"
            ended["result"] = show(event.result, _unit(schema), self._name_of(event.result)) if shown else None
        else:
            ended["error"] = error_json(event.error or f"The call was {event.status}.")
        return ended

    def _schema(self, path: str, member: str) -> Method | Property | None:
        try:
            return member_at(self._deck, path, member)
        except IvoryOSError:
            return None

    def _name_of(self, value: object) -> str:
        """Return the name of the instrument that `value` is, so that nobody asks the hardware what it is called."""
        if value is None or isinstance(value, (bool, int, float, str)):
            return ""
        return next((name for name in self._deck.names if self._is(name, value)), "")

    def _is(self, name: str, value: object) -> bool:
        try:
            return self._deck.resolve(name) is value
        except IvoryOSError:
            return False

    def entries(self, focus: str = "") -> list[EntryJson]:
        """Return the entries, oldest first; those of one instrument and its parts when `focus` names it."""
        with self._lock:
            entries = [call.entry for call in self._calls.values()]
        return [one for one in entries if not focus or belongs(one["target"], focus)]

    def find(self, number: object) -> LoggedCall | None:
        """Return the call with this id, or None when the log no longer has it."""
        with self._lock:
            return self._calls.get(int(number)) if isinstance(number, str) and number.isdigit() else None

    def under_way(self) -> dict[str, str]:
        """Return what runs on each root instrument, by its name."""
        with self._lock:
            running = [call.entry for call in self._calls.values() if call.entry["state"] == "running"]
        return {root(one["target"]): one["member"] for one in running}


def belongs(path: str, focus: str) -> bool:
    """Whether `path` is the instrument `focus` or a part of it."""
    return path == focus or path.startswith((f"{focus}.", f"{focus}["))


def root(path: str) -> str:
    """Return the name at the root of `path`."""
    return path.partition(".")[0].partition("[")[0]


def error_json(text: str) -> ErrorJson:
    """Return an error, the driver's own words apart from the traceback."""
    message, mark, trace = text.partition("\n\nTraceback")
    return {"message": message.strip(), "detail": (mark + trace).strip()}


def _unit(schema: Method | Property | None) -> str:
    if isinstance(schema, Property):
        return schema.value.unit
    returns = schema.returns if schema is not None else Returns()
    return returns.unit

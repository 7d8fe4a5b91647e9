"""What do the panels ask of the kernel, and what are they told?  One counter per session, shared by all its panels."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import (
    BusyError,
    CommandError,
    IvoryOSError,
    ProblemsError,
    SafetyFileError,
    UnknownNameError,
)
from ivoryos_jupyter.runner import Call, CallChanged, RunChanged
from ivoryos_jupyter.schema import Limits, Property
from ivoryos_jupyter.session import DeckChanged
from ivoryos_jupyter.widgets._call_text import call_text
from ivoryos_jupyter.widgets._calls import CallLog, root
from ivoryos_jupyter.widgets._candidates import candidates_in
from ivoryos_jupyter.widgets._forms import fields_json, parameters_of, recorded_name
from ivoryos_jupyter.widgets._given import form_of, read_form
from ivoryos_jupyter.widgets._limit_counter import LimitCounter
from ivoryos_jupyter.widgets._listing import instrument_row, left_out_rows
from ivoryos_jupyter.widgets._lookup import instrument_at, member_at, paths
from ivoryos_jupyter.widgets._new_device import NewDevices
from ivoryos_jupyter.widgets._preferences import Preferences
from ivoryos_jupyter.widgets._recording import Recording
from ivoryos_jupyter.widgets._reports import check_json, problems_json, reading_notes
from ivoryos_jupyter.widgets._standing import standing_of
from ivoryos_jupyter.widgets._to_step import StepKeeper
from ivoryos_jupyter.wire import LimitsChanged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.schema import Method, Parameter
    from ivoryos_jupyter.session import Session
    from ivoryos_jupyter.widgets._given import FormReading
    from ivoryos_jupyter.widgets._shapes import CheckJson, EntryJson, FormJson, InstrumentRow, ListingJson, StatusJson

    Params = Mapping[str, object]

_OPERATIONS = ("call", "get", "set")
_AT_HAND = {f"control.{name}" for name in ("list", "form", "check", "call", "log", "preferences", "trust")}
"""What asks the records for nothing that it waits for; the others look into the library, or make a device."""


class Devices:
    """Answers the requests of all panels of one session."""

    def __init__(self, session: Session, tell: Callable[[str, object], None]) -> None:
        """Let the session's desk answer the panels' requests; `tell` reaches every panel."""
        self._session = session
        self._tell = tell
        self._lock = threading.Lock()
        self._telling = threading.Lock()  # an earlier standing must not follow a later one
        self._drafts: dict[tuple[str, str, str], dict[str, object]] = {}
        self._told: dict[str, StatusJson] = {}
        self._preferences: dict[str, Preferences] = {}
        self.log = CallLog(session.deck)
        self._candidates = candidates_in(session.deck)
        self._new = NewDevices(session, tell, self._candidates)
        self._steps = StepKeeper(session, self.log)
        self.recording = Recording(session, tell)
        LimitCounter(session).register()
        self._register()

    def _register(self) -> None:
        handlers: dict[str, Callable[[Params], object]] = {
            "control.list": self._list,
            "control.form": self._form,
            "control.check": self._check,
            "control.call": self._call,
            "control.log": lambda params: self.log.entries(str(params.get("focus") or "")),
            "control.entry": self._entry,
            "control.step": self._steps.append,
            "control.record": self.recording.switch,
            "control.recording": lambda _: {**self.recording.state(), "workflows": self._steps.workflows()},
            "control.preferences": self._prefer,
            "control.trust": self._trust,
            "control.classes": self._new.classes,
            "control.class_form": self._new.form,
            "control.check_device": self._new.check,
            "control.new_device": self._new.make,
        }
        for name, handler in handlers.items():
            self._session.desk.register(name, handler, at_hand=name in _AT_HAND)
        self._session.desk.register("control.cancel", self._cancel, immediate=True)

    def hear(self, event: object) -> None:
        """Take in what happens, and tell the panels what concerns them."""
        if isinstance(event, CallChanged):
            entry = self.log.hear(event)
            self._tell("control.entry", entry)
            self._record(entry)
            self._tell_standing()
        elif isinstance(event, RunChanged):
            self._tell_standing()
        elif isinstance(event, DeckChanged):
            with self._telling:
                self._told = {}
            self._tell("control.deck", None)
        elif isinstance(event, LimitsChanged):
            self._tell("control.limits", None)

    def _record(self, entry: EntryJson) -> None:
        logged = self.log.find(entry["id"]) if entry["state"] == "done" else None
        if logged is not None:
            self.recording.hear(logged)

    def _tell_standing(self) -> None:
        with self._telling:
            now = {name: standing_of(self._session, name, self.log) for name in paths(self._session.deck)}
            if now != self._told:
                self._told = now
                self._tell("control.status", now)

    def _list(self, params: Params) -> ListingJson:
        deck, focus = self._session.deck, str(params.get("focus") or "")
        parts = params.get("parts")
        limits, warning = self._limits()
        rows: list[InstrumentRow] = []
        for name in [focus] if focus else paths(deck):
            rows += self._rows(name, [str(one) for one in parts] if isinstance(parts, list) else [], limits)
        return {
            "deck": deck.name,
            "offline": self._offline,
            "instruments": rows,
            "left_out": left_out_rows(deck.left_out),
            "preferences": self._kept().kept,
            "warning": warning,
        }

    @property
    def _offline(self) -> bool:
        return self._session.deck.offline is not None

    def _rows(self, path: str, parts: list[str], limits: Limits) -> list[InstrumentRow]:
        """Return the row of an instrument, and after it those of its opened parts."""
        try:
            instrument = instrument_at(self._session.deck, path)
        except IvoryOSError:
            return []
        rows = [instrument_row(instrument, limits, self._candidates, standing_of(self._session, path, self.log))]
        for child in instrument.children:
            if path + child.path in parts:
                rows += self._rows(path + child.path, parts, limits)
        return rows

    def _limits(self) -> tuple[Limits, str]:
        try:
            return self._session.limits.current(), ""
        except SafetyFileError as error:
            return Limits(), str(error)

    def _kept(self) -> Preferences:
        name = self._session.deck.name
        with self._lock:
            if name not in self._preferences:
                self._preferences[name] = Preferences(self._session.folder.pseudo_deck(name).with_suffix(".panel.json"))
            return self._preferences[name]

    def _prefer(self, params: Params) -> object:
        kept = self._kept().keep(params.get("preferences"))
        self._tell("control.preferences", kept)
        return kept

    def _trust(self, params: Params) -> bool:
        trusted = self._session.pipeline.trust(root(str(params.get("target"))))
        self._tell_standing()
        return trusted

    def _schema(self, params: Params) -> tuple[str, str, str, Method | Property]:
        target, member, operation = (params.get(one) for one in ("target", "member", "operation"))
        if not isinstance(target, str) or not isinstance(member, str) or operation not in _OPERATIONS:
            raise CommandError("A request of a panel names target, member and operation.")
        return target, member, str(operation), member_at(self._session.deck, target, member)

    def _form(self, params: Params) -> FormJson:
        target, member, operation, found = self._schema(params)
        limits, _ = self._limits()
        recorded = recorded_name(member, operation)
        variants = () if isinstance(found, Property) else found.variants
        return {
            "target": target,
            "member": member,
            "operation": operation,
            "title": f"{target}.{member}",
            "fields": fields_json(parameters_of(found, operation), self._candidates, limits, target, recorded),
            "variants": [fields_json(one, self._candidates, limits, target, recorded) for one in variants],
            "doc": found.doc,
            "note": found.note,
            "draft": self._drafts.get((target, member, operation), {}),  # type: ignore[typeddict-item]  # it came from a form
        }

    def _read(self, params: Params) -> tuple[Params, tuple[Parameter, ...], FormReading, CheckJson]:
        target, member, operation, found = self._schema(params)
        given = params.get("given")
        given = given if isinstance(given, dict) else {}
        parameters = parameters_of(found, operation)
        reading = read_form(parameters, given)
        limits, _ = self._limits()
        over = limits.check(target, recorded_name(member, operation), reading.arguments, parameters) if operation != "get" else []
        said = call_text(target, member, operation, reading.arguments, parameters, found)
        notes = reading_notes(parameters, given, reading.arguments)
        return given, parameters, reading, check_json([*reading.problems, *over], reading.missing, said, notes)

    def _check(self, params: Params) -> CheckJson:
        given, _, _, check = self._read(params)
        self._drafts[str(params["target"]), str(params["member"]), str(params["operation"])] = dict(given)
        return check

    def _call(self, params: Params) -> object:
        _, _, reading, check = self._read(params)
        unusable = [*reading.problems, *reading.missing]
        if unusable:
            return {"problems": problems_json(unusable)}
        call = Call(
            str(params["target"]),
            str(params["member"]),
            str(params["operation"]),  # type: ignore[arg-type]  # `_schema` has checked it
            reading.arguments,
            operator=self._session.surroundings.operator,
            take_over=params.get("take_over") is True,
        )
        try:
            handle = self._session.pipeline.submit(call, wait_in_line=params.get("wait_in_line") is True)
        except ProblemsError as error:
            return {"problems": problems_json(error.problems)}
        except BusyError as error:
            return {"busy": str(error), "take_over": self._can_take_over(call)}
        return {"call_id": str(handle.call_id), "call": check["call"]}

    def _cancel(self, params: Params) -> bool:
        """Ask a direct call to stop, by whomever it was made; say whether it was still under way."""
        number = params.get("id")
        if not isinstance(number, str) or not number.isdigit():
            raise CommandError("control.cancel needs the id of the call, as text.")
        stopped = self._session.pipeline.cancel(int(number))
        if not stopped and self.log.find(number) is None:
            raise UnknownNameError(f"There is no call with the id {number}. It can be stopped only in the kernel where it was made.")
        return stopped

    def _can_take_over(self, call: Call) -> bool:
        standing = standing_of(self._session, call.root, self.log)
        return not call.take_over and (standing["state"] == "held" or self._session.held_elsewhere(call.root))

    def _entry(self, params: Params) -> object:
        logged = self.log.find(params.get("id"))
        if logged is None:
            raise UnknownNameError("This entry is no longer in the log.")
        return {
            "code": logged.entry["call"],
            "given": form_of(logged.parameters, logged.arguments),
            "workflows": self._steps.workflows(),
        }

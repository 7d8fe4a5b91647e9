"""How does a new device come into the notebook?  Its class, the form of its constructor, a name; then it is made."""

from __future__ import annotations

import importlib
import keyword
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CommandError, ConversionError, Problem, UnknownNameError
from ivoryos_jupyter.introspect import constructor
from ivoryos_jupyter.journal import CallIntent, StepOutcome, StepStatus
from ivoryos_jupyter.runner import Job, error_text
from ivoryos_jupyter.schema import did_you_mean, encode
from ivoryos_jupyter.widgets._call_text import call_text
from ivoryos_jupyter.widgets._forms import field_json
from ivoryos_jupyter.widgets._given import read_form
from ivoryos_jupyter.widgets._reports import check_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.introspect import Member
    from ivoryos_jupyter.runner import Flight
    from ivoryos_jupyter.schema import Live, Plain
    from ivoryos_jupyter.session import Session
    from ivoryos_jupyter.widgets._given import FormReading
    from ivoryos_jupyter.widgets._shapes import CheckJson

NAME = "(name)"
"""Field under which problems of the device's name stand."""
_OURS = ("ivoryos_jupyter", "IPython", "ipywidgets", "builtins", "typing", "ipykernel", "traitlets")
_FAKES = "ivoryos_jupyter.testing"


def is_device_class(value: object) -> bool:
    """Whether an object of the notebook is a class that may be the class of a device."""
    if not isinstance(value, type) or issubclass(value, BaseException):
        return False
    module = value.__module__
    return module.startswith(_FAKES) or module.partition(".")[0] not in _OURS


class NewDevices:
    """Finds classes, shows their forms, makes devices."""

    def __init__(self, session: Session, tell: Callable[[str, object], None], candidates: Callable[[Live], list[str]]) -> None:
        """Make devices for `session`; `tell` says what became of them."""
        self._session = session
        self._tell = tell
        self._candidates = candidates

    def classes(self, _: Mapping[str, object]) -> object:
        """Return the classes of the notebook that a device may be made from."""
        found = {name: value for name, value in self._names().items() if not name.startswith("_") and is_device_class(value)}
        return [{"reference": name, "summary": _first_line(value)} for name, value in sorted(found.items())]

    def form(self, params: Mapping[str, object]) -> object:
        """Return the form of a class's constructor."""
        reference = _text(params, "reference").strip()
        cls = self._find(reference)
        member = constructor(cls)
        return {
            "reference": reference,
            "name": self._free_name(cls),
            "fields": [field_json(one, self._candidates) for one in member.method.parameters],
            "doc": member.method.summary,
        }

    def check(self, params: Mapping[str, object]) -> CheckJson:
        """Return what is wrong with the form and the name, and how the call reads."""
        return self._read(params)[2]

    def make(self, params: Mapping[str, object]) -> CheckJson:
        """Begin to make the device, unless something is wrong; ``control.made`` tells what became of it."""
        member, reading, check = self._read(params)
        if check["problems"] or check["missing"]:
            return check
        name = _text(params, "name")
        self._begin(name, member, reading.arguments)
        return check

    def _read(self, params: Mapping[str, object]) -> tuple[Member, FormReading, CheckJson]:
        reference, name, given = _text(params, "reference").strip(), _text(params, "name"), params.get("given")
        cls = self._find(reference)
        member = constructor(cls, name)
        reading = read_form(member.method.parameters, given if isinstance(given, dict) else {})
        made = call_text("blocks", cls.__qualname__, "call", reading.arguments, member.method.parameters)
        problems = [*self._name_problems(name), *reading.problems]
        return member, reading, check_json(problems, reading.missing, f"{name or '…'} = {made}")

    def _name_problems(self, name: str) -> list[Problem]:
        if not name.isidentifier() or keyword.iskeyword(name):
            return [Problem(NAME, "a name of Python: letters, digits and _, and no digit first", name)]
        if name in self._names():
            return [Problem(NAME, "this name is taken in the notebook; choose another", name)]
        return []

    def _begin(self, name: str, member: Member, arguments: Mapping[str, Plain]) -> None:
        session = self._session
        bind = session.surroundings.bind
        if bind is None:
            raise CommandError("A device can be made in a notebook only.")
        args, kwargs = member.live_arguments(arguments, session.deck.resolve)
        recorded = {one: encode(value) for one, value in arguments.items()}
        now = session.pipeline.clock.now_us()
        row = session.store.intend_call(CallIntent(f"deck.{name}.__init__", name, recorded, now, session.surroundings.operator))

        def done(flight: Flight) -> None:
            session.pipeline.clerk.put(lambda: self._keep(row, name, flight, bind))

        session.executor.start(Job(member.target, args, kwargs, instrument=name), done)

    def _keep(self, row: int, name: str, flight: Flight, bind: Callable[[str, object], None]) -> None:
        ended, now = flight.ended, self._session.pipeline.clock.now_us()
        error = "" if ended is None or ended.error is None else error_text(ended.error)
        status = StepStatus.FAILED if error else StepStatus.DONE
        self._session.store.settle_call(row, StepOutcome(status, now, error=error or None, prints=flight.prints))
        if not error and ended is not None:
            bind(name, ended.result)
            self._session.refresh()
        self._tell("control.made", {"name": name, "error": error.partition("\n\nTraceback")[0]})

    def _names(self) -> Mapping[str, object]:
        return self._session.surroundings.names()

    def _free_name(self, cls: type) -> str:
        stem = cls.__name__.lower()
        names = self._names()
        tries = [stem, *(f"{stem}_{number}" for number in range(2, len(names) + 3))]
        return next(one for one in tries if one not in names)

    def _find(self, reference: str) -> type:
        """Return the class that `reference` names: one of the notebook, or ``module:Class`` of an importable module."""
        names = self._names()
        found = names.get(reference)
        if found is None:
            found = _imported(reference, [name for name, value in names.items() if is_device_class(value)])
        if not isinstance(found, type):
            raise _bad(f"{reference} is no class; name a class of this notebook, or package.module:Class")
        return found


def _imported(reference: str, known: list[str]) -> object:
    module_name, _, class_name = reference.partition(":") if ":" in reference else reference.rpartition(".")
    if not module_name or not class_name:
        raise UnknownNameError(f"the notebook has no class {reference!r}{did_you_mean(reference, known)}")
    try:
        found: object = importlib.import_module(module_name)
        for part in class_name.split("."):
            found = getattr(found, part)
    except Exception as error:
        raise _bad(f"{reference} cannot be imported: {type(error).__name__}: {error}") from error
    return found


def _bad(message: str) -> ConversionError:
    return ConversionError([Problem("reference", message)], message)


def _text(params: Mapping[str, object], name: str) -> str:
    value = params.get(name)
    if not isinstance(value, str):
        raise CommandError(f"The request lacks {name}.")
    return value


def _first_line(value: object) -> str:
    doc = getattr(value, "__doc__", None)
    return doc.strip().partition("\n")[0] if isinstance(doc, str) and doc.strip() else ""

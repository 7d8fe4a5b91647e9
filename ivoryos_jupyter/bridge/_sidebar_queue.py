"""Which runs wait, can they run, and what may a person do with them?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CommandError, ConversionError, IvoryOSError, Problem, SafetyFileError
from ivoryos_jupyter.remembered import Remembered
from ivoryos_jupyter.runner import QueueChanged
from ivoryos_jupyter.workflow import check, check_budgets, from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.bridge._sidebar_shapes import EntryJson, QueueJson
    from ivoryos_jupyter.journal import RunRequest
    from ivoryos_jupyter.rules import Rules
    from ivoryos_jupyter.schema import DeckSchema, Limits
    from ivoryos_jupyter.session import Session

    Params = Mapping[str, object]

_LONGEST_NAME = 128
_LATEST_MS = 4_102_444_800_000
"""The year 2100; what lies behind it is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class _Checked:
    """What was found in a submission, and on which deck under which limits."""

    version: str
    rows: object
    schema: DeckSchema
    limits: Limits
    rules: Rules
    problem: str


class QueueCounter:
    """Shows the queue, and does with it what a person wants."""

    def __init__(self, session: Session) -> None:
        """Let the session's desk answer the requests about its queue."""
        self._session = session
        self._requests = Remembered(lambda: [entry.request for entry in session.runner.queue.entries])
        self._checked: dict[str, _Checked] = {}
        register = session.desk.register
        register("queue.hold", self._hold, immediate=True)
        register("queue.release", self._release, immediate=True)
        handlers: dict[str, Callable[[Params], None]] = {
            "queue.hold_entry": self._hold_entry,
            "queue.stop_here": self._stop_here,
            "queue.not_before": self._not_before,
            "queue.reorder": self._reorder,
            "queue.rename": self._rename,
            "queue.remove": self._remove,
        }
        for name, handler in handlers.items():
            register(name, handler)

    def hear(self, event: object) -> bool:
        """Take an event in; tell whether the queue may be another one now."""
        if isinstance(event, QueueChanged):
            self._requests.forget()
            return True
        return False

    def show(self) -> QueueJson:
        """Return the queue; raise `RecordsError` when it cannot be read."""
        queue = self._session.runner.queue
        return {"on_hold": queue.on_hold, "reason": queue.reason, "entries": [self._entry(one) for one in self._requests.get()]}

    def _entry(self, request: RunRequest) -> EntryJson:
        later = request.not_before_us
        return {
            "key": request.key,
            "name": request.name,
            "workflow": request.workflow_name,
            "rows": None if request.rows is None else len(request.rows),
            "repeat": request.repeat,
            "held": request.held,
            "stop_here": request.stop_here,
            "not_before_ms": None if later is None else later // 1000,
            "problem": self._problem(request),
        }

    def _problem(self, request: RunRequest) -> str:
        """Return why a waiting run cannot run as things stand; checked anew only when something it depends on has changed."""
        schema = self._session.deck.schema()
        try:
            limits, rules = self._session.limits.current(), self._session.rules.file.current()
        except SafetyFileError as error:
            return str(error)
        known = self._checked.get(request.key)
        same = known is not None and known.schema is schema and known.limits is limits and known.rules is rules
        if known is not None and same and (known.version, known.rows) == (request.version, request.rows):
            return known.problem
        problem = _first_error(request, schema, limits, rules)
        self._checked[request.key] = _Checked(request.version, request.rows, schema, limits, rules, problem)
        return problem

    # What a person wants

    def _hold(self, _: Params) -> None:
        self._session.runner.queue.hold("You hold it.")

    def _release(self, _: Params) -> None:
        self._session.runner.queue.release()

    def _hold_entry(self, params: Params) -> None:
        held = params.get("held")
        if not isinstance(held, bool):
            raise ConversionError([Problem("held", "say true or false", str(held))])
        self._session.runner.queue.set_held(_key(params), held=held)

    def _stop_here(self, params: Params) -> None:
        stop = params.get("stop")
        if not isinstance(stop, bool):
            raise ConversionError([Problem("stop", "say true or false", str(stop))])
        self._session.runner.queue.set_stop_here(_key(params), stop=stop)

    def _not_before(self, params: Params) -> None:
        at_ms = params.get("at_ms")
        if at_ms is None:
            moment = None
        elif isinstance(at_ms, (int, float)) and not isinstance(at_ms, bool) and 0 < at_ms < _LATEST_MS:
            moment = datetime.fromtimestamp(at_ms / 1000, tz=timezone.utc)
        else:
            raise ConversionError([Problem("at_ms", "give a date and a time that will come", str(at_ms))])
        self._session.runner.queue.set_not_before(_key(params), moment)

    def _reorder(self, params: Params) -> None:
        keys = params.get("keys")
        if not isinstance(keys, list) or not all(isinstance(one, str) for one in keys):
            raise ConversionError([Problem("keys", "name the waiting runs in their new order", str(keys))])
        self._session.runner.queue.reorder(keys)

    def _rename(self, params: Params) -> None:
        key, name = _key(params), params.get("name")
        name = name.strip() if isinstance(name, str) else ""
        if not name or len(name) > _LONGEST_NAME:
            raise ConversionError([Problem("name", f"a name has 1 to {_LONGEST_NAME} characters", name)])
        queue = self._session.runner.queue
        request = next((entry.request for entry in queue.entries if entry.request.key == key), None)
        if request is None:
            raise CommandError("This run waits no longer in the queue, so it cannot be renamed there.")
        if request.name != name:
            queue.replace(replace(request, name=name))

    def _remove(self, params: Params) -> None:
        key = _key(params)
        runner = self._session.runner
        if all(entry.request.key != key for entry in runner.queue.entries):
            raise CommandError("This run waits no longer in the queue; if it has begun, stop it.")
        runner.remove(key)


def _key(params: Params) -> str:
    key = params.get("key")
    if not isinstance(key, str):
        raise CommandError("The request names no run.")
    return key


def _first_error(request: RunRequest, schema: DeckSchema, limits: Limits, rules: Rules) -> str:
    """Return the first error in words, and how many follow; empty when there is none."""
    try:
        workflow = from_json(request.workflow)
    except IvoryOSError as error:
        return str(error)
    budgets = [(one, 0.0) for one in rules.budgets if one.per == "run"]
    found = check(workflow, schema, limits=limits, rows=request.rows)
    found += check_budgets(workflow, schema, budgets, rows=request.rows, repeat=request.repeat, batch_size=request.batch_size)
    errors = [one for one in found if one.severity == "error"]
    if not errors:
        return ""
    first = errors[0]
    place = f"{first.field}: " if first.field.startswith("row") else ""
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{place}{first.message}{more}"

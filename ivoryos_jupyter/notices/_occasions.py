"""When is somebody to be told?  From the runner's events: a question opened or closed, a run ended or could not begin."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import Outcome
from ivoryos_jupyter.notices._notice import Kind, Notice, written
from ivoryos_jupyter.runner import State
from ivoryos_jupyter.schema import plain_to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ivoryos_jupyter.runner import MadeSafe, Question, RunStatus, WatchTripped
    from ivoryos_jupyter.schema import Plain

_LONGEST = 200
_PATIENCE_S = {"records": 10.0}
"""Seconds before a question counts as one for a person: a database that is locked is usually back at once."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where all this happens."""

    operator: str = ""
    host: str = ""
    notebook: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something to tell."""

    kinds: tuple[Kind, ...]
    """What it is, the most telling first: a failed step is an error, and the run waits."""
    notice: Notice
    patience_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Closed:
    """A question is open no longer."""

    question: str


class Occasions:
    """Follows the runs of one session."""

    def __init__(self, place: Place, known: Iterable[RunStatus] = ()) -> None:
        """Begin with how runs stand now, which is no news."""
        self._place = place
        self._open: dict[str, str] = {}
        self._over: set[str] = set()
        self._failed: set[str] = set()
        """Runs whose error somebody was asked about already."""
        self._stuck: dict[str, str] = {}
        """Why waiting runs could not begin, by key."""
        for status in known:
            self.hear(status)

    def hear(self, status: RunStatus) -> list[Occasion | Closed]:
        """Take in how a run stands; return what is new."""
        if status.recalled or status.key in self._over:
            return []
        found: list[Occasion | Closed] = []
        question, before = status.question, self._open.get(status.key)
        if before is not None and (question is None or question.id != before):
            found.append(Closed(self._open.pop(status.key)))
        if question is not None and question.id != before:
            self._open[status.key] = question.id
            found.append(asked(status, question, self._place))
            if question.kind == "error":
                self._failed.add(status.key)
        if status.ended:
            self._over.add(status.key)
            if status.run_id is not None:
                found.append(ended(status, self._place, known=status.key in self._failed))
        elif status.state is State.QUEUED and status.message and self._stuck.get(status.key) != status.message:
            self._stuck[status.key] = status.message
            found.append(could_not_begin(status, self._place))
        return found


def asked(status: RunStatus, question: Question, place: Place) -> Occasion:
    """Return the occasion that a run asks something."""
    failed = question.kind == "error"
    error = _cut(question.error.partition("\n")[0]) if failed else ""
    arguments = _texts(question.arguments) if failed else {}
    options = tuple(_said(one) for one in question.options)
    where = f", row {status.iteration} of {status.iterations}" if status.phase == "script" and status.iterations > 1 else ""
    lines = {
        "Run": f"{status.name}{_number(status)}{where}",
        "Step": _call(question.label, arguments) if failed else "",
        "Error": error,
        "It asks": "" if failed else _cut(question.message),
        "Value": ", ".join(options) or question.type if question.kind == "input" else "",
        "Choices": ", ".join(question.choices),
        **_place_lines(place),
    }
    notice = Notice(
        "error" if failed else "wait",
        f"{status.name} waits for you: {_cut(question.message)}",
        written(lines, status.at_us),
        status.at_us,
        status.name,
        status.key,
        status.run_id,
        question=_cut(question.message),
        question_id=question.id,
        choices=tuple(question.choices),
        options=options,
        step=question.label,
        arguments=arguments,
        error=error,
        operator=place.operator,
        host=place.host,
        notebook=place.notebook,
    )
    return Occasion(("error", "wait") if failed else ("wait",), notice, _PATIENCE_S.get(question.kind, 0.0))


def ended(status: RunStatus, place: Place, *, known: bool) -> Occasion:
    """Return the occasion that a run ended; that it failed is no news when its error is `known`."""
    failed = status.outcome is Outcome.FAILED and not known
    error = _cut((status.error or status.cleanup_error or "").partition("\n")[0])
    lines = {
        "Run": f"{status.name}{_number(status)}",
        "Ended": status.sentence,
        "Error": _cut((status.error or "").partition("\n")[0]),
        "In cleanup": _cut((status.cleanup_error or "").partition("\n")[0]),
        **_place_lines(place),
    }
    notice = _about(status, "end", f"{status.name}: {status.sentence}", lines, place, error)
    return Occasion(("end", "error") if failed else ("end",), notice)


def could_not_begin(status: RunStatus, place: Place) -> Occasion:
    """Return the occasion that a waiting run could not begin, which holds up the queue."""
    lines = {"Run": status.name, "Error": _cut(status.message), "Queue": "on hold", **_place_lines(place)}
    return Occasion(("error",), _about(status, "error", f"{status.name} {_cut(status.message)}", lines, place, _cut(status.message)))


def made_safe(report: MadeSafe, place: Place) -> Occasion:
    """Return the occasion that somebody asked for make safe, once every handler was called."""
    lines = {
        "Made safe": report.sentence,
        "Stopped": report.run,
        "Not trusted": ", ".join(report.untrusted),
        "Problems": _cut("; ".join(report.problems)),
        "Known": "what was called and what came back; whether the hardware is safe, only a look at it can tell",
        **_place_lines(place),
    }
    title = f"Make safe was asked for: {_cut(report.sentence)}"
    at_us = report.ended_us or report.started_us
    text = written(lines, at_us)
    notice = Notice("safe", title, text, at_us, report.run, operator=place.operator, host=place.host, notebook=place.notebook)
    return Occasion(("safe",), notice)


def left_band(event: WatchTripped, place: Place) -> Occasion:
    """Return the occasion that a watched value has left its band, or cannot be seen any more."""
    done = {"pause": "the run is paused", "make safe": "everything is made safe", "notify": "nothing but to tell"}
    lines = {
        "Watched": event.label,
        "Seen": _cut(event.reason),
        "Done": done.get(event.then, f"{event.then}() is called"),
        "Run": "" if event.run_id is None else f"run {event.run_id}",
        **_place_lines(place),
    }
    notice = Notice(
        "watch",
        f"{event.label}: {_cut(event.reason)}",
        written(lines, event.at_us),
        event.at_us,
        run_key=event.run_key,
        run_id=event.run_id,
        error=_cut(event.reason),
        operator=place.operator,
        host=place.host,
        notebook=place.notebook,
    )
    return Occasion(("watch",), notice)


def _about(status: RunStatus, kind: Kind, title: str, lines: Mapping[str, str], place: Place, error: str) -> Notice:
    return Notice(
        kind,
        title,
        written(lines, status.at_us),
        status.at_us,
        status.name,
        status.key,
        status.run_id,
        error=error,
        operator=place.operator,
        host=place.host,
        notebook=place.notebook,
    )


def _number(status: RunStatus) -> str:
    return "" if status.run_id is None else f" (run {status.run_id})"


def _place_lines(place: Place) -> dict[str, str]:
    return {"Notebook": place.notebook, "Computer": place.host, "Operator": place.operator}


def _call(label: str, arguments: Mapping[str, str]) -> str:
    return f"{label}({', '.join(f'{name}={value}' for name, value in arguments.items())})"


def _texts(arguments: Mapping[str, Plain]) -> dict[str, str]:
    return {name: _said(value) for name, value in arguments.items()}


def _said(value: Plain) -> str:
    return _cut(value if isinstance(value, str) else json.dumps(plain_to_json(value), ensure_ascii=False))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

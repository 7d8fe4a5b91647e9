"""How does the run of a workflow fare, step by step?  Gathered from the runner's events, handed out by what is new."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import StepStatus
from ivoryos_jupyter.runner import RunChanged, StepChanged

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.runner import RunStatus


_ROUND = re.compile(r"(.*)\[(\d+)\]$", re.DOTALL)


@dataclass(slots=True)
class _StepRun:
    """How one step fared so far."""

    status: str = ""
    count: int = 0
    started_ms: int = 0
    took_ms: int | None = None
    round: int = 0
    """Of a loop: which round it is in."""
    seen: int = 0
    """Number of the event that changed it last."""

    def go_round(self, number: int, event: int) -> None:
        """Note that a loop is in its round `number`."""
        if self.round != number:
            self.round, self.seen = number, event


@dataclass(slots=True)
class _Run:
    """One run."""

    status: RunStatus | None = None
    """None as long as only its steps were heard of: of quick changes of a run only the last one is told, which may be after them."""
    steps: dict[str, _StepRun] = field(default_factory=dict)
    counted: set[int] = field(default_factory=set)
    """Rows of attempts that ended, so that a repeated event counts once."""


class Runs:
    """The latest run of each workflow, by the workflow's name."""

    def __init__(self, version_of: Callable[[str], str]) -> None:
        """Know of no run; `version_of` gives the content hash that a run was submitted with."""
        self._version_of = version_of
        self._runs: dict[str, _Run] = {}
        self._latest: dict[str, str] = {}
        self._events = 0
        self._lock = threading.Lock()

    def hear(self, event: object) -> str | None:
        """Take an event in; return the workflow's name when a run began or ended, so that its views ask."""
        with self._lock:
            if isinstance(event, RunChanged):
                return self._run_changed(event.status)
            if isinstance(event, StepChanged):
                self._step_changed(event)
        return None

    def _run_changed(self, status: RunStatus) -> str | None:
        self._events += 1
        name = status.workflow_name
        latest = self._latest.get(name, "")
        known = self._status(latest)
        if known is not None and known.key == status.key:
            self._runs[latest].status = status
            return name if status.ended and not known.ended else None
        under_way = known is not None and not known.ended
        if status.recalled or (status.started_us is None and (status.ended or under_way)) or (status.ended and under_way):
            return None
        self._runs.pop(latest, None)
        self._runs.setdefault(status.key, _Run()).status = status
        self._latest[name] = status.key
        return name

    def _status(self, key: str) -> RunStatus | None:
        run = self._runs.get(key)
        return None if run is None else run.status

    def _step_changed(self, event: StepChanged) -> None:
        run = self._runs.setdefault(event.run_key, _Run())
        self._events += 1
        rounds, call = _around(event.path)
        for loop, number in rounds:
            run.steps.setdefault(loop, _StepRun()).go_round(number, self._events)
        step = run.steps.setdefault(call or event.step_id, _StepRun())
        step.seen = self._events
        step.status = event.status.value
        if event.status is StepStatus.OPEN:
            step.took_ms = None
        elif event.row not in run.counted:
            run.counted.add(event.row)
            step.count += 1
            step.took_ms = max(0, event.at_us - event.began_us) // 1000
        step.started_ms = event.began_us // 1000

    def of(self, workflow: str, version: str, since: int = 0) -> dict[str, object] | None:
        """Return the latest run of a workflow, with the steps that changed since event `since`; None when there is none."""
        with self._lock:
            run = self._runs.get(self._latest.get(workflow, ""))
            status = None if run is None else run.status
            if run is None or status is None:
                return None
            submitted = self._version_of(status.key)
            return {
                "key": status.key,
                "name": status.name,
                "sentence": status.sentence,
                "state": status.state.value,
                "phase": status.phase,
                "iteration": status.iteration,
                "iterations": status.iterations,
                "ended": status.ended,
                "outcome": status.outcome.value if status.outcome is not None else "",
                "version": submitted,
                "same_version": submitted in {"", version},
                "step": status.step.step_id if status.step is not None else "",
                "seen": self._events,
                "steps": {key: _step_json(step) for key, step in run.steps.items() if step.seen > since},
            }


def _around(path: str) -> tuple[list[tuple[str, int]], str]:
    """Return the loops around a step with their rounds, and the call of a nested workflow in which it lies.

    Inside a nested workflow, the step that is shown is the one that calls it.
    """
    rounds: list[tuple[str, int]] = []
    for part in filter(None, path.split("/")):
        loop = _ROUND.match(part)
        if loop is None:
            return rounds, part
        rounds.append((loop[1], int(loop[2])))
    return rounds, ""


def _step_json(step: _StepRun) -> dict[str, object]:
    return {"status": step.status, "count": step.count, "started_ms": step.started_ms, "took_ms": step.took_ms, "round": step.round}

"""How long does a step usually take, and how long will a run take?  From what was recorded; never guessed without it."""

from __future__ import annotations

import math
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.schema import SETTER
from ivoryos_jupyter.workflow import (
    Action,
    CallBlock,
    CallWorkflow,
    Constant,
    ForEach,
    GetProperty,
    If,
    Repeat,
    SetProperty,
    Wait,
    WaitFor,
    While,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ivoryos_jupyter.widgets.builders._workshop import Submission
    from ivoryos_jupyter.workflow import Step, Value, Workflow

    Recent = Callable[[str, str], list[float]]

_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Time:
    """A time and how much it varies, in s."""

    mean: float = 0.0
    variance: float = 0.0
    unknown: int = 0
    """Steps without history, counted as nothing."""

    def plus(self, other: Time) -> Time:
        """Return the time of both, one after the other."""
        return Time(self.mean + other.mean, self.variance + other.variance, self.unknown + other.unknown)

    def times(self, count: float) -> Time:
        """Return the time of `count` rounds; what is unknown is counted once."""
        return Time(self.mean * count, self.variance * count, self.unknown)


class Times:
    """Tells times from the records."""

    def __init__(self, recent: Recent) -> None:
        """Use `recent`, which gives the latest durations of ``(instrument, method)``."""
        self._recent = recent

    def usual(self, step: Step) -> str:
        """Return how long `step` usually takes: ``4 min ± 20 s``; empty without history."""
        called = _called(step)
        recent = self._recent(*called) if called else []
        return _with_spread(statistics.fmean(recent), _deviation(recent)) if recent else ""

    def estimate(self, submission: Submission) -> str:
        """Return how long a run will take and when it ends; empty without any history."""
        workflow = submission.workflow
        rounds = len(submission.rows) if submission.rows is not None else submission.repeat
        seen: dict[tuple[str, str], list[float]] = {}
        script = self._all(workflow, workflow.script, seen).times(rounds)
        whole = self._all(workflow, workflow.prep, seen).plus(script).plus(self._all(workflow, workflow.cleanup, seen))
        if not any(seen.values()):
            return ""
        ends = time.strftime("%H:%M", time.localtime(time.time() + whole.mean))
        about = f"about {_with_spread(whole.mean, math.sqrt(whole.variance))}, ends {ends} when it starts now"
        without = "1 step has" if whole.unknown == 1 else f"{whole.unknown} steps have"
        return f"{about}; {without} no history yet" if whole.unknown else about

    def _all(self, workflow: Workflow, steps: Iterable[Step], seen: dict[tuple[str, str], list[float]]) -> Time:
        whole = Time()
        for step in steps:
            if not step.disabled:
                whole = whole.plus(self._one(workflow, step, seen))
        return whole

    def _one(  # noqa: PLR0911 - one line for each kind of step
        self, workflow: Workflow, step: Step, seen: dict[tuple[str, str], list[float]]
    ) -> Time:
        match step:
            case Wait(seconds=seconds):
                return Time(_number(seconds, 0.0))
            case Repeat(times=times, body=body):
                return self._all(workflow, body, seen).times(_number(times, 1.0))
            case ForEach(items=items, body=body):
                return self._all(workflow, body, seen).times(_length(items))
            case While(body=body):
                return self._all(workflow, body, seen)
            case If():
                ways = [self._all(workflow, one.body, seen) for one in step.branches] + [self._all(workflow, step.otherwise, seen)]
                return max(ways, key=lambda one: one.mean)
            case CallWorkflow(version=version):
                callee = workflow.nested.get(version)
                return self._all(callee, callee.script, seen) if callee else Time(unknown=1)
        return self._recorded(step, seen)

    def _recorded(self, step: Step, seen: dict[tuple[str, str], list[float]]) -> Time:
        called = _called(step)
        if called is None:
            return Time()
        if called not in seen:
            seen[called] = self._recent(*called)
        recent = seen[called]
        return Time(statistics.fmean(recent), _deviation(recent) ** 2) if recent else Time(unknown=1)


def _called(step: Step) -> tuple[str, str] | None:
    """Return instrument and method as the records name them."""
    match step:
        case Action(instrument=instrument, method=method):
            return instrument, method
        case SetProperty(instrument=instrument, property=name):
            return instrument, name + SETTER
        case GetProperty(instrument=instrument, property=name) | WaitFor(instrument=instrument, property=name):
            return instrument, name
        case CallBlock(block=block):
            return "blocks", block
    return None


def _deviation(durations: list[float]) -> float:
    return statistics.stdev(durations) if len(durations) > 1 else 0.0


def _number(value: Value, otherwise: float) -> float:
    plain = value.value if isinstance(value, Constant) else None
    return float(plain) if isinstance(plain, int | float) else otherwise


def _length(value: Value) -> float:
    plain = value.value if isinstance(value, Constant) else None
    return float(len(plain)) if isinstance(plain, list) else 1.0


def _with_spread(mean: float, deviation: float) -> str:
    return f"{span(mean)} ± {span(deviation)}" if deviation >= 0.05 * mean and deviation > 0 else span(mean)


def span(seconds: float) -> str:
    """Return a time as one says it: ``0.2 s``, ``31 s``, ``4 min``, ``6 h 10 min``."""
    if seconds < _MINUTE:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"  # noqa: PLR2004 - two digits are enough
    minutes = round(seconds / _MINUTE)
    return f"{minutes} min" if seconds < _HOUR else f"{minutes // 60} h {minutes % 60} min"

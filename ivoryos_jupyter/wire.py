"""How does what the runner says look on its way to a view?  Plain JSON shapes, made in this one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from ivoryos_jupyter.runner import State
from ivoryos_jupyter.schema import plain_to_json

if TYPE_CHECKING:
    from ivoryos_jupyter.runner import MadeSafe, Question, QueueChanged, RunStatus, SafePlan, SafeRow, StepNow

__all__ = [
    "HandlerJson",
    "LimitsChanged",
    "MadeSafeJson",
    "PageEvent",
    "QuestionJson",
    "QueueJson",
    "RunJson",
    "SafeRowJson",
    "SafetyJson",
    "StepJson",
    "made_safe_json",
    "progress",
    "queue_json",
    "run_json",
    "safety_json",
]


@dataclass(frozen=True, slots=True)
class LimitsChanged:
    """A limit was set or taken away in this kernel; whoever shows limits, or what they forbid, looks again."""

    @property
    def key(self) -> str:
        """There is one set of limits."""
        return "limits"


@dataclass(frozen=True, slots=True)
class PageEvent:
    """Something for one view that a page shows without a widget of this kernel; published for whoever reaches pages."""

    view: str
    """Which view, by the name it gave itself."""
    name: str
    data: object


class StepJson(TypedDict):
    """The step a run is at."""

    id: str
    label: str
    path: str
    started_us: int
    attempt: int
    sample: int
    wait_total_s: float | None
    wait_left_s: float | None
    wait_counting: bool


class QuestionJson(TypedDict):
    """What a run wants to know."""

    id: str
    kind: str
    message: str
    choices: list[str]
    step_id: str
    label: str
    error: str
    arguments: dict[str, object]
    type: str
    options: list[object]
    unit: str
    minimum: float | None
    maximum: float | None
    default: object


class RunJson(TypedDict):
    """A snapshot of one run."""

    key: str
    name: str
    workflow: str
    run_id: int | None
    state: str
    outcome: str | None
    sentence: str
    phase: str
    iteration: int
    iterations: int
    progress: float | None
    """From 0 to 1, by iterations; None before it begins and after it ended early."""
    step: StepJson | None
    question: QuestionJson | None
    message: str
    """What holds it up, or is unusual about the call under way."""
    pausing: bool
    paused_by: str
    """Who or what wants it paused, and why; empty when nobody said."""
    stopping: str | None
    elsewhere: str
    """Which other kernel has it, and alone commands it; empty for this one."""
    counts: dict[str, int]
    error: str | None
    cleanup_error: str | None
    at_us: int
    submitted_us: int
    started_us: int | None
    ended_us: int | None


def run_json(status: RunStatus) -> RunJson:
    """Return the snapshot as JSON."""
    return {
        "key": status.key,
        "name": status.name,
        "workflow": status.workflow_name,
        "run_id": status.run_id,
        "state": status.state.value,
        "outcome": status.outcome.value if status.outcome is not None else None,
        "sentence": status.sentence,
        "phase": status.phase,
        "iteration": status.iteration,
        "iterations": status.iterations,
        "progress": progress(status),
        "step": _step_json(status.step) if status.step is not None else None,
        "question": _question_json(status.question) if status.question is not None else None,
        "message": status.message,
        "pausing": status.pausing,
        "paused_by": status.paused_by,
        "stopping": status.stopping,
        "elsewhere": status.elsewhere,
        "counts": {name: getattr(status.counts, name) for name in type(status.counts).__slots__},
        "error": status.error,
        "cleanup_error": status.cleanup_error,
        "at_us": status.at_us,
        "submitted_us": status.submitted_us,
        "started_us": status.started_us,
        "ended_us": status.ended_us,
    }


class SafeRowJson(TypedDict):
    """One handler of make safe, and what came of it."""

    instruments: list[str]
    handler: str
    outcome: str
    seconds: float | None
    error: str


class MadeSafeJson(TypedDict):
    """What make safe did, or has done so far."""

    started_us: int
    ended_us: int | None
    sentence: str
    run: str
    rows: list[SafeRowJson]
    without: list[str]
    without_text: str
    """The same as a sentence, with no more than a few of the names; empty for none."""
    unreached: list[str]
    problems: list[str]
    interrupted: bool
    untrusted: list[str]
    under_way: list[str]


class HandlerJson(TypedDict):
    """What make safe would call."""

    label: str
    """``pump.stop``"""
    instruments: list[str]


class SafetyJson(TypedDict):
    """What make safe would do, and what it did."""

    handlers: list[HandlerJson]
    """In the order in which they are called."""
    without: list[str]
    """Instruments that have no handler."""
    without_text: str
    """The same as a sentence, with no more than a few of the names; empty for none."""
    problems: list[str]
    report: MadeSafeJson | None
    """The latest; None when there is none, or somebody has read it."""


def safety_json(plan: SafePlan, report: MadeSafe | None) -> SafetyJson:
    """Return plan and report as views get them."""
    return {
        "handlers": [{"label": one.label, "instruments": [*one.instruments]} for one in plan.handlers],
        "without": [*plan.without],
        "without_text": plan.no_handler,
        "problems": [*plan.problems],
        "report": None if report is None else made_safe_json(report),
    }


def made_safe_json(report: MadeSafe) -> MadeSafeJson:
    """Return the report as JSON."""
    return {
        "started_us": report.started_us,
        "ended_us": report.ended_us,
        "sentence": report.sentence,
        "run": report.run,
        "rows": [_safe_row_json(row) for row in report.rows],
        "without": [*report.without],
        "without_text": report.no_handler,
        "unreached": [*report.unreached],
        "problems": [*report.problems],
        "interrupted": report.interrupted,
        "untrusted": [*report.untrusted],
        "under_way": [*report.under_way],
    }


def _safe_row_json(row: SafeRow) -> SafeRowJson:
    return {
        "instruments": [*row.instruments],
        "handler": row.handler,
        "outcome": row.outcome,
        "seconds": row.seconds,
        "error": row.error,
    }


class QueueJson(TypedDict):
    """The waiting runs."""

    keys: list[str]
    """In their order."""
    on_hold: bool
    reason: str


def queue_json(event: QueueChanged) -> QueueJson:
    """Return the queue as views get it."""
    return {"keys": list(event.keys), "on_hold": event.on_hold, "reason": event.reason}


def progress(status: RunStatus) -> float | None:
    """Return how much of the run is behind it, from 0 to 1, as far as iterations tell."""
    if status.state is State.ENDED:
        return 1.0 if status.outcome is not None and status.outcome.value == "completed" else None
    if status.phase == "script" and status.iterations > 0:
        return max(0, status.iteration - 1) / status.iterations
    return {"prep": 0.0, "cleanup": 1.0}.get(status.phase)


def _step_json(step: StepNow) -> StepJson:
    return {
        "id": step.step_id,
        "label": step.label,
        "path": step.path,
        "started_us": step.started_us,
        "attempt": step.attempt,
        "sample": step.sample,
        "wait_total_s": step.wait_total_s,
        "wait_left_s": step.wait_left_s,
        "wait_counting": step.wait_counting,
    }


def _question_json(question: Question) -> QuestionJson:
    return {
        "id": question.id,
        "kind": question.kind,
        "message": question.message,
        "choices": list(question.choices),
        "step_id": question.step_id,
        "label": question.label,
        "error": question.error,
        "arguments": {name: plain_to_json(value) for name, value in question.arguments.items()},
        "type": question.type,
        "options": [plain_to_json(value) for value in question.options],
        "unit": question.unit,
        "minimum": question.minimum,
        "maximum": question.maximum,
        "default": plain_to_json(question.default),
    }

"""What does the recorder in memory remember of runs, phases, steps and calls?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import Outcome, PastPhase, PastStep, Setting, StepStatus, Submission

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ivoryos_jupyter.journal import CallIntent, PhaseStarted, RunRequest, StepIntent, StepOutcome


@dataclass(slots=True)
class KeptRun:
    """A run as it was recorded."""

    id: int
    request: RunRequest
    started_us: int
    setting: Setting = field(default_factory=Setting)
    code_versions: Mapping[str, str] = field(default_factory=dict)
    outcome: Outcome | None = None
    ended_us: int | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class KeptPhase:
    """A phase as it was recorded."""

    id: int
    started: PhaseStarted
    status: str | None = None
    ended_us: int | None = None
    outputs: Sequence[Mapping[str, object]] = ()
    error: str | None = None


@dataclass(slots=True)
class KeptStep:
    """An attempt of a step as it was recorded; without outcome it is in doubt."""

    id: int
    intent: StepIntent
    outcome: StepOutcome | None = None


@dataclass(slots=True)
class KeptCall:
    """A direct call as it was recorded."""

    id: int
    intent: CallIntent
    outcome: StepOutcome | None = None


def submission_of(run: KeptRun) -> Submission:
    """Return what is known of the submission that became `run`."""
    counts = {name: value for name, value in run.detail.items() if isinstance(value, int)}
    error = run.detail.get("error")
    return Submission(
        run_id=run.id,
        started_us=run.started_us,
        outcome=run.outcome,
        ended_us=run.ended_us,
        counts=counts,
        error=None if error is None else str(error),
    )


def past_phase(kept: KeptPhase, steps: Iterable[KeptStep]) -> PastPhase:
    """Return a phase and its steps as a run that goes on reads them."""
    return PastPhase(kept.started, kept.status, tuple(map(_past_step, steps)), kept.outputs, kept.error)


def _past_step(kept: KeptStep) -> PastStep:
    outcome = kept.outcome
    if outcome is None:
        return PastStep(kept.id, kept.intent, StepStatus.OPEN)
    return PastStep(kept.id, kept.intent, outcome.status, outcome.added, outcome.error)

"""What does the recorder in memory remember of runs, phases, steps and calls?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import Outcome, PastStep, Setting, StepStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


def past_step(kept: KeptStep) -> PastStep:
    """Return a step as a run that goes on reads it."""
    outcome = kept.outcome
    if outcome is None:
        return PastStep(kept.id, kept.intent, StepStatus.OPEN)
    return PastStep(kept.id, kept.intent, outcome.status, outcome.added, outcome.error)

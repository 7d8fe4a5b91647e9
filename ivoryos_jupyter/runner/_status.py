"""Where is a run, and how did it end?  Two enums, and a frozen snapshot for whoever asks.

::

    QUEUED ──its turn──▶ RUNNING ──pause()──▶ PAUSED ──resume()──▶ RUNNING
       │                   │  ▲                 │
       │ remove()          │  └──answer()──┐    │ stop(): cleanup runs as RUNNING,
       │ stop()            │               │    ▼ or ENDED at once without it
       │                   ├──error, ──▶ ASKING ──stop(), answer("stop")──▶ RUNNING (cleanup) or ENDED
       │                   │  question
       ▼                   ▼
     ENDED ◀──last step, stop, error that ends it── RUNNING

An intent that waits for its moment (`pausing`, `stopping`) is part of the snapshot, not a state: a run that fails while
it is to be paused asks first, and is paused once it is answered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.journal import Outcome
    from ivoryos_jupyter.schema import Plain

StopMoment = Literal["row", "step", "now"]
Choice = Literal["retry", "skip", "stop", "value", "continue", "take_over"]


class State(str, Enum):
    """Where a run is."""

    QUEUED = "queued"
    """Waits for its turn."""
    RUNNING = "running"
    PAUSED = "paused"
    """A person paused it."""
    ASKING = "asking"
    """It waits for an answer, see `RunStatus.question`."""
    ENDED = "ended"
    """See `RunStatus.outcome`."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a run wants to know before it goes on."""

    id: str
    kind: Literal["error", "pause", "input", "rebound", "records", "held"]
    message: str
    choices: tuple[Choice, ...]
    step_id: str = ""
    label: str = ""
    """``pump.dispense``."""
    error: str = ""
    """Full text of the error."""
    arguments: Mapping[str, Plain] = field(default_factory=dict)
    """Of the step that failed; ``answer(id, "retry", arguments={…})`` replaces those it names."""
    type: str = ""
    """Of the value that is asked for: ``float``, ``int``, ``str`` or ``bool``."""
    options: tuple[Plain, ...] = ()
    """Values to choose from; empty when any will do."""
    unit: str = ""
    """Of the number that is asked for."""
    minimum: float | None = None
    maximum: float | None = None
    default: Plain = None
    """The answer when nothing is given; None where something must be."""


@dataclass(frozen=True, slots=True)
class StepNow:
    """The step a run is at."""

    step_id: str
    label: str
    """``pump.dispense``, ``wait``, …"""
    started_us: int
    attempt: int = 1
    sample: int = 0
    path: str = ""
    wait_total_s: float | None = None
    """Of a wait: how long in all."""
    wait_left_s: float | None = None
    """Of a wait: how long still, at `RunStatus.at_us`."""
    wait_counting: bool = False
    """Whether `wait_left_s` goes down now."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many steps came to which end."""

    done: int = 0
    failed: int = 0
    """Attempts that failed."""
    skipped: int = 0
    """Steps left undone by a decision, a person's or the step's own error policy."""
    retried: int = 0
    cancelled: int = 0
    abandoned: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class RunStatus:
    """A snapshot of one run; it never changes."""

    key: str
    name: str
    workflow_name: str
    state: State
    at_us: int
    """When the snapshot was taken."""
    run_id: int | None = None
    """Id of its record, once begun."""
    outcome: Outcome | None = None
    """How it ended; None before, and of a run of another kernel that has not ended."""
    phase: str = ""
    """``prep``, ``script`` or ``cleanup``."""
    iteration: int = 0
    iterations: int = 0
    step: StepNow | None = None
    question: Question | None = None
    pausing: bool = False
    """Will pause at the next checkpoint."""
    paused_by: str = ""
    """Who or what wants it paused, and why: ``ada``, ``reactor.temperature: 82 °C is above 80 °C``; empty when nobody said."""
    stopping: StopMoment | None = None
    """Will stop then."""
    cleanup: bool | None = None
    """Whether cleanup runs after the stop; None as the request says."""
    counts: Counts = field(default_factory=Counts)
    error: str | None = None
    """The first error that ended it."""
    cleanup_error: str | None = None
    """What went wrong in cleanup, beside `error`."""
    message: str = ""
    """What holds it up, for example a database out of reach."""
    submitted_us: int = 0
    started_us: int | None = None
    ended_us: int | None = None
    elsewhere: str = ""
    """Which other kernel has it, where another one has: ``the notebook left.ipynb on lab-pc``; it obeys no command from here."""
    recalled: bool = False
    """Whether it was found in the records, and had begun before this kernel did, or in another; nothing of it is news."""
    left_as: Literal["stopped", "failed"] | None = None
    """Why it left prep or script before their end, known from that moment on, while cleanup still runs."""

    def __repr__(self) -> str:
        """Return which run it is and its state in words; the fields say the rest."""
        number = "" if self.run_id is None else f" · run {self.run_id}"
        return f"<{self.name}{number} · {self.sentence}>"

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.state is State.ENDED

    @property
    def sentence(self) -> str:
        """The state in words."""
        if self.state is State.ENDED:
            return self._ending()
        if self.question is not None:
            return f"asks: {self.question.message}"
        if self.stopping is not None:
            return "stopping now" if self.stopping == "now" else f"stopping after this {self.stopping}"
        if self.pausing and self.state is not State.PAUSED:
            return "pausing after this step"
        return self.message or self._place()

    def _ending(self) -> str:
        how = self.outcome.value if self.outcome is not None else self.message
        counts = self.counts
        numbers = ((counts.skipped, "skipped"), (counts.abandoned, "abandoned"))
        parts = [f"{number} {word} step{'s' if number > 1 else ''}" for number, word in numbers if number]
        return f"{how} with {' and '.join(parts)}" if parts else how

    def _place(self) -> str:
        if self.state is State.PAUSED and self.paused_by:
            return f"paused by {self.paused_by}"
        if self.state is not State.RUNNING or not self.phase:
            return self.state.value
        where = f"{self.phase} {self.iteration} of {self.iterations}" if self.phase == "script" else self.phase
        return f"running {where}" + (f": {self.step.label}" if self.step is not None else "")

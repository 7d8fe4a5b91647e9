"""What is written down while things happen?  Frozen rows, one line per field.

Times are UTC microseconds since 1970. Values are plain values (see `ivoryos_jupyter.schema`) unless a field says `object`.
Rows are made by `runner` and kept by `records`; neither imports the other. What is made for every step is a named tuple, frozen as well:
a frozen dataclass takes eight times as long to make.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.schema import Plain

Phase = Literal["prep", "script", "cleanup"]
_NOTHING: Mapping[str, Plain] = MappingProxyType({})


class Outcome(str, Enum):
    """How a run ended."""

    COMPLETED = "completed"
    """Every step ran, or was skipped by a decision (see the counts)."""
    STOPPED = "stopped"
    """A person stopped it."""
    FAILED = "failed"
    """An error ended it."""
    INTERRUPTED = "interrupted"
    """The kernel died while it ran."""


class StepStatus(str, Enum):
    """Where one attempt of a step is."""

    OPEN = "open"
    """The intent is committed, the outcome is not; after a crash this means *in doubt*."""
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    """Stopped by a person; the call did not return by itself."""
    ABANDONED = "abandoned"
    """The call never returned and the runner went on without it."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One submission: what to run, how often, with which values."""

    key: str
    """Submission key; the same key is never run twice."""
    name: str
    """Name of the run, unique among the runs."""
    workflow: str
    """The workflow, as its JSON text."""
    workflow_name: str
    version: str
    """Content hash of the workflow."""
    deck: str
    """Name of the deck."""
    deck_fingerprint: str = ""
    rows: tuple[Mapping[str, Plain], ...] | None = None
    """The parameter table, converted; None for a run by count."""
    repeat: int = 1
    """Number of iterations when there is no table."""
    batch_size: int = 1
    """Samples worked on together."""
    sample_column: str | None = None
    """Name of the column that names the sample."""
    cleanup_after: tuple[str, ...] = ("completed", "failed", "stopped")
    """Endings after which the cleanup phase runs."""
    operator: str = ""
    notebook: str = ""
    submitted_us: int = 0
    not_before_us: int | None = None
    held: bool = False
    stop_here: bool = False
    """Whether the queue is held once this run has ended."""
    code_versions: Mapping[str, str] = field(default_factory=dict)
    derived_from: int | None = None
    """Run id this one repeats or resumes."""
    repeats: tuple[int, ...] | None = None
    """Which iterations of that run it repeats, in order, from 1; None when it goes on with it, or is a run of its own."""
    resume: Mapping[str, Plain] | None = None
    """How it goes on with the interrupted run it is derived from: a `Resumption` as plain data; None for a run of its own."""
    timeout_s: float | None = None
    """Seconds after which it is ended as by an error, pauses and questions included; None for never."""


@dataclass(frozen=True, slots=True)
class QueuedRun:
    """A request in the queue."""

    position: int
    """0 for the next one."""
    request: RunRequest


@dataclass(frozen=True, slots=True)
class PhaseStarted:
    """The beginning of prep, of one iteration (or batch) of script, or of cleanup."""

    run_id: int
    phase: Phase
    iteration: int
    """From 1; always 1 for prep and cleanup."""
    started_us: int
    parameters: tuple[Mapping[str, Plain], ...] = ()
    """The table row of each sample of the batch."""
    samples: tuple[str, ...] = ()
    """Sample id of each, where there is a sample column."""


class StepIntent(NamedTuple):
    """What is about to be done; committed before it is done."""

    phase_id: int
    step_id: str
    """Stable id of the step in its workflow."""
    step_index: int
    """1-based position of the step in its phase's flat list, as IvoryOS counts."""
    method_name: str
    """Method, ``<property>_(setter)``, property, or ``wait``, ``pause``, ``comment``, ``input``, ``variable``."""
    instrument: str
    """Path of the instrument; empty for steps without one."""
    started_us: int
    arguments: Mapping[str, Plain] = _NOTHING
    """The arguments as they are sent, resolved."""
    attempt: int = 1
    sample: int = 0
    """Index of the sample in its batch."""
    sample_id: str | None = None
    path: str = ""
    """Where in nested workflows and loops: ``call-id/loop-id[2]``; empty at the top."""


class StepOutcome(NamedTuple):
    """What came of it; committed before anything else happens."""

    status: StepStatus
    ended_us: int
    result: object = None
    """What the call returned, live; records encodes it."""
    added: Mapping[str, object] = _NOTHING
    """Names this step added to the context, with their live values."""
    error: str | None = None
    """Full text of the error, driver's message first, traceback after a blank line."""
    prints: str = ""
    """What the call printed and logged, bounded."""


@dataclass(frozen=True, slots=True)
class CallIntent:
    """A direct call that is about to be made."""

    method_name: str
    """``deck.pump.dispense``, as IvoryOS writes it."""
    instrument: str
    kwargs: Mapping[str, Plain]
    started_us: int
    operator: str = ""
    origin: str = "panel"
    """Who asked: ``panel``, ``cell``, ``python``; ``run`` for what a building block asks within a run, ``driver`` for a driver."""
    run_id: int | None = None
    """The paused run whose instrument was taken over for this call, or the run within whose step it was made."""
    override: str = ""
    """The reason given for making it although a rule forbids it; empty for an ordinary call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One reading of a watch."""

    instrument: str
    property: str
    at_us: int
    """When it was read."""
    value: object = None
    """What was read, live; records encodes it."""
    unit: str = ""
    error: str | None = None
    """Why there is no value."""
    run_id: int | None = None
    """The run that was under way."""
    due_us: int | None = None
    """When it should have been read; earlier than `at_us` where the instrument was busy."""


@dataclass(frozen=True, slots=True)
class RunEvent:
    """Something that happened to a run besides its steps."""

    run_id: int | None
    kind: str
    """``paused resumed retried skipped error answered branch loop variables wait stop cleanup_skipped doubt ...``."""
    at_us: int
    detail: Mapping[str, Plain] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call that was made before and returned, for who forecasts."""

    seconds: float
    """How long it took."""
    result: object = None
    """What it returned, as far as it can be said without its class."""
    kept: bool = False
    """Whether `result` is all that it returned."""
    arguments: Mapping[str, object] = field(default_factory=dict)
    waited: bool = False
    """Whether it was read again and again until a condition held; `seconds` is then how long that took."""


@dataclass(frozen=True, slots=True)
class UnfinishedRun:
    """A run that a dead kernel left behind."""

    run_id: int
    request: RunRequest
    in_doubt: tuple[tuple[int, StepIntent], ...]
    """Row ids and intents of the steps without outcome."""

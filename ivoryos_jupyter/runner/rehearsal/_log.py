"""What happened in one rehearsal?  Lines, troubles and questions, kept in memory only: a rehearsal leaves no record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import BUDGET_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.journal import Charge, Entries, Outcome, PhaseStarted, RunEvent, StepIntent, StepOutcome
    from ivoryos_jupyter.runner._effects import StepEffect
    from ivoryos_jupyter.schema import Plain

_REMEMBERED = 4


@dataclass(slots=True)
class Line:
    """One attempt of one step."""

    phase: str
    iteration: int
    sample: str | int
    """Its id where there is a sample column, else its index in the batch."""
    step_id: str
    path: str
    instrument: str
    """Path of the instrument, ``blocks``, or empty for a wait and the like."""
    method: str
    """As it is recorded."""
    arguments: Mapping[str, Plain]
    attempt: int
    starts_us: int
    lasts_s: float = 0.0
    status: str = "open"
    error: str = ""
    assumed: bool = False
    """Whether its duration or what it gives back rests on no record and on nothing given."""
    flight: int = 0
    """Number of its call, from 1; 0 when it made none."""
    told: bool = False
    """Whether the instrument was told to do something, and not only read."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A step that failed, or could not even be tried."""

    phase: str
    iteration: int
    doing: StepEffect
    error: BaseException
    assumed: bool
    """Whether it needed a value that was assumed."""
    follows: bool = False
    """Whether it needed a value that a step before did not give, because it failed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and how it was answered in the rehearsal."""

    at_us: int
    phase: str
    iteration: int
    step_id: str
    kind: str
    message: str
    answer: str
    known: bool
    """Whether the answer was given beforehand."""


@dataclass(slots=True)
class Log:
    """Takes what a run would commit; it keeps the lines and forgets the rest."""

    lines: list[Line] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    taken: set[tuple[str, str]] = field(default_factory=set)
    """Branches that were taken, loops and nested workflows that were entered: step id and slot."""
    rounds: dict[str, int] = field(default_factory=dict)
    """Most rounds of each loop."""
    made: dict[str, list[object]] = field(default_factory=dict)
    """The first few values that each name was given."""
    events: list[str] = field(default_factory=list)
    phases: dict[tuple[str, int], str] = field(default_factory=dict)
    """How each phase ended."""
    took_s: dict[str, float] = field(default_factory=dict)
    """How long prep, all of script, and cleanup took."""
    phase: str = "prep"
    iteration: int = 1
    phase_began_us: int = 0
    samples: Sequence[str] = ()
    going_on: tuple[tuple[str, int], ...] = ()
    """Loops that were under way where the rehearsal was cut short, outermost first, with the round that each was in."""
    outcome: Outcome | None = None
    error: str = ""
    cleanup_error: str = ""
    events_before: Entries = lambda _number, _kinds: ()
    """What was noted before the rehearsal."""
    entries: list[tuple[int, RunEvent]] | None = None
    """What the budgets are counted from, that of the rehearsal too; None as long as nobody asked."""

    def begin_phase(self, started: PhaseStarted) -> int:
        """Remember where it is."""
        self.phase, self.iteration, self.samples = started.phase, started.iteration, started.samples
        self.phase_began_us = started.started_us
        return 0

    def end_phase(
        self, phase_id: int, status: str, ended_us: int, outputs: Sequence[Mapping[str, object]], error: str | None = None
    ) -> None:
        """Remember how it ended."""
        del phase_id, outputs, error
        self.took_s[self.phase] = self.took_s.get(self.phase, 0.0) + (ended_us - self.phase_began_us) / 1e6
        self.phases[self.phase, self.iteration] = status

    def intend_step(self, intent: StepIntent, charge: Charge | None = None) -> int:
        """Begin a line."""
        if charge is not None:
            self.charge(charge)
        sample = intent.sample if intent.sample_id is None else intent.sample_id
        self.lines.append(
            Line(
                self.phase,
                self.iteration,
                sample,
                intent.step_id,
                intent.path,
                intent.instrument,
                intent.method_name,
                intent.arguments,
                intent.attempt,
                intent.started_us,
            )
        )
        return len(self.lines) - 1

    def settle_step(self, row: int, outcome: StepOutcome) -> None:
        """End a line."""
        line = self.lines[row]
        line.lasts_s = (outcome.ended_us - line.starts_us) / 1e6
        line.status = outcome.status.value
        if outcome.error is not None:
            line.error = outcome.error.partition("\n\n")[0]
        for name, value in outcome.added.items():
            known = self.made.setdefault(name, [])
            if len(known) < _REMEMBERED and value not in known:
                known.append(value)

    def charge(self, charge: Charge) -> None:
        """Remember what was charged."""
        for event in charge(self.events_after):
            self.note(event)

    def note(self, event: RunEvent) -> None:
        """Remember that it happened, and which branch was taken."""
        self.events.append(event.kind)
        if event.kind in BUDGET_KINDS:
            entries = self._entries()
            entries.append((entries[-1][0] + 1 if entries else 1, event))
        if event.kind == "branch" and isinstance(taken := event.detail["taken"], dict):
            self.taken.update((str(event.detail["step"]), slot) for slot in taken)

    def events_after(self, number: int | None, kinds: Sequence[str]) -> Sequence[tuple[int, RunEvent]]:
        """Return what the budgets are counted from: what was noted before the rehearsal, and in it."""
        return [entry for entry in self._entries() if entry[0] > (number or 0) and entry[1].kind in kinds]

    def _entries(self) -> list[tuple[int, RunEvent]]:
        if self.entries is None:
            self.entries = [*self.events_before(None, BUDGET_KINDS)]
        return self.entries

    def end_run(self, run_id: int, outcome: Outcome, ended_us: int, detail: Mapping[str, object]) -> None:
        """Remember how it ended."""
        del run_id, ended_us
        self.outcome = outcome
        self.error, self.cleanup_error = (str(detail[name] or "").partition("\n\n")[0] for name in ("error", "cleanup_error"))

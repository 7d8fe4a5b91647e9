"""What does a rehearsal say?  Frozen rows; who shows them makes tables of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivoryos_jupyter.runner.rehearsal._log import Asked, Line
    from ivoryos_jupyter.runner.rehearsal._sources import Assumption

IssueKind = Literal["limit", "interlock", "budget", "value", "loop", "time-out", "name", "other"]


@dataclass(frozen=True, slots=True)
class Spread:
    """A time and how much it varies over several rehearsals, in s."""

    p10: float
    p50: float
    p90: float
    rehearsals: int
    """How many rehearsals it was taken from; one where nothing varies."""

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Spread:
        """Return the spread of `seconds`, of which there is at least one."""
        ordered = sorted(seconds)
        return cls(_quantile(ordered, 0.1), _quantile(ordered, 0.5), _quantile(ordered, 0.9), len(ordered))


def _quantile(ordered: Sequence[float], part: float) -> float:
    place = part * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


@dataclass(frozen=True, slots=True)
class Total:
    """What one method of one instrument does in the whole run."""

    instrument: str
    method: str
    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Amount:
    """What one numeric argument comes to in the whole run."""

    instrument: str
    method: str
    parameter: str
    unit: str
    lowest: float
    highest: float
    total: float | None = None
    """The sum, where the unit is one of an amount: a volume, a mass, a number of moles, a time."""
    most: float | None = None
    """The largest sum of all rehearsals."""


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that would go wrong."""

    kind: IssueKind
    phase: str
    iteration: int
    """The first in which it comes up."""
    step_id: str
    label: str
    message: str
    """Of the first time."""
    times: int = 1
    assumed: bool = False
    """Whether it needs a value that was assumed, so that it may not come up."""
    follows: bool = False
    """Whether it comes of another problem: a step that failed did not give a value it needs."""


@dataclass(frozen=True, slots=True)
class Endless:
    """A loop that reached the most rounds it may have, or was still going on where the rehearsal was cut short."""

    step_id: str
    condition: str
    rounds: int
    names: str
    """What the names of its condition did meanwhile."""


@dataclass(frozen=True, slots=True)
class NeverTaken:
    """A branch or the body of a loop that no rehearsal came to."""

    phase: str
    step_id: str
    slot: str


@dataclass(frozen=True, slots=True)
class FaultResult:
    """What one fault did."""

    phase: str
    iteration: int
    step_id: str
    label: str
    fault: str
    did: str
    """What the run did."""
    outcome: str
    cleanup: str
    """``ran``, or what became of it."""
    left: tuple[str, ...]
    """Instruments that were told to do something, and were not reached by cleanup afterwards."""
    make_safe: tuple[str, ...] = ()
    """Those of them that make safe would reach, if somebody says so."""

    @property
    def safe(self) -> bool:
        """Whether cleanup came to its end and reached every instrument that was told to do something."""
        return self.cleanup == "ran" and not self.left


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What came of rehearsing one run."""

    name: str
    started_us: int
    duration: Spread
    outcome: str
    error: str
    lines: tuple[Line, ...]
    """Every step of the first rehearsal."""
    totals: tuple[Total, ...]
    amounts: tuple[Amount, ...]
    issues: tuple[Issue, ...]
    endless: tuple[Endless, ...]
    never: tuple[NeverTaken, ...]
    asked: tuple[Asked, ...]
    assumptions: tuple[Assumption, ...]
    stops: int = 0
    """How often it would stop and ask a person about an error."""
    cut_short: bool = False
    faults: tuple[FaultResult, ...] = field(default_factory=tuple)

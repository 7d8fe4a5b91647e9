"""What was written down of a run, read again?  Frozen rows, with the values of each step brought back where that is possible."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from ivoryos_jupyter.errors import LostValueError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.journal._rows import Outcome, PhaseStarted, RunEvent, RunRequest, StepIntent, StepStatus


class Lost:
    """Stands for a value that could be kept in part only, such as a live object; whoever wants to compute with it is refused."""

    __slots__ = ("name", "what")

    def __init__(self, name: str, what: str) -> None:
        """Stand for the value that was called `name` and was a `what`."""
        self.name = name
        self.what = what

    def _refuse(self, *_: object) -> NoReturn:
        raise LostValueError(
            f"The value {self.name!r} ({self.what}) was not kept in full, so nothing can be computed with it; give it anew."
        )

    __bool__ = __len__ = __iter__ = _refuse
    __eq__ = _refuse  # it must not say that it differs from something
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        """Return which value it stands for."""
        return f"<lost: {self.name}, {self.what}>"


@dataclass(frozen=True, slots=True)
class PastStep:
    """One attempt of a step."""

    row: int
    intent: StepIntent
    status: StepStatus
    """``open`` also for one that was in doubt and has been decided about since."""
    added: Mapping[str, object] = field(default_factory=dict)
    """Names it gave to values; a value that cannot be brought back is `Lost`."""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class PastPhase:
    """A phase, or the part of one that a run has seen."""

    started: PhaseStarted
    status: str | None
    """``done``, ``stopped``, ``failed``; None when its end was not written."""
    steps: tuple[PastStep, ...] = ()
    """In the order in which they began."""
    outputs: Sequence[Mapping[str, object]] = ()
    """The context of each sample at its end, where that was written."""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run as it was written down."""

    run_id: int
    request: RunRequest
    outcome: Outcome | None
    """None as long as nobody has ended it."""
    started_us: int
    phases: tuple[PastPhase, ...] = ()
    """In the order in which they began."""
    events: tuple[RunEvent, ...] = ()
    """In the order in which they were noted."""
    instruments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What was known of each when it began: class, address, serial number, firmware."""

"""What does the interpreter ask for, and what does it hear back?  Effects and replies.

Nobody changes them; those made for every step are not frozen only because that costs a microsecond for each.

The interpreter is pure: it never calls, waits, asks or writes. Whoever drives it does that, in a run with instruments and
in a rehearsal without.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.errors import Problem, WorkflowError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.journal import Phase
    from ivoryos_jupyter.schema import Plain
    from ivoryos_jupyter.workflow import Step


@dataclass(slots=True)
class Doing:
    """Do one step for one sample; base of the effects that are recorded as a step."""

    step: Step
    label: str
    """``pump.dispense``, ``wait``, …"""
    method_name: str
    """As it is recorded."""
    step_index: int = 0
    """Its row in the flat list, as IvoryOS counts."""
    sample: int = 0
    attempt: int = 1
    path: str = ""
    instrument: str = ""
    arguments: Mapping[str, object] = field(default_factory=dict)
    """Resolved; values of earlier steps are still live."""
    problem: Exception | None = None
    """Why it cannot even be tried: a name without value, a formula that fails."""

    def name(self, result: object) -> dict[str, object]:
        """Return the names this step gives to its `result`."""
        del result
        return {}


@dataclass(slots=True)
class DoCall(Doing):
    """Call a method or block, read or set a property."""

    path_to: str = ""
    """Path of the instrument, or ``blocks``."""
    member: str = ""
    operation: Literal["call", "get", "set"] = "call"
    outputs: tuple[str, ...] = ()

    def name(self, result: object) -> dict[str, object]:
        """Return the names this step gives to its `result`."""
        return name_outputs(self.outputs, result)


@dataclass(slots=True)
class DoWait(Doing):
    """Let time pass."""

    seconds: float = 0.0
    keep_counting: bool = False
    until: str = ""
    """A time of day instead, ``HH:MM`` or ``HH:MM:SS``."""


@dataclass(slots=True)
class DoWatch(Doing):
    """Read a property or method until a condition over ``reading`` has held for so long."""

    member: str = ""
    condition: str = ""
    names: Mapping[str, object] = field(default_factory=dict)
    """What the condition may use beside ``reading``."""
    hold_s: float = 0.0
    every_s: float = 1.0
    outputs: tuple[str, ...] = ()

    def name(self, result: object) -> dict[str, object]:
        """Return the names this step gives to its `result`."""
        return name_outputs(self.outputs, result)


@dataclass(slots=True)
class DoAsk(Doing):
    """Ask a person for a value, or to say when to go on."""

    message: str = ""
    output: str = ""
    """Name of the answer; empty for a pause."""
    type: str = ""
    options: tuple[Plain, ...] = ()

    def name(self, result: object) -> dict[str, object]:
        """Return the names this step gives to its `result`."""
        return {self.output: result} if self.output else {}


@dataclass(slots=True)
class DoNote(Doing):
    """Write a comment, or give a variable its value: done as soon as it is recorded."""

    value: object = None
    output: str = ""

    def name(self, result: object) -> dict[str, object]:
        """Return the names this step gives to its `result`."""
        del result
        return {self.output: self.value} if self.output else {}


@dataclass(slots=True)
class DoDecide(Doing):
    """A condition, a count or a list could not be evaluated; nothing is recorded as a step, `problem` says why."""


@dataclass(slots=True)
class Note:
    """Journal something that needs no doing: a branch taken, a round begun, an error policy applied."""

    kind: str
    detail: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Delay:
    """Wait before the next attempt."""

    step: Step
    seconds: float
    label: str


@dataclass(frozen=True, slots=True)
class AskAboutError:
    """Let a person decide: retry, skip or stop."""

    doing: StepEffect
    error: BaseException


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The step's policy ends the run."""

    doing: StepEffect
    error: BaseException


@dataclass(frozen=True, slots=True)
class BeginPhase:
    """Prep, a batch of script or cleanup begins."""

    phase: Phase
    iteration: int
    rows: tuple[Mapping[str, Plain], ...] = ()
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EndPhase:
    """It is over."""

    phase: Phase
    status: Literal["done", "stopped", "failed"]
    outputs: Sequence[Mapping[str, object]]
    error: str | None = None


StepEffect = DoCall | DoWait | DoWatch | DoAsk | DoNote | DoDecide
Effect = StepEffect | Note | Delay | AskAboutError | GiveUp | BeginPhase | EndPhase


@dataclass(slots=True)
class Done:
    """The effect was done; a step added these names."""

    added: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failed:
    """The step failed."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class Retry:
    """Do the step again, with these arguments in place of those it had."""

    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skip:
    """Go on without the step."""


Reply = Done | Failed | Retry | Skip


def name_outputs(outputs: tuple[str, ...], result: object) -> dict[str, object]:
    """Return `result` under its names: one for the whole, or one per item of a tuple; an empty name keeps nothing.

    Raises
    ------
    WorkflowError
        When there is not one item per name.
    """
    if len(outputs) <= 1:
        return {name: result for name in outputs if name}
    items = list(result) if isinstance(result, tuple | list) else None
    if items is None or len(items) != len(outputs):
        got = f"a {type(result).__name__}" if items is None else f"{len(items)} items"
        names = ", ".join(outputs)
        raise WorkflowError([Problem("outputs", f"the call returned {got}, but {len(outputs)} names wait for it: {names}")])
    return {name: item for name, item in zip(outputs, items, strict=True) if name}

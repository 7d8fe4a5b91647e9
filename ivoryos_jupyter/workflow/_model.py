"""What is an experiment, as data?  A workflow of three phases, each a tree of steps; everything is frozen.

An edit returns a new workflow that shares what did not change, so that undo is the previous object.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.schema import Plain

PHASES = ("prep", "script", "cleanup")


@dataclass(frozen=True, slots=True)
class Constant:
    """A value known now, as a plain value."""

    tag: ClassVar[str] = "value"
    value: Plain


@dataclass(frozen=True, slots=True)
class AtRun:
    """A run-time parameter, written ``#name``: a column of the table."""

    tag: ClassVar[str] = "at_run"
    name: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that an earlier step made: an output, a variable, a loop's item or an answer."""

    tag: ClassVar[str] = "variable"
    name: str


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula over names, in the small language of `ivoryos_jupyter.workflow.evaluate`."""

    tag: ClassVar[str] = "expression"
    text: str


Value = Constant | AtRun | Variable | Expression
"""Where an argument comes from; a visible choice, never guessed from text."""


@dataclass(frozen=True, slots=True)
class OnError:
    """What to do when a step fails."""

    action: Literal["ask", "retry", "continue", "fail"] = "ask"
    """``ask`` pauses and asks a person, ``continue`` goes on without the outputs, ``fail`` ends the run."""
    retries: int = 0
    """With ``retry``: how often again, before `ask`."""
    delay_s: float = 0.0
    """With ``retry``: seconds between the attempts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What all steps have."""

    tag: ClassVar[str] = ""
    id: str
    """Stable, unique in the workflow; kept by move and edit, new in a copy."""
    disabled: bool = False
    note: str = ""
    timeout_s: float | None = None
    on_error: OnError = field(default_factory=OnError)
    once_per_batch: bool = False
    """Run once for all samples of a batch, with the first sample's values."""
    uuid: int | None = None
    """IvoryOS's integer identity, kept for its JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Step):
    """Call a method of an instrument."""

    tag: ClassVar[str] = "action"
    instrument: str
    method: str
    arguments: Mapping[str, Value] = field(default_factory=dict)
    """Only those that are given; the rest is left to the driver. ``*args`` and ``**kwargs`` are a list and a dict."""
    consolidate: tuple[str, ...] = ()
    """Arguments gathered into one list over the samples of a batch; with `once_per_batch`."""
    outputs: tuple[str, ...] = ()
    """Names for the result: one for the whole, or one per item of a tuple; an empty name keeps nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GetProperty(Step):
    """Read a property."""

    tag: ClassVar[str] = "get"
    instrument: str
    property: str
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetProperty(Step):
    """Set a property."""

    tag: ClassVar[str] = "set"
    instrument: str
    property: str
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBlock(Step):
    """Call a building block (``@ivoryos.block``)."""

    tag: ClassVar[str] = "block"
    block: str
    arguments: Mapping[str, Value] = field(default_factory=dict)
    consolidate: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallWorkflow(Step):
    """Run a registered workflow's script phase as one step; it sees only its arguments."""

    tag: ClassVar[str] = "workflow"
    workflow: str
    version: str
    """Content hash of the pinned version."""
    arguments: Mapping[str, Value] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    """Name inside -> name outside."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One ``if`` or ``elif`` and its body."""

    condition: str
    """An expression."""
    body: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class If(Step):
    """Run the body of the first condition that holds, else `otherwise`."""

    tag: ClassVar[str] = "if"
    branches: tuple[Branch, ...]
    otherwise: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class While(Step):
    """Repeat while a condition holds, at most `most` times; more is an error."""

    tag: ClassVar[str] = "while"
    condition: str
    body: tuple[Step, ...] = ()
    most: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat(Step):
    """Repeat a number of times."""

    tag: ClassVar[str] = "repeat"
    times: Value
    body: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForEach(Step):
    """Repeat for each item of a list."""

    tag: ClassVar[str] = "for_each"
    item: str
    """Name of the item in the body."""
    items: Value
    body: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Step):
    """Wait for a time; a pause can be longer than it, a stop ends it at once."""

    tag: ClassVar[str] = "wait"
    seconds: Value
    keep_counting: bool = False
    """Whether the time goes on while the run is paused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitUntil(Step):
    """Wait until a time of day, ``HH:MM`` or ``HH:MM:SS``, local; the next one that comes."""

    tag: ClassVar[str] = "wait_until"
    time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFor(Step):
    """Read an instrument until a condition over the reading has held for so long; `timeout_s` bounds it."""

    tag: ClassVar[str] = "wait_for"
    instrument: str
    property: str
    """Property, or method without required parameters, that gives the reading."""
    condition: str
    """An expression in which ``reading`` is the value read."""
    hold_s: float = 0.0
    every_s: float = 1.0
    outputs: tuple[str, ...] = ()
    """Name for the last reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment(Step):
    """A line for people; written into the log when it is reached."""

    tag: ClassVar[str] = "comment"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Step):
    """Stop here until a person goes on."""

    tag: ClassVar[str] = "pause"
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Input(Step):
    """Ask a person for a value."""

    tag: ClassVar[str] = "input"
    message: str
    name: str
    """Name of the answer."""
    type: Literal["float", "int", "str", "bool"] = "str"
    choices: tuple[Plain, ...] = ()
    unit: str = ""
    """Of a number; shown, and borne by the answer's name."""
    minimum: float | None = None
    """The least number that is taken."""
    maximum: float | None = None
    """The greatest number that is taken."""
    default: Plain = None
    """The answer when nothing is typed; None where something must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVariable(Step):
    """Give a name a value."""

    tag: ClassVar[str] = "variable"
    name: str
    value: Value


AnyStep = (
    Action | GetProperty | SetProperty | CallBlock | CallWorkflow | If | While | Repeat | ForEach | Wait | WaitUntil
    | WaitFor | Comment | Pause | Input | SetVariable
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A named experiment in three phases."""

    name: str
    deck: str = ""
    """Name of the deck it was designed for."""
    prep: tuple[Step, ...] = ()
    """Once, before."""
    script: tuple[Step, ...] = ()
    """Repeated: by count, for each row of a table, or by an optimizer."""
    cleanup: tuple[Step, ...] = ()
    """Once, after every ending."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Declared types of run-time parameters, ``name -> annotation text``; others take theirs from where they are used."""
    description: str = ""
    author: str = ""
    finalized: bool = False
    registered: bool = False
    """Whether it may be a step of other workflows."""
    uuid: str | None = None
    nested: Mapping[str, Workflow] = field(default_factory=dict)
    """The pinned versions this workflow calls, by content hash, so that it is complete in itself."""

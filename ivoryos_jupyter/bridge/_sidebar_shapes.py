"""What does the sidebar show, beside the run?  Twin of `labextension/src/panels/sidebar/shapes.ts`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    from ivoryos_jupyter.wire import SafetyJson


class ReadingJson(TypedDict):
    """A property's last known value; it was read by somebody, never for the view."""

    name: str
    """Path below the instrument and property: ``temperature``, ``x.position``."""
    text: str
    unit: str
    at_ms: int
    watched: str
    """Within which band, and how often: ``15 to 80 °C, every 10 s``; empty when it is not watched."""


class InstrumentJson(TypedDict):
    """One instrument of the deck, and how it stands."""

    name: str
    type: str
    state: Literal["offline", "untrusted", "busy", "held", "idle"]
    text: str
    since_ms: int | None
    """Since when it is busy."""
    readings: list[ReadingJson]
    """The latest first."""


class DeckJson(TypedDict):
    """The deck."""

    name: str
    offline: bool
    """Whether it is only described."""
    instruments: list[InstrumentJson]


class EntryJson(TypedDict):
    """One waiting run."""

    key: str
    name: str
    workflow: str
    rows: int | None
    """Rows of its table; None for a run by count."""
    repeat: int
    held: bool
    stop_here: bool
    """Whether the queue is held once it has ended."""
    not_before_ms: int | None
    problem: str
    """Why it cannot run on the present deck; empty when it can."""


class QueueJson(TypedDict):
    """The waiting runs in order."""

    on_hold: bool
    reason: str
    entries: list[EntryJson]


class RecentJson(TypedDict):
    """One recorded run."""

    id: int
    name: str
    workflow: str
    status: str
    started_ms: int | None
    ended_ms: int | None
    skipped: int
    error: str
    done: int
    total: int | None
    table: bool


class SaidJson(TypedDict):
    """What a member of an instrument returned last, from the records."""

    name: str
    text: str
    at_ms: int


class DoubtJson(TypedDict):
    """A step that had begun when its kernel died; nobody knows whether it was done."""

    call: str
    at_ms: int
    sample: str
    step: str
    arguments: dict[str, object]
    needs: list[str]
    """Names that later steps give to what it returned."""
    rest_s: float | None
    """What is left of a wait, the outage counted; None for what is no wait."""
    can_check: bool
    checked: str
    """What the instrument said when it was asked whether it was done."""
    choice: str
    """``done``, ``not_done``, ``rest``; empty as long as nobody has decided."""
    decided: str
    """The same in words."""
    said: list[SaidJson]


class InterruptedJson(TypedDict):
    """A run that a dead kernel left behind."""

    id: int
    name: str
    where: str
    problem: str
    """Why it cannot go on from where it was; empty when it can."""
    warning: str
    """Why its record may end too early; empty when it cannot."""
    in_doubt: list[DoubtJson]
    coming: str
    """The call it would begin with."""
    coming_step: str
    ready: bool
    """Whether it can go on as things are decided."""
    lost: list[str]
    iteration: int
    """The first one that was not brought to its end."""
    iterations: int
    waiting: str
    """Name of the run that follows from it and waits in the queue; empty when there is none."""


class EstimateJson(TypedDict):
    """When the run will have ended, and how sure that is."""

    key: str
    ends_ms: int
    spread_ms: int


class ToldLineJson(TypedDict):
    """Somebody was told, or will be."""

    who: str
    state: Literal["later", "telling", "told", "failed"]
    at_ms: int
    """When; of ``later``: unless it is answered before."""
    problem: str
    """Why it failed."""


class ToldJson(TypedDict):
    """Who was told of the open question."""

    question: str
    """Its id."""
    lines: list[ToldLineJson]
    nobody: str
    """Why nobody is told; empty when somebody is."""


class TrippedJson(TypedDict):
    """A watched value that has left its band, until a person has looked."""

    label: str
    """``reactor.temperature``"""
    reason: str
    did: str
    """``pause``, ``make safe``, ``notify`` or the name of a function."""
    at_ms: int
    outside: bool
    """Whether it still is."""


class SidebarJson(TypedDict):
    """Everything the sidebar shows beside the run itself."""

    told: ToldJson | None
    """Of the question that the run asks; None when it asks nothing."""
    safety: SafetyJson
    deck: DeckJson
    queue: QueueJson
    recent: list[RecentJson]
    tripped: list[TrippedJson]
    interrupted: list[InterruptedJson]
    estimate: EstimateJson | None
    problem: str
    """Why part of this is missing, for example a database out of reach; empty when nothing is."""

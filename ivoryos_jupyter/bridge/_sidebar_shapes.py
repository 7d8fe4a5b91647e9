"""What does the sidebar show, beside the run?  Twin of `labextension/src/panels/sidebar/shapes.ts`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    from ivoryos_jupyter.notebook.recovery import InterruptedJson
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


class EarlierJson(TypedDict):
    """What an earlier run had done of the same iterations."""

    run: int
    done: int


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
    """Iterations that it brought to their end."""
    total: int | None
    before: list[EarlierJson]
    """What the runs did that it goes on with."""
    missing: int
    """How many are missing that no other run does; then what is missing can be run."""
    by: str
    """Who does what it left: ``run 13``; empty when nobody."""
    cleanup_only: bool
    table: bool


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
    """Why it tripped: ``82 °C is above 80 °C``."""
    value: str
    """What was read then, with its unit; empty when nothing could be."""
    did: str
    """``pause``, ``make safe``, ``notify`` or the name of a function."""
    at_ms: int
    outside: bool
    """Whether it still is."""
    watched: bool
    """Whether it is still watched; else nobody knows how it stands now."""
    now: str
    """What was read last, with its unit; empty when nothing was since."""
    now_ms: int | None
    """When it was looked at last."""
    now_problem: str
    """Why the last look failed; empty when it did not."""


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

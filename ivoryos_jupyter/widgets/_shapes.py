"""What do the kernel and the panels say to each other?  Twin of ``labextension/src/panels/model/shapes.ts``."""

from __future__ import annotations

from typing import Literal, TypedDict

Given = dict[str, object]
"""What was put into a field: ``{"text"}``, ``{"value"}``, ``{"live"}``, ``{"items"}``, ``{"entries"}``, ``{"fields"}`` or
``{"member", "given"}``. An absent one is omitted from the call."""


class LimitJson(TypedDict):
    """A limit of the laboratory."""

    minimum: float | None
    maximum: float | None
    allowed: list[str] | None
    unit: str


class FieldJson(TypedDict):
    """One field of a form."""

    name: str
    kind: dict[str, object]
    """Its ``tag`` and what that kind of value has."""
    passing: str
    required: bool
    default: str | None
    """The default as it reads in the signature."""
    unit: str
    help: str
    annotation: str
    limit: LimitJson | None


class MethodRow(TypedDict):
    """A method in the list; its form comes on demand."""

    name: str
    signature: str
    returns: str
    summary: str
    folded: bool
    note: str
    defined_by: str


class PropertyRow(TypedDict):
    """A property, in one row."""

    name: str
    unit: str
    readable: bool
    settable: bool
    summary: str
    folded: bool
    note: str
    kind: dict[str, object]
    limit: LimitJson | None


class LeftOutJson(TypedDict):
    """A name that is not offered."""

    name: str
    reason: str


class ChildJson(TypedDict):
    """A sub-instrument."""

    path: str
    type: str


class StatusJson(TypedDict):
    """Whether an instrument can be called."""

    state: Literal["idle", "busy", "held", "untrusted", "offline"]
    text: str


class InstrumentRow(TypedDict):
    """An instrument with everything that is listed of it."""

    path: str
    type: str
    summary: str
    methods: list[MethodRow]
    properties: list[PropertyRow]
    children: list[ChildJson]
    left_out: list[LeftOutJson]
    connection: dict[str, str]
    status: StatusJson


class PreferencesJson(TypedDict):
    """What she decided about the members of a deck; each is called ``path.member``."""

    favourites: list[str]
    hidden: list[str]
    order: dict[str, list[str]]


class ListingJson(TypedDict):
    """All that a panel lists."""

    deck: str
    offline: bool
    instruments: list[InstrumentRow]
    left_out: list[LeftOutJson]
    preferences: PreferencesJson
    warning: str


class FormJson(TypedDict):
    """A form."""

    target: str
    member: str
    operation: str
    title: str
    fields: list[FieldJson]
    variants: list[list[FieldJson]]
    doc: str
    note: str
    draft: dict[str, Given]


class ProblemJson(TypedDict):
    """One thing that is wrong with one field."""

    field: str
    message: str
    value: str


class CheckJson(TypedDict):
    """What is to be said of what stands in a form."""

    problems: list[ProblemJson]
    missing: list[str]
    call: str
    """The call in Python, as far as it can be said."""
    notes: dict[str, str]


class TableJson(TypedDict):
    """The beginning of a table."""

    columns: list[str]
    rows: list[list[str]]
    total: int


class ShownJson(TypedDict):
    """A result, to be looked at."""

    text: str
    type: str
    unit: str
    table: TableJson | None
    image: str
    """A PNG image in base64."""


class ErrorJson(TypedDict):
    """What went wrong, the driver's own words first."""

    message: str
    detail: str


class EntryJson(TypedDict):
    """One call in the log."""

    id: str
    target: str
    member: str
    operation: str
    call: str
    state: Literal["waiting", "running", "done", "failed", "refused"]
    origin: str
    started_ms: int | None
    ended_ms: int | None
    result: ShownJson | None
    error: ErrorJson | None
    prints: str
    message: str
    """What is unusual about it while it runs."""

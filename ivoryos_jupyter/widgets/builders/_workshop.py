"""What does a builder need of the session around it?  Its deck, limits, library and desk, and a way to submit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.desk import Desk
    from ivoryos_jupyter.introspect import Deck
    from ivoryos_jupyter.journal import RunRequest
    from ivoryos_jupyter.notebook import Rehearsal
    from ivoryos_jupyter.records import Library
    from ivoryos_jupyter.schema import Budget, Limits, Plain
    from ivoryos_jupyter.workflow import Step, Workflow


@dataclass(frozen=True, slots=True)
class Submission:
    """What the run dialog asks for."""

    workflow: Workflow
    rows: tuple[Mapping[str, Plain], ...] | None = None
    """The table, converted; None for a run by count."""
    repeat: int = 1
    sample_column: str | None = None
    batch_size: int = 1
    name: str = ""
    again: bool = False
    """Whether the same content is run once more on purpose."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of it."""

    key: str
    name: str
    existed: bool = False
    """Whether this very submission was made before, so that nothing new was queued."""


def _nothing_usual(_step: Step) -> str:
    return ""


def _no_estimate(_submission: Submission) -> str:
    return ""


def _no_names() -> Mapping[str, object]:
    return {}


def _no_version(_key: str) -> str:
    return ""


def _none_waits(_key: str) -> RunRequest | None:
    return None


def _unchanged(_request: RunRequest, _submission: Submission) -> None:
    """Change nothing."""


def _unheard(_event: object) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the builders of one session share."""

    token: str
    """Names the session, so that views reach the right kernel."""
    desk: Desk
    deck: Deck
    limits: Callable[[], Limits]
    library: Library
    operator: str
    """Who works here."""
    submit: Callable[[Submission], Submitted]
    rehearse: Callable[[Submission, bool], Rehearsal]
    """Rehearse what is asked for, with every single fault or without."""
    subscribe: Callable[[Callable[[object], None]], Callable[[], None]]
    """Hear the events of the runner; returns how to stop."""
    variables: Callable[[], Mapping[str, object]] = field(default=_no_names)
    """The notebook's names, where DataFrames are looked up."""
    usual: Callable[[Step], str] = field(default=_nothing_usual)
    """How long a step usually takes, in words; empty without history."""
    estimate: Callable[[Submission], str] = field(default=_no_estimate)
    """How long a run will take, in words; empty without history."""
    version_of: Callable[[str], str] = field(default=_no_version)
    """Content hash of the workflow that a run was submitted with."""
    budgets: Callable[[], list[tuple[Budget, float]]] = field(default=list)
    """The budgets of the laboratory, with what is used of each."""
    waiting: Callable[[str], RunRequest | None] = field(default=_none_waits)
    """The waiting run with a key; None when it waits no longer."""
    replace_waiting: Callable[[RunRequest, Submission], None] = field(default=_unchanged)
    """Put a submission in the place of a waiting run."""
    publish: Callable[[object], None] = field(default=_unheard)
    """Tell pages that show a builder without a widget."""

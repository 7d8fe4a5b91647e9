"""What does a view show of an interrupted run?  Twin of `labextension/src/panels/needs/shapes.ts`."""

from __future__ import annotations

from typing import TypedDict


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

"""Where in the tree of steps is the interpreter?  A stack of frames: data only, so that it can be shown and kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.schema import Plain
    from ivoryos_jupyter.workflow import CallWorkflow, ForEach, Repeat, Step, While

Context = dict[str, object]
"""What the names of one sample mean."""


@dataclass(slots=True)
class Body:
    """A list of steps, and the place in it."""

    steps: tuple[Step, ...]
    samples: tuple[int, ...]
    numbers: Mapping[str, int]
    """Flat row of each step."""
    path: str = ""
    owner: str = ""
    """Id of the step it is a part of."""
    slot: str = ""
    at: int = 0
    """Index of the next step."""
    turn: int = 0
    """Index of the sample that is next to do it."""


@dataclass(slots=True)
class Split:
    """An if: the parts that are still to be run, each for its group of samples."""

    step_id: str
    parts: list[Body]


@dataclass(slots=True)
class Round:
    """A loop: how many rounds it has begun, and what each sample has before it."""

    step: While | Repeat | ForEach
    samples: tuple[int, ...]
    numbers: Mapping[str, int]
    path: str
    number: int = 0
    allowed: int = 0
    """Of a while: rounds before it is an error."""
    times: Mapping[int, int] = field(default_factory=dict)
    """Rounds of each sample, where they are known beforehand."""
    items: Mapping[int, list[object]] = field(default_factory=dict)


@dataclass(slots=True)
class Inside:
    """A nested workflow, which has a scope of its own."""

    step: CallWorkflow
    samples: tuple[int, ...]
    scope: list[Context]
    """One context per sample of the batch; those that are not in it stay empty."""


@dataclass(slots=True)
class Once:
    """A block that one sample runs for all of the batch."""

    step_id: str
    samples: tuple[int, ...]
    before: Context


Frame = Body | Split | Round | Inside | Once


def describe_frame(frame: Frame) -> dict[str, Plain]:
    """Return `frame` as plain data, by step ids."""
    if isinstance(frame, Body):
        at = frame.steps[frame.at].id if frame.at < len(frame.steps) else None
        return {"frame": "body", "owner": frame.owner, "slot": frame.slot, "step": at, "turn": frame.turn, "samples": list(frame.samples)}
    if isinstance(frame, Split):
        return {"frame": "split", "step": frame.step_id, "left": [[part.slot, list(part.samples)] for part in frame.parts]}
    if isinstance(frame, Round):
        return {"frame": "round", "step": frame.step.id, "round": frame.number, "samples": list(frame.samples)}
    if isinstance(frame, Inside):
        return {"frame": "inside", "step": frame.step.id, "samples": list(frame.samples)}
    return {"frame": "once", "step": frame.step_id, "samples": list(frame.samples)}

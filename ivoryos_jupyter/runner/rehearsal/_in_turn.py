"""When would each run of a queue begin and end?  One after the other, several times over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.runner.rehearsal._rehearse import how_often, perform, summary, varies
from ivoryos_jupyter.runner.rehearsal._result import Spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivoryos_jupyter.runner.rehearsal._result import Rehearsed
    from ivoryos_jupyter.runner.rehearsal._stage import Performance, Scene


@dataclass(frozen=True, slots=True)
class Turn:
    """One run of the queue."""

    rehearsed: Rehearsed
    begins: Spread
    """UTC seconds since 1970."""
    ends: Spread


def rehearse_in_turn(scenes: Sequence[Scene], start_us: int, *, under_way_s: float = 0.0, seed: int = 0) -> tuple[Turn, ...]:
    """Rehearse runs that follow each other.

    Parameters
    ----------
    scenes
        The runs in order; one that may not begin before a time waits for it.
    start_us
        Now, in UTC microseconds.
    under_way_s
        How long the first of them runs already.
    seed
        The same seed gives the same rehearsal.
    """
    nights = [_one_night(scenes, start_us, under_way_s, f"{seed}/0")]
    longest = max(nights[0], key=lambda one: len(one.log.lines), default=None)
    if longest is not None and any(varies(scene) for scene in scenes):
        nights += [_one_night(scenes, start_us, under_way_s, f"{seed}/{number}") for number in range(1, how_often(longest))]
    return tuple(_turn(scene, [night[at] for night in nights]) for at, scene in enumerate(scenes))


def _one_night(scenes: Sequence[Scene], start_us: int, under_way_s: float, seed: str) -> list[Performance]:
    performances: list[Performance] = []
    now_us = start_us - round(under_way_s * 1e6)
    for at, scene in enumerate(scenes):
        begins = max(now_us, scene.request.not_before_us or 0) if at or not under_way_s else now_us
        performances.append(perform(scene, begins, f"{seed}/{at}"))
        now_us = max(performances[-1].ended_us, start_us)
    return performances


def _turn(scene: Scene, performances: Sequence[Performance]) -> Turn:
    begins = Spread.of([one.started_us / 1e6 for one in performances])
    return Turn(summary(scene, performances), begins, Spread.of([one.ended_us / 1e6 for one in performances]))

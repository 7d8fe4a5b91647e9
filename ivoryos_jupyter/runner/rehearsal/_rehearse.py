"""How is a run rehearsed often enough to tell how its time varies?"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from ivoryos_jupyter.runner.rehearsal._result import Rehearsed, Spread
from ivoryos_jupyter.runner.rehearsal._sources import Assumption
from ivoryos_jupyter.runner.rehearsal._stage import Stage
from ivoryos_jupyter.runner.rehearsal._summary import (
    amounts_over,
    endless_of,
    issue_of,
    issues_of,
    never_taken,
    still_going,
    totals_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.runner._status import Choice
    from ivoryos_jupyter.runner.rehearsal._faults import FaultKind
    from ivoryos_jupyter.runner.rehearsal._log import Asked
    from ivoryos_jupyter.runner.rehearsal._stage import Performance, Scene

_FEWEST, _MOST = 3, 30
_STEPS_IN_ALL = 20_000
"""Where a run has fewer steps than this, it is rehearsed more often."""


def perform(
    scene: Scene, start_us: int, seed: str, faults: Mapping[int, FaultKind] | None = None, on_error: Choice = "skip"
) -> Performance:
    """Rehearse once; the same seed gives the same rehearsal."""
    return Stage(scene, Random(seed), start_us, faults or {}, on_error).perform()  # noqa: S311 - chance, no secret


def rehearse(scene: Scene, start_us: int, *, seed: int = 0, times: int | None = None) -> Rehearsed:
    """Rehearse a run.

    Parameters
    ----------
    scene
        What is rehearsed, and on what.
    start_us
        When it would begin, in UTC microseconds.
    seed
        The same seed gives the same rehearsal.
    times
        How often, to tell how the time varies; None for as often as is quick, and once where nothing varies.
    """
    first = perform(scene, start_us, f"{seed}/0")
    wanted = 1 if first.cut_short else times or (how_often(first) if varies(scene) else 1)
    performances = [first, *(perform(scene, start_us, f"{seed}/{number}") for number in range(1, wanted))]
    return summary(scene, performances)


def varies(scene: Scene) -> bool:
    """Tell whether two rehearsals of `scene`, which was rehearsed once, may differ."""
    return any(source.varies for source in scene.sources.used)


def how_often(first: Performance) -> int:
    """Return how often to rehearse: more often what is quick."""
    return max(_FEWEST, min(_MOST, _STEPS_IN_ALL // max(1, len(first.log.lines))))


def summary(scene: Scene, performances: Sequence[Performance]) -> Rehearsed:
    """Return what several rehearsals come to."""
    first = performances[0]
    taken = {one for each in performances for one in each.log.taken}
    rounds: dict[str, int] = {}
    for each in performances:
        for step, number in each.log.rounds.items():
            rounds[step] = max(rounds.get(step, 0), number)
    going_on = still_going(first, scene.workflow)
    loops = {one.step_id: one for one in (*going_on, *(one for each in reversed(performances) for one in endless_of(each)))}
    log = first.log
    return Rehearsed(
        name=scene.request.name,
        started_us=first.started_us,
        duration=Spread.of([one.seconds for one in performances]),
        outcome=log.outcome.value if log.outcome is not None else "",
        error=log.error,
        lines=tuple(log.lines),
        totals=totals_of(log.lines),
        amounts=amounts_over(performances, scene.schema),
        issues=(*issues_of(performances, rounds), *(issue_of(one, first) for one in going_on)),
        endless=tuple(loops.values()),
        never=never_taken(scene.workflow, taken),
        asked=tuple(one for one in log.asked if one.kind != "error"),
        assumptions=_assumptions(scene, log.asked),
        stops=sum(one.kind == "error" for one in log.asked),
        cut_short=any(one.cut_short for one in performances),
    )


def _assumptions(scene: Scene, asked: Sequence[Asked]) -> tuple[Assumption, ...]:
    said = [statement for source in scene.sources.used for statement in source.statements()]
    said += [
        Assumption(f"answer to “{one.message}”", one.answer, "given" if one.known else "assumed", "answer")
        for one in asked
        if one.kind == "input"
    ]
    if asked:
        said.append(Assumption("a person", "answers at once", "assumed", "duration"))
    if any(one.kind == "error" for one in asked):
        said.append(Assumption("a step that fails", "is skipped, so that what follows is rehearsed too", "assumed", "course"))
    return tuple(dict.fromkeys(said))

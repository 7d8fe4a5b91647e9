"""About how long will a run take?  Quick enough to be asked at every change: of a long table only the first rows are rehearsed."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.runner._program import Plan
from ivoryos_jupyter.runner.rehearsal._rehearse import perform, varies
from ivoryos_jupyter.runner.rehearsal._result import Spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivoryos_jupyter.runner.rehearsal._stage import Performance, Scene

ITERATIONS = 20
"""Iterations of the script that are rehearsed; the others take as long."""
_TIMES = 8
_LONG = 2000
"""Steps of a run that is rehearsed less often."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """How long a run will take."""

    duration: Spread
    without_history: int
    """Methods, properties and blocks of which no call was recorded; counted as nothing."""
    known: bool
    """Whether anything is known: a recorded call, or a wait."""


def forecast(scene: Scene, start_us: int) -> Forecast:
    """Return about how long the run of `scene` takes."""
    request, iterations = scene.request, Plan.of(scene.request).iterations
    rows = None if request.rows is None else request.rows[: ITERATIONS * max(1, request.batch_size)]
    short = replace(scene, request=replace(request, rows=rows, repeat=min(ITERATIONS, request.repeat)))
    performances = [perform(short, start_us, "0/0")]
    if varies(short):
        times = _TIMES if len(performances[0].log.lines) < _LONG else 2
        performances += [perform(short, start_us, f"0/{number}") for number in range(1, times)]
    seconds = _scaled(performances, iterations / min(iterations, ITERATIONS))
    used = scene.sources.used
    known = any(one.lasts_basis != "assumed" for one in used) or max(seconds) > 0
    return Forecast(Spread.of(seconds), sum(one.lasts_basis == "assumed" for one in used), known)


def _scaled(performances: Sequence[Performance], factor: float) -> list[float]:
    """Return the whole times; the script takes `factor` times as long, and what varies in it adds up as chance does."""
    scripts = [one.log.took_s.get("script", 0.0) for one in performances]
    middle = sum(scripts) / len(scripts)
    return [
        one.seconds - script + middle * factor + (script - middle) * math.sqrt(factor)
        for one, script in zip(performances, scripts, strict=True)
    ]

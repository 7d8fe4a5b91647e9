"""How long does a step usually take?  From what was recorded; never guessed without it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ivoryos_jupyter.notebook import span
from ivoryos_jupyter.schema import SETTER
from ivoryos_jupyter.workflow import Action, CallBlock, GetProperty, SetProperty, WaitFor

if TYPE_CHECKING:
    from ivoryos_jupyter.journal import PastCall
    from ivoryos_jupyter.workflow import Step

Past = Callable[[str, str], "Sequence[PastCall]"]


class Times:
    """Tells times from the records."""

    def __init__(self, past: Past) -> None:
        """Use `past`, which gives the latest calls of ``(instrument, method)``."""
        self._past = past

    def usual(self, step: Step) -> str:
        """Return how long `step` usually takes: ``4 min ± 20 s``; empty without history."""
        called = _called(step)
        waits = isinstance(step, WaitFor)
        recent = [one.seconds for one in self._past(*called) if one.waited is waits] if called else []
        return _with_spread(statistics.fmean(recent), _deviation(recent)) if recent else ""


def _called(step: Step) -> tuple[str, str] | None:
    """Return instrument and method as the records name them."""
    match step:
        case Action(instrument=instrument, method=method):
            return instrument, method
        case SetProperty(instrument=instrument, property=name):
            return instrument, name + SETTER
        case GetProperty(instrument=instrument, property=name) | WaitFor(instrument=instrument, property=name):
            return instrument, name
        case CallBlock(block=block):
            return "blocks", block
    return None


def _deviation(durations: list[float]) -> float:
    return statistics.stdev(durations) if len(durations) > 1 else 0.0


def _with_spread(mean: float, deviation: float) -> str:
    return f"{span(mean)} ± {span(deviation)}" if deviation >= 0.05 * mean and deviation > 0 else span(mean)

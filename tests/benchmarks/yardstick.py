"""What is a figure?  What we take, beside what a bare loop takes for the same, both measured in one run.

Seconds depend on the machine and on what else it does; the ratio hardly does. Ours and the yardstick take turns, and of each
the shortest round counts.
"""

from __future__ import annotations

import itertools
import os
import statistics
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    what: str
    ours_s: float
    yardstick: str
    bare_s: float
    aim: float | None = None
    """The largest ratio that is good enough; None where it is shown for comparison only."""

    @property
    def ratio(self) -> float:
        """How many times the yardstick it takes."""
        return self.ours_s / self.bare_s

    @property
    def cells(self) -> tuple[str, ...]:
        """The texts of its line."""
        verdict = "" if self.aim is None else "met" if self.ratio <= self.aim else "MISSED"
        aim = "" if self.aim is None else f"{self.aim:.2f}x"
        return self.what, milliseconds(self.ours_s), self.yardstick, milliseconds(self.bare_s), f"{self.ratio:.2f}x", aim, verdict


TITLES = ("measured", "ours", "yardstick", "takes", "ratio", "aim", "")


def milliseconds(seconds: float) -> str:
    """Return a time with three digits that count."""
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.2f} s"


def in_turns(ours: Callable[[], float], bare: Callable[[], float], rounds: int) -> tuple[float, float]:
    """Return the shortest round of each, in seconds; both return how long they took."""
    pairs = [(ours(), bare()) for _ in range(rounds)]
    return min(one for one, _ in pairs), min(two for _, two in pairs)


def seconds_of(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def quiet_gap(moments: Sequence[float]) -> float:
    """Return the tenth percentile of the times between successive moments: those that nobody interrupted."""
    gaps = [after - before for before, after in itertools.pairwise(moments)]
    return statistics.quantiles(gaps, n=10)[0]


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as a table in Markdown."""
    rows = [TITLES, *(figure.cells for figure in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(TITLES))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def report(measure: Callable[[], Iterable[Figure]]) -> None:
    """Print the figures of one script."""
    sys.stdout.write(f"{table(measure())}\n{machine()}\n")


def machine() -> str:
    """Return how busy the machine is, which is part of any time."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"Python {sys.version.split()[0]}, {os.cpu_count()} processors{load}"

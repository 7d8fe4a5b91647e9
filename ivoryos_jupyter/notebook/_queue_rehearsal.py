"""When would each run of the queue begin and end?  As a table, as text and as HTML."""

from __future__ import annotations

import time
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from ivoryos_jupyter.notebook._rehearsal_tables import frame
from ivoryos_jupyter.notebook._spans import clock_time, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from ivoryos_jupyter.notebook._rehearsal import Rehearsal
    from ivoryos_jupyter.runner.rehearsal import Turn

_CELL = "text-align:left;font-variant-numeric:tabular-nums"


@dataclass(frozen=True, slots=True)
class Line:
    """How the queue stood, as far as something had to be assumed for it."""

    held: Sequence[str] = ()
    """Names of the runs that were passed over."""
    stopping: Sequence[str] = ()
    """Names of the runs after which the queue stops, while others wait."""
    resumed: Sequence[str] = ()
    """Names of the runs that go on with an interrupted one."""
    on_hold: bool = False
    under_way: bool = False
    """Whether the first run is under way."""


class QueueRehearsal:
    """The whole queue, rehearsed: nothing was called, nothing was recorded."""

    def __init__(self, runs: Sequence[tuple[Turn, Rehearsal]], queue: Line) -> None:
        """Show `runs`, in their order, as `queue` had them."""
        self._turns = [turn for turn, _ in runs]
        self.runs = [rehearsal for _, rehearsal in runs]
        """The rehearsal of each run, in order."""
        self._queue = queue

    @property
    def table(self) -> pd.DataFrame:
        """One row per run: when it begins and ends, in the middle case and between which times, and what would go wrong."""
        import pandas as pd  # noqa: PLC0415 - it takes a second to import

        columns = ["run", "begins", "ends", "ends_earliest", "ends_latest", "problems", "outcome"]
        rows = [
            (one.name, turn.begins.p50, turn.ends.p50, turn.ends.p10, turn.ends.p90, len(one.rehearsed.issues), one.rehearsed.outcome)
            for turn, one in zip(self._turns, self.runs, strict=True)
        ]
        table = frame(columns, rows)
        for name in columns[1:5]:
            table[name] = pd.to_datetime(table[name].astype("float64"), unit="s", utc=True)
        return table

    @property
    def headline(self) -> str:
        """How many runs there are, and when the last one ends."""
        if not self._turns:
            return "nothing waits in the queue"
        now, ends = time.time(), self._turns[-1].ends
        early, late = clock_time(ends.p10, now), clock_time(ends.p90, now)
        spread = "" if early == late else f" (between {early} and {late}, from {ends.rehearsals} rehearsals)"
        count = len(self._turns)
        return f"{count} run{'s' if count > 1 else ''}, the last one ends {clock_time(ends.p50, now)}{spread}"

    @property
    def assumed(self) -> list[str]:
        """What was taken for true about the queue; each run has its own list in ``runs[n].assumed``."""
        said = [f"{name!r} is held and is passed over" for name in self._queue.held]
        said += ["the queue is on hold, and is taken as released now"] if self._queue.on_hold else []
        said += ["the run under way takes as long as one like it from its beginning"] if self._queue.under_way else []
        said += [f"the queue, which stops after {name!r}, is released at once" for name in self._queue.stopping]
        said += [f"{name!r} goes on with an interrupted run, and is rehearsed from its beginning" for name in self._queue.resumed]
        failing = [one.name for one in self.runs if one.rehearsed.outcome == "failed"]
        return said + [f"{name!r} would fail, and the queue goes on all the same" for name in failing]

    def _rows(self) -> list[tuple[str, str, str, str, str]]:
        now = time.time()
        return [
            (one.name, clock_time(turn.begins.p50, now), clock_time(turn.ends.p50, now), span(one.duration.p50), _problems(one))
            for turn, one in zip(self._turns, self.runs, strict=True)
        ]

    def __repr__(self) -> str:
        """Return the queue as text."""
        lines = [f"Rehearsal of the queue: {self.headline}"]
        lines += [f"  {begins} to {ends}  {name} ({takes}){problems}" for name, begins, ends, takes, problems in self._rows()]
        return "\n".join([*lines, *(f"Assumed: {one}." for one in self.assumed)])

    def _repr_html_(self) -> str:
        head = "".join(f'<th style="{_CELL}">{one}</th>' for one in ("run", "begins", "ends", "takes", "problems"))
        body = "".join("<tr>" + "".join(f'<td style="{_CELL}">{escape(cell)}</td>' for cell in row) + "</tr>" for row in self._rows())
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if self._turns else ""
        notes = "".join(f"<div>Assumed: {escape(one)}.</div>" for one in self.assumed)
        return f"<div><b>Rehearsal of the queue</b>: {escape(self.headline)}{table}{notes}</div>"


def _problems(one: Rehearsal) -> str:
    count = len(one.rehearsed.issues)
    return f" · {count} problem{'s' if count > 1 else ''}" if count else ""

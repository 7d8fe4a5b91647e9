"""What do the records know of the rows of a run that began before anybody looked?"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.widgets._run_book import Line, cell, numbers_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

    from ivoryos_jupyter.records import History
    from ivoryos_jupyter.widgets._run_book import RunBook

_STATES = {"done": "done", "completed": "done", "failed": "failed", "error": "failed", "stopped": "stopped"}
"""What a closed phase says of its rows, in our words and in those of IvoryOS."""


def recall(history: History, run_id: int, book: RunBook, *, live: bool) -> None:
    """Take over what the records hold of the rows; `live` says whether the run goes on, so that an open row is not in doubt."""
    begun = _begun(history.phases(run=run_id), live=live)
    for row in history.outputs(run_id).to_dict("records"):
        iteration, sample = int(row["iteration"]), int(row["in_batch"])
        if iteration in begun:
            book.recall((iteration - 1) * book.batch + sample, _with_values(begun[iteration], row, book.outputs))
    for iteration, line in begun.items():  # rows that have neither inputs nor outputs
        for sample in range(book.batch):
            book.recall((iteration - 1) * book.batch + sample, line)


def _with_values(line: Line, row: Mapping[Hashable, object], outputs: Mapping[str, str]) -> Line:
    found = {name: row[name] for name in outputs if name in row and not _is_missing(row[name])}
    return replace(line, outputs={name: cell(value) for name, value in found.items()}, numbers=numbers_of(found))


def _begun(phases: pd.DataFrame, *, live: bool) -> dict[int, Line]:
    """Return how each iteration that was begun stands, with its times in UTC microseconds."""
    script = phases[phases["phase"] == "script"]
    return {
        int(row["iteration"]): Line(
            _state(row["status"], live=live), started_us=_microseconds(row["started"]), ended_us=_microseconds(row["ended"])
        )
        for row in script.to_dict("records")
    }


def _state(status: object, *, live: bool) -> str:
    """Return the state of the rows of a phase; one that nobody closed is under way, or nobody knows how far it came."""
    if _is_missing(status):
        return "running" if live else "in doubt"
    return _STATES.get(str(status), "unknown")


def _microseconds(moment: object) -> int | None:
    value = getattr(moment, "value", None)
    return int(value) // 1000 if isinstance(value, int) and not _is_missing(moment) else None


def _is_missing(value: object) -> bool:
    """Whether a cell of a frame is empty: None, NaN, NaT or NA, of which only these differ from themselves or say so."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(value, float) and math.isnan(value)

"""What do the records know of the rows of a run that began before anybody looked?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ivoryos_jupyter.widgets._run_book import Line, cell, numbers_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

    from ivoryos_jupyter.records import History
    from ivoryos_jupyter.widgets._run_book import RunBook

_STATES = {"completed": "done", "running": "running", "failed": "failed", "stopped": "stopped"}


def recall(history: History, run_id: int, book: RunBook) -> None:
    """Take over what the records hold of the rows."""
    times = _times(history.phases(run=run_id))
    frame = history.outputs(run_id)
    for row in frame.to_dict("records"):
        iteration, sample = int(row["iteration"]), int(row["in_batch"])
        book.recall((iteration - 1) * book.batch + sample, _line(row, times.get(iteration, (None, None)), book.outputs))


def _line(row: Mapping[Hashable, object], times: tuple[int | None, int | None], outputs: Mapping[str, str]) -> Line:
    found = {name: row[name] for name in outputs if name in row and not _is_missing(row[name])}
    return Line(
        _STATES.get(str(row.get("status")), "done"),
        {name: cell(value) for name, value in found.items()},
        numbers_of(found),
        *times,
    )


def _times(phases: pd.DataFrame) -> dict[int, tuple[int | None, int | None]]:
    """Return start and end of each iteration, in UTC microseconds."""
    script = phases[phases["phase"] == "script"]
    return {int(row["iteration"]): (_microseconds(row["started"]), _microseconds(row["ended"])) for row in script.to_dict("records")}


def _microseconds(moment: object) -> int | None:
    value = getattr(moment, "value", None)
    return int(value) // 1000 if isinstance(value, int) and not _is_missing(moment) else None


def _is_missing(value: object) -> bool:
    """Whether a cell of a frame is empty: None, NaN, NaT or NA, of which only these differ from themselves or say so."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(value, float) and math.isnan(value)

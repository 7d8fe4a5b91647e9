"""With what, where and by whom was a run made, and how did the instruments stand?  Read back from its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ivoryos_jupyter.errors import UnknownNameError

_TEXTS = ("workflow", "workflow_version", "deck", "deck_fingerprint", "operator", "os_user", "host", "notebook")
_COLUMNS = ("run", "moment", "property", "value", "at", "not_read")

if TYPE_CHECKING:
    from collections.abc import Iterator


def made_with(runs: pd.DataFrame, run: int | str) -> dict[str, object]:
    """Return what one row of the table of runs says of its making, as one dict.

    Raises
    ------
    UnknownNameError
        When there is no such run.
    """
    if runs.empty:
        raise UnknownNameError(f"There is no run {run!r} in the records; ivoryos.history.runs() lists them.")
    row = runs.iloc[-1]
    said = {name: str(row[name]) for name in _TEXTS if not pd.isna(row[name])}
    return {**said, "instruments": row["instruments"] or {}, "code": row["code_versions"] or {}}


def snapshots_frame(events: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each property that was read for a snapshot, from the events of that kind."""
    rows = [row for event in events.to_dict("records") for row in _rows(event)]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _rows(event: dict[object, object]) -> Iterator[tuple[object, ...]]:
    detail = event["detail"]
    if not isinstance(detail, dict):
        return
    for name, value in detail.get("values", {}).items():
        yield event["run"], detail.get("moment"), name, value, event["at"], None
    for name, reason in detail.get("not_read", {}).items():
        yield event["run"], detail.get("moment"), name, None, event["at"], reason

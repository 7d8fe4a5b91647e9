"""Which dtype has a column?  The exact one: UTC times, nullable integers and booleans, text that stays text."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from ivoryos_jupyter.records._columns import MISSING, objects, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivoryos_jupyter.records._columns import Integers, Texts

_QUARTER_US = 15 * 60 * 1_000_000


def integer(column: Integers) -> pd.Series[int]:
    """Return nullable integers."""
    missing = column == MISSING
    return pd.Series(pd.arrays.IntegerArray(np.where(missing, 0, column).astype(np.int64), np.asarray(missing, dtype=bool)))


def moment(column: Integers, local: Texts | None = None) -> pd.Series[pd.Timestamp]:
    """Return UTC times from microseconds; where they are missing, from the naive local text that IvoryOS wrote."""
    known = column != MISSING
    times = np.where(known, column, np.iinfo(np.int64).min).view("M8[us]")
    if local is not None:
        rows = np.flatnonzero(np.asarray(~local.isna()) & ~known)
        if len(rows):
            times[rows] = _from_local(np.array([str(one).replace(" ", "T") for one in local[rows]], dtype="M8[us]"))
    return pd.Series(pd.DatetimeIndex(times).tz_localize("UTC"))


def _from_local(naive: np.ndarray[tuple[int], np.dtype[np.datetime64]]) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    """Return UTC for naive local times; a zone's offset is asked once for each quarter of an hour that occurs."""
    micros = naive.astype(np.int64)
    quarters, places = np.unique(micros // _QUARTER_US, return_inverse=True)
    offsets = [_offset_us(int(quarter) * _QUARTER_US) for quarter in quarters]
    return (micros - np.array(offsets, dtype=np.int64)[places]).view("M8[us]")


def _offset_us(local_us: int) -> int:
    """Return how far this machine's zone is ahead of UTC at a local time."""
    naive = datetime(1970, 1, 1) + pd.Timedelta(local_us, "us").to_pytimedelta()  # noqa: DTZ001 - naive is what it is
    offset = naive.astimezone().utcoffset()
    return 0 if offset is None else int(offset.total_seconds() * 1_000_000)


def value(cells: Sequence[object]) -> pd.Series:
    """Return values with the one dtype that holds them all without changing any, else as objects."""
    present = {type(cell) for cell in cells if cell is not None}
    if present == {bool}:
        return pd.Series(pd.array(cast("Sequence[bool]", cells), dtype="boolean"))
    if present == {int} and all(-(2**63) <= cell < 2**63 for cell in cells if isinstance(cell, int)):
        return pd.Series(pd.array(cast("Sequence[int]", cells), dtype="Int64"))
    if present and present <= {float, int} and float in present and all(_exact(cell) for cell in cells):
        return pd.Series(np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64))
    if present == {str}:
        return pd.Series(texts(cast("Sequence[str | None]", cells)))
    return pd.Series(objects(cells), dtype=object)


def _exact(cell: object) -> bool:
    """Tell whether a float holds the number without changing it."""
    return not isinstance(cell, int) or abs(cell) <= 2**53

"""How do rows become columns, a million of them in about a second?

A query's answer is cheap as long as it does not have to become one Python object per cell. For a large answer SQLite itself
joins each column into one text: numpy reads the integers, the JSON decoder a whole column at once, and texts that repeat
(methods, instruments) are read as one key per row. A small answer, and PostgreSQL's, take the plain way; both give the same.
"""

from __future__ import annotations

import gc
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.records._sqlite import SqliteStatements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ivoryos_jupyter.records._database import Statements, Values

    Objects = np.ndarray[tuple[int], np.dtype[np.object_]]
    Integers = np.ndarray[tuple[int], np.dtype[np.int64]]
    Columns = Mapping[str, Objects | Integers]

MISSING = -(2**62)
"""Stands for NULL among integers; no moment, index or count of ours is that."""

_LARGE = 20_000
_UNIT, _RECORD, _NULL = "\x1f", "\x1e", "\x1d"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer."""

    name: str
    sql: str
    kind: Literal["integer", "json", "key", "rare"]
    """``key``: text that repeats; ``rare``: text that is mostly NULL. Both come as texts or None, JSON comes decoded."""


def fetch(statements: Statements, columns: Sequence[Column], source: str, values: Values, read: Callable[[str], object]) -> Columns:
    """Return the columns of ``FROM source``, in the order of ids; the first column is the id.

    `read` turns the text of one JSON cell into its value where the text holds a mark.
    """
    if isinstance(statements, SqliteStatements):
        (count,) = statements.rows(f"SELECT COUNT(*) FROM {source}", values)[0]  # noqa: S608 - our own text, values are bound
        if int(str(count)) >= _LARGE:
            found = _joined(statements, columns, source, values, read)
            if found is not None:
                return found
    return _plain(statements, columns, source, values, read)


def _plain(statements: Statements, columns: Sequence[Column], source: str, values: Values, read: Callable[[str], object]) -> Columns:
    """Fetch rows and turn them."""
    selected = ", ".join(column.sql for column in columns)
    rows = statements.rows(f"SELECT {selected} FROM {source} ORDER BY {columns[0].sql}", values)  # noqa: S608 - as above
    turned = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    found: dict[str, Objects | Integers] = {}
    for column, cells in zip(columns, turned, strict=True):
        if column.kind == "integer":
            found[column.name] = np.array([MISSING if cell is None else int(str(cell)) for cell in cells], dtype=np.int64)
        elif column.kind == "json":
            found[column.name] = objects([_cell(cell, read) for cell in cells])
        else:
            found[column.name] = objects([None if cell is None else str(cell) for cell in cells])
    return found


def _cell(cell: object, read: Callable[[str], object]) -> object:
    """Return a JSON cell's value; text that is no JSON, which only a foreign hand can have written, stays text."""
    if not isinstance(cell, str):
        return cell
    try:
        return read(cell)
    except ValueError:
        return cell


def objects(values: Sequence[object]) -> Objects:
    """Return an array that holds `values` as they are, lists among them."""
    array: Objects = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _joined(
    statements: Statements, columns: Sequence[Column], source: str, values: Values, read: Callable[[str], object]
) -> Columns | None:
    """Fetch every column as one text; None when the answer cannot be told apart that way."""
    integers = [column for column in columns if column.kind == "integer"]
    documents = [column for column in columns if column.kind == "json"]
    keys = [column for column in columns if column.kind == "key"]
    rare = [column for column in columns if column.kind == "rare"]
    key = f"||'{_UNIT}'||".join(f"ifnull({column.sql}, '{_NULL}')" for column in keys)
    selected = [
        *(f"group_concat(ifnull({column.sql}, {MISSING}))" for column in integers),
        *(f"group_concat(ifnull({column.sql}, 'null'))" for column in documents),
        *(f"json_group_array(json_array({columns[0].sql}, {column.sql})) FILTER (WHERE {column.sql} IS NOT NULL)" for column in rare),
        *([f"group_concat({key}, '{_RECORD}')"] if keys else []),
    ]
    try:
        texts = [str(text) for text in statements.rows(f"SELECT {', '.join(selected)} FROM {source}", values)[0]]  # noqa: S608 - as above
        with _no_collection():
            return _Joined(texts, integers, documents, rare, keys).read(read)
    except (RecordsError, ValueError, MemoryError):
        return None


class _Joined:
    """The texts of an answer, one for each column."""

    def __init__(
        self, texts: Sequence[str], integers: Sequence[Column], documents: Sequence[Column], rare: Sequence[Column], keys: Sequence[Column]
    ) -> None:
        """Share out `texts`, which come in the order of the columns."""
        shares = iter(texts)
        self._integers = {column.name: next(shares) for column in integers}
        self._documents = {column.name: next(shares) for column in documents}
        self._rare = {column.name: next(shares) for column in rare}
        self._keys = [column.name for column in keys]
        self._key = next(shares, "")

    def read(self, read: Callable[[str], object]) -> Columns:
        """Return the columns; raise ValueError when they do not fit together."""
        found: dict[str, Objects | Integers] = {name: _integers(text) for name, text in self._integers.items()}
        ids = found[next(iter(self._integers))]
        for name, text in self._documents.items():
            found[name] = _documents(text, read)
        if self._keys:
            found.update(zip(self._keys, _split(self._key, len(self._keys)), strict=True))
        if any(len(column) != len(ids) for column in found.values()):
            raise ValueError("columns of different lengths")
        order = None if bool((np.diff(ids) > 0).all()) else np.argsort(ids)
        ordered = found if order is None else {name: column[order] for name, column in found.items()}
        for name, text in self._rare.items():
            ordered[name] = _scattered(text, ordered[next(iter(self._integers))])
        return ordered


def _integers(text: str) -> Integers:
    """Return integers written with commas between."""
    return np.fromstring(text, dtype=np.int64, sep=",")


def _documents(text: str, read: Callable[[str], object]) -> Objects:
    """Return JSON values written with commas between; marks are read cell by cell, in the cells that have any."""
    cells = json.loads(f"[{text}]")
    if '"$' in text:
        cells = [read(json.dumps(cell)) if isinstance(cell, dict | list) else cell for cell in cells]
    return objects(cells)


def _split(text: str, width: int) -> list[Objects]:
    """Return the columns of a key; each different key is split once."""
    known: dict[str, int] = {}
    rows = text.split(_RECORD)
    codes = np.fromiter((known.setdefault(row, len(known)) for row in rows), dtype=np.int64, count=len(rows))
    parts = [[None if part == _NULL else part for part in key.split(_UNIT)] for key in known]
    if any(len(part) != width for part in parts):
        raise ValueError("a key holds the separator")
    return [objects(column)[codes] for column in zip(*parts, strict=True)]


def _scattered(text: str, ids: Integers) -> Objects:
    """Return a column that is mostly None, from pairs of id and text."""
    column: Objects = np.empty(len(ids), dtype=object)
    pairs = json.loads(text)
    if pairs:
        rows, cells = zip(*pairs, strict=True)
        column[np.searchsorted(ids, np.array(rows, dtype=np.int64))] = objects(cells)
    return column


@contextmanager
def _no_collection() -> Iterator[None]:
    """Hold back the garbage collector, which would look at a million new dicts again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()

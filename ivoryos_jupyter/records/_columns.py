"""How do rows become columns, a million of them in about a second?

A query's answer is cheap as long as it does not have to become one Python object per cell. For a large answer SQLite itself
joins each column into one text: numpy reads the integers, the JSON decoder a whole column at once, and texts that repeat
(methods, instruments) are read as one key per row. A small answer, and PostgreSQL's, take the plain way; both give the same.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
import pandas as pd
from pydantic_core import from_json

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.records._sqlite import SqliteStatements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ivoryos_jupyter.records._database import Statements, Values

    Objects = np.ndarray[tuple[int], np.dtype[np.object_]]
    Integers = np.ndarray[tuple[int], np.dtype[np.int64]]
    Texts = pd.api.extensions.ExtensionArray
    Reader = Callable[[str], object]

MISSING = -(2**62)
"""Stands for NULL among integers; no moment, index or count of ours is that."""

_LARGE = 20_000
_PARTS = 8
_WORKERS = min(4, os.cpu_count() or 1)
_UNIT, _RECORD, _NULL = "\x1f", "\x1e", "\x1d"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer."""

    name: str
    sql: str
    kind: Literal["integer", "json", "key", "rare"]
    """``key``: text that repeats; ``rare``: text that is mostly NULL. Both come as pandas texts, JSON comes decoded."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of an answer, each under its name."""

    integers: dict[str, Integers] = field(default_factory=dict)
    texts: dict[str, Texts] = field(default_factory=dict)
    documents: dict[str, Objects] = field(default_factory=dict)
    """JSON, decoded."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(next(iter(self.integers.values())))

    def changed(self, **texts: Texts) -> Columns:
        """Return the same columns with some of the texts put in the place of others."""
        return Columns(self.integers, {**self.texts, **texts}, self.documents)


def fetch(statements: Statements, columns: Sequence[Column], source: str, values: Values, read: Reader) -> Columns:
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


def _plain(statements: Statements, columns: Sequence[Column], source: str, values: Values, read: Reader) -> Columns:
    """Fetch rows and turn them."""
    selected = ", ".join(column.sql for column in columns)
    rows = statements.rows(f"SELECT {selected} FROM {source} ORDER BY {columns[0].sql}", values)  # noqa: S608 - as above
    turned = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    found = Columns()
    for column, cells in zip(columns, turned, strict=True):
        if column.kind == "integer":
            found.integers[column.name] = np.array([MISSING if cell is None else int(str(cell)) for cell in cells], dtype=np.int64)
        elif column.kind == "json":
            found.documents[column.name] = objects([_cell(cell, read) for cell in cells])
        else:
            found.texts[column.name] = texts([None if cell is None else str(cell) for cell in cells])
    return found


def _cell(cell: object, read: Reader) -> object:
    """Return a JSON cell's value; text that is no JSON, which only a foreign hand can have written, stays text."""
    if not isinstance(cell, str):
        return cell
    try:
        return read(cell)
    except ValueError:
        return cell


def texts(values: Sequence[str | None]) -> Texts:
    """Return text, missing where it is None."""
    return cast("Texts", pd.array(values, dtype="string"))


def objects(values: Sequence[object]) -> Objects:
    """Return an array that holds `values` as they are, lists among them."""
    return np.fromiter(values, dtype=object, count=len(values))


def _joined(statements: SqliteStatements, columns: Sequence[Column], source: str, values: Values, read: Reader) -> Columns | None:
    """Fetch every column as one text, in parts; None when the answer cannot be told apart that way.

    SQLite joins the parts on threads of its own, without Python's lock, while those that are there already are read.
    """
    by_kind = {kind: [column for column in columns if column.kind == kind] for kind in ("integer", "json", "rare", "key")}
    identity = columns[0].sql
    part = f"SELECT {', '.join(_selected(by_kind, identity))} FROM {source} AND {identity} >= :part_from AND {identity} < :part_to"  # noqa: S608 - as above
    low, high = (int(str(end)) for end in statements.rows(f"SELECT MIN({identity}), MAX({identity}) FROM {source}", values)[0])  # noqa: S608 - as above
    ends = [low + (high + 1 - low) * at // _PARTS for at in range(_PARTS + 1)]
    try:
        with ThreadPoolExecutor(_WORKERS) as pool, _no_collection():
            jobs = [
                pool.submit(statements.apart, part, {**values, "part_from": start, "part_to": end})
                for start, end in itertools.pairwise(ends)
            ]
            parts = [_Joined(job.result()[0], by_kind).read(read) for job in jobs]
    except (RecordsError, ValueError, MemoryError):
        return None
    return Columns(
        {name: np.concatenate([one.integers[name] for one in parts]) for name in parts[0].integers},
        {name: _together([one.texts[name] for one in parts]) for name in parts[0].texts},
        {name: np.concatenate([one.documents[name] for one in parts]) for name in parts[0].documents},
    )


def _selected(by_kind: Mapping[str, Sequence[Column]], identity: str) -> list[str]:
    """Return what to select: one joined text for each column, and one for all keys together."""
    key = f"||'{_UNIT}'||".join(f"ifnull({column.sql}, '{_NULL}')" for column in by_kind["key"])
    return [
        *(f"ifnull(group_concat(ifnull({column.sql}, {MISSING})), '')" for column in by_kind["integer"]),
        *(f"ifnull(group_concat(ifnull({column.sql}, 'null')), '')" for column in by_kind["json"]),
        *(f"json_group_array(json_array({identity}, {column.sql})) FILTER (WHERE {column.sql} IS NOT NULL)" for column in by_kind["rare"]),
        f"group_concat({key}, '{_RECORD}')",
    ]


def _together(parts: Sequence[Texts]) -> Texts:
    """Return the parts of a column as one."""
    return cast("Texts", pd.concat([pd.Series(part) for part in parts], ignore_index=True).array)


class _Joined:
    """The texts of an answer, one for each column."""

    def __init__(self, texts: Sequence[object], by_kind: Mapping[str, Sequence[Column]]) -> None:
        """Share out `texts`, which come in the order of the columns; no text at all stands for no row."""
        shares = iter(texts)
        self._integers = {column.name: str(next(shares)) for column in by_kind["integer"]}
        self._documents = {column.name: str(next(shares)) for column in by_kind["json"]}
        self._rare = {column.name: str(next(shares)) for column in by_kind["rare"]}
        self._keys = [column.name for column in by_kind["key"]]
        self._key = next(shares)

    def read(self, read: Reader) -> Columns:
        """Return the columns; raise ValueError when they do not fit together."""
        integers = {name: _integers(text) for name, text in self._integers.items()}
        values = {name: _documents(text, read) for name, text in self._documents.items()}
        rows = [] if self._key is None else str(self._key).split(_RECORD)
        found = dict(zip(self._keys, _split(rows, len(self._keys)), strict=True))
        ids = next(iter(integers.values()))
        if any(len(column) != len(ids) for group in (integers, values, found) for column in group.values()):
            raise ValueError("columns of different lengths")
        if not bool((np.diff(ids) > 0).all()):
            order = np.argsort(ids)
            ids = ids[order]
            integers = {name: column[order] for name, column in integers.items()}
            values = {name: column[order] for name, column in values.items()}
            found = {name: column.take(order) for name, column in found.items()}
        return Columns(integers, {**found, **{name: _scattered(text, ids) for name, text in self._rare.items()}}, values)


def _integers(text: str) -> Integers:
    """Return integers written with commas between."""
    return np.fromstring(text, dtype=np.int64, sep=",") if text else np.empty(0, dtype=np.int64)


def _documents(text: str, read: Reader) -> Objects:
    """Return JSON values written with commas between; marks are read cell by cell, in the cells that have any."""
    cells: list[object] = from_json(f"[{text}]")
    if '"$' in text:
        cells = [read(json.dumps(cell)) if isinstance(cell, dict | list) else cell for cell in cells]
    return objects(cells)


def _split(rows: Sequence[str], width: int) -> list[Texts]:
    """Return the columns of a key; each different key is split once."""
    known = {row: code for code, row in enumerate(dict.fromkeys(rows))}
    codes = np.fromiter(map(known.__getitem__, rows), dtype=np.int64, count=len(rows))
    parts = [[None if part == _NULL else part for part in key.split(_UNIT)] for key in known]
    if any(len(part) != width for part in parts):
        raise ValueError("a key holds the separator")
    return [texts([part[at] for part in parts]).take(codes) for at in range(width)]


def _scattered(text: str, ids: Integers) -> Texts:
    """Return a column that is mostly missing, from pairs of id and text."""
    known = dict(json.loads(text))
    places = np.zeros(len(ids), dtype=np.int64)
    if known:
        places[np.searchsorted(ids, np.array(list(known), dtype=np.int64))] = np.arange(1, len(known) + 1)
    return texts([None, *known.values()]).take(places)


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

"""How does a table become rows that a run can take?  DataFrame, list of dicts or CSV file, every problem at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from ivoryos_jupyter.errors import ConversionError, Problem

if TYPE_CHECKING:
    from ivoryos_jupyter.schema import Plain
    from ivoryos_jupyter.workflow import Interface


@runtime_checkable
class Frame(Protocol):
    """What is needed of a pandas DataFrame, so that pandas need not be imported to recognise one."""

    @property
    def columns(self) -> Iterable[object]:
        """The column labels."""

    def isna(self) -> Frame:
        """Tell where there is no value."""

    def to_dict(self, orient: str) -> list[dict[object, object]]:
        """Return the rows."""


Table = Frame | Sequence[Mapping[str, object]] | str | PathLike[str]
"""A DataFrame, a list of dicts, or the path of a CSV file."""

Rows = tuple[Mapping[str, "Plain"], ...]


def rows_of(table: Table, interface: Interface, sample: str | None = None) -> Rows:
    """Return the converted rows of `table`.

    Parameters
    ----------
    table
        A DataFrame, a list of dicts, or the path of a CSV file (IvoryOS's row of types may be there).
    interface
        What the workflow asks for.
    sample
        Column that names the sample; it may be one that the workflow does not ask for.

    Raises
    ------
    ConversionError
        With everything that is wrong, each as ``row 3, volume``.
    """
    given, text = _given(table, interface)
    if not given:
        raise ConversionError([Problem("table", "the table has no rows; add one, or give repeat=1 instead of a table")])
    rows: list[Mapping[str, Plain]] = []
    problems: list[Problem] = []
    for number, row in enumerate(given, start=1):
        try:
            rows.append(_row(row, interface, sample, text=text))
        except ConversionError as error:  # noqa: PERF203 - the problems of all rows at once
            problems += [replace(problem, field=f"row {number}, {problem.field}") for problem in error.problems]
    if problems:
        raise ConversionError(problems, "The table cannot be run as it is:")
    return tuple(rows)


def _row(row: Mapping[str, object], interface: Interface, sample: str | None, *, text: bool) -> dict[str, Plain]:
    asked = {one.name for one in interface.inputs}
    label = row.get(sample) if sample is not None else None
    inputs = {name: value for name, value in row.items() if name != sample or name in asked}
    converted = interface.convert_row(inputs, text=text)
    if sample is not None:
        if label is None or label == "":
            raise ConversionError([Problem(sample, "this row names no sample; fill the cell in")])
        converted.setdefault(sample, str(label))
    return converted


def _given(table: Table, interface: Interface) -> tuple[list[dict[str, object]], bool]:
    """Return the rows as they were given, and whether their cells are typed text."""
    if isinstance(table, str | PathLike):
        from ivoryos_jupyter.records import read_config_csv  # noqa: PLC0415 - only for files

        rows = read_config_csv(Path(table), interface.inputs)
        return [dict(row) for row in rows], True
    if isinstance(table, Frame):
        return _frame_rows(table), False
    if isinstance(table, Sequence) and all(isinstance(row, Mapping) for row in table):
        return [{str(name): value for name, value in row.items()} for row in cast("Sequence[Mapping[str, object]]", table)], False
    raise ConversionError([Problem("table", "give a DataFrame, a list of dicts or the path of a CSV file", type(table).__name__)])


def _frame_rows(table: Frame) -> list[dict[str, object]]:
    missing = table.isna().to_dict("records")
    return [
        {str(name): None if empty[name] is True else value for name, value in row.items()}
        for row, empty in zip(table.to_dict("records"), missing, strict=True)
    ]

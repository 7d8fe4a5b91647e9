"""How is a table of runs read from CSV, and written?  IvoryOS's second line, the types, may be there or not."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.records._files import write_whole
from ivoryos_jupyter.schema import Anything, Nullable, Text, from_text, to_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike
    from pathlib import Path

    from ivoryos_jupyter.schema import Parameter, Plain

_TYPE = re.compile(
    r"""\s*(|float|int|str|bool|list|tuple|dict|set|bytes|complex|Any|None|NoneType|Enum:[\w.]+|Literal:.*
    |\[('[^']*'|"[^"]*")(,\s*('[^']*'|"[^"]*"))*\]|\w+\[.*\]|(Optional|Union)\[.*\]|[\w.]+(\s*\|\s*[\w.]+)+)\s*""",
    re.VERBOSE,
)


def read_config_csv(path: str | PathLike[str], inputs: Sequence[Parameter] = ()) -> list[dict[str, str]]:
    """Return the rows of a table, every cell as the text it is; cells are converted by whoever knows the workflow.

    Parameters
    ----------
    path
        The file; UTF-8, with comma, semicolon or tab between the cells.
    inputs
        What the workflow asks for: with it, a second line is taken for types only if it cannot be values.

    Raises
    ------
    ConversionError
        When the file cannot be read as a table; every problem is named with its line.
    """
    return parse_config_csv(_content(path), inputs, str(path))


def parse_config_csv(content: str, inputs: Sequence[Parameter] = (), name: str = "table") -> list[dict[str, str]]:
    """Return the rows of a table given as text; see `read_config_csv`."""
    lines = [
        line for line in csv.reader(io.StringIO(content, newline=""), delimiter=_delimiter(content)) if any(cell.strip() for cell in line)
    ]
    if not lines:
        raise ConversionError([Problem(name, "the file is empty; its first line must name the columns")])
    titles = [title.strip() for title in lines[0]]
    problems = _bad_titles(titles, name) + _bad_lengths(lines, name)
    if problems:
        raise ConversionError(problems, "The table cannot be read:")
    first = 2 if len(lines) > 1 and _are_types(titles, lines[1], inputs) else 1
    return [dict(zip(titles, line, strict=True)) for line in lines[first:]]


def config_csv_text(rows: Sequence[Mapping[str, Plain]], inputs: Sequence[Parameter], *, types: bool = True) -> str:
    """Return a table as CSV, with IvoryOS's line of types unless that is not wanted."""
    known = {one.name: one for one in inputs}
    titles = list(dict.fromkeys([*known, *(name for row in rows for name in row)]))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(titles)
    if types:
        writer.writerow([known[title].annotation if title in known else "" for title in titles])
    for row in rows:
        writer.writerow([_written(known.get(title), row.get(title)) for title in titles])
    return stream.getvalue()


def write_config_csv(path: Path, rows: Sequence[Mapping[str, Plain]], inputs: Sequence[Parameter], *, types: bool = True) -> None:
    """Write a table as CSV; see `config_csv_text`."""
    write_whole(path, config_csv_text(rows, inputs, types=types).encode("utf-8"))


def _content(path: str | PathLike[str]) -> str:
    """Return the text of a file."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as stream:  # noqa: PTH123 - any path-like
            return stream.read()
    except FileNotFoundError as error:
        raise ConversionError([Problem(str(path), "there is no such file; check the name and the folder")]) from error
    except UnicodeDecodeError as error:
        raise ConversionError([Problem(str(path), "the file is not UTF-8; save it as “CSV UTF-8”")]) from error
    except OSError as error:
        raise ConversionError([Problem(str(path), f"the file cannot be read: {error}")]) from error


def _delimiter(content: str) -> str:
    """Return what stands between the cells: the sign that the first line has most of."""
    first = content.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _bad_titles(titles: Sequence[str], name: str) -> list[Problem]:
    """Return what is wrong with the first line."""
    empty = [Problem(name, f"column {at} has no name in the first line") for at, title in enumerate(titles, start=1) if not title]
    twice = [Problem(name, f"the column {title!r} is there twice") for title in dict.fromkeys(titles) if title and titles.count(title) > 1]
    return empty + twice


def _bad_lengths(lines: Sequence[Sequence[str]], name: str) -> list[Problem]:
    """Return the lines that are longer or shorter than the first."""
    return [
        Problem(name, f"line {number} has {len(line)} cells, the first line has {len(lines[0])}; quote cells that hold the separator")
        for number, line in enumerate(lines[1:], start=2)
        if len(line) != len(lines[0])
    ]


def _are_types(titles: Sequence[str], line: Sequence[str], inputs: Sequence[Parameter]) -> bool:
    """Tell whether a line names types; a line that could be values is taken for values."""
    if not all(_TYPE.fullmatch(cell) for cell in line) or not any(cell.strip() for cell in line):
        return False
    known = {one.name: one for one in inputs}
    if any(
        cell.strip() and "str" not in cell for title, cell in zip(titles, line, strict=True) if title in known and _is_text(known[title])
    ):
        return False
    telling = [(known[title], cell) for title, cell in zip(titles, line, strict=True) if title in known and _tells(known[title])]
    return all(not _fits(one, cell) for one, cell in telling) if telling else True


def _is_text(one: Parameter) -> bool:
    """Tell whether a column holds text, of which IvoryOS writes ``str``."""
    return isinstance(one.kind.kind if isinstance(one.kind, Nullable) else one.kind, Text)


def _tells(one: Parameter) -> bool:
    """Tell whether a kind refuses the name of a type; text and unknown kinds take everything."""
    return not _is_text(one) and not isinstance(one.kind.kind if isinstance(one.kind, Nullable) else one.kind, Anything)


def _fits(one: Parameter, cell: str) -> bool:
    """Tell whether a cell is a value."""
    try:
        from_text(one.kind, cell, field=one.name)
    except ConversionError:
        return False
    return True


def _written(one: Parameter | None, value: Plain) -> str:
    """Return a cell."""
    if value is None:
        return ""
    if one is not None:
        return to_text(one.kind, value)
    return value if isinstance(value, str) else to_text(Anything(), value)

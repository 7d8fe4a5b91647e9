"""What does the run dialog need?  The columns of the table, what is wrong with each cell, and the submission."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict, cast

from ivoryos_jupyter.errors import ConversionError, Problem, ProblemsError, UnknownNameError, WorkflowError
from ivoryos_jupyter.schema import describe
from ivoryos_jupyter.widgets._forms import field_json
from ivoryos_jupyter.widgets.builders._check import MOST, FindingJson, finding_json, findings_of, limits_of
from ivoryos_jupyter.widgets.builders._workshop import Submission
from ivoryos_jupyter.workflow import DeckIndex, Finding, find, interface

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from ivoryos_jupyter.schema import Limit, Live, Parameter, Plain
    from ivoryos_jupyter.widgets._shapes import FieldJson
    from ivoryos_jupyter.widgets.builders._open import OpenWorkflow
    from ivoryos_jupyter.widgets.builders._workshop import Workshop
    from ivoryos_jupyter.workflow import Interface, Workflow

    Params = Mapping[str, object]

MOST_ROWS = 10_000
_CELL = re.compile(r"row (\d+)(?:, (.*))?$", re.DOTALL)


class Column(TypedDict):
    """A column of the table: a run-time parameter."""

    field: FieldJson
    type: str
    """In words: ``a number``."""


class CellProblem(TypedDict):
    """What is wrong with one cell; an empty column means the whole row."""

    row: int
    column: str
    message: str


class TableCheck(TypedDict):
    """Everything that keeps a run from being submitted."""

    cells: list[CellProblem]
    findings: list[FindingJson]
    errors: int
    estimate: str


class RunDesk:
    """Answers what the run dialog asks."""

    def __init__(self, shop: Workshop, opened: Callable[[Params], OpenWorkflow], candidates: Callable[[Live], list[str]]) -> None:
        """Use `shop`; `opened` finds the open workflow of a request."""
        self._shop = shop
        self._opened = opened
        self._candidates = candidates

    def register(self) -> None:
        """Let the desk know the requests that are answered here."""
        handlers = {"columns": self.columns, "rows": self.rows, "frame": self.frame, "submit": self.submit}
        for name, handler in handlers.items():
            self._shop.desk.register(f"builder.{name}", handler)

    def columns(self, params: Params) -> dict[str, object]:
        """Return the columns of the table, and the notebook's DataFrames."""
        workflow = self._opened(params).workflow
        asked = interface(workflow, self._shop.deck.schema())
        columns = [self._column(workflow, one, asked.used_by.get(one.name, ())) for one in asked.inputs]
        return {"columns": columns, "outputs": [one.name for one in asked.outputs], "frames": self._frames()}

    def _column(self, workflow: Workflow, one: Parameter, users: tuple[str, ...]) -> Column:
        return {"field": field_json(one, self._candidates, self._limit(workflow, one, users)), "type": describe(one.kind)}

    def _limit(self, workflow: Workflow, parameter: Parameter, users: tuple[str, ...]) -> Limit | None:
        """Return the limit of the first argument that takes the column as it is."""
        limits, index = limits_of(self._shop)[0], DeckIndex(self._shop.deck.schema())
        for step_id in users:
            step = find(workflow, step_id)
            arguments = getattr(step, "arguments", {})
            for name, value in arguments.items():
                if getattr(value, "tag", "") == "at_run" and value.name == parameter.name and index.parameter(step, name) is not None:
                    found = limits.of(getattr(step, "instrument", "blocks"), getattr(step, "method", getattr(step, "block", "")), name)
                    if found is not None:
                        return found
        return None

    def _frames(self) -> list[str]:
        return [name for name, value in self._shop.variables().items() if not name.startswith("_") and _is_frame(value)]

    def frame(self, params: Params) -> dict[str, object]:
        """Return a DataFrame of the notebook as cells of text."""
        name = str(params.get("name", ""))
        value = self._shop.variables().get(name)
        if not _is_frame(value):
            raise UnknownNameError(f"There is no DataFrame called {name!r} in this notebook; run the cell that makes it.")
        table = cast("pd.DataFrame", value).head(MOST_ROWS)
        records = zip(table.to_dict("records"), table.isna().to_dict("records"), strict=True)
        rows = [[_cell(row[one], empty=gone[one]) for one in table.columns] for row, gone in records]
        return {"columns": [str(one) for one in table.columns], "rows": rows}

    def rows(self, params: Params) -> TableCheck:
        """Return what is wrong with the table as it is typed."""
        workflow = self._opened(params).workflow
        rows, sample = _typed_rows(params), _sample(params)
        asked = {one.name for one in interface(workflow, self._shop.deck.schema()).inputs}
        given = None if rows is None else [{name: text for name, text in row.items() if name in asked} for row in rows]
        found = findings_of(self._shop, workflow, given)
        cells = [_cell_problem(one.field, one.message) for one in found if _CELL.match(one.field)]
        if rows is not None and sample is not None:
            cells += [_missing_sample(number, sample) for number, row in enumerate(rows, 1) if not row.get(sample, "").strip()]
        rest = [finding_json(one) for one in found if not _CELL.match(one.field)]
        errors = len(cells) + sum(one["severity"] == "error" for one in rest)
        estimate, refused = ("", []) if errors else self._estimate(workflow, params)
        return {"cells": cells, "findings": [*rest[:MOST], *refused], "errors": errors + len(refused), "estimate": estimate}

    def _estimate(self, workflow: Workflow, params: Params) -> tuple[str, list[FindingJson]]:
        """Return how long it takes, or why nobody could submit it: a workflow without steps, say."""
        try:
            return self._shop.estimate(self.submission(workflow, params)), []
        except ProblemsError as error:
            return "", [finding_json(Finding(None, "error", "refused", one.message, one.field)) for one in error.problems]

    def submit(self, params: Params) -> dict[str, object]:
        """Queue the run; a submission that was made before is said so and not made twice."""
        workflow = self._opened(params).workflow
        done = self._shop.submit(self.submission(workflow, params))
        return {"key": done.key, "name": done.name, "existed": done.existed}

    def submission(self, workflow: Workflow, params: Params) -> Submission:
        """Return what a request of the run dialog means for `workflow`; raise `ConversionError` with everything that is wrong."""
        rows, sample = _typed_rows(params), _sample(params)
        asked = interface(workflow, self._shop.deck.schema())
        return Submission(
            workflow,
            rows=None if rows is None else converted_rows(rows, asked, sample),
            repeat=_positive(params, "repeat"),
            sample_column=sample,
            batch_size=_positive(params, "batch_size"),
            name=str(params.get("name") or ""),
            again=bool(params.get("again")),
        )


def converted_rows(rows: list[dict[str, str]], asked: Interface, sample: str | None) -> tuple[Mapping[str, Plain], ...]:
    """Return the values of typed rows; raise `ConversionError` with everything that is wrong, as ``row 3, volume``."""
    names = {one.name for one in asked.inputs}
    made: list[Mapping[str, Plain]] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows, 1):
        try:
            plain = asked.convert_row({name: text for name, text in row.items() if name in names}, text=True)
        except ConversionError as error:
            problems += [replace(one, field=f"row {number}, {one.field}") for one in error.problems]
            continue
        if sample is not None:
            plain.setdefault(sample, row.get(sample, ""))
        made.append(plain)
    if problems:
        raise ConversionError(problems, "The table cannot be run as it is:")
    return tuple(made)


def _typed_rows(params: Params) -> list[dict[str, str]] | None:
    """Return the rows as typed; None for a run by count."""
    columns, rows = params.get("columns"), params.get("rows")
    if rows is None:
        return None
    if not isinstance(columns, list) or not isinstance(rows, list):
        raise WorkflowError([Problem("rows", "must be a list of rows under a list of columns")])
    if len(rows) > MOST_ROWS:
        message = f"at most {MOST_ROWS} rows fit the dialog; submit a DataFrame from a cell instead"
        raise WorkflowError([Problem("rows", message, str(len(rows)))])
    return [{str(name): str(cell) for name, cell in zip(columns, row, strict=False)} for row in rows]


def _sample(params: Params) -> str | None:
    sample = params.get("sample")
    return str(sample) if sample else None


def _positive(params: Params, name: str) -> int:
    number = params.get(name, 1)
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise ConversionError([Problem(name, "give a whole number of 1 or more", str(number))])
    return number


def _cell_problem(place: str, message: str) -> CellProblem:
    found = _CELL.match(place)
    return {"row": int(found[1]) if found else 0, "column": (found[2] or "") if found else "", "message": message}


def _missing_sample(row: int, column: str) -> CellProblem:
    return {"row": row, "column": column, "message": "this row names no sample; fill the cell in"}


def _is_frame(value: object) -> bool:
    """Whether `value` is a DataFrame, told without importing pandas."""
    cls = type(value)
    return cls.__name__ == "DataFrame" and cls.__module__.partition(".")[0] == "pandas"


def _cell(value: object, *, empty: bool) -> str:
    return "" if empty is True else str(value)

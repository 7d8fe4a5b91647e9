"""Do the rows of a table fit the run-time parameters, the calls they reach, and the limits?"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, ExpressionError
from ivoryos_jupyter.schema import SETTER, from_value, kind_as_given
from ivoryos_jupyter.workflow._findings import Finding
from ivoryos_jupyter.workflow._interface import names_in, uses_at_run
from ivoryos_jupyter.workflow._model import Action, AtRun, CallBlock, CallWorkflow, Expression, SetProperty
from ivoryos_jupyter.workflow._tree import walk
from ivoryos_jupyter.workflow._values import resolve, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ivoryos_jupyter.schema import Parameter, Plain
    from ivoryos_jupyter.workflow._here import Whole
    from ivoryos_jupyter.workflow._model import Step, Value, Workflow


def check_table(whole: Whole, rows: list[Mapping[str, object]], *, text: bool) -> Iterator[Finding]:
    """Find bad cells, missing and superfluous columns, and values a limit forbids, row by row."""
    known = whole.inputs
    if not rows and known:
        yield Finding(None, "warning", "empty-table", f"the table has no rows; it needs the columns {', '.join(sorted(known))}")
    columns = dict.fromkeys(name for row in rows for name in row)
    for name in columns:
        if name not in known:
            yield Finding(None, "warning", "unused-column", f"no step uses the column {name}", name)
    for number, row in enumerate(rows, 1):
        mine = {name: value for name, value in row.items() if name in known}
        try:
            converted = whole.interface.convert_row(mine, text=text)
        except ConversionError as error:
            for problem in error.problems:
                step = next(iter(whole.interface.used_by.get(problem.field, ())), None)
                yield Finding(step, "error", "bad-cell", problem.message, f"row {number}, {problem.field}", "script")
            continue
        yield from follow_values(whole, whole.workflow, converted, Row(f"row {number}, ", {name: name for name in converted}), ())


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table, on its way through the workflow and those it calls."""

    place: str
    """``row 3, ``; empty for values that come from no table."""
    columns: Mapping[str, str]
    """Run-time parameter here -> column of the table."""

    def column_of(self, value: Value | None) -> str:
        """Return the one column that a value is made of; empty when there is none, or more than one."""
        if isinstance(value, AtRun):
            return self.columns.get(value.name, "")
        found = {self.columns[name] for name in names_in(value.text) if name in self.columns} if isinstance(value, Expression) else set()
        return found.pop() if len(found) == 1 else ""


def follow_values(whole: Whole, workflow: Workflow, values: Mapping[str, Plain], row: Row, calls: tuple[str, ...]) -> Iterator[Finding]:
    """Follow known inputs into the calls, through nested workflows; `calls` are the calling steps so far."""
    for visit in walk(workflow, "script"):
        step = visit.step
        given = dict(values_of(step))
        if step.disabled or not any(map(uses_at_run, given.values())):
            continue
        known = _resolved(step, values)
        if isinstance(step, CallWorkflow):
            callee = workflow.nested.get(step.version)
            if callee is not None:
                columns = {name: column for name, value in given.items() if (column := row.column_of(value))}
                yield from follow_values(whole, callee, known, Row(row.place, columns), (*calls, step.id))
            continue
        at, inside = (calls[0], (*calls[1:], step.id)) if calls else (step.id, ())
        for code, field, message in _problems(whole, step, known):
            name = field.partition("[")[0].partition(".")[0]
            column = row.column_of(given.get(name) or given.get("value")) or field
            said = message if column == field else f"{field} of {_called(step)}: {message}"
            yield Finding(at, "error", code, said, f"{row.place}{column}", "script", None, inside)


def _called(step: Step) -> str:
    parts = (getattr(step, "instrument", ""), getattr(step, "method", "") or getattr(step, "property", "") or getattr(step, "block", ""))
    return ".".join(filter(None, parts))


def _resolved(step: Step, row: Mapping[str, Plain]) -> dict[str, Plain]:
    """Return the values that are known from the row alone."""
    found: dict[str, Plain] = {}
    for name, value in values_of(step):
        with suppress(ExpressionError):  # it needs what an earlier step makes
            found[name] = resolve(value, row)  # type: ignore[assignment] # from plain values come plain values
    return found


def _problems(whole: Whole, step: Step, values: Mapping[str, Plain]) -> Iterator[tuple[str, str, str]]:
    parameters = whole.deck.parameters(step) or ()
    sound: dict[str, object] = {}
    for parameter in parameters:
        if parameter.name in values and parameter.name not in getattr(step, "consolidate", ()):
            try:
                sound[parameter.name] = from_value(kind_as_given(parameter), values[parameter.name], unit=parameter.unit)
            except ConversionError as error:
                yield "bad-cell", _shown(step, parameter), error.problems[0].message
    if whole.limits is not None and isinstance(step, Action | SetProperty | CallBlock):
        target = "blocks" if isinstance(step, CallBlock) else step.instrument
        member = step.block if isinstance(step, CallBlock) else step.method if isinstance(step, Action) else f"{step.property}{SETTER}"
        open_ended = [one for one in parameters if one.passing == "var_keyword"]
        for problem in whole.limits.check(target, member, sound, open_ended):
            yield "limit", problem.field, problem.message


def _shown(step: Step, parameter: Parameter) -> str:
    return getattr(step, "property", "") or parameter.name

"""What is wrong with a workflow before it is run?  Its steps, its table, the limits and the budgets, as findings and as a DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.introspect import LimitsOfObjects
from ivoryos_jupyter.notebook._tables import rows_of
from ivoryos_jupyter.schema import unfit_limits
from ivoryos_jupyter.workflow import Finding, check, check_budgets, find, interface, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from ivoryos_jupyter.notebook._tables import Table
    from ivoryos_jupyter.schema import DeckSchema
    from ivoryos_jupyter.session import Session
    from ivoryos_jupyter.workflow import Interface, Workflow

_COLUMNS = ("severity", "phase", "step", "field", "message", "repair", "code")


def findings_of(session: Session, workflow: Workflow, table: Table | None, sample: str | None) -> list[Finding]:
    """Return every problem, errors and warnings, in the order of the steps; those of the table and the limits last."""
    schema, current = session.deck.schema(), session.limits.current()
    limits = LimitsOfObjects(current, session.deck)
    unfit = [Finding(None, "warning", "unfit-limit", f"this limit protects nothing: {one}") for one in unfit_limits(current, schema)]
    rows: Sequence[Mapping[str, object]] | None = None
    if table is not None:
        asked = interface(workflow, schema)
        try:
            rows = [_without(row, sample, asked) for row in rows_of(table, asked, sample)]
        except ConversionError as error:
            bad = [Finding(None, "error", "bad-cell", one.message, one.field) for one in error.problems]
            return [*check(workflow, schema, limits=limits), *bad, *unfit]
    over = check_budgets(workflow, schema, session.rules.budgets(), rows=rows)
    return [*check(workflow, schema, limits=limits, rows=rows), *over, *unfit]


def _without(row: Mapping[str, object], sample: str | None, asked: Interface) -> dict[str, object]:
    """Return a row without the column of the sample, unless the workflow asks for it."""
    names = {one.name for one in asked.inputs}
    return {name: value for name, value in row.items() if name != sample or name in names}


def as_table(findings: Sequence[Finding], workflow: Workflow, schema: DeckSchema) -> pd.DataFrame:
    """Return findings as a table, steps as sentences; an empty one means that the workflow can be run."""
    import pandas as pd  # noqa: PLC0415 - it takes a second to import

    rows = [
        (
            one.severity,
            one.phase,
            sentence(find(workflow, one.step), schema) if one.step else "",
            one.field,
            one.message,
            one.repair.label if one.repair else "",
            one.code,
        )
        for one in findings
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS), dtype="string")

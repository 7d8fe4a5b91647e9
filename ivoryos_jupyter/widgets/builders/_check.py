"""What is wrong with the workflow that is open, in a form that a view can show and repair?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypedDict

from ivoryos_jupyter.errors import Problem, SafetyFileError, WorkflowError
from ivoryos_jupyter.introspect import LimitsOfObjects
from ivoryos_jupyter.schema import Limits
from ivoryos_jupyter.widgets.builders._edits import Edited
from ivoryos_jupyter.widgets.builders._renamed import called_now
from ivoryos_jupyter.workflow import Finding, apply_repair, check, check_budgets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.schema import DeckSchema
    from ivoryos_jupyter.widgets.builders._workshop import Workshop
    from ivoryos_jupyter.workflow import Workflow

MOST = 300
"""How many findings travel; the rest is counted."""


class RepairJson(TypedDict):
    """A repair that is offered: what the button says, and what finds it again."""

    label: str
    params: dict[str, str]


class FindingJson(TypedDict):
    """One finding."""

    step: str | None
    severity: str
    code: str
    message: str
    field: str
    repair: RepairJson | None


class CheckJson(TypedDict):
    """What the checker says of one version."""

    version: int
    findings: list[FindingJson]
    total: int


def limits_of(shop: Workshop) -> tuple[Limits, list[Finding]]:
    """Return the limits, and the finding that they cannot be read; then every call would be refused."""
    try:
        return shop.limits(), []
    except SafetyFileError as error:
        return Limits(), [Finding(None, "error", "limits-unreadable", str(error))]


def findings_of(
    shop: Workshop, workflow: Workflow, rows: Sequence[Mapping[str, str]] | None = None, past: Sequence[Workflow] = ()
) -> list[Finding]:
    """Return what is wrong with `workflow`, and with the typed `rows`, on the present deck; `past` tells what was renamed."""
    latest = {one.name: one.hash for one in shop.library.shelves() if one.registered and one.hash}
    limits, unreadable = limits_of(shop)
    schema = shop.deck.schema()
    book = LimitsOfObjects(limits, shop.deck)
    now = partial(called_now, workflow=workflow, past=past)
    return [
        *unreadable,
        *check(workflow, schema, limits=book, rows=rows, text=True, latest=latest, called_now=now),
        *_over_budget(shop, workflow, schema, rows),
    ]


def _over_budget(shop: Workshop, workflow: Workflow, schema: DeckSchema, rows: Sequence[Mapping[str, str]] | None) -> list[Finding]:
    """Return the budgets that would not last for one run, or that they cannot be read."""
    try:
        budgets = shop.budgets()
    except SafetyFileError as error:
        return [Finding(None, "error", "rules-unreadable", str(error))]
    return check_budgets(workflow, schema, budgets, rows=rows)


def check_json(version: int, findings: Sequence[Finding]) -> CheckJson:
    """Return `findings` for the view, errors first where there are too many."""
    shown = sorted(findings, key=lambda one: one.severity != "error")[:MOST] if len(findings) > MOST else findings
    return {"version": version, "findings": [finding_json(one) for one in shown], "total": len(findings)}


def finding_json(one: Finding) -> FindingJson:
    """Return one finding for the view."""
    repair: RepairJson | None = None
    if one.repair is not None and one.step is not None and not one.inside:
        repair = {"label": one.repair.label, "params": {"step": one.step, "code": one.code, "field": one.field}}
    return {"step": one.step, "severity": one.severity, "code": one.code, "message": one.message, "field": one.field, "repair": repair}


def repaired(workflow: Workflow, wanted: Mapping[str, object], findings: Sequence[Finding]) -> Edited:
    """Make the repair of the finding that `wanted` names, as it is now."""
    for one in findings:
        if one.repair is not None and (one.step, one.code, one.field) == (wanted.get("step"), wanted.get("code"), wanted.get("field")):
            return Edited(apply_repair(workflow, one), one.repair.label[:1].upper() + one.repair.label[1:], (one.step,) if one.step else ())
    raise WorkflowError([Problem("", "this was repaired already, or is another problem now; look at the step")])

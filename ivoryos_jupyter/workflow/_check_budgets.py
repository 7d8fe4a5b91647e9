"""Would a whole run use more than a budget has?  The least it needs, as far as constants, rows and counts tell beforehand."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import BudgetError, ConversionError, ExpressionError
from ivoryos_jupyter.schema import SETTER, from_value, kind_as_given
from ivoryos_jupyter.workflow._expression import compile_expression
from ivoryos_jupyter.workflow._findings import Finding
from ivoryos_jupyter.workflow._lookup import DeckIndex
from ivoryos_jupyter.workflow._model import Action, CallBlock, CallWorkflow, ForEach, If, Repeat, SetProperty, While
from ivoryos_jupyter.workflow._tree import walk
from ivoryos_jupyter.workflow._values import resolve, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ivoryos_jupyter.schema import Budget, DeckSchema
    from ivoryos_jupyter.workflow._model import Step, Value, Workflow

    Context = Mapping[str, object]


def check_budgets(
    workflow: Workflow,
    schema: DeckSchema,
    budgets: Sequence[tuple[Budget, float]],
    *,
    rows: Sequence[Context] | None = None,
    repeat: int = 1,
    batch_size: int = 1,
) -> list[Finding]:
    """Return the budgets that would not last for a run.

    Parameters
    ----------
    workflow
        What is to be run.
    schema
        The deck.
    budgets
        Each with what is used of it now; nothing for one that counts per run.
    rows
        The table; without one, the script runs `repeat` times.
    repeat
        How often the script runs without a table.
    batch_size
        Rows that are worked on together.

    Returns
    -------
    list of Finding
        Errors for what counts per run. Other budgets may be set back, or free themselves, while the run waits or goes on;
        they give warnings, and none where the run itself sets them back.
    """
    deck = DeckIndex(schema)
    found: list[Finding] = []
    for budget, used in budgets:
        fed = [step for step in _steps(workflow) if _call_of(step) in {(one.target, one.method) for one in budget.sources}]
        if not fed or any(f"{path}.{method}" == budget.since for path, method in map(_call_of, _steps(workflow))):
            continue
        need = _Need(budget, deck)
        total = need.of_run(workflow, [{}] * repeat if rows is None else rows, batch_size)
        if budget.exceeded(used + total):
            found.append(_finding(workflow, budget, used, total, fed[0].id))
    return found


def _finding(workflow: Workflow, budget: Budget, used: float, total: float, step: str) -> Finding:
    already = f", and {budget.shown(used)} are used already" if used else ""
    fed = " + ".join(source.text for source in budget.sources)
    message = f"the run would need at least {budget.shown(total)} of {budget.shown(budget.at_most)} {budget.frame}{already} ({fed})"
    outer = {visit.step.id: visit.place.phase for visit in walk(workflow)}
    severity = "error" if budget.per == "run" else "warning"
    return Finding(step if step in outer else None, severity, "budget", message, "", outer.get(step, ""))  # type: ignore[arg-type]


def _steps(workflow: Workflow) -> Iterator[Step]:
    for visit in walk(workflow):
        if not visit.step.disabled:
            yield visit.step
    for inner in workflow.nested.values():
        for visit in walk(inner, "script"):
            if not visit.step.disabled:
                yield visit.step


def _call_of(step: Step) -> tuple[str, str]:
    """Return path and recorded method of what a step calls or sets."""
    if isinstance(step, Action):
        return step.instrument, step.method
    if isinstance(step, SetProperty):
        return step.instrument, f"{step.property}{SETTER}"
    return ("blocks", step.block) if isinstance(step, CallBlock) else ("", "")


class _Need:
    """The least that one budget is asked for; what is not known beforehand counts as nothing."""

    def __init__(self, budget: Budget, deck: DeckIndex) -> None:
        self._budget = budget
        self._deck = deck

    def of_run(self, workflow: Workflow, rows: Sequence[Context], batch_size: int) -> float:
        once = self._of(workflow.prep, {}, workflow, first=True) + self._of(workflow.cleanup, {}, workflow, first=True)
        size = max(1, batch_size)
        return once + sum(self._of(workflow.script, row, workflow, first=at % size == 0) for at, row in enumerate(rows))

    def _of(self, steps: Sequence[Step], context: Context, workflow: Workflow, *, first: bool) -> float:
        wanted = (step for step in steps if not step.disabled and (first or not step.once_per_batch))
        return sum(self._of_step(step, context, workflow, first=first) for step in wanted)

    def _of_step(self, step: Step, context: Context, workflow: Workflow, *, first: bool) -> float:
        if isinstance(step, Repeat):
            times = _known(step.times, context)
            return _count(times) * self._of(step.body, context, workflow, first=first)
        if isinstance(step, ForEach):
            items = _known(step.items, context)
            each = items if isinstance(items, list | tuple) else ()
            return sum(self._of(step.body, {**context, step.item: item}, workflow, first=first) for item in each)
        if isinstance(step, If):
            return self._of_if(step, context, workflow, first=first)
        if isinstance(step, CallWorkflow):
            callee = workflow.nested.get(step.version)
            return 0.0 if callee is None else self._of(callee.script, _inputs(step, context), workflow, first=first)
        return 0.0 if isinstance(step, While) else self._of_call(step, context)

    def _of_if(self, step: If, context: Context, workflow: Workflow, *, first: bool) -> float:
        """Return what the branch needs that is taken, or the least of those that may be."""
        possible: list[float] = []
        for branch in step.branches:
            holds = _holds(branch.condition, context)
            if holds is not False:
                possible.append(self._of(branch.body, context, workflow, first=first))
            if holds:
                return min(possible)
        return min([*possible, self._of(step.otherwise, context, workflow, first=first)])

    def _of_call(self, step: Step, context: Context) -> float:
        target, method = _call_of(step)
        sources = [one for one in self._budget.sources if (one.target, one.method) == (target, method)]
        if not sources:
            return 0.0
        parameters = self._deck.parameters(step) or ()
        given = dict(values_of(step))
        known: dict[str, object] = {}
        for one in parameters:
            with suppress(ConversionError, ExpressionError):  # found where the value is checked, or not known yet
                if one.name in given:
                    known[one.name] = from_value(kind_as_given(one), resolve(given[one.name], context), unit=one.unit)
        amounts = 0.0
        for source in sources:
            if source.param in known or source.param not in given:
                with suppress(BudgetError):  # it is refused when it is called
                    amounts += source.amount(known, parameters)
        return amounts


def _known(value: Value, context: Context) -> object:
    with suppress(ExpressionError):
        return resolve(value, context)
    return None


def _count(times: object) -> int:
    return int(times) if isinstance(times, int | float) and not isinstance(times, bool) and times >= 0 else 0


def _holds(condition: str, context: Context) -> bool | None:
    with suppress(ExpressionError):
        return compile_expression(condition).holds(context)
    return None


def _inputs(step: CallWorkflow, context: Context) -> Context:
    found = {name: _known(value, context) for name, value in step.arguments.items()}
    return {name: value for name, value in found.items() if value is not None}

"""What do the lines and troubles of several rehearsals come to?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import (
    BudgetError,
    CallTimeoutError,
    ConversionError,
    ExpressionError,
    InterlockError,
    LimitError,
    NotTrustedError,
    ProblemsError,
    UnknownNameError,
)
from ivoryos_jupyter.runner.rehearsal._result import Amount, Endless, Issue, NeverTaken, Total
from ivoryos_jupyter.runner.rehearsal._stage import endless
from ivoryos_jupyter.schema import SETTER
from ivoryos_jupyter.workflow import PHASES, CallWorkflow, While, compile_expression, phase_of, slots, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ivoryos_jupyter.runner.rehearsal._log import Line, Trouble
    from ivoryos_jupyter.runner.rehearsal._result import IssueKind
    from ivoryos_jupyter.runner.rehearsal._stage import Performance
    from ivoryos_jupyter.schema import DeckSchema
    from ivoryos_jupyter.workflow import Step, Workflow

_VOLUMES = ("L", "l", "dL", "cL", "mL", "ml", "µL", "μL", "uL", "ul", "nL")
_MASSES = ("kg", "g", "mg", "µg", "μg", "ug")
_MOLES = ("mol", "mmol", "µmol", "μmol", "umol", "nmol")
_TIMES = ("ms", "s", "sec", "second", "seconds", "min", "minutes", "h", "hours")
AMOUNTS = frozenset((*_VOLUMES, *_MASSES, *_MOLES, *_TIMES))
"""Units of what adds up: volumes, masses, numbers of moles, times."""
_KINDS: tuple[tuple[type[BaseException], IssueKind], ...] = (
    (LimitError, "limit"),
    (InterlockError, "interlock"),
    (BudgetError, "budget"),
    (CallTimeoutError, "time-out"),
    (UnknownNameError, "name"),
    (ExpressionError, "value"),
    (ConversionError, "value"),
)
_SHOWN = 3
_MANY_ROUNDS = 1000
"""So many rounds a while loop may have where nobody says otherwise."""


def totals_of(lines: Sequence[Line]) -> tuple[Total, ...]:
    """Return calls and time by instrument and method, in the order they come up."""
    found: dict[tuple[str, str], Total] = {}
    for line in lines:
        if line.flight:
            key = (line.instrument, line.method)
            known = found.get(key)
            found[key] = Total(*key, (known.calls if known else 0) + 1, (known.seconds if known else 0.0) + line.lasts_s)
    return tuple(found.values())


def amounts_of(lines: Sequence[Line], schema: DeckSchema) -> dict[tuple[str, str, str], Amount]:
    """Return what the numeric arguments come to."""
    numbers: dict[tuple[str, str, str], list[float]] = {}
    for line in lines:
        if not line.flight:
            continue
        for name, value in line.arguments.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                numbers.setdefault((line.instrument, line.method, name), []).append(value)
    return {key: _amount(key, values, _unit(key, schema)) for key, values in numbers.items()}


def _amount(key: tuple[str, str, str], values: Sequence[float], unit: str) -> Amount:
    total = sum(values) if unit in AMOUNTS else None
    return Amount(*key, unit, min(values), max(values), total, total)


def _unit(key: tuple[str, str, str], schema: DeckSchema) -> str:
    path, method, name = key
    instrument = schema.instrument(path)
    if instrument is None:
        block = schema.block(method)
        found = block.method.parameter(name) if block else None
    elif method.endswith(SETTER):
        described = instrument.property(method.removesuffix(SETTER))
        found = described.value if described else None
    else:
        called = instrument.method(method)
        found = called.parameter(name) if called else None
    return found.unit if found else ""


def amounts_over(performances: Sequence[Performance], schema: DeckSchema) -> tuple[Amount, ...]:
    """Return the amounts of the first rehearsal, with the largest sums of all."""
    first, *others = (amounts_of(one.log.lines, schema) for one in performances)
    return tuple(_with_most(amount, [one[key] for one in others if key in one]) for key, amount in first.items())


def _with_most(amount: Amount, others: Sequence[Amount]) -> Amount:
    sums = [one.total for one in (amount, *others) if one.total is not None]
    return replace(amount, most=max(sums, default=None))


def issues_of(performances: Sequence[Performance], rounds: Mapping[str, int]) -> tuple[Issue, ...]:
    """Return the troubles, those of one step and one kind together, counted in the first rehearsal that has them."""
    found: dict[tuple[str, ...], Issue] = {}
    for performance in performances:
        known = set(found)
        for one in performance.log.troubles:
            kind = _kind(one, rounds)
            key = (one.doing.step.id, one.phase, kind, *_fields(one.error))
            if key not in known:
                found[key] = _counted(found.get(key), kind, one)
    return tuple(found.values())


def _counted(known: Issue | None, kind: IssueKind, one: Trouble) -> Issue:
    if known is not None:
        return replace(known, times=known.times + 1, assumed=known.assumed and one.assumed)
    return Issue(kind, one.phase, one.iteration, one.doing.step.id, one.doing.label, _message(one.error), 1, one.assumed, one.follows)


def _message(error: BaseException) -> str:
    if isinstance(error, ProblemsError):
        return "; ".join(map(str, error.problems))
    return str(error).partition("\n\n")[0] or type(error).__name__


def _kind(trouble: Trouble, rounds: Mapping[str, int]) -> IssueKind:
    if endless(trouble, rounds):
        return "loop"
    return next((kind for error, kind in _KINDS if isinstance(trouble.error, error)), "other")


def _fields(error: BaseException) -> tuple[str, ...]:
    """Return what tells two errors of one step apart; numbers in a message do not."""
    if isinstance(error, ProblemsError):
        return tuple(problem.field for problem in error.problems)
    return (type(error).__name__,) if isinstance(error, NotTrustedError | CallTimeoutError) else (str(error),)


def endless_of(performance: Performance) -> tuple[Endless, ...]:
    """Return the loops that reached the most rounds they may have, each once."""
    log = performance.log
    found: dict[str, Endless] = {}
    for one in log.troubles:
        step = one.doing.step
        if isinstance(step, While) and endless(one, log.rounds) and step.id not in found:
            found[step.id] = Endless(step.id, step.condition, step.most, _what_names_did(step, log.made))
    return tuple(found.values())


def still_going(performance: Performance, workflow: Workflow) -> tuple[Endless, ...]:
    """Return the loops that were still going on after very many rounds, where the rehearsal was cut short."""
    log = performance.log
    loops = [(step_of(workflow, key), rounds) for key, rounds in log.going_on if rounds >= _MANY_ROUNDS]
    return tuple(
        Endless(step.id, step.condition, rounds, _what_names_did(step, log.made)) for step, rounds in loops if isinstance(step, While)
    )


def issue_of(loop: Endless, performance: Performance) -> Issue:
    """Return what is wrong about a loop that was still going on."""
    message = f"the condition {loop.condition!r} still held after {loop.rounds:,} rounds, where the rehearsal was cut short"
    return Issue("loop", performance.log.phase, performance.log.iteration, loop.step_id, "while", message)


def _what_names_did(step: While, made: Mapping[str, Sequence[object]]) -> str:
    said = []
    for name in compile_expression(step.condition).names:
        values = made.get(name, ())
        if not values:
            said.append(f"{name} is given no value by any step that ran")
        elif len(values) == 1:
            said.append(f"{name} stayed {values[0]!r}")
        else:
            said.append(f"{name} was {', '.join(map(repr, values[:_SHOWN]))}{' …' if len(values) > _SHOWN else ''}")
    return "; ".join(said)


def never_taken(workflow: Workflow, taken: set[tuple[str, str]]) -> tuple[NeverTaken, ...]:
    """Return the branches and bodies that were not come to, the outermost of each."""
    return tuple(one for phase in PHASES for one in _never(phase, phase_of(workflow, phase), workflow, taken))


def _never(phase: str, steps: Sequence[Step], workflow: Workflow, taken: set[tuple[str, str]]) -> Iterator[NeverTaken]:
    for step in steps:
        if step.disabled:
            continue
        inner = slots(step)
        if isinstance(step, CallWorkflow) and step.version in workflow.nested:
            inner = {"script": workflow.nested[step.version].script}
        for slot, body in inner.items():
            if (step.id, slot) in taken:
                yield from _never(phase, body, workflow, taken)
            elif body:
                yield NeverTaken(phase, step.id, slot)


def step_of(workflow: Workflow, step_id: str) -> Step | None:
    """Return the step with this id, in `workflow` or in one that it calls."""
    visits = (visit for one in (workflow, *workflow.nested.values()) for visit in walk(one))
    return next((visit.step for visit in visits if visit.step.id == step_id), None)

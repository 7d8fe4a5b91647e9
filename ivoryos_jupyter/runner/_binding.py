"""What does a run use, and can it be run at all?  Checked when it is submitted, before anything moves."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import Problem, UnknownNameError, WorkflowError
from ivoryos_jupyter.introspect import LimitsOfObjects
from ivoryos_jupyter.journal import RunEvent
from ivoryos_jupyter.runner._call import root_of
from ivoryos_jupyter.workflow import Action, CallBlock, GetProperty, SetProperty, WaitFor, check, check_budgets, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ivoryos_jupyter.introspect import Deck
    from ivoryos_jupyter.journal import RunRequest
    from ivoryos_jupyter.runner._office import Office
    from ivoryos_jupyter.schema import Plain
    from ivoryos_jupyter.workflow import Finding, Step, Workflow

MOST_KEPT = 20
"""Problems of a refused submission that are kept in words."""


@dataclass(frozen=True, slots=True)
class Binding:
    """The objects a run was submitted with."""

    generations: Mapping[str, int]
    """By name of the root instrument."""
    things: tuple[object, ...]
    """The root objects; the run holds them while it runs."""
    needs_loop: bool
    """Whether a step runs on the notebook's loop."""


def bind(workflow: Workflow, request: RunRequest, office: Office) -> Binding:
    """Check `workflow` with the rows of `request` and return what it is bound to.

    Raises
    ------
    WorkflowError
        With everything that keeps it from being run.
    """
    deck = office.deck
    phases = _phases(request)
    findings = check(workflow, deck.schema(), limits=LimitsOfObjects(office.gates.limits.current(), deck), rows=request.rows)
    if office.gates.rules is not None and request.resume is None:
        budgets, size = office.gates.rules.budgets(), request.batch_size
        findings += check_budgets(workflow, deck.schema(), budgets, rows=request.rows, repeat=request.repeat, batch_size=size)
    problems = [_problem(one) for one in findings if one.severity == "error" and (not phases or one.phase in phases)]
    if problems:
        _note_refusal(request, problems, office)
        raise WorkflowError(problems, f"{workflow.name!r} was not submitted:")
    steps = list(_all_steps(workflow, *phases))
    used = {root_of(step.instrument) for step in steps if isinstance(step, Action | GetProperty | SetProperty | WaitFor)}
    things = dict(_things(deck, used))
    needs_loop = any(_needs_loop(step, office, things) for step in steps)
    return Binding({name: deck.generation(name) for name in things}, tuple(things.values()), needs_loop)


def _things(deck: Deck, names: set[str]) -> Iterator[tuple[str, object]]:
    """Yield the objects that `names` mean, other names of an instrument among them; a disabled step may name what is not there."""
    for name in sorted(names):
        with suppress(UnknownNameError):
            yield name, deck.resolve(name)


def _note_refusal(request: RunRequest, problems: list[Problem], office: Office) -> None:
    """Keep that a run was asked for and refused, whatever it would have done."""
    said: list[Plain] = [str(problem) for problem in problems[:MOST_KEPT]]
    detail: dict[str, Plain] = {
        "run": request.name,
        "workflow": request.workflow_name,
        "operator": request.operator,
        "problems": said,
        "total": len(problems),
    }
    office.note_soon(RunEvent(None, "refused", office.clock.now_us(), detail))


def _problem(finding: Finding) -> Problem:
    place = " ".join(part for part in (finding.step, finding.field) if part)
    return Problem(place, finding.message)


def _phases(request: RunRequest) -> tuple[str, ...]:
    """Return the phases that are run, where that is not all of them."""
    return ("cleanup",) if request.resume is not None and request.resume.get("mode") == "cleanup" else ()


def _all_steps(workflow: Workflow, *phases: str) -> Iterator[Step]:
    """Yield the steps of `workflow` that may run, those of nested workflows among them."""
    for visit in walk(workflow, *phases):
        yield visit.step
    for inner in workflow.nested.values():
        for visit in walk(inner, "script"):
            yield visit.step


def _needs_loop(step: Step, office: Office, things: Mapping[str, object]) -> bool:
    deck = office.deck
    if isinstance(step, CallBlock):
        block = deck.schema().block(step.block)
        return block is not None and block.method.coroutine
    if not isinstance(step, Action | GetProperty | SetProperty | WaitFor):
        return False
    if office.executor.place_of(things.get(root_of(step.instrument))) == "main":
        return True
    try:
        method = deck.instrument(step.instrument).method(step.method) if isinstance(step, Action) else None
    except UnknownNameError:  # likewise
        return False
    return method is not None and method.coroutine

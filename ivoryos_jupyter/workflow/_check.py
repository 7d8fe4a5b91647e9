"""What is wrong with a workflow?  Everything at once, before anything moves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.workflow._check_calls import check_arguments, check_call, sound_constants, suggestion
from ivoryos_jupyter.workflow._check_names import check_names
from ivoryos_jupyter.workflow._check_shape import check_shape
from ivoryos_jupyter.workflow._check_table import Row, check_table, follow_values
from ivoryos_jupyter.workflow._findings import Finding, Repair
from ivoryos_jupyter.workflow._here import Here, Whole
from ivoryos_jupyter.workflow._interface import interface_in
from ivoryos_jupyter.workflow._lookup import DeckIndex
from ivoryos_jupyter.workflow._model import CallWorkflow, Comment
from ivoryos_jupyter.workflow._scope import scopes
from ivoryos_jupyter.workflow._tree import as_step, walk
from ivoryos_jupyter.workflow._values import names_made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ivoryos_jupyter.schema import DeckSchema
    from ivoryos_jupyter.workflow._here import LimitsBook
    from ivoryos_jupyter.workflow._model import Workflow


def check(
    workflow: Workflow,
    schema: DeckSchema | None = None,
    *,
    limits: LimitsBook | None = None,
    rows: Iterable[Mapping[str, object]] | None = None,
    text: bool = False,
    latest: Mapping[str, str] | None = None,
    called_now: Callable[[str], str] | None = None,
) -> list[Finding]:
    """Return everything that is wrong with `workflow`, errors and warnings, in the order of the steps.

    Parameters
    ----------
    workflow
        What is to be run.
    schema
        The deck; without one, what only a deck can tell is not checked.
    limits
        The laboratory's limits.
    rows
        The table; without one, it is not checked.
    text
        Whether the cells of `rows` are text as typed.
    latest
        Newest version of each registered workflow, by name, so that pins that are behind are found.
    called_now
        Tells what a name is called since it was renamed, so that steps that use the old one can follow; empty where nobody knows.
    """
    deck = DeckIndex(schema)
    whole = _whole(workflow, deck, limits, latest or {})
    whole = replace(whole, called_now=called_now) if called_now is not None else whole
    found = [*_check_workflow(whole), *_check_steps(whole, {})]
    if rows is not None:
        found += check_table(whole, list(rows), text=text)
    return found


def _whole(workflow: Workflow, deck: DeckIndex, limits: LimitsBook | None, latest: Mapping[str, str], *, nested: bool = False) -> Whole:
    made: dict[str, str] = {}
    for visit in walk(workflow):
        for name in names_made(visit.step):
            made.setdefault(name, visit.step.id)
    return Whole(workflow, deck, limits, scopes(workflow, deck), interface_in(workflow, deck), latest, made, nested)


def _check_workflow(whole: Whole) -> Iterator[Finding]:
    workflow = whole.workflow
    seen: set[str] = set()
    for visit in walk(workflow):
        if visit.step.id in seen or not visit.step.id:
            yield Finding(visit.step.id, "error", "same-id", "two steps have one id; give one of them another", phase=visit.place.phase)
        seen.add(visit.step.id)
    if not any(whole.flow.reached) and not whole.nested:
        yield Finding(None, "warning", "empty-workflow", "there are no steps; add some, then run it")
    for name in workflow.parameters:
        if name not in whole.inputs:
            yield Finding(None, "warning", "unused-parameter", f"#{name} is declared and never used", name)


def _check_steps(whole: Whole, done: dict[str, list[Finding]]) -> Iterator[Finding]:
    """Check each step that is reached; a nested version once, whatever the number of calls."""
    phases = ("script",) if whole.nested else ()
    for visit in walk(whole.workflow, *phases):
        if visit.step.id not in whole.flow.reached:
            continue
        here = Here(whole, visit.step, visit.place.phase, whole.flow.before[visit.step.id])
        yield from check_call(here)
        if isinstance(visit.step, CallWorkflow):
            yield from _check_nested(here, visit.step, done)
        yield from check_names(here)
        if not isinstance(visit.step, Comment):
            yield from check_shape(here)


def _check_nested(here: Here, step: CallWorkflow, done: dict[str, list[Finding]]) -> Iterator[Finding]:
    whole = here.whole
    latest = whole.latest.get(step.workflow)
    if whole.latest and latest is None:
        words, repair = suggestion("workflow", step.workflow, whole.latest)
        yield here.warning("not-registered", f"no workflow {step.workflow} is registered now{words}", "workflow", repair)
    elif latest is not None and latest != step.version:
        repair = Repair("use the newest version", "set", "version", latest)
        yield here.warning("behind", f"a newer version of {step.workflow} is registered; this step uses the pinned one", "version", repair)
    callee = whole.workflow.nested.get(step.version)
    if callee is None:
        yield here.error("missing-version", f"the pinned version of {step.workflow} is not there; choose the workflow again", "version")
        return
    if callee.prep or callee.cleanup:
        message = f"prep and cleanup of {step.workflow} do not run when it is a step; only its script does"
        yield here.warning("phases-left-out", message, "workflow")
    inner = _whole(as_step(callee), whole.deck, whole.limits, whole.latest, nested=True)
    yield from check_arguments(here, inner.interface.inputs, open_ended=False)
    yield from _check_taken(here, step, inner)
    if step.version not in done:
        done[step.version] = []
        done[step.version] = list(_check_steps(inner, done))
    yield from follow_values(whole, callee, sound_constants(step, inner.interface.inputs), Row("", {}), (step.id,))
    for one in done[step.version]:
        message = f"in {step.workflow}: {one.message}"
        inside = (one.step or "", *one.inside)
        yield replace(one, step=step.id, message=message, phase=here.phase, repair=None, inside=inside)


def _check_taken(here: Here, step: CallWorkflow, inner: Whole) -> Iterator[Finding]:
    end = inner.flow.after["script"]
    for name in step.outputs:
        if not end.knows(name):
            known = ", ".join((*end.sure, *end.maybe)) or "nothing"
            yield here.error("unknown-output", f"{step.workflow} makes no {name}; it makes {known}", "outputs")
        elif name not in end.sure:
            yield here.warning("maybe-undefined", f"{step.workflow} may end without having made {name}", "outputs")

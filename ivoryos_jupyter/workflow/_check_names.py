"""Does every name that a step uses exist there, and is every name that it makes a usable one?"""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ExpressionError
from ivoryos_jupyter.schema import closest
from ivoryos_jupyter.workflow._expression import compile_expression
from ivoryos_jupyter.workflow._findings import Repair
from ivoryos_jupyter.workflow._model import AtRun, CallWorkflow, Expression, Variable, WaitFor
from ivoryos_jupyter.workflow._operations import RESERVED
from ivoryos_jupyter.workflow._values import READING, conditions_of, names_made, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ivoryos_jupyter.workflow._findings import Finding
    from ivoryos_jupyter.workflow._here import Here


def check_names(here: Here) -> Iterator[Finding]:
    """Find formulas that cannot be read, names that do not exist here, and names that cannot be used."""
    for field, value in values_of(here.step):
        if isinstance(value, AtRun):
            yield from _check_at_run(here, value.name, field)
        elif isinstance(value, Variable):
            yield from _check_use(here, value.name, field)
        elif isinstance(value, Expression):
            yield from _check_formula(here, value.text, field)
    for field, condition in conditions_of(here.step):
        yield from _check_formula(here, condition, field)
    yield from _check_made(here)


def _check_at_run(here: Here, name: str, field: str) -> Iterator[Finding]:
    if here.phase == "script":
        if problem := unusable(name):
            yield here.error("bad-name", f"the run-time parameter {name!r} {problem}", field)
        return
    message = f"#{name} is a column of the table, and {here.phase} runs once for all rows; give a value, or move the step to the script"
    yield here.error("at-run-outside-script", message, field)


def _check_formula(here: Here, text: str, field: str) -> Iterator[Finding]:
    try:
        compiled = compile_expression(text)
    except ExpressionError as error:
        example = f"{READING} > 59.5" if isinstance(here.step, WaitFor) else "left < 15"
        words = str(error) if text.strip() else f"a formula is missing; write one such as {example}"
        yield here.error("bad-expression", words, field)
        return
    reading = isinstance(here.step, WaitFor)
    if reading and READING not in compiled.names:
        yield here.warning("no-reading", f"the condition does not look at {READING}, so that waiting cannot change it", field)
    for name in compiled.names:
        if reading and name == READING:
            continue
        if here.phase != "script" and name in compiled.marked and not here.scope.knows(name):
            yield from _check_at_run(here, name, field)
        else:
            yield from _check_use(here, name, field)


def _check_use(here: Here, name: str, field: str) -> Iterator[Finding]:
    """Find what is wrong with using a name that a step, or the table, is to have given a value."""
    scope = here.scope
    if name in scope.sure or (here.phase == "script" and name in here.whole.inputs):
        return
    if name in scope.maybe:
        message = f"{name} may have no value here: it is made only in a branch, a loop or a step that may fail; set it before"
        yield here.warning("maybe-undefined", message, field)
        return
    maker = here.whole.made.get(name)
    if maker is not None:
        disabled = maker not in here.whole.flow.reached
        why = "the step that makes it is disabled" if disabled else "the step that makes it comes later, or in another phase"
        yield here.error("used-before-made", f"{name} has no value here: {why}", field)
        return
    now = here.whole.called_now(name)
    if now and scope.knows(now):
        repair = Repair(f"use {now} everywhere", "rename", name, now)
        yield here.error("undefined-name", f"there is no {name} here any more; it is called {now} now", field, repair)
        return
    known = [*scope.sure, *scope.maybe, *(here.whole.inputs if here.phase == "script" else ())]
    near = closest(name, known)
    words = f"; did you mean {near}?" if near else f"; known here: {', '.join(known)}" if known else ""
    message = f"there is no {name} here{words}"
    yield here.error("undefined-name", message, field, _rename(here, name, near, field) if near else None)


def _rename(here: Here, name: str, near: str, field: str) -> Repair | None:
    """Return the repair that uses `near`; a formula is left to the person unless the name is all of it."""
    step, label = here.step, f"use {near}"
    value = dict(values_of(step)).get(field)
    if isinstance(value, Variable):
        plain_field = field in {"value", "times", "items", "seconds"} and not hasattr(step, "arguments")
        return Repair(label, "set" if plain_field else "set_argument", field, Variable(near))
    condition = dict(conditions_of(step)).get(field)
    if condition is None or condition.count(name) != 1:
        return None
    mended = condition.replace(name, near)
    branch = field.partition(":")[2]
    return Repair(label, "set_condition", branch, mended) if branch else Repair(label, "set", field, mended)


def _check_made(here: Here) -> Iterator[Finding]:
    step = here.step
    roots = {path.partition(".")[0].partition("[")[0] for path in here.whole.deck.instruments}
    for name in names_made(step):
        if problem := unusable(name):
            yield here.error("bad-name", f"the name {name!r} {problem}", "outputs")
        elif name in roots:
            yield here.warning("name-of-instrument", f"{name} is also the name of an instrument; another name keeps them apart", "outputs")
        elif name in here.whole.inputs and here.phase == "script" and not isinstance(step, CallWorkflow):
            yield here.warning("overwrites-input", f"{name} is a column of the table; from here on the step's value is used", "outputs")
    outputs = [name for name in getattr(step, "outputs", ()) if name]
    if isinstance(step, CallWorkflow):
        outputs = list(step.outputs.values())
    for name in dict.fromkeys(one for one in outputs if outputs.count(one) > 1):
        yield here.error("same-name-twice", f"the name {name} is given to two values; the first would be lost", "outputs")


def unusable(name: str) -> str:
    """Return why `name` cannot be a name in formulas, or nothing."""
    if not name.isidentifier():
        return "has characters that a formula cannot use; use letters, digits and _, not beginning with a digit"
    if keyword.iskeyword(name):
        return "is a word of Python; choose another"
    return "is a function or constant of formulas; choose another" if name in RESERVED else ""

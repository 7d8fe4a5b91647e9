"""Does the structure make sense: loops that end, steps that are reached, times and policies that can be kept?"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ExpressionError
from ivoryos_jupyter.schema import ListOf, describe
from ivoryos_jupyter.workflow._answers import answer_problems
from ivoryos_jupyter.workflow._expression import compile_expression
from ivoryos_jupyter.workflow._findings import Repair
from ivoryos_jupyter.workflow._lookup import ANSWERS, fits
from ivoryos_jupyter.workflow._model import (
    Action,
    CallBlock,
    CallWorkflow,
    Constant,
    ForEach,
    If,
    Input,
    Repeat,
    SetVariable,
    Variable,
    Wait,
    WaitFor,
    WaitUntil,
    While,
)
from ivoryos_jupyter.workflow._scope import always
from ivoryos_jupyter.workflow._tree import OTHERWISE, Place, slots, walk_steps
from ivoryos_jupyter.workflow._values import names_made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ivoryos_jupyter.workflow._findings import Finding
    from ivoryos_jupyter.workflow._here import Here

_POLICIES = ("ask", "retry", "continue", "fail")
_TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?")


def check_shape(here: Here) -> Iterator[Finding]:
    """Find what is wrong with the step itself, whatever the deck."""
    step = here.step
    for cls, check in _CHECKS.items():
        if isinstance(step, cls):
            yield from check(here, step)
    inner = slots(step)
    if inner and not any(inner.values()):
        yield here.warning("empty-block", "there is nothing in it, so it does nothing", "", Repair("remove it", "remove_step"))
    yield from _check_policy(here)


def _check_policy(here: Here) -> Iterator[Finding]:
    step = here.step
    if step.timeout_s is not None and not _is_number(step.timeout_s, above=0):
        yield here.error("bad-number", "a time-out is a number of seconds, more than 0; leave it empty for none", "timeout_s")
    elif step.timeout_s is not None and (slots(step) or isinstance(step, CallWorkflow | SetVariable)):
        yield here.warning("no-effect", "a time-out does nothing here; give it to the steps that call, wait or ask", "timeout_s")
    policy = step.on_error
    if policy.action not in _POLICIES:
        yield here.error("bad-choice", f"{policy.action!r} is no policy; choose one of {', '.join(_POLICIES)}", "on_error")
    if not _is_number(policy.retries) or policy.retries != int(policy.retries) or not _is_number(policy.delay_s):
        yield here.error("bad-number", "retries are a whole number and the delay between them one of seconds, 0 or more", "on_error")
    if policy.action == "retry" and policy.retries == 0:
        yield here.warning("no-retries", "the policy is to retry, 0 times; say how often", "on_error")


def _is_number(value: object, *, above: float | None = None) -> bool:
    """Whether `value` is a finite number, 0 or more, or more than `above`: what a program wrote may be anything."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return False
    return value >= 0 if above is None else value > above


def _check_while(here: Here, step: While) -> Iterator[Finding]:
    if step.most < 1:
        yield here.error("bad-number", "the most rounds are 1 or more", "most")
    truth = always(step.condition)
    if truth is False:
        yield here.warning("unreachable", "the condition is never true, so that the steps in it never run", "condition")
    elif truth is True:
        yield here.error("endless-loop", f"the condition is always true, so that the loop fails after {step.most} rounds", "condition")
    elif step.body and not _may_change(step):
        message = "no step in the loop changes a name of the condition, so that it never ends once it has begun"
        yield here.warning("endless-loop", message, "condition")


def _may_change(step: While) -> bool:
    try:
        names = set(compile_expression(step.condition).names)
    except ExpressionError:
        return True
    return any(names.intersection(names_made(visit.step)) for visit in walk_steps(step.body, Place("script")) if not visit.step.disabled)


def _check_if(here: Here, step: If) -> Iterator[Finding]:
    settled = False
    if not step.branches:
        yield here.error("no-condition", "an if needs a condition", "branches")
    for index, branch in enumerate(step.branches):
        truth = always(branch.condition)
        if settled or truth is False:
            yield here.warning("unreachable", "this branch is never taken", f"branch:{index}")
        settled = settled or truth is True
    if settled and step.otherwise:
        yield here.warning("unreachable", "the else is never taken", OTHERWISE)


def _check_repeat(here: Here, step: Repeat) -> Iterator[Finding]:
    times = step.times.value if isinstance(step.times, Constant) else 1
    if times is None:
        yield _missing(here, "a whole number, 0 or more,", "times")
    elif isinstance(times, bool) or not isinstance(times, int | float) or times != int(times) or times < 0:
        yield here.error("wrong-value", f"a whole number, 0 or more, is needed, not {times!r}", "times")
    elif times == 0:
        yield here.warning("unreachable", "it repeats 0 times, so that the steps in it never run", "times")


def _check_for_each(here: Here, step: ForEach) -> Iterator[Finding]:
    if isinstance(step.items, Constant):
        if step.items.value is None:
            yield _missing(here, "a list, such as [1, 2, 3],", "items")
        elif not isinstance(step.items.value, list):
            yield here.error("wrong-value", f"a list is needed, such as [1, 2, 3], not {step.items.value!r}", "items")
        elif not step.items.value:
            yield here.warning("unreachable", "the list is empty, so that the steps in it never run", "items")
    elif isinstance(step.items, Variable):
        kind = here.scope.sure.get(step.items.name)
        if kind is not None and not fits(kind, ListOf(kind)):
            yield here.error("wrong-kind", f"{step.items.name} is {describe(kind)}, and a list is needed", "items")


def _missing(here: Here, what: str, field: str) -> Finding:
    return here.error("missing-argument", f"a value is missing; {what} is needed", field)


def _check_wait(here: Here, step: Wait) -> Iterator[Finding]:
    seconds = step.seconds.value if isinstance(step.seconds, Constant) else 0
    if seconds is None:
        yield _missing(here, "a number of seconds, 0 or more,", "seconds")
    elif isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < float("inf"):
        yield here.error("wrong-value", f"a number of seconds, 0 or more, is needed, not {seconds!r}", "seconds")


def _check_until(here: Here, step: WaitUntil) -> Iterator[Finding]:
    if not step.time:
        yield _missing(here, "a time of day, HH:MM or HH:MM:SS,", "time")
    elif not _TIME_OF_DAY.fullmatch(step.time):
        yield here.error("wrong-value", f"a time of day is needed, HH:MM or HH:MM:SS, not {step.time!r}", "time")


def _check_wait_for(here: Here, step: WaitFor) -> Iterator[Finding]:
    if step.timeout_s is None:
        repair = Repair("one hour", "set", "timeout_s", 3600.0)
        yield here.warning("no-timeout", "without a time-out it may wait for ever", "timeout_s", repair)
    if step.every_s <= 0 or step.hold_s < 0:
        yield here.error("bad-number", "it reads every so many seconds, more than 0, and holds for 0 or more", "every_s")


def _check_input(here: Here, step: Input) -> Iterator[Finding]:
    if not step.name:
        yield here.error("bad-name", "the answer needs a name, or nobody can use it", "name")
    if not step.message:
        yield here.warning("no-message", "say what is asked, or nobody knows what to answer", "message")
    classes = {"float": (int, float), "int": (int,), "str": (str,), "bool": (bool,)}[step.type]
    for choice in step.choices:
        if not isinstance(choice, classes) or (isinstance(choice, bool) and step.type != "bool"):
            yield here.error("wrong-value", f"the choice {choice!r} is not {describe(ANSWERS[step.type])}", "choices")
    yield from _check_answer(here, step)


def _check_answer(here: Here, step: Input) -> Iterator[Finding]:
    least, most = step.minimum, step.maximum
    for name, bound in (("minimum", least), ("maximum", most)):
        if bound is not None and step.type not in {"float", "int"}:
            yield here.error("wrong-value", f"only a number has a {name}", name)
    if least is not None and most is not None and least > most:
        yield here.error("bad-number", f"{least:g} is greater than the maximum, {most:g}: no answer would be taken", "minimum")
    elif step.default is not None:
        for message in answer_problems(step, step.choices, step.default):
            yield here.error("wrong-value", f"the default {message}", "default")


def _check_variable(here: Here, step: SetVariable) -> Iterator[Finding]:
    if isinstance(step.value, Constant) and step.value.value is None:
        yield here.warning("no-value", f"{step.name} is None until a value is given; leave it so if that is meant", "value")


def _check_batch(here: Here, step: Action | CallBlock) -> Iterator[Finding]:
    for name in step.consolidate:
        if name not in step.arguments:
            yield here.error("unknown-argument", f"{name} is to be gathered over the batch, and is not given", name)
        elif not step.once_per_batch:
            yield here.warning("not-once-per-batch", f"{name} is gathered only in a step that runs once per batch", name)


_CHECKS: dict[type, Callable[..., Iterator[Finding]]] = {
    While: _check_while,
    If: _check_if,
    Repeat: _check_repeat,
    ForEach: _check_for_each,
    Wait: _check_wait,
    WaitUntil: _check_until,
    WaitFor: _check_wait_for,
    Input: _check_input,
    SetVariable: _check_variable,
    Action: _check_batch,
    CallBlock: _check_batch,
}

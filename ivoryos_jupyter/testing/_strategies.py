"""Which workflows are there?  Random ones, for property tests with hypothesis."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from hypothesis import strategies as st

from ivoryos_jupyter.schema import LiveReference
from ivoryos_jupyter.workflow import (
    PHASES,
    Action,
    AtRun,
    Branch,
    CallBlock,
    CallWorkflow,
    Comment,
    Constant,
    Expression,
    ForEach,
    GetProperty,
    If,
    Input,
    OnError,
    Pause,
    Repeat,
    SetProperty,
    SetVariable,
    Variable,
    Wait,
    WaitFor,
    WaitUntil,
    While,
    Workflow,
    content_hash,
    phase_of,
    pin,
    slots,
    with_slot,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hypothesis.strategies import SearchStrategy

    from ivoryos_jupyter.workflow import Step, Value

NAMES = ("volume", "left", "a450", "température", "rate_µl", "x1")
CONDITIONS = ("left < 15", "#volume > 2 and not left", "x1 == 'a' or 1 < a450 < 2", "température if left else 3")

texts: SearchStrategy[str] = st.text(max_size=12)
names: SearchStrategy[str] = st.sampled_from(NAMES)
conditions: SearchStrategy[str] = st.sampled_from(CONDITIONS)
plain_values: SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | texts
    | st.builds(LiveReference, st.sampled_from(("pump", 'plate["A1"]', "supply.channels[0]"))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=3,
)
values: SearchStrategy[Value] = st.one_of(
    st.builds(Constant, plain_values), st.builds(AtRun, names), st.builds(Variable, names), st.builds(Expression, conditions)
)
arguments: SearchStrategy[Mapping[str, Value]] = st.dictionaries(names, values, max_size=3)
outputs: SearchStrategy[tuple[str, ...]] = st.lists(names | st.just(""), max_size=2).map(tuple)
policies: SearchStrategy[OnError] = st.builds(
    OnError, st.sampled_from(("ask", "retry", "continue", "fail")), st.integers(0, 3), st.floats(0, 10)
)


def _step(cls: type[Step], **fields: SearchStrategy[Any]) -> SearchStrategy[Step]:
    """Return a strategy for steps of `cls`; the fields that all have are mostly as by default."""
    common: dict[str, SearchStrategy[Any]] = {
        "id": st.integers(0, 10**9).map("n{}".format),
        "disabled": st.booleans(),
        "note": st.just("") | texts,
        "timeout_s": st.none() | st.floats(0.1, 100),
        "on_error": st.just(OnError()) | policies,
        "once_per_batch": st.booleans(),
        "uuid": st.none() | st.integers(0, 2**48),
    }
    return cast("SearchStrategy[Step]", st.builds(cls, **common, **fields))


simple_steps: SearchStrategy[Step] = st.one_of(
    _step(Action, instrument=names, method=names, arguments=arguments, consolidate=outputs, outputs=outputs),
    _step(GetProperty, instrument=names, property=names, outputs=outputs),
    _step(SetProperty, instrument=names, property=names, value=values),
    _step(CallBlock, block=names, arguments=arguments, consolidate=outputs, outputs=outputs),
    _step(Wait, seconds=values, keep_counting=st.booleans()),
    _step(WaitUntil, time=st.sampled_from(("06:30", "23:59:59"))),
    _step(
        WaitFor,
        instrument=names,
        property=names,
        condition=conditions,
        hold_s=st.floats(0, 60),
        every_s=st.floats(0.1, 10),
        outputs=outputs,
    ),
    _step(Comment, text=texts),
    _step(Pause, message=texts),
    _step(
        Input,
        message=texts,
        name=names,
        type=st.sampled_from(("float", "int", "str", "bool")),
        choices=st.lists(texts, max_size=2).map(tuple),
        unit=texts,
        minimum=st.none() | st.floats(-10, 10),
        maximum=st.none() | st.floats(-10, 10),
        default=st.none() | st.integers() | texts,
    ),
    _step(SetVariable, name=names, value=values),
)


def _blocks(inner: SearchStrategy[Step]) -> SearchStrategy[Step]:
    bodies = st.lists(inner, max_size=3).map(tuple)
    branches = st.lists(st.builds(Branch, conditions, bodies), min_size=1, max_size=3).map(tuple)
    return st.one_of(
        _step(If, branches=branches, otherwise=bodies),
        _step(While, condition=conditions, body=bodies, most=st.integers(0, 2000)),
        _step(Repeat, times=values, body=bodies),
        _step(ForEach, item=names, items=values, body=bodies),
    )


steps: SearchStrategy[Step] = st.recursive(simple_steps, _blocks, max_leaves=6)


def _with_fresh_ids(workflow: Workflow) -> Workflow:
    """Give all steps ids of their own: hypothesis may draw one step object twice."""
    count = itertools.count(1)

    def renumbered(step: Step) -> Step:
        copy = replace(step, id=f"s{next(count)}")
        for slot, inner in slots(step).items():
            copy = with_slot(copy, slot, tuple(renumbered(one) for one in inner))
        return copy

    prep, script, cleanup = (tuple(renumbered(step) for step in phase_of(workflow, phase)) for phase in PHASES)
    return replace(workflow, prep=prep, script=script, cleanup=cleanup)


def _flat() -> SearchStrategy[Workflow]:
    phase = st.lists(steps, max_size=3).map(tuple)
    return st.builds(
        Workflow,
        name=texts,
        deck=texts,
        prep=phase,
        script=phase,
        cleanup=phase,
        parameters=st.dictionaries(names, st.sampled_from(("float", "int | None", "str")), max_size=2),
        description=texts,
        author=texts,
        finalized=st.booleans(),
        registered=st.booleans(),
        uuid=st.none() | texts,
    ).map(_with_fresh_ids)


@st.composite
def workflows(draw: st.DrawFn, *, depth: int = 1) -> Workflow:
    """Draw a well-formed workflow that need not make sense; `depth` levels of nested ones may lie in it."""
    workflow = draw(_flat())
    if depth and draw(st.booleans()):
        callee = draw(workflows(depth=depth - 1))
        call = CallWorkflow(
            id="call",
            workflow=callee.name,
            version=content_hash(callee),
            arguments=draw(arguments),
            outputs=draw(st.dictionaries(names, names, max_size=2)),
        )
        workflow = pin(replace(workflow, script=(*workflow.script, call)), callee)
    return workflow

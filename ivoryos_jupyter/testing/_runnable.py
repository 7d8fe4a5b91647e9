"""Which random workflows can be run on a `Bench`?  They make sense as far as types go; names may be missing, calls may fail."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from ivoryos_jupyter.workflow import (
    PHASES,
    Action,
    AtRun,
    Branch,
    CallWorkflow,
    Comment,
    Constant,
    Expression,
    ForEach,
    GetProperty,
    If,
    OnError,
    Repeat,
    SetProperty,
    SetVariable,
    Variable,
    Wait,
    WaitFor,
    While,
    Workflow,
    content_hash,
    interface,
    phase_of,
    pin,
    slots,
    with_slot,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from ivoryos_jupyter.schema import DeckSchema, Plain
    from ivoryos_jupyter.workflow import Step, Value

_ALL = ("n1", "n2", "n3", "flag")
_names: SearchStrategy[str] = st.sampled_from(("n1", "n2", "n3"))
_numbers: SearchStrategy[Any] = st.sampled_from((0, 1, 2.5, 7.0))
_conditions: SearchStrategy[str] = st.sampled_from(
    ("n1 < 5", "n2 > n1", "flag", "not flag or n3 == 2.5", "1 < n2 < 8", "n1 % 2 == 0 and n2 >= 0", "True", "False")
)
_formulas: SearchStrategy[Value] = st.sampled_from(
    ("n1 + 1", "n2 * 2 - n1", "max(n1, n2, 3)", "sqrt(abs(n3)) if n3 else 1.5", "sum(range(3)) + n1")
).map(Expression)
_policies: SearchStrategy[OnError] = st.one_of(
    st.sampled_from((OnError(), OnError("fail"), OnError("continue"))), st.integers(1, 2).map(lambda times: OnError("retry", times, 0.1))
)


def _values(columns: tuple[str, ...]) -> SearchStrategy[Value]:
    known: list[SearchStrategy[Value]] = [_numbers.map(Constant), _names.map(Variable), _formulas]
    if columns:
        known.append(st.sampled_from(columns).map(AtRun))
    return st.one_of(known)


def _call(
    path: str, arguments: dict[str, SearchStrategy[Value]], outputs: SearchStrategy[tuple[str, ...]], *, optional: tuple[str, ...] = ()
) -> SearchStrategy[Step]:
    instrument, _, method = path.rpartition(".")
    given = st.fixed_dictionaries(
        {name: one for name, one in arguments.items() if name not in optional}, optional={name: arguments[name] for name in optional}
    )
    target = {"id": st.just(""), "instrument": st.just(instrument), "method": st.just(method)}
    return st.builds(Action, arguments=given, outputs=outputs, on_error=_policies, **target)


def _constants(*plain: Plain) -> SearchStrategy[Value]:
    return st.sampled_from(plain).map(Constant)


def _leaves(columns: tuple[str, ...]) -> SearchStrategy[Step]:
    numbers = _values(columns)
    one = st.one_of(st.just(()), _names.map(lambda name: (name,)))
    two = st.tuples(_names, _names | st.just("")).filter(lambda pair: pair[0] != pair[1])
    common: dict[str, SearchStrategy[Any]] = {"id": st.just("")}
    return st.one_of(
        _call("pump.dispense", {"volume_ml": numbers, "rate_ml_min": numbers}, one, optional=("rate_ml_min",)),
        _call("pump.refill", {}, st.just(())),
        _call(
            "pump.prime",
            {
                "cycles": _constants(1, 3),
                "ports": _constants([], ["a"], ["a", "b"]),
                "speed": _constants("SLOW", "FAST"),
                "extra": _constants({}, {"x": 1.0, "y": 2.0}),
            },
            one,
            optional=("ports", "speed", "extra"),
        ),
        _call("reactor.ramp", {"setpoint": numbers, "hold": _constants(None, 3.0)}, st.just(()), optional=("hold",)),
        _call("reactor.jacket.flush", {"times": _constants(1, 2)}, st.just(("flag",)), optional=("times",)),
        _call(
            "eye.measure",
            {"sample": _constants("blank", "S'1\" {x}"), "pulse": _constants(None, {"length_ms": 5, "power": 0.5})},
            two,
            optional=("pulse",),
        ),
        _call("stirrer.stir", {"rpm": _constants(100, 200)}, one),
        st.builds(GetProperty, instrument=st.just("reactor"), property=st.just("temperature"), outputs=one, on_error=_policies, **common),
        st.builds(SetProperty, instrument=st.just("reactor"), property=st.just("temperature"), value=numbers, on_error=_policies, **common),
        st.builds(SetVariable, name=_names, value=numbers, **common),
        st.builds(Wait, seconds=_constants(0, 0.5), **common),
        st.builds(Comment, text=st.sampled_from(("n1 is #n1", "it's 100 % {done}", "#none")), **common),
        st.builds(
            WaitFor,
            instrument=st.just("reactor"),
            property=st.just("temperature"),
            condition=st.sampled_from(("reading > 5", "reading > n1")),
            hold_s=st.sampled_from((0.0, 1.0)),
            timeout_s=st.just(4.0),
            outputs=one,
            on_error=_policies,
            **common,
        ),
    )


def _blocks(inner: SearchStrategy[Step]) -> SearchStrategy[Step]:
    body = st.lists(inner, max_size=3).map(tuple)
    branches = st.lists(st.builds(Branch, _conditions, body), min_size=1, max_size=3).map(tuple)
    common: dict[str, SearchStrategy[Any]] = {"id": st.just("")}
    return st.one_of(
        st.builds(If, branches=branches, otherwise=body, **common),
        st.builds(While, condition=_conditions, body=body, most=st.integers(1, 4), **common),
        st.builds(Repeat, times=_constants(0, 1, 3), body=body, **common),
        st.builds(ForEach, item=_names, items=_constants([], [1, 2.5]), body=body, **common),
    )


def _numbered(workflow: Workflow, disabled: st.DrawFn) -> Workflow:
    count = itertools.count(1)

    def renumbered(step: Step) -> Step:
        copy = replace(step, id=f"s{next(count)}", disabled=disabled(st.sampled_from((False,) * 9 + (True,))))
        for slot, inner in slots(step).items():
            copy = with_slot(copy, slot, tuple(renumbered(one) for one in inner))
        return copy

    prep, script, cleanup = (tuple(renumbered(step) for step in phase_of(workflow, phase)) for phase in PHASES)
    return replace(workflow, prep=prep, script=script, cleanup=cleanup)


@st.composite
def runnable_workflows(draw: st.DrawFn, *, depth: int = 1) -> Workflow:
    """Draw a workflow for a `Bench`, with up to `depth` levels of nested ones; its columns are ``c1`` and ``c2``."""
    columns = ("c1", "c2") if draw(st.booleans()) else ()
    once = st.lists(st.recursive(_leaves(()), _blocks, max_leaves=3), max_size=2).map(tuple)
    many = st.lists(st.recursive(_leaves(columns), _blocks, max_leaves=6), max_size=4).map(tuple)
    known = tuple(SetVariable(id="", name=name, value=Constant(2.5)) for name in _ALL[: draw(st.sampled_from((0, 2, 4, 4)))])
    script = (*known, *draw(many)) if draw(st.booleans()) else draw(many)
    workflow = _numbered(Workflow(name=f"level {depth}", prep=(*known, *draw(once)), script=script, cleanup=draw(once)), draw)
    if depth and draw(st.booleans()):
        callee = draw(runnable_workflows(depth=depth - 1))
        given = {one.name: draw(_values(columns)) for one in interface(callee).inputs}
        outputs = draw(st.sampled_from(({}, {"n1": "n2"}, {"n2": "n2", "n3": "n1"})))
        call = CallWorkflow(id="call", workflow=callee.name, version=content_hash(callee), arguments=given, outputs=outputs)
        at = draw(st.integers(0, len(workflow.script)))
        workflow = pin(replace(workflow, script=(*workflow.script[:at], call, *workflow.script[at:])), callee)
    return workflow


def rows_for(workflow: Workflow, schema: DeckSchema, count: int) -> list[dict[str, Plain]] | int:
    """Return so many table rows for `workflow`, or the number when it has no columns."""
    names = [one.name for one in interface(workflow, schema).inputs]
    return [{name: float(index + place) for place, name in enumerate(names)} for index in range(count)] if names else count

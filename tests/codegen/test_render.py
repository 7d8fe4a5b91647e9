"""The generated file: readable, complete in itself, and honest about what it cannot say."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from ivoryos_jupyter.codegen import render
from ivoryos_jupyter.errors import WorkflowError
from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.schema import (
    Anything,
    DeckSchema,
    Default,
    DictOf,
    EnumChoice,
    EnumMember,
    Instrument,
    Integer,
    Kind,
    ListOf,
    LiveReference,
    Method,
    Nullable,
    Number,
    OneOf,
    Parameter,
    Special,
    Temporal,
    Text,
    TupleOf,
)
from ivoryos_jupyter.testing._bench import Bench, Noted, Pulse, Speed, calls_of, run_generated
from ivoryos_jupyter.workflow import (
    Action,
    AtRun,
    CallWorkflow,
    Constant,
    Expression,
    If,
    Input,
    OnError,
    SetVariable,
    Variable,
    Workflow,
    WorkflowDraft,
    at_run,
    formula,
)

DECK = LiveDeck("bench")
DECK.update(Bench().instruments)
SCHEMA = DECK.schema()

DOSE = '''"""Dose, measure twice, refill when low."""

from ivoryos_jupyter.testing._bench import Pulse
from ivoryos_jupyter.testing._bench import Speed


def dose_and_measure_prep(pump):
    pump.prime(2, "a", "b", speed=Speed.FAST)


def dose_and_measure(pump, eye, reactor, volume: float, temp: float):
    # the reference goes first
    left = pump.dispense(volume_ml=volume, rate_ml_min=2.0)
    for _ in range(2):
        a450, _ = eye.measure(sample="blank", pulse=Pulse(length_ms=5, power=1.0))
    if left < 15 and volume > 0:
        pump.refill()
    elif left > 100:
        print(f"left is {left} mL")
    # disabled: pump: refill
    reactor.ramp(setpoint=temp, hold=None)
    return {"left": left, "a450": a450}


def dose_and_measure_cleanup(reactor):
    reactor.temperature = 25.0


def run(pump, eye, reactor, rows):
    """Do prep once, script for each row, and cleanup whatever happens."""
    try:
        results = []
        dose_and_measure_prep(pump)
        for row in rows:
            results.append(dose_and_measure(pump, eye, reactor, **row))
        return results
    finally:
        dose_and_measure_cleanup(reactor)
'''


def draft(name="x"):
    return WorkflowDraft(name, schema=SCHEMA)


def dose():
    wf = WorkflowDraft("dose and measure", schema=SCHEMA, description="Dose, measure twice, refill when low.")
    wf.prep.call("pump.prime", 2, "a", "b", speed=Speed.FAST)
    wf.script.call("pump.dispense", at_run("volume"), 2, save="left", options={"note": "the reference goes first"})
    with wf.script.repeat(2):
        wf.script.call("eye.measure", "blank", Pulse(5), save=("a450", ""))
    with wf.script.if_("left < 15 and #volume > 0"):
        wf.script.call("pump.refill")
    with wf.script.elif_("left > 100"):
        wf.script.comment("left is #left mL")
    wf.script.call("pump.refill", options={"disabled": True})
    wf.script.call("reactor.ramp", at_run("temp"), None)
    wf.cleanup.set("reactor.temperature", 25)
    return wf.workflow


def test_the_file_reads_as_one_would_write_it():
    assert render(dose(), SCHEMA) == DOSE


def test_the_file_runs_by_itself_and_gives_the_outputs_of_each_row():
    bench = Bench()
    found = run_generated(render(dose(), SCHEMA), bench, [{"volume": 1.0, "temp": 50.0}, {"volume": 2.0, "temp": 60.0}])
    assert [set(one) for one in found] == [{"left", "a450"}] * 2
    assert [one.target for one in bench.calls][-2:] == ["reactor.ramp", "reactor.temperature="]


def test_cleanup_runs_when_a_step_fails():
    calls = calls_of(render(dose(), SCHEMA), Bench({1}), [{"volume": 1.0, "temp": 50.0}])
    assert [(one.target, one.failed) for one in calls] == [
        ("pump.prime", False),
        ("pump.dispense", True),
        ("reactor.temperature=", False),
    ]


def test_what_prep_saved_reaches_script_and_cleanup_even_when_prep_fails():
    wf = draft()
    first = wf.prep.get("reactor.temperature", save="before")
    wf.prep.call("pump.refill")
    wf.script.set("reactor.temperature", formula("before + 1"))
    wf.cleanup.set("reactor.temperature", first)
    source = render(wf.workflow, SCHEMA)
    good, bad = calls_of(source, Bench()), calls_of(source, Bench({1}))
    assert good[-2:] == [Noted("reactor.temperature=", (1.0,)), Noted("reactor.temperature=", (0.0,))]
    assert bad[-1] == Noted("reactor.temperature=", (0.0,))


def test_coroutines_are_awaited_and_everything_above_them_is():
    inner = draft("inner")
    inner.script.call("stirrer.stir", 200, save="rpm")
    wf = draft("outer")
    wf.script.workflow(inner, save="rpm")
    wf.script.wait(5)
    source = render(wf.workflow, SCHEMA)
    assert 'rpm = (await inner(stirrer))["rpm"]' in source
    assert "await asyncio.sleep(5)" in source
    assert "async def run(stirrer, repeat=1):" in source
    assert calls_of(source, Bench(), 2) == [Noted("stirrer.stir", (200,))] * 2


def test_policies_are_kept():
    wf = draft()
    wf.script.call("pump.dispense", 1, save="left", options={"on_error": OnError("retry", 2, 0.5)})
    wf.script.call("pump.refill", options={"on_error": OnError("continue")})
    wf.script.call("pump.refill")
    calls = calls_of(render(wf.workflow, SCHEMA), Bench({0, 1, 3}))
    assert [(one.target, one.failed) for one in calls] == [
        ("pump.dispense", True),
        ("pump.dispense", True),
        ("pump.dispense", False),
        ("pump.refill", True),
        ("pump.refill", False),
    ]


def test_a_while_is_bounded():
    wf = draft()
    with wf.script.while_("True", most=3):
        wf.script.call("pump.refill")
    wf.cleanup.call("eye.measure", "end")
    calls = calls_of(render(wf.workflow, SCHEMA), Bench())
    assert [one.target for one in calls] == ["pump.refill"] * 3 + ["eye.measure"]


def test_people_are_asked():
    wf = draft()
    wf.script.pause("put it in")
    weight = wf.script.input("weight of #name?", save="weight", type="float")
    wf.script.input("which?", save="which", type="int", choices=(1, 2))
    wf.script.input("sure?", save="sure", type="bool")
    with wf.script.if_("sure and which == 2"):
        wf.script.call("pump.dispense", weight)
    bench = Bench()
    run_generated(render(wf.workflow, SCHEMA), bench, 1, answers=["", "much", "1.5", "3", "2", "maybe", "yes"])
    assert bench.calls == [Noted("pump.dispense", (1.5, 1.0))]


def test_waiting_for_a_reading_and_for_a_time():
    wf = draft()
    wf.script.wait_for("reactor.temperature", "reading > 5", every_s=2, timeout_s=60.0, save="t")
    wf.script.wait_until("06:30")
    source = render(wf.workflow, SCHEMA)
    assert "t = wait_for(lambda: reactor.temperature, lambda reading: reading > 5, every_s=2, timeout_s=60.0)" in source
    assert 'wait_until("06:30")' in source
    assert [one.target for one in calls_of(source, Bench())] == ["reactor.temperature"] * 3


def test_a_person_may_use_the_names_that_the_file_would_like():
    wf = draft("run")
    wf.script.call("pump.dispense", at_run("saved"), save="rows", options={"on_error": OnError("retry", 1)})
    wf.script.variable("time", formula("rows + 1"))
    with wf.script.while_("time < 3 and retried"):
        wf.script.variable("rounds", 1)
    wf.script.call("pump.dispense", at_run("retried"), options={"on_error": OnError("continue")})
    calls = calls_of(render(wf.workflow, SCHEMA), Bench({0}), [{"saved": 1.0, "retried": 0.0}])
    assert [one.arguments for one in calls] == [(1.0, 1.0), (1.0, 1.0), (0.0, 1.0)]


CLASSES = (EnumMember("HEAT", "heat"), EnumMember("COOL", "cool"))


def one_call(kind: Kind, value: object, passing="either"):
    method = Method("go", (Parameter("x", kind, passing=passing),))
    schema = DeckSchema("d", (Instrument("dev", "m:Dev", methods=(method,)),))
    value = value if isinstance(value, AtRun | Variable | Expression) else Constant(value)
    step = Action(id="a", instrument="dev", method="go", arguments={"x": value})
    return render(Workflow(name="w", script=(step,)), schema)


@pytest.mark.parametrize(
    ("kind", "value", "source", "import_"),
    [
        (Number(), "2", "dev.go(x=2.0)", ""),
        (Number(nonfinite=True), float("inf"), 'dev.go(x=float("inf"))', ""),
        (Text(), 'say "hi"\n', "dev.go(x='say \"hi\"\\n')", ""),
        (Text(), "it's", 'dev.go(x="it\'s")', ""),
        (EnumChoice("flow.lab:Outer.Mode", CLASSES), "heat", "dev.go(x=Outer.Mode.HEAT)", "from flow.lab import Outer"),
        (Nullable(EnumChoice("lab:Mode", CLASSES)), None, "dev.go(x=None)", ""),
        (EnumChoice("lab:Mode", CLASSES), AtRun("mode"), "dev.go(x=member(Mode, mode))", "from lab import Mode"),
        (ListOf(Integer(), container="tuple"), [1], "dev.go(x=(1,))", ""),
        (ListOf(Integer(), container="set"), [1, 2], "dev.go(x={1, 2})", ""),
        (ListOf(Integer(), container="set"), [], "dev.go(x=set([]))", ""),
        (ListOf(Integer(), container="frozenset"), [1], "dev.go(x=frozenset([1]))", ""),
        (TupleOf((Number(), Text())), [1, "a"], 'dev.go(x=(1.0, "a"))', ""),
        (DictOf(Integer(), Number()), {"1": 2}, "dev.go(x={1: 2.0})", ""),
        (OneOf((Integer(), Text())), "a", 'dev.go(x="a")', ""),
        (Temporal("date"), "2026-01-02", 'dev.go(x=datetime.date.fromisoformat("2026-01-02"))', "import datetime"),
        (Temporal("timedelta"), 90, "dev.go(x=datetime.timedelta(seconds=90.0))", "import datetime"),
        (Special("path"), "a/b", 'dev.go(x=Path("a/b"))', "from pathlib import Path"),
        (Special("decimal"), "1.50", 'dev.go(x=Decimal("1.50"))', "from decimal import Decimal"),
        (Special("ndarray"), [[1, 2]], "dev.go(x=numpy.array([[1, 2]]))", "import numpy"),
        (Anything(), {"a": [1, LiveReference('plate["A1"]')]}, 'dev.go(x={"a": [1, plate["A1"]]})', ""),
        (Number(), Expression("sqrt(#a) + pi"), "dev.go(x=sqrt(a) + pi)", "from math import pi"),
        (Number(), Expression("math.exp(a)"), "dev.go(x=exp(a))", "from math import exp"),
        (ListOf(Number()), Expression("range(3)"), "dev.go(x=list(range(3)))", ""),
    ],
)
def test_each_kind_of_value_is_built_as_the_driver_asks(kind, value, source, import_):
    written = one_call(kind, value)
    ast.parse(written)
    assert f"    {source}\n" in written
    assert import_ in written


def test_what_a_reference_names_is_a_parameter_too():
    assert "def w(dev, plate):" in one_call(Anything(), LiveReference('plate["A1"]'))


@pytest.mark.parametrize(
    ("arguments", "source"),
    [
        ({"a": 1, "b": 2, "rest": [3, 4], "c": 5, "more": {"d": 6}}, 'dev.go(1, 2, 3, 4, c=5, **({"d": 6}))'),
        ({"a": 1, "c": 5}, "dev.go(1, c=5)"),
        ({"a": 1, "b": 2}, "dev.go(1, b=2)"),
        ({"a": 1, "rest": []}, "dev.go(1)"),
        ({"a": 1, "b": 2, "rest": Variable("many")}, "dev.go(1, 2, *(many))"),
    ],
)
def test_each_argument_is_passed_as_the_signature_asks(arguments, source):
    one = Default("0", 0, known=True)
    parameters = (
        Parameter("a", Anything(), passing="positional"),
        Parameter("b", Anything(), default=one),
        Parameter("rest", Anything(), passing="var_positional"),
        Parameter("c", Anything(), passing="keyword", default=one),
        Parameter("more", Anything(), passing="var_keyword"),
    )
    schema = DeckSchema("d", (Instrument("dev", "m:Dev", methods=(Method("go", parameters),)),))
    given = {name: value if isinstance(value, Variable) else Constant(value) for name, value in arguments.items()}
    step = Action(id="a", instrument="dev", method="go", arguments=given)
    assert f"    {source}\n" in render(Workflow(name="w", script=(step,)), schema)


def act(**more):
    return Action(**{"id": "a", "instrument": "pump", "method": "refill", **more})


@pytest.mark.parametrize(
    ("step", "word"),
    [
        (act(outputs=("what is left",)), "no name in Python"),
        (act(outputs=("class",)), "no name in Python"),
        (act(outputs=("print",)), "no name in Python"),
        (act(outputs=("pump",)), "rename"),
        (act(method="dispense", arguments={"volume_ml": AtRun("volume (mL)")}), "no name in Python"),
        (act(method="dispense", arguments={"volume_ml": Constant("much")}), "number"),
        (act(method="prime", arguments={"ports": Constant(["a"])}), "cycles"),
        (CallWorkflow(id="c", workflow="x", version="0"), "pinned version"),
        (If(id="i", branches=(), on_error=OnError("continue")), "no form"),
    ],
)
def test_what_cannot_be_said_is_refused(step, word):
    with pytest.raises(WorkflowError, match=word):
        render(Workflow(name="w", script=(step,)), SCHEMA)


@pytest.mark.parametrize("name", ["a/b test", "1st", "class", "", "résumé", 'x"""y\\', "run"])
def test_any_workflow_name_gives_a_function(name):
    wf = replace(dose(), name=name, description=name)
    assert calls_of(render(wf, SCHEMA), Bench(), [{"volume": 1.0, "temp": 2.0}])


def test_an_empty_workflow_gives_an_empty_run():
    assert run_generated(render(Workflow(name="w"), SCHEMA), Bench(), 1) == []


def test_without_a_deck_arguments_are_passed_by_name():
    step = act(method="anything", arguments={"x": Constant([1]), "y": AtRun("y")})
    assert "pump.anything(x=[1], y=y)" in render(Workflow(name="w", script=(step,)))


def test_a_message_with_braces_and_quotes_is_kept():
    wf = draft()
    wf.script.variable("n", 3)
    wf.script.add(Input(id="q", message='"{n}" isn\'t #n\\ or #m', name="a"))
    source = render(wf.workflow, SCHEMA)
    ast.parse(source)
    scope = {"n": 3}
    asked = []
    exec(source, {"input": asked.append}, scope)  # noqa: S102 - the file under test
    scope["x"].__globals__["input"] = asked.append
    scope["x"]()
    assert asked == ['"{n}" isn\'t 3\\ or #m']


def test_a_workflow_called_twice_is_one_function():
    inner = draft("inner")
    inner.script.call("pump.dispense", at_run("much"), save="after")
    wf = draft("outer")
    for much in (1, 2):
        wf.script.workflow(inner, much=much, save={"after": f"left{much}"})
    source = render(wf.workflow, SCHEMA)
    assert source.count("def inner(") == 1
    assert 'left2 = inner(pump, much=2.0)["after"]' in source


def test_what_the_prep_of_a_nested_workflow_makes_is_not_there():
    inner = draft("inner")
    inner.prep.variable("base", 1)
    with inner.script.for_each("base", []):
        inner.script.call("pump.refill")
    wf = draft("outer")
    wf.script.variable("base", 2.0)
    wf.script.workflow(inner.workflow)
    workflow = wf.workflow
    call = replace(workflow.script[1], outputs={"base": "base"})
    source = render(replace(workflow, script=(workflow.script[0], call)), SCHEMA)
    assert run_generated(source, Bench()) == [{"base": 2.0}]


def test_a_variable_may_hold_any_constant():
    source = render(Workflow(name="w", script=(SetVariable(id="v", name="v", value=Constant({"a": [None, True, "x"]})),)), SCHEMA)
    assert 'v = {"a": [None, True, "x"]}' in source


def test_a_name_that_python_spells_otherwise_is_given_back_under_its_own():
    wf = draft()
    wf.script.call("eye.measure", "blank", Pulse(5), save=("dose_µL", "b"))
    with wf.script.if_("b > 1e9"):
        wf.script.call("eye.measure", "blank", Pulse(5), save=("later_µL", ""))
    (found,) = run_generated(render(wf.workflow, SCHEMA), Bench(), 1)
    assert set(found) == {"dose_µL", "b"}
    saved = draft()
    saved.prep.get("reactor.temperature", save="before_µL")
    saved.script.set("reactor.temperature", formula("before_µL + 1"))
    assert calls_of(render(saved.workflow, SCHEMA), Bench())[-1] == Noted("reactor.temperature=", (1.0,))

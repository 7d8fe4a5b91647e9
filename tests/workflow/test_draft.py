"""Writing a workflow in Python."""

from __future__ import annotations

import pytest

from ivoryos_jupyter.errors import ExpressionError, UnknownNameError, WorkflowError
from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.schema import LiveReference
from ivoryos_jupyter.testing._bench import Bench, Pulse, Speed
from ivoryos_jupyter.workflow import (
    Action,
    AtRun,
    Branch,
    CallWorkflow,
    Comment,
    Constant,
    Expression,
    ForEach,
    If,
    Input,
    OnError,
    Pause,
    Repeat,
    SetVariable,
    Variable,
    Wait,
    WaitFor,
    WaitUntil,
    While,
    Workflow,
    WorkflowDraft,
    at_run,
    check,
    content_hash,
    formula,
    from_json,
    interface,
    live,
    to_json,
)

BENCH = Bench()
DECK = LiveDeck("bench")
DECK.update(BENCH.instruments)
SCHEMA = DECK.schema()


def name_of(thing):
    return next((name for name, one in BENCH.instruments.items() if one is thing), "")


def draft(name="dose", **more):
    return WorkflowDraft(name, schema=SCHEMA, name_of=name_of, **more)


def dose_and_measure():
    wf = draft(description="Dose, measure twice, refill when low")
    wf.prep.call(BENCH.pump.prime, 2, "a", "b", speed=Speed.FAST)
    left = wf.script.call("pump.dispense", volume_ml=at_run("volume"), rate_ml_min="2", save="left")
    with wf.script.repeat(2):
        wf.script.call("eye.measure", "blank", Pulse(5), save=("a450", "a600"))
    with wf.script.if_("left < 15"):
        wf.script.call(BENCH.pump.refill)
    with wf.script.elif_("left > 100"):
        wf.script.comment("left is #left")
    with wf.script.else_():
        wf.script.variable("low", left)
    wf.script.call("reactor.ramp", at_run("temp"), None)
    wf.cleanup.set("reactor.temperature", 25)
    return wf


def test_a_workflow_reads_as_what_it_does():
    assert dose_and_measure().workflow == Workflow(
        name="dose",
        deck="bench",
        description="Dose, measure twice, refill when low",
        prep=(
            Action(
                id="prep-1",
                instrument="pump",
                method="prime",
                arguments={"cycles": Constant(2), "ports": Constant(["a", "b"]), "speed": Constant("FAST")},
            ),
        ),
        script=(
            Action(
                id="script-2",
                instrument="pump",
                method="dispense",
                arguments={"volume_ml": AtRun("volume"), "rate_ml_min": Constant(2.0)},
                outputs=("left",),
            ),
            Repeat(
                id="script-3",
                times=Constant(2),
                body=(
                    Action(
                        id="script-4",
                        instrument="eye",
                        method="measure",
                        arguments={"sample": Constant("blank"), "pulse": Constant({"length_ms": 5, "power": 1.0})},
                        outputs=("a450", "a600"),
                    ),
                ),
            ),
            If(
                id="script-5",
                branches=(
                    Branch("left < 15", (Action(id="script-6", instrument="pump", method="refill"),)),
                    Branch("left > 100", (Comment(id="script-7", text="left is #left"),)),
                ),
                otherwise=(SetVariable(id="script-8", name="low", value=Variable("left")),),
            ),
            Action(id="script-9", instrument="reactor", method="ramp", arguments={"setpoint": AtRun("temp"), "hold": Constant(None)}),
        ),
        cleanup=dose_and_measure().workflow.cleanup,
    )
    assert dose_and_measure().workflow.cleanup[0].value == Constant(25.0)


def test_the_same_code_gives_the_same_workflow():
    assert content_hash(dose_and_measure().workflow) == content_hash(dose_and_measure().workflow)


def test_what_is_written_has_no_findings():
    assert [one.code for one in check(dose_and_measure().workflow, SCHEMA)] == []


def test_every_kind_of_step_can_be_written():
    wf = draft()
    temperature = wf.script.get("reactor.temperature", save="t", note="before")
    wf.script.wait(1.5, keep_counting=True)
    wf.script.wait_until("06:30")
    wf.script.wait_for("reactor.temperature", "reading < 30", hold_s=5, timeout_s=60.0, save="cold")
    wf.script.pause("put the vial in")
    weight = wf.script.input("weight?", save="weight", type="float", choices=(1.0, 2.0))
    with wf.script.for_each("x", [1, 2]), wf.script.while_("x < t", most=5):
        wf.script.variable("x", formula("x + 1"))
    wf.script.call("pump.dispense", weight, temperature, options={"on_error": OnError("retry", 2), "timeout_s": 3.0})
    kinds = [type(step) for step in wf.workflow.script[1:]]
    assert kinds == [Wait, WaitUntil, WaitFor, Pause, Input, ForEach, Action]
    assert wf.workflow.script[0].note == "before"
    assert isinstance(wf.workflow.script[6].body[0], While)
    assert wf.workflow.script[6].body[0].body[0].value == Expression("x + 1")
    assert wf.workflow.script[7].arguments == {"volume_ml": Variable("weight"), "rate_ml_min": Variable("t")}
    assert (wf.workflow.script[7].on_error, wf.workflow.script[7].timeout_s) == (OnError("retry", 2), 3.0)
    assert from_json(to_json(wf.workflow)) == wf.workflow


def test_a_workflow_is_a_step_of_another():
    inner = draft("aliquot")
    inner.script.call("pump.dispense", at_run("much"), save="after")
    outer = draft("outer")
    left = outer.script.workflow(inner, much="1.5", save={"after": "left"})
    also = outer.script.workflow(inner.workflow, much=left, save="after")
    first, second = outer.workflow.script
    assert isinstance(first, CallWorkflow)
    assert first.arguments == {"much": Constant(1.5)}
    assert (first.outputs, second.outputs) == ({"after": "left"}, {"after": "after"})
    assert (left, also, second.arguments) == (Variable("left"), Variable("after"), {"much": Variable("left")})
    assert outer.workflow.nested == {content_hash(inner.workflow): inner.workflow}
    with pytest.raises(WorkflowError, match=r"much.*needed[\s\S]*makes no before; it makes after"):
        outer.script.workflow(inner, save="before")


def test_live_objects_become_references():
    wf = WorkflowDraft("x", name_of=name_of)
    wf.script.call("handler.pick", tips=live('rack["A1"]'), pumps=[BENCH.pump], where={"r": BENCH.reactor})
    given = wf.workflow.script[0].arguments
    assert given == {
        "tips": Constant(LiveReference('rack["A1"]')),
        "pumps": Constant([LiveReference("pump")]),
        "where": Constant({"r": LiveReference("reactor")}),
    }


def test_without_a_deck_everything_is_taken_by_name():
    wf = WorkflowDraft("x")
    wf.script.call("anything.at_all", speed="fast", count=3)
    assert wf.workflow.script[0].arguments == {"speed": Constant("fast"), "count": Constant(3)}
    with pytest.raises(WorkflowError, match="by name"):
        wf.script.call("anything.at_all", 3)


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (lambda wf: wf.script.call("pump.dispense", volume="1,5", rate_ml_min="fast"), ["volume_ml", "rate_ml_min", "did you mean"]),
        (lambda wf: wf.script.call("pump.dispense", 1, volume_ml=2), ["twice"]),
        (lambda wf: wf.script.call("pump.refill", 1), ["by position"]),
        (lambda wf: wf.script.call("pump.prime", 1, speed="MEDIUM"), ["SLOW, FAST"]),
        (lambda wf: wf.script.call(print, "x"), ["method"]),
        (lambda wf: wf.script.call(Bench().pump.refill), ["no method of an instrument"]),
        (lambda wf: wf.script.set("reactor.temperature", "warm"), ["reactor.temperature", "number"]),
        (lambda wf: wf.script.variable("x", object()), ["value"]),
    ],
)
def test_everything_wrong_with_a_step_is_said_when_it_is_added(write, words):
    wf = draft()
    with pytest.raises((WorkflowError, UnknownNameError)) as caught:
        write(wf)
    assert all(word in str(caught.value) for word in words)
    assert wf.workflow.script == ()


@pytest.mark.parametrize("target", ["pmup.dispense", "pump.dispens", "nothing"])
def test_an_unknown_target_is_refused_with_the_closest(target):
    with pytest.raises(UnknownNameError, match=r"did you mean pump\.dispense|there is"):
        draft().script.call(target, volume_ml=1)


def test_a_property_that_is_called_and_a_method_that_is_read_name_the_step_that_works():
    with pytest.raises(
        UnknownNameError, match=r'reactor\.temperature is a property, no method: write get\("reactor\.temperature", save="…"\)'
    ):
        draft().script.call("reactor.temperature", 3)
    with pytest.raises(UnknownNameError, match=r'pump\.dispense is a method, no property: write call\("pump\.dispense", …\)'):
        draft().script.get("pump.dispense", save="left")
    with pytest.raises(UnknownNameError, match="is a method, no property"):
        draft().script.set("pump.dispense", 3)


def test_a_bad_condition_is_refused_at_once():
    with pytest.raises(ExpressionError):
        draft().script.if_("left = 3")


@pytest.mark.parametrize("write", [lambda phase: phase.else_(), lambda phase: phase.elif_("1 < 2")])
def test_an_else_stands_right_after_an_if(write):
    wf = draft()
    wf.script.comment("x")
    with pytest.raises(WorkflowError, match="right after"), write(wf.script):
        pass


def test_a_block_that_fails_is_forgotten():
    wf = draft()

    def fail_within():
        with wf.script.repeat(2):
            wf.script.comment("inside")
            wf.script.call("pump.nope")

    with pytest.raises(UnknownNameError):
        fail_within()
    wf.script.comment("after")
    assert [type(step) for step in wf.workflow.script] == [Comment]


def test_a_draft_goes_on_from_a_workflow():
    wf = draft("more", start=dose_and_measure().workflow)
    wf.script.comment("one more")
    assert len(wf.workflow.script) == 5
    assert wf.workflow.name == "more"
    assert check(wf.workflow, SCHEMA) == []


def test_the_interface_has_kinds_units_and_order():
    face = interface(dose_and_measure().workflow, SCHEMA)
    assert [(one.name, one.kind.tag, one.required) for one in face.inputs] == [("volume", "number", True), ("temp", "number", True)]
    assert [(one.name, one.kind.tag) for one in face.outputs] == [
        ("left", "number"),
        ("a450", "number"),
        ("a600", "number"),
        ("low", "anything"),
    ]
    assert face.used_by == {"volume": ("script-2",), "temp": ("script-9",)}


def test_inputs_are_found_in_formulas_and_conditions_too():
    wf = draft()
    wf.declare("bare", "int | None")
    wf.script.variable("x", formula("#a + bare + 'no #b'"))
    with wf.script.if_("#c > x and a < 2"):
        wf.script.comment("no #d")
    face = interface(wf.workflow, SCHEMA)
    assert [(one.name, one.kind.tag, one.required) for one in face.inputs] == [
        ("a", "anything", True),
        ("bare", "nullable", False),
        ("c", "anything", True),
    ]
    assert face.convert_row({"a": 1, "c": "x"}, text=False) == {"a": 1, "bare": None, "c": "x"}

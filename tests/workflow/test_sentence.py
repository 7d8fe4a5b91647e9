"""A step reads as a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from ivoryos_jupyter.schema import DeckSchema, EnumChoice, EnumMember, Instrument, LiveReference, Method, Number, Parameter, Property
from ivoryos_jupyter.testing._strategies import steps
from ivoryos_jupyter.workflow import (
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
    Pause,
    Repeat,
    SetProperty,
    SetVariable,
    Variable,
    Wait,
    WaitFor,
    WaitUntil,
    While,
    sentence,
)

SCHEMA = DeckSchema(
    "bench",
    (
        Instrument(
            "pump",
            "m:Pump",
            methods=(
                Method(
                    "dispense",
                    (Parameter("volume_ml", Number(), unit="mL"), Parameter("mode", EnumChoice("m:Mode", (EnumMember("FAST", "fast"),)))),
                ),
            ),
            properties=(Property("rate", Parameter("value", Number(), unit="mL/min"), settable=True),),
        ),
    ),
)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (
            Action(
                id="1",
                instrument="pump",
                method="dispense",
                arguments={"volume_ml": AtRun("volume"), "mode": Constant("FAST")},
                outputs=("left", ""),
            ),
            "pump: dispense, volume_ml = #volume mL, mode = FAST → left, –",
        ),
        (Action(id="1", instrument="pump", method="dispense", arguments={"volume_ml": Constant(2.0)}), "pump: dispense, volume_ml = 2 mL"),
        (Action(id="1", instrument="x", method="y", arguments={"z": Constant("a"), "n": Constant(None)}), "x: y, z = “a”, n = None"),
        (Action(id="1", instrument="x", method="y", arguments={"z": Constant(LiveReference('p["A1"]'))}), 'x: y, z = p["A1"]'),
        (CallBlock(id="1", block="rinse", arguments={"times": Variable("n")}), "rinse, times = n"),
        (
            CallWorkflow(id="1", workflow="wash", version="0", arguments={"v": Expression("a + 1")}, outputs={"x": "y"}),
            "Run wash, v = (a + 1) → y",
        ),
        (GetProperty(id="1", instrument="pump", property="rate", outputs=("r",)), "Read pump.rate → r"),
        (SetProperty(id="1", instrument="pump", property="rate", value=Constant(1.5)), "Set pump.rate to 1.5 mL/min"),
        (SetProperty(id="1", instrument="pump", property="rate", value=Constant(None)), "Set pump.rate to … mL/min"),
        (SetProperty(id="1", instrument="pump", property="guess", value=Constant(None)), "Set pump.guess to None"),
        (If(id="1", branches=(Branch("a < 1"), Branch("b"))), "If a < 1, else if b"),
        (If(id="1", branches=(Branch(""),)), "If …"),
        (Repeat(id="1", times=Constant(None)), "Repeat … times"),
        (Wait(id="1", seconds=Constant(None)), "Wait … s"),
        (WaitUntil(id="1", time=""), "Wait until …"),
        (WaitFor(id="1", instrument="", property="", condition=""), "Wait until …: …"),
        (Input(id="1", message="", name="w", type="float"), "Ask: … → w (float)"),
        (While(id="1", condition="a < 1", most=5), "While a < 1, at most 5 times"),
        (Repeat(id="1", times=Constant(2)), "Repeat 2 times"),
        (ForEach(id="1", item="x", items=AtRun("xs")), "For each x in #xs"),
        (Wait(id="1", seconds=Constant(5400)), "Wait 1 h 30 min"),
        (Wait(id="1", seconds=Constant(0.5)), "Wait 0.5 s"),
        (Wait(id="1", seconds=AtRun("t")), "Wait #t s"),
        (WaitUntil(id="1", time="06:30"), "Wait until 06:30"),
        (
            WaitFor(id="1", instrument="pump", property="rate", condition="reading < 3", hold_s=60, timeout_s=90.0, outputs=("r",)),
            "Wait until pump.rate: reading < 3 for 1 min, at most 1 min 30 s → r",
        ),
        (Comment(id="1", text="done\nwith #x"), "done with #x"),
        (Pause(id="1", message="put it in"), "Pause: put it in"),
        (Input(id="1", message="weight?", name="w", type="float"), "Ask: weight? → w (float)"),
        (Input(id="1", message="how much?", name="v", type="float", unit="mL", maximum=10.0), "Ask: how much? → v (float at most 10 mL)"),
        (SetVariable(id="1", name="x", value=Constant([1, 2])), "x = [1, 2]"),
        (SetVariable(id="1", name="x", value=Constant("y" * 200)), f"x = “{'y' * 58}…"),
    ],
)
def test_a_step_reads_as_a_sentence(step, words):
    assert sentence(step, SCHEMA) == words


@given(steps)
@settings(max_examples=60, deadline=None)
def test_every_step_has_a_sentence_of_one_line(step):
    assert "\n" not in sentence(step, SCHEMA)

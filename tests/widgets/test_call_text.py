"""Does a call read as the Python that makes it?"""

from __future__ import annotations

import pytest

from ivoryos_jupyter.schema import (
    Anything,
    Default,
    DictOf,
    EnumChoice,
    EnumMember,
    Integer,
    ListOf,
    LiveReference,
    Nullable,
    Number,
    OneOf,
    Parameter,
    Property,
    Record,
    Special,
    Temporal,
    Text,
    TupleOf,
)
from ivoryos_jupyter.widgets._call_text import call_text, value_text

MODE = EnumChoice("lab:Reactor.Mode", (EnumMember("HEAT", "1"),))
CHARGE = Record("lab:Charge", (Parameter("mass", Number()), Parameter("mode", MODE)))


@pytest.mark.parametrize(
    ("kind", "plain", "text"),
    [
        (Number(), 2.5, "2.5"),
        (Number(nonfinite=True), float("inf"), 'float("inf")'),
        (Text(), "it's", '"it\'s"'),
        (Nullable(Text()), None, "None"),
        (MODE, "HEAT", "Reactor.Mode.HEAT"),
        (ListOf(MODE), ["HEAT"], "[Reactor.Mode.HEAT]"),
        (ListOf(Integer(), "set"), [1, 2], "{1, 2}"),
        (ListOf(Integer(), "set"), [], "set([])"),
        (ListOf(Integer(), "tuple"), [1], "(1,)"),
        (ListOf(Text(), "frozenset"), ["a"], "frozenset(['a'])"),
        (TupleOf((Number(), Text())), [1.0, "a"], "(1.0, 'a')"),
        (DictOf(Integer(), Number()), {"1": 2.0}, "{1: 2.0}"),
        (CHARGE, {"mass": 3.0, "mode": "HEAT"}, "Charge(mass=3.0, mode=Reactor.Mode.HEAT)"),
        (Temporal("timedelta"), 90.0, "timedelta(seconds=90)"),
        (Temporal("date"), "2026-11-22", "date.fromisoformat('2026-11-22')"),
        (Special("path"), "a/b", "Path('a/b')"),
        (Special("ndarray"), [[1.0], [2.0]], "np.array([[1.0], [2.0]])"),
        (OneOf((Integer(), Text())), "5", "'5'"),
        (Anything(), LiveReference('plate["A1"]'), 'plate["A1"]'),
        (Anything(), {"a": [1, None]}, "{'a': [1, None]}"),
    ],
)
def test_a_value_reads_as_the_python_that_makes_it(kind, plain, text):
    assert value_text(kind, plain) == text


def test_arguments_are_passed_as_the_signature_asks():
    parameters = (
        Parameter("a", Number(), "positional"),
        Parameter("more", Number(), "var_positional"),
        Parameter("b", Number(), default=Default("1.0")),
        Parameter("rest", Text(), "var_keyword"),
    )
    arguments = {"a": 1.0, "more": [2.0, 3.0], "rest": {"x": "y"}}
    assert call_text("pump", "go", "call", arguments, parameters) == "pump.go(1.0, 2.0, 3.0, x='y')"
    assert call_text("blocks", "double", "call", {}, ()) == "double()"
    assert call_text("pump", "rate", "get", {}, ()) == "pump.rate"
    assert call_text("pump", "rate", "set", {"value": 2.0}, (Parameter("value", Number()),)) == "pump.rate = 2.0"
    assert call_text("pump", "rate", "set", {}, ()) == "pump.rate = …"


def test_a_value_for_which_the_library_keeps_an_object_reads_as_its_verbs():
    value = Parameter("value", Number())
    gate, velocity = Property("ch1", value, access="signal"), Property("velocity", value, access="awaited")
    assert call_text("dac", "ch1", "set", {"value": 2.0}, (value,), gate) == "dac.ch1.set(2.0)"
    assert call_text("dac", "ch1", "get", {}, (), gate) == "dac.ch1.get()"
    assert call_text("motor", "velocity", "set", {}, (value,), velocity) == "await motor.velocity.set(…)"
    assert call_text("motor", "velocity", "get", {}, (), velocity) == "await motor.velocity.get_value()"

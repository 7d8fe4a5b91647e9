"""Properties from Python: read and set as a panel does, and what is said when one is called."""

from __future__ import annotations

import pytest

import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.errors import ConversionError, LimitError, UnknownNameError
from ivoryos_jupyter.session import current_session
from ivoryos_jupyter.testing import Pump, Reactor


@pytest.fixture
def names():
    return {"pump": Pump(time_scale=0), "reactor": Reactor(time_scale=0)}


@pytest.fixture
def session(names, tmp_path):
    ivoryos.start(names, tmp_path, operator="ada")
    yield current_session()
    ivoryos.stop()


def test_a_property_is_read_and_set_from_python_converted_checked_and_recorded(session, names):
    ivoryos.set_property("reactor.temperature", "61.5").result(30)
    assert names["reactor"].temperature == 61.5
    assert ivoryos.get_property("reactor.temperature").result(30) == 61.5
    with pytest.raises(ConversionError, match="value"):
        ivoryos.set_property("pump.flow_rate", "fast")
    ivoryos.limits.save(ivoryos.Limit("pump", "flow_rate_(setter)", "value", maximum=10))
    with pytest.raises(LimitError, match="flow_rate"):
        ivoryos.set_property("pump.flow_rate", 11)
    session.pipeline.clerk.close()
    rows = ivoryos.history.single_steps()[["method", "status", "origin", "operator"]].to_numpy().tolist()
    assert rows == [
        ["temperature_(setter)", "done", "python", "ada"],
        ["temperature", "done", "python", "ada"],
        ["flow_rate_(setter)", "failed", "python", "ada"],
    ]


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (
            lambda: ivoryos.call("pump.flow_rate", 3),
            UnknownNameError,
            (
                r'pump\.flow_rate is a property, no method: ivoryos\.get_property\("pump\.flow_rate"\) reads it, '
                r'ivoryos\.set_property\("pump\.flow_rate", …\) sets it'
            ),
        ),
        (
            lambda: ivoryos.call("reactor.mode"),
            UnknownNameError,
            r'reactor\.mode is a property, no method: ivoryos\.get_property\("reactor\.mode"\) reads it$',
        ),
        (lambda: ivoryos.set_property("reactor.mode", 3), UnknownNameError, "can be read, but not set"),
        (lambda: ivoryos.get_property("pump.dispense"), UnknownNameError, "is a method, no property: it is called"),
        (lambda: ivoryos.set_property("pump.flow_rat", 3), UnknownNameError, "did you mean 'flow_rate'"),
        (
            lambda: ivoryos.call(str.upper, 3),
            UnknownNameError,
            "upper is neither a method of an instrument of this deck nor a building block; write",
        ),
        (lambda: ivoryos.set_property(3.0, 3), ConversionError, "write the property as text.*float"),
    ],
)
def test_a_property_that_is_called_and_a_method_that_is_read_name_the_way_that_works(session, ask, error, words):
    with pytest.raises(error, match=words):
        ask()


def test_an_instrument_is_pinned_by_name_or_as_itself_and_nothing_else_is(session, names):
    ivoryos.pin("pump", "own")
    assert session.executor.place_of(names["pump"]) == "own"
    ivoryos.pin(names["pump"], "worker")
    assert session.executor.place_of(names["pump"]) == "worker"
    with pytest.raises(UnknownNameError, match="pump"):
        ivoryos.pin("pmup")
    with pytest.raises(ConversionError, match="main, own, worker"):
        ivoryos.pin(names["pump"], "mian")
    assert session.executor.place_of(names["pump"]) == "worker"


def test_a_limit_that_would_protect_nothing_on_the_deck_is_refused(session):
    with pytest.raises(ConversionError, match="did you mean flow_rate"):
        ivoryos.limits.save(ivoryos.Limit("pump", "flowrate_(setter)", "value", maximum=10))

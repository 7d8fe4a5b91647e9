"""QCoDeS, on its own mock instruments."""

# ruff: noqa: PLC0415 - the library warns when it is imported, which the filter of a test quiets
from __future__ import annotations

import pytest

from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.introspect import LiveDeck, describe
from ivoryos_jupyter.schema import Integer, LiteralChoice, Number, Text

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def qcodes_instruments():
    from qcodes.instrument import Instrument
    from qcodes.instrument_drivers.mock_instruments import DummyChannelInstrument, DummyInstrument
    from qcodes.validators import Enum, Ints

    Instrument.close_all()  # a page of the documentation makes some of these names, too
    dac = DummyInstrument("dac", gates=["ch1", "ch2"])
    reads = []
    dac.add_parameter("level", get_cmd=lambda: reads.append("level") or 3, set_cmd=reads.append, vals=Ints(0, 5), unit="dB")
    dac.add_parameter("mode", get_cmd=None, set_cmd=None, val_mapping={"fast": 1, "slow": 2}, initial_value="fast")
    dac.add_parameter("range", get_cmd=None, set_cmd=None, vals=Enum(1, 10, 100))
    dac.add_function("trip", call_cmd=lambda value: reads.append(("trip", value)), args=[Ints(0, 3)])
    channels = DummyChannelInstrument("chan")
    yield dac, channels, reads
    Instrument.close_all()


def test_parameters_become_properties_with_unit_and_limits(qcodes_instruments):
    dac, _, reads = qcodes_instruments
    found = describe(dac, "dac")
    assert found.adapter == "qcodes"
    assert found.property("ch1").value.kind == Number(-800, 400)
    assert found.property("ch1").value.unit == "V"
    assert found.property("level").value.kind == Integer(0, 5)
    assert found.property("level").value.unit == "dB"
    assert found.property("mode").value.kind == LiteralChoice(("fast", "slow"))
    assert found.property("range").value.kind == LiteralChoice((1, 10, 100))
    assert not found.property("IDN").settable
    assert reads == []


def test_parameters_are_no_methods_and_no_sub_instruments(qcodes_instruments):
    dac, _, _ = qcodes_instruments
    found = describe(dac, "dac")
    assert found.method("ch1") is None
    assert found.children == ()


def test_parameters_are_got_and_set_through_members(qcodes_instruments):
    dac, _, reads = qcodes_instruments
    deck = LiveDeck()
    deck.update({"dac": dac})
    assert deck.member("dac", "level", "get").target() == 3
    setter = deck.member("dac", "ch1", "set")
    args, kwargs = setter.live_arguments({"value": 1.5}, deck.resolve)
    setter.target(*args, **kwargs)
    assert dac.ch1() == 1.5
    assert reads == ["level"]
    with pytest.raises(UnknownNameError, match="can be read, but not set"):
        deck.member("dac", "IDN", "set")


def test_functions_are_methods_with_the_kinds_of_their_validators(qcodes_instruments):
    dac, _, reads = qcodes_instruments
    deck = LiveDeck()
    deck.update({"dac": dac})
    trip = deck.member("dac", "trip", "call")
    assert trip.method.parameters[0].kind == Integer(0, 3)
    args, kwargs = trip.live_arguments({"argument_1": 2}, deck.resolve)
    trip.target(*args, **kwargs)
    assert reads == [("trip", 2)]


def test_channels_are_sub_instruments_once_each(qcodes_instruments):
    _, channels, _ = qcodes_instruments
    deck = LiveDeck()
    deck.update({"chan": channels})
    paths = [one.name for one in deck.schema().instruments]
    assert paths == ["chan", *(f"chan.{letter}" for letter in "ABCDEF")]
    assert deck.instrument("chan.A").property("temperature").value.unit == "K"
    deck.member("chan.A", "temperature", "set").target(12.5)
    assert deck.member("chan.A", "temperature", "get").target() == 12.5
    assert deck.instrument("chan.A").property("dummy_text").value.kind == Text()


def test_the_machinery_of_the_base_class_is_folded(qcodes_instruments):
    dac, _, _ = qcodes_instruments
    found = describe(dac, "dac")
    assert found.method("add_parameter").folded
    assert not found.method("ask").folded


def test_a_parameter_by_itself_is_an_instrument_with_a_value():
    from qcodes.parameters import Parameter
    from qcodes.validators import Numbers

    deck = LiveDeck()
    deck.update({"bias": Parameter("bias", get_cmd=None, set_cmd=None, unit="V", vals=Numbers(0, 1), initial_value=0.25)})
    assert deck.instrument("bias").property("value").value.kind == Number(0, 1)
    assert deck.member("bias", "value", "get").target() == 0.25

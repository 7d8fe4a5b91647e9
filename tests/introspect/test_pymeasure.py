"""PyMeasure, on its fakes and on a real driver behind a fake adapter."""

# ruff: noqa: PLC0415 - the library warns when it is imported, which the filter of a test quiets
from __future__ import annotations

import pytest

from ivoryos_jupyter.introspect import LiveDeck, describe
from ivoryos_jupyter.schema import Boolean, Integer, LiteralChoice, Number

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def instrument():
    from pymeasure.adapters import ProtocolAdapter
    from pymeasure.instruments import Channel, Instrument
    from pymeasure.instruments.validators import strict_discrete_set, strict_range

    class Output(Channel):
        level = Channel.control("L{ch}?", "L{ch} %g", "Control the level in V.", validator=strict_range, values=(0, 10))

    class Supply(Instrument):
        ch_1 = Instrument.ChannelCreator(Output, 1)
        ch_2 = Instrument.ChannelCreator(Output, 2)
        current = Instrument.control("I?", "I %g", "Control the current (A).", validator=strict_range, values=(0, 2), dynamic=True)
        mode = Instrument.control("M?", "M %s", "The mode.", validator=strict_discrete_set, values={"cv": 1, "cc": 2}, map_values=True)
        on = Instrument.control("O?", "O %d", "The output.", validator=strict_discrete_set, values={True: 1, False: 0}, map_values=True)
        count = Instrument.measurement("N?", "Get the count.", cast=int)
        reset_at = Instrument.setting("R %d", "Set the reset.", validator=strict_range, values=(1, 5))

    adapter = ProtocolAdapter([(b"I?", b"1.5"), (b"I 0.5", None), (b"L2 3", None), (b"L2?", b"3")])
    return Supply(adapter, "Supply", includeSCPI=False), adapter


def test_allowed_values_are_bounds_or_choices(instrument):
    found = describe(instrument[0], "supply")
    assert found.adapter == "pymeasure"
    assert found.property("current").value.kind == Number(0, 2)
    assert found.property("current").value.unit == "A"
    assert found.property("mode").value.kind == LiteralChoice(("cv", "cc"))
    assert found.property("on").value.kind == Boolean()
    assert found.property("count").value.kind == Integer()


def test_a_measurement_cannot_be_set_and_a_setting_not_read(instrument):
    found = describe(instrument[0], "supply")
    assert (found.property("count").readable, found.property("count").settable) == (True, False)
    assert (found.property("reset_at").readable, found.property("reset_at").settable) == (False, True)


def test_dynamic_limits_of_the_instance_count(instrument):
    supply, _ = instrument
    supply.current_values = (0, 1)
    assert describe(supply, "supply").property("current").value.kind == Number(0, 1)


def test_inspection_sends_nothing_and_members_talk(instrument):
    supply, adapter = instrument
    deck = LiveDeck()
    deck.update({"supply": supply})
    assert adapter._index == 0
    assert deck.member("supply", "current", "get").target() == 1.5
    setter = deck.member("supply", "current", "set")
    assert [one.name for one in setter.method.parameters] == ["value"]
    args, kwargs = setter.live_arguments({"value": 0.5}, deck.resolve)
    setter.target(*args, **kwargs)
    deck.member("supply.ch_2", "level", "set").target(3)
    assert deck.member("supply.ch_2", "level", "get").target() == 3


def test_channels_are_sub_instruments_once_each(instrument):
    deck = LiveDeck()
    deck.update({"supply": instrument[0]})
    assert [one.name for one in deck.schema().instruments] == ["supply", "supply.ch_1", "supply.ch_2"]
    assert deck.instrument("supply.ch_1").property("level").value.unit == "V"


def test_a_real_driver_is_typed_by_its_validators():
    from pymeasure.adapters import ProtocolAdapter
    from pymeasure.instruments.srs import SR830

    found = describe(SR830(ProtocolAdapter([])), "lockin")
    assert found.property("phase").value.kind == Number(-360, 729.99)
    assert isinstance(found.property("input_coupling").value.kind, LiteralChoice)


def test_fakes_are_described_without_waiting_for_them():
    from pymeasure.instruments.fakes import SwissArmyFake

    found = describe(SwissArmyFake(), "fake")
    assert found.property("voltage").readable
    assert found.method("control").folded

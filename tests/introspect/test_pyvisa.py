"""PyVISA, on pyvisa-sim."""

# ruff: noqa: PLC0415 - the library warns when it is imported, which the filter of a test quiets
from __future__ import annotations

import pytest

from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.schema import Boolean, EnumChoice, Integer, Nullable, Number

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def visa_deck():
    import pyvisa

    manager = pyvisa.ResourceManager("@sim")
    resource = manager.open_resource("ASRL1::INSTR", read_termination="\n", write_termination="\r\n")
    asked = []
    kept = resource.visalib.get_attribute
    resource.visalib.get_attribute = lambda *args: asked.append(args) or kept(*args)
    deck = LiveDeck()
    deck.update({"supply": resource})
    yield deck, asked
    resource.close()
    manager.close()


def test_attributes_are_typed_and_not_read(visa_deck):
    deck, asked = visa_deck
    found = deck.instrument("supply")
    assert found.adapter == "pyvisa"
    assert isinstance(found.property("parity").value.kind, EnumChoice)
    assert isinstance(found.property("baud_rate").value.kind, Integer)
    assert found.property("discard_null").value.kind == Boolean()
    assert found.property("timeout").value.kind == Nullable(Number(minimum=0))
    assert found.property("timeout").value.unit == "ms"
    assert not found.property("bytes_in_buffer").settable
    assert asked == []


def test_query_and_write_work_through_members(visa_deck):
    deck, _ = visa_deck
    query = deck.member("supply", "query", "call")
    args, kwargs = query.live_arguments({"message": "?IDN"}, deck.resolve)
    assert "LSG" in query.target(*args, **kwargs)


def test_an_attribute_is_set_as_its_enum(visa_deck):
    import pyvisa

    deck, _ = visa_deck
    parity = deck.member("supply", "parity", "set")
    args, kwargs = parity.live_arguments({"value": "even"}, deck.resolve)
    assert args == (pyvisa.constants.Parity.even,) or kwargs == {"value": pyvisa.constants.Parity.even}
    deck.member("supply", "timeout", "set").target(500)
    assert deck.member("supply", "timeout", "get").target() == 500


def test_the_machinery_is_folded_and_the_library_is_no_sub_instrument(visa_deck):
    deck, _ = visa_deck
    found = deck.instrument("supply")
    assert found.method("install_handler").folded
    assert not found.method("query").folded
    assert found.children == ()

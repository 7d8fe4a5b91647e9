"""PyLabRobot, with a LiquidHandler on the chatterbox backend."""

# ruff: noqa: PLC0415 - the library warns when it is imported, which the filter of a test quiets
from __future__ import annotations

import asyncio

import pytest

from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.schema import ListOf, Live, LiveReference

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def handler_deck():
    from pylabrobot.liquid_handling import LiquidHandler
    from pylabrobot.liquid_handling.backends import LiquidHandlerChatterboxBackend
    from pylabrobot.resources import PLT_CAR_L5AC_A00, TIP_CAR_480_A00, Cor_96_wellplate_360ul_Fb, hamilton_96_tiprack_1000uL_filter
    from pylabrobot.resources.hamilton import STARLetDeck

    lh = LiquidHandler(LiquidHandlerChatterboxBackend(), deck=STARLetDeck())
    tips_carrier, plate_carrier = TIP_CAR_480_A00(name="tip carrier"), PLT_CAR_L5AC_A00(name="plate carrier")
    tips_carrier[0] = tips = hamilton_96_tiprack_1000uL_filter(name="tips")
    plate_carrier[0] = plate = Cor_96_wellplate_360ul_Fb(name="plate")
    lh.deck.assign_child_resource(tips_carrier, rails=3)
    lh.deck.assign_child_resource(plate_carrier, rails=15)
    deck = LiveDeck()
    deck.update({"lh": lh, "tips": tips, "plate": plate})
    return deck


def test_wells_and_tips_are_live_arguments(handler_deck):
    found = handler_deck.instrument("lh")
    assert found.adapter == "pylabrobot"
    kind = found.method("pick_up_tips").parameter("tip_spots").kind
    assert kind == ListOf(Live("pylabrobot.resources.tip_rack:TipSpot"))


def test_the_resource_machinery_is_folded_away(handler_deck):
    found = handler_deck.instrument("lh")
    assert found.method("get_absolute_location").folded
    assert not found.method("aspirate").folded
    assert found.method("aspirate").coroutine
    assert [one.path for one in handler_deck.instrument("plate").children] == []
    assert (found.connection.connect, found.connection.close, found.connection.is_connected) == ("setup", "stop", "setup_finished")


def test_tips_are_picked_up_and_a_well_is_aspirated_through_members(handler_deck, capsys):
    def call(name, plain):
        member = handler_deck.member("lh", name, "call")
        assert member.is_coroutine
        args, kwargs = member.live_arguments(plain, handler_deck.resolve)
        return member.target(*args, **kwargs)

    async def work():
        await call("setup", {})
        await call("pick_up_tips", {"tip_spots": LiveReference('tips["A1"]')})
        handler_deck.resolve('plate["A1"]')[0].tracker.set_volume(100)
        await call("aspirate", {"resources": LiveReference('plate["A1"]'), "vols": [50]})
        await call("stop", {})

    asyncio.run(work())
    assert "aspirat" in capsys.readouterr().out.lower()

"""ophyd-async, on its simulated motor."""

# ruff: noqa: PLC0415 - the library warns when it is imported, which the filter of a test quiets
from __future__ import annotations

import asyncio

import pytest

from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.schema import Number

pytestmark = pytest.mark.filterwarnings("ignore")


def run(make):
    async def main():
        from ophyd_async.sim import SimMotor

        motor = SimMotor(name="motor", instant=True)
        await motor.connect()
        deck = LiveDeck()
        deck.update({"motor": motor})
        return await make(deck)

    return asyncio.run(main())


def test_signals_are_awaited_properties_with_unit_and_kind():
    async def look(deck):
        signal = deck.member("motor", "set", "call").owner.user_readback
        (said,) = (await signal.describe()).values()
        return deck.instrument("motor"), deck.member("motor", "velocity", "get").is_coroutine, said.get("units", "")

    found, awaited, unit = run(look)
    assert found.adapter == "ophyd-async"
    assert found.property("user_readback").value.kind == Number()
    assert found.property("user_readback").value.unit == unit
    assert not found.property("user_readback").settable
    assert found.property("velocity").settable
    assert awaited


def test_a_movement_is_awaited_and_typed_by_the_signal_it_moves():
    async def move(deck):
        member = deck.member("motor", "set", "call")
        target = member.method.parameters[0].name
        args, kwargs = member.live_arguments({target: 1.25}, deck.resolve)
        await member.target(*args, **kwargs)
        return member, await deck.member("motor", "user_readback", "get").target()

    member, position = run(move)
    assert member.is_coroutine
    assert member.method.parameters[0].kind == Number()
    assert position == 1.25


def test_a_signal_is_set_and_read_back():
    async def change(deck):
        await deck.member("motor", "velocity", "set").target(2.0)
        return await deck.member("motor", "velocity", "get").target()

    assert run(change) == 2.0

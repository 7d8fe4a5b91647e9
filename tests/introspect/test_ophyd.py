"""ophyd, on its simulated devices."""

# ruff: noqa: PLC0415 - the library warns when it is imported, which the filter of a test quiets
from __future__ import annotations

import threading

import pytest

from ivoryos_jupyter.errors import CallTimeoutError
from ivoryos_jupyter.introspect import LiveDeck, describe
from ivoryos_jupyter.schema import Number

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def ophyd_deck():
    from ophyd import Component, Device, Signal
    from ophyd.sim import SynAxis, SynGauss
    from ophyd.status import DeviceStatus

    class Slow(Device):
        speed = Component(Signal, value=2.5)

        def set(self, value):
            self.asked = value
            self.status = DeviceStatus(self)
            return self.status

    class Table(Device):
        x = Component(SynAxis, name="x")
        gain = Component(Signal, value=1.0)

    axis = SynAxis(name="axis")
    deck = LiveDeck()
    deck.update({"axis": axis, "table": Table(name="table"), "slow": Slow(name="slow"), "counter": SynGauss("counter", axis, "axis", 0, 1)})
    return deck


def test_signals_are_properties_and_devices_sub_instruments(ophyd_deck):
    table = ophyd_deck.instrument("table")
    assert table.adapter == "ophyd"
    assert table.property("gain").value.kind == Number()
    assert table.property("gain").settable
    assert [one.path for one in table.children] == [".x"]
    assert not ophyd_deck.instrument("table.x").property("readback").settable


def test_inspection_reads_no_signal():
    from ophyd import Component, Device, Signal

    reads = []

    class Counted(Signal):
        def get(self, **kwargs):
            reads.append(self.name)
            return super().get(**kwargs)

        def read(self):
            reads.append(self.name)
            return super().read()

    class Box(Device):
        one = Component(Counted, value=1)

    box = Box(name="box")
    reads.clear()
    describe(box, "box")
    assert reads == []


def test_set_waits_until_it_is_done(ophyd_deck):
    move = ophyd_deck.member("axis", "set", "call")
    args, kwargs = move.live_arguments({"value": 3}, ophyd_deck.resolve)
    status = move.target(*args, **kwargs)
    assert status.done
    assert ophyd_deck.member("axis", "readback", "get").target() == 3


def test_trigger_and_read_work_through_members(ophyd_deck):
    status = ophyd_deck.member("counter", "trigger", "call").target()
    assert status.done
    assert "counter" in ophyd_deck.member("counter", "read", "call").target()


def test_a_movement_that_takes_too_long_is_a_timeout_that_says_what_to_do(ophyd_deck):
    move = ophyd_deck.member("slow", "set", "call")
    args, kwargs = move.live_arguments({"value": 1, "wait_timeout_s": 0.01}, ophyd_deck.resolve)
    with pytest.raises(CallTimeoutError, match="wait longer"):
        move.target(*args, **kwargs)
    device = ophyd_deck.resolve("slow")
    device.status.set_finished()
    device.status.wait(1)


def test_a_movement_that_ends_while_waited_for_is_done(ophyd_deck):
    move = ophyd_deck.member("slow", "set", "call")
    ended = threading.Thread(target=move.target, args=(7,))
    ended.start()
    device = ophyd_deck.resolve("slow")
    while not hasattr(device, "status"):
        threading.Event().wait(0.001)
    device.status.set_finished()
    ended.join(30)
    assert not ended.is_alive()


def test_a_signal_is_set_like_a_property(ophyd_deck):
    ophyd_deck.member("table", "gain", "set").target(4.5)
    assert ophyd_deck.member("table", "gain", "get").target() == 4.5

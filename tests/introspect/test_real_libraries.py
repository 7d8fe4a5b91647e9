"""Of real driver libraries nothing is dropped without a reason, and importing us imports none of them."""

# ruff: noqa: PLC0415 - the libraries warn when they are imported, which the filter of a test quiets
from __future__ import annotations

import subprocess
import sys

import pytest

from ivoryos_jupyter.introspect import LiveDeck, describe
from ivoryos_jupyter.schema import deck_from_json, to_json

pytestmark = pytest.mark.filterwarnings("ignore")


def qcodes_channel():
    from qcodes.instrument import Instrument
    from qcodes.instrument_drivers.mock_instruments import DummyChannelInstrument

    Instrument.close_all()
    return DummyChannelInstrument("whole")


def ophyd_axis():
    from ophyd.sim import SynAxis

    return SynAxis(name="axis")


def ophyd_epics_motor():
    from ophyd import EpicsMotor
    from ophyd.sim import make_fake_device

    return make_fake_device(EpicsMotor)("NO:SUCH:MOTOR", name="motor")


def ophyd_async_motor():
    import asyncio

    from ophyd_async.sim import SimMotor

    async def make():
        return SimMotor(name="motor", instant=True)

    return asyncio.run(make())


def pymeasure_driver():
    from pymeasure.adapters import ProtocolAdapter
    from pymeasure.instruments.srs import SR830

    return SR830(ProtocolAdapter([]))


def pyvisa_resource():
    import pyvisa

    return pyvisa.ResourceManager("@sim").open_resource("USB0::0x1111::0x2222::0x1234::0::INSTR")


def pylabrobot_handler():
    from pylabrobot.liquid_handling import LiquidHandler
    from pylabrobot.liquid_handling.backends import LiquidHandlerChatterboxBackend
    from pylabrobot.resources.hamilton import STARLetDeck

    return LiquidHandler(LiquidHandlerChatterboxBackend(), deck=STARLetDeck())


def pylabrobot_shaker():
    from pylabrobot.resources import Coordinate
    from pylabrobot.shaking import Shaker, ShakerChatterboxBackend

    return Shaker(
        name="shaker",
        size_x=1,
        size_y=1,
        size_z=1,
        backend=ShakerChatterboxBackend(),
        child_location=Coordinate.zero(),
    )


def pylabrobot_pump():
    from pylabrobot.pumps import Pump
    from pylabrobot.pumps.chatterbox import PumpChatterboxBackend

    return Pump(backend=PumpChatterboxBackend())


MAKERS = [
    qcodes_channel, ophyd_axis, ophyd_epics_motor, ophyd_async_motor, pymeasure_driver, pyvisa_resource, pylabrobot_handler,
    pylabrobot_shaker, pylabrobot_pump,
]  # fmt: skip


@pytest.fixture(params=MAKERS, ids=[one.__name__ for one in MAKERS])
def real(request):
    obj = request.param()
    yield obj
    if hasattr(type(obj), "resource_manager") or type(obj).__module__.startswith("pyvisa"):
        obj.close()


def test_every_public_member_is_offered_or_left_out_with_a_reason(real):
    found = describe(real, "real")
    roots = {one.path.lstrip(".").partition("[")[0].partition(".")[0] for one in found.children}
    named = {one.name for one in (*found.methods, *found.properties)} | roots
    named |= {one.name.partition("[")[0].partition(".")[0] for one in found.left_out}
    public = {name for base in type(real).__mro__[:-1] for name in vars(base) if not name.startswith("_")}
    slots = {name for base in type(real).__mro__ for name in vars(base).get("__slots__", ())}
    assert public - slots - named == set()
    assert all(one.reason for one in found.left_out)
    assert not [one for one in found.left_out if "cannot be described" in one.reason or "does not fit" in one.reason]


def test_the_description_can_be_saved_and_comes_back(real):
    deck = LiveDeck()
    deck.update({"real": real})
    assert deck_from_json(to_json(deck.schema())) == deck.schema()


def test_something_can_be_done_with_it_and_the_rest_is_folded(real):
    found = describe(real, "real")
    assert found.adapter
    offered = [one for one in found.methods if not one.folded]
    assert 0 < len(offered) <= 45


def test_importing_the_package_imports_no_driver_and_nothing_heavy():
    code = (
        "import sys, ivoryos_jupyter.introspect\n"
        "heavy = 'numpy pandas pydantic docstring_parser sqlalchemy IPython ipywidgets qcodes ophyd pyvisa pymeasure pylabrobot'.split()\n"
        "print([one for one in heavy if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""Drivers of real libraries are used in cells as their documentation says, and every call passes the guard."""

# ruff: noqa: PLC0415 - the libraries warn when they are imported, which the filter of a test quiets
from __future__ import annotations

import asyncio
import functools

import pytest

from ivoryos_jupyter.errors import LimitError
from ivoryos_jupyter.introspect import original

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def guarded(open_notebook):
    """Guards one object, and returns the notebook and what stands for it."""

    def guarding(obj, loop=None):
        lab = open_notebook(loop=loop, it=obj)
        lab.guard.guard()
        return lab, lab.names["it"]

    return guarding


def names_of(lab):
    return [name for name, _, _ in lab.calls]


def test_qcodes_parameters_and_channels(guarded):
    from qcodes.instrument import Instrument
    from qcodes.instrument_drivers.mock_instruments import DummyChannelInstrument
    from qcodes.validators import Ints

    Instrument.close_all()
    source = DummyChannelInstrument("guarded")
    source.add_function("beep", call_cmd=lambda times: times, args=[Ints(1, 3)])
    lab, it = guarded(source)
    lab.limit("it.A", "temperature_(setter)", "value", maximum=50)
    assert isinstance(it, DummyChannelInstrument)
    it.A.temperature(20)
    assert it.A.temperature() == it.A.temperature.get() == it.channels[0].temperature() == 20
    for over in (
        lambda: it.A.temperature(60),
        lambda: it.A.temperature.set(60),
        lambda: it.channels[0].temperature(60),
    ):
        with pytest.raises(LimitError):
            over()
    assert it.A.temperature.unit == "K"
    assert it.beep(2) == 2
    assert names_of(lab)[:2] == ["it.A.temperature_(setter)", "it.A.temperature"]
    assert names_of(lab)[-1] == "it.beep"
    source.close()


def test_ophyd_signals_and_movements(guarded):
    from ophyd.sim import SynAxis

    lab, it = guarded(SynAxis(name="axis"))
    lab.limit("it", "setpoint_(setter)", "value", maximum=5)
    lab.limit("it", "set", "value", maximum=5)
    status = it.set(2.0)
    status.wait(30)  # it is done on a thread of ophyd's own
    assert status.done
    assert it.readback.get() == it.position == 2.0
    it.setpoint.put(3.0)
    for over in (lambda: it.set(9), lambda: it.setpoint.put(9), lambda: it.setpoint.set(9)):
        with pytest.raises(LimitError):
            over()
    assert original(it).position == 3.0
    assert (it.name, it.readback.name) == ("axis", "axis")
    assert names_of(lab)[:4] == ["it.set", "it.readback", "it.position", "it.setpoint_(setter)"]


def test_ophyd_async_statuses_are_the_drivers_own(open_notebook):
    from ophyd_async.sim import SimMotor

    async def main():
        motor = SimMotor(name="motor", instant=True)
        await motor.connect(mock=False)
        lab = open_notebook(loop=asyncio.get_running_loop(), it=motor)
        lab.guard.guard()
        it = lab.names["it"]
        lab.limit("it", "velocity_(setter)", "value", maximum=5)
        status = it.set(3.0)
        assert type(status).__name__ == "WatchableAsyncStatus"
        await status
        assert await it.user_readback.get_value() == 3.0
        await it.velocity.set(5)
        with pytest.raises(LimitError):
            it.velocity.set(6)
        assert (await it.locate())["readback"] == 3.0
        calls = await asyncio.to_thread(functools.partial(names_of, lab))
        assert calls == ["it.set", "it.user_readback", "it.velocity_(setter)", "it.velocity_(setter)", "it.locate"]

    asyncio.run(main())


def test_pymeasure_controls(guarded):
    from pymeasure.adapters import ProtocolAdapter
    from pymeasure.instruments.srs import SR830

    lab, it = guarded(SR830(ProtocolAdapter([("FREQ?", "50"), ("FREQ6.00000e+01", None)])))
    lab.limit("it", "frequency_(setter)", "value", maximum=100)
    assert it.frequency == 50
    it.frequency = 60
    with pytest.raises(LimitError):
        it.frequency = 200
    assert names_of(lab) == ["it.frequency", "it.frequency_(setter)", "it.frequency_(setter)"]


def test_pyvisa_resources(guarded):
    import pyvisa

    with pyvisa.ResourceManager("@sim").open_resource("USB0::0x1111::0x2222::0x1234::0::INSTR", read_termination="\n") as resource:
        lab, it = guarded(resource)
        assert isinstance(it.query("?IDN"), str)
        it.timeout = 100
        assert resource.timeout == 100
        assert names_of(lab) == ["it.query", "it.timeout_(setter)"]


def test_pylabrobot_machines(open_notebook):
    from pylabrobot.pumps import Pump
    from pylabrobot.pumps.chatterbox import PumpChatterboxBackend

    async def main():
        lab = open_notebook(loop=asyncio.get_running_loop(), it=Pump(backend=PumpChatterboxBackend()))
        lab.guard.guard()
        it = lab.names["it"]
        lab.limit("it", "run_continuously", "speed", maximum=10)
        await it.setup()
        await it.run_continuously(speed=5)
        with pytest.raises(LimitError):
            await it.run_continuously(speed=50)
        await it.stop()
        assert (await asyncio.to_thread(functools.partial(names_of, lab)))[:2] == ["it.setup", "it.run_continuously"]

    asyncio.run(main())

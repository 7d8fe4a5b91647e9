"""Do the simulated instruments behave the same each time?"""

import asyncio
import threading
from datetime import timedelta

import pytest

from ivoryos_jupyter.testing import (
    Charge,
    HardwareGone,
    Mode,
    NeverReturns,
    PrintsALot,
    Pump,
    RaisesBaseException,
    Reactor,
    ReturnsUnpicklable,
    Spectrometer,
    Stirrer,
    SyringeEmpty,
    ThreadBound,
)


def test_a_pump_counts_what_is_left_and_refills():
    pump = Pump(time_scale=0)
    assert pump.dispense(2.5) == 7.5
    assert pump.dispense(0.1, rate_ml_min=5) == 7.4
    pump.refill()
    assert pump.dispense(10) == 0


def test_an_empty_syringe_refuses_and_dispenses_nothing():
    pump = Pump(time_scale=0, capacity_ml=1)
    with pytest.raises(SyringeEmpty, match="refill first: 2 mL asked, 1 mL left"):
        pump.dispense(2)
    assert pump.dispense(1) == 0


def test_a_pumps_flow_rate_can_be_set():
    pump = Pump(time_scale=0)
    pump.flow_rate = 1.2
    assert pump.flow_rate == 1.2


def test_a_reactor_goes_where_it_is_sent():
    reactor = Reactor(time_scale=0)
    assert reactor.temperature == 20.0
    assert reactor.set_temperature(80) == 80
    assert reactor.temperature == 80
    reactor.set_mode()
    assert reactor.mode is Mode.HEAT
    assert reactor.stir("vigorous") == reactor.stirring == "vigorous"
    assert reactor.stir(duration=timedelta(seconds=3)) == "off"
    assert reactor.charge(Charge("NaCl", 3.0), portions=2) == [1.5, 1.5]


def test_a_spectrometer_gives_the_same_numbers_for_the_same_sample():
    first, second = Spectrometer(time_scale=0), Spectrometer(time_scale=0)
    assert first.measure("s5") == second.measure("s5")
    assert first.measure("s5") != first.measure("s6")


def test_a_stirrer_stands_still_after_stirring():
    stirrer = Stirrer(time_scale=0)
    assert asyncio.run(stirrer.stir(300)) == 50
    assert stirrer.speed_rpm == 0


def test_a_call_that_hangs_can_be_let_go():
    naughty = NeverReturns()
    thread = threading.Thread(target=naughty.hang)
    thread.start()
    assert naughty.entered.wait(30)
    naughty.let_go()
    thread.join(5)
    assert not thread.is_alive()


def test_a_bare_base_exception_is_no_exception():
    with pytest.raises(HardwareGone) as caught:
        RaisesBaseException().fail()
    assert not isinstance(caught.value, Exception)
    with pytest.raises(SystemExit):
        RaisesBaseException().leave()


def test_a_chatterbox_prints_as_much_as_it_is_told(capsys):
    assert PrintsALot().chatter(0.01) == 100
    assert len(capsys.readouterr().out) == 10_000


def test_a_handle_has_no_repr():
    handle = ReturnsUnpicklable().handle()
    with pytest.raises(RuntimeError):
        repr(handle)


def test_a_thread_bound_driver_refuses_a_second_thread():
    driver = ThreadBound()
    assert driver.read() == threading.get_ident()
    caught = []

    def read_elsewhere():
        try:
            driver.read()
        except RuntimeError as error:
            caught.append(error)

    thread = threading.Thread(target=read_elsewhere)
    thread.start()
    thread.join(5)
    assert len(caught) == 1

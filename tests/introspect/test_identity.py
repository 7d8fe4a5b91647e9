"""What a driver's plain attributes tell of the hardware it drives."""

# ruff: noqa: PLC0415 - the libraries warn when they are imported, which the filter of a test quiets
from __future__ import annotations

import types

import pytest

from ivoryos_jupyter.introspect import Identity, identify
from ivoryos_jupyter.testing import Pump


class Driver:
    """Has whatever a test gives it; asking it for anything is a failure."""

    def __init__(self, **attributes: object) -> None:
        self.__dict__.update(attributes)

    @property
    def serial_number(self) -> str:
        raise AssertionError("the hardware was asked")

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"{name} was asked for")


@pytest.mark.parametrize(
    ("attributes", "address"),
    [
        ({"port": "COM3"}, "COM3"),
        ({"port": "com3"}, "COM3"),
        ({"_port": "\\\\.\\COM12"}, "COM12"),
        ({"resource_name": "ASRL3::INSTR"}, "COM3"),
        ({"resource_name": "ASRL/dev/ttyNone9::INSTR"}, "/dev/ttyNone9"),
        ({"address": "GPIB::5::INSTR"}, "GPIB0::5"),
        ({"address": "usb0::0x1234::0x5678::sn1::instr"}, "USB0::0X1234::0X5678::SN1"),
        ({"host": "Balance.Lab", "port": 5025}, "balance.lab:5025"),
        ({"ip_address": "192.168.0.5"}, "192.168.0.5"),
        ({"url": "http://10.0.0.2:8000"}, "http://10.0.0.2:8000"),
        ({"prefix": "XF:28IDC{Mtr:1}"}, "XF:28IDC{Mtr:1}"),
        ({"ser": types.SimpleNamespace(_port="COM7", baudrate=9600)}, "COM7"),
        (
            {"adapter": types.SimpleNamespace(connection=types.SimpleNamespace(_resource_name="TCPIP0::10.0.0.9::INSTR"))},
            "TCPIP0::10.0.0.9",
        ),
        ({"port": "A"}, ""),
        ({"port": 3}, ""),
        ({"address": 17}, ""),
        ({"prefix": "mV"}, ""),
    ],
)
def test_an_address_is_found_on_the_driver_or_on_what_it_talks_through(attributes, address):
    assert identify(Driver(**attributes)).address == address


def test_serial_number_and_firmware_come_from_attributes_or_from_an_answer_the_driver_kept():
    assert identify(Driver(serial_no=4711, firmware_version="2.1", model="P-1")) == Identity(
        f"{Driver.__module__}:Driver", "", "P-1", "4711", "2.1"
    )
    kept = identify(Driver(_idn="KEYSIGHT,34461A,MY123,A.02.14-02"))
    assert (kept.model, kept.serial, kept.firmware) == ("34461A", "MY123", "A.02.14-02")
    asked = identify(Driver(idn={"vendor": "x", "model": "m", "serial": "s", "firmware": None}))
    assert (asked.model, asked.serial, asked.firmware) == ("m", "s", "")


def test_what_tells_instruments_apart_is_the_address_and_where_that_is_local_the_computer():
    assert identify(Pump("COM3")).thing("pump", "alpha") == "COM3 on alpha"
    assert identify(Driver(host="10.0.0.2")).thing("pump", "alpha") == "10.0.0.2"
    assert identify(Driver(host="localhost", port=1234)).thing("pump", "alpha") == "localhost:1234 on alpha"
    assert identify(Driver()).thing("pump", "alpha") == f"{Driver.__module__}:Driver pump"


def test_an_object_that_is_a_proxy_to_far_away_is_not_asked_for_its_class():
    class Far:
        @property
        def __class__(self):
            raise AssertionError("asked")

    assert identify(Driver(ser=Far(), port="COM1")).address == "COM1"


def test_circles_end():
    one = types.SimpleNamespace(port="COM5")
    other = types.SimpleNamespace(client=one)
    one.client = other
    assert identify(other).address == "COM5"


@pytest.mark.filterwarnings("ignore")
def test_a_visa_resource_is_known_by_its_name():
    import pyvisa

    manager = pyvisa.ResourceManager("@sim")
    resource = manager.open_resource("ASRL1::INSTR", read_termination="\n", write_termination="\r\n")
    assert identify(resource).address == "COM1"
    resource.close()
    manager.close()


def test_nothing_known_is_left_out():
    assert identify(Pump("COM3")).known() == {"type_name": "ivoryos_jupyter.testing._instruments:Pump", "address": "COM3"}

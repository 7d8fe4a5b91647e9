"""Which piece of hardware is this?  Its address, serial number and firmware, as far as plain attributes of the driver tell.

Nothing is asked: no property fires and nothing is sent to the hardware. Drivers keep the address on themselves or on what they talk
through (a VISA resource, a serial port, an adapter), so that is looked at as well, two objects deep.
"""

from __future__ import annotations

import os
import re
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from ivoryos_jupyter.introspect._names import is_a, type_path
from ivoryos_jupyter.introspect._stand_in import original
from ivoryos_jupyter.introspect._static import instance_members

if TYPE_CHECKING:
    from collections.abc import Mapping

_ADDRESSES = ("resource_name", "visa_address", "address", "com_port", "serial_port", "port_name", "port", "portstr", "device", "url", "uri")
_PREFIXES = ("prefix",)
_HOSTS = ("host", "hostname", "ip", "ip_address", "tcp_host")
_HOST_PORTS = ("port", "tcp_port")
_INNER = ("adapter", "connection", "resource", "visa_handle", "visa", "instrument", "inst", "ser", "serial", "io", "transport", "client")
_SERIALS = ("serial_number", "serial_no", "serial", "sn")
_FIRMWARES = ("firmware_version", "firmware", "fw_version")
_MODELS = ("model",)
_IDN = ("idn", "identity", "IDN")
_IDN_PARTS = ("vendor", "model", "serial", "firmware")
_LONGEST = 200
_DEPTH = 2
_LOOKS_LIKE_ADDRESS = re.compile(r"COM\d+$|/dev/|\\\\\.\\|tty|[A-Z]+\d*::|\d+\.\d+\.\d+\.\d+|\w+://", re.IGNORECASE)
_LOCAL = re.compile(
    r"COM\d+$|/dev/|ASRL|USB|GPIB|PXI|localhost|127\.|::1|TCPIP\d*::(localhost|127\.)|\w+://(localhost|127\.)", re.IGNORECASE
)
_SERIAL_PORT = re.compile(r"ASRL(?:(?P<number>\d+)|(?P<name>[^:]+))(?:::INSTR)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of one instrument; empty where its driver does not tell."""

    type_name: str
    address: str = ""
    """Normalised: ``COM3``, ``/dev/ttyUSB0``, ``USB0::0x1234::0x5678::SN1``, ``192.168.0.5:5025``."""
    model: str = ""
    serial: str = ""
    firmware: str = ""

    def thing(self, name: str, host: str) -> str:
        """Return what tells this instrument from all others: its address, else its class and the name it has.

        An address that means something on one computer only is told together with `host`.
        """
        if not self.address:
            return f"{self.type_name} {name}"
        return f"{self.address} on {host}" if _LOCAL.match(self.address) else self.address

    def known(self) -> dict[str, str]:
        """Return what is known, by name."""
        return {name: str(value) for name, value in asdict(self).items() if value}


def identify(obj: object) -> Identity:
    """Return what is known of `obj` without asking it anything."""
    obj = original(obj)
    levels = _levels(obj)
    told = _told_before(levels)
    return Identity(
        type_path(type(obj)),
        next(filter(None, map(_address, levels)), ""),
        _first(levels, _MODELS) or told.get("model", ""),
        _first(levels, _SERIALS) or told.get("serial", ""),
        _first(levels, _FIRMWARES) or told.get("firmware", ""),
    )


def _levels(obj: object) -> list[Mapping[str, object]]:
    """Return what hangs on `obj` and on what it talks through, private names without their underscore, nearest first."""
    found: list[Mapping[str, object]] = []
    layer, seen = [obj], {id(obj)}
    for _ in range(_DEPTH + 1):
        inner: list[object] = []
        for one in layer:
            own = dict(instance_members(one))
            members = {**{name.lstrip("_"): value for name, value in own.items()}, **own}
            found.append(members)
            inner += [members[name] for name in _INNER if name in members and _is_object(members[name]) and id(members[name]) not in seen]
        seen.update(map(id, inner))
        layer = inner
    return found


def _is_object(value: object) -> bool:
    return value is not None and not is_a(value, str, bytes, int, float, list, tuple, dict, set)


def _text(value: object) -> str:
    """Return a plain text or whole number that is short enough to name something, else nothing."""
    if type(value) is int and value > 0:
        return str(value)
    if is_a(value, PurePath):
        value = str(value)
    text = value.strip() if type(value) is str else ""
    return text if len(text) <= _LONGEST and text.isprintable() else ""


def _first(levels: list[Mapping[str, object]], names: tuple[str, ...]) -> str:
    return next((text for members in levels for name in names if (text := _text(members.get(name)))), "")


def _address(members: Mapping[str, object]) -> str:
    for name in _ADDRESSES:
        value = members.get(name)
        text = _text(value) if type(value) is not int else ""
        if text and (name in {"resource_name", "visa_address"} or _LOOKS_LIKE_ADDRESS.match(text)):
            return _normal(text)
    host = next((text for name in _HOSTS if type(members.get(name)) is str and (text := _text(members[name]))), "")
    if host:
        port = next((text for name in _HOST_PORTS if (text := _text(members.get(name))).isdigit()), "")
        return f"{host}:{port}".lower() if port else host.lower()
    prefix = next((text for name in _PREFIXES if type(members.get(name)) is str and (text := _text(members[name]))), "")
    return prefix if ":" in prefix else ""


def _normal(text: str) -> str:
    """Return one spelling of an address: a port has many."""
    serial = _SERIAL_PORT.match(text)
    if serial:
        text = f"COM{serial['number']}" if serial["number"] else serial["name"]
    text = text.removeprefix("\\\\.\\")
    if text.startswith("/dev/"):
        return os.path.realpath(text)
    if "::" in text:
        head, _, rest = text.upper().removesuffix("::INSTR").partition("::")
        return f"{head if head[-1:].isdigit() else f'{head}0'}::{rest}"
    return text.upper() if text.upper().startswith("COM") else text


def _told_before(levels: list[Mapping[str, object]]) -> dict[str, str]:
    """Return what the instrument answered when it was asked who it is, where the driver has kept the answer."""
    for members in levels:
        for name in _IDN:
            value = members.get(name)
            if type(value) is str and value.count(",") >= len(_IDN_PARTS) - 1:
                return dict(zip(_IDN_PARTS, (part.strip() for part in value.split(",", len(_IDN_PARTS) - 1)), strict=True))
            if type(value) is dict and "serial" in value:
                return {part: _text(value.get(part)) for part in _IDN_PARTS}
    return {}

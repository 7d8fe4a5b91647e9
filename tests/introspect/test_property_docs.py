"""Properties without annotations are typed by the fields of their docstrings, and class methods that make instruments are none."""

from __future__ import annotations

import enum
from typing import Any

import pytest

from ivoryos_jupyter.introspect import LiveDeck, describe
from ivoryos_jupyter.introspect._property_docs import read_fields
from ivoryos_jupyter.schema import Anything, Boolean, EnumChoice, Integer, ListOf, Number, Text


def documented(doc):
    """Return a property that says no more than `doc`, as the factories of driver libraries make them."""

    def put(self, value):
        self.got = value

    return property(lambda self: None, put, doc=doc)


class LockIn:
    """A driver in the style of InstrumentKit."""

    class Coupling(enum.Enum):
        """How the input is coupled."""

        AC = "a"
        DC = "d"

    frequency = documented(
        "Frequency.\n\n:units: As specified (if a `~quantities.Quantity`) or assumed to be\n    of units Hertz.\n"
        ":type: `~quantities.Quantity` with units Hertz."
    )
    voltage = documented(
        "Voltage.\n\n:units: As specified, or assumed to be :math:`\\text{V}` otherwise.\n:type: `float` or `~quantities.Quantity`"
    )
    coupling = documented("Coupling.\n\n:type: `LockIn.Coupling`")
    source = documented("Source.\n\n:type: `~LockIn.Coupling`")
    shield = documented("Shield.\n\n:type: :class:`bool`")
    points = documented("Points.\n\n:rtype: `int`\n")
    name = documented("Name.\n\n:rtype: `str`")
    levels = documented("Levels.\n\n:type: `list` of `~quantities.Quantity`")
    device = documented("Device.\n\n:type: `SomeOtherThing`")
    prose = documented("Note: what it is, nobody knows.\n\n:type: whatever you like")
    wait = documented("Time.\n\n:units: milliseconds\n:type: `float`")

    @property
    def annotated(self) -> int:
        """Annotated.

        :type: `str`
        """
        return 1

    @classmethod
    def open_serial(cls, port, baud=9600):
        """Open it."""
        return cls()

    @classmethod
    def attach(cls, port: str) -> LockIn:
        """Open it, too."""
        return cls()

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> int:
        """Return what is no instrument."""
        return len(settings)

    def measure(self) -> float:
        """Measure."""
        return 1.0


@pytest.mark.parametrize(
    ("name", "kind", "unit"),
    [
        ("frequency", Number(), "Hz"),
        ("voltage", Number(), "V"),
        ("shield", Boolean(), ""),
        ("points", Integer(), ""),
        ("name", Text(), ""),
        ("levels", ListOf(Number()), ""),
        ("device", Anything(), ""),
        ("prose", Anything(), ""),
        ("wait", Number(), "ms"),
        ("annotated", Integer(), ""),
    ],
)
def test_a_property_is_typed_by_its_docstring(name, kind, unit):
    value = describe(LockIn(), "it").property(name).value
    assert (value.kind, value.unit) == (kind, unit)


@pytest.mark.parametrize("name", ["coupling", "source"])
def test_an_enum_of_the_class_is_found_and_set_as_its_member(name):
    lock_in = LockIn()
    kind = describe(lock_in, "it").property(name).value.kind
    assert isinstance(kind, EnumChoice)
    deck = LiveDeck()
    deck.update({"it": lock_in})
    member = deck.member("it", name, "set")
    args, kwargs = member.live_arguments({"value": "DC"}, deck.resolve)
    member.target(*args, **kwargs)
    assert lock_in.got is LockIn.Coupling.DC


def test_what_makes_another_instrument_is_left_out_with_the_reason():
    found = describe(LockIn(), "it")
    assert [one.name for one in found.methods] == ["from_settings", "measure"]
    assert {one.name for one in found.left_out if "makes another object" in one.reason} == {"open_serial", "attach"}


def test_a_docstring_without_fields_says_nothing():
    assert read_fields("The level: in mL, or so.") == ("", "")

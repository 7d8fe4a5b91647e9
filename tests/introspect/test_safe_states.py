"""Which methods and functions are marked as safe states, however they are written."""

from __future__ import annotations

import functools

import pytest

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.introspect import marked_functions, marked_methods, safe_state


def again(function):
    """Decorate as many drivers do."""

    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapped


class Valve:
    """Marks in every way."""

    def __init__(self):
        @safe_state(order=3)
        def own():
            """Set on the instance."""

        self.own = own
        self.plain = print

    @safe_state
    def close(self):
        """Close."""

    @safe_state
    @staticmethod
    def outside():
        """Mark outside."""

    @staticmethod
    @safe_state
    def inside():
        """Mark inside."""

    @classmethod
    @safe_state
    def of_class(cls):
        """Mark a class method."""

    @again
    @safe_state
    def decorated(self):
        """Mark below a decorator."""

    @safe_state
    def _private(self):
        """Mark a private one."""

    def open(self):
        """Do not mark."""

    @property
    def touched(self):
        """Raise: nothing is read."""
        raise AssertionError


class Ball(Valve):
    """Overrides a marked method."""

    def close(self):
        """Close otherwise."""


def test_marks_are_found_wherever_they_are_written_and_nothing_is_read():
    found = marked_methods(Ball())
    assert set(found) == {"own", "close", "outside", "inside", "of_class", "decorated", "_private"}
    assert found["own"].order == 3


def test_a_marked_function_of_the_notebook_is_found_once_also_as_a_partial():
    @safe_state(instrument="valve")
    def off():
        """Switch off."""

    half = safe_state(instrument=("a", "b"), order=1)(functools.partial(print, "off"))
    found = marked_functions({"off": off, "same": off, "half": half, "number": 1})
    assert {name: mark.instruments for name, (_, mark) in found.items()} == {"off": ("valve",), "half": ("a", "b")}


@pytest.mark.parametrize("thing", [Valve().close, print, Valve, Valve(), property(lambda _: None)])
def test_what_cannot_bear_a_mark_is_refused_with_the_way_that_works(thing):
    with pytest.raises(ConversionError, match=r"ivoryos\.safe_states\.set"):
        safe_state(thing)

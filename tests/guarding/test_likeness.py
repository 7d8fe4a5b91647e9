"""A guarded instrument passes for the original in everything but its calls."""

from __future__ import annotations

import asyncio
import collections.abc
import copy
import functools
import gc
import inspect
import operator
import pickle
import threading
import weakref

import numpy as np
import pytest

from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.introspect import original
from ivoryos_jupyter.testing import Pump


class Slotted:
    """Has no dictionary."""

    __slots__ = ("level",)

    def __init__(self):
        self.level = 1

    def up(self) -> int:
        """Raise the level."""
        self.level += 1
        return self.level


class Shelf:
    """A container with everything."""

    kind = "shelf"

    def __init__(self, *items):
        self.items = list(items)

    def put(self, item: int) -> Shelf:
        """Add one and return itself."""
        self.items.append(item)
        return self

    def __len__(self):
        return len(self.items)

    def __getitem__(self, at):
        return self.items[at]

    def __setitem__(self, at, item):
        self.items[at] = item

    def __delitem__(self, at):
        del self.items[at]

    def __iter__(self):
        return iter(self.items)

    def __contains__(self, item):
        return item in self.items

    def __add__(self, other):
        return Shelf(*self.items, *other.items)

    def __iadd__(self, other):
        self.items += other.items
        return self

    def __eq__(self, other):
        return isinstance(other, Shelf) and self.items == other.items

    __hash__ = None

    def __lt__(self, other):
        return self.items < other.items

    def __bool__(self):
        return bool(self.items)

    def __format__(self, how):
        return f"shelf:{how}"

    def __str__(self):
        return "a shelf"

    @staticmethod
    def area(width: float, depth: float = 1.0) -> float:
        """Return the area."""
        return width * depth

    @classmethod
    def named(cls, name: str) -> str:
        """Return its name."""
        return f"{cls.__name__} {name}"

    @functools.cached_property
    def weight(self) -> float:
        """Weight, in kg."""
        return 2.0

    def _hidden(self):
        return "hidden"


class Port:
    """Is opened and closed."""

    def __init__(self):
        self.log = []

    def __enter__(self):
        self.log.append(("open", threading.current_thread().name))
        return self

    def __exit__(self, kind, error, trace):
        self.log.append(("close", kind))
        return kind is ZeroDivisionError

    async def __aenter__(self):
        return "in"

    async def __aexit__(self, *error):
        self.log.append("out")

    def __call__(self, value: float) -> float:
        """Send a value."""
        return value

    def send(self, text: str):
        """Send text."""


class Whole:
    """Compares like an array."""

    def __eq__(self, other):
        return np.array([True, False])

    __hash__ = object.__hash__

    def go(self):
        """Go."""


class Unpicklable:
    """Says why it cannot be pickled."""

    def __reduce__(self):
        raise TypeError("a serial port cannot be pickled")

    def go(self):
        """Go."""


@pytest.fixture
def guarded(open_notebook):
    """Guards one object, and returns the notebook and what stands for the object."""

    def guarding(obj):
        lab = open_notebook(it=obj)
        lab.guard.guard()
        return lab, lab.names["it"]

    return guarding


def test_it_is_an_instance_of_the_drivers_class(guarded):
    pump = Pump()
    _, it = guarded(pump)
    assert isinstance(it, Pump)
    assert it.__class__ is Pump
    assert (repr(it), str(it), hash(it)) == (repr(pump), str(pump), hash(pump))
    assert it == pump
    assert pump == it
    assert it != Pump()
    assert {it: 1}[pump] == 1
    assert dir(it) == dir(pump)
    assert vars(it) is vars(pump)
    assert it.__doc__ == pump.__doc__
    match it:
        case Pump(port=port):
            assert port == "COM3"


def test_there_is_one_stand_in_for_an_object_and_it_lives_no_longer_than_its_name(open_notebook):
    lab = open_notebook(pump=Pump())
    (first,) = lab.guard.guard("pump")
    assert lab.guard.guard(original(first)) == (first,)
    assert lab.guard.guard(first)[0] is first
    gone = weakref.ref(first)
    real = weakref.ref(original(first))
    del first
    lab.names.clear()
    lab.after_cell()
    gc.collect()
    assert gone() is None
    assert real() is None
    assert lab.guard.names == ()


def test_methods_look_like_the_originals(guarded):
    pump = Pump()
    _, it = guarded(pump)
    assert inspect.ismethod(it.dispense)
    assert inspect.signature(it.dispense) == inspect.signature(pump.dispense)
    assert it.dispense.__doc__ == pump.dispense.__doc__
    assert it.dispense.__name__ == "dispense"
    assert it.dispense == it.dispense
    assert inspect.getsource(it.dispense) == inspect.getsource(Pump.dispense)
    assert inspect.getattr_static(it, "dispense").__wrapped__ is Pump.dispense
    assert inspect.getdoc(type(it).flow_rate) == inspect.getdoc(Pump.flow_rate)


def test_static_methods_class_methods_and_cached_properties(guarded):
    lab, it = guarded(Shelf(1))
    assert it.area(2.0) == 2.0
    assert str(inspect.signature(it.area)) == str(inspect.signature(Shelf.area))
    assert it.named("a") == "Shelf a"
    assert str(inspect.signature(it.named)) == str(inspect.signature(Shelf.named))
    assert it.weight == 2.0
    assert [name for name, _, _ in lab.calls] == ["it.area", "it.named", "it.weight"]


def test_a_method_that_returns_its_object_returns_the_stand_in(guarded):
    _, it = guarded(Shelf(1))
    assert it.put(2) is it
    it += Shelf(3)
    assert type(it) is not Shelf
    assert it.items == [1, 2, 3]


def test_special_methods_are_the_classes_own_and_no_others(guarded):
    _, it = guarded(Shelf(1, 2))
    assert (len(it), it[0], list(it), 2 in it, bool(it), f"{it:x}", str(it)) == (2, 1, [1, 2], True, True, "shelf:x", "a shelf")
    it[0] = 5
    del it[1]
    assert it.items == [5]
    assert (it + it).items == [5, 5]
    assert it < Shelf(6)
    assert isinstance(it, collections.abc.Sized)
    assert not isinstance(it, collections.abc.Hashable)
    with pytest.raises(TypeError, match="unhashable"):
        hash(it)
    _, plain = guarded(Pump())
    for kind in (collections.abc.Sized, collections.abc.Iterable, collections.abc.Callable, collections.abc.Awaitable):
        assert not isinstance(plain, kind)
    assert not callable(plain)
    for call in (len, iter, operator.neg, int):
        with pytest.raises(TypeError):
            call(plain)


def test_private_members_and_constants_are_passed_on(guarded):
    lab, it = guarded(Shelf())
    assert (it._hidden(), it.kind) == ("hidden", "shelf")
    assert lab.calls == []


def test_an_attribute_that_is_missing_is_missed_in_the_drivers_words(guarded):
    pump = Pump()
    _, it = guarded(pump)
    with pytest.raises(AttributeError) as ours:
        it.dispence  # noqa: B018 - the error is the point
    with pytest.raises(AttributeError) as theirs:
        pump.dispence  # noqa: B018 - likewise
    assert str(ours.value) == str(theirs.value)
    assert getattr(it, "nothing", 3) == 3


def test_a_property_that_cannot_be_set_says_so_in_the_drivers_words(guarded):
    class Gauge:
        @property
        def level(self) -> float:
            return 1.0

    gauge = Gauge()
    _, it = guarded(gauge)
    with pytest.raises(AttributeError) as ours:
        it.level = 2
    with pytest.raises(AttributeError) as theirs:
        gauge.level = 2
    assert str(ours.value) == str(theirs.value)


def test_a_with_block_opens_and_closes_where_the_driver_lives(guarded):
    port = Port()
    lab, it = guarded(port)
    with it as opened:
        assert opened is it
    with it:
        raise ZeroDivisionError  # the driver swallows it
    with pytest.raises(KeyError), it:
        raise KeyError
    assert port.log[0] == ("open", "ivoryos-worker-1")
    assert [one for one in port.log if one[0] == "close"] == [("close", None), ("close", ZeroDivisionError), ("close", KeyError)]
    assert [name for name, _, _ in lab.calls] == ["it.__enter__", "it.__exit__"] * 3


def test_an_object_that_is_called_passes_the_limits(guarded):
    lab, it = guarded(Port())
    lab.limit("it", "__call__", "value", maximum=1)
    assert callable(it)
    assert it(0.5) == 0.5
    with pytest.raises(ValueError, match="above the limit"):
        it(2)


def test_an_async_with_block(open_notebook):
    async def main():
        lab = open_notebook(loop=asyncio.get_running_loop(), it=Port())
        lab.guard.guard()
        async with lab.names["it"] as opened:
            assert opened == "in"
        assert original(lab.names["it"]).log == ["out"]

    asyncio.run(main())


def test_slots_and_odd_comparisons(guarded):
    lab, it = guarded(Slotted())
    assert it.up() == 2
    it.level = 7
    assert it.level == 7
    with pytest.raises(AttributeError):
        it.other = 1
    with pytest.raises(TypeError):
        vars(it)
    assert [name for name, _, _ in lab.calls] == ["it.up"]
    _, whole = guarded(Whole())
    assert (whole == 1).tolist() == [True, False]


def test_copies_and_pickles_are_those_of_the_original(guarded):
    shelf = Shelf(1, 2)
    _, it = guarded(shelf)
    for copied in (copy.copy(it), copy.deepcopy(it), pickle.loads(pickle.dumps(it))):  # noqa: S301 - our own
        assert type(copied) is Shelf
        assert copied == shelf
        assert copied is not shelf
    _, odd = guarded(Unpicklable())
    for how in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="a serial port cannot be pickled"):
            how(odd)


def test_guarding_reads_nothing(open_notebook):
    touched = []

    class Nosy:
        """Answers every name."""

        def __getattr__(self, name):
            touched.append(name)
            raise AttributeError(name)

        @property
        def level(self) -> float:
            """Level."""
            touched.append("level")
            return 1.0

        def go(self):
            """Go."""

    lab = open_notebook(it=Nosy())
    lab.guard.guard()
    lab.after_cell()
    assert lab.guard.ways_around == ()
    assert touched == []


def test_what_is_no_instrument_cannot_be_guarded(open_notebook):
    lab = open_notebook(pump=Pump())
    with pytest.raises(UnknownNameError, match="not on the deck"):
        lab.guard.guard("pump", Pump())
    assert lab.guard.names == ()


def test_weak_references_work(guarded):
    _, it = guarded(Pump())
    assert weakref.ref(it)() is it


def test_a_stand_in_without_a_name_says_so(guarded):
    lab, it = guarded(Pump())
    lab.names.clear()
    lab.after_cell()
    with pytest.raises(UnknownNameError, match="no name on the deck any more"):
        it.dispense(1.0)

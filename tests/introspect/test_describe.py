"""What hangs on an object is found without asking the object."""

from __future__ import annotations

import abc
import array
import functools
import threading
import types

import pytest

from ivoryos_jupyter.introspect import LiveDeck, _describe, describe
from ivoryos_jupyter.schema import Number


class Abstract(abc.ABC):
    @abc.abstractmethod
    def home(self): ...


class Transport:
    """Counts every access to the hardware."""

    def __init__(self):
        self.count = 0

    def ask(self):
        self.count += 1
        return self.count


class Descriptor:
    """Talks when it is read."""

    def __get__(self, obj, cls):
        obj._transport.ask()
        return 1

    def __set__(self, obj, value):
        obj._transport.ask()


class Talkative:
    """Talks whenever an attribute is read."""

    level = Descriptor()

    def __init__(self, transport):
        self._transport = transport
        self.stop = lambda: None
        self.home = functools.partial(self.move, 0)

    def __getattr__(self, name):
        self._transport.ask()
        raise AttributeError(name)

    def __repr__(self):
        self._transport.ask()
        return "talkative"

    def __eq__(self, other):
        self._transport.ask()
        return True

    __hash__ = None

    @property
    def pressure(self) -> float:
        """Pressure in mbar."""
        self._transport.ask()
        raise RuntimeError

    @functools.cached_property
    def serial(self) -> str:
        self._transport.ask()
        return "1"

    def move(self, x: float):
        """Move to `x`."""

    @staticmethod
    def units() -> str: ...

    @classmethod
    def find(cls, port: str): ...

    twice = functools.partialmethod(move, 2)

    async def wait(self): ...

    def _send(self): ...

    class Inner: ...

    LIMIT = 5


def test_inspection_leaves_the_hardware_alone():
    transport = Transport()
    describe(Talkative(transport), "talkative")
    assert transport.count == 0


def test_every_public_member_is_offered_or_left_out_with_a_reason():
    found = describe(Talkative(Transport()), "talkative")
    named = {one.name for one in (*found.methods, *found.properties, *found.left_out)}
    public = {name for name in dir(Talkative) if not name.startswith("__")} | {"stop", "home", "_transport"}
    assert public <= named
    assert all(one.reason for one in found.left_out)


def test_all_forms_of_methods_are_found_with_their_parameters():
    found = describe(Talkative(Transport()), "talkative")
    assert {one.name for one in found.methods} == {"move", "units", "find", "twice", "wait", "stop", "home"}
    assert [one.name for one in found.method("find").parameters] == ["port"]
    assert found.method("units").parameters == ()
    assert found.method("home").parameters == ()
    assert found.method("twice").parameters == ()
    assert found.method("wait").coroutine
    assert found.method("move").parameters[0].kind == Number()
    assert found.method("stop").defined_by == "the object itself"


def test_properties_descriptors_and_cached_properties_are_properties():
    found = describe(Talkative(Transport()), "talkative")
    assert {one.name: one.settable for one in found.properties} == {"level": True, "pressure": False, "serial": False}
    assert (found.property("pressure").value.kind, found.property("pressure").value.unit) == (Number(), "mbar")


def test_the_hidden_parameters_of_a_setter_are_not_offered():
    class Box:
        @property
        def rate(self) -> float: ...

        @rate.setter
        def rate(self, whatever: float, secret=1): ...

    rate = describe(Box(), "box").property("rate")
    assert (rate.value.name, rate.value.kind, rate.settable) == ("value", Number(), True)


def test_an_object_that_answers_every_name_is_described():
    class Yes:
        def __getattr__(self, name):
            return self

        def go(self): ...

    found = describe(Yes(), "yes")
    assert [one.name for one in found.methods] == ["go"]


def test_an_object_that_refuses_attributes_and_is_unhashable_is_described():
    class Slotted:
        __slots__ = ("_x", "head", "y")
        __hash__ = None

        def __init__(self):
            self.head = Talkative(Transport())
            self.y = 3

        def go(self): ...

    found = describe(Slotted(), "slotted")
    assert [one.path for one in found.children] == [".head"]
    assert found.method("go")


def test_an_object_with_a_dict_of_its_own_is_described():
    class Odd:
        @property
        def __dict__(self):
            raise RuntimeError

        def go(self): ...

    assert describe(Odd(), "odd").method("go")


def test_one_odd_member_does_not_cost_the_others():
    def odd(self, a): ...

    odd.__signature__ = "no signature at all"

    class Box:
        def go(self): ...

    Box.odd = odd
    found = describe(Box(), "box")
    assert found.method("go")
    assert found.method("odd").note


def test_c_extension_methods_are_offered_with_a_note():
    class Buffer(array.array):
        def go(self): ...

    found = describe(Buffer("d"), "buffer")
    assert found.method("extend").folded
    assert not found.method("go").folded
    noted = [one for one in describe(types.SimpleNamespace(get={}.get, vars=vars), "c").methods if one.note]
    assert [(one.name, [p.passing for p in one.parameters]) for one in noted] == [("vars", ["var_positional", "var_keyword"])]


def test_inherited_methods_are_grouped_leaf_first_and_frameworks_folded():
    class Base(Abstract):
        def home(self):
            """Go home.

            Args:
                speed: in mm/s
            """

        def old(self): ...

    class Leaf(Base, threading.Thread):
        def home(self, speed=1.0): ...

        def new(self): ...

    found = describe(Leaf(), "leaf")
    names = [one.name for one in found.methods if not one.folded]
    assert names == ["home", "new", "old"]
    assert found.method("start").folded
    assert found.method("home").doc.startswith("Go home.")
    assert found.method("home").defined_by.endswith("Leaf")


def test_sub_instruments_are_found_once_by_path_with_cycles_cut():
    class Axis:
        def move(self): ...

    class Stage:
        fixed = Axis()

        def __init__(self):
            self.x = Axis()
            self.same = self.x
            self.me = self
            self.channels = [Axis(), Axis()]
            self.named = {"a": Axis(), 3: Axis(), (1, 2): Axis()}
            self.group = types.SimpleNamespace(left=Axis(), n=1)
            self.data = [1.0, 2.0]
            self._hidden = Axis()

    found = describe(Stage(), "stage")
    assert [one.path for one in found.children] == [
        ".x", ".channels[0]", ".channels[1]", '.named["a"]', ".named[3]", ".group.left", ".fixed",
    ]  # fmt: skip
    reasons = {one.name: one.reason for one in found.left_out}
    assert reasons["same"] == "the same object as stage.x"
    assert reasons["me"] == "the same object as stage"
    assert "plain attribute" in reasons["data"]


def test_connection_hooks_are_named():
    class Box:
        def connect(self): ...
        def close(self): ...
        @property
        def is_connected(self): ...

    hooks = describe(Box(), "box").connection
    assert (hooks.connect, hooks.close, hooks.is_connected) == ("connect", "close", "is_connected")


def test_a_wrapped_coroutine_is_known_by_unwrapping():
    def logged(function):
        @functools.wraps(function)
        def outer(*args, **kwargs):
            return function(*args, **kwargs)

        return outer

    class Box:
        @logged
        async def go(self, n: int): ...

        def later(self) -> types.CoroutineType: ...

    found = describe(Box(), "box")
    assert found.method("go").coroutine
    assert [one.name for one in found.method("go").parameters] == ["n"]
    assert found.method("later").coroutine


@pytest.mark.parametrize("name", ["adapter", "left_out"])
def test_an_adapter_that_does_not_fit_costs_nothing(name, monkeypatch):
    class Broken:
        name = "broken"

        def refine(self, obj, found):
            raise AttributeError("another version")

    class Box:
        def go(self): ...

    monkeypatch.setattr(_describe, "adapter_for", lambda obj: Broken())
    found = describe(Box(), "box")
    assert found.method("go")
    assert "another version" in str(getattr(found, name)) or found.adapter == ""


class Proxy:
    """Asks a distant computer for every attribute, ``__class__`` among them."""

    asked = 0

    def __getattribute__(self, name):
        Proxy.asked += 1
        return object.__getattribute__(self, name)

    def __call__(self, power: float):
        """Fire."""

    def go(self): ...


class Distant(Proxy):
    beam = Proxy()

    def __init__(self):
        self.laser = Proxy()
        self.items = [Proxy()]

    def fire(self, target=beam): ...


def test_not_even_the_class_attribute_of_an_object_is_read():
    namespace = {"distant": Distant(), "other": Proxy()}
    Proxy.asked = 0
    deck = LiveDeck()
    deck.update(namespace)
    deck.update(namespace)
    found = deck.instrument("distant")
    assert Proxy.asked == 0
    assert [one.path for one in found.children] == [".laser", ".items[0]", ".beam"]
    assert found.method("laser").parameters[0].kind == Number()
    assert found.method("laser").summary == "Fire."
    assert found.method("__call__").summary == "Fire."
    assert found.method("fire").parameters[0].default.text == "<Proxy>"

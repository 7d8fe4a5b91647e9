"""The deck is the notebook's namespace, kept current after each cell."""

from __future__ import annotations

import gc
import json
import types
import weakref

import ipywidgets
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from ivoryos_jupyter.errors import ConversionError, OfflineError, UnknownNameError
from ivoryos_jupyter.introspect import BLOCKS, LiveDeck, OfflineDeck, block
from ivoryos_jupyter.schema import deck_from_json, to_json
from ivoryos_jupyter.testing import Pump, make_big_deck


class Axis:
    def __init__(self):
        self.position = 0.0

    def move(self, x: float) -> float:
        self.position = x
        return x

    @property
    def speed(self) -> float:
        return 1.0


class Stage:
    def __init__(self):
        self.x = Axis()
        self.channels = [Axis(), Axis()]

    def stop(self): ...


@pytest.fixture
def namespace():
    return {"pump": Pump("COM3"), "stage": Stage()}


@pytest.fixture
def deck(namespace):
    deck = LiveDeck("bench")
    assert deck.update(namespace)
    return deck


def test_objects_with_methods_are_instruments(deck):
    assert deck.names == ("pump", "stage")
    assert [one.name for one in deck.schema().instruments] == ["pump", "stage", "stage.x", "stage.channels[0]", "stage.channels[1]"]
    assert deck.schema().name == "bench"


def test_what_is_no_instrument_is_left_out_with_a_reason(deck, namespace):
    namespace |= {
        "Axis": Axis, "np": np, "helper": len, "n": 3, "frame": pd.DataFrame({"a": [1]}), "array": np.zeros(3), "figure": Figure(),
        "widget": ipywidgets.IntSlider(), "_private": Axis(), "In": [], "Out": {}, "_i1": "x", "_": 3, "__": 4,
        "get_ipython": print, "empty": object(),
        "path": types.MappingProxyType({}),
    }  # fmt: skip
    assert not deck.update(namespace)
    assert deck.names == ("pump", "stage")
    reasons = {one.name: one.reason for one in deck.left_out}
    assert set(namespace) - {"pump", "stage", "_i1", "_", "__"} <= set(reasons)
    assert "class" in reasons["Axis"]
    assert "pandas" in reasons["frame"]
    assert "numpy" in reasons["array"]
    assert "matplotlib" in reasons["figure"]
    assert "widget" in reasons["widget"]
    assert reasons["In"] == "IPython's own name"
    assert deck.schema().left_out == deck.left_out
    namespace["widget"].close()


def test_nothing_changed_is_said_and_the_schema_is_the_same_object(deck, namespace):
    before = deck.schema()
    namespace["volume"] = 3
    namespace["stage"].x.position = 5
    assert not deck.update(namespace)
    assert deck.schema().instruments is before.instruments


def test_a_new_private_attribute_is_no_change(deck, namespace):
    namespace["stage"]._cache = 3
    assert not deck.update(namespace)
    assert "_cache" in {one.name for one in deck.instrument("stage").left_out}


def test_new_rebound_and_deleted_names_appear_and_disappear(deck, namespace):
    namespace["third"] = Axis()
    assert deck.update(namespace)
    assert deck.names == ("pump", "stage", "third")
    assert (deck.generation("third"), deck.generation("never")) == (1, 0)
    namespace["third"] = Axis()
    assert deck.update(namespace)
    assert deck.generation("third") == 2
    del namespace["third"]
    assert deck.update(namespace)
    assert deck.names == ("pump", "stage")
    with pytest.raises(UnknownNameError, match="third"):
        deck.resolve("third")


def test_a_deleted_object_is_let_go(deck, namespace):
    namespace["third"] = Axis()
    deck.update(namespace)
    deck.member("third", "move", "call").target(1)
    gone = weakref.ref(namespace.pop("third"))
    deck.update(namespace)
    gc.collect()
    assert gone() is None


def test_a_class_that_is_defined_again_updates_the_schema(deck, namespace):
    def define(**members):
        return type("Heater", (), members)

    namespace["heater"] = define(on=lambda self: 1)()
    deck.update(namespace)
    namespace["heater"] = define(on=lambda self: 1, off=lambda self: 2)()
    assert deck.update(namespace)
    assert deck.instrument("heater").method("off")


def test_a_method_added_to_a_class_or_an_object_updates_the_schema(deck, namespace):
    local = type("Local", (Axis,), {})
    namespace["local"] = local()
    deck.update(namespace)
    local.home = lambda self: 0
    assert deck.update(namespace)
    assert deck.instrument("local").method("home")
    namespace["local"].blink = lambda times=1: times
    assert deck.update(namespace)
    assert deck.instrument("local").method("blink")
    namespace["local"].__class__ = type("Other", (Axis,), {"other": lambda self: 0})
    assert deck.update(namespace)
    assert deck.instrument("local").method("other")


def test_a_sub_instrument_that_is_replaced_is_let_go(deck, namespace):
    gone = weakref.ref(namespace["stage"].x)
    deck.instrument("stage.x")
    namespace["stage"].x = Axis()
    assert not deck.update(namespace)
    gc.collect()
    assert gone() is None


def test_a_second_name_of_an_object_is_reported_and_works(deck, namespace):
    namespace["p"] = namespace["pump"]
    deck.update(namespace)
    assert {one.name: one.reason for one in deck.left_out}["p"] == "the same object as pump"
    assert deck.resolve("p") is namespace["pump"]
    assert deck.instrument("pump").methods == deck.instrument("p").methods
    del namespace["pump"]
    assert deck.update(namespace)
    assert deck.names == ("stage", "p")


def test_include_and_exclude_decide_otherwise(deck, namespace):
    namespace["pumps"] = [Axis(), Axis()]
    namespace["_hidden"] = Axis()
    deck.update(namespace)
    deck.include("pumps")
    deck.include("_hidden")
    deck.exclude("pump")
    assert set(deck.names) == {"stage", "pumps", "_hidden"}
    assert {one.name: one.reason for one in deck.left_out}["pump"] == "excluded by you"
    assert deck.member("pumps[1]", "move", "call").target(2.0) == 2.0
    extra = Axis()
    deck.include("extra", extra)
    deck.update(namespace)
    assert deck.resolve("extra") is extra
    assert (set(deck.included), deck.excluded) == ({"pumps", "_hidden", "extra"}, ("pump",))
    with pytest.raises(UnknownNameError, match="pump"):
        deck.include("pumpp")


def test_a_marked_function_is_a_building_block(deck, namespace):
    @block(category="analysis")
    def mean(values: list[float]) -> float:
        """Average the values."""
        return sum(values) / len(values)

    @block
    def bare(): ...

    namespace |= {"mean": mean, "bare": bare}
    assert deck.update(namespace)
    assert [(one.name, one.category) for one in deck.schema().blocks] == [("mean", "analysis"), ("bare", "general")]
    member = deck.member(BLOCKS, "mean", "call")
    args, kwargs = member.live_arguments({"values": [1.0, 3.0]}, deck.resolve)
    assert member.target(*args, **kwargs) == 2.0
    assert member.owner is None
    with pytest.raises(UnknownNameError, match="did you mean 'mean'"):
        deck.member(BLOCKS, "meam", "call")


def test_members_are_called_read_and_set(deck, namespace):
    move = deck.member("stage.x", "move", "call")
    args, kwargs = move.live_arguments({"x": 2}, deck.resolve)
    assert move.target(*args, **kwargs) == 2.0
    assert move.owner is namespace["stage"].x
    assert deck.member("stage.channels[1]", "speed", "get").target() == 1.0
    with pytest.raises(ConversionError):
        move.live_arguments({"y": 2}, deck.resolve)


def test_a_member_follows_the_object_that_is_there_now(deck, namespace):
    deck.member("stage.x", "move", "call")
    other = namespace["stage"].x = Axis()
    deck.member("stage.x", "move", "call").target(9)
    assert other.position == 9
    namespace["stage"].stop = lambda: "replaced"
    assert deck.member("stage", "stop", "call").target() == "replaced"


@pytest.mark.parametrize(
    ("path", "member", "operation", "message"),
    [
        ("pumpp", "dispense", "call", "did you mean 'pump'"),
        ("stage.y", "move", "call", "stage.y"),
        ("stage.channels[7]", "move", "call", "channels"),
        ("stage.x", "mov", "call", "did you mean 'move'"),
        ("stage.x", "speed", "set", "can be read, but not set"),
        ("stage.x", "position", "get", "plain attribute"),
    ],
)
def test_unknown_names_are_answered_with_the_closest_one(deck, path, member, operation, message):
    with pytest.raises(UnknownNameError, match=message):
        deck.member(path, member, operation)


def test_a_sub_instrument_deep_down_is_described_when_it_is_asked_for(deck, namespace):
    tower = Axis()
    path = "tower"
    namespace["tower"] = tower
    for _ in range(7):
        tower.below = Axis()
        tower = tower.below
        path += ".below"
    deck.update(namespace)
    assert deck.schema().instrument(path) is None
    assert deck.instrument(path).method("move")
    assert deck.schema().instrument(path)


def test_a_path_that_only_a_live_look_can_follow_works_for_calls_alone(deck, namespace):
    class Rack:
        def __getitem__(self, key):
            return found

        def count(self): ...

    found = Axis()
    namespace["rack"] = Rack()
    deck.update(namespace)
    assert deck.member('rack["A1"]', "move", "call").owner is found
    with pytest.raises(UnknownNameError, match="only what an object holds"):
        deck.instrument('rack["A1"]')


def test_the_saved_schema_comes_back_and_refuses_calls(deck):
    offline = OfflineDeck(deck_from_json(json.loads(json.dumps(to_json(deck.schema())))))
    assert offline.schema() == deck.schema()
    assert offline.names == deck.names
    assert offline.instrument("stage.channels[0]") == deck.instrument("stage.channels[0]")
    assert offline.generation("pump") == 0
    with pytest.raises(OfflineError, match="pseudo deck"):
        offline.member("pump", "dispense", "call")
    with pytest.raises(UnknownNameError, match="did you mean 'pump'"):
        offline.instrument("pumpp")


def test_an_update_without_a_change_is_cheap(calls_made):
    namespace = make_big_deck(50, 20, 4) | {f"value_{index}": index for index in range(200)}
    deck = LiveDeck()
    first = calls_made(lambda: deck.update(namespace))
    again = calls_made(lambda: deck.update(namespace))
    assert not deck.update(namespace)
    assert again < first / 50

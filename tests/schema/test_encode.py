from __future__ import annotations

import datetime as dt
import enum
import json
import sys
from collections import namedtuple
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from unittest.mock import MagicMock

import numpy as np
import pandas as pd
import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from ivoryos_jupyter.schema import LiveReference, decode, encode, plain_from_json, plain_to_json


class Mode(enum.Enum):
    A = 1


class Touchy:
    """Whatever is asked of it talks to hardware."""

    touched = 0

    def _touch(self, *_args):
        type(self).touched += 1
        raise RuntimeError("hardware")

    __repr__ = __str__ = __eq__ = __hash__ = __len__ = __iter__ = __getattr__ = __bool__ = __float__ = __reduce_ex__ = _touch
    __class__ = property(_touch)


class AnswersEverything(type):
    def __getattr__(cls, name):
        return MagicMock()


class Odd(metaclass=AnswersEverything):
    pass


class Rude(list):
    def __iter__(self):
        raise RuntimeError("no")

    def __len__(self):
        raise RuntimeError("no")


@dataclass
class Reading:
    value: float
    touchy: Touchy = field(default_factory=Touchy)


@dataclass
class Slotted:
    __slots__ = ("x",)
    x: int


class Model(BaseModel):
    volume: float


Point = namedtuple("Point", "x y")  # noqa: PYI024 - the old form is what is tested


def test_no_method_of_an_unknown_object_is_called():
    assert encode([Touchy(), {"a": Touchy()}]) == [_object(Touchy), {"a": _object(Touchy)}]
    assert Touchy.touched == 0


def _object(cls):
    return {"$object": f"{cls.__module__}:{cls.__qualname__}"}


def test_a_class_that_answers_everything_is_kept_by_its_name():
    assert encode(Odd()) == _object(Odd)
    assert "$object" in encode(MagicMock())


def test_the_fields_of_a_dataclass_a_model_and_a_namedtuple_are_kept():
    assert encode(Reading(1.5))["fields"] == {"value": 1.5, "touchy": _object(Touchy)}
    assert encode(Slotted(3))["fields"] == {"x": 3}
    assert encode(Model(volume=2))["fields"] == {"volume": 2.0}
    assert encode(Point(1, 2))["fields"] == {"x": 1, "y": 2}


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        5,
        2.5,
        "007",
        [1, "a", None],
        (1, (2.0,)),
        {1, 2},
        frozenset({"a"}),
        {"a": 1},
        {1: 2, None: 3},
        {"$live": "x"},
        b"\x00\xff",
        1 + 2j,
        dt.datetime(2026, 1, 2, tzinfo=dt.timezone.utc),
        dt.date(2026, 1, 2),
        dt.time(1, 2),
        dt.timedelta(seconds=1.5),
        Decimal("0.10"),
        Fraction(1, 3),
        Path("a/b"),
        LiveReference("plate['A1']"),
        "",
        [],
        (),
        {},
    ],
    ids=repr,
)
def test_what_is_kept_is_given_back(value):
    plain = encode(value)
    again = decode(plain_from_json(json.loads(json.dumps(plain_to_json(plain), allow_nan=False))))
    assert again == value
    assert type(again) is type(value) or isinstance(value, Path)


def test_a_quantity_keeps_magnitude_and_unit():
    registry = pint.UnitRegistry()
    assert encode(registry.Quantity(1.25, "volt")) == {"$quantity": {"magnitude": 1.25, "unit": "volt"}}
    again = decode(encode([registry.Quantity(Decimal("1.10"), "mL / min")]))
    assert (again[0].magnitude, str(again[0].units)) == (Decimal("1.10"), "milliliter / minute")
    spectrum = decode(encode(registry.Quantity(np.arange(3.0), "nm")))
    assert spectrum.magnitude.tolist() == [0.0, 1.0, 2.0]
    assert decode(encode(registry.Quantity(25, "degC"))) == pint.get_application_registry().Quantity(25, "degC")


def test_a_quantity_of_a_unit_that_nobody_knows_any_more_stays_a_dict():
    registry = pint.UnitRegistry()
    registry.define("scoop = 5 * gram")
    plain = {"$quantity": {"magnitude": 2, "unit": "scoop"}}
    assert encode(registry.Quantity(2, "scoop")) == plain
    assert decode(plain) == plain


def test_a_quantity_stays_a_dict_where_pint_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "pint", None)
    plain = {"$quantity": {"magnitude": 1.25, "unit": "volt"}}
    assert decode(plain) == plain


def test_arrays_are_kept_with_type_and_shape():
    array = np.arange(6, dtype="float32").reshape(2, 3)
    again = decode(encode(array))
    assert again.dtype == array.dtype
    assert np.array_equal(again, array)
    assert encode(np.zeros((0, 3)))["shape"] == [0, 3]


def test_large_arrays_and_frames_are_named_not_kept():
    assert encode(np.zeros(1_000_000)) == {"$object": "numpy:ndarray", "shape": [1_000_000], "dtype": "float64"}
    assert encode(np.array([Mode.A], dtype=object))["dtype"] == "object"
    assert "DataFrame" in encode(pd.DataFrame({"a": [1]}))["$object"]


def test_scalars_of_numpy_and_missing_values_of_pandas_are_plain():
    assert encode([np.float32(1.5), np.int64(3), np.bool_(True), np.str_("a")]) == [1.5, 3, True, "a"]  # noqa: FBT003
    assert encode([pd.NA, pd.NaT]) == [None, None]
    assert encode(pd.Timestamp("2026-01-02T03:04:05")) == {"$datetime": "2026-01-02T03:04:05"}
    assert encode(Mode.A)["name"] == "A"


def test_a_text_of_ten_megabytes_is_cut_and_says_so():
    plain = encode(["x" * 10_000_000, "y"])
    assert len(plain[0]["$text"]) == 1_000_000
    assert plain[0]["length"] == 10_000_000
    assert plain[1] == {"$text": "", "length": 1}


def test_a_list_of_a_million_items_says_how_many_more_there_are():
    plain = encode(list(range(1_000_000)), most_items=100)
    assert plain[-1] == {"$more": 1_000_000 - len(plain) + 1}
    assert len(plain) <= 102
    assert encode({str(number): number for number in range(1000)}, most_items=10)["$more"] >= 990


def test_what_contains_itself_and_what_is_nested_deeply_comes_to_an_end():
    cycle: list[object] = [1]
    cycle.append(cycle)
    assert encode(cycle) == [1, {"$object": "builtins:list"}]
    deep: list[object] = []
    for _level in range(100_000):
        deep = [deep]
    assert json.dumps(encode(deep)).count("[") < 30
    looped: dict[str, object] = {}
    looped["self"] = {"again": looped}
    assert encode(looped) == {"self": {"again": {"$object": "builtins:dict"}}}


def test_a_huge_integer_and_a_rude_list_do_no_harm():
    assert encode(10**5000)["$object"] == "builtins:int"
    assert encode(Rude([1, 2])) == [1, 2]
    assert encode(iter([1])) == {"$object": "builtins:list_iterator"}
    assert encode(ValueError("x")) == {"$object": "builtins:ValueError"}


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | st.text()
        | st.binary()
        | st.decimals(allow_nan=False)
        | st.times(),
        lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers() | st.just("$set"), inner),
        max_leaves=10,
    )
)
def test_any_nesting_of_known_values_is_given_back(value):
    assert decode(encode(value)) == value

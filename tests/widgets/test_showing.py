"""How is a result looked at?"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from ivoryos_jupyter.widgets._showing import LONGEST, show


def test_a_number_has_its_unit_and_a_text_has_none():
    assert show(7.5, "mL") == {"text": "7.5", "type": "float", "unit": "mL", "table": None, "image": ""}
    assert show("7.5", "mL")["unit"] == ""
    assert show(True, "mL")["unit"] == ""  # noqa: FBT003 - the value is the point


def test_a_frame_is_a_table_of_texts_and_its_beginning_only():
    frame = pd.DataFrame({"a": range(100), "b": ["<b>x</b>"] * 100})
    shown = show(frame)
    assert shown["type"] == "DataFrame 100 × 2"
    assert shown["table"]["columns"] == ["", "a", "b"]
    assert shown["table"]["rows"][0] == ["0", "0", "<b>x</b>"]
    assert (len(shown["table"]["rows"]), shown["table"]["total"]) == (50, 100)
    assert show(pd.Series([1.0, 2.0], name="t"))["table"]["columns"] == ["", "t"]


class Odd:
    """Raises when it is asked what it is."""

    def __repr__(self):
        raise RuntimeError("no answer from the instrument")


def test_a_cell_that_cannot_say_what_it_is_keeps_no_other_from_being_shown():
    said = "<Odd, whose repr raises RuntimeError>"
    assert show(pd.DataFrame({"a": [1, 2], "b": ["x", Odd()]}))["table"]["rows"][1] == ["1", "2", said]
    assert show([{"a": Odd(), 3: "x"}])["table"] == {"columns": ["a", "3"], "rows": [[said, "'x'"]], "total": 1}


def test_a_long_cell_is_cut():
    assert show(pd.DataFrame({"a": ["x" * 1000]}))["table"]["rows"][0][1] == f"{'x' * 200}…"


def test_a_list_of_dicts_is_a_table_and_an_array_says_its_shape():
    table = show([{"a": 1}, {"a": 2, "b": 3}])["table"]
    assert (table["columns"], table["rows"]) == (["a", "b"], [["1", ""], ["2", "3"]])
    assert show(np.zeros((3, 4)))["type"] == "ndarray 3 × 4"


def test_what_is_long_is_cut_and_what_is_large_is_bounded():
    assert len(show("x" * 1_000_000)["text"]) < LONGEST + 100
    assert len(show(list(range(1_000_000)))["text"]) < LONGEST
    json.dumps(show({"a": object()}))


def test_an_image_is_shown_as_what_it_draws():
    class Figure:
        def _repr_png_(self):
            return b"\x89PNG"

    class Broken:
        def _repr_png_(self):
            raise ValueError("no figure")

    assert show(Figure())["image"] == "iVBORw=="
    assert show(Broken())["image"] == ""


def test_an_instrument_is_shown_by_its_name_and_not_asked():
    class Silent:
        def __repr__(self):
            raise AssertionError("asked")

    assert show(Silent(), name="pump")["text"] == "pump"

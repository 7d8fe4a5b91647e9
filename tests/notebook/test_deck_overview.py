"""What is on the deck and what is not: reasons worth reading stand by themselves, the rest is one line."""

from __future__ import annotations

import math
from decimal import Decimal
from html import escape

import ipywidgets
import pandas as pd
import pytest

from ivoryos_jupyter.introspect import plain_kind
from ivoryos_jupyter.notebook import DeckOverview

KINDS = "3 values, 2 modules, 1 function, 1 class, 1 part of the notebook"


class Empty:
    """Offers nothing."""


@pytest.fixture
def ordinary(session, deck):
    """A notebook as they are: imports, functions, numbers, frames; and three names that one may wonder about."""
    deck.update({"math": math, "pd": pd, "dose": lambda: 1, "Empty": Empty, "df": pd.DataFrame(), "volume": 2.5, "price": Decimal(1)})
    deck.update({"bar": ipywidgets.IntSlider(), "second": deck["pump"], "_mine": deck["pump"], "hollow": Empty()})
    session.deck.exclude("spectrometer")
    return DeckOverview(session)


def test_what_is_plainly_no_instrument_is_one_line_and_the_rest_keeps_its_reason(ordinary):
    assert repr(ordinary).splitlines()[3:] == [
        "Left out:",
        "  spectrometer: excluded by you",
        "  second: the same object as pump",
        "  hollow: it has no methods or properties to offer (Empty)",
        "  _mine: its name begins with an underscore",
        f"  8 that are plainly no instruments ({KINDS}): math, pd, dose, Empty, df, volume …",
        "ivoryos.include(name) and ivoryos.exclude(name) decide otherwise, and are remembered. ivoryos.deck.left_out gives every reason.",
    ]


def test_in_the_notebook_the_line_unfolds_and_every_reason_is_there(ordinary):
    html = ordinary._repr_html_()
    before, _, folded = html.partition("<details>")
    assert "excluded by you" in before
    assert "a module" not in before
    assert folded.startswith("<summary>8 that are plainly no instruments")
    assert all(
        escape(reason) in folded for name, reason in ordinary.left_out.items() if name in {"math", "dose", "df", "volume", "price", "bar"}
    )


def test_one_name_is_said_in_the_singular_and_none_not_at_all(session, deck):
    overview = DeckOverview(session)
    assert "Left out" not in repr(overview)
    assert "<details>" not in overview._repr_html_()
    deck["volume"] = 2.5
    assert "  1 that is plainly no instrument (1 value): volume\n" in repr(overview)


def test_on_an_empty_deck_a_class_is_named_for_it_may_be_the_instrument_that_was_not_made(session, deck):
    deck.clear()
    deck.update({"pump": Empty, "math": math})
    overview = DeckOverview(session)
    assert "  pump: a class; an instrument is an object made from one\n  1 that is plainly" in repr(overview)
    assert "an object made from one" in overview._repr_html_().partition("<details>")[0]


def test_a_reason_that_a_person_gave_or_may_wonder_about_is_never_folded():
    for reason in ("excluded by you", "the same object as pump", "its name begins with an underscore", "it has no methods"):
        assert plain_kind(reason) == ""

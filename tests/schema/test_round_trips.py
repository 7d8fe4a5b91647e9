from __future__ import annotations

import json
import math
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.schema import (
    Anything,
    DeckSchema,
    Instrument,
    Limit,
    Limits,
    LiveReference,
    Method,
    Parameter,
    deck_from_json,
    encode,
    fingerprint,
    from_text,
    from_value,
    kind_from_json,
    parse_reference,
    plain_from_json,
    plain_to_json,
    to_json,
    to_text,
)
from ivoryos_jupyter.testing._kind_strategies import KINDS, KINDS_AND_VALUES, PLAIN, TEXTS, UNIONS_AND_VALUES


def same(one, other):
    """Equal, of the same types, nan equal to nan."""
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    if type(one) is list and type(other) is list:
        return len(one) == len(other) and all(map(same, one, other))
    if type(one) is dict and type(other) is dict:
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and one == other


@given(KINDS_AND_VALUES)
def test_what_is_written_as_text_is_read_as_the_same_value(pair):
    kind, value = pair
    plain = from_value(kind, value)
    assert same(from_text(kind, to_text(kind, plain), blank="text"), plain) or (plain is None and to_text(kind, plain) == "")


@given(KINDS_AND_VALUES)
def test_reading_a_plain_value_changes_nothing(pair):
    kind, value = pair
    plain = from_value(kind, value)
    assert same(from_value(kind, plain), plain)


@given(UNIONS_AND_VALUES)
def test_a_member_of_a_union_stays_what_it_is(pair):
    kind, value = pair
    plain = from_value(kind, value)
    assert same(from_value(kind, plain), plain)
    assert same(from_text(kind, to_text(kind, plain), blank="text"), plain)


@given(PLAIN)
def test_plain_values_survive_strict_json(plain):
    text = json.dumps(plain_to_json(plain), allow_nan=False)
    assert same(plain_from_json(json.loads(text)), plain)


@given(KINDS)
def test_kinds_survive_json(kind):
    assert kind_from_json(json.loads(json.dumps(to_json(kind), allow_nan=False))) == kind


@given(KINDS, TEXTS)
def test_decks_survive_json_and_keep_their_fingerprint(kind, text):
    method = Method("go", (Parameter("x", kind, help=text, unit=text),), summary=text, variants=((Parameter("y", kind),), ()))
    deck = DeckSchema(text, (Instrument("pump", "lab:Pump", methods=(method,)),))
    again = deck_from_json(json.loads(json.dumps(to_json(deck), allow_nan=False)))
    assert again == deck
    assert fingerprint(again) == fingerprint(deck)


@given(KINDS, st.text())
def test_whatever_is_typed_is_read_or_refused_and_never_fails_otherwise(kind, text):
    with suppress(ConversionError):
        plain = from_text(kind, text)
        assert same(from_value(kind, plain), plain)


@given(st.one_of(st.text(), st.text(alphabet="[](){}'\",:0123456789.ab \\")))
def test_any_text_is_something_where_nothing_is_known(text):
    with suppress(ConversionError):
        plain = from_text(Anything(), text)
        assert same(from_text(Anything(), to_text(Anything(), plain)), plain)


@given(st.text(alphabet="ab_.[]\"'0-1 (", max_size=20))
def test_a_reference_is_read_the_same_again_or_refused(text):
    try:
        reference = parse_reference(text)
    except ConversionError:
        return
    assert parse_reference(reference.text) == reference


OBJECTS = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.sampled_from([10**4000, -(10**4000), object(), Decimal("sNaN"), Decimal("Infinity"), Fraction(10**400), int, len]),
        st.floats(),
        st.text(),
        st.binary(),
        st.decimals(),
        st.complex_numbers(),
        st.datetimes(),
        st.dates(),
        st.times(),
        st.timedeltas(),
        st.fractions(),
        st.sampled_from([LiveReference("a.b"), LiveReference("a.__class__"), LiveReference("")]),
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers() | st.none(), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(KINDS | UNIONS_AND_VALUES.map(lambda pair: pair[0]) | st.just(Anything()), OBJECTS)
def test_whatever_is_given_is_read_or_refused_and_never_fails_otherwise(kind, value):
    with suppress(ConversionError):
        plain = from_value(kind, value)
        assert same(from_value(kind, plain), plain)
        json.dumps(plain_to_json(plain), allow_nan=False)


@given(OBJECTS)
def test_any_limit_can_be_checked_against_any_value(value):
    limit = Limit("pump", "go", "x", 1, 5, ("2", "3"), "mL")
    assert all(problem.message for problem in Limits((limit,)).check("pump", "go", {"x": value}))


@given(OBJECTS)
def test_anything_can_be_encoded(value):
    json.dumps(plain_to_json(encode(value)), allow_nan=False)

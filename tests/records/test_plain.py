"""Does a plain value come back from the text of a JSON column as it was?"""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from ivoryos_jupyter.records._plain import from_text, marked_text, plain_text
from ivoryos_jupyter.schema import LiveReference, encode

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.builds(LiveReference, st.text(min_size=1))
KEYS = st.sampled_from(["$dict", "$live", "$number", "$object", "$", "volume"]) | st.text()
PLAIN = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8)


def told_apart(value: object) -> object:
    """Return something that is equal only for values of the same classes, nan included."""
    if isinstance(value, list):
        return [told_apart(item) for item in value]
    if isinstance(value, dict):
        return {key: told_apart(item) for key, item in value.items()}
    return type(value).__name__, repr(value)


@given(PLAIN)
def test_a_plain_value_comes_back_as_it_was(plain):
    assert told_apart(from_text(plain_text(plain))) == told_apart(plain)


@given(PLAIN)
def test_the_text_is_json_that_every_database_takes(plain):
    text = plain_text(plain)
    assert text.isascii()
    json.loads(text, parse_constant=lambda name: (_ for _ in ()).throw(AssertionError(f"{name} is no JSON")))


@given(PLAIN)
def test_an_encoded_plain_value_comes_back_as_it_was(plain):
    assert told_apart(from_text(marked_text(encode(plain)))) == told_apart(plain)

from __future__ import annotations

import pytest

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.schema import AttributeOf, ItemAt, LiveReference, Reference, parse_reference, references_in


@pytest.mark.parametrize(
    ("text", "reference", "canonical"),
    [
        ("pump", Reference("pump"), "pump"),
        ('plate["A1"]', Reference("plate", (ItemAt("A1"),)), 'plate["A1"]'),
        ("plate['A1']", Reference("plate", (ItemAt("A1"),)), 'plate["A1"]'),
        (" stage . x [ -1 ] ", Reference("stage", (AttributeOf("x"), ItemAt(-1))), "stage.x[-1]"),
        ("a[True][None]", Reference("a", (ItemAt(True), ItemAt(None))), "a[True][None]"),  # noqa: FBT003
        ("""a['"']""", Reference("a", (ItemAt('"'),)), """a['"']"""),
        ("größe.µ", Reference("größe", (AttributeOf("µ"),)), "größe.µ"),
    ],
)
def test_names_attributes_and_constant_indexes_are_read(text, reference, canonical):
    assert parse_reference(text) == reference
    assert reference.text == canonical
    assert parse_reference(canonical) == reference


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "a.",
        "a[i]",
        "a[1:2]",
        "a[1, 2]",
        "a()",
        "a.b()",
        "a+b",
        "a[b'x']",
        "a[1.5]",
        "a['\\x41']",
        "a b",
        "lambda",
        "a.if",
        "a;b",
        "a['x'",
        "a]",
        "a[f'x']",
        "a[[1]]",
        "a[(1)]",
        "#a",
        "a\nb",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(ConversionError):
        parse_reference(text)


@pytest.mark.parametrize("text", ["_a", "a._b", "a.__class__", "a['x'].__globals__"])
def test_private_names_are_refused(text):
    with pytest.raises(ConversionError, match="private name"):
        parse_reference(text)


def test_a_long_reference_is_refused_and_the_field_is_named():
    with pytest.raises(ConversionError, match=r"well: .*longer than 300"):
        parse_reference("a" + ".b" * 1000, field="well")


def test_references_are_found_at_any_depth_in_order():
    well, axis = LiveReference('plate["A1"]'), LiveReference("stage.x")
    assert list(references_in({"wells": [well, 1, {"deeper": [axis]}], "text": "plate"})) == [well, axis]
    assert list(references_in(well)) == [well]
    assert list(references_in(None)) == []

from __future__ import annotations

import json

import pytest

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.introspect._annotations import Scope
from ivoryos_jupyter.introspect._arguments import live_arguments
from ivoryos_jupyter.introspect._reading import KindReader
from ivoryos_jupyter.schema import (
    LiveReference,
    Method,
    Parameter,
    convert_arguments,
    from_text,
    from_value,
    kind_from_json,
    plain_from_json,
    plain_to_json,
    to_json,
    to_text,
)
from ivoryos_jupyter.testing._conversion_table import CONVERSION_TABLE, Row, same
from ivoryos_jupyter.testing._conversion_types import Well


def _parameter(row: Row) -> Parameter:
    return Parameter("value", KindReader(Scope()).kind(row.annotation))


def _follow(text: str) -> object:
    return Well(text)


def _unfollowed(value):
    if isinstance(value, Well):
        return LiveReference(value.name)
    return [_unfollowed(item) for item in value] if type(value) is list else value


def _wells(value):
    if isinstance(value, LiveReference):
        return Well(value.text)
    return [_wells(item) for item in value] if type(value) is list else value


def _made(row, parameter, plain):
    return live_arguments(Method("m", (parameter,)), {"value": row.annotation}, plain, _follow)[1]["value"]


def _live(row: Row, text: str):
    parameter = _parameter(row)
    plain = convert_arguments([parameter], {"value": text}, text=True)
    args, kwargs = live_arguments(Method("m", (parameter,)), {"value": row.annotation}, plain, _follow)
    assert args == ()
    return kwargs["value"]


@pytest.mark.parametrize("row", [row for row in CONVERSION_TABLE if not row.error], ids=lambda row: row.name)
def test_what_is_typed_reaches_the_driver_as_the_annotation_says(row):
    live = _live(row, row.text)
    assert same(_unfollowed(live), row.expected)


@pytest.mark.parametrize("row", [row for row in CONVERSION_TABLE if row.error], ids=lambda row: row.name)
def test_what_is_typed_wrongly_is_refused_with_field_value_and_cure(row):
    with pytest.raises(ConversionError) as caught:
        convert_arguments([_parameter(row)], {"value": row.text}, text=True)
    assert row.error in str(caught.value)
    assert all(problem.field.startswith("value") for problem in caught.value.problems)


@pytest.mark.parametrize("row", [row for row in CONVERSION_TABLE if not row.error], ids=lambda row: row.name)
def test_a_plain_value_read_again_is_the_same_plain_value(row):
    kind = KindReader(Scope()).kind(row.annotation)
    plain = from_text(kind, row.text)
    assert same(from_value(kind, plain), plain)


@pytest.mark.parametrize("row", [row for row in CONVERSION_TABLE if not row.error], ids=lambda row: row.name)
def test_a_plain_value_written_as_text_is_read_as_the_same_value(row):
    kind = KindReader(Scope()).kind(row.annotation)
    plain = from_text(kind, row.text)
    assert same(from_text(kind, to_text(kind, plain)), plain)


@pytest.mark.parametrize("row", [row for row in CONVERSION_TABLE if not row.error], ids=lambda row: row.name)
def test_a_live_value_arrives_as_it_was_given(row):
    parameter = _parameter(row)
    given = {"value": _wells(row.expected)}
    direct = convert_arguments([parameter], given, text=False, live=True)
    assert same(_unfollowed(_made(row, parameter, direct)), row.expected)
    assert same(_unfollowed(_made(row, parameter, given)), row.expected)


@pytest.mark.parametrize("row", [row for row in CONVERSION_TABLE if not row.error], ids=lambda row: row.name)
def test_plain_values_and_kinds_survive_json(row):
    kind = KindReader(Scope()).kind(row.annotation)
    plain = from_text(kind, row.text)
    assert same(plain_from_json(json.loads(json.dumps(plain_to_json(plain), allow_nan=False))), plain)
    assert kind_from_json(json.loads(json.dumps(to_json(kind), allow_nan=False))) == kind

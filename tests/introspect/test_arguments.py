from __future__ import annotations

import inspect
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NewType

import pytest
from pydantic import BaseModel, Field, field_validator

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.introspect._annotations import Scope
from ivoryos_jupyter.introspect._arguments import live_arguments
from ivoryos_jupyter.introspect._reading import KindReader
from ivoryos_jupyter.schema import (
    Anything,
    Default,
    EnumChoice,
    EnumMember,
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
from ivoryos_jupyter.testing._conversion_types import Port, Speed, Well


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


def _never(text):
    raise AssertionError(text)


def _call(function, plain, *, follow=_never, names=None):
    """Call `function` with what its live annotations make of `plain`."""
    signature = inspect.signature(function, eval_str=True)
    annotated = {one.name: one.annotation for one in signature.parameters.values() if one.annotation is not one.empty}
    reader = KindReader(Scope())
    parameters = tuple(
        Parameter(
            one.name,
            reader.kind(annotated[one.name]) if one.name in annotated else Anything(),
            _PASSING[one.kind],
            None if one.default is one.empty else Default("…"),
        )
        for one in signature.parameters.values()
    )
    args, kwargs = live_arguments(Method("m", parameters), annotated if names is None else names, plain, follow)
    return function(*args, **kwargs)


_PASSING = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "either",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_POSITIONAL: "var_positional",
    inspect.Parameter.VAR_KEYWORD: "var_keyword",
}


def _refused(function, plain, **keywords):
    with pytest.raises(ConversionError) as caught:
        _call(function, plain, **keywords)
    return [str(one) for one in caught.value.problems]


def test_each_argument_is_passed_as_the_signature_asks():
    def go(first, /, second, third=3, *rest: float, only, other=6, **more: Speed):
        return first, second, third, rest, only, other, more

    assert _call(go, {"first": 1, "second": 2, "only": 5}) == (1, 2, 3, (), 5, 6, {})
    given = {"first": 1, "second": 2, "third": 0, "rest": [4.0, 5.0], "only": 5, "more": {"x": "SLOW"}}
    assert _call(go, given) == (1, 2, 0, (4.0, 5.0), 5, 6, {"x": Speed.SLOW})
    assert _call(go, {"first": 1, "second": 2, "rest": [], "only": 5}) == (1, 2, 3, (), 5, 6, {})


def test_what_stands_before_a_positional_argument_cannot_be_left_out():
    def go(first=1, second=2, /, third=3, *rest):
        return first, second, third, rest

    assert _refused(go, {"second": 5}) == ["first: a value is needed, because second is given"]
    assert _refused(go, {"first": 1, "second": 5, "rest": [1]}) == ["third: a value is needed, because rest is given"]
    assert _call(go, {}) == (1, 2, 3, ())


def test_missing_unknown_and_double_arguments_are_said_at_once():
    def go(volume, *, speed, **more):
        return volume, speed, more

    found = _refused(go, {"volum": 1, "more": {"speed": 2}})
    assert found == [
        "volum: there is no parameter of this name; did you mean volume?",
        "volume: a value is needed",
        "speed: a value is needed",
        "more['speed']: speed is a parameter of its own; give it there",
    ]


def test_references_are_followed_wherever_they_stand():
    deck = {"a": Well("a"), "b": Well("b"), "speed": Speed.FAST}

    def go(wells: list[Well], named: dict[str, Well], maybe: Well | None, loose, speed: Any):
        return wells, named, maybe, loose, speed

    given = {
        "wells": [LiveReference("a"), LiveReference("b")],
        "named": {"x": LiveReference("a")},
        "maybe": LiveReference("b"),
        "loose": [1, {"in": [LiveReference("a")]}],
        "speed": LiveReference("speed"),
    }
    wells, named, maybe, loose, speed = _call(go, given, follow=deck.__getitem__)
    assert wells == [deck["a"], deck["b"]]
    assert named == {"x": deck["a"]}
    assert maybe is deck["b"]
    assert loose == [1, {"in": [deck["a"]]}]
    assert speed is Speed.FAST


def test_a_reference_to_the_wrong_thing_or_to_nothing_is_refused_by_name():
    def go(well: Well):
        return well

    assert _refused(go, {"well": LiveReference("pump")}, follow=lambda _text: 5) == ["well: pump is a int, and a Well is needed"]
    found = _refused(go, {"well": LiveReference("wel")}, follow={}.__getitem__)
    assert found == ["well: wel cannot be followed: 'wel'"]


def test_live_objects_pass_where_they_fit_and_only_there():
    def go(well: Well, speed: Speed, text: str = "", anything=None):
        return well, speed, text, anything

    well, marker = Well("a"), object()
    assert _call(go, {"well": well, "speed": Speed.SLOW, "anything": marker}) == (well, Speed.SLOW, "", marker)
    found = _refused(go, {"well": marker, "speed": Port.WASTE, "text": marker})
    assert [line.split(":")[0] for line in found] == ["well", "speed", "text"]
    assert "a object was given, and a Well is needed" in found[0]


def test_an_object_whose_class_was_defined_again_still_fits():
    again = type("Well", (), {"__module__": Well.__module__})

    def go(well: Well):
        return well

    assert isinstance(_call(go, {"well": again()}), again)


def test_models_are_checked_strictly_and_say_what_is_wrong():
    class Strict(BaseModel):
        volume: Annotated[float, Field(gt=0)] = Field(alias="vol")
        name: str = "x"

        @field_validator("name")
        @classmethod
        def _short(cls, name):
            if len(name) > 3:
                raise ValueError("too long")
            return name

    assert _call(lambda x: x, {"x": {"volume": 2.0}}, names={"x": Strict}) == {"volume": 2.0}
    kind = KindReader(Scope()).kind(Strict)
    method = Method("m", (Parameter("x", kind),))
    assert live_arguments(method, {"x": Strict}, {"x": {"volume": 2.0}}, _never)[1]["x"].volume == 2.0
    with pytest.raises(ConversionError) as caught:
        live_arguments(method, {"x": Strict}, {"x": {"volume": -1.0, "name": "much too long"}}, _never)
    assert [problem.field for problem in caught.value.problems] == ["x.vol", "x.name"]


def test_a_class_that_refuses_its_values_is_quoted():
    @dataclass
    class Even:
        number: int

        def __post_init__(self):
            if self.number % 2:
                raise ValueError("only even numbers")

    assert _call_kind(Even, {"number": 2}) == Even(2)
    with pytest.raises(ConversionError, match="x: Even refuses it: only even numbers"):
        _call_kind(Even, {"number": 3})


def _call_kind(annotation, plain):
    kind = KindReader(Scope()).kind(annotation)
    return live_arguments(Method("m", (Parameter("x", kind),)), {"x": annotation}, {"x": plain}, _never)[1]["x"]


def test_without_an_annotation_a_class_that_is_loaded_is_found_by_its_name():
    kind = KindReader(Scope()).kind(Speed)
    assert live_arguments(Method("m", (Parameter("x", kind),)), {}, {"x": "FAST"}, _never)[1]["x"] is Speed.FAST
    gone = EnumChoice("no.such:Thing", (EnumMember("A", "1"),))
    assert live_arguments(Method("m", (Parameter("x", gone),)), {}, {"x": "A"}, _never)[1]["x"] == "A"


def test_a_member_that_is_gone_since_is_refused():
    kind = EnumChoice(f"{Speed.__module__}:Speed", (EnumMember("WARP", "9"),))
    with pytest.raises(ConversionError, match="x: Speed has no member 'WARP' now"):
        live_arguments(Method("m", (Parameter("x", kind),)), {"x": Speed}, {"x": "WARP"}, _never)


@pytest.mark.parametrize(
    ("annotation", "plain", "live"),
    [
        (bytearray, "b'ab'", bytearray(b"ab")),
        (os.PathLike, "a/b", Path("a/b")),
        (set[Speed], ["SLOW"], {Speed.SLOW}),
        (Literal[Speed.SLOW], "SLOW", Speed.SLOW),
        (Annotated[Speed, "why"], "SLOW", Speed.SLOW),
        (NewType("Rate", Speed), "SLOW", Speed.SLOW),
        (dict[Port, Speed], {"WASTE": "SLOW"}, {Port.WASTE: Speed.SLOW}),
        (list[Speed] | dict[str, Speed], {"a": "SLOW"}, {"a": Speed.SLOW}),
        (tuple[Speed, ...] | None, ["SLOW"], (Speed.SLOW,)),
        (tuple[Speed, list[Port]], ["SLOW", ["WASTE"]], (Speed.SLOW, [Port.WASTE])),
    ],
)
def test_annotations_are_looked_through(annotation, plain, live):
    assert same(_call_kind(annotation, plain), live)


def test_items_that_cannot_be_in_a_set_are_refused():
    with pytest.raises(ConversionError, match="x: these values cannot be in a set"):
        _call_kind(set, [[1]])

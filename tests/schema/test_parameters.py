from __future__ import annotations

import pytest

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.schema import Anything, Default, Integer, ListOf, Nullable, Number, Parameter, Text, convert_arguments

VOLUME = Parameter("volume_ml", Number(), unit="mL")
SPEED = Parameter("speed", Integer(), default=Default("5", 5, known=True))
LABEL = Parameter("label", Nullable(Text()), default=Default("None", None, known=True))
NAME = Parameter("name", Text())
REST = Parameter("rest", Number(), "var_positional")
MORE = Parameter("more", Integer(), "var_keyword")


def refused(*arguments, **keywords):
    with pytest.raises(ConversionError) as caught:
        convert_arguments(*arguments, **keywords)
    return [str(one) for one in caught.value.problems]


def test_all_that_is_missing_unknown_and_wrong_is_said_at_once():
    found = refused([VOLUME, SPEED, NAME], {"volume_ml": "1,5", "spedd": "3", "speed": "fast"}, text=True)
    assert found == [
        "spedd: there is no parameter of this name; did you mean speed?",
        "volume_ml: '1,5' is not a number; write 1.5",
        "speed: 'fast' is not a whole number",
        "name: a text is needed",
    ]


def test_what_is_omitted_stays_omitted_and_a_typed_blank_is_omitted_where_there_is_a_default():
    assert convert_arguments([SPEED, LABEL], {}, text=True) == {}
    assert convert_arguments([SPEED, LABEL], {"speed": " ", "label": ""}, text=True) == {}
    assert convert_arguments([LABEL], {"label": ""}, text=True, blank="text") == {"label": ""}
    assert convert_arguments([LABEL], {"label": " "}, text=True) == {"label": " "}
    assert convert_arguments([SPEED], {"speed": ""}, text=True, blank="text") == {}


def test_a_blank_cell_for_a_required_parameter_is_missing():
    assert refused([NAME], {"name": ""}, text=True) == ["name: a text is needed"]
    assert convert_arguments([NAME], {"name": ""}, text=True, blank="text") == {"name": ""}
    assert convert_arguments([NAME], {"name": ""}, text=False) == {"name": ""}
    assert "needed" in refused([VOLUME], {"volume_ml": ""}, text=True)[0]
    assert convert_arguments([Parameter("x", Nullable(Number()))], {"x": ""}, text=True) == {"x": None}


def test_none_false_empty_text_and_omitted_are_four_things():
    flag = Parameter("flag", Nullable(Anything()), default=Default("…"))
    for value in (None, False, ""):
        assert convert_arguments([flag], {"flag": value}, text=False) == {"flag": value}
    assert convert_arguments([flag], {}, text=False) == {}


def test_a_value_that_is_no_text_is_a_value_on_the_text_route_too():
    assert convert_arguments([VOLUME, NAME], {"volume_ml": 2, "name": "007"}, text=True) == {"volume_ml": 2.0, "name": "007"}
    assert refused([NAME], {"name": 7}, text=True) == ["name: 7 is not a text; write '7' in quotes"]


def test_variable_arguments_are_a_list_and_a_mapping():
    given = {"rest": "1, 2", "more": '{"a": 1}'}
    assert convert_arguments([REST, MORE], given, text=True) == {"rest": [1.0, 2.0], "more": {"a": 1}}
    assert convert_arguments([REST, MORE], {"rest": "", "more": ""}, text=True) == {}
    assert convert_arguments([MORE], {"a": "1", "more": {"b": 2}}, text=True) == {"more": {"b": 2, "a": 1}}
    assert "more['a']: 'x' is not a whole number" in refused([MORE], {"a": "x"}, text=True)


def test_the_unit_of_the_parameter_is_known():
    assert convert_arguments([VOLUME], {"volume_ml": "500 µL"}, text=True) == {"volume_ml": 0.5}
    assert convert_arguments([Parameter("v", ListOf(Number()), unit="mL")], {"v": "1 mL, 0.5 cL"}, text=True) == {"v": [1.0, 5.0]}


def test_values_come_in_the_order_of_the_parameters():
    assert list(convert_arguments([SPEED, VOLUME], {"volume_ml": 1, "speed": 2}, text=False)) == ["speed", "volume_ml"]

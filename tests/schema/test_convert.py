from __future__ import annotations

import datetime as dt
import enum
import sys

import numpy as np
import pandas as pd
import pint
import pytest

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.schema import (
    Anything,
    Boolean,
    DictOf,
    EnumChoice,
    EnumMember,
    Integer,
    ListOf,
    LiteralChoice,
    Live,
    LiveReference,
    Nullable,
    Number,
    OneOf,
    Parameter,
    Record,
    Special,
    Temporal,
    Text,
    TupleOf,
    chosen_member,
    describe,
    from_text,
    from_value,
    to_text,
)


class Speed(enum.Enum):
    SLOW = "slow"


class Other(enum.Enum):
    SLOW = "slow"


SPEED = EnumChoice(f"{Speed.__module__}:Speed", (EnumMember("SLOW", "slow"),))
SETTINGS = Record("lab:Settings", (Parameter("speed", Number(), unit="rpm"), Parameter("volumes", ListOf(Integer()))))


def refused(call, *arguments, **keywords):
    with pytest.raises(ConversionError) as caught:
        call(*arguments, **keywords)
    return [(one.field, one.message) for one in caught.value.problems]


@pytest.mark.parametrize(
    ("unit", "text", "number"),
    [
        ("mL", "5 mL", 5.0),
        ("mL", "5mL", 5.0),
        ("mL", "-1.5e-3 mL", -0.0015),
        ("°C", "20 °C", 20.0),
        ("%", "50 %", 50.0),
        ("µL", "5 μL", 5.0),
    ],
)
def test_the_unit_itself_may_be_written_without_pint(monkeypatch, unit, text, number):
    monkeypatch.setattr("ivoryos_jupyter.schema._units._registry", lambda: None)
    assert from_text(Number(), text, unit=unit) == number


def test_without_pint_another_unit_names_the_cure(monkeypatch):
    monkeypatch.setattr("ivoryos_jupyter.schema._units._registry", lambda: None)
    ((field, message),) = refused(from_text, Number(), "5 L", field="volume", unit="mL")
    assert field == "volume"
    assert "the unit is mL" in message


@pytest.mark.parametrize(
    ("unit", "text", "number"),
    [
        ("µL", "5 mL", 5000.0),
        ("mL", "0.5 L", 500.0),
        ("degC", "293.15 K", 20.0),
        ("°C", "68 °F", 20.0),
        ("mL/min", "1 mL/s", 60.0),
        ("s", "2 min", 120.0),
    ],
)
def test_with_pint_another_unit_is_converted(unit, text, number):
    assert from_text(Number(), text, unit=unit) == pytest.approx(number, rel=1e-12)


def test_units_convert_inside_lists_and_for_whole_numbers_and_quantities():
    assert from_text(ListOf(Number()), "5 mL, 100", unit="µL") == [5000.0, 100.0]
    assert from_text(Integer(), "2 min", unit="s") == 120
    assert from_value(Number(), pint.UnitRegistry().Quantity(5, "mL"), unit="µL") == 5000.0
    assert "cannot be converted to mL" in refused(from_text, Number(), "5 s", unit="mL")[0][1]
    assert "leave the unit away" in refused(from_text, Number(), "5 mL**99999999", unit="mL")[0][1]
    assert "leave the unit away" in refused(from_text, Number(), "5 eval('1')", unit="mL")[0][1]


def test_importing_the_schema_imports_nothing_heavy():
    import subprocess  # noqa: PLC0415 - only here

    code = "import sys, ivoryos_jupyter.schema as s; s.from_text(s.Number(), '1'); print([m for m in ('numpy','pandas','pydantic','pint','filelock') if m in sys.modules])"  # noqa: E501 - one program
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_every_problem_of_a_nested_value_is_reported_at_once_with_its_path():
    found = refused(from_text, SETTINGS, '{"speed": "fast", "volumes": [1, 2.5, "x"], "colour": 1}', field="settings")
    assert [field for field, _message in found] == ["settings.colour", "settings.speed", "settings.volumes[1]", "settings.volumes[2]"]
    found = refused(from_text, DictOf(Text(), Number()), '{"a": 1, "b": "x"}', field="rates")
    assert [field for field, _message in found] == ["rates['b']"]


def test_an_enum_member_is_taken_by_class_and_name():
    assert from_value(SPEED, Speed.SLOW) == "SLOW"
    assert "is not a member of Speed" in refused(from_value, SPEED, Other.SLOW)[0][1]
    assert "is not a member" in refused(from_value, SPEED, object())[0][1]


def test_values_of_the_wrong_type_are_refused_with_the_cure():
    assert "in quotes" in refused(from_value, Text(), 5)[0][1]
    assert "truth value" in refused(from_value, Number(), value=True)[0][1]
    assert "write [5]" in refused(from_value, ListOf(Number()), 5)[0][1]
    assert "is not a whole number" in refused(from_value, Integer(), None)[0][1]
    assert "finite" in refused(from_value, Number(), float("nan"))[0][1]
    assert "is not a whole number" in refused(from_value, Integer(), float("inf"))[0][1]
    assert "live object does not fit" in refused(from_value, Number(), LiveReference("a.b"))[0][1]
    assert "no plain value" in refused(from_value, Anything(), object())[0][1]
    assert "not a reference" in refused(from_value, Live("lab:Well"), object())[0][1]


def test_nan_is_taken_where_the_driver_admits_it():
    assert repr(from_text(Number(nonfinite=True), "nan")) == "nan"
    assert from_text(Number(nonfinite=True), "-inf") == float("-inf")


def test_a_number_below_zero_where_none_may_be_is_called_negative():
    assert refused(from_text, Number(minimum=0), "-5")[0][1] == "'-5' is negative; it must be 0 or more"
    assert refused(from_value, Integer(minimum=0), -1)[0][1] == "-1 is negative; it must be 0 or more"


def test_bounds_of_the_driver_hold():
    assert "below the driver's minimum of 1" in refused(from_text, Integer(1, 5), "0")[0][1]
    assert "above the driver's maximum of 5" in refused(from_value, Number(1, 5), 5.5)[0][1]
    assert from_text(Number(1, 5), "5") == 5.0


def test_blank_text_and_none_stay_apart_where_the_caller_says_so():
    assert from_text(Nullable(Text()), "") is None
    assert from_text(Nullable(Text()), "", blank="text") == ""
    assert from_value(Nullable(Text()), "") == ""
    assert from_value(Nullable(Text()), None) is None
    assert from_text(Nullable(Number()), "", blank="text") is None


def test_a_text_given_as_a_value_stays_a_text_where_texts_are_admitted():
    kind = OneOf((Integer(), Number(), Text()))
    assert from_value(kind, "2.5") == "2.5"
    assert from_value(OneOf((Integer(), Number())), "2.5") == 2.5
    assert from_text(kind, '"2.5"') == "2.5"
    assert to_text(kind, "2.5") == '"2.5"'


def test_the_member_that_is_taken_is_told():
    kind = OneOf((Text(), Integer(), Number(), LiteralChoice(("auto",))))
    assert chosen_member(kind, "2.5", text=True) == (2, 2.5)
    assert chosen_member(kind, "auto", text=True) == (3, "auto")
    assert chosen_member(kind, "auto!", text=True) == (0, "auto!")
    assert chosen_member(kind, 5, text=False) == (1, 5)


def test_live_values_of_the_standard_library_and_numpy_are_read():
    assert from_value(Temporal("datetime"), dt.datetime(2026, 1, 2, 3, 4)) == "2026-01-02T03:04:00"  # noqa: DTZ001
    assert from_value(Temporal("timedelta"), dt.timedelta(minutes=1)) == 60.0
    assert from_value(Temporal("timedelta"), 5) == 5.0
    assert from_value(Integer(), np.int64(5)) == 5
    assert type(from_value(Integer(), np.int64(5))) is int
    assert from_value(Number(), np.float32(0.5)) == 0.5
    assert from_value(Boolean(), np.bool_(True)) is True  # noqa: FBT003
    assert from_value(ListOf(Number()), np.array([1, 2])) == [1.0, 2.0]
    assert from_value(Special("ndarray"), np.eye(2)) == [[1.0, 0.0], [0.0, 1.0]]
    assert "is not a date;" in refused(from_value, Temporal("date"), dt.datetime(2026, 1, 2))[0][1]  # noqa: DTZ001


def test_missing_values_of_pandas_are_none():
    assert from_value(Nullable(Number()), pd.NA) is None
    assert from_value(Nullable(Temporal("datetime")), pd.NaT) is None


def test_a_live_object_passes_where_the_caller_allows_it():
    thing = object()
    assert from_value(Live("lab:Well"), thing, live=True) is thing
    assert from_value(ListOf(Live("lab:Well")), [thing, LiveReference("a")], live=True) == [thing, LiveReference("a")]
    assert from_value(Anything(), thing, live=True) is thing
    assert "not a reference" in refused(from_value, Live("lab:Well"), 5, live=True)[0][1]


def test_a_message_is_bounded_and_calls_no_repr():
    class Loud:
        def __repr__(self):
            raise RuntimeError

    assert len(str(refused(from_text, Number(), "x" * 100_000))) < 300
    assert "<Loud>" in refused(from_value, Number(), Loud())[0][1]


def test_every_kind_has_words():
    kinds = [
        Boolean(),
        Integer(),
        Number(),
        Text(),
        SPEED,
        LiteralChoice((1, "a")),
        ListOf(Number()),
        TupleOf((Number(), Text())),
        DictOf(Text(), Number()),
        SETTINGS,
        Temporal("date"),
        Special("path"),
        Live("lab:Well"),
        OneOf((Number(), Text())),
        Nullable(Number()),
        Anything(),
    ]
    assert [describe(kind) for kind in kinds] == [
        "true or false",
        "a whole number",
        "a number",
        "a text",
        "one of SLOW",
        "one of 1, 'a'",
        "a list (a number each)",
        "2 values (a number, a text)",
        'a mapping such as {"name": …} (a number each)',
        "a Settings",
        "a date",
        "a path",
        "a Well",
        "a number or a text",
        "a number or None",
        "any value",
    ]
    many = EnumChoice("lab:Many", tuple(EnumMember(f"M{number}", "") for number in range(100)))
    assert "(100 in all)" in describe(many)


@pytest.mark.parametrize("text", ["[" * 500, "[" * 100_000, "{" * 1000 + "}" * 1000, "(" * 60 + ")" * 60])
def test_brackets_without_end_are_refused(text):
    assert refused(from_text, ListOf(Anything()), text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1, 2", "']' is missing"),
        ("1, 2]", "closes nothing"),
        ("[1] 2", "is not a number"),
        (r'["\d"]', "backslash"),
        ("[(1, 2]", "missing"),
    ],
)
def test_brackets_that_do_not_fit_are_named(text, words):
    assert words in refused(from_text, ListOf(Number()), text)[0][1]


@pytest.mark.parametrize("kind", [Integer(), Number(), Boolean(), Text(), LiteralChoice((1,)), SPEED, Special("decimal"), Anything()])
def test_a_number_of_thousands_of_digits_does_no_harm(kind):
    assert refused(from_value, kind, 10**5000)
    assert "too large" in refused(from_text, Integer(), "9" * 100_000)[0][1]
    assert refused(from_text, Number(), "9" * 100_000 + "x")


@pytest.mark.parametrize(
    ("form", "text"),
    [("datetime", "20261130T1405"), ("date", "20261130"), ("date", "2026-W48-1"), ("time", "14"), ("time", "24:00"), ("datetime", "5")],
)
def test_only_the_common_form_of_a_moment_is_read_on_every_python(form, text):
    assert "write it like" in refused(from_text, Temporal(form), text)[0][1]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("2026-11-30T14:05:01.5", "2026-11-30T14:05:01.500000"),
        ("2026-11-30T14:05:01,25", "2026-11-30T14:05:01.250000"),
        ("2026-11-30T14:05:01.123456789", "2026-11-30T14:05:01.123456"),
        ("2026-11-30T14:05+02:00", "2026-11-30T14:05:00+02:00"),
        ("2026-11-30", "2026-11-30T00:00:00"),
    ],
)
def test_fractions_and_offsets_of_a_moment_are_read(text, plain):
    assert from_text(Temporal("datetime"), text) == plain


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT0.5S", 0.5),
        ("-PT1M", -60.0),
        ("P1DT2H", 93600.0),
        ("P2W", 1209600.0),
        ("1 day, 2:00:00", 93600.0),
        ("0:00:01.5", 1.5),
        ("1e3", 1000.0),
    ],
)
def test_spans_are_read_in_seconds_iso_and_clock_form(text, seconds):
    assert from_text(Temporal("timedelta"), text) == seconds


@pytest.mark.parametrize("text", ["P", "PT", "P1.2.3D", "1:99:00", "5 min", "1e30", "", "PT1H30"])
def test_other_spans_are_refused(text):
    assert refused(from_text, Temporal("timedelta"), text)

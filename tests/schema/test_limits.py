from __future__ import annotations

import json
import os
import shutil
import threading
from dataclasses import replace

import numpy as np
import pytest

from ivoryos_jupyter.errors import ConversionError, SafetyFileError
from ivoryos_jupyter.introspect import describe
from ivoryos_jupyter.schema import (
    DeckSchema,
    Default,
    Instrument,
    Limit,
    Limits,
    LimitsFile,
    LiveReference,
    Method,
    Number,
    Parameter,
    Property,
    unfit_limits,
)
from ivoryos_jupyter.schema import _safety_file as safety_file

SAFETY = """{"format": "ivoryos-safety/1", "limits": [
 {"target": "pump", "method": "dispense", "param": "volume_ml", "min": 0.1, "max": 5, "unit": "mL"},
 {"target": "reactor", "method": "temperature_(setter)", "param": "value", "max": 120, "unit": "°C"},
 {"target": "spectrometer", "method": "measure", "param": "sample_id", "allowed": ["blank", "S1", 5]}]}"""


@pytest.fixture
def path(tmp_path):
    place = tmp_path / "safety.json"
    place.write_text(SAFETY, encoding="utf-8")
    return place


def messages(limits, target, method, arguments, parameters=()):
    return [str(one) for one in limits.check(target, method, arguments, parameters)]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (12, ["volume_ml: 12 mL is above the limit of 5 mL"]),
        (0.05, ["volume_ml: 0.05 mL is below the limit of 0.1 mL"]),
        ([1, 6.0, None, 7], ["volume_ml[1]: 6 mL is above the limit of 5 mL", "volume_ml[3]: 7 mL is above the limit of 5 mL"]),
        ([[9]], ["volume_ml[0][0]: 9 mL is above the limit of 5 mL"]),
        ("12", ["volume_ml: 12 mL is above the limit of 5 mL"]),
        (5, []),
        (0.1, []),
        (None, []),
        (LiveReference("a.b"), []),
    ],
)
def test_a_value_is_compared_with_its_limits(path, value, said):
    assert messages(LimitsFile(path).current(), "pump", "dispense", {"volume_ml": value}) == said


@pytest.mark.parametrize("value", [float("nan"), "abc", True, {"a": 1}, object()])
def test_what_is_no_number_fails_a_range(path, value):
    (said,) = messages(LimitsFile(path).current(), "pump", "dispense", {"volume_ml": value})
    assert "is no number" in said


def test_an_array_is_checked_item_by_item(path):
    limits = LimitsFile(path).current()
    assert len(messages(limits, "pump", "dispense", {"volume_ml": np.array([[1.0, 9.0], [8.0, float("nan")]])})) == 3


def test_a_setter_and_allowed_values_are_checked(path):
    limits = LimitsFile(path).current()
    assert messages(limits, "reactor", "temperature_(setter)", {"value": 121.5}) == ["value: 121.5 °C is above the limit of 120 °C"]
    assert messages(limits, "spectrometer", "measure", {"sample_id": "S1"}) == []
    assert messages(limits, "spectrometer", "measure", {"sample_id": 5.0}) == []
    assert messages(limits, "spectrometer", "measure", {"sample_id": "S2"}) == ["sample_id: S2 is not allowed; allowed is blank, S1, 5"]
    assert messages(limits, "pump", "stop", {"volume_ml": 99}) == []


def test_an_omitted_argument_is_checked_at_the_drivers_default(path):
    limits = LimitsFile(path).current()
    high = Parameter("volume_ml", Number(), default=Default("8", 8, known=True))
    unknown = Parameter("volume_ml", Number(), default=Default("<object>"))
    nothing = Parameter("volume_ml", Number(), default=Default("None", None, known=True))
    assert "default is used: 8 mL is above the limit of 5 mL" in messages(limits, "pump", "dispense", {}, [high])[0]
    assert "give a value" in messages(limits, "pump", "dispense", {}, [unknown])[0]
    assert messages(limits, "pump", "dispense", {}, [nothing]) == []


def test_no_file_means_no_limits(tmp_path):
    assert LimitsFile(tmp_path / "safety.json").current() == Limits()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Expecting value"),
        ("{", "Expecting property name"),
        ("[1]", "format"),
        ('{"format": "ivoryos-safety/2", "limits": []}', "format"),
        ('{"format": "ivoryos-safety/1"}', "no list 'limits'"),
        ('{"format": "ivoryos-safety/1", "limits": [1]}', "entry 1 is no object"),
        ('{"format": "ivoryos-safety/1", "limits": [{"target": "a", "method": "b", "param": "c"}]}', "none of min"),
        ('{"format": "ivoryos-safety/1", "limits": [{"target": "a", "method": "b", "param": "c", "maximum": 1}]}', "maximum"),
        ('{"format": "ivoryos-safety/1", "limits": [{"target": "a", "method": "b", "param": "c", "min": 2, "max": 1}]}', "above max"),
        ('{"format": "ivoryos-safety/1", "limits": [{"target": "a", "method": "b", "param": "c", "max": "5"}]}', "max is no number"),
        ('{"format": "ivoryos-safety/1", "limits": [{"target": "a", "method": "b", "param": "c", "max": NaN}]}', "NaN is no JSON number"),
        ('{"format": "ivoryos-safety/1", "limits": [{"target": "a", "method": "b", "param": "c", "allowed": []}]}', "allowed"),
        ('{"format": "ivoryos-safety/1", "limits": [{"target": "a", "method": "", "param": "c", "max": 1}]}', "needs target"),
        ('{"format": "ivoryos-safety/1", "limits": [{"target": "a", "method": "b", "param": "c", "max": 1, "max": 2}]}', "twice"),
        ("[" * 100_000, "recursion"),
    ],
)
def test_a_file_that_cannot_be_understood_blocks_every_call_until_it_is_mended(path, text, reason):
    limits = LimitsFile(path)
    assert limits.current().entries
    path.write_text(text, encoding="utf-8")
    for _again in range(2):
        with pytest.raises(SafetyFileError) as caught:
            limits.current()
        assert reason in str(caught.value)
        assert str(path) in str(caught.value)
    path.write_text(SAFETY, encoding="utf-8")
    assert limits.current().entries


def test_two_entries_for_one_parameter_are_refused(path):
    data = json.loads(SAFETY)
    data["limits"].append(data["limits"][0])
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(SafetyFileError, match="two entries"):
        LimitsFile(path).current()


def test_a_folder_in_its_place_and_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "bytes").write_bytes(b'{"a": "\xff"}')
    for name in ("folder", "bytes"):
        with pytest.raises(SafetyFileError):
            LimitsFile(tmp_path / name).current()


def test_a_change_is_seen_and_an_unchanged_file_is_not_read_again(path):
    limits = LimitsFile(path)
    first = limits.current()
    assert limits.current() is first
    other = path.with_suffix(".new")
    other.write_text(SAFETY.replace("120", "121"), encoding="utf-8")
    shutil.copystat(path, other)
    other.replace(path)
    assert limits.current().of("reactor", "temperature_(setter)", "value").maximum == 121


def test_what_is_saved_is_read_again_and_removed_again(path):
    limits = LimitsFile(path)
    limits.save(Limit("pump", "dispense", "volume_ml", maximum=3.0, unit="mL"))
    limits.save(Limit("pump", "rinse", "cycles", 1, 2.5))
    again = LimitsFile(path).current()
    assert again.of("pump", "dispense", "volume_ml") == Limit("pump", "dispense", "volume_ml", maximum=3, unit="mL")
    assert [one["max"] for one in json.loads(path.read_text(encoding="utf-8"))["limits"] if "max" in one] == [120, 3, 2.5]
    assert limits.remove("pump", "rinse", "cycles")
    assert not limits.remove("pump", "rinse", "cycles")
    assert limits.current().of("pump", "rinse", "cycles") is None
    assert not list(path.parent.glob("*.tmp"))


def test_what_cannot_be_written_leaves_what_was_stated(path, monkeypatch):
    file = LimitsFile(path)
    file.save(Limit("pump", "dispense", "volume_ml", maximum=5))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ivoryos_jupyter.schema._safety_file.replace_file", full)
    with pytest.raises(SafetyFileError, match=r"was not changed, and what it states still holds: .*No space left"):
        file.save(Limit("pump", "dispense", "volume_ml", maximum=50))
    assert [one.maximum for one in file.current().entries if one.method == "dispense"] == [5]


def test_a_limit_without_sense_is_not_saved_and_a_broken_file_not_overwritten(path):
    limits = LimitsFile(path)
    before = limits.current()
    for wrong in (Limit("a", "b", "c"), Limit("a", "b", "c", 2, 1), Limit("", "b", "c", 1), Limit("a", "b", "c", float("nan"))):
        with pytest.raises(ConversionError, match="not saved"):
            limits.save(wrong)
    assert limits.current() == before
    path.write_text("{", encoding="utf-8")
    with pytest.raises(SafetyFileError):
        limits.save(Limit("a", "b", "c", 1))
    assert path.read_text(encoding="utf-8") == "{"


def test_two_writers_lose_nothing(path):
    def write(start):
        mine = LimitsFile(path)
        for number in range(start, start + 10):
            mine.save(Limit("pump", "dispense", f"p{number}", maximum=number))

    threads = [threading.Thread(target=write, args=(start,)) for start in (0, 10, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(LimitsFile(path).current().entries) == 33


def test_a_folder_that_is_not_there_is_made_and_one_that_cannot_be_is_named(tmp_path):
    LimitsFile(tmp_path / "data" / "safety.json").save(Limit("a", "b", "c", 1))
    assert (tmp_path / "data" / "safety.json").exists()
    (tmp_path / "file").write_text("")
    with pytest.raises(SafetyFileError, match=r"safety\.json"):
        LimitsFile(tmp_path / "file" / "safety.json").save(Limit("a", "b", "c", 1))


class Bench:
    """One pump, to be limited."""

    def dispense(self, volume_ml: float) -> float:
        return volume_ml

    @property
    def rate(self) -> float:
        return 1.0

    @rate.setter
    def rate(self, value: float) -> None: ...


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (Limit("pump", "dispense", "volume_ml", maximum=3), ""),
        (Limit("pump", "rate_(setter)", "value", maximum=3), ""),
        (Limit("tomorrow", "dispense", "volume_ml", maximum=3), ""),
        (Limit("pmp", "dispense", "volume_ml", maximum=3), "did you mean pump"),
        (Limit("pump", "dispens", "volume_ml", maximum=3), "did you mean dispense"),
        (Limit("pump", "dispense", "volume", maximum=3), "did you mean volume_ml"),
        (Limit("pump", "rat_(setter)", "value", maximum=3), "did you mean rate"),
        (Limit("pump", "rate_(setter)", "rate", maximum=3), "called 'value'"),
    ],
)
def test_a_limit_that_fits_nothing_is_found(limit, said):
    found = unfit_limits(Limits((limit,)), DeckSchema("lab", (describe(Bench(), "pump"),)))
    assert bool(found) is bool(said)
    assert said in "".join(map(str, found))


def test_an_argument_that_goes_through_kwargs_is_limited_by_its_own_name():
    more = Parameter("more", Number(), "var_keyword")
    limits = Limits((Limit("pump", "go", "speed", maximum=5),))
    assert limits.check("pump", "go", {"more": {"speed": 9}}, (more,))
    assert not limits.check("pump", "go", {"more": {"speed": 4}}, (more,))
    assert not limits.check("pump", "go", {"more": {"angle": 9}}, (more,))
    assert not limits.check("pump", "go", {}, (more,))


def test_a_change_that_bears_the_same_time_and_size_is_seen(path, monkeypatch):
    monkeypatch.setattr(safety_file, "_SAME_TICK_NS", 10**18)
    limits = LimitsFile(path)
    assert limits.current().entries
    time = path.stat().st_mtime_ns
    path.write_text(SAFETY.replace("120", "121"), encoding="utf-8")
    os.utime(path, ns=(time, time))
    assert limits.current().of("reactor", "temperature_(setter)", "value").maximum == 121


def test_a_file_that_is_being_written_anew_is_not_taken_for_gone(path, monkeypatch):
    monkeypatch.setattr(safety_file, "_LOOKS", 1000)
    limits = LimitsFile(path)
    assert limits.current().entries
    aside = path.with_suffix(".aside")
    path.rename(aside)
    writing = threading.Timer(0.1, lambda: aside.rename(path))
    writing.start()
    try:
        assert limits.current().entries
    finally:
        writing.join()


def test_a_file_that_was_moved_away_states_nothing_and_one_whose_folder_is_gone_blocks(path):
    limits = LimitsFile(path)
    assert limits.current().entries
    folder = path.parent.rename(path.parent.with_name("unplugged"))
    with pytest.raises(SafetyFileError, match="is gone"):
        limits.current()
    folder.rename(path.parent)
    assert limits.current().entries
    path.unlink()
    assert not limits.current().entries
    shutil.rmtree(path.parent)
    assert not limits.current().entries


def test_a_limit_that_would_protect_nothing_is_refused_with_the_closest_name(path):
    limits = LimitsFile(path)
    limits.deck = lambda: DeckSchema("lab", (describe(Bench(), "pump"),))
    for wrong, close in (
        (Limit("pump", "dispence", "volume_ml", maximum=1), "dispense"),
        (Limit("pump", "dispense", "volume", 1), "volume_ml"),
    ):
        with pytest.raises(ConversionError, match=f"did you mean {close}"):
            limits.save(wrong)
    limits.save(Limit("valve", "turn", "to", maximum=3))
    assert limits.current().of("valve", "turn", "to") is not None


@pytest.mark.parametrize(
    "wrong",
    [Limit("a", "b", "c", allowed="OFF"), Limit("a", "b", "c", maximum=True), Limit("a", "b", "c", minimum="5")],
)
def test_a_limit_of_another_kind_than_numbers_and_texts_is_not_saved(path, wrong):
    with pytest.raises(ConversionError, match="was not saved"):
        LimitsFile(path).save(wrong)


def test_a_limit_in_a_unit_of_another_size_than_the_drivers_is_not_saved(path):
    pytest.importorskip("pint")
    limits = LimitsFile(path)
    value = Parameter("volume", Number(), unit="L")
    method = Method("dispense", (value,))
    rate = Property("rate", replace(value, name="value", unit="mL/min"), settable=True)
    limits.deck = lambda: DeckSchema("lab", (Instrument("pump", "m:Pump", methods=(method,), properties=(rate,)),))
    with pytest.raises(ConversionError, match="the driver takes L"):
        limits.save(Limit("pump", "dispense", "volume", maximum=5, unit="mL"))
    with pytest.raises(ConversionError, match="the driver takes mL/min"):
        limits.save(Limit("pump", "rate_(setter)", "value", maximum=5, unit="L/min"))
    for unit in ("L", "l", "liter", "flasks", ""):
        limits.save(Limit("pump", "dispense", "volume", maximum=5, unit=unit))
        assert limits.current().of("pump", "dispense", "volume").unit == unit

"""What does a typed text mean for an annotation?  The one table that every route of conversion is tested with."""

# ruff: noqa: UP007, UP045 - both spellings of a union are in the table

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Optional, Union

import numpy as np

from ivoryos_jupyter.schema import LiveReference
from ivoryos_jupyter.testing._conversion_types import (
    Filter,
    Nested,
    Port,
    Pulse,
    Recipe,
    Settings,
    Speed,
    Spot,
    Well,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: an annotation, what was typed, and what the call receives, or what the error says."""

    annotation: object
    text: str
    expected: object = None
    """What the driver receives; for a live object the `LiveReference` that is followed."""
    error: str = ""
    """A part of the message; empty when the text is good."""

    @property
    def name(self) -> str:
        """The row in words, for the names of tests."""
        annotation = getattr(self.annotation, "__name__", "") if isinstance(self.annotation, type) else ""
        return f"{annotation or self.annotation}-{self.text}".replace("typing.", "")


def _good(annotation: object, *pairs: tuple[str, object]) -> list[Row]:
    return [Row(annotation, text, expected) for text, expected in pairs]


def _bad(annotation: object, *pairs: tuple[str, str]) -> list[Row]:
    return [Row(annotation, text, error=fragment) for text, fragment in pairs]


_BOOLEANS = [
    *_good(bool, ("true", True), ("True", True), ("1", True), ("yes", True), ("on", True), (" TRUE ", True)),
    *_good(bool, ("false", False), ("False", False), ("0", False), ("no", False), ("off", False)),
    *_bad(bool, ("2", "neither true nor false"), ("maybe", "write true or false"), ("1.0", "neither"), ("None", "neither")),
]
_OPTIONALS = [
    *_good(Optional[float], ("", None), ("2.5", 2.5), ("None", None), ("null", None), ("  ", None)),
    *_good(Optional[int], ("", None), ("0", 0)),
    *_good(bool | None, ("", None), ("false", False)),
    *_good(Optional[str], ("", None), ("None", "None"), (" ", " "), ("x", "x")),
    *_good(Optional[Speed], ("", None), ("SLOW", Speed.SLOW)),
    *_good(Optional[Filter], ("", None), ("None", Filter.OFF), ("OFF", Filter.OFF)),
    *_good(list[float] | None, ("", None), ("1,2", [1.0, 2.0]), ("[]", [])),
    *_bad(Optional[float], ("abc", "is not a number"), ("1,5", "write 1.5")),
    *_bad(Optional[Speed], ("SLOWEST", "choose one of SLOW, FAST")),
]
_INTEGERS = [
    *_good(int, ("5", 5), ("5.0", 5), ("1e3", 1000), ("-7", -7), (" 12 ", 12), ("+3", 3), ("123456789012345678901", 123456789012345678901)),
    *_bad(int, ("5.7", "write 5 or 6"), ("abc", "is not a whole number"), ("1,5", "write 1.5"), ("0x1F", "write 31")),
    *_bad(int, ("5 mL", "leave the unit away"), ("True", "is not a whole number"), ("1e999", "too large"), ("1_000", "write 1000")),
]
_NUMBERS = [
    *_good(float, ("2", 2.0), ("-1.5e-3", -0.0015), (".5", 0.5), ("2.", 2.0), (" 3.5 ", 3.5), ("1E3", 1000.0), ("0", 0.0)),
    *_bad(float, ("1,5", "write 1.5"), ("5 mL", "leave the unit away"), ("5mL", "leave the unit away"), ("1,234.5", "write 1234.5")),
    *_bad(float, ("nan", "finite"), ("inf", "finite"), ("-inf", "finite"), ("1e999", "too large"), ("abc", "is not a number")),
    *_bad(float, ("True", "is not a number"), ("1+1", "is not a number"), ("−2", "write -2"), ("#volume", "is not a number")),
]
_TEXTS = [
    *_good(str, ("007", "007"), ("1e5", "1e5"), ("True", "True"), ("#5", "#5"), (" a ", " a "), ("None", "None"), ("[1, 2]", "[1, 2]")),
    *_good(str, ('"quoted"', '"quoted"'), ("1,5", "1,5"), ("µL · °C", "µL · °C"), ('plate["A1"]', 'plate["A1"]'), ("C:\\temp", "C:\\temp")),
]
_LISTS = [
    *_good(list[float], ("1,2,3", [1.0, 2.0, 3.0]), ("[1, 2, 3]", [1.0, 2.0, 3.0]), ("(1, 2)", [1.0, 2.0]), ("5", [5.0]), ("[]", [])),
    *_good(list[str], ("1,2", ["1", "2"]), ("[1, 2]", ["1", "2"]), ('["a,b", "c"]', ["a,b", "c"])),
    *_good(list[str], ("a, b", ["a", "b"]), ("'it',x", ["it", "x"])),
    *_good(list[bool], ("[true, False]", [True, False]), ("yes,no", [True, False])),
    *_good(list[float | None], ("[1, null]", [1.0, None]), ("1, None", [1.0, None])),
    *_good(list[list[int]], ("[[1, 2], [3]]", [[1, 2], [3]])),
    *_good(list[Speed], ('["SLOW", "fast"]', [Speed.SLOW, Speed.FAST]), ("SLOW,FAST", [Speed.SLOW, Speed.FAST])),
    *_good(list, ("[1, 'a', null]", [1, "a", None])),
    *_good(set[int], ("1,2", {1, 2})),
    *_good(frozenset[str], ("a", frozenset({"a"}))),
    *_bad(list[float], ("1,x,3", "is not a number"), ("[1, 2", "']' is missing"), ("", "write []"), ("1;2", "is not a number")),
    *_bad(list[int], ("1, 2.5", "write 2 or 3")),
    *_bad(list[bool], ("true,7", "neither true nor false")),
    *_bad(set[int], ("1,1", "twice")),
]
_TUPLES = [
    *_good(tuple[float, float], ("1,2", (1.0, 2.0)), ("(1, 2)", (1.0, 2.0)), ("[1, 2]", (1.0, 2.0))),
    *_good(tuple[int, str], ("1, a", (1, "a"))),
    *_good(tuple[int, ...], ("1,2,3", (1, 2, 3))),
    *_bad(tuple[float, float], ("1,2,3", "expected 2"), ("1", "expected 2"), ("1,x", "is not a number")),
]
_DICTS = [
    *_good(dict[str, bool], ('{"a": true}', {"a": True}), ("{'a': False}", {"a": False}), ("{}", {}), ("{a: yes}", {"a": True})),
    *_good(dict[str, float], ('{"a": 1, "b": 2.5}', {"a": 1.0, "b": 2.5})),
    *_good(dict[int, str], ('{"1": "x"}', {1: "x"}), ("{1: 'x'}", {1: "x"})),
    *_good(dict[str, list[int]], ('{"a": [1, 2]}', {"a": [1, 2]})),
    *_bad(dict[str, bool], ('{"a": 5}', "neither true nor false"), ("a=1", "write it like"), ('{"a": true, "a": false}', "twice")),
    *_bad(dict[str, float], ('{"a": }', "a value is needed"), ("[1, 2]", "write it like")),
]
_CHOICES = [
    *_good(Speed, ("SLOW", Speed.SLOW), ("slow", Speed.SLOW), ("fast", Speed.FAST)),
    *_good(Port, ("WASTE", Port.WASTE), ("2", Port.SAMPLE)),
    *_good(Filter, ("GREEN", Filter.GREEN), ("RED", Filter.RED), ("None", Filter.OFF)),
    *_bad(Speed, ("Slow", "write SLOW"), ("3", "choose one of SLOW, FAST"), ("", "choose one of"), ("Speed.SLOW", "choose one of")),
    *_good(Literal[1, 2], ("1", 1), ("2.0", 2)),
    *_good(Literal["1", "2"], ("1", "1")),
    *_good(Literal["a,b", "c"], ("a,b", "a,b"), ("c", "c")),
    *_good(Literal[True, "auto"], ("true", True), ("auto", "auto")),
    *_good(Literal[0.1, 0.2], ("0.10", 0.1)),
    *_good(Optional[Literal["x"]], ("", None), ("x", "x")),
    *_bad(Literal[1, 2], ("3", "one of 1, 2"), ("one", "one of 1, 2"), ("", "one of 1, 2")),
    *_bad(Literal["a", "b"], ("A", "one of 'a', 'b'")),
]
_UNIONS = [
    *_good(Union[int, float, str], ("2.5", 2.5), ("5", 5), ("5.0", 5.0), ("abc", "abc"), ("007x", "007x")),
    *_good(Union[str, float], ("2.5", 2.5), ("x", "x")),
    *_good(float | int, ("5", 5), ("2.5", 2.5)),
    *_good(Union[bool, int], ("1", 1), ("true", True)),
    *_good(Union[float, list[float]], ("1", 1.0), ("1,2", [1.0, 2.0]), ("[1]", [1.0])),
    *_good(Union[Speed, float], ("SLOW", Speed.SLOW), ("2.5", 2.5)),
    *_good(Union[Literal["auto"], float], ("auto", "auto"), ("3", 3.0)),
    *_good(Union[int, str, None], ("", None), ("5", 5), ("x", "x")),
    *_bad(Union[int, float], ("abc", "a whole number or a number")),
]
_RECORDS = [
    *_good(Settings, ('{"speed": 2, "cycles": 3}', Settings(2.0, 3)), ("{'speed': 2}", Settings(2.0))),
    *_good(Nested, ('{"name": "007", "settings": {"speed": 1}}', Nested("007", Settings(1.0)))),
    *_good(Recipe, ('{"volume": 2, "mode": "FAST"}', Recipe(volume=2.0, mode=Speed.FAST)), ('{"volume": 1}', Recipe(volume=1.0))),
    *_good(Pulse, ('{"volts": 1.5, "count": 2}', {"volts": 1.5, "count": 2})),
    *_good(Spot, ('{"x": 1, "y": 2}', Spot(1.0, 2.0))),
    *_good(list[Settings], ('[{"speed": 1}, {"speed": 2}]', [Settings(1.0), Settings(2.0)])),
    *_bad(Settings, ('{"speed": "fast"}', "speed: 'fast' is not a number"), ("{}", "speed: a number is needed")),
    *_bad(Settings, ('{"speed": 1, "cycle": 2}', "did you mean cycles"), ("", "write it like"), ("fast", "write it like")),
    *_bad(Nested, ('{"name": "a", "settings": {"speed": "1,5"}}', "settings.speed: '1,5' is not a number; write 1.5")),
]
_SPECIALS = [
    *_good(dt.datetime, ("2026-11-30T14:05", dt.datetime(2026, 11, 30, 14, 5))),  # noqa: DTZ001 - as it was typed
    *_good(dt.datetime, ("2026-11-30 14:05:01", dt.datetime(2026, 11, 30, 14, 5, 1))),  # noqa: DTZ001 - as it was typed
    *_good(dt.datetime, ("2026-11-30T14:05:00Z", dt.datetime(2026, 11, 30, 14, 5, tzinfo=dt.timezone.utc))),
    *_good(dt.date, ("2026-11-30", dt.date(2026, 11, 30))),
    *_good(dt.time, ("14:05", dt.time(14, 5))),
    *_good(dt.timedelta, ("90", dt.timedelta(seconds=90)), ("PT1H30M", dt.timedelta(hours=1.5)), ("1:30:00", dt.timedelta(hours=1.5))),
    *_good(Path, ("data/run 1.csv", Path("data/run 1.csv"))),
    *_good(bytes, ("*IDN?", b"*IDN?"), ("b'\\x02OK'", b"\x02OK"), ("µ", "µ".encode())),
    *_good(Decimal, ("0.10", Decimal("0.10")), ("5", Decimal(5))),
    *_good(complex, ("1+2j", 1 + 2j), ("3", 3 + 0j), ("1 - 2i", 1 - 2j)),
    *_good(np.ndarray, ("1,2,3", np.array([1, 2, 3])), ("[[1, 2], [3, 4.5]]", np.array([[1, 2], [3, 4.5]]))),
    *_bad(dt.datetime, ("tomorrow", "write it like 2026"), ("30.11.2026", "write it like 2026"), ("", "write it like")),
    *_bad(dt.date, ("2026-11-31", "write it like")),
    *_bad(dt.timedelta, ("soon", "write seconds")),
    *_bad(Decimal, ("1,5", "write 1.5"), ("nan", "finite")),
    *_bad(complex, ("one", "write it like 1+2j")),
    *_bad(np.ndarray, ("[[1, 2], [3]]", "not equally long"), ("1,x", "is not a number")),
    *_bad(Path, ("", "is not a path")),
]
_OTHERS = [
    *_good(Well, ('plate["A1"]', LiveReference('plate["A1"]')), ("stage.x", LiveReference("stage.x"))),
    *_good(list[Well], ('tips["A1"], tips["B1"]', [LiveReference('tips["A1"]'), LiveReference('tips["B1"]')])),
    *_bad(Well, ("plate[i]", "cannot be read"), ("__import__('os')", "cannot be read"), ("plate._private", "private name"), ("", "needed")),
    *_good(Any, ("5", 5), ("2.5", 2.5), ("True", True), ("None", None), ("[1, 2]", [1, 2]), ("abc", "abc"), ("'5'", "5"), ("007", "007")),
    *_good(Any, ("1+1", "1+1"), ('{"a": 1}', {"a": 1}), ("[a, b]", "[a, b]"), ("__import__('os')", "__import__('os')")),
]

CONVERSION_TABLE: tuple[Row, ...] = (
    *_BOOLEANS,
    *_OPTIONALS,
    *_INTEGERS,
    *_NUMBERS,
    *_TEXTS,
    *_LISTS,
    *_TUPLES,
    *_DICTS,
    *_CHOICES,
    *_UNIONS,
    *_RECORDS,
    *_SPECIALS,
    *_OTHERS,
)
"""Every row has one right answer, on every route: form, property, workflow argument, table cell, CSV cell, Python given text."""


def same(found: object, expected: object) -> bool:
    """Whether two live values are equal and of the same types, all the way down."""
    if type(found) is not type(expected):
        return False
    if isinstance(expected, np.ndarray):
        return np.array_equal(np.asarray(found), expected)
    if isinstance(expected, (list, tuple)):
        items = list(found)  # type: ignore[call-overload]  # of the same type, as the first line says
        return len(items) == len(expected) and all(map(same, items, expected))
    if isinstance(expected, dict):
        return found == expected and all(same(found[key], value) for key, value in expected.items())
    return found == expected

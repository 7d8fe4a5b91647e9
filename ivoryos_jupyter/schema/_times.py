"""Which date, time of day or span is meant?"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING

from ivoryos_jupyter.schema._numbers import NUMBER, number_of
from ivoryos_jupyter.schema._reading import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.schema._kinds import Temporal
    from ivoryos_jupyter.schema._reading import Reading

_EXAMPLE = {"datetime": "2026-11-30T14:05", "date": "2026-11-30", "time": "14:05", "timedelta": "90 (seconds) or PT1H30M"}
_DURATION = re.compile(
    r"(?P<sign>[+-]?)P(?:(?P<weeks>[0-9.]+)W)?(?:(?P<days>[0-9.]+)D)?"
    r"(?:T(?:(?P<hours>[0-9.]+)H)?(?:(?P<minutes>[0-9.]+)M)?(?:(?P<seconds>[0-9.]+)S)?)?"
)
_CLOCK = re.compile(
    r"(?:(?P<days>-?[0-9]+) days?, )?(?P<hours>[0-9]{1,9}):(?P<minutes>[0-5][0-9]):(?P<seconds>[0-5][0-9](?:\.[0-9]{1,6})?)"
)
_FRACTION = re.compile(r"(?<=:[0-9]{2})[.,]([0-9]+)")
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_HOUR = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{6})?)?(?:[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{6})?)?)?"
_FORMS = {"datetime": re.compile(f"{_DAY}(?:[T ]{_HOUR})?"), "date": re.compile(_DAY), "time": re.compile(_HOUR)}
"""What is read on every version of Python; the newer ones would take more."""
_CLASSES: dict[str, type[dt.datetime | dt.date | dt.time]] = {"datetime": dt.datetime, "date": dt.date, "time": dt.time}


def read_temporal(kind: Temporal, given: object, reading: Reading) -> str | float:
    """Return ISO text, or seconds for a span."""
    if kind.form == "timedelta":
        return _span(given, reading)
    value = parse_moment(kind.form, str(given).strip()) if isinstance(given, str) else given
    cls = _CLASSES[kind.form]
    if not isinstance(value, cls) or (cls is dt.date and isinstance(value, dt.datetime)):
        raise reading.error(f"{quoted(given)} is not {_noun(kind.form)}; write it like {_EXAMPLE[kind.form]}", given)
    return value.isoformat()


def parse_moment(form: str, text: str) -> dt.datetime | dt.date | dt.time | None:
    """Return the moment that ISO `text` stands for, or None; alike on every version of Python."""
    if text[-1:] in {"Z", "z"}:
        text = text[:-1] + "+00:00"
    text = _FRACTION.sub(lambda found: "." + found[1][:6].ljust(6, "0"), text)
    if not _FORMS[form].fullmatch(text):
        return None
    readers: dict[str, Callable[[str], dt.datetime | dt.date | dt.time]] = {
        "datetime": dt.datetime.fromisoformat,
        "date": dt.date.fromisoformat,
        "time": dt.time.fromisoformat,
    }
    try:
        return readers[form](text)
    except ValueError:
        return None


def _noun(form: str) -> str:
    return {"datetime": "a date and time", "date": "a date", "time": "a time of day"}[form]


def _span(given: object, reading: Reading) -> float:
    if isinstance(given, dt.timedelta):
        return given.total_seconds()
    number = _seconds(str(given).strip()) if isinstance(given, str) else number_of(given)
    if number is None:
        raise reading.error(f"{quoted(given)} is not a time span; write seconds, such as {_EXAMPLE['timedelta']}", given)
    try:
        return dt.timedelta(seconds=number).total_seconds()
    except (OverflowError, ValueError):
        raise reading.error(f"{quoted(given)} is too long for a time span", given) from None


def _seconds(text: str) -> float | None:
    if NUMBER.fullmatch(text):
        return float(text)
    found = _DURATION.fullmatch(text) or _CLOCK.fullmatch(text)
    if found is None or text[-1:] in {"P", "T"}:
        return None
    parts = {name: value for name, value in found.groupdict().items() if name != "sign" and value is not None}
    if any(not NUMBER.fullmatch(value) for value in parts.values()):
        return None
    sizes = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
    total = math.fsum(float(value) * sizes[name] for name, value in parts.items())
    return -total if found.groupdict().get("sign") == "-" else total

"""What is `5 mL` in the unit of the parameter?  Exact where the units are the same, else through pint where it is installed."""

from __future__ import annotations

import importlib
import importlib.util
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable

QUANTITY = re.compile(
    r"(?P<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*(?P<unit>[^\W\d_°%Ω/].*|[°%Ω/].*)", re.DOTALL
)
"""A number followed by something that is none, such as a unit."""

_UNIT = re.compile(r"[^\W\d_]*[A-Za-zµμ°Ω%Å][A-Za-zµμ°Ω%Å _·*/^0-9-]{0,30}")
_LARGE_POWER = re.compile(r"(\*\*|\^)\s*-?[0-9]{2,}|\*\*.*\*\*|\^.*\^")
_DIGITS = 14
"""Digits kept, so that 5 mL is 5000 µL and not 5000.000000000001."""


class _Registry(Protocol):
    """The part of a pint registry that is needed."""

    Quantity: Callable[[float, str], object]


class UnitError(ValueError):
    """Units that cannot be converted into each other; the message says why and what to do."""


def to_unit(number: float, given: str, wanted: str) -> float:
    """Return `number` of the unit `given` in the unit `wanted`.

    Raises
    ------
    UnitError
        If the units do not fit, or pint is not installed.
    """
    given = given.strip()
    if _same(given, wanted):
        return number
    if not wanted:
        raise UnitError("leave the unit away")
    registry = _registry()
    if registry is None:
        raise UnitError(f"leave the unit away; the unit is {wanted} (with the package pint installed, other units are converted)")
    if not _UNIT.fullmatch(given) or _LARGE_POWER.search(given):
        raise UnitError(f"leave the unit away; the unit is {wanted}")
    return _converted(registry, number, given, wanted)


def _converted(registry: _Registry, number: float, given: str, wanted: str) -> float:
    try:
        quantity = registry.Quantity(number, given).to(wanted)  # type: ignore[attr-defined]  # pint's own class
        return float(f"{quantity.magnitude:.{_DIGITS}g}")
    except Exception as error:
        raise UnitError(f"{given} cannot be converted to {wanted}; write the number in {wanted}, without the unit") from error


def quantity_to_unit(value: object, wanted: str) -> float | None:
    """Return a pint quantity as a number in the unit `wanted`; None when `value` is no quantity."""
    if type(value).__module__.partition(".")[0] != "pint" or not hasattr(value, "magnitude"):
        return None
    return to_unit(float(value.magnitude), str(getattr(value, "units", "")), wanted)


def _same(one: str, other: str) -> bool:
    plain = str.maketrans({"μ": "µ", " ": None})
    return bool(other) and one.translate(plain) == other.translate(plain)


@lru_cache(maxsize=1)
def _registry() -> _Registry | None:
    if importlib.util.find_spec("pint") is None:
        return None
    return cast("_Registry", importlib.import_module("pint").UnitRegistry())

"""Which number, or which truth value, is meant?"""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING

from ivoryos_jupyter.schema._reading import quoted
from ivoryos_jupyter.schema._units import QUANTITY, UnitError, quantity_to_unit, to_unit

if TYPE_CHECKING:
    from ivoryos_jupyter.schema._kinds import Boolean, Integer, Number
    from ivoryos_jupyter.schema._reading import Reading

TRUE = frozenset({"true", "1", "yes", "on"})
FALSE = frozenset({"false", "0", "no", "off"})
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
NONFINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)

_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+(?:[eE][+-]?[0-9]+)?")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:[,_ '’\u00a0\u202f][0-9]{3})+(?:\.[0-9]*)?|[+-]?[0-9]+(?:_[0-9]+)+")
_OTHER_BASE = re.compile(r"[+-]?0[xXbBoO][0-9a-fA-F]+")
_LARGEST_EXPONENT = 400
_EXACT_BITS = 64
"""Integers that need no closer look; most calls have no others."""


def read_boolean(_kind: Boolean, given: object, reading: Reading) -> bool:
    """Return the truth value that is said."""
    value = _unboxed(given)
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and value in {0, 1}:
        return bool(value)
    if isinstance(value, str):
        word = value.strip().lower()
        if word in TRUE | FALSE:
            return word in TRUE
    raise reading.error(f"{quoted(given)} is neither true nor false; write true or false (or yes, no, on, off, 1, 0)", given)


def read_integer(kind: Integer, given: object, reading: Reading) -> int:
    """Return the whole number that is said, exactly."""
    if type(given) is int and given.bit_length() <= _EXACT_BITS:
        _within(kind, given, given, reading)
        return given
    exact = _exact(given, reading, "a whole number")
    if exact != exact.to_integral_value():
        low = math.floor(exact)
        raise reading.error(f"{quoted(given)} is not a whole number; write {low} or {low + 1}", given)
    _within(kind, int(exact), given, reading)
    return int(exact)


def read_number(kind: Number, given: object, reading: Reading) -> float:
    """Return the real number that is said."""
    if type(given) is float and math.isfinite(given):
        _within(kind, given, given, reading)
        return given
    special = _nonfinite(given)
    if special is not None:
        if kind.nonfinite:
            return special
        raise reading.error(f"{quoted(given)} is not a finite number, and only finite numbers are admitted here", given)
    exact = _exact(given, reading, "a number")
    number = float(exact)
    if math.isinf(number):
        raise reading.error(f"{quoted(given)} is too large for a number", given)
    _within(kind, number, given, reading)
    return number


def number_of(value: object) -> float | int | None:
    """Return the number that a value of any class stands for, numpy's among them; None when it is none."""
    if type(value) is float or type(value) is int:
        return value
    value = _unboxed(value)
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, Fraction)):
        return None
    return value if isinstance(value, (int, float)) else _as_float(value)


def _as_float(value: Decimal | Fraction) -> float:
    if isinstance(value, Decimal) and value.is_nan():
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _unboxed(value: object) -> object:
    """Return a scalar of numpy as Python's own."""
    if type(value).__module__ == "numpy" and getattr(value, "shape", None) == ():
        return value.item()  # type: ignore[attr-defined]  # numpy's scalars have it
    return value


def _nonfinite(given: object) -> float | None:
    value = _unboxed(given)
    if isinstance(value, str):
        return float(value.strip()) if NONFINITE.fullmatch(value.strip()) else None
    if isinstance(value, (float, Decimal)):
        number = _as_float(value) if isinstance(value, Decimal) else value
        finite = value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)
        return None if finite else number
    return None


def _exact(given: object, reading: Reading, wanted: str) -> Decimal:
    """Return the number exactly; refuse what is none, and what nobody can mean."""
    value = _unboxed(given)
    if isinstance(value, bool):
        raise reading.error(f"{value} is a truth value, not {wanted}; write {int(value)} if that is meant", given)
    if isinstance(value, str):
        exact = _decimal(value.strip(), given, reading, wanted)
    elif isinstance(value, (int, Decimal)):
        exact = Decimal(value)
    else:
        exact = Decimal(repr(_real(value, given, reading, wanted)))
    if not exact.is_finite():
        raise reading.error(f"{quoted(given)} is not {wanted}", given)
    if exact and exact.adjusted() > _LARGEST_EXPONENT:
        raise reading.error(f"{quoted(given)} is too large", given)
    return exact


def _real(value: object, given: object, reading: Reading, wanted: str) -> float:
    """Return the float that `value`, no text and no integer, stands for."""
    number = number_of(value)
    if number is not None:
        return float(number)
    try:
        quantity = quantity_to_unit(value, reading.unit)
    except UnitError as error:
        raise reading.error(str(error), given) from None
    if quantity is None:
        raise reading.error(f"{quoted(given)} is not {wanted}", given)
    return quantity


def _decimal(text: str, given: object, reading: Reading, wanted: str) -> Decimal:
    if NUMBER.fullmatch(text):
        try:
            return Decimal(text)
        except InvalidOperation:
            raise reading.error(f"{quoted(given)} is too large", given) from None
    quantity = QUANTITY.fullmatch(text)
    if quantity and reading.unit:
        try:
            converted = to_unit(float(quantity["number"]), quantity["unit"], reading.unit)
        except UnitError as error:
            raise reading.error(f"{quoted(given)}: {error}", given) from None
        return Decimal(repr(converted))
    raise reading.error(f"{quoted(given)} is not {wanted}{_cure(text, reading.unit)}", given)


def _cure(text: str, unit: str) -> str:  # noqa: PLR0911 - one line for each mistake
    if not text:
        return "; a value is needed"
    if text[0] in "−–" and NUMBER.fullmatch(text[1:]):
        return f"; write -{text[1:]}"
    if _DECIMAL_COMMA.fullmatch(text):
        return f"; write {text.replace(',', '.')}"
    if _THOUSANDS.fullmatch(text):
        return "; write " + re.sub(r"[^0-9.+-]", "", text)
    if _OTHER_BASE.fullmatch(text):
        return _other_base(text)
    if quantity := QUANTITY.fullmatch(text):
        return "; leave the unit away" + (f"; the unit is {unit}" if unit else f" and write {quantity['number']}")
    return ""


def _other_base(text: str) -> str:
    try:
        return f"; write {int(text, 0)}"
    except ValueError:
        return ""


def _within(kind: Integer | Number, number: float, given: object, reading: Reading) -> None:
    if kind.minimum == 0 and number < 0:
        raise reading.error(f"{quoted(given)} is negative; it must be 0 or more", given)
    if kind.minimum is not None and number < kind.minimum:
        raise reading.error(f"{quoted(given)} is below the driver's minimum of {kind.minimum:g}", given)
    if kind.maximum is not None and number > kind.maximum:
        raise reading.error(f"{quoted(given)} is above the driver's maximum of {kind.maximum:g}", given)

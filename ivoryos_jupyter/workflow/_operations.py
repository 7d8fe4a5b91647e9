"""What may an expression compute?  Operators and functions of the small language, each with a bounded cost."""

from __future__ import annotations

import ast
import math
import operator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

LONGEST = 100_000
"""Most items, characters or bits that one operation may make."""
_FINEST = 300


def _weight(value: object, budget: int) -> int:
    """Return how many items `value` holds, all levels together, counting no further than `budget`."""
    if isinstance(value, str | bytes):
        return max(1, len(value))
    if not isinstance(value, list | tuple | dict | set | frozenset):
        return 1
    total = 1
    for item in value.values() if isinstance(value, dict) else value:
        if total > budget:
            break
        total += _weight(item, budget - total)
    return total


def _multiply(left: object, right: object) -> object:
    if isinstance(left, int) and isinstance(right, int):
        if left.bit_length() + right.bit_length() > LONGEST:
            raise ValueError("the product is too large")
    else:
        for sequence, times in ((left, right), (right, left)):
            if isinstance(sequence, str | bytes | list | tuple) and isinstance(times, int) and times * _weight(sequence, LONGEST) > LONGEST:
                raise ValueError(f"repeating it {times} times makes more than {LONGEST} items")
    result: object = operator.mul(left, right)
    return result


def _power(base: object, exponent: object) -> object:
    if isinstance(base, int) and isinstance(exponent, int) and base.bit_length() * abs(exponent) > LONGEST:
        raise ValueError("the power is too large")
    result: object = operator.pow(base, exponent)
    return result


def _add(left: object, right: object) -> object:
    if isinstance(left, str | list | tuple) and isinstance(right, str | list | tuple) and len(left) + len(right) > LONGEST:
        raise ValueError(f"the result would have more than {LONGEST} items")
    result: object = operator.add(left, right)
    return result


def _modulo(left: object, right: object) -> object:
    if isinstance(left, str | bytes):
        raise TypeError("% works on numbers; text is joined with +")
    result: object = operator.mod(left, right)
    return result


def _range(*bounds: int) -> list[int]:
    made = range(*bounds)
    if len(made) > LONGEST:
        raise ValueError(f"range would have more than {LONGEST} items")
    return list(made)


def _round(number: float, digits: int | None = None) -> object:
    if digits is not None and abs(digits) > _FINEST:
        raise ValueError(f"round takes at most {_FINEST} digits")
    return round(number, digits)


def _text(value: object) -> str:
    if isinstance(value, list | tuple | dict | set | frozenset):
        raise TypeError("str takes a number or text, not a list")
    return str(value)


def _sorted(values: Iterable[object], *, reverse: bool = False) -> list[object]:
    return sorted(values, reverse=reverse)  # type: ignore[type-var] # what cannot be ordered raises


BINARY: Mapping[type[ast.operator], Callable[[Any, Any], object]] = {
    ast.Add: _add,
    ast.Sub: operator.sub,
    ast.Mult: _multiply,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: _modulo,
    ast.Pow: _power,
}
UNARY: Mapping[type[ast.unaryop], Callable[[Any], object]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Not: operator.not_,
}
COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, items: item in items,
    ast.NotIn: lambda item, items: item not in items,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
MATH = (
    "sqrt", "exp", "log", "log10", "log2", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "degrees", "radians", "hypot",
    "floor", "ceil", "isnan", "isfinite", "isclose",
)  # fmt: skip
"""Functions taken from Python's ``math`` as they are."""
BUILTINS: Mapping[str, Callable[..., object]] = {
    "abs": abs,
    "bool": bool,
    "float": float,
    "int": int,
    "len": len,
    "max": max,
    "min": min,
    "range": _range,
    "round": _round,
    "sorted": _sorted,
    "str": _text,
    "sum": sum,
}
FUNCTIONS: Mapping[str, Callable[..., object]] = {**BUILTINS, **{name: getattr(math, name) for name in MATH}}
KEYWORDS: Mapping[str, frozenset[str]] = {"sorted": frozenset({"reverse"}), "isclose": frozenset({"rel_tol", "abs_tol"})}
"""Keyword arguments that a function takes."""
CONSTANTS: Mapping[str, float] = {"pi": math.pi, "inf": math.inf, "nan": math.nan}
RESERVED = frozenset(FUNCTIONS) | frozenset(CONSTANTS)
"""Names that already mean something in expressions, so that no step may save under them."""

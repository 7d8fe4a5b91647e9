"""Which reading would end a wait for a condition?  Tried out, never solved: a candidate counts when the condition holds for it."""

from __future__ import annotations

import ast
import itertools
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ExpressionError
from ivoryos_jupyter.workflow import READING, compile_expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def reading_that_holds(condition: str, names: Mapping[str, object], likely: Iterable[object]) -> tuple[object] | None:
    """Return a reading for which `condition` holds, the likely ones first; None when none of those tried does."""
    compiled = compile_expression(condition)
    return only_these(condition, names, _candidates(compiled.text, compiled.names, names, likely))


def only_these(condition: str, names: Mapping[str, object], readings: Iterable[object]) -> tuple[object] | None:
    """Return the first of `readings` for which `condition` holds; None when there is none."""
    return next(((one,) for one in readings if _holds(condition, names, one)), None)


def _holds(condition: str, names: Mapping[str, object], reading: object) -> bool:
    try:
        return compile_expression(condition).holds({**names, READING: reading})
    except ExpressionError:
        return False


def _candidates(text: str, used: tuple[str, ...], names: Mapping[str, object], likely: Iterable[object]) -> Iterator[object]:
    yield from likely
    constants = [node.value for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Constant)]
    values = [*constants, *(names[name] for name in used if name in names)]
    numbers = sorted({float(one) for one in values if isinstance(one, int | float) and not isinstance(one, bool)})
    yield from numbers
    yield from ((low + high) / 2 for low, high in itertools.pairwise(numbers))
    for number in numbers:
        step = max(1.0, abs(number) * 0.01)
        yield from (number + step, number - step)
    yield from (one for one in values if not isinstance(one, int | float))
    yield from (True, False, 0.0, None)

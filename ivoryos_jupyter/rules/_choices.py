"""Does a rule compare a choice with something it can never be?  ``valve.position != 'clsoed'`` would hold for ever."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ivoryos_jupyter.schema import EnumChoice, LiteralChoice, Nullable, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ivoryos_jupyter.schema import Kind

_SAME = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)


def impossible_choices(text: str, kinds: Mapping[str, Kind]) -> Iterator[str]:
    """Yield what is wrong with the texts that choices are compared with.

    Parameters
    ----------
    text
        A condition.
    kinds
        The kinds of the properties and arguments it uses, as they are written in it.
    """
    for node in ast.walk(ast.parse(text, mode="eval")):
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        for operation, left, right in zip(node.ops, sides, node.comparators, strict=False):
            if isinstance(operation, _SAME):
                yield from _check(text, left, right, kinds)
                yield from _check(text, right, left, kinds)


def _check(text: str, one: ast.expr, other: ast.expr, kinds: Mapping[str, Kind]) -> Iterator[str]:
    name = ast.get_source_segment(text, one) or ""
    known = _texts(kinds[name]) if name in kinds else None
    if known is None:
        return
    for value in _constants(other):
        if value not in known:
            yield f"{name} is never {value!r}{did_you_mean(value, known)}"


def _texts(kind: Kind) -> list[str] | None:
    """Return what a choice may be compared with; None when it is no choice."""
    if isinstance(kind, Nullable):
        return _texts(kind.kind)
    if isinstance(kind, EnumChoice) and not kind.combines:
        return list(dict.fromkeys(text for one in kind.members for text in (one.name, one.value)))
    if isinstance(kind, LiteralChoice):
        return [str(value) for value in kind.values]
    return None


def _constants(node: ast.expr) -> Iterator[str]:
    items = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    for item in items:
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            yield item.value

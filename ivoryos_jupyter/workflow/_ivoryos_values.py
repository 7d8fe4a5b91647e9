"""What does an argument of IvoryOS stand for?  ``"#name"`` is a name, text with ``#name`` in it is filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.schema import plain_from_json
from ivoryos_jupyter.workflow._model import AtRun, Constant, Expression, Variable

if TYPE_CHECKING:
    from collections.abc import Collection

    from ivoryos_jupyter.schema import Plain
    from ivoryos_jupyter.workflow._model import Value

_MARK = re.compile(r"#([^\W\d]\w*)")
_SIMPLE = frozenset({"float", "int", "str", "bool"})


def value_of(raw: object, made: Collection[str]) -> Value:
    """Return what the argument `raw` stands for, where steps make the names in `made`."""
    if not isinstance(raw, str) or "#" not in raw:
        return Constant(_plain(raw))
    if raw.startswith("#"):
        name = raw[1:]
        if name.isidentifier():
            return Variable(name) if name in made else AtRun(name)
    return Expression(_joined(raw)) if _MARK.search(raw) else Constant(raw)


def _plain(raw: object) -> Plain:
    try:
        return plain_from_json(raw)
    except ConversionError:  # a dict with a key that looks like a mark of ours
        return cast("Plain", raw)


def _joined(text: str) -> str:
    """Return the formula that joins `text` with the values of the names in it."""
    parts: list[str] = []
    at = 0
    for found in _MARK.finditer(text):
        if found.start() > at:
            parts.append(repr(text[at : found.start()]))
        parts.append(f"str(#{found.group(1)})")
        at = found.end()
    if at < len(text):
        parts.append(repr(text[at:]))
    return " + ".join(parts)


def variable_value(raw: object, kind: object, made: Collection[str]) -> Value:
    """Return the value of a ``variable`` row: text of a number's type is a formula, other text is itself."""
    if isinstance(raw, str) and not raw.startswith("#") and kind in {"float", "int", "bool"}:
        return Expression(raw)
    return value_of(raw, made)


def math_value(raw: object, kind: object) -> Value:
    """Return the value of a ``math_variable`` row, cast to its type."""
    text = str(raw)
    return Expression(f"int({text})" if kind == "int" else text)


def annotation_of(kind: object) -> str:
    """Return IvoryOS's type of a parameter as an annotation, where it is a simple one, else nothing."""
    kinds = kind if isinstance(kind, list) else [kind]
    names = ["None" if one == "NoneType" else str(one) for one in kinds]
    return " | ".join(names) if set(names) - {"None"} and set(names) <= _SIMPLE | {"None"} else ""

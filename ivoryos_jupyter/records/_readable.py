"""How does a kept value read for a person, in a CSV or a log?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.schema import LiveReference

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WORDS = ("$decimal", "$fraction", "$path", "$datetime", "$date", "$time")
"""Marks around a text that reads well by itself."""
_BRACKETS = {"$tuple": ("[", "]"), "$set": ("{", "}"), "$frozenset": ("{", "}"), "$ndarray": ("[", "]")}


def readable_text(value: object) -> str:
    """Return a plain value, with the marks of `ivoryos_jupyter.schema.encode`, as one reads it.

    Examples
    --------
    >>> readable_text([{"$decimal": "1.10"}, {"$quantity": {"magnitude": 1.25, "unit": "volt"}}, {"$enum": "lab:Mode", "name": "HEAT"}])
    '[1.10, 1.25 volt, HEAT]'
    """
    if isinstance(value, LiveReference):
        return value.text
    if isinstance(value, list):
        return f"[{_joined(value)}]"
    if not isinstance(value, dict):
        return repr(value)
    mark = next(iter(value), "")
    try:
        return _MARKS[mark](value) if mark in _MARKS else _pairs(value)
    except (KeyError, TypeError, ValueError, OverflowError):
        return _pairs(value)  # somebody else's dict that looks like a mark


def _joined(items: list[object]) -> str:
    return ", ".join(readable_text(item) for item in items)


def _pairs(value: Mapping[object, object]) -> str:
    return f"{{{', '.join(f'{name!r}: {readable_text(item)}' for name, item in value.items())}}}"


def _within(mark: str) -> Callable[[dict[str, object]], str]:
    """Return how the items of a container are written, between the brackets of its kind."""
    opening, closing = _BRACKETS[mark]
    return lambda value: f"{opening}{_joined(_list_of(value[mark]))}{closing}"


def _list_of(content: object) -> list[object]:
    if not isinstance(content, list):
        raise TypeError(content)
    return content


def _map(value: dict[str, object]) -> str:
    pairs = [": ".join(readable_text(one) for one in _list_of(pair)) for pair in _list_of(value["$map"])]
    return f"{{{', '.join(pairs)}}}"


def _quantity(value: dict[str, object]) -> str:
    content = cast("Mapping[str, object]", value["$quantity"])
    return f"{readable_text(content['magnitude'])} {content['unit']}"


_MARKS: dict[str, Callable[[dict[str, object]], str]] = {
    **{mark: lambda value: str(next(iter(value.values()))) for mark in _WORDS},
    **{mark: _within(mark) for mark in _BRACKETS},
    "$artefact": lambda value: str(cast("Mapping[str, object]", value["$artefact"])["path"]),
    "$enum": lambda value: str(value.get("value", value["name"])),
    "$map": _map,
    "$quantity": _quantity,
    "$record": lambda value: _pairs(cast("Mapping[object, object]", value["fields"])),
    "$text": lambda value: f"{value['$text']}…",
    "$timedelta": lambda value: str(dt.timedelta(seconds=cast("float", value["$timedelta"]))),
}

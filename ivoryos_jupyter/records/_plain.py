"""How does a value become the text of a JSON column, and a value again?

The text is strict JSON (PostgreSQL accepts no other): what JSON does not have are objects with one ``$`` key, the marks of
`ivoryos_jupyter.schema`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.schema import LiveReference

if TYPE_CHECKING:
    from ivoryos_jupyter.schema import Plain

_STRICT = json.JSONEncoder(allow_nan=False, separators=(", ", ": ")).encode
_MOST_BITS = 4096
"""Longer integers are kept as their length only."""
_NONFINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def _float_text(number: object) -> str:
    """Return a float as JSON, as a mark where JSON has none."""
    text = repr(number)
    return f'{{"$number": "{text}"}}' if text in _NONFINITE else text


def _boolean_text(value: object) -> str:
    """Return a truth value as JSON."""
    return "true" if value else "false"


_SIMPLE: dict[type, Callable[[object], str]] = {
    float: _float_text,
    int: repr,
    str: cast("Callable[[object], str]", encode_basestring_ascii),
    bool: _boolean_text,
    type(None): lambda _value: "null",
}


def simple_text(value: object) -> str | None:
    """Return one simple value, or a dict of such, as JSON text; None for all others.

    Nearly every row holds nothing else, and this takes a third of the time that a general encoder takes.
    """
    try:
        write = _SIMPLE.get(type(value))
        if write is not None:
            return write(value)
        return _simple_dict(value) if type(value) is dict else None
    except ValueError:  # an integer of so many digits that Python refuses to write it
        return None


def _simple_dict(data: dict[object, object]) -> str | None:
    """Return a dict of simple values as JSON text; None for all others."""
    parts = []
    for key, item in data.items():
        write = _SIMPLE.get(type(item))
        if write is None or type(key) is not str or key.startswith("$"):
            return None
        parts.append(f"{encode_basestring_ascii(key)}: {write(item)}")
    return f"{{{', '.join(parts)}}}"


def plain_text(plain: object) -> str:
    """Return plain values as ASCII JSON text; a dict of theirs that looks like a mark is wrapped."""
    text = simple_text(plain)
    return _text(plain, wrap=True) if text is None else text


def marked_text(data: object) -> str:
    """Return what `ivoryos_jupyter.schema.encode` made as ASCII JSON text; its marks stay marks."""
    return _text(data, wrap=False)


def from_text(text: str | None) -> Plain:
    """Return what was written; IvoryOS's text, with its bare ``NaN``, is read as well."""
    if text is None:
        return None
    data: Plain = json.loads(text)
    return revive(data) if '"$' in text else data


def revive(data: Plain) -> Plain:
    """Return `data` with references, numbers and wrapped dicts read; any other mark stays as it is."""
    if isinstance(data, list):
        return [revive(item) for item in data]
    if not isinstance(data, dict):
        return data
    if len(data) == 1:
        ((key, inner),) = data.items()
        if key == "$live" and isinstance(inner, str):
            return LiveReference(inner)
        if key == "$number" and isinstance(inner, str) and inner in _NONFINITE:
            return _NONFINITE[inner]
        if key == "$dict" and isinstance(inner, dict):
            return {name: revive(item) for name, item in inner.items()}
    return {key: revive(item) for key, item in data.items()}


def clean(text: str) -> str:
    """Return `text` without what a database refuses: NUL characters and lone surrogates."""
    if "\x00" in text:
        text = text.replace("\x00", "\\x00")
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def _text(data: object, *, wrap: bool) -> str:
    """Return JSON text, fast where nothing needs a mark."""
    try:
        text = _STRICT(data)
    except (ValueError, TypeError):
        return _STRICT(_strict(data, wrap=wrap))
    return _STRICT(_strict(data, wrap=True)) if wrap and '"$' in text else text


def _strict(value: object, *, wrap: bool) -> object:
    """Return `value` with everything that strict JSON cannot say written as a mark."""
    if isinstance(value, LiveReference):
        return {"$live": value.text}
    if isinstance(value, float) and not math.isfinite(value):
        return {"$number": repr(float(value))}
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return {"$object": "builtins:int", "bits": value.bit_length()}
    if isinstance(value, list | tuple):
        return [_strict(item, wrap=wrap) for item in value]
    if isinstance(value, Mapping):
        data = {str(key): _strict(item, wrap=wrap) for key, item in value.items()}
        return {"$dict": data} if wrap and len(data) == 1 and next(iter(data)).startswith("$") else data
    return value

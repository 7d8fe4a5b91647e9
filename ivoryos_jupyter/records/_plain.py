"""How does a value become the text of a JSON column, and a value again?

Nearly every value is small and plain, so the C encoder is tried first and only what it refuses takes the careful way.
The text is strict JSON (PostgreSQL accepts no other): what JSON does not have are objects with one ``$`` key, the marks of
`ivoryos_jupyter.schema`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ivoryos_jupyter.schema import LiveReference

if TYPE_CHECKING:
    from ivoryos_jupyter.schema import Plain

_STRICT = json.JSONEncoder(allow_nan=False, separators=(", ", ": ")).encode
_NONFINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def plain_text(plain: object) -> str:
    """Return plain values as ASCII JSON text; a dict of theirs that looks like a mark is wrapped."""
    return _text(plain, wrap=True)


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
    if isinstance(value, list | tuple):
        return [_strict(item, wrap=wrap) for item in value]
    if isinstance(value, Mapping):
        data = {str(key): _strict(item, wrap=wrap) for key, item in value.items()}
        return {"$dict": data} if wrap and len(data) == 1 and next(iter(data)).startswith("$") else data
    return value

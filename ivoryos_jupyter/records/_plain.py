"""How does a value become the text of a JSON column, and a value again?

Nearly every value is small and plain, so the C encoder is tried first and only what it refuses takes the careful way.
The text is strict JSON (PostgreSQL accepts no other): not-a-number and references to live objects are objects with a
``$`` key, as everywhere in this package.
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


def to_text(plain: object) -> str:
    """Return plain data as ASCII JSON text."""
    try:
        text = _STRICT(plain)
    except (ValueError, TypeError):
        return _STRICT(_strict(plain))
    return _STRICT(_strict(plain)) if '"$' in text else text


def from_text(text: str | None) -> Plain:
    """Return what `to_text` wrote; text of IvoryOS, with its bare ``NaN``, is read as well."""
    if text is None:
        return None
    data: Plain = json.loads(text)
    return revive(data) if '"$' in text else data


def revive(data: Plain) -> Plain:
    """Return `data` with its ``$`` objects read; an unknown one stays as it is, it may be IvoryOS's."""
    if isinstance(data, list):
        return [revive(item) for item in data]
    if not isinstance(data, dict):
        return data
    if len(data) == 1:
        ((key, inner),) = data.items()
        if key == "$live" and isinstance(inner, str):
            return LiveReference(inner)
        if key == "$float" and isinstance(inner, str) and inner in _NONFINITE:
            return _NONFINITE[inner]
        if key == "$dict" and isinstance(inner, dict):
            return {name: revive(item) for name, item in inner.items()}
    return {key: revive(item) for key, item in data.items()}


def clean(text: str) -> str:
    """Return `text` without what a database refuses: NUL characters and lone surrogates."""
    if "\x00" in text:
        text = text.replace("\x00", "\\x00")
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _strict(value: object) -> object:
    """Return plain data with everything that strict JSON cannot say written as a ``$`` object."""
    if isinstance(value, LiveReference):
        return {"$live": value.text}
    if isinstance(value, float) and not math.isfinite(value):
        return {"$float": str(float(value))}
    if isinstance(value, list | tuple):
        return [_strict(item) for item in value]
    if isinstance(value, Mapping):
        data = {str(key): _strict(item) for key, item in value.items()}
        return {"$dict": data} if any(key.startswith("$") for key in data) else data
    return value


def to_plain(value: object) -> object:
    """Return JSON data for any object."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(item) for item in value]
    return repr(value)

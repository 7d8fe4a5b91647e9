"""How is a plain value written as JSON without loss?  Marks for references and for numbers that JSON does not have."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.schema._kinds import LiveReference

if TYPE_CHECKING:
    from ivoryos_jupyter.schema._kinds import Plain

LIVE = "$live"
NUMBER = "$number"
DICT = "$dict"
"""Wraps a dict of one key that looks like a mark itself."""

_NONFINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}

Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
"""What the standard library's `json` writes and reads."""


def plain_to_json(plain: Plain) -> Json:
    """Return `plain` as strict JSON: a reference as ``{"$live": text}``, nan and inf as ``{"$number": "nan"}``."""
    if isinstance(plain, LiveReference):
        return {LIVE: plain.text}
    if isinstance(plain, float) and not math.isfinite(plain):
        return {NUMBER: repr(plain)}
    if isinstance(plain, list):
        return [plain_to_json(item) for item in plain]
    if isinstance(plain, dict):
        inner: Json = {key: plain_to_json(value) for key, value in plain.items()}
        return {DICT: inner} if _looks_like_mark(plain) else inner
    return plain


def plain_from_json(data: object, *, field: str = "") -> Plain:
    """Return the plain value that `plain_to_json` wrote.

    Raises
    ------
    ConversionError
        If it is no JSON value, or has a mark that is not known.
    """
    if data is None or isinstance(data, (bool, int, float, str)):
        return data
    if isinstance(data, list):
        return [plain_from_json(item, field=f"{field}[{at}]") for at, item in enumerate(data)]
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise _bad(field, f"a {type(data).__name__} is no value of JSON")
    if not _looks_like_mark(data):
        return {key: plain_from_json(value, field=f"{field}[{key!r}]") for key, value in data.items()}
    ((mark, content),) = data.items()
    return _unmarked(mark, content, field)


def _unmarked(mark: str, content: object, field: str) -> Plain:
    if mark == LIVE and isinstance(content, str):
        return LiveReference(content)
    if mark == NUMBER and isinstance(content, str) and content in _NONFINITE:
        return _NONFINITE[content]
    if mark == DICT and isinstance(content, dict):
        return {str(key): plain_from_json(value, field=f"{field}[{key!r}]") for key, value in content.items()}
    raise _bad(field, f"the mark {mark!r} is not known, or its content does not fit it")


def _looks_like_mark(data: dict[str, object] | dict[str, Plain]) -> bool:
    return len(data) == 1 and next(iter(data)).startswith("$")


def _bad(field: str, message: str) -> ConversionError:
    return ConversionError([Problem(field, message)])

"""How is JSON read that must not be guessed at?  A key that stands twice, of which one would be lost, is refused, and so is NaN."""

from __future__ import annotations

import json


def strict_json(text: str | bytes) -> object:
    """Return what `text` says; raise `ValueError` where it is no strict JSON, and `RecursionError` where it is nested too deep."""
    return json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_refuse_constant)


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return data


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON number")

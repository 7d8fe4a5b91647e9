"""Which existing name was probably meant?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def closest(name: str, known: Iterable[str]) -> str:
    """Return the name in `known` that resembles `name` most, or the only one that begins with it, or an empty text."""
    import difflib  # noqa: PLC0415 - only an error needs it

    names = sorted(known)
    folded = {one.lower(): one for one in reversed(names)}
    found = difflib.get_close_matches(name.lower(), folded, n=1, cutoff=0.6)
    if found:
        return folded[found[0]]
    longer = [one for one in names if name and one.lower().startswith(name.lower())]
    return longer[0] if len(longer) == 1 else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean …?``, or what there is, or an empty text when there is nothing."""
    names = list(known)
    if found := closest(name, names):
        return f"; did you mean {found}?"
    return f"; there is {', '.join(names[:12])}" if names else ""

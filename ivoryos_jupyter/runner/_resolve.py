"""How often, over what, and how long?  Values of control steps, checked when they are reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import Problem, WorkflowError
from ivoryos_jupyter.workflow import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.workflow import Value

LONGEST_LIST = 100_000
"""Items a for-each may have; a generator without end is refused there."""


def count_of(value: Value, context: Mapping[str, object]) -> int:
    """Return how often to repeat; raise `WorkflowError` when that is no whole number."""
    found = resolve(value, context)
    if isinstance(found, float) and found.is_integer():
        found = int(found)
    if isinstance(found, bool) or not isinstance(found, int) or found < 0:
        raise WorkflowError([Problem("times", "must be a whole number, 0 or more", str(found))])
    return found


def items_of(value: Value, context: Mapping[str, object]) -> list[object]:
    """Return the items of a for-each; raise `WorkflowError` when it is no list."""
    found = resolve(value, context)
    if isinstance(found, str | bytes) or not hasattr(type(found), "__iter__"):
        raise WorkflowError([Problem("items", "must be a list; write [1, 2, 3] or name a step's list", str(found))])
    items: list[object] = []
    for item in found:  # type: ignore[attr-defined]  # checked above
        items.append(item)
        if len(items) > LONGEST_LIST:
            raise WorkflowError([Problem("items", f"has more than {LONGEST_LIST:,} items", type(found).__name__)])
    return items


def seconds_of(value: Value, context: Mapping[str, object]) -> float:
    """Return how long to wait, in s; raise `WorkflowError` when that is no number."""
    found = resolve(value, context)
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found < float("inf"):
        raise WorkflowError([Problem("seconds", "must be a number of seconds, 0 or more", str(found))])
    return float(found)

"""How long does a call usually take?  The middle of its latest recorded durations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.records import recent_durations

if TYPE_CHECKING:
    from ivoryos_jupyter.records import Store

FEWEST = 3
"""With fewer recorded durations nobody can say what is usual."""


def usual_duration(store: Store, path: str, member: str) -> float | None:
    """Return how long `member` of the instrument at `path` usually takes in runs, in s; None when too little is known."""
    durations = sorted(recent_durations(store, path, member))
    return durations[len(durations) // 2] if len(durations) >= FEWEST else None

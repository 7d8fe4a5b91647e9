"""Which requests wait, in memory?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ivoryos_jupyter.journal import RunRequest


class KeptQueue:
    """The waiting requests, next one first."""

    def __init__(self) -> None:
        """Let nothing wait."""
        self._waiting: list[RunRequest] = []

    def __iter__(self) -> Iterator[RunRequest]:
        """Go through them as they are now."""
        return iter(tuple(self._waiting))

    def __contains__(self, key: object) -> bool:
        """Whether a request with this key waits."""
        return any(one.key == key for one in self._waiting)

    def add(self, request: RunRequest) -> None:
        """Let a request wait: what goes on with another run before all others, the rest behind them."""
        self._waiting.insert(len(self._waiting) if request.derived_from is None else 0, request)

    def reorder(self, keys: Sequence[str]) -> None:
        """Put them into the order of `keys`; those not named follow."""
        place = {key: index for index, key in enumerate(keys)}
        self._waiting.sort(key=lambda one: place.get(one.key, len(place)))

    def replace(self, request: RunRequest) -> bool:
        """Replace the one with the same key; False when it waits no longer."""
        if request.key not in self:
            return False
        self._waiting = [request if one.key == request.key else one for one in self._waiting]
        return True

    def remove(self, key: str) -> bool:
        """Take one away; False when it waits no longer."""
        if key not in self:
            return False
        self._waiting = [one for one in self._waiting if one.key != key]
        return True

"""What do notifications need of the session they belong to?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from ivoryos_jupyter.journal import RunEvent
    from ivoryos_jupyter.notices._occasions import Place
    from ivoryos_jupyter.runner import RunStatus


@dataclass(frozen=True, slots=True)
class Around:
    """The session, as far as notifications need it."""

    place: Place
    file: Path
    """Where addresses are remembered."""
    log: Path
    """Where the watchdog writes whom it told."""
    now_us: Callable[[], int]
    runs: Callable[[], Iterable[RunStatus]]
    """How all runs stand now."""
    subscribe: Callable[[Callable[[object], None]], object]
    """Lets a listener hear what happens."""
    publish: Callable[[object], None]
    record: Callable[[RunEvent], None]

    def fixed(self) -> dict[str, object]:
        """Return what the watchdog is told whatever happens."""
        place = self.place
        return {"log": str(self.log), "host": place.host, "notebook": place.notebook, "operator": place.operator}

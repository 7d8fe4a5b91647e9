"""Which code does a run run?  The protocol of whoever knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class Provenance(Protocol):
    """Knows what the code is made of that runs here."""

    def known(self) -> Mapping[str, str]:
        """Return what is known without looking: names and versions."""

    def find_out(self, run_id: int, things: Mapping[str, object]) -> None:
        """Find out the rest beside the run that begins, and keep it with the run."""

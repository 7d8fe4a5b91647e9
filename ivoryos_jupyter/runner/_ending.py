"""How has a run ended, as far as is known now?  The first thing that ended it counts; cleanup never hides it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import Outcome

if TYPE_CHECKING:
    from typing import Literal


@dataclass(slots=True)
class Ending:
    """The outcome of a run so far."""

    outcome: Outcome = Outcome.COMPLETED
    error: str | None = None
    """What ended it before cleanup."""
    cleanup_error: str | None = None

    def left(self, status: Literal["stopped", "failed"], error: str | None) -> Outcome:
        """Take note that prep or script was left; return what that makes of the run."""
        self.error = error
        self.outcome = Outcome.FAILED if status == "failed" else Outcome.STOPPED
        return self.outcome

    def left_cleanup(self, status: Literal["stopped", "failed"], error: str | None) -> None:
        """Take note that cleanup did not come to its end."""
        self.cleanup_error = error or "Stopped in cleanup."
        if self.outcome is Outcome.COMPLETED:
            self.outcome = Outcome.FAILED if status == "failed" else Outcome.STOPPED
            self.error = error

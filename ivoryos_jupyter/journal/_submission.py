"""What do the records know of a submission, whichever kernel has it?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.journal._rows import Outcome, Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A submission that waits, is run, or has been."""

    here: bool = True
    """Whether this kernel has it."""
    alive: bool = True
    """Whether the kernel that has it lives."""
    host: str = ""
    """The computer of that kernel."""
    notebook: str = ""
    """Its notebook."""
    run_id: int | None = None
    """None as long as it waits."""
    started_us: int | None = None
    phase: Phase | None = None
    """Where it is, or was last."""
    iteration: int = 0
    outcome: Outcome | None = None
    """None as long as nobody has ended it."""
    ended_us: int | None = None
    """None for a run that was interrupted as well: nobody saw its end."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many steps came to which end."""
    error: str | None = None

    @property
    def kernel(self) -> str:
        """Which kernel has it, for people: ``the notebook left.ipynb on lab-pc``."""
        return (f"the notebook {self.notebook}" if self.notebook else "another kernel") + (f" on {self.host}" if self.host else "")

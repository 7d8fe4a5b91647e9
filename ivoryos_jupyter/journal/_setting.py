"""With what, where and by whom is a run made, and which instruments does it hold?  Known when it begins, and kept with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Claim:
    """An instrument that a run holds while it is under way."""

    thing: str
    """What tells it from all others: its address where that is known, else its class and name."""
    instrument: str
    """Its name on the deck."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of a run when it begins, besides what was submitted."""

    host: str = ""
    """The computer."""
    os_user: str = ""
    """The account."""
    instruments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What is known of each: class, address, serial number, firmware."""
    code_versions: Mapping[str, str] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    take_over: bool = False
    """Whether a person decided to begin although the run of another living kernel holds one of them."""


@dataclass(frozen=True, slots=True)
class Holding:
    """An instrument that the run of another living kernel holds."""

    thing: str
    instrument: str
    """Its name there."""
    run_id: int
    run: str
    """Name of the run."""
    since_us: int
    host: str = ""
    notebook: str = ""
    operator: str = ""

    @property
    def sentence(self) -> str:
        """Who holds it, where and since when, for people."""
        where = ", ".join(filter(None, (f"notebook {self.notebook}" if self.notebook else "", f"on {self.host}" if self.host else "")))
        who = f" by {self.operator}" if self.operator else ""
        return f"{self.instrument} ({self.thing}) is held by run {self.run_id} {self.run!r}{who}" + (f" ({where})" if where else "")

"""What does the runner tell its listeners?  Frozen events, published from its own threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ivoryos_jupyter.runner._made_safe import MadeSafe
from ivoryos_jupyter.runner._watch import WatchRead, WatchTripped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.journal import StepStatus
    from ivoryos_jupyter.runner._status import RunStatus
    from ivoryos_jupyter.schema import Plain


@dataclass(frozen=True, slots=True)
class RunChanged:
    """A run is in another state, phase or iteration, or says something else."""

    status: RunStatus

    @property
    def key(self) -> str:
        """The run, of which only the latest status matters."""
        return self.status.key


class StepChanged(NamedTuple):
    """An attempt of a step began or ended; two for every step, and a named tuple is made eight times as fast as a frozen dataclass."""

    run_key: str
    run_id: int
    row: int
    """Id of the step's record."""
    step_id: str
    phase: str
    iteration: int
    label: str
    """``pump.dispense``, ``wait``, …"""
    status: StepStatus
    at_us: int
    attempt: int = 1
    sample: int = 0
    path: str = ""
    error: str | None = None
    result: object = None
    prints: str = ""
    method_name: str = ""
    """As recorded: ``dispense``, ``temperature``; the setting of a property is ``temperature_(setter)``."""
    began_us: int = 0
    """When the attempt began: who hears of the end alone, because it came soon after, knows how long it took."""

    @property
    def key(self) -> tuple[str, int]:
        """The record, of which only the latest state matters."""
        return (self.run_key, self.row)


@dataclass(frozen=True, slots=True)
class CallChanged:
    """A direct call stands in line, began or ended."""

    call_id: int
    instrument: str
    member: str
    status: str
    """``in line``, ``running``, ``done``, ``failed``, ``cancelled`` or ``abandoned``."""
    at_us: int
    origin: str = "panel"
    row: int | None = None
    """Id of its record, once the intent is committed."""
    arguments: Mapping[str, Plain] = field(default_factory=dict)
    error: str | None = None
    result: object = None
    prints: str = ""
    started_us: int | None = None
    """When its intent was written; None while it stands in line."""
    message: str = ""
    """What is unusual about it while it runs, such as that it takes much longer than usual."""

    @property
    def key(self) -> int:
        """The call, of which only the latest state matters."""
        return self.call_id


@dataclass(frozen=True, slots=True)
class QueueChanged:
    """The queue has other entries, another order, or is held or released."""

    keys: tuple[str, ...]
    """Keys of the waiting runs in order."""
    on_hold: bool
    reason: str = ""
    """Why it is on hold."""

    @property
    def key(self) -> str:
        """There is one queue."""
        return "queue"


Event = WatchRead | WatchTripped | RunChanged | StepChanged | CallChanged | QueueChanged | MadeSafe

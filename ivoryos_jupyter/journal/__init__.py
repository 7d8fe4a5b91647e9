"""What happens, as frozen rows, and the protocol of whoever keeps them."""

from ivoryos_jupyter.journal._recorder import Recorder
from ivoryos_jupyter.journal._rows import (
    CallIntent,
    Outcome,
    Phase,
    PhaseStarted,
    QueuedRun,
    RecordedRun,
    RunEvent,
    RunRequest,
    StepIntent,
    StepOutcome,
    StepStatus,
    UnfinishedRun,
)

__all__ = [
    "CallIntent",
    "Outcome",
    "Phase",
    "PhaseStarted",
    "QueuedRun",
    "RecordedRun",
    "Recorder",
    "RunEvent",
    "RunRequest",
    "StepIntent",
    "StepOutcome",
    "StepStatus",
    "UnfinishedRun",
]

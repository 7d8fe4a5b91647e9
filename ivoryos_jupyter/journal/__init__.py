"""What happens, as frozen rows, and the protocol of whoever keeps them."""

from ivoryos_jupyter.journal._charge import BUDGET_KINDS, Charge, Entries
from ivoryos_jupyter.journal._past import Lost, PastPhase, PastRun, PastStep
from ivoryos_jupyter.journal._recorder import Recorder
from ivoryos_jupyter.journal._resumption import DECIDED, Decision, DoneAhead, Resumption
from ivoryos_jupyter.journal._rows import (
    CallIntent,
    Observation,
    Outcome,
    PastCall,
    Phase,
    PhaseStarted,
    QueuedRun,
    RunEvent,
    RunRequest,
    StepIntent,
    StepOutcome,
    StepStatus,
    UnfinishedRun,
)
from ivoryos_jupyter.journal._setting import Claim, Holding, Setting
from ivoryos_jupyter.journal._submission import Submission

__all__ = [
    "BUDGET_KINDS",
    "DECIDED",
    "CallIntent",
    "Charge",
    "Claim",
    "Decision",
    "DoneAhead",
    "Entries",
    "Holding",
    "Lost",
    "Observation",
    "Outcome",
    "PastCall",
    "PastPhase",
    "PastRun",
    "PastStep",
    "Phase",
    "PhaseStarted",
    "QueuedRun",
    "Recorder",
    "Resumption",
    "RunEvent",
    "RunRequest",
    "Setting",
    "StepIntent",
    "StepOutcome",
    "StepStatus",
    "Submission",
    "UnfinishedRun",
]

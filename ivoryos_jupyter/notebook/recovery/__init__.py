"""An interrupted run and what becomes of it; an ended one and what is missing of it."""

from ivoryos_jupyter.notebook.recovery._case import Case
from ivoryos_jupyter.notebook.recovery._counter import CaseCounter, RecoveryChanged
from ivoryos_jupyter.notebook.recovery._interrupted import Interrupted, recovery_of
from ivoryos_jupyter.notebook.recovery._recovery import Recovery, RunDecided
from ivoryos_jupyter.notebook.recovery._rerun import rerun
from ivoryos_jupyter.notebook.recovery._shapes import DoubtJson, InterruptedJson, SaidJson
from ivoryos_jupyter.notebook.recovery._words import call_text, decided_text, direct_call_text, lines_of, moment, where_of

__all__ = [
    "Case",
    "CaseCounter",
    "DoubtJson",
    "Interrupted",
    "InterruptedJson",
    "Recovery",
    "RecoveryChanged",
    "RunDecided",
    "SaidJson",
    "call_text",
    "decided_text",
    "direct_call_text",
    "lines_of",
    "moment",
    "recovery_of",
    "rerun",
    "where_of",
]

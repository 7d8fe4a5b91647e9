"""Rehearsals: what a run would do, how long it would take and what would go wrong, without a call on any instrument."""

from ivoryos_jupyter.runner._call import root_of
from ivoryos_jupyter.runner.rehearsal._faults import FAULT_KINDS, FaultKind, RehearsedFaultError
from ivoryos_jupyter.runner.rehearsal._forecast import Forecast, forecast
from ivoryos_jupyter.runner.rehearsal._given import Given, Seconds
from ivoryos_jupyter.runner.rehearsal._in_turn import Turn, rehearse_in_turn
from ivoryos_jupyter.runner.rehearsal._log import Asked, Line
from ivoryos_jupyter.runner.rehearsal._rehearse import rehearse
from ivoryos_jupyter.runner.rehearsal._rehearse_faults import ROUNDS, rehearse_faults
from ivoryos_jupyter.runner.rehearsal._result import Amount, Endless, FaultResult, Issue, NeverTaken, Rehearsed, Spread, Total
from ivoryos_jupyter.runner.rehearsal._sources import ASSUMPTIONS, Assumption, Experience, NoExperience, Sources
from ivoryos_jupyter.runner.rehearsal._stage import MOST_STEPS, Scene
from ivoryos_jupyter.runner.rehearsal._summary import step_of

__all__ = [
    "ASSUMPTIONS",
    "FAULT_KINDS",
    "MOST_STEPS",
    "ROUNDS",
    "Amount",
    "Asked",
    "Assumption",
    "Endless",
    "Experience",
    "FaultKind",
    "FaultResult",
    "Forecast",
    "Given",
    "Issue",
    "Line",
    "NeverTaken",
    "NoExperience",
    "Rehearsed",
    "RehearsedFaultError",
    "Scene",
    "Seconds",
    "Sources",
    "Spread",
    "Total",
    "Turn",
    "forecast",
    "rehearse",
    "rehearse_faults",
    "rehearse_in_turn",
    "root_of",
    "step_of",
]

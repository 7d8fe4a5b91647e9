"""What must hold before a call, and how much calls may use up: interlocks and budgets, as text and in their file."""

from ivoryos_jupyter.rules._fit import check_budget, check_interlock, unfit_rules
from ivoryos_jupyter.rules._interlock import ANY, Interlock, parse_interlock
from ivoryos_jupyter.rules._rules import Concern, Rules
from ivoryos_jupyter.rules._rules_file import RulesFile
from ivoryos_jupyter.rules._sources import budget_of

__all__ = [
    "ANY",
    "Concern",
    "Interlock",
    "Rules",
    "RulesFile",
    "budget_of",
    "check_budget",
    "check_interlock",
    "parse_interlock",
    "unfit_rules",
]

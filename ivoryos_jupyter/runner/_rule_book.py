"""Which rules does a session hold its calls to, and what do they remember?  Asked by the gates for every call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.runner._duty import Duty
from ivoryos_jupyter.runner._means import Means

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.rules import RulesFile
    from ivoryos_jupyter.runner._call import Call
    from ivoryos_jupyter.runner._office import Office
    from ivoryos_jupyter.schema import Budget, Parameter


class RuleBook:
    """The rules of a data folder, applied to the calls of one office."""

    def __init__(self, file: RulesFile, office: Office) -> None:
        """Apply what `file` states to calls through `office`."""
        self.file = file
        self.means = Means(office)

    def budgets(self) -> list[tuple[Budget, float]]:
        """Return the budgets with what is used of each now; nothing of those that count per run."""
        budgets = self.file.current().budgets
        ledger = self.means.ledger
        ledger.keep_to(budgets)
        return [(one, ledger.used(one)) for one in budgets]

    def used(self, budget: Budget, run_id: int | None = None) -> float:
        """Return what is used of a budget now, by one run where it counts per run."""
        ledger = self.means.ledger
        ledger.keep_to(self.file.current().budgets)
        return ledger.used(budget, None if run_id is None else self.means.office.continued(run_id))

    def paths(self) -> frozenset[str]:
        """Return the paths that the rules name.

        Raises
        ------
        SafetyFileError
            When the rules cannot be read.
        """
        return self.file.current().paths()

    def duty(self, call: Call, parameters: Sequence[Parameter], arguments: Mapping[str, object]) -> Duty | None:
        """Return what the rules ask of `call`; None when they ask nothing.

        Raises
        ------
        SafetyFileError
            When the rules cannot be read.
        BudgetError
            When a budget would not last for the call.
        """
        rules = self.file.current()
        if not rules:
            return None
        self.means.ledger.keep_to(rules.budgets)
        concern = rules.of_reading(call.names) if call.operation == "get" else rules.of(call.names)
        if concern is None:
            return None
        duty = Duty(self.means, concern, call, parameters, arguments)
        duty.check_budgets()
        return duty

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
    from ivoryos_jupyter.schema import Parameter


class RuleBook:
    """The rules of a data folder, applied to the calls of one office."""

    def __init__(self, file: RulesFile, office: Office) -> None:
        """Apply what `file` states to calls through `office`."""
        self.file = file
        self.means = Means(office)

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
        concern = rules.of_reading(call.path, call.member) if call.operation == "get" else rules.of(call.path, call.recorded_method)
        if concern is None:
            return None
        duty = Duty(self.means, concern, call, parameters, arguments)
        duty.check_budgets()
        return duty

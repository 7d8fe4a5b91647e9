"""What do the rules work with?  Instruments through the office, the ledger of the budgets, and last results."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import NotReadError
from ivoryos_jupyter.runner._ledger import Ledger
from ivoryos_jupyter.schema import SETTER

if TYPE_CHECKING:
    from ivoryos_jupyter.journal import RunEvent
    from ivoryos_jupyter.runner._call import Call
    from ivoryos_jupyter.runner._office import Office
    from ivoryos_jupyter.workflow import Referred

READ_WITHIN_S = 2.0
"""Seconds in which all that one call's interlocks ask for must be read."""


class Means:
    """What the duties of all calls of one office share."""

    def __init__(self, office: Office) -> None:
        """Work with `office`."""
        self.office = office
        self.ledger = Ledger(office.recorder, office.clock.now_us)
        self.read_within_s = READ_WITHIN_S
        self._last: dict[tuple[str, str], tuple[object, float]] = {}

    def charged(self, call: Call, run_id: int | None = None) -> int | None:
        """Return the run that is charged for a call: the one it belongs to, or the one that this goes on with; None for none."""
        number = self.run_id(call) if run_id is None else run_id
        return None if number is None else self.office.continued(number)

    def run_id(self, call: Call) -> int | None:
        """Return the id of the run a call belongs to, or None."""
        return self.office.run_id(call.run_key)

    def now_us(self) -> int:
        """Return UTC microseconds since 1970."""
        return self.office.clock.now_us()

    def note(self, event: RunEvent) -> None:
        """Keep an event of a call."""
        self.office.recorder.note(event)

    def remember(self, call: Call, result: object) -> None:
        """Keep the last result of a call that a rule asks for."""
        for path, method in call.names:
            self._last[(path, method.removesuffix(SETTER))] = (result, time.monotonic())

    def last(self, one: Referred) -> object:
        """Return the last result, or its age in seconds; raise `NotReadError` when there is none yet."""
        found = self._last.get((one.path, one.member))
        if found is None:
            name = one.member if one.path == "blocks" else f"{one.path}.{one.member}"
            raise NotReadError(f"there is no result of {name} in this session yet")
        return found[0] if one.kind == "last" else time.monotonic() - found[1]

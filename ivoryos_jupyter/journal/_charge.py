"""How is a budget charged?  In the very commit of the intent, so that nobody uses up between look and commit what was found to be left."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ivoryos_jupyter.journal._rows import RunEvent

BUDGET_KINDS = ("used", "budget_reset", "reset_by_call")
"""Kinds of events that the count of the budgets is made of; those of all kernels are committed in the order of their numbers."""

Entries: TypeAlias = "Callable[[int | None, Sequence[str]], Sequence[tuple[int, RunEvent]]]"
"""Reads the events of some kinds that came after the one with a number, each with its own, in order; all for None."""

Charge: TypeAlias = "Callable[[Entries], Sequence[RunEvent]]"
"""Decides while nobody else can: given how the entries so far are read, returns those to be committed with the intent, or raises, and
nothing is committed."""

"""Which names rest on something that was assumed, and which have no value because a step failed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.workflow import CallWorkflow, Expression, Variable, compile_expression, conditions_of, names_made, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ivoryos_jupyter.workflow import Step


class Names:
    """Follows the names through one rehearsal; iterations do not see each other, but all see what prep made."""

    def __init__(self) -> None:
        """Know of no name."""
        self._place = ("prep", 1)
        self._assumed: set[str] = set()
        self._lost: set[str] = set()
        self._of_prep: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
        self._used: dict[str, frozenset[str]] = {}

    def at(self, phase: str, iteration: int) -> None:
        """Note where the run is; a new iteration begins with what prep made."""
        place = (phase, iteration)
        if place == self._place:
            return
        if self._place[0] == "prep":
            self._of_prep = (frozenset(self._assumed), frozenset(self._lost))
        self._assumed, self._lost = (set(one) for one in self._of_prep)
        self._place = place

    def give(self, names: Iterable[str], *, assumed: bool) -> None:
        """Note that names were given values."""
        for name in names:
            self._lost.discard(name)
            (self._assumed.add if assumed else self._assumed.discard)(name)

    def lose(self, step: Step) -> None:
        """Note that a step failed, and gave its names no value."""
        self._lost.update(names_made(step))
        self._assumed.difference_update(names_made(step))

    def enter(self, call: Step | None) -> None:
        """Note what a nested workflow is given."""
        if isinstance(call, CallWorkflow):
            for name, value in call.arguments.items():
                used = frozenset(_names_in(value))
                self.give((name,), assumed=not self._assumed.isdisjoint(used))
                if not self._lost.isdisjoint(used):
                    self._lost.add(name)

    def assumed(self, step: Step) -> bool:
        """Whether `step` needs a value that was assumed."""
        return not self._assumed.isdisjoint(self._needed(step))

    def lost(self, step: Step) -> bool:
        """Whether `step` needs a value that a failed step did not give."""
        return not self._lost.isdisjoint(self._needed(step))

    def _needed(self, step: Step) -> frozenset[str]:
        found = self._used.get(step.id)
        if found is None:
            values = [name for _, value in values_of(step) for name in _names_in(value)]
            conditions = [name for _, condition in conditions_of(step) for name in compile_expression(condition).names]
            found = self._used[step.id] = frozenset((*values, *conditions))
        return found


def _names_in(value: object) -> tuple[str, ...]:
    if isinstance(value, Variable):
        return (value.name,)
    return compile_expression(value.text).names if isinstance(value, Expression) else ()

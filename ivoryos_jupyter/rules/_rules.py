"""Which rules concern one call?  All of them, as they stood when they were read, by what they guard."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivoryos_jupyter.rules._interlock import ANY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivoryos_jupyter.rules._interlock import Interlock
    from ivoryos_jupyter.schema import Budget

Member = tuple[str, str]
"""Path and recorded method."""


@dataclass(frozen=True, slots=True)
class Concern:
    """The rules that concern one method or property."""

    interlocks: tuple[Interlock, ...] = ()
    budgets: tuple[Budget, ...] = ()
    resets: tuple[str, ...] = ()
    """What its success sets back, as `Budget.since` names it."""
    remembered: bool = False
    """Whether a condition asks for its last result."""


@dataclass(frozen=True, slots=True)
class Rules:
    """All interlocks and budgets."""

    interlocks: tuple[Interlock, ...] = ()
    budgets: tuple[Budget, ...] = ()
    _concerns: dict[Member, Concern | None] = field(default_factory=dict, compare=False, repr=False)

    def __bool__(self) -> bool:
        """Return whether there is any rule."""
        return bool(self.interlocks or self.budgets)

    def of(self, path: str, method: str) -> Concern | None:
        """Return the rules that concern a recorded method of the instrument at `path`, or None."""
        key = (path, method)
        if key not in self._concerns:
            self._concerns[key] = self._concern(path, method)
        return self._concerns[key]

    def of_reading(self, path: str, name: str) -> Concern | None:
        """Return the rules that ask for the last reading of a property of the instrument at `path`, or None."""
        return Concern(remembered=True) if (path, name) in self._looked_back() else None

    def _looked_back(self) -> set[Member]:
        conditions = [condition for one in self.interlocks for condition in one.conditions]
        return {(one.path, one.member) for condition in conditions for one in condition.refers if one.kind != "reading"}

    def _concern(self, path: str, method: str) -> Concern | None:
        interlocks = tuple(one for one in self.interlocks if one.path == path and _guards(one, method))
        budgets = tuple(one for one in self.budgets if any((source.target, source.method) == (path, method) for source in one.sources))
        name = f"{path}.{method}"
        resets = tuple(dict.fromkeys(one.since for one in self.budgets if one.since == name))
        remembered = (path, method) in self._looked_back()
        if not (interlocks or budgets or resets or remembered):
            return None
        return Concern(interlocks, budgets, resets, remembered)


def _guards(interlock: Interlock, method: str) -> bool:
    return interlock.member == ANY or interlock.recorded_method == method


def with_interlock(rules: Rules, one: Interlock) -> Rules:
    """Return `rules` with `one` added, once."""
    return Rules((*(other for other in rules.interlocks if other.text != one.text), one), rules.budgets)


def with_budget(rules: Rules, one: Budget) -> Rules:
    """Return `rules` with `one` added, in place of the budget of the same sources and period."""
    return Rules(rules.interlocks, (*(other for other in rules.budgets if other.key != one.key), one))


def without(rules: Rules, gone: Sequence[object]) -> Rules:
    """Return `rules` without those in `gone`."""
    return Rules(tuple(one for one in rules.interlocks if one not in gone), tuple(one for one in rules.budgets if one not in gone))

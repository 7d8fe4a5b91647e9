"""Which rules concern one call?  All of them, as they stood when they were read, by what they guard."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivoryos_jupyter.rules._interlock import ANY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivoryos_jupyter.rules._interlock import Interlock
    from ivoryos_jupyter.schema import Budget

Names = tuple[tuple[str, str], ...]
"""Paths and recorded methods by which one call is known."""


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
    _concerns: dict[Names, Concern | None] = field(default_factory=dict, compare=False, repr=False)
    _paths: list[frozenset[str]] = field(default_factory=list, compare=False, repr=False)

    def __bool__(self) -> bool:
        """Return whether there is any rule."""
        return bool(self.interlocks or self.budgets)

    def paths(self) -> frozenset[str]:
        """Return the paths of the instruments that the rules are about."""
        if not self._paths:
            sources = [source.target for one in self.budgets for source in one.sources]
            since = [one.since.rpartition(".")[0] for one in self.budgets]
            looked = [path for path, _ in self._looked_back()]
            self._paths.append(frozenset([*(one.path for one in self.interlocks), *sources, *filter(None, since), *looked]))
        return self._paths[0]

    def of(self, names: Names) -> Concern | None:
        """Return the rules that concern a call that is known by these `names`, or None."""
        if names not in self._concerns:
            self._concerns[names] = self._concern(names)
        return self._concerns[names]

    def of_reading(self, names: Names) -> Concern | None:
        """Return the rules that ask for the last reading of a property that is known by these `names`, or None."""
        return Concern(remembered=True) if not self._looked_back().isdisjoint(names) else None

    def _looked_back(self) -> set[tuple[str, str]]:
        conditions = [condition for one in self.interlocks for condition in one.conditions]
        return {(one.path, one.member) for condition in conditions for one in condition.refers if one.kind != "reading"}

    def _concern(self, names: Names) -> Concern | None:
        interlocks = tuple(one for one in self.interlocks if any(_guards(one, *name) for name in names))
        budgets = tuple(one for one in self.budgets if any((each.target, each.method) in names for each in one.sources))
        words = {f"{path}.{method}" for path, method in names}
        resets = tuple(dict.fromkeys(one.since for one in self.budgets if one.since in words))
        remembered = not self._looked_back().isdisjoint(names)
        if not (interlocks or budgets or resets or remembered):
            return None
        return Concern(interlocks, budgets, resets, remembered)


def _guards(interlock: Interlock, path: str, method: str) -> bool:
    return interlock.path == path and (interlock.member == ANY or interlock.recorded_method == method)


def with_interlock(rules: Rules, one: Interlock) -> Rules:
    """Return `rules` with `one` added, once."""
    return Rules((*(other for other in rules.interlocks if other.text != one.text), one), rules.budgets)


def with_budget(rules: Rules, one: Budget) -> Rules:
    """Return `rules` with `one` added, in place of the budget of the same sources and period."""
    return Rules(rules.interlocks, (*(other for other in rules.budgets if other.key != one.key), one))


def without(rules: Rules, gone: Sequence[object]) -> Rules:
    """Return `rules` without those in `gone`."""
    return Rules(tuple(one for one in rules.interlocks if one not in gone), tuple(one for one in rules.budgets if one not in gone))

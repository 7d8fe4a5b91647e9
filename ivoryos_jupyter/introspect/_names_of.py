"""By which names may a laboratory's rule mean what is called?  By every one that leads to the same object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ivoryos_jupyter.errors import Problem
    from ivoryos_jupyter.introspect._deck import Deck
    from ivoryos_jupyter.schema import Limits, Parameter


def names_of(deck: Deck, path: str, thing: object, named: Iterable[str]) -> tuple[str, ...]:
    """Return `path` and those of the `named` paths that lead to `thing`, which is at `path`, too."""
    others = dict.fromkeys(one for one in named if one != path)
    return (path, *(one for one in others if thing is not None and deck.thing_at(one) is thing))


@dataclass(frozen=True, slots=True)
class LimitsOfObjects:
    """Limits that hold for an object under each of its names, for whoever knows only paths."""

    limits: Limits
    deck: Deck

    def check(self, target: str, method: str, arguments: Mapping[str, object], parameters: Sequence[Parameter] = ()) -> list[Problem]:
        """Return what is wrong with the arguments of one call."""
        thing = None if target == "blocks" else self.deck.thing_at(target)
        return check_limits(self.limits, names_of(self.deck, target, thing, self.limits.targets(method)), method, arguments, parameters)


def check_limits(
    limits: Limits, names: Iterable[str], method: str, arguments: Mapping[str, object], parameters: Sequence[Parameter]
) -> list[Problem]:
    """Return what is wrong with the arguments of a call of a method of what has these `names`."""
    return [problem for name in names for problem in limits.check(name, method, arguments, parameters)]

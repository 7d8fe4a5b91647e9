"""By which names may a laboratory's rule mean what is called?  By every one that leads to the same object, or sets the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ivoryos_jupyter.errors import Problem
    from ivoryos_jupyter.introspect._deck import Deck
    from ivoryos_jupyter.schema import Limits, Parameter

    Names = tuple[tuple[str, str], ...]
    """Each a path, and a method as it is recorded."""


def names_of(deck: Deck, path: str, method: str, thing: object, named: Iterable[str]) -> Names:
    """Return every path and method by which a rule may mean a call; those it was called by come first.

    Parameters
    ----------
    deck
        Where the paths lead.
    path, method
        What is called, the method as it is recorded.
    thing
        The object at `path`; None for a building block.
    named
        The paths that rules name.
    """
    if thing is None:
        return ((path, method),)
    known = ((path, method), *deck.also_set(path, method))
    places = dict(known)
    others = [(one, method) for one in dict.fromkeys(named) if one not in places and deck.thing_at(one) is thing]
    return (*known, *others)


def as_set(arguments: Mapping[str, object]) -> Mapping[str, object]:
    """Return the arguments of a call that sets something, its value among them by the name that a setter gives it."""
    return arguments if "value" in arguments or not arguments else {**arguments, "value": next(iter(arguments.values()))}


@dataclass(frozen=True, slots=True)
class LimitsOfObjects:
    """Limits that hold for an object under each of its names, for whoever knows only paths."""

    limits: Limits
    deck: Deck

    def check(self, target: str, method: str, arguments: Mapping[str, object], parameters: Sequence[Parameter] = ()) -> list[Problem]:
        """Return what is wrong with the arguments of one call."""
        thing = None if target == "blocks" else self.deck.thing_at(target)
        return check_limits(self.limits, names_of(self.deck, target, method, thing, self.limits.targets(method)), arguments, parameters)


def check_limits(limits: Limits, names: Names, arguments: Mapping[str, object], parameters: Sequence[Parameter]) -> list[Problem]:
    """Return what is wrong with the arguments of a call that has these `names`."""
    found = limits.check(*names[0], arguments, parameters)
    for path, method in names[1:]:
        found += limits.check(path, method, arguments if method == names[0][1] else as_set(arguments), parameters)
    return found

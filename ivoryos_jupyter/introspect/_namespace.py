"""Which names of a namespace are instruments, which are building blocks, and why are the others neither?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivoryos_jupyter.introspect._blocks import category_of
from ivoryos_jupyter.introspect._selection import class_reason, reason_against
from ivoryos_jupyter.introspect._stand_in import original
from ivoryos_jupyter.schema import LeftOut

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_IPYTHON = frozenset({"In", "Out", "exit", "quit", "get_ipython", "open", "display"})
_HISTORY = re.compile(r"_{1,3}|_i{0,3}|_i?\d+|_[iod]h|__\w+__|_exit_code|_ipy\w*")
_HISTORY_ENTRY = LeftOut("_, _1, _i1, _ih …", "IPython's own names")
_PRIVATE = "its name begins with an underscore"
_EXCLUDED = "excluded by you"


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen from a namespace."""

    instruments: dict[str, object] = field(default_factory=dict)
    blocks: dict[str, tuple[Callable[..., object], str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    """Second names, with the first one."""
    left_out: tuple[LeftOut, ...] = ()

    def same_as(self, other: Choice) -> bool:
        """Whether the same names stand for the same objects."""
        return (
            list(self.instruments) == list(other.instruments)
            and all(one is two for one, two in zip(self.instruments.values(), other.instruments.values(), strict=True))
            and list(self.blocks) == list(other.blocks)
            and all(one[0] is two[0] and one[1] == two[1] for one, two in zip(self.blocks.values(), other.blocks.values(), strict=True))
            and self.aliases == other.aliases
        )


class Sorter:
    """Sorts namespaces, remembering what was decided by hand and what it has seen."""

    def __init__(self) -> None:
        """Start without decisions."""
        self.included: dict[str, object] = {}
        """Names that are instruments whatever the rules say, with the object where one was given."""
        self.excluded: set[str] = set()
        self._verdicts: dict[str, tuple[type, str]] = {}

    def include(self, name: str, obj: object = None) -> None:
        """Decide that `name` is an instrument."""
        self.excluded.discard(name)
        self.included[name] = original(obj)

    def exclude(self, name: str) -> None:
        """Decide that `name` is none."""
        self.included.pop(name, None)
        self.excluded.add(name)

    def sort(self, namespace: Mapping[str, object], before: Choice) -> Choice:
        """Sort the names of `namespace`; what `before` holds is known to be an instrument as long as it is the same object."""
        choice = Choice()
        first_names: dict[int, str] = {}
        reasons: dict[str, str] = {}
        private = []
        for name, obj in self._candidates(namespace):
            if name.startswith("_") and name not in self.included:
                private.append(name)
                continue
            reason = self._verdict(name, obj, before, choice)
            if reason is None:
                first = first_names.setdefault(id(obj), name)
                if first == name or name in self.included:
                    choice.instruments[name] = obj
                else:
                    choice.aliases[name] = first
                    reasons[name] = f"the same object as {first}"
            elif reason:
                reasons[name] = reason
        return Choice(choice.instruments, choice.blocks, choice.aliases, _left_out(reasons, private, before.left_out))

    def _candidates(self, namespace: Mapping[str, object]) -> list[tuple[str, object]]:
        given = {name: obj for name, obj in self.included.items() if obj is not None}
        pairs = [(name, original(obj)) for name, obj in namespace.items()]
        if given:
            pairs = [pair for pair in pairs if pair[0] not in given] + list(given.items())
        return pairs

    def _verdict(self, name: str, obj: object, before: Choice, choice: Choice) -> str | None:
        """Return None for an instrument, an empty text for a building block, else why it is neither."""
        if name in self.excluded:
            return _EXCLUDED
        if name in self.included:
            return None
        if before.instruments.get(name) is obj and name in before.instruments:
            return None
        category = category_of(obj)
        if category is not None:
            choice.blocks[name] = (obj, category)  # type: ignore[assignment]
            return ""
        return self._reason(name, obj) or None

    def _reason(self, name: str, obj: object) -> str:
        seen = self._verdicts.get(name)
        if seen is not None and seen[0] is type(obj):
            return seen[1]
        reason = "IPython's own name" if name in _IPYTHON else class_reason(type(obj))
        if reason:
            self._verdicts[name] = (type(obj), reason)
            return reason
        return reason_against(obj)


def _left_out(reasons: Mapping[str, str], private: list[str], before: tuple[LeftOut, ...]) -> tuple[LeftOut, ...]:
    """Return the reasons as records: the very tuple of `before` when nothing has changed."""
    named = [name for name in private if not _HISTORY.fullmatch(name)]
    known = {one.name: one for one in before}
    found = []
    for name, reason in (*reasons.items(), *((name, _PRIVATE) for name in named)):
        old = known.get(name)
        found.append(old if old is not None and old.reason == reason else LeftOut(name, reason))
    if len(named) < len(private):
        found.append(_HISTORY_ENTRY)
    same = len(found) == len(before) and all(one is two for one, two in zip(found, before, strict=True))
    return before if same else tuple(found)

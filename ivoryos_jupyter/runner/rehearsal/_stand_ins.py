"""Which value stands for what a call gives back, when only its kind is known?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath
from typing import TYPE_CHECKING

from ivoryos_jupyter import schema as k

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

_TEMPORAL: Mapping[str, object] = {
    "datetime": dt.datetime(2026, 1, 1),  # noqa: DTZ001 - a driver's clock time, whatever its zone
    "date": dt.date(2026, 1, 1),
    "time": dt.time(12),
    "timedelta": dt.timedelta(seconds=1),
}
_SPECIAL: Mapping[str, object] = {
    "path": PurePath("rehearsed"),
    "bytes": b"",
    "decimal": Decimal(1),
    "complex": 1 + 0j,
    "ndarray": [1.0, 1.0, 1.0],
}


@dataclass(frozen=True, slots=True)
class StandIn:
    """Values for one kind."""

    draw: Callable[[Random], object]
    words: str
    """What is drawn, for people."""
    varies: bool = False
    """Whether two draws may differ."""


class Member(str):
    """Stands for a member of an Enum whose class is not at hand: equal to its name and to its value."""

    __slots__ = ("value",)
    value: str

    @classmethod
    def of(cls, member: k.EnumMember) -> Member:
        """Return the stand-in of `member`."""
        made = cls(member.name)
        made.value = member.value
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and (str.__eq__(self, other) or str.__eq__(self.value, other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return str.__hash__(self)


def between(low: float, high: float, unit: str = "") -> StandIn:
    """Return numbers between two bounds."""
    words = f"{low:g} to {high:g} {unit}".rstrip()
    return StandIn(lambda random: random.uniform(low, high), words, varies=low != high)


def one_of(values: Sequence[object], words: str) -> StandIn:
    """Return one of some values."""
    return StandIn(lambda random: random.choice(values), words, varies=len(values) > 1)


def always(value: object) -> StandIn:
    """Return the same value each time."""
    return StandIn(lambda _random: value, repr(value))


def stand_in(kind: k.Kind) -> StandIn:  # noqa: PLR0911 - one line for each kind
    """Return values of `kind`; of a number without bounds, 1."""
    match kind:
        case k.Number(minimum=low, maximum=high) | k.Integer(minimum=low, maximum=high):
            return _number(low, high, whole=isinstance(kind, k.Integer))
        case k.Boolean():
            return one_of((True, False), "True or False")
        case k.Text():
            return always("rehearsed")
        case k.Nothing():
            return always(None)
        case k.EnumChoice(members=members):
            return one_of([Member.of(one) for one in members], k.describe(kind))
        case k.LiteralChoice(values=values):
            return one_of(values, k.describe(kind))
        case k.Temporal(form=form):
            return always(_TEMPORAL[form])
        case k.Special(form=form):
            return always(_SPECIAL[form])
    return _composed(kind)


def _composed(kind: k.Kind) -> StandIn:  # noqa: PLR0911 - likewise
    match kind:
        case k.Nullable(kind=inner):
            return stand_in(inner)
        case k.OneOf(members=members):
            return stand_in(members[0])
        case k.ListOf(item=item):
            return several((item,) * 3, list)
        case k.TupleOf(items=items):
            return several(items, tuple)
        case k.DictOf():
            return always({})
        case k.Record(fields=fields):
            return _record(fields)
        case k.Live():
            return always(k.LiveReference("rehearsed"))
    return always(1.0)


def several(kinds: Sequence[k.Kind], container: Callable[[list[object]], object]) -> StandIn:
    """Return one value of each kind."""
    parts = [stand_in(kind) for kind in kinds]
    words = ", ".join(part.words for part in parts)
    varies = any(part.varies for part in parts)
    return StandIn(lambda random: container([part.draw(random) for part in parts]), f"({words})", varies=varies)


def _record(fields: Sequence[k.Parameter]) -> StandIn:
    parts = {one.name: stand_in(one.kind) for one in fields}
    words = ", ".join(f"{name}: {part.words}" for name, part in parts.items())
    varies = any(part.varies for part in parts.values())
    return StandIn(lambda random: {name: part.draw(random) for name, part in parts.items()}, f"{{{words}}}", varies=varies)


def _number(low: float | None, high: float | None, *, whole: bool) -> StandIn:
    if low is None and high is None:
        return always(1 if whole else 1.0)
    if low is None or high is None:
        bound = low if low is not None else high
        return always(int(bound or 0) if whole else bound)
    if whole:
        first, last = int(low), int(high)
        return StandIn(lambda random: random.randint(first, last), f"{first} to {last}", varies=first != last)
    return between(low, high)

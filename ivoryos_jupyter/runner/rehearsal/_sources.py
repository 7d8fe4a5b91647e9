"""What would a call give back, and how long would it take?  From what is given, what is recorded, the limits, or the type.

Every source says in words what it stands on, so that whoever reads a forecast knows what is known and what is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Literal, Protocol

from ivoryos_jupyter.runner.rehearsal._stand_ins import Member, StandIn, always, between, one_of, several, stand_in
from ivoryos_jupyter.schema import SETTER, EnumMember

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ivoryos_jupyter.journal import PastCall
    from ivoryos_jupyter.runner._call import Operation
    from ivoryos_jupyter.runner.rehearsal._given import Given, Seconds
    from ivoryos_jupyter.schema import Limits, Returns

Basis = Literal["given", "recorded", "as set", "nothing", "limits", "type", "assumed"]
"""What a value stands on; the last three are assumptions."""
ASSUMPTIONS = frozenset({"limits", "type", "assumed"})
Subject = Literal["duration", "result", "answer", "course"]
COMPUTED = "as the function that was given computes"
_ENOUGH = 3
"""So many past calls with the very same arguments count for more than all the others."""


class Experience(Protocol):
    """What was recorded of earlier calls."""

    def past(self, instrument: str, method: str) -> Sequence[PastCall]:
        """Return the latest calls that returned; `method` is as it is recorded."""


class NoExperience:
    """Nothing was recorded yet."""

    def past(self, instrument: str, method: str) -> Sequence[PastCall]:
        """Return none."""
        del instrument, method
        return ()


@dataclass(frozen=True, slots=True)
class Assumption:
    """What a rehearsal took for true."""

    about: str
    """``pump.dispense returns``, ``pump.dispense lasts``, an input's name, …"""
    taken: str
    """What was taken, in words."""
    basis: Basis
    subject: Subject
    """What it is about: how long something takes, what a call gives back, what a person answers, or how the run goes on."""


@dataclass(slots=True)
class Source:
    """Of one method, property or block."""

    label: str
    returns: Callable[[Mapping[str, object], Random], object]
    returns_basis: Basis
    returns_words: str
    lasts: Callable[[Mapping[str, object], Random], float]
    lasts_basis: Basis
    lasts_words: str
    varies: bool
    """Whether two rehearsals may differ because of it."""
    waits: tuple[float, ...] = ()
    """How long it took, before, until a condition over it held."""
    used_to_wait: bool = False
    read_as_set: bool = False
    """Whether it was read after it had been set."""
    drawn: bool = False
    """Whether anything was drawn from it."""

    @property
    def assumed(self) -> bool:
        """Whether what it gives back rests on no record and on nothing given."""
        return self.returns_basis in ASSUMPTIONS

    def statements(self) -> tuple[Assumption, ...]:
        """Return what is taken for true, in words."""
        said = [Assumption(f"{self.label} lasts", self.lasts_words, self.lasts_basis, "duration")]
        if self.read_as_set:
            said.append(Assumption(f"{self.label} returns", "what was set last", "as set", "result"))
        if self.returns_basis != "nothing" and (self.drawn or not self.read_as_set):
            said.append(Assumption(f"{self.label} returns", self.returns_words, self.returns_basis, "result"))
        if self.used_to_wait:
            known = bool(self.waits)
            words = _spread_words(self.waits) if known else "the condition holds at once"
            said.append(Assumption(f"waiting for {self.label}", words, "recorded" if known else "assumed", "duration"))
        return tuple(said)


class Sources:
    """Finds the source of each call, once."""

    def __init__(self, limits: Limits, experience: Experience, given: Given) -> None:
        """Draw on what is given first, then on `experience`, then on `limits` and types."""
        self._limits = limits
        self._experience = experience
        self._given = given
        self._known: dict[tuple[str, str, Operation], Source] = {}

    @property
    def used(self) -> tuple[Source, ...]:
        """The sources that were asked for, in that order."""
        return tuple(self._known.values())

    @property
    def answers(self) -> Mapping[str, object]:
        """What a person will answer, by the name of the input."""
        return self._given.answers

    def of(self, path: str, member: str, operation: Operation, returns: Returns) -> Source:
        """Return the source of one member."""
        key = (path, member, operation)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._find(path, member, operation, returns)
        return found

    def returns_number(self, path: str, method: str) -> bool:
        """Tell whether a call that was looked up gives back a number, or several, as `method` is recorded."""
        operations: tuple[Operation, ...] = ("call", "get")
        found = next((one for operation in operations if (one := self._known.get((path, method, operation)))), None)
        if found is None or found.returns_basis == "nothing":
            return False
        value = found.returns({}, Random(0)) if found.returns_words != COMPUTED else 1.0  # noqa: S311 - chance, no secret
        parts = value if isinstance(value, tuple | list) else (value,)
        return all(isinstance(one, int | float) and not isinstance(one, bool) for one in parts)

    def _find(self, path: str, member: str, operation: Operation, returns: Returns) -> Source:
        label = member if path == "blocks" else f"{path}.{member}"
        recorded = f"{member}{SETTER}" if operation == "set" else member
        past = self._experience.past(path, recorded)
        calls = [one for one in past if not one.waited]
        given, basis, words, varies = self._returns(label, path, member, operation, returns, calls)
        lasts, time_basis, time_words, time_varies = self._lasts(label, calls)
        label = f"setting {label}" if operation == "set" else label
        waits = tuple(one.seconds for one in past if one.waited)
        return Source(label, given, basis, words, lasts, time_basis, time_words, varies or time_varies, waits)

    def _returns(
        self, label: str, path: str, member: str, operation: Operation, returns: Returns, past: Sequence[PastCall]
    ) -> tuple[Callable[[Mapping[str, object], Random], object], Basis, str, bool]:
        if operation == "set" or (returns.nothing and label not in self._given.returns):
            return lambda _arguments, _random: None, "nothing", "None", False
        if label in self._given.returns:
            value = self._given.returns[label]
            if callable(value):
                return lambda arguments, _random: value(**arguments), "given", COMPUTED, True
            return lambda _arguments, _random: value, "given", repr(value), False
        kept = [one for one in past if one.kept]
        if kept:
            pool = _Pool([(one.arguments, revived(one.result)) for one in kept])
            return pool.draw, "recorded", f"what it returned in the last {len(kept)} calls{pool.range_words}", pool.varies
        made, basis = self._by_type(path, member, operation, returns)
        return lambda _arguments, random: made.draw(random), basis, _with_unit(made.words, returns.unit), made.varies

    def _by_type(self, path: str, member: str, operation: Operation, returns: Returns) -> tuple[StandIn, Basis]:
        limit = self._limits.of(path, f"{member}{SETTER}", "value") if operation == "get" else None
        if limit is not None and limit.allowed:
            return one_of(limit.allowed, f"one of {', '.join(limit.allowed)}"), "limits"
        if limit is not None and limit.minimum is not None and limit.maximum is not None:
            return between(limit.minimum, limit.maximum), "limits"
        if returns.nothing:
            return always(None), "type"
        made = several(returns.items, tuple) if returns.items else stand_in(returns.kind)
        return made, "type" if made.varies else "assumed"

    def _lasts(self, label: str, past: Sequence[PastCall]) -> tuple[Callable[[Mapping[str, object], Random], float], Basis, str, bool]:
        if label in self._given.durations:
            return _given_seconds(self._given.durations[label])
        if not past:
            return lambda _arguments, _random: 0.0, "assumed", "0 s, for no call of it was recorded yet", False
        pool = _Pool([(one.arguments, one.seconds) for one in past])
        words = _spread_words([one.seconds for one in past])
        return pool.draw, "recorded", words, pool.varies  # type: ignore[return-value]  # a pool of seconds


class _Pool:
    """Past values; those of the very same arguments where there are enough of them."""

    def __init__(self, pairs: Sequence[tuple[Mapping[str, object], object]]) -> None:
        self._all = [value for _arguments, value in pairs]
        by_arguments: dict[str, list[object]] = {}
        for arguments, value in pairs:
            by_arguments.setdefault(_key(arguments), []).append(value)
        self._same = {key: values for key, values in by_arguments.items() if len(values) >= _ENOUGH} if len(by_arguments) > 1 else {}
        self.varies = any(one != self._all[0] for one in self._all[1:])

    def draw(self, arguments: Mapping[str, object], random: Random) -> object:
        """Return one of the past values."""
        pool = self._same.get(_key(arguments), self._all) if self._same else self._all
        return random.choice(pool)

    @property
    def range_words(self) -> str:
        """``, 1.2 to 3.4``, where they are numbers."""
        numbers = [one for one in self._all if isinstance(one, int | float) and not isinstance(one, bool)]
        if len(numbers) < len(self._all):
            return ""
        low, high = min(numbers), max(numbers)
        return f", {low:g}" if low == high else f", {low:g} to {high:g}"


def _key(arguments: Mapping[str, object]) -> str:
    return repr(sorted(arguments.items())) if arguments else ""


def _given_seconds(seconds: Seconds) -> tuple[Callable[[Mapping[str, object], Random], float], Basis, str, bool]:
    if isinstance(seconds, tuple):
        low, high = seconds
        return lambda _arguments, random: random.uniform(low, high), "given", f"{low:g} to {high:g} s", low != high
    return lambda _arguments, _random: float(seconds), "given", f"{seconds:g} s", False


def _spread_words(seconds: Sequence[float]) -> str:
    low, high = min(seconds), max(seconds)
    span = f"{low:.3g} s" if f"{low:.3g}" == f"{high:.3g}" else f"{low:.3g} to {high:.3g} s"
    return f"{span}, as in the last {len(seconds)}" if len(seconds) > 1 else f"{span}, as the last time"


def _with_unit(words: str, unit: str) -> str:
    return f"{words} {unit}".rstrip()


def revived(result: object) -> object:
    """Return a recorded result with members of an Enum as stand-ins, and records as dicts of their fields."""
    if isinstance(result, dict):
        if isinstance(name := result.get("name"), str) and "$enum" in result:
            return Member.of(EnumMember(name, str(result.get("value", name))))
        if isinstance(fields := result.get("fields"), dict) and "$record" in result:
            return {key: revived(value) for key, value in fields.items()}
        return {key: revived(value) for key, value in result.items()}
    if isinstance(result, list | tuple):
        return type(result)(revived(one) for one in result)
    return result

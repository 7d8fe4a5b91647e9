"""May this call be made, and with which live arguments?  Resolve, convert, limits, interlocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from ivoryos_jupyter.errors import LimitError, UnknownNameError
from ivoryos_jupyter.introspect import as_set, check_limits, names_of
from ivoryos_jupyter.runner._as_given import job_of, judged, kept, member_of
from ivoryos_jupyter.runner._call import override_reason
from ivoryos_jupyter.runner._doubts import Doubts
from ivoryos_jupyter.runner._flight import Job
from ivoryos_jupyter.runner._references import Followed
from ivoryos_jupyter.schema import LiveReference, convert_arguments, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ivoryos_jupyter.introspect import Deck, Member
    from ivoryos_jupyter.journal import Charge
    from ivoryos_jupyter.runner._call import Call
    from ivoryos_jupyter.runner._executor import Executor
    from ivoryos_jupyter.runner._flight import Flight
    from ivoryos_jupyter.schema import Budget, Limits, Parameter, Plain

Interlock: TypeAlias = "Callable[[Call, Member, Mapping[str, Plain]], None]"
"""Refuses a call by raising."""
_SIMPLE = frozenset({type(None), bool, int, float, str, LiveReference})
_EYES = frozenset({"rule", "watch"})
"""Who looks at instruments to keep them safe."""


class LimitsSource(Protocol):
    """Where the limits are kept."""

    def current(self) -> Limits:
        """Return the limits that hold now; raise `SafetyFileError` when they cannot be read."""


class Duty(Protocol):
    """What the rules ask of one call; see `ivoryos_jupyter.runner._duty`."""

    @property
    def overridden(self) -> tuple[str, ...]:
        """What forbade the call and was overridden, each in its own words."""
        ...

    @property
    def asks(self) -> bool:
        """Whether `permit` takes time."""

    def permit(self, job: Job, start: Callable[[Job, Callable[[Flight], None]], Flight]) -> None:
        """Raise when an interlock does not hold; said when the seats are taken."""

    def charge(self, run_id: int | None) -> Charge | None:
        """Return what the intent is charged, to be committed with it; None for nothing."""
        ...

    def give_back(self) -> None:
        """Take back what was charged, in one commit with the outcome that follows: the intent was committed, and the call is not made."""

    def done(self, result: object, run_id: int | None = None) -> None:
        """Take note of success; said right before the outcome is committed."""


class RuleSource(Protocol):
    """Who knows the interlocks and budgets."""

    def budgets(self) -> list[tuple[Budget, float]]:
        """Return the budgets with what is used of each now; nothing of those that count per run."""

    def paths(self) -> frozenset[str]:
        """Return the paths that the rules name, none when there is no rule; raise when they cannot be read."""
        ...

    def duty(self, call: Call, parameters: Sequence[Parameter], arguments: Mapping[str, object]) -> Duty | None:
        """Return what the rules ask of `call`; raise when a budget would not last, or the rules cannot be read."""


@dataclass(slots=True)
class Ready:
    """A call that has passed the gates."""

    job: Job
    arguments: Mapping[str, Plain]
    """As they are sent, for the record."""
    root: object
    """The object whose seat the call needs; None for a building block."""
    owner: object = None
    """The object whose member it is: the root, or a sub-instrument; None for a building block."""
    overridden: tuple[str, ...] = ()
    """What forbade the call and was overridden by a person's reason, each in its own words."""
    duty: Duty | None = None
    """What the rules ask of it; None for nothing, as nearly always. Whoever makes the call must see to it."""


class Gates:
    """The part of the pipeline before the seat and the record."""

    def __init__(self, deck: Deck, limits: LimitsSource, executor: Executor) -> None:
        """Judge calls on `deck`."""
        self.deck = deck
        """Where the names of workflows and panels are resolved; it may be only described."""
        self.live = deck
        """Where the names of this kernel's own objects are resolved, whatever deck is designed with."""
        self.limits = limits
        self.executor = executor
        self.rules: RuleSource | None = None
        """The interlocks and budgets; None for none, as in a rehearsal."""
        self.interlocks: list[Interlock] = []
        """Each is called before every call, and refuses by raising."""
        self.doubts = Doubts()
        """Calls on these instruments are refused."""

    def distrust(self, root: object, name: str) -> None:
        """Refuse calls on `root`, which was left in the middle of a call, until a person has checked it."""
        self.doubts.add(root, name)

    def deck_of(self, call: Call) -> Deck:
        """Return where the names of `call` are resolved: who holds the object in hand, or looks after it, means the live one."""
        return self.live if call.given is not None or call.origin in _EYES else self.deck

    def root(self, call: Call) -> object:
        """Return the object at the root of the call's path; None for a building block."""
        return None if call.path == "blocks" else self.deck_of(call).resolve(call.root)

    def pass_(self, call: Call) -> Ready:
        """Take `call` through the gates; whatever is raised means that it is not made."""
        deck = self.deck_of(call)
        member = member_of(deck, call)
        overridden: list[str] = []
        follow = Followed(deck.resolve)
        plain = self._allowed(call, member, overridden, follow)
        self._interlocked(call, member, plain, overridden)
        duty = self._duty(call, member, plain)
        root = member.owner if call.path == call.root else self.root(call)
        if self.doubts.held:
            self.doubts.refuse(root, call)
        place = self.executor.place_of(member.owner)
        if place == "worker" and member.owner is not root:
            place = self.executor.place_of(root)
        if call.given is not None:
            seen = recordable(kept(plain, call.arguments))
            return Ready(job_of(call.given, call, place, root), seen, root, member.owner, tuple(overridden), duty)
        args, kwargs = member.live_arguments(plain, follow)
        job = Job(member.target, args, kwargs, member.is_coroutine, place, call.root, call.run_key, (root,))
        return Ready(job, recordable(plain), root, member.owner, tuple(overridden), duty)

    def look_again(self, call: Call, ready: Ready) -> None:
        """Raise what keeps `call`, which was `ready`, from being made now: a limit, a doubt, or its name, may have changed meanwhile."""
        deck = self.deck_of(call)
        member = member_of(deck, call)
        self._allowed(call, member, [], Followed(deck.resolve))
        if self.doubts.held:
            self.doubts.refuse(ready.root, call)
        if member.owner is not ready.owner:
            raise UnknownNameError(f"{call.root!r} was defined anew while the call waited for the records. Do the step again.")

    def judge(self, call: Call) -> None:
        """Raise what keeps the arguments of `call` from being sent; nothing is called."""
        member = self.deck.member(call.path, call.member, call.operation)
        self._duty(call, member, self._allowed(call, member, [], Followed(self.deck.resolve)))

    def _duty(self, call: Call, member: Member, plain: Mapping[str, Plain]) -> Duty | None:
        """Return what the rules ask of `call`, those among them that know its object by another name."""
        if self.rules is None or not (named := self.rules.paths()):
            return None
        also = names_of(self.deck_of(call), call.path, call.recorded_method, member.owner, named)[1:]
        if not also:
            return self.rules.duty(call, member.method.parameters, plain)
        sets = any(method != call.recorded_method for _, method in also)
        return self.rules.duty(call._replace(also=also), member.method.parameters, as_set(plain) if sets else plain)

    def _interlocked(self, call: Call, member: Member, plain: Mapping[str, Plain], overridden: list[str]) -> None:
        """Ask each interlock; what refuses a call that is made all the same is added to `overridden`."""
        for interlock in self.interlocks:
            if not call.override:
                interlock(call, member, plain)
                continue
            try:
                interlock(call, member, plain)
            except Exception as error:  # noqa: BLE001 - whatever it raises is its refusal; an override is rare
                overridden.append(str(error))

    def _allowed(self, call: Call, member: Member, overridden: list[str], follow: Followed) -> Mapping[str, Plain]:
        """Return the arguments, converted and within the limits; limits that are overridden are added to `overridden`.

        A limits file that cannot be read blocks an override too: nobody can say then what is overridden.
        """
        if call.override:
            override_reason(call.override)
        parameters = member.method.parameters
        if call.given is None:
            plain: Mapping[str, Plain] = convert_arguments(parameters, call.arguments, text=call.text, live=not call.text)
        else:
            plain = judged(parameters, call.arguments)
        limits = self.limits.current()
        if limits.entries:
            method = call.recorded_method
            names = names_of(self.deck_of(call), call.path, method, member.owner, limits.targets(method))
            problems = check_limits(limits, names, follow.judged(plain), parameters)
            if problems and call.override:
                overridden.extend(f"{call.label}: {problem}" for problem in problems)
            elif problems:
                raise LimitError(problems, f"{call.label} was not called; a limit of the laboratory forbids it:")
        return plain


def recordable(arguments: Mapping[str, object]) -> dict[str, Plain]:
    """Return `arguments` as plain values."""
    return {name: value if type(value) in _SIMPLE else encode(value) for name, value in arguments.items()}  # type: ignore[misc]

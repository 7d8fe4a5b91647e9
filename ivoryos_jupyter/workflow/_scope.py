"""Which names exist at a point of a workflow?  Those that were certainly made, those that may have been, and their kinds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ExpressionError
from ivoryos_jupyter.schema import Anything
from ivoryos_jupyter.workflow._expression import compile_expression
from ivoryos_jupyter.workflow._lookup import DeckIndex
from ivoryos_jupyter.workflow._model import PHASES, CallWorkflow, Constant, ForEach, If, Repeat, While
from ivoryos_jupyter.workflow._tree import phase_of, slots

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ivoryos_jupyter.schema import DeckSchema, Kind
    from ivoryos_jupyter.workflow._model import Step, Workflow


@dataclass(frozen=True, slots=True)
class Scope:
    """The names at one point, besides the run-time parameters."""

    sure: Mapping[str, Kind] = field(default_factory=dict)
    """Made on every way that leads here."""
    maybe: Mapping[str, Kind] = field(default_factory=dict)
    """Made on some ways only."""

    def knows(self, name: str) -> bool:
        """Whether the name was made on some way."""
        return name in self.sure or name in self.maybe

    def with_names(self, names: Mapping[str, Kind]) -> Scope:
        """Return this scope after `names` were certainly made."""
        if not names:
            return self
        return Scope({**self.sure, **names}, {name: kind for name, kind in self.maybe.items() if name not in names})

    def with_maybe(self, names: Mapping[str, Kind]) -> Scope:
        """Return this scope after `names` may have been made."""
        new = {name: kind for name, kind in names.items() if name not in self.sure}
        return Scope(self.sure, {**self.maybe, **new}) if new else self


def _meeting(scopes: list[Scope]) -> Scope:
    """Return what holds after one of several ways was taken."""
    sure = {name: kind for name, kind in scopes[0].sure.items() if all(name in one.sure for one in scopes)}
    maybe = {name: kind for one in scopes for name, kind in (*one.sure.items(), *one.maybe.items()) if name not in sure}
    return Scope(sure, maybe)


@dataclass(frozen=True, slots=True)
class Scopes:
    """The names before each step and after each phase."""

    before: Mapping[str, Scope]
    """By step id."""
    after: Mapping[str, Scope]
    """By phase."""
    reached: frozenset[str]
    """Ids of the steps that are not disabled, nor inside a disabled one."""


def scopes(workflow: Workflow, deck: DeckIndex) -> Scopes:
    """Return the names at each step: what prep saves is visible in script and cleanup, iterations do not see each other."""
    flow = _Flow(workflow, deck)
    after_prep = flow.through(workflow.prep, Scope())
    after = {"prep": after_prep, **{phase: flow.through(phase_of(workflow, phase), after_prep) for phase in PHASES[1:]}}
    return Scopes(flow.before, after, frozenset(flow.reached))


def names_in_scope(workflow: Workflow, schema: DeckSchema | None = None) -> Mapping[str, Scope]:
    """Return, by step id, the names that exist before each step, with their kinds; run-time parameters are apart."""
    return scopes(workflow, DeckIndex(schema)).before


def names_at_end(workflow: Workflow, schema: DeckSchema | None = None) -> Mapping[str, Scope]:
    """Return, by phase, the names that exist at its end."""
    return scopes(workflow, DeckIndex(schema)).after


class _Flow:
    """Carries a scope through steps and notes it before each."""

    def __init__(self, workflow: Workflow, deck: DeckIndex) -> None:
        self.workflow = workflow
        self.deck = deck
        self.before: dict[str, Scope] = {}
        self.reached: list[str] = []

    def through(self, steps: Iterable[Step], scope: Scope, *, live: bool = True) -> Scope:
        """Return the scope after `steps`."""
        for step in steps:
            scope = self._past(step, scope, live=live)
        return scope

    def _past(self, step: Step, scope: Scope, *, live: bool) -> Scope:
        self.before[step.id] = scope
        if live and not step.disabled:
            self.reached.append(step.id)
            return self._after(step, scope)
        for inner in slots(step).values():
            self.through(inner, self._inside(step, scope), live=False)
        return scope

    def _after(self, step: Step, scope: Scope) -> Scope:
        if isinstance(step, If):
            return _meeting([self.through(inner, scope) for inner in slots(step).values()])
        if isinstance(step, While | Repeat | ForEach):
            done = self.through(step.body, self._inside(step, scope))
            return done if _runs_once_at_least(step) else _meeting([scope, done])
        if isinstance(step, CallWorkflow):
            made: Mapping[str, Kind] = {outside: Anything() for outside in step.outputs.values() if outside}
        else:
            made = {name: kind for name, (kind, _) in self.deck.results(step).items() if name}
        return scope.with_maybe(made) if step.on_error.action == "continue" else scope.with_names(made)

    def _inside(self, step: Step, scope: Scope) -> Scope:
        """Return the scope at the beginning of a block's first round."""
        if isinstance(step, ForEach):
            return scope.with_names({step.item: self.deck.results(step)[step.item][0]})
        return scope


def _runs_once_at_least(step: While | Repeat | ForEach) -> bool:
    """Whether the body certainly runs: more rounds can only add names."""
    if isinstance(step, While):
        return always(step.condition) is True
    if isinstance(step, Repeat):
        times = step.times.value if isinstance(step.times, Constant) else 0
        return isinstance(times, int | float) and times >= 1
    items = step.items.value if isinstance(step.items, Constant) else None
    return isinstance(items, list) and bool(items)


def always(condition: str) -> bool | None:
    """Return what `condition` always is, or None when it depends on names or cannot be read."""
    try:
        compiled = compile_expression(condition)
        return None if compiled.names else compiled.holds({})
    except ExpressionError:
        return None

"""How is one run rehearsed?  The interpreter and the drive of real runs, on a mock deck, in virtual time, with a person who answers.

Only the ports are others: the deck is a description, the executor looks up what a call would give back and when, the
recorder is a list in memory, the clock jumps. So a rehearsal cannot drift from what a run does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, cast

from ivoryos_jupyter.errors import ExpressionError
from ivoryos_jupyter.runner._control import Control
from ivoryos_jupyter.runner._drive import Drive
from ivoryos_jupyter.runner._effects import DoAsk, DoCall, DoNote, DoWatch, Failed
from ivoryos_jupyter.runner._inbox import Inbox
from ivoryos_jupyter.runner._office import Office
from ivoryos_jupyter.runner._rule_book import RuleBook
from ivoryos_jupyter.runner._station import Station
from ivoryos_jupyter.runner._status import State
from ivoryos_jupyter.runner.rehearsal._clock import StageClerk, StageClock
from ivoryos_jupyter.runner.rehearsal._deck import MockDeck
from ivoryos_jupyter.runner.rehearsal._executor import MockExecutor
from ivoryos_jupyter.runner.rehearsal._log import Log, Trouble
from ivoryos_jupyter.runner.rehearsal._names import Names
from ivoryos_jupyter.runner.rehearsal._person import Person
from ivoryos_jupyter.workflow import While, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

    from ivoryos_jupyter.journal import Entries, Recorder, RunEvent, RunRequest
    from ivoryos_jupyter.rules import Rules, RulesFile
    from ivoryos_jupyter.runner._clerk import Clerk
    from ivoryos_jupyter.runner._effects import Note, Reply, StepEffect
    from ivoryos_jupyter.runner._gates import LimitsSource
    from ivoryos_jupyter.runner._station import Message
    from ivoryos_jupyter.runner._status import Choice
    from ivoryos_jupyter.runner.rehearsal._faults import FaultKind
    from ivoryos_jupyter.runner.rehearsal._sources import Sources
    from ivoryos_jupyter.schema import DeckSchema
    from ivoryos_jupyter.workflow import Step, Workflow

MOST_STEPS = 200_000
"""A rehearsal that has made so many steps and readings ends there, and says so."""
_ROUND = re.compile(r"([^/\[\]]+)\[(\d+)\]")
"""A loop in the path of a step, and its round."""
_RUN_ID = -1
"""No run of the records has it, so that no budget of one is used."""


class RuleFile(Protocol):
    """Where interlocks and budgets are kept."""

    def current(self) -> Rules:
        """Return the rules that hold now."""


def _nothing_spent(number: int | None, kinds: Sequence[str]) -> Sequence[tuple[int, RunEvent]]:
    del number, kinds
    return ()


@dataclass(frozen=True, slots=True)
class Scene:
    """What is rehearsed, and on what."""

    workflow: Workflow
    request: RunRequest
    schema: DeckSchema
    limits: LimitsSource
    sources: Sources
    rules: RuleFile | None = None
    spent: Entries = _nothing_spent
    """What was used of the budgets before, as `Recorder.events_after` tells it."""
    pure: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    """Building blocks that may be called."""
    made_safe: frozenset[str] = frozenset()
    """Names of the instruments for which make safe has a handler."""


@dataclass(slots=True)
class Performance:
    """How one rehearsal went."""

    log: Log
    started_us: int
    ended_us: int
    hung: bool = False
    """Whether a call never returned and nothing but a person ended it."""
    cut_short: bool = False
    """Whether it was ended after too many steps."""

    @property
    def seconds(self) -> float:
        """How long the run would take."""
        return (self.ended_us - self.started_us) / 1e6


class StageDrive(Drive):
    """Drives as always, and lets the stage see each step and its reply."""

    stage: Stage

    def _step(self, effect: StepEffect) -> Reply:
        self.stage.before(effect)
        reply = super()._step(effect)
        self.stage.after(effect, reply)
        return reply

    def _note(self, note: Note) -> None:
        self.stage.noted(note)
        super()._note(note)


class Stage:
    """Everything a drive needs, for one rehearsal."""

    def __init__(self, scene: Scene, random: Random, start_us: int, faults: Mapping[int, FaultKind], on_error: Choice) -> None:
        """Set the scene."""
        self._scene = scene
        self._inbox: Inbox[Message] = Inbox()
        self._clock = StageClock(start_us)
        self.log = Log(events_before=scene.spent)
        self._executor = MockExecutor(scene.sources, random, self._clock, self.log, faults)
        self._executor.inbox = self._inbox
        self._control = Control(scene.request, self._clock, lambda: self._inbox.put("wake"), lambda _status: None)
        self._person = Person(self._control, self.log, scene.sources.answers, on_error)
        self._station = Station(self._control, self._office(), self._inbox)
        self._clock.idle = self._act
        self._clock.asks = lambda: self._control.state is State.ASKING
        self._executor.notice = self._notice
        self._names = Names()
        self._steps = _steps_of(scene.workflow)
        self._made = 0
        self._hung = False
        self._cut_short = False

    def _office(self) -> Office:
        scene = self._scene
        recorder = cast("Recorder", self.log)  # it takes what a drive commits; the methods of the queue nobody calls here
        office = Office(MockDeck(scene.schema, scene.pure), scene.limits, recorder, self._executor, _nobody_hears, self._clock)
        office.clerk = cast("Clerk", StageClerk(self._clock))
        if scene.rules is not None:
            office.gates.rules = RuleBook(cast("RulesFile", scene.rules), office)
        office.hold(scene.request.key, _RUN_ID, "", ())
        return office

    def perform(self) -> Performance:
        """Rehearse once."""
        started = self._clock.now_us()
        self._station.run_id = _RUN_ID
        self._control.set(state=State.RUNNING, run_id=_RUN_ID, started_us=started)
        drive = StageDrive(self._station, self._scene.workflow, {})
        drive.stage = self
        drive.run()
        return Performance(self.log, started, self._clock.now_us(), self._hung, self._cut_short)

    def before(self, effect: StepEffect) -> None:
        """Note which step is about to be done."""
        self._executor.doing = self._person.doing = effect
        self._executor.assumed = False
        self._made += 1
        if self._made == MOST_STEPS:
            self._cut_short = True
            self.log.going_on = tuple((step, int(number)) for step, number in _ROUND.findall(effect.path))
            self._control.stop("now", cleanup=False)

    def after(self, effect: StepEffect, reply: Reply) -> None:
        """Note what came of it."""
        names, executor, log = self._names, self._executor, self.log
        names.at(log.phase, log.iteration)
        if type(reply) is Failed:
            trouble = Trouble(
                log.phase, log.iteration, effect, reply.error, executor.assumed or names.assumed(effect.step), names.lost(effect.step)
            )
            log.troubles.append(trouble)
            names.lose(effect.step)
        elif isinstance(effect, DoCall | DoWatch):
            names.give(effect.outputs, assumed=executor.assumed)
        elif isinstance(effect, DoNote) and effect.output:
            names.give((effect.output,), assumed=names.assumed(effect.step))
        elif isinstance(effect, DoAsk) and effect.output:
            names.give((effect.output,), assumed=effect.output not in self._scene.sources.answers)

    def noted(self, note: Note) -> None:
        """Note rounds of loops, and which nested workflows are entered."""
        if note.kind == "loop":
            step, path = str(note.detail["step"]), str(note.detail["path"])
            self.log.taken.add((step, "body"))
            self.log.rounds[step] = max(self.log.rounds.get(step, 0), int(path.rpartition("[")[2][:-1]))
        elif note.kind == "workflow":
            step = str(note.detail["step"])
            self.log.taken.add((step, "script"))
            self._names.enter(self._steps.get(step))

    def _act(self) -> None:
        self._person.act()

    def _notice(self) -> None:
        self._hung = True
        self._control.stop("now", cleanup=False if self.log.phase == "cleanup" else None)


def _nobody_hears(_event: object) -> None:
    """Take an event that nobody listens for."""


def _steps_of(workflow: Workflow) -> dict[str, Step]:
    return {visit.step.id: visit.step for one in (workflow, *workflow.nested.values()) for visit in walk(one)}


def endless(trouble: Trouble, rounds: Mapping[str, int]) -> bool:
    """Tell whether a trouble is a loop that reached the most rounds it may have."""
    step = trouble.doing.step
    return isinstance(step, While) and not isinstance(trouble.error, ExpressionError) and rounds.get(step.id, 0) >= step.most

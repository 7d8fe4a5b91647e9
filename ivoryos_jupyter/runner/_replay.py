"""Where was a run when its kernel died?  Its program is fed with what was written down, until that is at its end.

Nothing is called, asked, waited for or written here. The interpreter asks for the same effects when it is fed with the same
replies, so that the program stands where the run stood; where it asks for something else than what was written down, the
history and the workflow do not belong together, and nobody may go on from there.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from ivoryos_jupyter.errors import LostValueError, ResumeError
from ivoryos_jupyter.journal import Lost, Outcome, StepStatus
from ivoryos_jupyter.runner._effects import (
    AskAboutError,
    BeginPhase,
    Delay,
    DoAsk,
    DoDecide,
    Doing,
    Done,
    DoNote,
    DoWait,
    EndPhase,
    Failed,
    GiveUp,
    Note,
    Retry,
    Skip,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ivoryos_jupyter.journal import Decision, DoneAhead, PastPhase, PastRun, PastStep, RunEvent
    from ivoryos_jupyter.runner._effects import Effect, Reply, StepEffect
    from ivoryos_jupyter.runner._ending import Ending
    from ivoryos_jupyter.runner._program import Program

_LEFT = {"stop": "stopped", "ended_by_error": "failed"}
"""Events that say that a phase was left, and how."""


class PastError(Exception):
    """An error that a step ended with before the kernel died; its text is the full one that was written down."""


@dataclass(frozen=True, slots=True)
class InDoubt:
    """A step that had begun when the kernel died, and that nobody has decided about."""

    step: PastStep
    doing: StepEffect
    """What it is, as the program asks for it."""


class Replay:
    """Feeds a program with what was written down of one run after another.

    Parameters
    ----------
    program
        Stands before prep, or where the run before ended.
    ending
        Learns how the run was left, where it was.
    cleanup_after
        Endings after which cleanup follows.
    given
        Values by name, for those that could not be brought back.
    """

    def __init__(self, program: Program, ending: Ending, cleanup_after: tuple[str, ...], given: Mapping[str, object]) -> None:
        """Begin."""
        self.program = program
        self.in_doubt: InDoubt | None = None
        """The step that somebody has to decide about before the program can be fed further."""
        self.last_us = 0
        """When the last thing that is known of the run was written down."""
        self.ending = ending
        self._cleanup_after = cleanup_after
        self._given = given
        self.leg: BeginPhase | None = None
        """The phase under way."""

    def feed_run(self, past: PastRun, decisions: Mapping[int, Decision], now_us: int) -> None:
        """Feed the program with a whole run; raise `ResumeError` when it did something else than the program asks for."""
        self.in_doubt = None
        _Reading(self, past, decisions, now_us).through()

    def feed_ahead(self, steps: Iterable[DoneAhead]) -> None:
        """Feed it with steps that a person says were done after the end of what is known."""
        for one in steps:
            effect = self.next_step()
            here = None if effect is None else (effect.step.id, effect.path, effect.sample)
            if effect is None or here != (one.step_id, one.path, one.sample):
                raise ResumeError(f"The step {one.step_id!r} is not the one that comes next, so it cannot be said to be done.")
            self.program.feed(Done(effect.name(one.value)))

    def next_step(self) -> StepEffect | None:
        """Return the next step that is recorded as one, or that somebody is asked about, having fed what comes before it."""
        program = self.program
        while True:
            effect = program.next()
            if effect is None or isinstance(effect, AskAboutError | GiveUp):
                return None if effect is None else effect.doing
            if isinstance(effect, Doing) and not isinstance(effect, DoDecide):
                return effect
            if isinstance(effect, BeginPhase | EndPhase):
                self.leg = effect if isinstance(effect, BeginPhase) else None
            program.feed(self.unasked(effect))

    def unasked(self, effect: Effect) -> Reply:
        """Return what comes of an effect that leaves no row."""
        if isinstance(effect, DoDecide) and effect.problem is not None:
            if isinstance(effect.problem, LostValueError) or isinstance(effect.problem.__cause__, LostValueError):
                raise ResumeError(str(effect.problem.__cause__ or effect.problem)) from effect.problem
            return Failed(effect.problem)
        return Done()

    def leave(self, status: Literal["stopped", "failed"], error: str | None, *, skips_cleanup: bool, has_cleanup: bool) -> None:
        """Leave the phase under way, as the run did."""
        program = self.program
        if program.phase == "cleanup":
            self.ending.left_cleanup(status, error)
            program.want_cleanup(wanted=False)
        else:
            outcome = self.ending.left(status, error)
            wanted = outcome.value in self._cleanup_after and not skips_cleanup
            program.want_cleanup(wanted=wanted or has_cleanup)
        program.leave(status, error)

    def stop_rows(self) -> None:
        """Begin no further row but cleanup, as the run did."""
        self.program.want_cleanup(wanted=True)
        self.program.no_more_rows()
        self.ending.outcome = Outcome.STOPPED

    def values(self, step: PastStep, doing: StepEffect) -> dict[str, object]:
        """Return what a step that is done added; a value that is given anew takes the place of one that was lost."""
        if isinstance(doing, DoNote) and doing.problem is None:
            return doing.name(None)  # a variable: it is worked out again, so that nothing of it can be lost
        return {name: self._given.get(name, value) if isinstance(value, Lost) else value for name, value in step.added.items()}


class _Reading:
    """Reads one run for a replay."""

    def __init__(self, replay: Replay, past: PastRun, decisions: Mapping[int, Decision], now_us: int) -> None:
        self._replay = replay
        self._program = replay.program
        self._past = past
        self._decisions = decisions
        self._now_us = now_us
        self._phases = deque(past.phases)
        self._here: PastPhase | None = None
        self._steps: deque[PastStep] = deque()
        answered = (event for event in past.events if event.kind == "answered" and event.detail.get("question") == "error")
        self._answers: deque[RunEvent] = deque(answered)

    def through(self) -> None:
        """Feed until what was written down is at its end."""
        while True:
            effect = self._program.next()
            if effect is None:
                break
            goes_on = self._enter(effect) if self._here is None else self._inside(effect)
            if not goes_on:
                break
        if self._phases or self._steps:
            self._disagree("the workflow has ended there, and the history goes on")
        for event in self._past.events:
            self._replay.last_us = max(self._replay.last_us, event.at_us)

    def _disagree(self, why: str) -> None:
        place = "" if self._here is None else f" in {self._here.started.phase} {self._here.started.iteration}"
        message = (
            f"What was written down of run {self._past.run_id} and its workflow do not fit together{place}: {why}. "
            "It cannot be gone on with from where it was; start again from an iteration, or run its cleanup."
        )
        raise ResumeError(message)

    def _enter(self, effect: Effect) -> bool:
        """Enter the next phase that was written down; return whether there is one."""
        if not self._phases:
            return False
        started = self._phases[0].started
        begins = effect if isinstance(effect, BeginPhase) else self._replay.leg
        if isinstance(effect, BeginPhase) and effect.phase == "script" and started.phase == "cleanup":
            self._replay.stop_rows()
            return True
        if begins is None or (begins.phase, begins.iteration) != (started.phase, started.iteration):
            self._disagree(f"it was in {started.phase} {started.iteration}, and the workflow goes on elsewhere")
        self._here = self._phases.popleft()
        self._steps = deque(self._here.steps)
        self._replay.last_us = max(self._replay.last_us, started.started_us)
        self._replay.leg = begins
        if isinstance(effect, BeginPhase):
            self._program.feed(Done())
        return True

    def _inside(self, effect: Effect) -> bool:
        """Feed one effect of the phase under way; return False where what was written down ends."""
        here = cast("PastPhase", self._here)
        if isinstance(effect, EndPhase):
            return self._end(here)
        if self._steps:
            return self._known(effect)
        left = self._was_left(here)
        if left is not None and not (left == "failed" and isinstance(effect, DoDecide)):  # whose error is what ended it
            failure = str(effect.error) if isinstance(effect, AskAboutError | GiveUp) and left == "failed" else None
            self._leave(left, here.error or failure)
            return True
        return self._answered(effect) if isinstance(effect, AskAboutError) else self._after_the_last(effect, here)

    def _after_the_last(self, effect: Effect, here: PastPhase) -> bool:
        """Feed an effect that follows the last step of a phase, where it is known that it was passed."""
        unasked = isinstance(effect, Note | DoDecide)
        if here.status is None and not self._phases and not (unasked and (self._answers or self._was_left(here))):
            return False
        if unasked or isinstance(effect, Delay):
            self._program.feed(self._replay.unasked(effect))
            return True
        self._disagree("the phase was ended, and the workflow has more to do in it")
        return False

    def _end(self, here: PastPhase) -> bool:
        """Close the phase where its end was written down."""
        if self._steps:
            self._disagree("the workflow has no more to do, and the history goes on")
        if here.status is None and not self._phases:
            return False
        self._here, self._replay.leg = None, None
        self._program.feed(Done())
        return True

    def _was_left(self, here: PastPhase) -> Literal["stopped", "failed"] | None:
        """Return how the phase was left, where it was."""
        if here.status in {"stopped", "failed"}:
            return cast("Literal['stopped', 'failed']", here.status)
        if here.status is None:
            for event in self._past.events:
                if event.kind in _LEFT and event.detail.get("phase") == here.started.phase and event.at_us >= here.started.started_us:
                    return cast("Literal['stopped', 'failed']", _LEFT[event.kind])
        return None

    def _leave(self, status: Literal["stopped", "failed"], error: str | None) -> None:
        skips = any(event.kind == "cleanup_skipped" for event in self._past.events)
        has = any(phase.started.phase == "cleanup" for phase in self._phases)
        self._replay.leave(status, error, skips_cleanup=skips, has_cleanup=has)

    def _known(self, effect: Effect) -> bool:
        """Feed an effect of which something was written down."""
        if isinstance(effect, AskAboutError):
            if not self._answered(effect):
                self._disagree(f"{effect.doing.label} failed, and nobody had said what to do then")
            return True
        if isinstance(effect, Note | Delay | DoDecide):
            self._program.feed(self._replay.unasked(effect))
            return True
        if isinstance(effect, Doing):
            return self._step(effect, self._steps.popleft())
        self._disagree("a step's error ended it, and the history goes on")
        return False

    def _step(self, doing: StepEffect, past: PastStep) -> bool:
        said = past.intent
        if (said.step_id, said.path, said.sample, said.attempt) != (doing.step.id, doing.path, doing.sample, doing.attempt):
            self._disagree(
                f"it did {said.method_name!r} (step {said.step_id}), and the workflow asks for {doing.label} (step {doing.step.id})"
            )
        self._replay.last_us = max(self._replay.last_us, said.started_us)
        if past.status is StepStatus.OPEN and not self._went_on():
            return self._decided(doing, past)
        reply = self._reply(doing, past)
        if reply is not None:
            self._program.feed(reply)
            return True
        here = cast("PastPhase", self._here)
        self._leave(self._was_left(here) or "stopped", here.error)
        return True

    def _went_on(self) -> bool:
        """Whether something was written down after the step just read."""
        return bool(self._steps or self._phases) or cast("PastPhase", self._here).status is not None

    def _reply(self, doing: StepEffect, past: PastStep) -> Reply | None:
        """Return what came of a step; None when the phase was left with it."""
        if past.status is StepStatus.DONE:
            return Done(self._replay.values(past, doing))
        if past.status is StepStatus.FAILED:
            return Failed(PastError(past.error or "it failed"))
        last = not self._steps
        stopped = past.status in {StepStatus.CANCELLED, StepStatus.OPEN} or self._was_left(cast("PastPhase", self._here)) == "stopped"
        return None if last and stopped else Failed(PastError(past.error or "it did not return"))

    def _decided(self, doing: StepEffect, past: PastStep) -> bool:
        """Feed what a person decided about a step in doubt; return whether the program may be fed further."""
        decision = self._decisions.get(past.row)
        if decision is None:
            if not isinstance(doing, DoAsk | DoNote):  # to ask again, or to work out a value again, does nothing twice
                self._replay.in_doubt = InDoubt(past, doing)
            return False
        if decision.choice == "done":
            self._program.feed(Done(doing.name(decision.value)))
            return True
        arguments = dict(decision.arguments)
        if decision.choice == "rest" and isinstance(doing, DoWait):
            arguments["seconds"] = rest_of(past, self._now_us)
        if arguments:
            self._program.feed(Retry(arguments))
        return False

    def _answered(self, effect: AskAboutError) -> bool:
        """Feed what a person had answered when a step failed; return False when nobody had."""
        if not self._answers:
            return False
        event = self._answers.popleft()
        choice, arguments = event.detail.get("choice"), event.detail.get("arguments")
        if choice == "retry":
            self._program.feed(Retry(arguments if isinstance(arguments, dict) else {}))
        elif choice == "skip":
            self._program.feed(Skip())
        else:
            self._leave("failed", str(effect.error))
        return True


def rest_of(past: PastStep, now_us: int) -> float:
    """Return how many seconds of a wait are left, the time since the crash counted."""
    seconds = past.intent.arguments.get("seconds", 0.0)
    passed = (now_us - past.intent.started_us) / 1e6
    return max(0.0, round(float(seconds) - passed, 3)) if isinstance(seconds, int | float) else 0.0

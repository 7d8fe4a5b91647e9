"""What did one run do, effect by effect?  What was written down of it is fed to a program, until that is at its end."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Literal, cast

from ivoryos_jupyter.errors import ResumeError
from ivoryos_jupyter.journal import StepStatus
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
from ivoryos_jupyter.runner._replay import InDoubt, PastError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.journal import Decision, PastPhase, PastRun, PastStep, RunEvent
    from ivoryos_jupyter.runner._effects import Effect, Reply, StepEffect
    from ivoryos_jupyter.runner._replay import Replay

_LEFT = {"stop": "stopped", "ended_by_error": "failed"}
"""Events that say that a phase was left, and how."""


def feed_run(replay: Replay, past: PastRun, decisions: Mapping[int, Decision], now_us: int) -> None:
    """Feed a program with a whole run; raise `ResumeError` when the run did something else than the program asks for.

    Parameters
    ----------
    replay
        The program; told which step is in doubt, where nobody has decided about it.
    past
        What was written down of the run.
    decisions
        What a person decided about its steps in doubt, by row.
    now_us
        The present, for what is left of a wait.
    """
    replay.in_doubt = None
    _Reading(replay, past, decisions, now_us).through()


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

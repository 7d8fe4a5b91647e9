"""Where was a run when its kernel died?  Its program is fed with what was written down, until that is at its end.

Nothing is called, asked, waited for or written here. The interpreter asks for the same effects when it is fed with the same
replies, so that the program stands where the run stood; where it asks for something else than what was written down, the
history and the workflow do not belong together, and nobody may go on from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.errors import LostValueError, ResumeError
from ivoryos_jupyter.journal import Lost, Outcome
from ivoryos_jupyter.runner._effects import (
    AskAboutError,
    BeginPhase,
    DoDecide,
    Doing,
    Done,
    DoNote,
    EndPhase,
    Failed,
    GiveUp,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ivoryos_jupyter.journal import DoneAhead, PastStep
    from ivoryos_jupyter.runner._effects import Effect, Reply, StepEffect
    from ivoryos_jupyter.runner._ending import Ending
    from ivoryos_jupyter.runner._program import Program


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
        self.ending = ending
        self._cleanup_after = cleanup_after
        self._given = given
        self.leg: BeginPhase | None = None
        """The phase under way."""

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

"""Where does a run begin?  Before prep, or where an interrupted run stood, as a person decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ResumeError
from ivoryos_jupyter.journal import Lost, Outcome, Resumption
from ivoryos_jupyter.runner._ending import Ending
from ivoryos_jupyter.runner._names_ahead import lost_ahead
from ivoryos_jupyter.runner._program import Plan, Program
from ivoryos_jupyter.runner._reading_past import feed_run
from ivoryos_jupyter.runner._replay import Replay

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ivoryos_jupyter.journal import PastRun, RunRequest
    from ivoryos_jupyter.runner._effects import BeginPhase, StepEffect
    from ivoryos_jupyter.runner._replay import InDoubt
    from ivoryos_jupyter.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where an interrupted run would go on, for a person who has to decide; nothing is run from it."""

    in_doubt: InDoubt | None
    """The step that somebody has to decide about first."""
    lost: Mapping[str, Lost]
    """Values that are needed and could not be brought back, by name."""
    coming: StepEffect | None
    """The step it begins with; None when none is left."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A program that stands somewhere, and what is known about how it came there."""

    program: Program
    ending: Ending
    leg: BeginPhase | None = None
    """The phase under way, of which the new run keeps a part of its own."""
    in_doubt: InDoubt | None = None
    """The step that somebody has to decide about first."""


def begin_anew(workflow: Workflow, request: RunRequest) -> Restored:
    """Return the beginning of a run of its own."""
    program = Program(workflow, Plan.of(request))
    program.want_cleanup(wanted=Outcome.COMPLETED.value in request.cleanup_after)
    return Restored(program, Ending())


def chain_of(run_id: int, past: Callable[[int], PastRun]) -> list[PastRun]:
    """Return a run and the runs it goes on with, oldest first; `past` reads one."""
    chain = [past(run_id)]
    while chain[0].request.resume is not None and chain[0].request.derived_from is not None:
        chain.insert(0, past(chain[0].request.derived_from))
    return chain


def restore(workflow: Workflow, chain: Sequence[PastRun], now: Resumption, now_us: int) -> Restored:
    """Return where a run begins that goes on with the last of `chain`.

    Parameters
    ----------
    workflow
        The one of the interrupted run, in the same version.
    chain
        The interrupted run and the runs it went on with, oldest first.
    now
        What is decided about the last one; the decisions about the others stand in the requests of those that follow.
    now_us
        The present, for what is left of a wait.

    Raises
    ------
    ResumeError
        When what was written down and the workflow do not fit together.
    """
    replay = _replayed(workflow, chain, now, now_us)
    leg = replay.leg if replay.program.inside else None
    return Restored(replay.program, Ending() if now.mode == "cleanup" else replay.ending, leg, replay.in_doubt)


def look(workflow: Workflow, chain: Sequence[PastRun], now: Resumption, now_us: int) -> Outlook:
    """Return where it would go on; the parameters are those of `restore`."""
    replay = _replayed(workflow, chain, now, now_us)
    lost = lost_ahead(replay.program)
    coming = replay.in_doubt.doing if replay.in_doubt is not None else replay.next_step()
    return Outlook(replay.in_doubt, lost, coming)


def _replayed(workflow: Workflow, chain: Sequence[PastRun], now: Resumption, now_us: int) -> Replay:
    """Return the replay of all runs of a chain, each with what was decided about it."""
    restored = begin_anew(workflow, chain[0].request)
    resumptions = [*(Resumption.of(one.request.resume or {}) for one in chain[1:]), now]
    given = {name: value for one in resumptions for name, value in one.given.items()}
    replay = Replay(restored.program, restored.ending, chain[0].request.cleanup_after, given)
    for past, then in zip(chain, resumptions, strict=True):
        if then.mode == "cleanup":
            _to_cleanup(replay, past, then, now_us, chain[: chain.index(past) + 1])
            continue
        feed_run(replay, past, then.decisions, now_us)
        if replay.in_doubt is None:
            replay.feed_ahead(then.ahead)
    return replay


def _to_cleanup(replay: Replay, past: PastRun, then: Resumption, now_us: int, chain: Sequence[PastRun]) -> None:
    """Stand before cleanup; where the history cannot be followed, with what prep had saved at its end."""
    program = replay.program
    try:
        feed_run(replay, past, then.decisions, now_us)
        program.go_to_cleanup()
    except ResumeError:
        program.go_to_cleanup()
        saved = _saved(chain)
        if saved is not None:
            program.save({name: then.given.get(name, value) if isinstance(value, Lost) else value for name, value in saved.items()})
    replay.in_doubt = replay.leg = None


def _saved(chain: Sequence[PastRun]) -> Mapping[str, object] | None:
    """Return what prep had saved, where its end was written down."""
    ends = (phase.outputs[0] for past in chain for phase in past.phases if phase.started.phase == "prep" and phase.outputs)
    return next(ends, None)


def restored_for(workflow: Workflow, request: RunRequest, past: Callable[[int], PastRun], now_us: int) -> Restored | None:
    """Return where a run begins as its request says; None for the beginning.

    Raises
    ------
    ResumeError
        When somebody has to decide about something first, or the history and the workflow do not fit together.
    """
    if request.resume is None or request.derived_from is None:
        return None
    restored = restore(workflow, chain_of(request.derived_from, past), Resumption.of(request.resume), now_us)
    if restored.in_doubt is not None:
        doing = restored.in_doubt.doing
        raise ResumeError(
            f"{request.name!r} cannot go on: nobody has decided about {doing.label} (step {doing.step.id}), which is in doubt."
        )
    _refuse_lost(lost_ahead(restored.program), request.name)
    return restored


def _refuse_lost(lost: Mapping[str, Lost], name: str) -> None:
    """Raise when a value is needed that could not be brought back."""
    if lost:
        said = "\n".join(f"{one}: was {value.what}; give it anew: recovery.give({one!r}, ...)" for one, value in lost.items())
        raise ResumeError(f"{name!r} cannot go on, for what is left of it needs values that were not kept in full:\n{said}")

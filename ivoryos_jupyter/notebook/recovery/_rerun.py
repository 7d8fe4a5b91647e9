"""How is only that repeated which is missing?  A run of its own, of the iterations that were not brought to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem, ResumeError
from ivoryos_jupyter.journal import Outcome
from ivoryos_jupyter.notebook.recovery._derived import missing, only, starting_again
from ivoryos_jupyter.notebook.recovery._submit import submit_first
from ivoryos_jupyter.records import carried_on
from ivoryos_jupyter.runner import chain_of

if TYPE_CHECKING:
    from typing import Literal

    from ivoryos_jupyter.journal import PastRun
    from ivoryos_jupyter.notebook._run import Run
    from ivoryos_jupyter.session import Session


def rerun(session: Session, run_id: int, rows: Literal["missing"] | int) -> Run:
    """Run again what is missing of an ended run, or everything from iteration `rows` on."""
    chain = chain_of(run_id, session.store.past)
    run = chain[-1]
    _refuse(session, run)
    if isinstance(rows, int):
        return submit_first(session, starting_again(session, run, rows))
    if rows != "missing":
        raise ConversionError([Problem("rows", "say 'missing', or the number of the iteration to begin with", repr(rows))])
    if not missing(chain):
        raise ResumeError(f"Nothing is missing of run {run_id} {run.request.name!r}: each of its iterations was brought to its end.")
    trail = carried_on(session.store, run_id)
    if not trail.missing:
        raise ResumeError(f"What is missing of run {run_id} {run.request.name!r} is for {trail.by} to do; see what is missing of that one.")
    return submit_first(session, only(session, run, trail.missing, "missing"))


def _refuse(session: Session, run: PastRun) -> None:
    """Raise when the run is under way, or when a person has to decide, or has decided, how it goes on."""
    number = run.run_id
    if run.outcome is None:
        raise ResumeError(f"Run {number} {run.request.name!r} has not ended.")
    followed = next(
        (event.detail.get("run") for event in run.events if event.kind == "decided" and event.detail.get("choice") == "resume"), None
    )
    if followed is not None:
        raise ResumeError(f"Run {number} went on as run {followed}; repeat what is missing of that one: ivoryos.rerun({followed}).")
    if run.outcome is Outcome.INTERRUPTED and number in {one.run_id for one in session.store.interrupted()}:
        raise ResumeError(f"Run {number} was interrupted, and nobody has decided about it yet: ivoryos.recover({number}).")

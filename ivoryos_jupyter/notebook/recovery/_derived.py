"""How does one run follow from another?  Requests that go on with a run, clean up after it, or repeat a part of it."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.runner import Plan
from ivoryos_jupyter.schema import fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ivoryos_jupyter.journal import PastRun, Resumption, RunRequest
    from ivoryos_jupyter.session import Session

_WORDS = {"resume": "resumed", "cleanup": "cleanup"}


def going_on(session: Session, run: PastRun, resumption: Resumption) -> RunRequest:
    """Return the request of the run that goes on with `run` as decided."""
    word = _WORDS[resumption.mode]
    return replace(_again(session, run, word), resume=resumption.plain())


def starting_again(session: Session, run: PastRun, iteration: int) -> RunRequest:
    """Return the request of a run of its own, from iteration `iteration` of `run` on.

    Raises
    ------
    ConversionError
        When it has no such iteration.
    """
    plan = Plan.of(run.request)
    if isinstance(iteration, bool) or not isinstance(iteration, int) or not 1 <= iteration <= max(plan.iterations, 1):
        raise ConversionError([Problem("iteration", f"name one of the iterations 1 to {plan.iterations}", repr(iteration))])
    return only(session, run, range(iteration, plan.iterations + 1), f"from {iteration}")


def only(session: Session, run: PastRun, iterations: Sequence[int], word: str) -> RunRequest:
    """Return the request of a run of its own, of these iterations of `run`."""
    request = replace(_again(session, run, word), repeats=tuple(iterations))
    if request.rows is None:
        return replace(request, repeat=len(iterations))
    size = max(1, request.batch_size)
    rows = [row for one in iterations for row in request.rows[(one - 1) * size : one * size]]
    return replace(request, rows=tuple(rows))


def missing(chain: Sequence[PastRun]) -> list[int]:
    """Return the iterations that neither the last run of a chain nor those it went on with brought to their end."""
    ended = {phase.started.iteration for past in chain for phase in past.phases if _is_done(phase.started.phase, phase.status)}
    return [one for one in range(1, Plan.of(chain[0].request).iterations + 1) if one not in ended]


def _is_done(phase: str, status: str | None) -> bool:
    return phase == "script" and status == "done"


def _again(session: Session, run: PastRun, word: str) -> RunRequest:
    """Return the request of `run` as a new submission from here."""
    surroundings = session.surroundings
    return replace(
        run.request,
        key=f"run-{run.run_id}-{word.replace(' ', '-')}-{secrets.token_hex(4)}",
        name=_name(run.request.name, word),
        derived_from=run.run_id,
        repeats=None,
        resume=None,
        deck=session.deck.name,
        deck_fingerprint=fingerprint(session.deck.schema()),
        operator=surroundings.operator,
        notebook=surroundings.notebook,
        submitted_us=session.pipeline.clock.now_us(),
        not_before_us=None,
        held=False,
    )


def _name(name: str, word: str) -> str:
    """Return ``titration (resumed)``, and ``titration (resumed 2)`` for one that was resumed before."""
    found = re.fullmatch(rf"(.*) \({re.escape(word)}(?: (\d+))?\)(?:_\d+)?", name)
    if found is None:
        return f"{name} ({word})"
    return f"{found[1]} ({word} {int(found[2] or 1) + 1})"

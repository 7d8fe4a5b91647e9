"""How does a submission become a request?  Same content from the same notebook, same key."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.journal import RunRequest
from ivoryos_jupyter.schema import fingerprint, plain_to_json
from ivoryos_jupyter.workflow import content_hash, interface, to_json, walk

if TYPE_CHECKING:
    from datetime import datetime

    from ivoryos_jupyter.notebook._tables import Rows
    from ivoryos_jupyter.session import Session
    from ivoryos_jupyter.workflow import Workflow

ENDINGS = ("completed", "failed", "stopped")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a workflow is to be run."""

    repeat: int = 1
    """Number of iterations when there is no table."""
    batch_size: int = 1
    """Samples worked on together."""
    sample: str | None = None
    """Column that names the sample."""
    name: str | None = None
    """Name of the run; the workflow's when None."""
    key: str | None = None
    """Submission key; made from the content when None."""
    again: bool = False
    """Make a new run although the same was submitted before."""
    cleanup: bool | tuple[str, ...] = True
    """Whether cleanup runs, or after which of ``completed``, ``failed``, ``stopped``."""
    not_before: datetime | None = None
    """Start no earlier."""
    hold: bool = False
    """Wait in the queue until released."""
    stop_here: bool = False
    """Hold the queue once it has ended."""
    timeout_s: float | None = None
    """Seconds after which it is ended as by an error; None for never."""

    def problems(self) -> list[Problem]:
        """Return what cannot be meant."""
        found = [
            Problem(name, "give a whole number of 1 or more", repr(value))
            for name, value in (("repeat", self.repeat), ("batch_size", self.batch_size))
            if isinstance(value, bool) or not isinstance(value, int) or value < 1
        ]
        if not isinstance(self.cleanup, bool):
            found += [Problem("cleanup", f"name endings: {', '.join(ENDINGS)}", one) for one in self.cleanup if one not in ENDINGS]
        limit = self.timeout_s
        if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int | float) or not 0 < limit < float("inf")):
            found.append(Problem("timeout_s", "give a number of seconds above 0, or None for no time-out", repr(limit)))
        return found


def request_for(session: Session, workflow: Workflow, rows: Rows | None, options: Options) -> RunRequest:
    """Return the request for a run of `workflow`.

    Raises
    ------
    ConversionError
        When an option cannot be meant, or the workflow has run-time parameters and there is no table.
    """
    problems = options.problems() + _without_steps(workflow) + _missing_table(session, workflow, rows)
    if problems:
        raise ConversionError(problems)
    request = RunRequest(
        key="",
        name=options.name or workflow.name,
        workflow=to_json(workflow),
        workflow_name=workflow.name,
        version=content_hash(workflow),
        deck=session.deck.name,
        deck_fingerprint=fingerprint(session.deck.schema()),
        rows=rows,
        repeat=options.repeat,
        batch_size=options.batch_size,
        sample_column=options.sample,
        cleanup_after=_endings(options.cleanup),
        operator=session.surroundings.operator,
        notebook=session.surroundings.notebook,
        submitted_us=session.pipeline.clock.now_us(),
        not_before_us=None if options.not_before is None else int(options.not_before.timestamp() * 1_000_000),
        held=options.hold,
        stop_here=options.stop_here,
        timeout_s=options.timeout_s,
    )
    return replace(request, key=options.key or _key(request, again=options.again))


def _without_steps(workflow: Workflow) -> list[Problem]:
    if any(True for _ in walk(workflow)):
        return []
    return [
        Problem("workflow", f"{workflow.name!r} has no steps, so there is nothing to run; add some, or open the one you mean by its name")
    ]


def _missing_table(session: Session, workflow: Workflow, rows: Rows | None) -> list[Problem]:
    if rows is not None:
        return []
    asked = [one.name for one in interface(workflow, session.deck.schema()).inputs if one.required]
    if not asked:
        return []
    example = ", ".join(f'"{name}": …' for name in asked)
    return [Problem("table", f"the workflow asks for {', '.join(asked)}; submit a table, for example [{{{example}}}]")]


def _endings(cleanup: bool | tuple[str, ...]) -> tuple[str, ...]:  # noqa: FBT001 - a value, not a switch of this function
    if isinstance(cleanup, bool):
        return ENDINGS if cleanup else ()
    return tuple(cleanup)


def _key(request: RunRequest, *, again: bool) -> str:
    content = {
        "version": request.version,
        "notebook": request.notebook,
        "deck": request.deck,
        "name": request.name,
        "rows": None if request.rows is None else [{name: plain_to_json(value) for name, value in row.items()} for row in request.rows],
        "repeat": request.repeat,
        "batch_size": request.batch_size,
        "sample": request.sample_column,
        "cleanup": request.cleanup_after,
        **({} if request.timeout_s is None else {"timeout_s": request.timeout_s}),
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]
    return f"{digest}-{secrets.token_hex(4)}" if again else digest

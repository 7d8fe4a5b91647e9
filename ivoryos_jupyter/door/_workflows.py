"""How does one open workflows, and find runs?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter import magics, notebook
from ivoryos_jupyter.errors import Problem, UnknownNameError, WorkflowError
from ivoryos_jupyter.notebook import QueueRehearsal, Run, WorkflowHandle
from ivoryos_jupyter.schema import closest
from ivoryos_jupyter.session import current_session

if TYPE_CHECKING:
    from collections.abc import Callable


def workflow(name: str) -> WorkflowHandle:
    """Open the saved workflow `name`; when there is none, begin an empty one and say so.

    Raises
    ------
    WorkflowError
        When the name is empty.
    """
    session = current_session()
    saved = session.library.get(_named(name))
    if saved is None:
        near = closest(name, [one.name for one in session.library.shelves()])
        hint = f" Did you mean {near!r}?" if near else ""
        print(f"There is no workflow {name!r} in the library yet; this one is new and empty.{hint}")  # noqa: T201 - she must see it
    return WorkflowHandle(session, name, saved)


def new_workflow(name: str, description: str = "") -> WorkflowHandle:
    """Begin an empty workflow, to be written in Python; saving makes it the newest version of `name`."""
    return WorkflowHandle(current_session(), _named(name), description=description)


def _named(name: str) -> str:
    """Return the name of a workflow, or raise `WorkflowError` when it is empty."""
    if not name.strip():
        raise WorkflowError([Problem("name", "give the workflow a name, such as 'dose_and_measure'", name)])
    return name


def from_function(function: Callable[..., object], name: str | None = None) -> WorkflowHandle:
    """Return the workflow whose script is what `function` says; its source is read, and it is not called.

    Its parameters that are on the deck are instruments, the others run-time parameters. The cell magic ``%%workflow`` reads
    prep and cleanup too.

    Raises
    ------
    WorkflowError
        With each line that has no form in a workflow, and why.
    """
    return notebook.from_function(current_session(), function, name)


def builder(name: str | None = None) -> object:
    """Return the drag-and-drop builder of the workflow `name`, or of a new one."""
    return magics.builder(name)


def rehearse_queue(*, seed: int = 0) -> QueueRehearsal:
    """Rehearse the run under way and all that wait: when each would begin and end. Nothing is called, nothing is recorded.

    Runs that are held are passed over; a queue that is on hold is taken as released now. The same seed gives the same rehearsal.
    """
    return notebook.rehearse_queue(current_session(), seed=seed)


def run(which: int | str) -> Run:
    """Return a run of this session by its key, its record's id or its name, to watch and command it.

    Raises
    ------
    UnknownNameError
        When this session knows no such run; older ones are in the history.
    """
    session = current_session()
    for status in reversed(session.runner.runs):
        if which in (status.key, status.run_id, status.name):
            return Run(session, session.runner.handle(status.key))
    known = ", ".join(repr(status.name) for status in session.runner.runs) or "none yet"
    raise UnknownNameError(f"There is no run {which!r} in this session; there is: {known}. Older runs: ivoryos.history.runs().")

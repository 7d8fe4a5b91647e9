"""What can one do with ``import ivoryos``?  Functions on the current session."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter import magics, notebook, widgets
from ivoryos_jupyter.errors import Problem, UnknownNameError, WorkflowError
from ivoryos_jupyter.introspect import block
from ivoryos_jupyter.notebook import DeckOverview, Run, WorkflowHandle
from ivoryos_jupyter.schema import closest
from ivoryos_jupyter.session import Session, Surroundings, account, current_session, replace_session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from os import PathLike

    from ivoryos_jupyter.records import History, Library
    from ivoryos_jupyter.runner import CallHandle, RunQueue, RunStatus
    from ivoryos_jupyter.schema import LimitsFile

__all__ = [
    "block",
    "builder",
    "call",
    "control",
    "exclude",
    "from_function",
    "include",
    "load_deck",
    "make_safe",
    "new_workflow",
    "pin",
    "run",
    "start",
    "stop",
    "trust",
    "unload_deck",
    "workflow",
]


def start(names: Mapping[str, object], folder: str | PathLike[str] = ".", *, deck_name: str = "deck", operator: str = "") -> Session:
    """Start a session outside a notebook, for scripts and tests.

    Parameters
    ----------
    names
        The deck's names, usually ``globals()``; looked at again whenever something is asked of the deck.
    folder
        Where ``ivoryos_data/`` is looked for, upwards, or made.
    deck_name
        Name of the deck.
    operator
        Who works here; the account's name when empty.

    Raises
    ------
    RecordsError
        When the data folder or the database cannot be opened.
    """
    stop()
    session = Session(Surroundings(Path(folder), deck_name=deck_name, operator=operator or account(), names=lambda: names))
    replace_session(session)
    return session


def stop() -> None:
    """Close the current session, if there is one; a run under way is stopped now."""
    before = replace_session(None)
    if before is not None:
        before.close()


def control(which: object = None) -> widgets.ControlPanel:
    """Return the control panel of an instrument (the object, its name or its path), or of the whole deck."""
    return widgets.control(current_session(), which)


def call(
    target: str | Callable[..., object],
    *args: object,
    wait_in_line: bool = False,
    timeout_s: float | None = None,
    **named: object,
) -> CallHandle[object]:
    """Call a method of an instrument as a panel does: converted, checked, recorded; returns at once.

    Parameters
    ----------
    target
        ``pump.dispense``, or the same as text.
    args, named
        Its arguments; text is read by the parameter's type.
    wait_in_line
        Whether to wait for the instrument when it is busy.
    timeout_s
        Give up after so many seconds.

    Returns
    -------
    CallHandle
        ``await`` it, or ask for its ``result()``.

    Raises
    ------
    ConversionError, LimitError, UnknownNameError
        When the call may not be made.
    BusyError
        When the instrument is busy; the message says with what.
    """
    session = current_session()
    session.refresh()
    return session.call(target, args, named, wait_in_line=wait_in_line, timeout_s=timeout_s)


def workflow(name: str) -> WorkflowHandle:
    """Open the saved workflow `name`; when there is none, begin an empty one and say so.

    Raises
    ------
    WorkflowError
        When the name is empty.
    """
    session = current_session()
    saved = session.library.get(named(name))
    if saved is None:
        near = closest(name, [one.name for one in session.library.shelves()])
        hint = f" Did you mean {near!r}?" if near else ""
        print(f"There is no workflow {name!r} in the library yet; this one is new and empty.{hint}")  # noqa: T201 - she must see it
    return WorkflowHandle(session, name, saved)


def new_workflow(name: str, description: str = "") -> WorkflowHandle:
    """Begin an empty workflow, to be written in Python; saving makes it the newest version of `name`."""
    return WorkflowHandle(current_session(), named(name), description=description)


def named(name: str) -> str:
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


def include(name: str, obj: object = None) -> DeckOverview:
    """Put `name` on the deck whatever the rules say, and remember it; `obj` for an object without a name of its own."""
    session = current_session()
    session.include(name, obj)
    return DeckOverview(session)


def exclude(name: str) -> DeckOverview:
    """Take `name` off the deck, and remember it."""
    session = current_session()
    session.exclude(name)
    return DeckOverview(session)


def load_deck(which: str | Path) -> DeckOverview:
    """Work with a saved description (a deck's name or a file) where there is no hardware: everything shows, calls are refused."""
    session = current_session()
    session.load_deck(which)
    return DeckOverview(session)


def unload_deck() -> DeckOverview:
    """Work with the notebook's live instruments again."""
    session = current_session()
    session.unload_deck()
    return DeckOverview(session)


def pin(obj: object, place: Literal["main", "worker"] = "main") -> None:
    """Say on which thread an object's plain methods run: ``main``, the kernel's, or the ``worker``."""
    current_session().executor.pin(obj, place)


def make_safe() -> RunStatus | None:
    """Stop the run under way now, without cleanup, and hold the queue; return its status, None when nothing runs.

    A software action: it acts through the drivers and this kernel, and is no emergency stop.
    """
    return current_session().runner.make_safe()


def trust(name: str) -> bool:
    """Allow calls on an instrument again that was left in the middle of a call; False when it was trusted anyway."""
    return current_session().pipeline.trust(name)


def __getattr__(name: str) -> DeckOverview | History | Library | LimitsFile | RunQueue:
    """Return what the current session has under this name."""
    found = _OF_SESSION.get(name)
    if found is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return found(current_session())


_OF_SESSION: dict[str, Callable[[Session], DeckOverview | History | Library | LimitsFile | RunQueue]] = {
    "deck": DeckOverview,
    "history": lambda session: session.history,
    "library": lambda session: session.library,
    "limits": lambda session: session.limits,
    "queue": lambda session: session.runner.queue,
}

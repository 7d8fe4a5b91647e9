"""What happens at ``%load_ext ivoryos``, and what does ``%ivoryos`` understand?"""

from __future__ import annotations

import keyword
import shlex
from typing import TYPE_CHECKING, Protocol, cast

from ivoryos_jupyter import bridge, notebook, widgets
from ivoryos_jupyter.errors import CommandError, NotLoadedError
from ivoryos_jupyter.notebook import Run, WorkflowHandle
from ivoryos_jupyter.session import Session, current_session, of_shell, replace_session
from ivoryos_jupyter.workflow import content_hash

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.session import Shell

HELP = """\
%ivoryos                 devices, builder, runs and history in one widget
%ivoryos deck            what is on the deck, what is not, and why
%ivoryos control [name]  the panel of one instrument, or of all
%ivoryos builder [name]  the workflow builder
%ivoryos runs            the recorded runs as a table
%ivoryos help            this list
%%workflow name          the Python of this cell as a workflow"""


class _Events(Protocol):
    def register(self, event: str, function: Callable[..., object]) -> None: ...

    def unregister(self, event: str, function: Callable[..., object]) -> None: ...


class InteractiveShell(Protocol):
    """What is needed of IPython's shell beyond `Shell`."""

    events: _Events

    def register_magic_function(self, func: Callable[..., object], magic_kind: str, magic_name: str) -> None:
        """Make a function a magic."""


def load(shell: InteractiveShell) -> None:
    """Start a session, or go on with the one that runs, and say in one line how things stand."""
    session = _session(shell)
    shell.events.register("post_run_cell", _after_cell)
    shell.register_magic_function(_ivoryos, "line", "ivoryos")
    shell.register_magic_function(_workflow, "cell", "workflow")
    widgets.attach(session)
    session.open_builder = lambda workflow: widgets.open_builder(session, workflow)
    session.views[Run] = lambda run: widgets.run_bundle(session, run)
    bridge.install(session, getattr(shell, "kernel", None))
    print(notebook.first_line(session))  # noqa: T201 - the one line that loading says


def unload(shell: InteractiveShell) -> None:
    """Take the hooks out; the session and its runs go on until the kernel ends."""
    shell.events.unregister("post_run_cell", _after_cell)
    bridge.uninstall()


def _session(shell: InteractiveShell) -> Session:
    try:
        session = current_session()
    except NotLoadedError:
        session = Session(of_shell(cast("Shell", shell)))
        replace_session(session)
    session.refresh()
    return session


def _after_cell(_result: object) -> None:
    try:
        session = current_session()
    except NotLoadedError:  # `ivoryos.stop()` has closed it; the next load makes another
        return
    session.refresh()
    if lost := session.guard.lost():
        lines = "; ".join(f"ivoryos.guard({name})" for name in lost)
        print(f"Not guarded any more, for the name means another object now: {', '.join(lost)}. Again: {lines}")  # noqa: T201 - it was hers


def _ivoryos(line: str) -> object:
    """Open what the line asks for; see ``%ivoryos help``."""
    words = _words(line)
    command, rest = (words[0], words[1:]) if words else ("", [])
    if command not in _COMMANDS or len(rest) > 1:
        raise CommandError(f"%ivoryos does not understand {line!r}. It understands:\n{HELP}")
    current_session().refresh()
    return _COMMANDS[command](rest[0] if rest else None)


def _words(line: str) -> list[str]:
    """Return the words of a magic's line, quotes taken off."""
    try:
        return shlex.split(line)
    except ValueError as error:
        raise CommandError(
            f"{line!r} cannot be read: {error}. Put a name that has a quotation mark or spaces in quotes of the other kind."
        ) from error


def _workflow(line: str, cell: str) -> WorkflowHandle:
    """Read the cell as a workflow, and bind it to its name where that is a name in Python; nothing is run, and nothing saved.

    The cell holds the statements of the script, or functions for the phases: ``name_prep``, ``name``, ``name_cleanup``.
    """
    words = _words(line)
    if len(words) != 1:
        raise CommandError("Write %%workflow and one name, in quotes where it has spaces, for example %%workflow dose.")
    session, name = current_session(), words[0]
    binds = name.isidentifier() and not keyword.iskeyword(name)
    before = session.surroundings.names().get(name)
    if binds and before is not None and not isinstance(before, WorkflowHandle):
        raise CommandError(f"{name} is something else in this notebook ({type(before).__name__}); give the workflow another name.")
    handle = notebook.from_source(session, cell, name, first_line=2)
    if binds and session.surroundings.bind is not None:
        session.surroundings.bind(name, handle)
    return handle


def builder(name: str | None = None) -> object:
    """Return the drag-and-drop builder of the workflow `name`, or of a new one; what is unsaved elsewhere is named."""
    session = current_session()
    drafts = session.library.drafts() if name is None else []
    if drafts:
        print(f"This is a new workflow. Unsaved here: {', '.join(drafts)}. Open one with %ivoryos builder {shlex.quote(drafts[0])}")  # noqa: T201 - she may look for it
    view = widgets.builder(session, name)
    mine = session.surroundings.names().get(name) if name is not None else None
    if isinstance(mine, WorkflowHandle) and content_hash(mine.workflow) != content_hash(widgets.workflow_in(session, view)):
        print(f"The notebook's own {name} is another, not saved: {name}.edit() shows it, {name}.save() keeps it.")  # noqa: T201 - she may look for it
    return view


def _help(_: str | None) -> None:
    print(HELP)  # noqa: T201 - asked for


_COMMANDS: dict[str, Callable[[str | None], object]] = {
    "": lambda _: widgets.dashboard(current_session()),
    "deck": lambda _: notebook.DeckOverview(current_session()),
    "control": lambda name: widgets.control(current_session(), name),
    "builder": builder,
    "runs": lambda _: current_session().history.runs(),
    "help": _help,
}

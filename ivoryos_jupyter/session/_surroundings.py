"""Where are we?  The notebook's names, folder, event loop and person, found once when the extension is loaded."""

from __future__ import annotations

import asyncio
import getpass
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Shell(Protocol):
    """What is needed of IPython's ``InteractiveShell``."""

    user_ns: dict[str, object]
    user_ns_hidden: Mapping[str, object]


def _no_names() -> Mapping[str, object]:
    return {}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a session is told about the place it runs in."""

    folder: Path
    """Folder of the notebook."""
    notebook: str = ""
    """Path of the notebook as the server names it; empty outside one."""
    deck_name: str = "notebook"
    operator: str = ""
    """Who works here: ``IVORYOS_OPERATOR``, else the name of the account."""
    loop: asyncio.AbstractEventLoop | None = None
    """The kernel's event loop, on which coroutines of drivers run."""
    names: Callable[[], Mapping[str, object]] = field(default=_no_names)
    """Gives the names of the notebook as they are now."""
    bind: Callable[[str, object], None] | None = None
    """Puts a name into the notebook."""


def account() -> str:
    """Return who works here; ``unknown`` where the system does not say."""
    try:
        return os.environ.get("IVORYOS_OPERATOR") or getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def notebook_path(names: Mapping[str, object]) -> str:
    """Return the notebook's path, from what Jupyter or VS Code leave behind; empty when neither does."""
    for found in (names.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME"), names.get("__session__")):
        if isinstance(found, str) and found.endswith(".ipynb"):
            return found
    return ""


def of_shell(shell: Shell) -> Surroundings:
    """Describe the surroundings of an IPython shell."""
    notebook = notebook_path(shell.user_ns)
    stem = re.sub(r"\W+", "_", Path(notebook).stem).strip("_") if notebook else ""

    def names() -> Mapping[str, object]:
        hidden = shell.user_ns_hidden  # and a copy of the names, for a cell on another thread may be making new ones
        return {name: value for name, value in shell.user_ns.copy().items() if name not in hidden or hidden[name] is not value}

    def bind(name: str, value: object) -> None:
        shell.user_ns[name] = value

    return Surroundings(
        folder=Path.cwd(),
        notebook=notebook,
        deck_name=stem or "notebook",
        operator=account(),
        loop=running_loop(),
        names=names,
        bind=bind,
    )


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop that runs this code, or None."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None

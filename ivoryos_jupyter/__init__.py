"""IvoryOS in Jupyter: live instruments become panels, workflows, runs and tables.

Start with ``%load_ext ivoryos``. Names are imported when they are first used, so that loading stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import ivoryos_jupyter.workflow  # noqa: F401 - before the function of this name, which then keeps it
from ivoryos_jupyter.version import __version__ as __version__

if TYPE_CHECKING:
    from ivoryos_jupyter.door import (
        block,
        budgets,
        builder,
        call,
        control,
        deck,
        exclude,
        from_function,
        get_property,
        guard,
        guarded,
        history,
        include,
        interlocks,
        interrupted,
        library,
        limits,
        load_deck,
        make_safe,
        new_workflow,
        notifications,
        notify,
        override,
        pin,
        queue,
        recover,
        rehearse_queue,
        rerun,
        run,
        safe_states,
        set_property,
        snapshot,
        start,
        stop,
        stop_deadlines,
        trust,
        unguard,
        unload_deck,
        watch,
        watches,
    )
    from ivoryos_jupyter.introspect import safe_state, verifies
    from ivoryos_jupyter.magics import InteractiveShell
    from ivoryos_jupyter.notebook import WorkflowHandle
    from ivoryos_jupyter.runner import sleep
    from ivoryos_jupyter.schema import Limit
    from ivoryos_jupyter.workflow import at_run, formula, live

_ELSEWHERE = {
    "Limit": "schema",
    "at_run": "workflow",
    "formula": "workflow",
    "live": "workflow",
    "safe_state": "introspect",
    "sleep": "runner",
    "verifies": "introspect",
}
"""Where public names live that are not of the door."""

__all__ = [
    "Limit",
    "at_run",
    "block",
    "budgets",
    "builder",
    "call",
    "control",
    "deck",
    "exclude",
    "formula",
    "from_function",
    "get_property",
    "guard",
    "guarded",
    "history",
    "include",
    "interlocks",
    "interrupted",
    "library",
    "limits",
    "live",
    "load_deck",
    "load_ipython_extension",
    "make_safe",
    "new_workflow",
    "notifications",
    "notify",
    "override",
    "pin",
    "queue",
    "recover",
    "rehearse_queue",
    "rerun",
    "run",
    "safe_state",
    "safe_states",
    "set_property",
    "sleep",
    "snapshot",
    "start",
    "stop",
    "stop_deadlines",
    "trust",
    "unguard",
    "unload_deck",
    "unload_ipython_extension",
    "verifies",
    "watch",
    "watches",
    "workflow",
]


def workflow(name: str) -> WorkflowHandle:
    """Open the saved workflow `name`; a new one when there is none."""
    from ivoryos_jupyter import door  # noqa: PLC0415 - see above

    return door.workflow(name)


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Start a session in this notebook; ``%load_ext ivoryos`` calls it."""
    from ivoryos_jupyter import magics  # noqa: PLC0415 - importing the package stays light

    magics.load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Look at the notebook's names no more; the session and its runs go on."""
    from ivoryos_jupyter import magics  # noqa: PLC0415 - see above

    magics.unload(shell)


def __getattr__(name: str) -> object:
    """Import a public name when it is first used."""
    if name not in __all__:
        raise AttributeError(f"ivoryos has no {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(f"ivoryos_jupyter.{_ELSEWHERE.get(name, 'door')}"), name)


def __dir__() -> list[str]:
    """Offer the public names for completion."""
    return __all__


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Tell `jupyter-builder develop` where the labextension is built."""
    return [{"src": "labextension", "dest": "ivoryos-jupyter"}]

"""What can one do with ``import ivoryos``?  Functions on the current session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.door._begin import start, stop
from ivoryos_jupyter.door._deck import exclude, include, load_deck, unload_deck
from ivoryos_jupyter.door._direct import call, control, get_property, pin, set_property
from ivoryos_jupyter.door._guard import guard, unguard
from ivoryos_jupyter.door._notices import notify
from ivoryos_jupyter.door._recover import recover, rerun
from ivoryos_jupyter.door._safety import make_safe, refreshed_safe_states, stop_deadlines, trust
from ivoryos_jupyter.door._snapshot import snapshot
from ivoryos_jupyter.door._watch import watch
from ivoryos_jupyter.door._workflows import builder, from_function, new_workflow, rehearse_queue, run, workflow
from ivoryos_jupyter.guarding import override
from ivoryos_jupyter.introspect import block, safe_state, verifies
from ivoryos_jupyter.notebook import Budgets, DeckOverview, GuardOverview, Interlocks, WatchList
from ivoryos_jupyter.notebook.recovery import Interrupted
from ivoryos_jupyter.session import SafeStates, Session, current_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.notices import Notifications
    from ivoryos_jupyter.records import History, Library
    from ivoryos_jupyter.runner import RunQueue
    from ivoryos_jupyter.schema import LimitsFile

    OfSession = (
        Budgets
        | DeckOverview
        | GuardOverview
        | History
        | Interlocks
        | Interrupted
        | Library
        | LimitsFile
        | Notifications
        | RunQueue
        | SafeStates
        | WatchList
    )

__all__ = [
    "block",
    "builder",
    "call",
    "control",
    "exclude",
    "from_function",
    "get_property",
    "guard",
    "include",
    "load_deck",
    "make_safe",
    "new_workflow",
    "notify",
    "override",
    "pin",
    "recover",
    "rehearse_queue",
    "rerun",
    "run",
    "safe_state",
    "set_property",
    "snapshot",
    "start",
    "stop",
    "stop_deadlines",
    "trust",
    "unguard",
    "unload_deck",
    "verifies",
    "watch",
    "workflow",
]


def __getattr__(name: str) -> OfSession:
    """Return what the current session has under this name."""
    found = _OF_SESSION.get(name)
    if found is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return found(current_session())


_OF_SESSION: dict[str, Callable[[Session], OfSession]] = {
    "budgets": Budgets,
    "deck": DeckOverview,
    "guarded": GuardOverview,
    "interlocks": Interlocks,
    "history": lambda session: session.history,
    "library": lambda session: session.library,
    "limits": lambda session: session.limits,
    "notifications": lambda session: session.notifications,
    "interrupted": Interrupted,
    "queue": lambda session: session.runner.queue,
    "safe_states": refreshed_safe_states,
    "watches": WatchList,
}

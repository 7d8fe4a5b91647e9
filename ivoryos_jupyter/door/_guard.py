"""How does one make limits and records hold for what is written in a cell?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.notebook import GuardOverview
from ivoryos_jupyter.session import current_session

if TYPE_CHECKING:
    from ivoryos_jupyter.guarding import Guarded


def guard(*which: object, always: bool | None = None, wait_in_line: bool = False) -> Guarded | GuardOverview:
    """Let calls that are written in a cell pass limits, interlocks and records, as all others do.

    Parameters
    ----------
    which
        Instruments, as objects or names; all of the deck when none is given.
    always
        Whether every instrument is guarded as soon as it is on the deck; remembered in the data folder.
    wait_in_line
        Whether a call of these waits for its turn when the instrument is busy, instead of being refused.

    Returns
    -------
    Guarded or GuardOverview
        For one instrument what stands for it from now on, as the notebook's name does; else what is guarded, and the ways
        around it.

    Raises
    ------
    UnknownNameError
        When one of them is not on the deck; then none is guarded.
    """
    session = current_session()
    session.refresh()
    if always is not None:
        session.guard.guard_always(always=always)
    made = session.guard.guard(*which, wait_in_line=wait_in_line) if always is None or which else ()
    overview = GuardOverview(session)
    if len(which) != 1:
        return overview
    print(overview)  # noqa: T201 - she must see what is not guarded
    return made[0]


def unguard(*which: object) -> GuardOverview:
    """Let instruments be called directly again; all, and those to come, when none is given."""
    session = current_session()
    session.refresh()
    session.guard.unguard(*which)
    if not which:
        session.last.forget_guarded()
    return GuardOverview(session)

"""What becomes of runs that did not come to their end?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.notebook import recovery
from ivoryos_jupyter.session import current_session

if TYPE_CHECKING:
    from ivoryos_jupyter.notebook import Run


def recover(run: int | None = None) -> recovery.Recovery:
    """Return an interrupted run, to decide what becomes of it; nothing is done by this.

    Parameters
    ----------
    run
        Id of its record; None for the only one there is.

    Raises
    ------
    UnknownNameError
        When there is no such run.
    ResumeError
        When there is none or more than one, when it was not interrupted, or when somebody has decided already.
    """
    session = current_session()
    session.refresh()
    return recovery.recovery_of(session, run)


def rerun(run: int, rows: Literal["missing"] | int = "missing") -> Run:
    """Run again what is missing of an ended run, as a run of its own.

    Parameters
    ----------
    run
        Id of its record.
    rows
        ``"missing"``: the iterations that were not brought to their end. A number: that iteration and all that follow.

    Raises
    ------
    ResumeError
        When nothing is missing, or somebody has to decide about the run first.
    """
    return recovery.rerun(current_session(), run, rows)

"""How does one have a value watched?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter import notebook
from ivoryos_jupyter.session import current_session

if TYPE_CHECKING:
    from ivoryos_jupyter.notebook import Watched
    from ivoryos_jupyter.runner import WatchAction as Action


def watch(
    target: str,
    *,
    every_s: float,
    between: tuple[float | None, float | None] | None = None,
    require: str = "",
    then: Action = "notify",
    after_failures: int = 3,
) -> Watched:
    """Read a property again and again, keep the readings, and act when the value leaves its band.

    It reads between the calls of whoever uses the instrument, also in a run's waits, and ends with the session. A second watch
    of the same property takes the place of the first.

    Parameters
    ----------
    target
        The property: ``"reactor.temperature"``.
    every_s
        Seconds from one reading to the next.
    between
        Where the value may be; None for an open end. Without it, and without `require`, readings are only kept.
    require
        An expression in which ``reading`` is the value: ``"reading == 'open'"``.
    then
        What is done once for each excursion: ``"pause"`` the run, ``"make safe"``, ``"notify"``, or a function that is
        called with a `WatchTripped`.
    after_failures
        After how many readings in a row that failed it is acted upon as well: what cannot be seen is not safe.

    Raises
    ------
    ConversionError
        With everything that is wrong with the watch.
    UnknownNameError
        When the deck has no such property; with the closest name that it has.
    """
    session = current_session()
    return notebook.watch(session, target, every_s=every_s, between=between, require=require, then=then, after_failures=after_failures)

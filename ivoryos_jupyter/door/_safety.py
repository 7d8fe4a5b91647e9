"""How does one keep instruments safe?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.session import current_session

if TYPE_CHECKING:
    from ivoryos_jupyter.runner import MakingSafe
    from ivoryos_jupyter.session import SafeStates, Session


def make_safe() -> MakingSafe:
    """Stop everything that runs, without cleanup, hold the queue, and call the handler of each safe state once.

    Returns at once; ``await`` it for the report. A software action: it acts through the drivers and this kernel, and is no
    emergency stop.
    """
    return current_session().runner.make_safe()


def refreshed_safe_states(session: Session) -> SafeStates:
    """Return the safe states of a session, having looked at the notebook's names again."""
    session.refresh()
    return session.safe_states


def trust(name: str) -> bool:
    """Allow calls on an instrument again that was left in the middle of a call; False when it was trusted anyway."""
    return current_session().pipeline.trust(name)


@dataclass(frozen=True, slots=True)
class StopDeadlines:
    """How long each rung of a stop is given."""

    driver_stop_s: float | None
    """Seconds a call may take to obey a stop before its driver's own ``stop()`` is called; None for never."""
    give_up_s: float
    """Seconds after that, or after the stop where the driver has none, before the call is given up."""
    handler_s: float
    """Seconds that make safe waits for one handler before it calls the next."""


def stop_deadlines(
    *, driver_stop_s: float | Literal["as it is"] | None = "as it is", give_up_s: float | None = None, handler_s: float | None = None
) -> StopDeadlines:
    """Change how long each rung of a stop is given, in this session; return what holds now.

    Parameters
    ----------
    driver_stop_s
        Seconds before a driver's own ``stop()`` is called; None for never.
    give_up_s
        Seconds after that before the call is given up.
    handler_s
        Seconds that make safe waits for one handler.

    Raises
    ------
    ConversionError
        When a value is no number of seconds; nothing is changed then.
    """
    session = current_session()
    pipeline, safety = session.pipeline, session.runner.safety
    driver_s = pipeline.driver_stop_s if driver_stop_s == "as it is" else driver_stop_s
    given = {"driver_stop_s": driver_s, "give_up_s": give_up_s, "handler_s": handler_s}
    wrong = [Problem(name, "give a number of seconds, 0 or more", repr(one)) for name, one in given.items() if not _seconds(one)]
    if wrong:
        raise ConversionError(wrong)
    pipeline.driver_stop_s = driver_s
    pipeline.grace_s = pipeline.grace_s if give_up_s is None else give_up_s
    safety.handler_s = safety.handler_s if handler_s is None else handler_s
    return StopDeadlines(pipeline.driver_stop_s, pipeline.grace_s, safety.handler_s)


def _seconds(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf"))

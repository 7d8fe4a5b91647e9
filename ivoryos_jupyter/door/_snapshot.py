"""What is read when a run begins and when it ends?"""

from __future__ import annotations

from ivoryos_jupyter.errors import ConversionError, IvoryOSError, Problem
from ivoryos_jupyter.session import current_session


def snapshot(*properties: str) -> tuple[str, ...]:
    """Read these properties at the start and at the end of each run, and keep them with it; see ``ivoryos.history.snapshots()``.

    Parameters
    ----------
    properties
        ``"reactor.temperature"``, ``"pump.flow_rate"``; they take the place of those chosen before. None at all ends it.

    Returns
    -------
    tuple of str
        What is read from now on.

    Raises
    ------
    ConversionError
        With each name that is no property of the deck; what was chosen before stays.
    """
    session = current_session()
    session.refresh()
    problems = []
    for name in properties:
        path, _, member = name.rpartition(".")
        try:
            session.deck.member(path, member, "get")
        except IvoryOSError as error:
            problems.append(Problem(name, f"cannot be read: {error}", name))
    if problems:
        raise ConversionError(problems, "The snapshot stays as it was:")
    session.pipeline.snapshot = tuple(dict.fromkeys(properties))
    return session.pipeline.snapshot

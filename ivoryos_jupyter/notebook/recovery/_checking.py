"""Was it done?  A question to the instrument itself, through what its driver's author named for that; only asked by a person."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ResumeError
from ivoryos_jupyter.introspect import BLOCKS, original, tells, verifier_of
from ivoryos_jupyter.runner import Call, DoCall

if TYPE_CHECKING:
    from typing import Literal

    from ivoryos_jupyter.journal import PastStep
    from ivoryos_jupyter.runner import CallHandle, StepEffect
    from ivoryos_jupyter.session import Session


def check_of(session: Session, doing: StepEffect, past: PastStep) -> Call | None:
    """Return the call that tells whether a step in doubt was done; None when there is none.

    It gets the arguments that were written down before the step began, as far as it has parameters for them.
    """
    if not isinstance(doing, DoCall):
        return None
    found = _block(session, doing.member) if doing.path_to == BLOCKS else _member(session, doing.path_to, doing.member)
    if found is None:
        return None
    path, name, operation = found
    target = session.deck.member(path, name, operation).target
    wanted = inspect.signature(target).parameters if operation == "call" else {}
    given = {parameter: value for parameter, value in past.intent.arguments.items() if parameter in wanted}
    return Call(path, name, operation, given, origin="python", operator=session.surroundings.operator)


def ask_instrument(session: Session, doing: StepEffect, past: PastStep) -> CallHandle[object]:
    """Ask whether a step in doubt was done, and return the call under way.

    Raises
    ------
    ResumeError
        When nobody told how to ask.
    """
    call = check_of(session, doing, past)
    if call is None:
        method = past.intent.method_name
        raise ResumeError(
            f"Nobody told how to find out whether {doing.label} was done. In its driver, mark a method or property that tells: "
            f'@ivoryos.verifies("{method}"). Or look at the hardware.'
        )
    return session.pipeline.submit(call)


def _member(session: Session, path: str, method: str) -> tuple[str, str, Literal["call", "get"]] | None:
    cls = type(original(session.deck.resolve(path)))
    name = verifier_of(cls, method)
    if name is None:
        return None
    return path, name, "get" if isinstance(inspect.getattr_static(cls, name), property) else "call"


def _block(session: Session, block: str) -> tuple[str, str, Literal["call", "get"]] | None:
    for one in session.deck.schema().blocks:
        if tells(session.deck.member(BLOCKS, one.name, "call").target, block):
            return BLOCKS, one.name, "call"
    return None

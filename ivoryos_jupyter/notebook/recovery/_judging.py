"""Does what a person decided fit the deck and the limits as they are now?  Asked before anything moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import IvoryOSError
from ivoryos_jupyter.introspect import identify
from ivoryos_jupyter.notebook.recovery._returned import MISSING, names_of, returned
from ivoryos_jupyter.runner import Call, DoCall, DoWait
from ivoryos_jupyter.schema import Number, from_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.journal import Decision, PastRun
    from ivoryos_jupyter.runner import InDoubt
    from ivoryos_jupyter.session import Session

_PARTS = {"type_name": "class", "address": "address", "model": "model", "serial": "serial number", "firmware": "firmware"}


def judge(session: Session, doubt: InDoubt, decision: Decision) -> None:
    """Raise what keeps a step in doubt from being done again with its arguments, or its value from being what it returned."""
    doing = doubt.doing
    if decision.choice == "done":
        returned(doing, session.deck, decision.value if names_of(doing) else MISSING)
    elif isinstance(doing, DoCall):
        arguments = {**doing.arguments, **decision.arguments}
        session.pipeline.gates.judge(Call(doing.path_to, doing.member, doing.operation, arguments, origin="run"))
    elif isinstance(doing, DoWait) and "seconds" in decision.arguments:
        from_value(Number(), decision.arguments["seconds"], field="seconds")


def other_instruments(session: Session, run: PastRun) -> str:
    """Return in what the instruments of a run are others now than when it began; empty when they are not, or when nobody can tell."""
    differences = [one for name in run.instruments for one in _differences(session, name, run.instruments[name])]
    return f"Not as when the run began: {'; '.join(differences)}." if differences else ""


def _differences(session: Session, name: str, before: Mapping[str, str]) -> list[str]:
    try:
        now = identify(session.deck.live.resolve(name)).known()
    except IvoryOSError:  # whether the deck has what is needed is said when it is resumed
        return []
    return [
        f"{name}'s {word} was {before[part]}, is {now.get(part, 'not known')}"
        for part, word in _PARTS.items()
        if part in before and now.get(part) != before[part]
    ]

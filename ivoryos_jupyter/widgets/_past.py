"""What does the history tab show?  The latest recorded runs and direct calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.session import Session

SHOWN = 100


class Past:
    """Answers the history tab."""

    def __init__(self, session: Session) -> None:
        """Let the session's desk answer."""
        self._session = session
        session.desk.register("history.latest", self._latest)

    def _latest(self, _: Mapping[str, object]) -> object:
        history = self._session.history
        runs, calls = history.runs().tail(SHOWN), history.single_steps().tail(SHOWN)
        return {
            "runs": [_row(row, ("run", "name", "workflow", "status", "operator")) for row in reversed(runs.to_dict("records"))],
            "calls": [_row(row, ("instrument", "method", "status", "operator", "error")) for row in reversed(calls.to_dict("records"))],
        }


def _row(row: Mapping[str, object], names: tuple[str, ...]) -> dict[str, object]:
    texts = {name: _text(row.get(name)) for name in names}
    return {**texts, "started_ms": _milliseconds(row.get("started")), "ended_ms": _milliseconds(row.get("ended"))}


def _text(value: object) -> str:
    text = "" if value is None else str(value)
    return "" if text in {"nan", "<NA>", "NaT", "None"} else text.partition("\n")[0]


def _milliseconds(moment: object) -> int | None:
    value = getattr(moment, "value", None)
    return value // 1_000_000 if isinstance(value, int) and value > 0 else None

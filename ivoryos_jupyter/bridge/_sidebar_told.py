"""Who was told that a run waits for a person, and who will be?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ivoryos_jupyter.bridge._sidebar_shapes import ToldJson, ToldLineJson
    from ivoryos_jupyter.notices import Notifications, Telling
    from ivoryos_jupyter.runner import Question


def told(question: Question, notifications: Notifications) -> ToldJson:
    """Return who was told of `question`, and why nobody was."""
    lines = [_line(one) for one in notifications.about(question.id)]
    return {"question": question.id, "lines": lines, "nobody": "" if lines else _nobody(question, notifications)}


def _line(telling: Telling) -> ToldLineJson:
    return {"who": telling.who, "state": telling.state, "at_ms": telling.at_us // 1000, "problem": telling.problem}


def _nobody(question: Question, notifications: Notifications) -> str:
    if notifications.problem:
        return notifications.problem
    if not len(notifications):
        return "no notification is set"
    wanted = {"error", "wait"} if question.kind == "error" else {"wait"}
    if any(wanted.intersection(one.wish.on) for one in notifications):
        return "it was asked before the notifications were set"
    return "no notification is set for when a run waits"

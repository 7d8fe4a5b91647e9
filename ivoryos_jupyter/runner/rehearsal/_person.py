"""Who answers in a rehearsal?  A person who is always there, and says what was given, a default, or the first choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.runner._effects import DoAsk
from ivoryos_jupyter.runner.rehearsal._log import Asked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.runner._control import Control
    from ivoryos_jupyter.runner._effects import StepEffect
    from ivoryos_jupyter.runner._status import Choice, Question
    from ivoryos_jupyter.runner.rehearsal._log import Log

_ANSWERS: Mapping[str, object] = {"float": 1.0, "int": 1, "str": "rehearsed", "bool": True}
_GO_ON: tuple[Choice, ...] = ("continue", "skip", "stop")


class Person:
    """Answers whatever a run asks, at once."""

    def __init__(self, control: Control, log: Log, answers: Mapping[str, object], on_error: Choice) -> None:
        """Answer for the run of `control`; `answers` are given by the name of the input."""
        self._control = control
        self._log = log
        self._answers = answers
        self._on_error = on_error
        self.doing: StepEffect | None = None
        """The step under way."""

    def act(self) -> None:
        """Answer the open question."""
        status = self._control.status
        question = status.question
        if question is None:
            raise RuntimeError("the rehearsal waits for something that nothing in it will bring about")
        choice, value, known = self._answer(question)
        said = repr(value) if choice == "value" else choice
        log = self._log
        log.asked.append(Asked(status.at_us, log.phase, log.iteration, question.step_id, question.kind, question.message, said, known))
        self._control.answer(question.id, choice, value, {})

    def _answer(self, question: Question) -> tuple[Choice, object, bool]:
        choices = question.choices
        if question.kind == "error":
            return (self._on_error if self._on_error in choices else "stop"), None, False
        if "value" not in choices:
            return next((one for one in _GO_ON if one in choices), choices[0]), None, False
        name = self.doing.output if isinstance(self.doing, DoAsk) else ""
        if name in self._answers:
            return "value", self._answers[name], True
        return "value", _made_up(question), False


def _made_up(question: Question) -> object:
    """Return an answer that the question takes: its default, its first option, or a plain value within its bounds."""
    if question.default is not None:
        return question.default
    if question.options:
        return question.options[0]
    plain = _ANSWERS[question.type]
    if isinstance(plain, bool) or not isinstance(plain, (int, float)):
        return plain
    least, most = question.minimum, question.maximum
    near = plain if least is None else max(plain, least)
    return type(plain)(near if most is None else min(near, most))

"""What may the JupyterLab extension ask for?  Intents for the run, and how things stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, Protocol

from ivoryos_jupyter.errors import CommandError, ConversionError, Problem
from ivoryos_jupyter.schema import plain_from_json
from ivoryos_jupyter.wire import made_safe_json, run_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.bridge._messages import Standing
    from ivoryos_jupyter.desk import Desk
    from ivoryos_jupyter.runner import Runner

    Params = Mapping[str, object]

Moment = Literal["step", "row", "now"]
CHOICES: tuple[Literal["retry", "skip", "stop", "value", "continue", "take_over"], ...] = (
    *("retry", "skip", "stop", "value", "continue", "take_over"),
)
"""What may be answered; which of them a question takes, the runner says."""


class Shown(Protocol):
    """What is on the board."""

    @property
    def key(self) -> str | None:
        """Key of the run that is shown."""

    def standing(self) -> Standing:
        """Return what is shown."""


class RunCommands:
    """The requests about runs; those that only set events are answered on the control thread."""

    def __init__(self, runner: Runner, shown: Shown, operator: str = "") -> None:
        """Command `runner` for `operator`; a request that names no run means the one that is shown."""
        self._runner = runner
        self._operator = operator or "a person"
        self._shown = shown

    def register(self, desk: Desk) -> None:
        """Let `desk` answer these requests."""
        at_once: dict[str, Callable[[Params], object]] = {
            "session.status": lambda _: self._shown.standing(),
            "run.pause": self._pause,
            "run.resume": self._resume,
            "run.stop": self._stop,
            "run.make_safe": self._make_safe,
        }
        for name, handler in at_once.items():
            desk.register(name, handler, immediate=True)
        desk.register("run.answer", self._answer, at_hand=True)

    def _pause(self, params: Params) -> object:
        return run_json(self._runner.pause(self._key(params), self._operator))

    def _resume(self, params: Params) -> object:
        return run_json(self._runner.resume(self._key(params)))

    def _stop(self, params: Params) -> object:
        cleanup = params.get("cleanup")
        if cleanup is not None and not isinstance(cleanup, bool):
            raise ConversionError([Problem("cleanup", "say true, false, or nothing to do as the run says", str(cleanup))])
        return run_json(self._runner.stop(self._key(params), _moment(params), cleanup=cleanup))

    def _make_safe(self, _: Params) -> object:
        return made_safe_json(self._runner.make_safe().report)

    def _answer(self, params: Params) -> object:
        key, question, choice = self._key(params), params.get("question"), params.get("choice")
        arguments = params.get("arguments") or {}
        chosen = next((known for known in CHOICES if known == choice), None)
        if not isinstance(question, str) or chosen is None or not isinstance(arguments, Mapping):
            raise CommandError(f"An answer names its question, one of {', '.join(CHOICES)}, and arguments by name where they change.")
        changed = {name: plain_from_json(given, field=name) for name, given in arguments.items()}
        return run_json(self._runner.answer(key, question, chosen, plain_from_json(params.get("value"), field="value"), changed))

    def _key(self, params: Params) -> str:
        key = params.get("key") or self._shown.key
        if not isinstance(key, str):
            raise CommandError("There is no run in this notebook.")
        return key


def _moment(params: Params) -> Moment:
    if params.get("now") is True:
        return "now"
    after = params.get("after", "step")
    if after == "row":
        return "row"
    if after == "step":
        return "step"
    raise ConversionError([Problem("after", "say step or row", str(after))])

"""Where does the next step of a draft go?  Into the innermost block that is open; blocks are ``with`` statements."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

from ivoryos_jupyter.errors import Problem, WorkflowError
from ivoryos_jupyter.workflow import _model as model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ivoryos_jupyter.workflow._model import Step


class StepOptions(TypedDict, total=False):
    """What every step may be told besides what it does."""

    note: str
    timeout_s: float | None
    on_error: model.OnError
    disabled: bool
    once_per_batch: bool


class OpenBlocks:
    """The steps of a phase, and of each block within that is open.

    Parameters
    ----------
    steps
        What it begins with.
    next_id
        Gives the id of the next step.
    """

    def __init__(self, steps: Sequence[Step], next_id: Callable[[], str]) -> None:
        """Begin with no open block."""
        self._next_id = next_id
        self._levels: list[list[Step]] = [list(steps)]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps so far; a block that is still open is not among them."""
        return tuple(self._levels[0])

    def extend(self, steps: Sequence[Step]) -> None:
        """Add steps that have their ids."""
        self._levels[-1] += steps

    def add(self, step: Step, options: StepOptions) -> None:
        """Add a step, with an id of its own."""
        self._levels[-1].append(_told(step, self._next_id(), options))

    @contextmanager
    def block(self, make: Callable[[tuple[Step, ...]], Step], options: StepOptions) -> Iterator[None]:
        """Collect the body of a block, and add what `make` makes of it."""
        step_id = self._next_id()
        with self._inner() as body:
            yield
        self._levels[-1].append(_told(make(tuple(body)), step_id, options))

    @contextmanager
    def branch(self, what: str, grown: Callable[[model.If, tuple[Step, ...]], model.If]) -> Iterator[None]:
        """Collect the body of a branch, and let the if right before it grow by it; `what` names the branch where there is no if."""
        last = self._levels[-1][-1] if self._levels[-1] else None
        if not isinstance(last, model.If) or last.otherwise:
            raise WorkflowError([Problem(what, "must stand right after an if_ or elif_", "")])
        with self._inner() as body:
            yield
        self._levels[-1][-1] = grown(last, tuple(body))

    @contextmanager
    def _inner(self) -> Iterator[list[Step]]:
        """Collect steps apart; what was added before an error is forgotten with the block."""
        body: list[Step] = []
        self._levels.append(body)
        try:
            yield body
        finally:
            self._levels.pop()


def _told(step: Step, step_id: str, options: StepOptions) -> Step:
    return replace(step, **{**options, "id": step_id})  # type: ignore[arg-type] # a mapping of Step's own fields

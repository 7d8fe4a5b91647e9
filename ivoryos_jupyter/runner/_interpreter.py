"""What comes next?  A pure machine over the steps of one phase and the samples of one batch.

`Interpreter.next` says what to do, `Interpreter.feed` says what came of it. The machine never calls, waits or writes, so
that a run, a rehearsal and a resumption after a crash use it unchanged: fed with the same replies it asks for the same
effects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.runner._blocks import Blocks
from ivoryos_jupyter.runner._effects import AskAboutError, Delay, Doing, Done, Failed, GiveUp, Note, Retry
from ivoryos_jupyter.runner._frames import Body, describe_frame
from ivoryos_jupyter.runner._leaves import Turn, doing_of, impossible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.runner._effects import Effect, Reply, StepEffect
    from ivoryos_jupyter.runner._frames import Context, Round
    from ivoryos_jupyter.schema import Plain
    from ivoryos_jupyter.workflow import Step, Workflow


class Interpreter:
    """Walks the steps of one phase for the samples of one batch.

    Parameters
    ----------
    steps
        The steps of the phase.
    contexts
        One context per sample; they are changed as steps give names to values.
    numbers
        Row of each step in the flat list.
    nested
        The workflows that may be called, by version.
    """

    def __init__(self, steps: Sequence[Step], contexts: list[Context], numbers: Mapping[str, int], nested: Mapping[str, Workflow]) -> None:
        """Stand before the first step."""
        self.contexts = contexts
        self._blocks = Blocks(Body(tuple(steps), tuple(range(len(contexts))), numbers), contexts, nested)
        self._pending: Effect | None = None
        self._attempt = 1
        self._replaced: Mapping[str, object] = {}

    @property
    def cursor(self) -> list[dict[str, Plain]]:
        """The place in the tree as plain data, outermost frame first."""
        return [describe_frame(frame) for frame in self._blocks.frames]

    @property
    def unfolded(self) -> Blocks:
        """The frames and the scopes, for who looks at what is left; not to be changed."""
        return self._blocks

    def next(self) -> Effect | None:
        """Return what to do now, the same until it is fed; None when the phase is over."""
        if self._pending is None:
            self._pending = self._find()
        return self._pending

    def _find(self) -> Effect | None:
        blocks = self._blocks
        while blocks.frames:
            try:
                found = blocks.step_on()
            except Exception as error:  # noqa: BLE001 - conditions work on what drivers returned
                return impossible(self._turn(blocks.deciding(), 0, (0,), blocks.here), error)
            if found is None:
                continue
            if isinstance(found, Note):
                return found
            step, group = found.steps[found.at], found.samples
            return doing_of(self._turn(step, group[0] if step.once_per_batch else group[found.turn], group, found))
        return None

    def _turn(self, step: Step, sample: int, group: tuple[int, ...], here: Body | Round) -> Turn:
        index = here.numbers.get(step.id, 0)
        return Turn(step, index, sample, self._blocks.scope, group, here.path, self._attempt, self._replaced)

    def feed(self, reply: Reply) -> None:
        """Take what came of the effect that `next` returned."""
        effect, self._pending = self._pending, None
        if isinstance(effect, (Note, Delay)):
            return
        if isinstance(reply, Done):
            self._blocks.add(reply.added)
            self._move_on()
        elif isinstance(reply, Failed) and isinstance(effect, Doing):
            self._pending = self._policy(effect, reply.error)
        elif isinstance(reply, Retry):
            self._attempt += 1
            self._replaced = {**self._replaced, **reply.arguments}
            self._blocks.allow_more()
        else:
            self._move_on()

    def _policy(self, doing: StepEffect, error: BaseException) -> Effect:
        """Return what follows a failure, as the step's policy says."""
        policy = doing.step.on_error
        if policy.action == "retry" and self._attempt <= policy.retries:
            self._attempt += 1
            return Delay(doing.step, policy.delay_s, doing.label)
        if policy.action == "continue":
            self._move_on()
            return Note("skipped", {"step": doing.step.id, "label": doing.label, "policy": "continue", "error": str(error)})
        if policy.action == "fail":
            return GiveUp(doing, error)
        return AskAboutError(doing, error)

    def _move_on(self) -> None:
        self._attempt = 1
        self._replaced = {}
        self._blocks.move_on()

"""How do branches, loops and nested workflows unfold over the samples of a batch?

An if splits the samples by outcome and runs each branch for its group; loops advance together and samples drop out; a
nested workflow has a scope of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import Problem, UnknownNameError, WorkflowError
from ivoryos_jupyter.runner._effects import Note
from ivoryos_jupyter.runner._frames import Body, Inside, Once, Round, Split
from ivoryos_jupyter.runner._resolve import count_of, items_of
from ivoryos_jupyter.workflow import CallWorkflow, ForEach, If, Repeat, While, compile_expression, resolve, step_index

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ivoryos_jupyter.runner._frames import Context, Frame
    from ivoryos_jupyter.schema import Plain
    from ivoryos_jupyter.workflow import Step, Workflow


_BLOCKS = (If, While, Repeat, ForEach, CallWorkflow)


class Blocks:
    """The stack of frames and the scopes of the samples."""

    def __init__(self, body: Body, contexts: list[Context], nested: Mapping[str, Workflow]) -> None:
        """Stand at the beginning of `body`."""
        self.frames: list[Frame] = [body]
        self._scopes: list[list[Context]] = [contexts]
        self._nested = nested

    @property
    def scope(self) -> list[Context]:
        """The contexts that names refer to here."""
        return self._scopes[-1]

    @property
    def scopes(self) -> Sequence[Sequence[Context]]:
        """The contexts of the phase, and of each nested workflow that is under way, outermost first."""
        return self._scopes

    @property
    def here(self) -> Body | Round:
        """The list or the loop the cursor is in."""
        return next(frame for frame in reversed(self.frames) if isinstance(frame, Body | Round))

    def deciding(self) -> Step:
        """Return the block whose condition, count or list is being evaluated."""
        frame = self.here
        return frame.steps[frame.at] if isinstance(frame, Body) else frame.step

    def step_on(self) -> Body | Note | None:
        """Unfold one thing; return the body whose next step is a leaf, a note, or None to be called again."""
        frame = self.frames[-1]
        if isinstance(frame, Body):
            return self._in_body(frame)
        if isinstance(frame, Round):
            return self._next_round(frame)
        if isinstance(frame, Split):
            self._next_part(frame)
        elif isinstance(frame, Inside):
            self._leave(frame)
        else:
            self._spread(frame)
        return None

    def _in_body(self, body: Body) -> Body | Note | None:
        if body.at >= len(body.steps):
            self.frames.pop()
            return None
        step = body.steps[body.at]
        if step.disabled:
            body.at += 1
            return None
        if isinstance(step, _BLOCKS):
            return self._enter(body, step)
        return body

    def _enter(self, body: Body, step: If | While | Repeat | ForEach | CallWorkflow) -> Note | None:
        once = step.once_per_batch and len(body.samples) > 1
        samples = body.samples[:1] if once else body.samples
        frame, note = self._unfold(body, step, samples)
        body.at += 1
        if once:
            self.frames.append(Once(step.id, body.samples, dict(self.scope[samples[0]])))
        self.frames.append(frame)
        if isinstance(frame, Inside):
            self._go_inside(body, frame)
        return note

    def _unfold(self, body: Body, step: Step, samples: tuple[int, ...]) -> tuple[Frame, Note | None]:
        """Evaluate what the block needs; nothing has moved when that raises."""
        if isinstance(step, If):
            return self._split(body, step, samples)
        if isinstance(step, CallWorkflow):
            if step.version not in self._nested:
                raise UnknownNameError(f"The workflow {step.workflow!r} is not there in the version that was chosen; pin it again.")
            note = Note("workflow", {"step": step.id, "workflow": step.workflow, "version": step.version})
            return Inside(step, samples, self._inner_scope(step, samples)), note
        assert isinstance(step, While | Repeat | ForEach)  # noqa: S101 - there are no others
        frame = Round(step, samples, body.numbers, body.path)
        if isinstance(step, While):
            frame.allowed = step.most
        elif isinstance(step, Repeat):
            frame.times = {sample: count_of(step.times, self.scope[sample]) for sample in samples}
        else:
            frame.items = {sample: items_of(step.items, self.scope[sample]) for sample in samples}
            frame.times = {sample: len(items) for sample, items in frame.items.items()}
        return frame, None

    def _inner_scope(self, step: CallWorkflow, samples: tuple[int, ...]) -> list[Context]:
        """Return what a nested workflow sees: only its arguments."""
        return [
            {name: resolve(value, context) for name, value in step.arguments.items()} if sample in samples else {}
            for sample, context in enumerate(self.scope)
        ]

    def _split(self, body: Body, step: If, samples: tuple[int, ...]) -> tuple[Split, Note]:
        groups: dict[str, list[int]] = {}
        for sample in samples:
            slot = next(
                (
                    f"branch:{index}"
                    for index, branch in enumerate(step.branches)
                    if compile_expression(branch.condition).holds(self.scope[sample])
                ),
                "else",
            )
            groups.setdefault(slot, []).append(sample)
        steps = {f"branch:{index}": branch.body for index, branch in enumerate(step.branches)}
        steps["else"] = step.otherwise
        parts = [
            Body(inner, tuple(groups[slot]), body.numbers, body.path, step.id, slot) for slot, inner in steps.items() if slot in groups
        ]
        taken: dict[str, Plain] = {slot: [*group] for slot, group in groups.items()}
        return Split(step.id, parts), Note("branch", {"step": step.id, "path": body.path, "taken": taken})

    def _next_part(self, frame: Split) -> None:
        if frame.parts:
            self.frames.append(frame.parts.pop(0))
        else:
            self.frames.pop()

    def _next_round(self, frame: Round) -> Note | None:
        samples = self._still_in(frame)
        step = frame.step
        if not samples:
            self.frames.pop()
            return None
        if isinstance(step, While) and frame.number >= frame.allowed:
            message = f"the condition {step.condition!r} still holds after {frame.number} rounds, which is the most it may have"
            raise WorkflowError([Problem("condition", message, step.condition)])
        if isinstance(step, ForEach):
            for sample in samples:
                self.scope[sample][step.item] = frame.items[sample][frame.number]
        frame.number += 1
        frame.samples = samples
        path = f"{frame.path}/{step.id}[{frame.number}]".lstrip("/")
        self.frames.append(Body(step.body, samples, frame.numbers, path, step.id, "body"))
        return Note("loop", {"step": step.id, "path": path, "samples": [*samples]})

    def _still_in(self, frame: Round) -> tuple[int, ...]:
        if isinstance(frame.step, While):
            condition = compile_expression(frame.step.condition)
            return tuple(sample for sample in frame.samples if condition.holds(self.scope[sample]))
        return tuple(sample for sample in frame.samples if frame.times[sample] > frame.number)

    def _go_inside(self, body: Body, frame: Inside) -> None:
        step = frame.step
        inner = self._nested[step.version]
        path = f"{body.path}/{step.id}".lstrip("/")
        self._scopes.append(frame.scope)
        self.frames.append(Body(inner.script, frame.samples, step_index(inner), path, step.id, "script"))

    def _leave(self, frame: Inside) -> None:
        self.frames.pop()
        inner = self._scopes.pop()
        for sample in frame.samples:
            for name, outside in frame.step.outputs.items():
                if name in inner[sample]:
                    self.scope[sample][outside] = inner[sample][name]

    def _spread(self, frame: Once) -> None:
        """Copy what the one sample wrote to all of the batch."""
        self.frames.pop()
        first = self.scope[frame.samples[0]]
        written = {name: value for name, value in first.items() if name not in frame.before or frame.before[name] is not value}
        for sample in frame.samples[1:]:
            self.scope[sample].update(written)

    def add(self, added: Mapping[str, object]) -> None:
        """Give the names of the step just done their values; done once for the batch, to all of its samples."""
        body = self.frames[-1]
        if not added or not isinstance(body, Body):
            return
        step = body.steps[body.at]
        for sample in body.samples if step.once_per_batch else (body.samples[body.turn],):
            self.scope[sample].update(added)

    def move_on(self) -> None:
        """Leave the step just done, skipped or given up for this sample; a block is left as a whole."""
        frame = self.frames[-1]
        if isinstance(frame, Round):
            self.frames.pop()
            return
        assert isinstance(frame, Body)  # noqa: S101 - only bodies and loops ask for something
        step = frame.steps[frame.at]
        if frame.turn + 1 >= len(frame.samples) or step.once_per_batch or isinstance(step, _BLOCKS):
            frame.at += 1
            frame.turn = 0
        else:
            frame.turn += 1

    def allow_more(self) -> None:
        """Let a while that reached its most go on for as many rounds again; a person decided so."""
        frame = self.frames[-1]
        if isinstance(frame, Round) and isinstance(frame.step, While) and frame.number >= frame.allowed:
            frame.allowed += frame.step.most

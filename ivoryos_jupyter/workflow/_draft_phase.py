"""How is a step added to a phase in Python?  One method for each kind of step; a block is opened by ``with``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

from ivoryos_jupyter.errors import Problem
from ivoryos_jupyter.workflow import _model as model
from ivoryos_jupyter.workflow._draft_blocks import OpenBlocks, StepOptions
from ivoryos_jupyter.workflow._draft_values import bind_arguments, convert_all, names_of, raise_all, target_of, to_value
from ivoryos_jupyter.workflow._expression import compile_expression
from ivoryos_jupyter.workflow._interface import interface_in
from ivoryos_jupyter.workflow._json import content_hash
from ivoryos_jupyter.workflow._tree import as_step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from typing_extensions import Unpack

    from ivoryos_jupyter.schema import Parameter, Plain
    from ivoryos_jupyter.workflow._lookup import DeckIndex
    from ivoryos_jupyter.workflow._model import Step, Value, Workflow

Saved = model.Variable | tuple[model.Variable, ...] | None
"""What a step that saves something returns: the saved names, to be given to later steps."""


class HasWorkflow(Protocol):
    """A draft."""

    @property
    def workflow(self) -> Workflow:
        """The workflow as it stands."""


@dataclass
class Shared:
    """What the phases of one draft have in common."""

    index: DeckIndex
    name_of: Callable[[object], str]
    taken: set[str]
    nested: dict[str, Workflow]

    def next_id(self, phase: str) -> str:
        """Return an id that depends on nothing but the order of the steps."""
        number = len(self.taken) + 1
        while f"{phase}-{number}" in self.taken:
            number += 1
        self.taken.add(f"{phase}-{number}")
        return f"{phase}-{number}"


class PhaseDraft:
    """One phase of a draft."""

    def __init__(self, shared: Shared, phase: str, steps: Sequence[Step]) -> None:
        """Begin with `steps`."""
        self._shared = shared
        self._blocks = OpenBlocks(steps, lambda: shared.next_id(phase))

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps so far; a block that is still open is not among them."""
        return self._blocks.steps

    def add(self, *steps: Step) -> None:
        """Add steps that were made otherwise; they keep their ids."""
        self._blocks.extend(steps)

    def call(
        self,
        target: str | Callable[..., object],
        *args: object,
        save: str | Sequence[str] = (),
        consolidate: Sequence[str] = (),
        options: StepOptions | None = None,
        **named: object,
    ) -> Saved:
        """Call a method of an instrument, or a building block; return the saved names.

        An argument whose name is ``save``, ``consolidate`` or ``options`` is given by position.
        """
        instrument, member = target_of(target, self._shared.name_of)
        made = model.Action(id="", instrument=instrument, method=member) if instrument else model.CallBlock(id="", block=member)
        label = f"{instrument}.{member}".lstrip(".")
        parameters = self._shared.index.require(made, label)
        problems: list[Problem] = []
        given = bind_arguments(args, named, parameters, problems)
        arguments = convert_all(given, parameters, self._shared.name_of, problems)
        raise_all(problems, f"{label} cannot be called like this.")
        outputs = names_of(save)
        step = replace(made, arguments=arguments, consolidate=tuple(consolidate), outputs=outputs)
        return self._add(step, outputs, options or {})

    def get(self, target: str, *, save: str, **options: Unpack[StepOptions]) -> Saved:
        """Read a property and save it."""
        instrument, name = target_of(target, self._shared.name_of)
        step = model.GetProperty(id="", instrument=instrument, property=name, outputs=names_of(save))
        self._shared.index.require(step, target)
        return self._add(step, step.outputs, options)

    def set(self, target: str, value: object, **options: Unpack[StepOptions]) -> None:
        """Set a property."""
        instrument, name = target_of(target, self._shared.name_of)
        step = model.SetProperty(id="", instrument=instrument, property=name, value=model.Constant(None))
        parameters = self._shared.index.require(step, target)
        problems: list[Problem] = []
        found = convert_all({"value": value}, parameters, self._shared.name_of, problems)
        raise_all(problems, f"{target} cannot be set to this.")
        self._add(replace(step, value=found["value"]), (), options)

    def workflow(
        self,
        callee: Workflow | HasWorkflow,
        *,
        save: str | Sequence[str] | Mapping[str, str] = (),
        options: StepOptions | None = None,
        **named: object,
    ) -> Saved:
        """Run another workflow's script as one step; `save` names its outputs, or maps them to names outside."""
        inner = callee if isinstance(callee, model.Workflow) else callee.workflow
        face = interface_in(as_step(inner), self._shared.index)
        problems: list[Problem] = []
        arguments = convert_all(bind_arguments((), named, face.inputs, problems), face.inputs, self._shared.name_of, problems)
        outputs = {name: name for name in names_of(save)} if not hasattr(save, "keys") else {**save}
        known = [one.name for one in face.outputs]
        makes = f"it makes {', '.join(known) or 'nothing'}"
        problems += [Problem("save", f"{inner.name} makes no {name}; {makes}") for name in outputs if name not in known]
        raise_all(problems, f"{inner.name} cannot be run like this.")
        version = content_hash(inner)
        self._shared.nested[version] = inner
        step = model.CallWorkflow(id="", workflow=inner.name, version=version, arguments=arguments, outputs=outputs)
        return self._add(step, tuple(outputs.values()), options or {})

    def variable(self, name: str, value: object, **options: Unpack[StepOptions]) -> model.Variable:
        """Give a name a value."""
        self._add(model.SetVariable(id="", name=name, value=self._value(value, "value")), (), options)
        return model.Variable(name)

    def wait(self, seconds: object, *, keep_counting: bool = False, **options: Unpack[StepOptions]) -> None:
        """Wait for a time, in s; with `keep_counting` it goes on while the run is paused."""
        self._add(model.Wait(id="", seconds=self._value(seconds, "seconds"), keep_counting=keep_counting), (), options)

    def wait_until(self, time: str, **options: Unpack[StepOptions]) -> None:
        """Wait until a time of day, ``HH:MM``; the next one that comes."""
        self._add(model.WaitUntil(id="", time=time), (), options)

    def wait_for(
        self,
        target: str | Callable[..., object],
        condition: str,
        *,
        hold_s: float = 0.0,
        every_s: float = 1.0,
        save: str = "",
        **options: Unpack[StepOptions],
    ) -> Saved:
        """Read an instrument until a condition over ``reading`` has held for `hold_s`."""
        instrument, name = target_of(target, self._shared.name_of)
        step = model.WaitFor(
            id="", instrument=instrument, property=name, condition=_sound(condition), hold_s=hold_s, every_s=every_s, outputs=names_of(save)
        )
        self._shared.index.require(step, f"{instrument}.{name}")
        return self._add(step, step.outputs, options)

    def comment(self, text: str, **options: Unpack[StepOptions]) -> None:
        """Write a line into the log; ``#name`` in it is replaced by its value."""
        self._add(model.Comment(id="", text=text), (), options)

    def pause(self, message: str, **options: Unpack[StepOptions]) -> None:
        """Stop until a person goes on."""
        self._add(model.Pause(id="", message=message), (), options)

    def input(
        self,
        message: str,
        *,
        save: str,
        type: Literal["float", "int", "str", "bool"] = "str",  # noqa: A002 - the word for it
        choices: Sequence[Plain] = (),
        unit: str = "",
        minimum: float | None = None,
        maximum: float | None = None,
        default: Plain = None,
        **options: Unpack[StepOptions],
    ) -> model.Variable:
        """Ask a person for a value.

        Parameters
        ----------
        message
            What the person reads.
        save
            Name of the answer.
        type
            What is asked for; `choices` make it one of these.
        unit
            Of a number; shown beside the field.
        minimum, maximum
            Bounds of a number.
        default
            The answer when nothing is typed.
        """
        step = model.Input(
            id="",
            message=message,
            name=save,
            type=type,
            choices=tuple(choices),
            unit=unit,
            minimum=minimum,
            maximum=maximum,
            default=default,
        )
        self._add(step, (), options)
        return model.Variable(save)

    def repeat(self, times: object, **options: Unpack[StepOptions]) -> AbstractContextManager[None]:
        """Repeat what is added within, so many times."""
        value = self._value(times, "times")
        return self._blocks.block(lambda body: model.Repeat(id="", times=value, body=body), options)

    def for_each(self, item: str, items: object, **options: Unpack[StepOptions]) -> AbstractContextManager[None]:
        """Repeat what is added within for each item of a list, which has the name `item` there."""
        value = self._value(items, "items")
        return self._blocks.block(lambda body: model.ForEach(id="", item=item, items=value, body=body), options)

    def while_(self, condition: str, *, most: int = 1000, **options: Unpack[StepOptions]) -> AbstractContextManager[None]:
        """Repeat what is added within while a condition holds, at most `most` times."""
        _sound(condition)
        return self._blocks.block(lambda body: model.While(id="", condition=condition, body=body, most=most), options)

    def if_(self, condition: str, **options: Unpack[StepOptions]) -> AbstractContextManager[None]:
        """Do what is added within if a condition holds."""
        _sound(condition)
        return self._blocks.block(lambda body: model.If(id="", branches=(model.Branch(condition, body),)), options)

    def elif_(self, condition: str) -> AbstractContextManager[None]:
        """Do what is added within if no condition before held and this one does; stands right after an if."""
        _sound(condition)
        return self._blocks.branch("elif_", lambda last, body: replace(last, branches=(*last.branches, model.Branch(condition, body))))

    def else_(self) -> AbstractContextManager[None]:
        """Do what is added within if no condition before held; stands right after an if."""
        return self._blocks.branch("else_", lambda last, body: replace(last, otherwise=body))

    def _add(self, step: Step, saved: Sequence[str], options: StepOptions) -> Saved:
        self._blocks.add(step, options)
        names = tuple(model.Variable(name) for name in saved)
        return names if len(names) > 1 else names[0] if names else None

    def _value(self, given: object, field: str, parameter: Parameter | None = None) -> Value:
        problems: list[Problem] = []
        value = to_value(given, parameter, self._shared.name_of, problems, field)
        raise_all(problems, "This cannot be a value of a workflow.")
        return value


def _sound(condition: str) -> str:
    """Return `condition`; raise `ExpressionError` now rather than in mid-run."""
    compile_expression(condition)
    return condition

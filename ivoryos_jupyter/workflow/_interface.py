"""What does a workflow ask for, and what does it give?  Run-time parameters and outputs, typed from where they are used."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ExpressionError
from ivoryos_jupyter.schema import Anything, Default, Integer, ListOf, Nullable, Number, Parameter, convert_arguments, kind_as_given
from ivoryos_jupyter.workflow._annotation import kind_of_annotation
from ivoryos_jupyter.workflow._expression import compile_expression
from ivoryos_jupyter.workflow._lookup import DeckIndex
from ivoryos_jupyter.workflow._model import AtRun, CallWorkflow, Expression, ForEach, Repeat, Step, Wait, WaitFor
from ivoryos_jupyter.workflow._scope import scopes
from ivoryos_jupyter.workflow._tree import as_step, walk
from ivoryos_jupyter.workflow._values import READING, conditions_of, names_made, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ivoryos_jupyter.schema import DeckSchema, Kind, Plain
    from ivoryos_jupyter.workflow._model import Value, Workflow
    from ivoryos_jupyter.workflow._scope import Scopes


_CONTROL: Mapping[type[Step], Parameter] = {
    Repeat: Parameter("times", Integer(minimum=0)),
    Wait: Parameter("seconds", Number(minimum=0), unit="s"),
    ForEach: Parameter("items", ListOf(Anything())),
}
"""What the values of control steps are for."""


@dataclass(frozen=True, slots=True)
class Output:
    """A name that the script phase gives a value."""

    name: str
    kind: Kind
    unit: str
    step: str
    """Id of the first step that makes it."""


@dataclass(frozen=True, slots=True)
class Interface:
    """The columns of the table, and the names in the results."""

    inputs: tuple[Parameter, ...] = ()
    """In order of first appearance; one that admits None has the default None."""
    outputs: tuple[Output, ...] = ()
    """In order of first appearance."""
    used_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Name of an input -> ids of the steps that use it."""

    def convert_row(self, row: Mapping[str, object], *, text: bool) -> dict[str, Plain]:
        """Return the plain values of one table row; raise `ConversionError` with every problem.

        A missing or blank cell is None where the input admits None, else a problem; a column that is no input is refused.
        """
        given = {name: value for name, value in row.items() if name not in self._optional or not _blank(value, text=text)}
        converted = convert_arguments(self.inputs, given, text=text)
        return {one.name: converted.get(one.name) for one in self.inputs}

    @property
    def _optional(self) -> frozenset[str]:
        return frozenset(one.name for one in self.inputs if isinstance(one.kind, Nullable))


def _blank(value: object, *, text: bool) -> bool:
    return value is None or (text and value == "")


def interface(workflow: Workflow, schema: DeckSchema | None = None) -> Interface:
    """Return inputs and outputs of `workflow`, with kinds and units as far as `schema` knows them."""
    return interface_in(workflow, DeckIndex(schema))


def interface_in(workflow: Workflow, deck: DeckIndex) -> Interface:
    """Return inputs and outputs of `workflow` for an indexed deck."""
    flow = scopes(workflow, deck)
    uses = list(_uses(workflow, flow))
    names = list(dict.fromkeys(name for name, _, _ in uses))
    inputs = tuple(_input(name, workflow, deck, [(step, at) for one, step, at in uses if one == name]) for name in names)
    used_by = {name: tuple(dict.fromkeys(step.id for one, step, _ in uses if one == name)) for name in names}
    return Interface(inputs, _outputs(workflow, deck, flow), used_by)


def _uses(workflow: Workflow, flow: Scopes) -> Iterator[tuple[str, Step, str]]:
    """Yield each use of an input: name, step, and the argument that takes it as it is (else empty)."""
    found = [(visit.step, list(_named(visit.step))) for visit in walk(workflow, "script") if visit.step.id in flow.reached]
    explicit = {name for _, named in found for name, at_run, _ in named if at_run}
    for step, named in found:
        scope = flow.before[step.id]
        made_here = {READING} if isinstance(step, WaitFor) else set()
        for name, at_run, field_name in named:
            made = scope.knows(name) or name in made_here
            meant = at_run is None or name in explicit or name in workflow.parameters
            if at_run or (meant and not made):
                yield name, step, field_name


def _named(step: Step) -> Iterator[tuple[str, bool | None, str]]:
    """Yield the names that `step` uses: name, True for a run-time parameter, None for ``#name`` in a formula, and its argument."""
    for field_name, value in values_of(step):
        if isinstance(value, AtRun):
            yield value.name, True, field_name
        elif isinstance(value, Expression):
            yield from _in_formula(value.text)
    for _, condition in conditions_of(step):
        yield from _in_formula(condition)


def _in_formula(text: str) -> Iterator[tuple[str, bool | None, str]]:
    try:
        compiled = compile_expression(text)
    except ExpressionError:
        return
    for name in compiled.names:
        yield name, None if name in compiled.marked else False, ""


def _input(name: str, workflow: Workflow, deck: DeckIndex, uses: list[tuple[Step, str]]) -> Parameter:
    targets = [target for step, at in uses if at and (target := target_of(step, at, workflow, deck)) is not None]
    found = targets[0] if targets else Parameter(name, Anything())
    declared = workflow.parameters.get(name, "")
    kind = kind_of_annotation(declared) if declared else kind_as_given(found)
    default = Default("None", None, known=True) if isinstance(kind, Nullable) else None
    return replace(found, name=name, kind=kind, passing="keyword", default=default, annotation=declared or found.annotation)


def face_of(version: str, callee: Workflow, deck: DeckIndex) -> Interface:
    """Return the interface of a pinned version, worked out once for a deck."""
    found = deck.faces.get(version)
    if not isinstance(found, Interface):
        found = interface_in(as_step(callee), deck)
        deck.faces[version] = found
    return found


def target_of(step: Step, argument: str, workflow: Workflow, deck: DeckIndex) -> Parameter | None:
    """Return the parameter that takes `argument` of `step`: the deck's, or a nested workflow's input; of what is gathered, one item."""
    if isinstance(step, CallWorkflow):
        callee = workflow.nested.get(step.version)
        inputs = face_of(step.version, callee, deck).inputs if callee else ()
        return next((one for one in inputs if one.name == argument), None)
    found = _CONTROL.get(type(step)) or deck.parameter(step, argument)
    gathered = step.once_per_batch and argument in getattr(step, "consolidate", ())
    return replace(found, kind=_item_of(found.kind)) if found is not None and gathered else found


def _item_of(kind: Kind) -> Kind:
    """Return the kind of what each sample gives to a list that is gathered over the batch."""
    if isinstance(kind, Nullable):
        return _item_of(kind.kind)
    return kind.item if isinstance(kind, ListOf) else Anything()


def _outputs(workflow: Workflow, deck: DeckIndex, flow: Scopes) -> tuple[Output, ...]:
    found: dict[str, Output] = {}
    for visit in walk(workflow, "script"):
        step = visit.step
        if step.id not in flow.reached or isinstance(step, ForEach):
            continue
        kinds = callee_results(step, workflow, deck) if isinstance(step, CallWorkflow) else deck.results(step)
        for name in names_made(step):
            kind, unit = kinds.get(name, (Anything(), ""))
            found.setdefault(name, Output(name, kind, unit, step.id))
    return tuple(found.values())


def callee_results(step: CallWorkflow, workflow: Workflow, deck: DeckIndex) -> dict[str, tuple[Kind, str]]:
    """Return kind and unit of each name that a nested workflow's step makes outside."""
    callee = workflow.nested.get(step.version)
    inside = {one.name: one for one in face_of(step.version, callee, deck).outputs} if callee else {}
    return {outside: (inside[name].kind, inside[name].unit) for name, outside in step.outputs.items() if name in inside}


def names_in(text: str) -> set[str]:
    """Return the names that a formula uses; none while it cannot be read."""
    return {name for name, _, _ in _in_formula(text)}


def uses_at_run(value: Value) -> bool:
    """Whether `value` is given at run time, in whole or in a formula."""
    if isinstance(value, AtRun):
        return True
    return isinstance(value, Expression) and any(at_run is None for _, at_run, _ in _in_formula(value.text))

"""What does the deck say about a step?  Its parameters, and the kinds of what it gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.schema import Anything, Boolean, DictOf, Integer, ListOf, Nothing, Nullable, Number, Text, TupleOf, did_you_mean
from ivoryos_jupyter.workflow._model import Action, CallBlock, Constant, ForEach, GetProperty, Input, SetProperty, SetVariable, WaitFor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ivoryos_jupyter.schema import Block, DeckSchema, Instrument, Kind, Method, Parameter, Plain, Property
    from ivoryos_jupyter.workflow._model import Step, Value

ANSWERS: Mapping[str, Kind] = {"float": Number(), "int": Integer(), "str": Text(), "bool": Boolean()}
"""Kinds of what a person can be asked for."""


def takes_none(kind: Kind) -> bool:
    """Whether None is a value of `kind`."""
    return isinstance(kind, Nullable | Anything | Nothing)


def is_left_open(value: Value | None, kind: Kind) -> bool:
    """Whether nobody has said the value yet: a step that must have one holds None until somebody does."""
    return isinstance(value, Constant) and value.value is None and not takes_none(kind)


class DeckIndex:
    """A deck's description with fast lookup; one without a deck knows nothing and finds nothing wrong."""

    def __init__(self, schema: DeckSchema | None) -> None:
        """Index `schema`."""
        self.known = schema is not None
        self.faces: dict[str, object] = {}
        """Interfaces of nested versions that were worked out already, by content hash."""
        self.instruments: dict[str, Instrument] = {one.name: one for one in schema.instruments} if schema else {}
        self.blocks: dict[str, Block] = {one.name: one for one in schema.blocks} if schema else {}
        self._methods: dict[tuple[str, str], Method] = {}
        self._properties: dict[tuple[str, str], Property] = {}
        for path, instrument in self.instruments.items():
            self._methods.update({(path, method.name): method for method in instrument.methods})
            self._properties.update({(path, one.name): one for one in instrument.properties})

    def method(self, step: Step) -> Method | None:
        """Return the method that `step` calls, where the deck has it."""
        if isinstance(step, Action):
            return self._methods.get((step.instrument, step.method))
        if isinstance(step, CallBlock):
            block = self.blocks.get(step.block)
            return block.method if block else None
        if isinstance(step, WaitFor):
            return self._methods.get((step.instrument, step.property))
        return None

    def property(self, step: Step) -> Property | None:
        """Return the property that `step` reads or sets, where the deck has it."""
        if isinstance(step, GetProperty | SetProperty | WaitFor):
            return self._properties.get((step.instrument, step.property))
        return None

    def parameters(self, step: Step) -> tuple[Parameter, ...] | None:
        """Return the parameters of what `step` calls or sets; None where the deck does not say."""
        if isinstance(step, SetProperty):
            one = self.property(step)
            return (one.value,) if one else None
        method = self.method(step)
        return method.parameters if method else None

    def parameter(self, step: Step, name: str) -> Parameter | None:
        """Return one parameter of what `step` calls or sets, where the deck knows it."""
        return next((one for one in self.parameters(step) or () if one.name == name), None)

    def require(self, step: Step, label: str) -> tuple[Parameter, ...] | None:
        """Return the parameters of what `step` calls; raise `UnknownNameError` naming the closest where the deck lacks it."""
        if not self.known or self.method(step) or self.property(step):
            return self.parameters(step)
        if isinstance(step, Action) and (step.instrument, step.method) in self._properties:
            raise UnknownNameError(
                f'{label} is a property, no method: write get("{label}", save="…") to read it, set("{label}", …) to set it.'
            )
        if isinstance(step, GetProperty | SetProperty) and (step.instrument, step.property) in self._methods:
            raise UnknownNameError(f'{label} is a method, no property: write call("{label}", …).')
        everything = [f"{path}.{name}" for path, name in (*self._methods, *self._properties)]
        raise UnknownNameError(f"The deck has no {label}{did_you_mean(label, [*everything, *self.blocks])}")

    def results(self, step: Step) -> dict[str, tuple[Kind, str]]:
        """Return kind and unit of each name that `step` itself makes; `Anything` where nobody says."""
        if isinstance(step, Action | CallBlock | GetProperty | WaitFor):
            return self._called(step)
        if isinstance(step, Input):
            return {step.name: (ANSWERS[step.type], step.unit)}
        if isinstance(step, SetVariable):
            return {step.name: (_kind_of(step.value.value) if isinstance(step.value, Constant) else Anything(), "")}
        if isinstance(step, ForEach):
            plain = step.items.value if isinstance(step.items, Constant) else None
            return {step.item: (_common([_kind_of(item) for item in plain]) if isinstance(plain, list) else Anything(), "")}
        return {}

    def _called(self, step: Action | CallBlock | GetProperty | WaitFor) -> dict[str, tuple[Kind, str]]:
        one, method = self.property(step), self.method(step)
        kinds: tuple[Kind, ...] = ()
        unit = ""
        if one is not None:
            kinds, unit = (one.value.kind,), one.value.unit
        elif method is not None:
            returns = method.returns
            unit = returns.unit
            kinds = returns.items if len(step.outputs) > 1 else (returns.kind,)
        kinds += (Anything(),) * (len(step.outputs) - len(kinds))
        return {name: (kind, unit) for name, kind in zip(step.outputs, kinds, strict=False) if name}


_KINDS: tuple[tuple[type, Callable[[], Kind]], ...] = ((bool, Boolean), (int, Integer), (float, Number), (str, Text))


def _kind_of(plain: Plain) -> Kind:
    if plain is None:
        return Nothing()
    if isinstance(plain, list):
        return ListOf(_common([_kind_of(item) for item in plain]))
    if isinstance(plain, dict):
        return DictOf(Text(), _common([_kind_of(item) for item in plain.values()]))
    return next((kind() for cls, kind in _KINDS if isinstance(plain, cls)), Anything())


def _common(kinds: list[Kind]) -> Kind:
    if kinds and all(kind == kinds[0] for kind in kinds):
        return kinds[0]
    return Number() if kinds and all(isinstance(kind, Integer | Number) for kind in kinds) else Anything()


def fits(given: Kind, wanted: Kind) -> bool:
    """Return False only where a value of kind `given` can certainly not serve as `wanted`."""
    if isinstance(wanted, Number | Integer):
        return not isinstance(given, Nothing | ListOf | TupleOf | DictOf | Boolean)
    if isinstance(wanted, ListOf | TupleOf):
        return not isinstance(given, Nothing | DictOf | Integer | Number | Boolean)
    if isinstance(wanted, DictOf):
        return not isinstance(given, Nothing | ListOf | TupleOf | Integer | Number | Boolean)
    if isinstance(wanted, Text):
        return not isinstance(given, Nothing | ListOf | TupleOf | DictOf | Integer | Number | Boolean)
    return True

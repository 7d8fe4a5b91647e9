"""What can be dragged into a workflow?  The deck, its building blocks and the registered workflows, as short as they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ivoryos_jupyter.workflow import content_hash, interface, takes_none

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ivoryos_jupyter.schema import DeckSchema, Instrument, Method, Parameter, Property
    from ivoryos_jupyter.workflow import Workflow

_LONGEST_DOC = 1500


class ParameterLine(TypedDict):
    """A parameter as a step's sentence needs it."""

    name: str
    unit: str
    required: bool


class CallableLine(TypedDict):
    """A method, building block or workflow."""

    name: str
    summary: str
    doc: str
    folded: bool
    parameters: list[ParameterLine]


class PropertyLine(TypedDict):
    """A property."""

    name: str
    unit: str
    nullable: bool
    """Whether None can be set."""
    summary: str
    readable: bool
    settable: bool
    folded: bool


class InstrumentLine(TypedDict):
    """An instrument."""

    path: str
    type: str
    summary: str
    methods: list[CallableLine]
    properties: list[PropertyLine]


class BlockLine(CallableLine):
    """A building block."""

    category: str


class WorkflowLine(CallableLine):
    """A registered workflow, with the version that a new step pins."""

    version: str


class Palette(TypedDict):
    """All of it."""

    instruments: list[InstrumentLine]
    blocks: list[BlockLine]
    workflows: list[WorkflowLine]
    left_out: int


def palette(schema: DeckSchema, registered: Iterable[Workflow]) -> Palette:
    """Return what stands in the palette, besides control flow."""
    blocks: list[BlockLine] = [{**_callable(one.method, one.name), "category": one.category} for one in schema.blocks]
    return {
        "instruments": [_instrument(one) for one in schema.instruments],
        "blocks": blocks,
        "workflows": [_workflow(one, schema) for one in registered],
        "left_out": len(schema.left_out),
    }


def _instrument(one: Instrument) -> InstrumentLine:
    return {
        "path": one.name,
        "type": one.type_name.rpartition(":")[2].rpartition(".")[2],
        "summary": one.summary,
        "methods": [_callable(method, method.name) for method in one.methods],
        "properties": [_property(each) for each in one.properties],
    }


def _callable(method: Method, name: str) -> CallableLine:
    parameters = [_parameter(one) for one in method.parameters]
    return {"name": name, "summary": method.summary, "doc": method.doc[:_LONGEST_DOC], "folded": method.folded, "parameters": parameters}


def _parameter(one: Parameter) -> ParameterLine:
    return {"name": one.name, "unit": one.unit, "required": one.required}


def _property(one: Property) -> PropertyLine:
    return {
        "name": one.name,
        "unit": one.value.unit,
        "nullable": takes_none(one.value.kind),
        "summary": one.summary,
        "readable": one.readable,
        "settable": one.settable,
        "folded": one.folded,
    }


def _workflow(one: Workflow, schema: DeckSchema) -> WorkflowLine:
    summary = one.description.split("\n", 1)[0]
    inputs = [_parameter(each) for each in interface(one, schema).inputs]
    doc = one.description[:_LONGEST_DOC]
    return {"name": one.name, "summary": summary, "doc": doc, "folded": False, "parameters": inputs, "version": content_hash(one)}

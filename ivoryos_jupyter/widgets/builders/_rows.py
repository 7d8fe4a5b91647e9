"""Which inputs has a step besides its values?  Texts, names, numbers and conditions, one row each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypedDict

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.schema import from_text
from ivoryos_jupyter.workflow import ANSWERS, If, conditions_of
from ivoryos_jupyter.workflow import Input as InputStep

if TYPE_CHECKING:
    from ivoryos_jupyter.schema import DeckSchema, Kind, Plain
    from ivoryos_jupyter.workflow import Step

Input = Literal["text", "long", "number", "bool", "choice", "condition", "time", "list", "name"]


class PlainRow(TypedDict):
    """One field of a step with an input of its own."""

    name: str
    label: str
    input: Input
    value: object
    hint: str
    options: list[str]


_ROWS: dict[str, tuple[tuple[str, str, Input, str], ...]] = {
    "comment": (("text", "Comment", "long", "written into the log when it is reached"),),
    "pause": (("message", "Message", "long", "what the person reads"),),
    "input": (
        ("message", "Question", "long", "what the person reads"),
        ("name", "Save answer as", "name", ""),
        ("type", "Answer is", "choice", ""),
        ("choices", "Choices", "list", "one per line; empty: any answer"),
        ("unit", "Unit", "text", "shown beside the field"),
        ("minimum", "At least", "number", "of a number"),
        ("maximum", "At most", "number", "of a number"),
        ("default", "If nothing is typed", "text", "empty: something must be typed"),
    ),
    "wait_until": (("time", "Time of day", "time", "HH:MM, local; the next one that comes"),),
    "wait": (("keep_counting", "Counts while the run is paused", "bool", ""),),
    "wait_for": (
        ("instrument", "Instrument", "choice", ""),
        ("property", "Reading", "choice", "a property, or a method without arguments"),
        ("condition", "Until", "condition", "for example reading > 59.5"),
        ("hold_s", "Held for", "number", "s"),
        ("every_s", "Read every", "number", "s"),
    ),
    "while": (("condition", "While", "condition", "for example left > 2"), ("most", "At most", "number", "times; more is an error")),
    "for_each": (("item", "Name of the item", "name", "for the steps inside"),),
    "variable": (("name", "Name", "name", ""),),
}
_ANSWERS = ["float", "int", "str", "bool"]


def plain_rows(step: Step, schema: DeckSchema) -> list[PlainRow]:
    """Return the rows of `step`, in the order in which they are filled in."""
    return [
        {
            "name": name,
            "label": label,
            "input": kind,
            "value": _shown(getattr(step, name)),
            "hint": hint,
            "options": _options(step, name, schema),
        }
        for name, label, kind, hint in _ROWS.get(step.tag, ())
    ]


def _shown(value: object) -> object:
    return "\n".join(map(str, value)) if isinstance(value, tuple) else value


def _options(step: Step, name: str, schema: DeckSchema) -> list[str]:
    if name == "type":
        return _ANSWERS
    if name == "instrument":
        return [one.name for one in schema.instruments]
    if name != "property":
        return []
    instrument = schema.instrument(getattr(step, "instrument", ""))
    if instrument is None:
        return []
    methods = [one.name for one in instrument.methods if not one.folded and not any(each.required for each in one.parameters)]
    return [*(one.name for one in instrument.properties if one.readable), *methods]


def conditions(step: Step) -> list[str]:
    """Return the conditions of an if, one for each branch."""
    return [text for _, text in conditions_of(step)] if isinstance(step, If) else []


def read_answers(step: Step) -> Step:
    """Return `step` with the choices and the default of a question read by its type; what cannot be read stays, and is a finding."""
    if not isinstance(step, InputStep):
        return step
    kind = ANSWERS[step.type]
    default = None if step.default == "" else _read(kind, step.default)
    return replace(step, choices=tuple(_read(kind, one) for one in step.choices), default=default)


def _read(kind: Kind, value: Plain) -> Plain:
    if not isinstance(value, str):
        return value
    try:
        return from_text(kind, value)
    except ConversionError:
        return value

"""How does a form hear what is wrong with it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.schema import Anything, DictOf, ListOf, Nullable, OneOf, TupleOf
from ivoryos_jupyter.widgets._call_text import value_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ivoryos_jupyter.errors import Problem
    from ivoryos_jupyter.schema import Kind, Parameter, Plain
    from ivoryos_jupyter.widgets._shapes import CheckJson, ProblemJson


def problems_json(problems: Iterable[Problem]) -> list[ProblemJson]:
    """Return problems for the view."""
    return [{"field": one.field, "message": one.message, "value": one.value} for one in problems]


def check_json(
    problems: Iterable[Problem], missing: Iterable[Problem] = (), call: str = "", notes: Mapping[str, str] | None = None
) -> CheckJson:
    """Return what is to be said of a form."""
    return {
        "problems": problems_json(problems),
        "missing": [one.field for one in missing],
        "call": call,
        "notes": dict(notes or {}),
    }


def reading_notes(parameters: Sequence[Parameter], given: Mapping[str, object], arguments: Mapping[str, Plain]) -> dict[str, str]:
    """Return how typed text was read, where its kind does not make that plain."""
    notes: dict[str, str] = {}
    for parameter in parameters:
        typed = given.get(parameter.name)
        if parameter.name in arguments and isinstance(typed, dict) and "text" in typed and _reads_otherwise(parameter.kind):
            notes[parameter.name] = f"reads as {value_text(parameter.kind, arguments[parameter.name])}"
    return notes


def _reads_otherwise(kind: Kind) -> bool:
    """Whether the text does not show by itself what it stands for: its type is open, or it holds several items."""
    return _reads_otherwise(kind.kind) if isinstance(kind, Nullable) else isinstance(kind, (Anything, OneOf, ListOf, TupleOf, DictOf))

"""Does an answer fit what an input step asks for?  Type, bounds and choices; nothing typed means the default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.schema import from_value
from ivoryos_jupyter.workflow._lookup import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ivoryos_jupyter.schema import Plain


class Asked(Protocol):
    """What is known of the value that is asked for."""

    @property
    def type(self) -> str:
        """``float``, ``int``, ``str`` or ``bool``."""

    @property
    def unit(self) -> str:
        """Of a number."""

    @property
    def minimum(self) -> float | None:
        """The least number."""

    @property
    def maximum(self) -> float | None:
        """The greatest number."""

    @property
    def default(self) -> Plain:
        """The answer when nothing is typed; None where something must be."""


def convert_answer(asked: Asked, choices: tuple[Plain, ...], value: object) -> Plain:
    """Return what a person gave, converted and one of `choices` where there are any; nothing, or blank text, is the default.

    Raises
    ------
    ConversionError
        When it is not of the type, out of bounds, or none of the choices.
    """
    blank = value is None or (isinstance(value, str) and not value.strip())
    plain = from_value(ANSWERS[asked.type], asked.default if blank and asked.default is not None else value, field="answer")
    problem = _out_of_bounds(asked, plain)
    if not problem and choices and plain not in choices:
        problem = f"must be one of {', '.join(map(repr, choices))}"
    if problem:
        raise ConversionError([Problem("answer", problem, str(value))])
    return plain


def _out_of_bounds(asked: Asked, plain: Plain) -> str:
    """Return what is wrong with a number; empty when nothing is, and for anything else."""
    if isinstance(plain, bool) or not isinstance(plain, (int, float)):
        return ""
    unit = f" {asked.unit}" if asked.unit else ""
    if asked.minimum is not None and plain < asked.minimum:
        return f"{plain:g} is too little; at least {asked.minimum:g}{unit} is asked for"
    if asked.maximum is not None and plain > asked.maximum:
        return f"{plain:g} is too much; at most {asked.maximum:g}{unit} is asked for"
    return ""


def answer_problems(asked: Asked, choices: tuple[Plain, ...], value: object) -> Iterable[str]:
    """Return why `value` would be refused."""
    try:
        convert_answer(asked, choices, value)
    except ConversionError as error:
        return [one.message for one in error.problems]
    return []

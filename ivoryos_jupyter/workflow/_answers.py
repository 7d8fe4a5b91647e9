"""Does an answer fit what an input step asks for?  Type, bounds and choices; nothing typed means the default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.schema import Boolean, Integer, Number, Text, from_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ivoryos_jupyter.schema import Kind, Plain


class Asked(Protocol):
    """What is known of the value that is asked for."""

    @property
    def type(self) -> str:
        """``float``, ``int``, ``str`` or ``bool``."""

    @property
    def minimum(self) -> float | None:
        """The least number."""

    @property
    def maximum(self) -> float | None:
        """The greatest number."""

    @property
    def default(self) -> Plain:
        """The answer when nothing is typed; None where something must be."""


def answer_kind(asked: Asked) -> Kind:
    """Return the kind of the answer, with its bounds."""
    if asked.type == "float":
        return Number(asked.minimum, asked.maximum)
    if asked.type == "int":
        return Integer(asked.minimum, asked.maximum)
    return Boolean() if asked.type == "bool" else Text()


def convert_answer(asked: Asked, choices: tuple[Plain, ...], value: object) -> Plain:
    """Return what a person gave, converted and one of `choices` where there are any; nothing, or blank text, is the default.

    Raises
    ------
    ConversionError
        When it is not of the type, out of bounds, or none of the choices.
    """
    blank = value is None or (isinstance(value, str) and not value.strip())
    plain = from_value(answer_kind(asked), asked.default if blank and asked.default is not None else value, field="answer")
    if choices and plain not in choices:
        known = ", ".join(map(repr, choices))
        raise ConversionError([Problem("answer", f"must be one of {known}", str(value))])
    return plain


def answer_problems(asked: Asked, choices: tuple[Plain, ...], value: object) -> Iterable[str]:
    """Return why `value` would be refused."""
    try:
        convert_answer(asked, choices, value)
    except ConversionError as error:
        return [one.message for one in error.problems]
    return []

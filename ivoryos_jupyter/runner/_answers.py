"""Does an answer fit its question?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.schema import Boolean, Integer, Number, Text, from_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.runner._status import Question
    from ivoryos_jupyter.schema import Kind, Plain

INPUT_KINDS: Mapping[str, Kind] = {"float": Number(), "int": Integer(), "str": Text(), "bool": Boolean()}


def read_answer(question: Question, value: object) -> Plain:
    """Return what a person gave as the answer to `question`, converted.

    Raises
    ------
    ConversionError
        When it is not of the type that is asked for, or none of the options.
    """
    plain = from_value(INPUT_KINDS[question.type], value, field="answer")
    if question.options and plain not in question.options:
        known = ", ".join(map(repr, question.options))
        raise ConversionError([Problem("answer", f"must be one of {known}", str(value))])
    return plain

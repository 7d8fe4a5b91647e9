"""Does an answer fit its question?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.workflow import convert_answer

if TYPE_CHECKING:
    from ivoryos_jupyter.runner._status import Question
    from ivoryos_jupyter.schema import Plain


def read_answer(question: Question, value: object) -> Plain:
    """Return what a person gave as the answer to `question`, converted.

    Raises
    ------
    ConversionError
        When it is not of the type that is asked for, out of bounds, or none of the options.
    """
    return convert_answer(question, question.options, value)

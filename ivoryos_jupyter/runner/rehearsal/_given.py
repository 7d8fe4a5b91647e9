"""What does a scientist tell a rehearsal beforehand, in place of what it would assume?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.schema import did_you_mean
from ivoryos_jupyter.workflow import Input, convert_answer, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ivoryos_jupyter.schema import DeckSchema, Plain
    from ivoryos_jupyter.workflow import Workflow

Seconds = float | tuple[float, float]
"""How long a call lasts: always the same, or anything between two bounds."""


@dataclass(frozen=True, slots=True)
class Given:
    """What is known beforehand."""

    returns: Mapping[str, object] = field(default_factory=dict)
    """By ``pump.dispense``, or a block's name: a value, or a function that takes the arguments and gives the value."""
    durations: Mapping[str, Seconds] = field(default_factory=dict)
    """Likewise: seconds, or the least and the most."""
    answers: Mapping[str, object] = field(default_factory=dict)
    """By the name of an input step: what a person will answer."""

    def checked(self, workflow: Workflow, schema: DeckSchema) -> Given:
        """Return the same with the answers converted.

        Raises
        ------
        ConversionError
            With every name that is not there and every value that cannot be meant.
        """
        known = set(labels_of(schema))
        problems = [*_unknown("returns", self.returns, known), *_unknown("durations", self.durations, known), *self._bad_seconds()]
        answers = self._converted(workflow, problems)
        if problems:
            raise ConversionError(problems, "The rehearsal cannot begin:")
        return Given(self.returns, self.durations, answers)

    def _bad_seconds(self) -> Iterable[Problem]:
        for label, seconds in self.durations.items():
            pair = seconds if isinstance(seconds, tuple) else (seconds, seconds)
            fits = len(pair) == 2 and all(_is_time(one) for one in pair) and pair[0] <= pair[1]  # noqa: PLR2004 - least and most
            if not fits:
                yield Problem(f"durations[{label!r}]", "give seconds, 0 or more, or a pair (least, most)", repr(seconds))

    def _converted(self, workflow: Workflow, problems: list[Problem]) -> dict[str, Plain]:
        asked = {one.name: one for one in _inputs(workflow)}
        problems += _unknown("answers", self.answers, set(asked))
        made: dict[str, Plain] = {}
        for name in self.answers.keys() & asked.keys():
            step = asked[name]
            try:
                made[name] = convert_answer(step, step.choices, self.answers[name])
            except ConversionError as error:
                problems += [Problem(f"answers[{name!r}]", one.message, one.value) for one in error.problems]
        return made


def labels_of(schema: DeckSchema) -> Iterable[str]:
    """Yield the names under which calls are told apart: ``pump.dispense``, and blocks by their own."""
    for instrument in schema.instruments:
        yield from (f"{instrument.name}.{one.name}" for one in instrument.methods)
        yield from (f"{instrument.name}.{one.name}" for one in instrument.properties)
    for block in schema.blocks:
        yield block.name


def _inputs(workflow: Workflow) -> Iterable[Input]:
    for one in (workflow, *workflow.nested.values()):
        for visit in walk(one):
            if isinstance(visit.step, Input):
                yield visit.step


def _unknown(field_name: str, given: Mapping[str, object], known: set[str]) -> list[Problem]:
    what = "no input step asks for it" if field_name == "answers" else "there is nothing of this name on the deck"
    return [Problem(f"{field_name}[{name!r}]", f"{what}{did_you_mean(name, known)}") for name in given if name not in known]


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")

"""What is known of a function in the generated file: its name, parameters and what it gives back?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.codegen._texts import marked
from ivoryos_jupyter.schema import references_in
from ivoryos_jupyter.workflow import (
    Action,
    AtRun,
    CallBlock,
    CallWorkflow,
    Comment,
    Constant,
    Expression,
    GetProperty,
    Input,
    Pause,
    SetProperty,
    Variable,
    WaitFor,
    compile_expression,
    conditions_of,
    slots,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ivoryos_jupyter.schema import Parameter
    from ivoryos_jupyter.workflow import DeckIndex, Step


@dataclass(frozen=True, slots=True)
class Nested:
    """The function of a nested workflow."""

    name: str
    instruments: tuple[str, ...]
    """Instruments and blocks it is given, in order."""
    inputs: tuple[Parameter, ...]
    sure: frozenset[str]
    """Names that it certainly gives back."""
    is_async: bool


def enabled(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield the steps that run, and those in them."""
    for step in steps:
        if not step.disabled:
            yield step
            for inner in slots(step).values():
                yield from enabled(inner)


def root_of(path: str) -> str:
    """Return the name of the notebook that `path` begins with."""
    return path.partition(".")[0].partition("[")[0]


def instruments_of(steps: Iterable[Step], nested: Mapping[str, Nested]) -> tuple[str, ...]:
    """Return the names that the steps need from the notebook, in order of first use."""
    found: dict[str, None] = {}
    for step in enabled(steps):
        if isinstance(step, Action | GetProperty | SetProperty | WaitFor):
            found.setdefault(root_of(step.instrument))
        elif isinstance(step, CallBlock):
            found.setdefault(step.block)
        elif isinstance(step, CallWorkflow) and step.version in nested:
            found.update(dict.fromkeys(nested[step.version].instruments))
        for _, value in values_of(step):
            if isinstance(value, Constant):
                found.update(dict.fromkeys(root_of(one.text) for one in references_in(value.value)))
    return tuple(found)


def needs_loop(steps: Iterable[Step], deck: DeckIndex, nested: Mapping[str, Nested]) -> bool:
    """Whether one of the steps has to be awaited."""
    for step in enabled(steps):
        one, method = deck.property(step), deck.method(step)
        if (one is not None and one.access == "awaited") or (one is None and method is not None and method.coroutine):
            return True
        if isinstance(step, CallWorkflow) and step.version in nested and nested[step.version].is_async:
            return True
    return False


def names_used(steps: Iterable[Step]) -> frozenset[str]:
    """Return every name whose value the steps could look at."""
    found: set[str] = set()
    for step in enabled(steps):
        for _, value in values_of(step):
            if isinstance(value, AtRun | Variable):
                found.add(value.name)
            elif isinstance(value, Expression):
                found.update(compile_expression(value.text).names)
        for _, condition in conditions_of(step):
            found.update(compile_expression(condition).names)
        if isinstance(step, Comment):
            found.update(marked(step.text))
        elif isinstance(step, Pause | Input):
            found.update(marked(step.message))
    return frozenset(found)

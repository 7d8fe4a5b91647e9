"""What must hold of instruments?  An expression that may refer to properties, to last results and to their age.

``stirrer.running and balance.weight < 200`` reads two properties, ``last(balance.weigh)`` is what the last such call returned,
``age(balance.weigh)`` how many seconds ago. Bare names are the arguments of the call in question.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.schema import parse_reference
from ivoryos_jupyter.workflow._expression import Compiled, compile_with
from ivoryos_jupyter.workflow._formula import problem_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivoryos_jupyter.workflow._closures import Closure

Kind = Literal["reading", "last", "age"]
_LOOKING_BACK: dict[str, Kind] = {"last": "last", "age": "age"}


@dataclass(frozen=True, slots=True)
class Referred:
    """One thing of the deck that a condition refers to."""

    kind: Kind
    path: str
    """Path of the instrument; ``blocks`` for a building block."""
    member: str
    """Property that is read, or method or property whose last result is meant."""

    @property
    def text(self) -> str:
        """How it is written, and the name under which the condition looks its value up."""
        name = self.member if self.path == "blocks" else f"{self.path}.{self.member}"
        return name if self.kind == "reading" else f"{self.kind}({name})"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was found to be harmless."""

    text: str
    arguments: tuple[str, ...]
    """The arguments of the call it uses."""
    refers: tuple[Referred, ...]
    compiled: Compiled

    def holds(self, values: Mapping[str, object]) -> bool:
        """Return whether it is true for `values`, by the text of each reference and the name of each argument.

        Raises
        ------
        ExpressionError
            When that cannot be said.
        """
        return self.compiled.holds(values)


@lru_cache(maxsize=1024)
def compile_condition(text: str) -> Condition:
    """Return `text`, ready to be evaluated; raise `ExpressionError` naming what is not allowed and where."""
    found: dict[Referred, None] = {}

    def refer(node: ast.expr, source: str) -> Closure | None:
        one = _referred(node, source)
        if one is None:
            return None
        found.setdefault(one)
        name = one.text
        return lambda values: values[name]

    compiled = compile_with(text, refer)
    return Condition(compiled.text, compiled.names, tuple(found), compiled)


def _referred(node: ast.expr, source: str) -> Referred | None:
    """Return what `node` refers to, or None when it is no reference."""
    if isinstance(node, ast.Attribute):
        return _reference(node, source, "reading")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _LOOKING_BACK:
        name = node.func.id
        if len(node.args) != 1 or node.keywords or not isinstance(node.args[0], ast.Attribute | ast.Name):
            raise problem_of(source, f"{name} takes one method, written like {name}(balance.weigh)")
        argument = node.args[0]
        if isinstance(argument, ast.Name):
            return Referred(_LOOKING_BACK[name], "blocks", argument.id)
        return _reference(argument, source, _LOOKING_BACK[name])
    return None


def _reference(node: ast.Attribute, source: str, kind: Kind) -> Referred:
    part = ast.get_source_segment(source, node.value) or ""
    try:
        path = parse_reference(part).text
    except ConversionError as error:
        raise problem_of(source, f"{error.problems[0].message}, and then its property, such as stirrer.running") from error
    if node.attr.startswith("_"):
        raise problem_of(source, f"{node.attr} is private; only public properties can be read")
    return Referred(kind, path, node.attr)

"""Which calls in the source get and set a value for which a driver library keeps an object of its own?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ivoryos_jupyter.codegen._parse_names import without_await
from ivoryos_jupyter.workflow import GetProperty

if TYPE_CHECKING:
    from ivoryos_jupyter.workflow import DeckIndex

ITSELF = "value"
"""The property of an instrument that is itself such an object."""


def signal_in(node: ast.expr, deck: DeckIndex) -> tuple[ast.Attribute, ast.expr | None] | None:
    """Return the property that ``dac.ch1.get()`` or ``dac.ch1.set(1)`` stands for, and the value it gets; None where it is none."""
    node = without_await(node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "wait":
        node = node.func.value
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.keywords:
        return None
    for target in _targets(node.func.value):
        found = deck.property(GetProperty(id="", instrument=ast.unparse(target.value), property=target.attr))
        if found is not None and found.verbs and found.itself == (target is not node.func.value):
            return _meant(node, node.func.attr, found.verbs, target)
    return None


def reading_in(node: ast.expr, deck: DeckIndex) -> ast.expr:
    """Return the property or method that `node` reads."""
    target, value = signal_in(node, deck) or (None, None)
    if target is not None and value is None:
        return target
    return node.func if isinstance(node, ast.Call) and not node.args and not node.keywords else node


def _targets(stands: ast.expr) -> list[ast.Attribute]:
    """Return the properties that `stands` may be: one of an instrument, or the value of an instrument."""
    itself = ast.copy_location(ast.Attribute(stands, ITSELF, ast.Load()), stands)
    return [stands, itself] if isinstance(stands, ast.Attribute) else [itself]


def _meant(node: ast.Call, verb: str, verbs: tuple[str, str], target: ast.Attribute) -> tuple[ast.Attribute, ast.expr | None] | None:
    if verb == verbs[0] and not node.args:
        return target, None
    if verb == verbs[1] and len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
        return target, node.args[0]
    return None

"""What do the names of a source stand for?  Imports, helpers of a generated file, functions, and instruments."""

from __future__ import annotations

import ast
import builtins
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivoryos_jupyter.codegen._helpers import HELPERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ivoryos_jupyter.codegen._parse_source import Source

SLEEPS = frozenset({"time.sleep", "asyncio.sleep", "ivoryos.sleep", "ivoryos_jupyter.sleep", "sleep"})
"""Functions that wait."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def chain_of(node: ast.expr) -> tuple[str, ...]:
    """Return ``("a", "b", "c")`` for ``a.b.c``; nothing for what is no such chain."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        before = chain_of(node.value)
        return (*before, node.attr) if before else ()
    return ()


def root_name(node: ast.expr) -> ast.Name | None:
    """Return the name that a chain of attributes and items begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node if isinstance(node, ast.Name) else None


def without_await(node: ast.expr) -> ast.expr:
    """Return what is awaited, or `node`: the runner knows itself what has to be awaited."""
    return node.value if isinstance(node, ast.Await) else node


def assigned(body: Iterable[ast.stmt]) -> Iterator[ast.Name]:
    """Yield the names that get a value in `body`."""
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node


@dataclass
class Names:
    """The names of a whole source."""

    aliases: dict[str, str] = field(default_factory=dict)
    """Name here -> dotted name, of imports."""
    helpers: dict[str, str] = field(default_factory=dict)
    """Name here -> name of the helper."""
    functions: dict[str, Function] = field(default_factory=dict)
    roots: set[str] = field(default_factory=set)
    """Names of the notebook: instruments and blocks."""

    def dotted(self, node: ast.expr) -> str:
        """Return the full name of what `node` names: ``math.sqrt`` for ``sqrt`` after ``from math import sqrt``."""
        chain = chain_of(node)
        return ".".join((self.aliases.get(chain[0], chain[0]), *chain[1:])) if chain else ""

    def helper(self, node: ast.expr) -> str:
        """Return which helper a call calls; empty for none."""
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            return ""
        return self.helpers.get(node.func.id, "")

    def add_import(self, node: ast.Import | ast.ImportFrom) -> None:
        """Remember what an import brings."""
        for one in node.names:
            if isinstance(node, ast.Import):
                called = one.asname or one.name.partition(".")[0]
                self.aliases[called] = one.name if one.asname else called
            else:
                self.aliases[one.asname or one.name] = f"{node.module or ''}.{one.name}"

    def add_function(self, node: Function) -> None:
        """Remember a function, or that it is a helper of a generated file, told by its text."""
        helper = self._helper_of(node)
        if helper:
            self.helpers[node.name] = helper
        else:
            self.functions[node.name] = node

    def settle(self) -> None:
        """Let the helpers be called by their own names where nothing else has these."""
        taken = {*self.functions, *self.aliases, *self.helpers, *self.roots}
        self.helpers.update({name: name for name in HELPERS if name not in taken})

    def _helper_of(self, node: Function) -> str:
        for name, text in HELPERS.items():
            if node.name == name or node.name.startswith(f"{name}_"):
                wanted = ast.parse(text).body[0]
                if _shape(node, self.aliases) == _shape(wanted, {}):
                    return name
        return ""


def _shape(node: ast.stmt, aliases: dict[str, str]) -> list[str]:
    """Return what a function consists of, whatever it and its modules are called."""
    parts: list[str] = []
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            parts.append(aliases.get(one.id, one.id))
        elif isinstance(one, ast.arg | ast.Attribute | ast.Constant):
            parts.append(ast.dump(one) if not isinstance(one, ast.Attribute) else one.attr)
        else:
            parts.append(type(one).__name__)
    return parts


_MODULES = frozenset({"asyncio", "datetime", "decimal", "ivoryos", "ivoryos_jupyter", "math", "np", "numpy", "pathlib", "time"})
"""Modules that a cell may use although another cell imported them."""


def called_objects(nodes: Iterable[ast.stmt], names: Names, *, reading: bool) -> set[str]:
    """Return the names whose methods are called or whose properties are set; read too, with `reading`; and unknown functions."""
    found: set[str] = set()
    for node in (one for statement in nodes for one in ast.walk(statement)):
        member = node.func if isinstance(node, ast.Call) else node
        if isinstance(member, ast.Attribute) and (reading or member is not node or isinstance(member.ctx, ast.Store)):
            root = root_name(member)
            found |= {root.id} if root is not None else set()
        elif reading and isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not _is_function(node.func.id):
            found.add(node.func.id)
    return found - {*names.aliases, *names.functions, *names.helpers} - _MODULES - SLEEPS


def _is_function(name: str) -> bool:
    """Whether `name` is a function of Python, or one that formulas know."""
    return hasattr(builtins, name) or hasattr(math, name)


def parameters_of(function: Function) -> list[ast.arg]:
    """Return the parameters of a function that have names of their own."""
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def report_signature(function: Function, source: Source) -> None:
    """Report what the head of a function says and a workflow cannot."""
    for decorator in function.decorator_list:
        source.report(decorator, "a decorator has no form in a workflow; take it off")
    for extra in (function.args.vararg, function.args.kwarg):
        if extra is not None:
            source.report(extra, f"*{extra.arg} has no form in a workflow; name each parameter")
    for default in (*function.args.defaults, *function.args.kw_defaults):
        if default is not None and not (isinstance(default, ast.Constant) and default.value is None):
            source.report(
                default, "only None can be a default: a run-time parameter gets its value from the table or the person who runs it"
            )

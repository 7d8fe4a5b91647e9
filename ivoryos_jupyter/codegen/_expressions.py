"""How is a formula of a workflow written in Python?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ivoryos_jupyter.workflow import compile_expression

if TYPE_CHECKING:
    from ivoryos_jupyter.codegen._module import Module

_BUILTIN = frozenset({"abs", "bool", "float", "int", "len", "max", "min", "range", "round", "sorted", "str", "sum"})
_CONSTANTS = frozenset({"pi", "inf", "nan"})


def formula(text: str, module: Module) -> str:
    """Return `text` as Python; as it was written, where nothing has to change."""
    source = compile_expression(text).text
    tree = ast.parse(source, mode="eval")
    changed = _ToPython(module).visit(tree)
    same = ast.dump(changed) == ast.dump(ast.parse(source, mode="eval"))
    return source if same and "\n" not in source else ast.unparse(changed)


class _ToPython(ast.NodeTransformer):
    """Imports functions and constants of ``math``; makes the list that ``range`` stands for."""

    def __init__(self, module: Module) -> None:
        self._module = module

    def visit_Call(self, node: ast.Call) -> ast.AST:
        arguments = [self.visit(argument) for argument in node.args]
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
        called = name if name in _BUILTIN else self._module.imported("math", name)
        made = ast.Call(ast.Name(called, ast.Load()), arguments, node.keywords)
        return ast.Call(ast.Name("list", ast.Load()), [made], []) if name == "range" else made

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in _CONSTANTS:
            return ast.Name(self._module.imported("math", node.id), ast.Load())
        return node

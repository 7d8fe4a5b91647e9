"""What does each part of a formula do?  It becomes a closure over the names, or is refused with what to write instead."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ivoryos_jupyter.workflow._codec import closest
from ivoryos_jupyter.workflow._formula import problem_of
from ivoryos_jupyter.workflow._operations import BINARY, COMPARE, CONSTANTS, FUNCTIONS, KEYWORDS, UNARY

if TYPE_CHECKING:
    from ivoryos_jupyter.errors import ExpressionError

Context = Mapping[str, object]
Closure = Callable[[Context], object]
Refer = Callable[[ast.expr, str], Closure | None]
"""Takes a part and the whole text, and returns the closure of a part that refers to something beside names; None for every other part."""


class Closures:
    """Turns the nodes of one expression into closures over a context."""

    def __init__(self, source: str, refer: Refer | None) -> None:
        self.source = source
        self.refer = refer
        self.names: dict[str, None] = {}

    def refuse(self, node: ast.AST, what: str) -> ExpressionError:
        part = ast.get_source_segment(self.source, node) or ""
        return problem_of(self.source, f"{what}: {part}" if part and part != self.source else what)

    def compile(self, node: ast.expr) -> Closure:
        """Return the closure for `node`, by the method named after its class."""
        referred = None if self.refer is None else self.refer(node, self.source)
        if referred is not None:
            return referred
        method: Callable[[ast.expr], Closure] | None = getattr(self, f"of_{type(node).__name__.lower()}", None)
        if method is None:
            raise self.refuse(node, _WHY_NOT.get(type(node), "has something an expression may not use"))
        return method(node)

    def of_constant(self, node: ast.Constant) -> Closure:
        value = node.value
        if value is Ellipsis or isinstance(value, bytes):
            raise self.refuse(node, "may hold numbers, text, True, False and None")
        return lambda _context: value

    def of_name(self, node: ast.Name) -> Closure:
        name = ast.get_source_segment(self.source, node) or node.id  # as written: Python would change µ (micro) into μ (mu)
        if name in CONSTANTS:
            constant = CONSTANTS[name]
            return lambda _context: constant
        if name in FUNCTIONS:
            raise self.refuse(node, f"{name} is a function; write {name}(…)")
        self.names.setdefault(name)
        source = self.source

        def look_up(context: Context) -> object:
            if name in context:
                return context[name]
            same = unicodedata.normalize("NFKC", name)
            for other in context:
                if unicodedata.normalize("NFKC", other) == same:
                    return context[other]
            raise problem_of(source, f"there is no {name!r} at this point{closest(name, context)}")

        return look_up

    def of_binop(self, node: ast.BinOp) -> Closure:
        operation = BINARY.get(type(node.op))
        if operation is None:
            raise self.refuse(node, "may use + - * / // % ** and no other operators")
        left, right = self.compile(node.left), self.compile(node.right)
        return lambda context: operation(left(context), right(context))

    def of_unaryop(self, node: ast.UnaryOp) -> Closure:
        operation = UNARY.get(type(node.op))
        if operation is None:
            raise self.refuse(node, "may not use ~; write not")
        operand = self.compile(node.operand)
        return lambda context: operation(operand(context))

    def of_boolop(self, node: ast.BoolOp) -> Closure:
        parts = [self.compile(value) for value in node.values]
        stop_at = isinstance(node.op, ast.Or)

        def decide(context: Context) -> object:
            value: object = None
            for part in parts:
                value = part(context)
                if bool(value) is stop_at:
                    break
            return value

        return decide

    def of_compare(self, node: ast.Compare) -> Closure:
        first = self.compile(node.left)
        links = [(COMPARE[type(op)], self.compile(right)) for op, right in zip(node.ops, node.comparators, strict=True)]

        def compare(context: Context) -> object:
            left, result = first(context), None
            for operation, right in links:
                value = right(context)
                result = operation(left, value)
                if len(links) == 1 or not result:
                    break
                left = value
            return result

        return compare

    def of_ifexp(self, node: ast.IfExp) -> Closure:
        test, then, other = self.compile(node.test), self.compile(node.body), self.compile(node.orelse)
        return lambda context: then(context) if test(context) else other(context)

    def of_subscript(self, node: ast.Subscript) -> Closure:
        value = self.compile(node.value)
        if isinstance(node.slice, ast.Slice):
            return self._slice(value, node.slice)
        index = self.compile(node.slice)

        def look_in(context: Context) -> object:
            container = value(context)
            result: object = container[index(context)]  # type: ignore[index] # what has no items raises, and that is the answer
            return result

        return look_in

    def _slice(self, value: Closure, node: ast.Slice) -> Closure:
        bounds = [None if one is None else self.compile(one) for one in (node.lower, node.upper, node.step)]

        def cut(context: Context) -> object:
            container = value(context)
            found = slice(*(None if bound is None else bound(context) for bound in bounds))
            result: object = container[found]  # type: ignore[index]
            return result

        return cut

    def of_list(self, node: ast.List) -> Closure:
        items = [self.compile(item) for item in node.elts]
        return lambda context: [item(context) for item in items]

    def of_tuple(self, node: ast.Tuple) -> Closure:
        items = [self.compile(item) for item in node.elts]
        return lambda context: tuple(item(context) for item in items)

    def of_dict(self, node: ast.Dict) -> Closure:
        if None in node.keys:
            raise self.refuse(node, "may not use ** in a dict")
        keys = [self.compile(key) for key in node.keys if key is not None]
        values = [self.compile(value) for value in node.values]
        return lambda context: {key(context): value(context) for key, value in zip(keys, values, strict=True)}

    def of_call(self, node: ast.Call) -> Closure:
        name = _function_name(node.func)
        if name not in FUNCTIONS:
            known = f"functions are {', '.join(sorted(FUNCTIONS))}"
            raise self.refuse(node.func, f"may not call this{closest(name, FUNCTIONS)}; {known}")
        function = FUNCTIONS[name]
        arguments = [self.compile(argument) for argument in node.args]
        keywords = {self._keyword(name, one): self.compile(one.value) for one in node.keywords}
        return lambda context: function(
            *(argument(context) for argument in arguments), **{key: value(context) for key, value in keywords.items()}
        )

    def _keyword(self, function: str, keyword: ast.keyword) -> str:
        if keyword.arg is None or keyword.arg not in KEYWORDS.get(function, ()):
            raise self.refuse(keyword.value, f"{function} takes no keyword {keyword.arg or '**'} here")
        return keyword.arg


def _function_name(node: ast.expr) -> str:
    """Return ``sqrt`` for ``sqrt`` and for ``math.sqrt``."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "math":
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


_WHY_NOT: Mapping[type[ast.AST], str] = {
    ast.Attribute: "may not read attributes of objects; read a property with a step of its own and use the name it saves",
    ast.Lambda: "may not define functions",
    ast.NamedExpr: "may not assign; use a variable step",
    ast.JoinedStr: "may not use f-strings; join text with +",
    ast.Await: "may not wait for anything",
    ast.Starred: "may not unpack with *",
    ast.ListComp: "may not loop; use a for-each step",
    ast.SetComp: "may not loop; use a for-each step",
    ast.DictComp: "may not loop; use a for-each step",
    ast.GeneratorExp: "may not loop; use a for-each step",
    ast.Set: "may not hold sets; use a list",
}

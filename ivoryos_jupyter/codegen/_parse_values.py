"""Where does a value in the source come from?  A constant, a run-time parameter, a variable, a formula, or a message."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ivoryos_jupyter.codegen._parse_constants import Constants, NoConstantError, converted, within
from ivoryos_jupyter.codegen._parse_names import root_name
from ivoryos_jupyter.codegen._parse_source import Refused
from ivoryos_jupyter.errors import ExpressionError
from ivoryos_jupyter.schema import Anything, Live, kind_as_given
from ivoryos_jupyter.workflow import AtRun, Constant, Expression, GetProperty, Variable, compile_expression

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ivoryos_jupyter.codegen._parse_names import Names
    from ivoryos_jupyter.codegen._parse_source import Source
    from ivoryos_jupyter.schema import Parameter
    from ivoryos_jupyter.workflow import DeckIndex, Value

_IS_MATH = frozenset({"math.pi", "math.inf", "math.nan"})


class Values:
    """Reads the values of one function."""

    def __init__(self, source: Source, names: Names, deck: DeckIndex, inputs: Mapping[str, str], roots: Collection[str]) -> None:
        """Know the run-time parameters (as Python calls them -> as they were written), and the names of the notebook."""
        self.spelled = dict(inputs)
        """Every name that gets a value, as Python calls it -> as it was written."""
        self.source = source
        self.names = names
        self.deck = deck
        self.inputs = inputs
        self.roots = roots

    def of_notebook(self, node: ast.expr) -> bool:
        """Whether `node` is an instrument, a block, or something of them."""
        root = root_name(node)
        return root is not None and root.id in self.roots

    def value(self, node: ast.expr, parameter: Parameter | None = None) -> Value:
        """Return the value that `node` stands for, converted for the parameter that takes it."""
        if self.names.helper(node) == "member" and isinstance(node, ast.Call):
            return self.value(node.args[-1], parameter)
        kind = kind_as_given(parameter) if parameter else Anything()
        self._refuse_reading(node, any(isinstance(one, Live | Anything) for one in within(kind)))
        try:
            given = Constants(self.source, self.names, self.roots, kind).read(node)
        except NoConstantError:
            return self._name(node) if isinstance(node, ast.Name) else Expression(self.formula(node))
        return Constant(converted(node, given, kind, parameter.name if parameter else "", parameter.unit if parameter else ""))

    def _refuse_reading(self, node: ast.expr, takes_objects: bool) -> None:  # noqa: FBT001 - one caller
        """Refuse a property where its value is meant: reading it is a step of its own."""
        if not isinstance(node, ast.Attribute) or not self.of_notebook(node):
            return
        read = GetProperty(id="", instrument=ast.unparse(node.value), property=node.attr)
        if not takes_objects or self.deck.property(read) is not None:
            raise Refused(node, _READ_FIRST)

    def _name(self, node: ast.Name) -> Value:
        if self.names.dotted(node) in _IS_MATH:
            return Expression(self.formula(node))
        return AtRun(self.inputs[node.id]) if node.id in self.inputs else Variable(self.source.written(node))

    def formula(self, node: ast.expr) -> str:
        """Return the formula that `node` is, run-time parameters marked; as it was written, where nothing has to change."""
        located = hasattr(node, "lineno")  # what was gathered from several arguments stands nowhere
        text = self.source.segment(node) if located else ast.unparse(node)
        try:
            changed = _ToFormula(self).visit(ast.parse(f"({text}\n)", mode="eval").body)
        except Refused as refused:
            raise Refused(node, refused.why) from None  # the copy does not know its line
        if not located or "\n" in text or ast.dump(changed) != ast.dump(node):
            text = ast.unparse(_Marked(self).visit(changed))
        else:
            text = self._marked(text, node)
        try:
            compile_expression(text)
        except ExpressionError as error:
            raise Refused(node, "; ".join(f"this {one.message}" for one in error.problems)) from None
        return text

    def _marked(self, text: str, node: ast.expr) -> str:
        """Return `text` with a ``#`` before the run-time parameters in it."""
        data = text.encode()
        places = [one.col_offset - node.col_offset for one in ast.walk(node) if isinstance(one, ast.Name) and one.id in self.inputs]
        for place in sorted(places, reverse=True):
            data = data[:place] + b"#" + data[place:]
        return data.decode()

    def message(self, nodes: list[ast.expr]) -> str:
        """Return the text that is shown: literals, f-strings and names, as ``print`` joins them."""
        return " ".join(self._shown(node) for node in nodes)

    def _shown(self, node: ast.expr) -> str:
        if isinstance(node, ast.Constant):
            return str(node.value)
        if isinstance(node, ast.Name) and not self.of_notebook(node):
            return f"#{self.source.written(node)}"
        if isinstance(node, ast.JoinedStr):
            return self._filled(node)
        raise Refused(node, "a message is text with names in it; give the value a name on a line of its own, and show the name")

    def _filled(self, node: ast.JoinedStr) -> str:
        text = ""
        for part in node.values:
            if isinstance(part, ast.Constant):
                text = _joined(text, str(part.value), node)
            elif isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Name):
                if part.format_spec is not None or part.conversion != -1:
                    raise Refused(node, "a message cannot say how a value is formatted; write {name} only")
                text += f"#{self.spelled.get(part.value.id, part.value.id)}"
            else:
                raise Refused(node, "a message can show names only; give the value a name on a line of its own")
        return text


def _joined(text: str, more: str, node: ast.JoinedStr) -> str:
    """Return `text` and what follows it, where that does not become part of a name."""
    name = text.rpartition("#")[2]
    if "#" in text and name.isidentifier() and f"{name}{more[:1]}".isidentifier() and more:
        raise Refused(node, f"put a space after {{{name}}}: a message shows it as #{name}, and what follows would become part of the name")
    return text + more


_READ_FIRST = "read the property on a line of its own, name = instrument.property, and use the name"


class _ToFormula(ast.NodeTransformer):
    """Takes out what only Python needs: modules, and the list around ``range``."""

    def __init__(self, values: Values) -> None:
        self._values = values

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if self._values.of_notebook(node.func):
            raise Refused(node, "call it on a line of its own, name = instrument.method(), and use the name")
        called = self._values.names.dotted(node.func)
        if called == "list" and len(node.args) == 1 and isinstance(node.args[0], ast.Call):
            inner = node.args[0]
            if self._values.names.dotted(inner.func) == "range":
                return self.visit_Call(inner)
        if self._values.names.helper(node) == "member":
            raise Refused(node, "a member of an Enum cannot be part of a formula")
        name = called.removeprefix("math.")
        function = ast.Name(name, ast.Load()) if name.isidentifier() else node.func
        keywords = [ast.keyword(one.arg, self.visit(one.value)) for one in node.keywords]
        return ast.Call(function, [self.visit(one) for one in node.args], keywords)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        dotted = self._values.names.dotted(node)
        if dotted in _IS_MATH:
            return ast.Name(dotted.removeprefix("math."), ast.Load())
        if self._values.of_notebook(node):
            raise Refused(node, f"{node.id} is of the notebook, and a formula is over values; give it to a call as an argument of its own")
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if self._values.names.dotted(node) in _IS_MATH:
            return ast.Name(node.attr, ast.Load())
        if self._values.of_notebook(node):
            raise Refused(node, _READ_FIRST)
        return node


class _Marked(ast.NodeTransformer):
    """Writes ``#`` before run-time parameters."""

    def __init__(self, values: Values) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.AST:
        marked = self._values.inputs.get(node.id)
        return ast.Name(f"#{marked}", ast.Load()) if marked else node

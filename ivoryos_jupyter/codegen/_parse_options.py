"""What was written as an argument?  The parts of a call that must be plain text, plain numbers or lambdas."""

from __future__ import annotations

import ast
from typing import cast

from ivoryos_jupyter.codegen._parse_source import Refused
from ivoryos_jupyter.schema import closest


def near(name: str, known: list[str]) -> str:
    """Return the closest of `known`, as a question."""
    found = closest(name, known)
    return f"; did you mean {found}?" if found else ""


def as_node(given: object) -> ast.expr:
    """Return a bound argument as one expression; what was gathered is a list or a dict."""
    if isinstance(given, list):
        return ast.List([as_node(one) for one in given], ast.Load())
    if isinstance(given, dict):
        keys: list[ast.expr | None] = [ast.Constant(key) for key in given]
        return ast.Dict(keys, [as_node(one) for one in given.values()])
    return cast("ast.expr", given)


def keywords(node: ast.Call, known: set[str]) -> dict[str, ast.expr]:
    """Return the named arguments of a call that may take `known` only."""
    wrong = [one.arg or "**" for one in node.keywords if one.arg not in known]
    if wrong:
        raise Refused(node, f"{ast.unparse(node.func)} takes {', '.join(sorted(known))}, not {', '.join(wrong)}")
    return {one.arg: one.value for one in node.keywords if one.arg is not None}


def only(node: ast.Call, what: str) -> ast.expr:
    """Return the one argument of a call."""
    if len(node.args) != 1 or node.keywords:
        raise Refused(node, f"{ast.unparse(node.func)} takes {what} and nothing else")
    return node.args[0]


def plain_text(node: ast.expr) -> str:
    """Return a text that is written out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise Refused(node, "a text between quotes is needed here")


def is_none(node: ast.expr) -> bool:
    """Whether None is written."""
    return isinstance(node, ast.Constant) and node.value is None


def number(node: ast.expr | None, call: ast.Call) -> float:
    """Return a number that is written out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return node.value
    raise Refused(call, "plain numbers are needed for its options")


def lambda_body(node: ast.expr, names: list[str]) -> ast.expr:
    """Return the body of a lambda over `names`."""
    if isinstance(node, ast.Lambda) and [one.arg for one in node.args.args] == names:
        return node.body
    raise Refused(node, f"write it as lambda{' ' if names else ''}{', '.join(names)}: …")


def kind_asked(node: ast.Call) -> str:
    """Return the type that ``ask`` is given."""
    kind = node.args[1] if len(node.args) > 1 else ast.Name("str", ast.Load())
    return kind.id if isinstance(kind, ast.Name) else ""


def answer_options(node: ast.Call) -> dict[str, object]:
    """Return what ``ask`` is told of the answer besides its type."""
    given = keywords(node, {"choices", "unit", "minimum", "maximum", "default"})
    found: dict[str, object] = {}
    for name, value in given.items():
        if name == "choices":
            found[name] = tuple(constant_list(value))
            continue
        try:
            plain = ast.literal_eval(value)
        except ValueError:
            raise Refused(value, f"{name} is a constant") from None
        fits = isinstance(plain, str) if name == "unit" else isinstance(plain, (str, int, float, bool, type(None)))
        if not fits or (name in {"minimum", "maximum"} and isinstance(plain, (str, bool))):
            raise Refused(value, f"{name} is {'text' if name == 'unit' else 'a number or a plain constant'}")
        found[name] = float(plain) if name in {"minimum", "maximum"} and plain is not None else plain
    return found


def constant_list(node: ast.expr | None) -> list[object]:
    """Return a list of constants."""
    if node is None:
        return []
    try:
        found = ast.literal_eval(node)
    except ValueError:
        found = None
    if not isinstance(found, list | tuple):
        raise Refused(node, "the choices are a list of constants")
    return list(found)

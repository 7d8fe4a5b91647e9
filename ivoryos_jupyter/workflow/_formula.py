"""How is the text of a formula read?  Marks are taken from its names, and what is not well formed or too large is refused."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ExpressionError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_TEXT = 2000
MOST_NODES = 400
DEEPEST_NESTING = 40


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that is Python by its form; what it may use is not looked at yet."""

    text: str
    """As Python, without the ``#`` marks."""
    marked: tuple[str, ...]
    """The names that were written ``#name``."""
    root: ast.expr


def read_formula(text: str) -> Formula:
    """Return what `text` says; raise `ExpressionError` when it is not well formed or too large."""
    source, marked = _without_marks(text)
    if not source:
        raise problem_of(text, "is empty; write a formula such as left < 15")
    if len(source) > LONGEST_TEXT:
        raise problem_of(text, f"is longer than {LONGEST_TEXT} characters; use variables for its parts")
    tree = _parse(source)
    _check_size(source, tree)
    return Formula(source, tuple(dict.fromkeys(marked)), tree.body)


def fill(text: str, context: Mapping[str, object]) -> str:
    """Return `text` with each ``#name`` that `context` knows replaced by its value; others stay as they are."""
    parts: list[str] = []
    rest = text
    while "#" in rest:
        before, _, rest = rest.partition("#")
        name = _leading_name(rest)
        known = name if name in context else ""
        parts += [before, str(context[known]) if known else "#"]
        rest = rest[len(known) :]
    return "".join([*parts, rest])


def problem_of(text: str, message: str) -> ExpressionError:
    """Return the error that says what is wrong with the expression `text`."""
    return ExpressionError([Problem(f"expression {text!r}", message, text)])


def _leading_name(text: str) -> str:
    end = 0
    while end < len(text) and text[: end + 1].isidentifier():
        end += 1
    return text[:end]


def _without_marks(text: str) -> tuple[str, list[str]]:
    """Return `text` without the ``#`` before names, and those names; text in quotes is left alone."""
    kept: list[str] = []
    marked: list[str] = []
    quote, skip = "", False
    for index, letter in enumerate(text):
        if skip or quote:
            skip = not skip and letter == "\\"
            quote = "" if letter == quote and not skip and not _escaped(text, index) else quote
        elif letter in "'\"":
            quote = letter
        elif letter == "#":
            name = _leading_name(text[index + 1 :])
            if not name:
                raise problem_of(text, "has a # without a name after it; write #volume, or take the # out")
            marked.append(name)
            continue
        kept.append(letter)
    return "".join(kept).strip(), marked


def _escaped(text: str, index: int) -> bool:
    backslashes = len(text[:index]) - len(text[:index].rstrip("\\"))
    return backslashes % 2 == 1


def _parse(source: str) -> ast.Expression:
    try:
        return ast.parse(source, mode="eval")
    except SyntaxError as error:
        raise problem_of(source, _explain(source, error)) from error
    except (ValueError, MemoryError, RecursionError) as error:
        raise problem_of(source, f"cannot be read: {error or 'it is nested too deep'}") from error


def _explain(source: str, error: SyntaxError) -> str:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        where = f" near character {error.offset}" if error.offset else ""
        return f"is not finished or not well formed: {error.msg}{where}"
    return "is a statement; write a formula, and == to compare"


def _check_size(source: str, tree: ast.AST) -> None:
    level: list[ast.AST] = [tree]
    depth = total = 0
    while level:
        depth, total = depth + 1, total + len(level)
        if depth > DEEPEST_NESTING or total > MOST_NODES:
            raise problem_of(source, "is too large; use variables for its parts")
        level = [child for node in level for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr_context)]

"""What does a formula over names mean?  A small part of Python, parsed once, compiled to closures, never evaluated as code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ExpressionError
from ivoryos_jupyter.workflow._closures import Closures
from ivoryos_jupyter.workflow._formula import problem_of, read_formula

if TYPE_CHECKING:
    from ivoryos_jupyter.workflow._closures import Closure, Context, Refer


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression that was found to be harmless."""

    text: str
    """The expression as Python, without the ``#`` marks."""
    names: tuple[str, ...]
    """The names it needs, in order of first appearance."""
    marked: tuple[str, ...]
    """Those that were written ``#name``: run-time parameters, unless a step makes them."""
    closure: Closure

    def evaluate(self, context: Context) -> object:
        """Return the value for the names in `context`; raise `ExpressionError` saying what went wrong."""
        try:
            return self.closure(context)
        except ExpressionError:
            raise
        except ZeroDivisionError as error:
            raise problem_of(self.text, "divides by zero") from error
        except Exception as error:  # operands come from drivers and may raise whatever they like
            raise problem_of(self.text, f"{error} ({type(error).__name__})") from error

    def holds(self, context: Context) -> bool:
        """Return whether the expression is true; raise `ExpressionError` when that cannot be said."""
        value = self.evaluate(context)
        try:
            return bool(value)
        except Exception as error:
            raise problem_of(self.text, f"is neither true nor false: {error}") from error


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Compiled:
    """Return `text`, ready to be evaluated; raise `ExpressionError` naming what is not allowed and where."""
    return compile_with(text, None)


def compile_with(text: str, refer: Refer | None) -> Compiled:
    """Return `text`, ready to be evaluated.

    Parameters
    ----------
    text
        The expression.
    refer
        Gives the closures of the parts that refer to something beside names.

    Raises
    ------
    ExpressionError
        Naming what is not allowed and where.
    """
    formula = read_formula(text)
    closures = Closures(formula.text, refer)
    closure = closures.compile(formula.root)
    return Compiled(formula.text, tuple(closures.names), formula.marked, closure)

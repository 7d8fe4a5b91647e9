"""How does one ask an instrument whether it did something?  A method or property that its driver's author names for that."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_F = TypeVar("_F", bound="Callable[..., object]")
_MARK = "__ivoryos_verifies__"


def verifies(*methods: str) -> Callable[[_F], _F]:
    """Say that a method, a property or a building block can tell whether `methods` were done.

    Used as ``@verifies("dispense")`` on a method, below ``@property`` on a property, or on a function whose `methods` are
    building blocks. It is called only when a person asks, about a step in doubt. A method gets those of the step's arguments
    that it has parameters for. It may return True or False, or any value from which the person can tell.
    """

    def mark(marked: _F) -> _F:
        setattr(marked, _MARK, methods)
        return marked

    return mark


def verifier_of(cls: type, method: str) -> str | None:
    """Return the name of the member of `cls` that can tell whether `method` was done; None when there is none.

    Properties are found in the class and not read.
    """
    for base in cls.__mro__:
        for name, member in vars(base).items():
            if tells(member.fget if isinstance(member, property) else member, method):
                return name
    return None


def tells(function: object, method: str) -> bool:
    """Whether a function was marked as one that can tell whether `method` was done."""
    return type(function) is types.FunctionType and method in function.__dict__.get(_MARK, ())

"""Which functions of the notebook serve as building blocks?"""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable

_F = TypeVar("_F", bound="Callable[..., object]")
_MARK = "__ivoryos_block__"
GENERAL = "general"
"""The category of a block for which none is said."""


@overload
def block(function: _F, /) -> _F: ...
@overload
def block(*, category: str = GENERAL) -> Callable[[_F], _F]: ...
def block(function: _F | None = None, /, *, category: str = GENERAL) -> _F | Callable[[_F], _F]:
    """Make a function a building block of workflows.

    Used as ``@block`` or ``@block(category="analysis")``; the function itself is returned, unchanged but for a mark.
    """

    def mark(marked: _F) -> _F:
        setattr(marked, _MARK, category)
        return marked

    return mark if function is None else mark(function)


def category_of(obj: object) -> str | None:
    """Return the category of a building block; None when `obj` is none."""
    if type(obj) is not types.FunctionType:
        return None
    category = obj.__dict__.get(_MARK)
    return category if isinstance(category, str) else None

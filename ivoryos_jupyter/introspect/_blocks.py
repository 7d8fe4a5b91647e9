"""Which functions of the notebook serve as building blocks?"""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable

_F = TypeVar("_F", bound="Callable[..., object]")
_MARK = "__ivoryos_block__"
_PURE = "__ivoryos_pure__"
GENERAL = "general"
"""The category of a block for which none is said."""


@overload
def block(function: _F, /) -> _F: ...
@overload
def block(*, category: str = GENERAL, pure: bool = False) -> Callable[[_F], _F]: ...
def block(function: _F | None = None, /, *, category: str = GENERAL, pure: bool = False) -> _F | Callable[[_F], _F]:
    """Make a function a building block of workflows.

    Used as ``@block`` or ``@block(category="analysis")``; the function itself is returned, unchanged but for a mark. A block
    that is ``pure`` touches no instrument, so that ``rehearse(blocks=True)`` may call it.
    """

    def mark(marked: _F) -> _F:
        setattr(marked, _MARK, category)
        if pure:
            setattr(marked, _PURE, True)
        return marked

    return mark if function is None else mark(function)


def category_of(obj: object) -> str | None:
    """Return the category of a building block; None when `obj` is none."""
    if type(obj) is not types.FunctionType:
        return None
    category = obj.__dict__.get(_MARK)
    return category if isinstance(category, str) else None


def is_pure(obj: object) -> bool:
    """Whether a building block was said to touch no instrument."""
    return type(obj) is types.FunctionType and obj.__dict__.get(_PURE) is True

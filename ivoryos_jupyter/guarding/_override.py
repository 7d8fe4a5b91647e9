"""Which calls pass limits and interlocks because a person said why?  Those of a ``with`` block, in its own context."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.runner import override_reason

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Override:
    """What a person said."""

    reason: str = ""
    """Why limits and interlocks are passed; empty where they hold."""
    take_over: bool = False
    """Whether an instrument may be used that a paused run holds."""


NONE = Override()
_now: ContextVar[Override] = ContextVar("ivoryos_override", default=NONE)


def override_now() -> Override:
    """Return the override that holds where this is called."""
    return _now.get()


@contextmanager
def override(reason: str, *, take_over: bool = False) -> Iterator[None]:
    """Make the calls of a ``with`` block although limits or interlocks forbid them; the reason is recorded with each.

    Parameters
    ----------
    reason
        Why; for example ``"calibrating, Ada present"``.
    take_over
        Whether the block may also use an instrument that a paused run holds.

    Raises
    ------
    ConversionError
        When the reason is blank.
    """
    token = _now.set(Override(override_reason(reason), take_over))
    try:
        yield
    finally:
        _now.reset(token)

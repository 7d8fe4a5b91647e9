"""What can go wrong with one call?  The kinds of faults, and what each does to a call."""

from __future__ import annotations

import math
from typing import Literal

FaultKind = Literal["exception", "never returns", "wrong type", "nan"]
FAULT_KINDS: tuple[FaultKind, ...] = ("exception", "never returns", "wrong type", "nan")


class RehearsedFaultError(RuntimeError):
    """Stands for whatever a driver might raise."""


def spoiled(value: object, kind: FaultKind) -> object:
    """Return what comes back in place of `value`."""
    if kind == "nan":
        return tuple(math.nan for _ in value) if isinstance(value, tuple | list) else math.nan
    return "ERR" if isinstance(value, int | float) else None

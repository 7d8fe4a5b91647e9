"""How does a person's thread wait for what another thread does?  Looking up now and then, so that an interrupt reaches it.

On Windows a thread that waits for a lock hears neither ■ nor Ctrl-C until it has it; a thread that runs hears them at once.
"""

from __future__ import annotations

import time
from concurrent.futures import wait
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")
LOOK_UP_S = 0.2
"""Seconds after which a waiting thread looks up."""


def is_done(future: Future[T], within_s: float | None) -> bool:
    """Wait until `future` is done, at most `within_s` seconds; return whether it is."""
    deadline = None if within_s is None else time.monotonic() + within_s
    while not future.done():
        left = LOOK_UP_S if deadline is None else min(LOOK_UP_S, deadline - time.monotonic())
        if left <= 0:
            return False
        wait([future], left)
    return True

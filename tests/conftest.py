"""What makes tests say the same on every machine?  Property tests look at the same cases each time; work is counted, not timed.

To let the property tests look further: ``pytest --hypothesis-profile=search``.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

settings.register_profile("search", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", settings.get_profile("search"), derandomize=True)
settings.load_profile("steady")


@pytest.fixture
def no_thread_outlives_a_test() -> Iterator[None]:
    """Fail a test that leaves a thread behind."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 30
    while left := [one for one in threading.enumerate() if one not in before and one.is_alive()]:
        assert time.monotonic() < deadline, f"threads left behind: {left}"
        left[0].join(0.05)


@pytest.fixture
def calls_made() -> Callable[[Callable[[], object]], int]:
    """Count the calls of Python functions that something makes: a measure of work that no other work on the machine disturbs."""

    def counted(work: Callable[[], object]) -> int:
        events: list[str] = []
        before = sys.getprofile()
        sys.setprofile(lambda _frame, event, _arg: events.append(event))
        try:
            work()
        finally:
            sys.setprofile(before)
        return events.count("call")

    return counted

"""Does a thread that waits for another one look up often enough to be interrupted, on Windows too?"""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future

import pytest

from ivoryos_jupyter.runner import _looking_up
from ivoryos_jupyter.runner._looking_up import is_done


def test_what_is_done_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(_looking_up, "wait", None)
    future: Future[object] = Future()
    future.set_result(1)
    assert is_done(future, None)
    assert is_done(future, 0)


def test_a_wait_ends_when_its_time_is_up():
    before = time.monotonic()
    assert not is_done(Future(), 0.05)
    assert time.monotonic() - before >= 0.05
    assert not is_done(Future(), 0)


def test_a_wait_ends_as_soon_as_it_is_done():
    future: Future[object] = Future()
    waiting = threading.Event()
    found: list[bool] = []

    def wait_for_it() -> None:
        waiting.set()
        found.append(is_done(future, None))

    waiter = threading.Thread(target=wait_for_it)
    waiter.start()
    waiting.wait()
    future.set_exception(TimeoutError("the driver's own"))
    waiter.join()
    assert found == [True]


@pytest.mark.parametrize("within_s", [None, 3600.0])
def test_no_look_is_further_away_than_an_interrupt_may_take(monkeypatch, within_s):
    """A thread that waits for a lock hears nothing on Windows, so no single wait may be long."""
    future: Future[object] = Future()
    waits: list[float] = []

    def wait(_futures, seconds):
        waits.append(seconds)
        if len(waits) == 3:
            future.set_result(None)

    monkeypatch.setattr(_looking_up, "wait", wait)
    assert is_done(future, within_s)
    assert waits == [_looking_up.LOOK_UP_S] * 3

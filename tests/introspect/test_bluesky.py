"""Devices of one's own that speak Bluesky's protocols."""

# ruff: noqa: PLC0415 - the library warns when it is imported, which the filter of a test quiets
from __future__ import annotations

import pytest

from ivoryos_jupyter.errors import CallTimeoutError
from ivoryos_jupyter.introspect import LiveDeck

pytestmark = pytest.mark.filterwarnings("ignore")


class Status:
    def __init__(self, *, done):
        self.done = done

    def wait(self, timeout=None):
        if not self.done:
            raise TimeoutError(timeout)


class Stage:
    name = "stage"
    parent = None

    def read(self): ...

    def describe(self): ...

    def set(self, value: float):
        return Status(done=value < 10)


@pytest.fixture
def stage_deck():
    import bluesky.protocols

    assert bluesky.protocols
    deck = LiveDeck()
    deck.update({"stage": Stage()})
    return deck


def test_what_it_sets_is_waited_for(stage_deck):
    assert stage_deck.instrument("stage").adapter == "bluesky"
    move = stage_deck.member("stage", "set", "call")
    args, kwargs = move.live_arguments({"value": 1.0}, stage_deck.resolve)
    assert move.target(*args, **kwargs).done


def test_what_is_never_done_is_a_timeout(stage_deck):
    move = stage_deck.member("stage", "set", "call")
    args, kwargs = move.live_arguments({"value": 11.0, "wait_timeout_s": 0.01}, stage_deck.resolve)
    with pytest.raises(CallTimeoutError, match="not done after"):
        move.target(*args, **kwargs)

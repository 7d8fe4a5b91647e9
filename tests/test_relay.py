"""The relay: nobody is held up, nothing that counts is lost."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest

from ivoryos_jupyter.relay import Relay


@dataclass(frozen=True)
class Progress:
    key: str
    value: int


@dataclass(frozen=True)
class Happened:
    value: int


@pytest.fixture
def relay():
    relay = Relay()
    yield relay
    relay.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "ivoryos-relay"]


def test_every_event_without_a_key_is_heard_in_order(relay):
    heard = []
    relay.subscribe(heard.append)
    for number in range(100):
        relay.publish(Happened(number))
    assert relay.flush(30)
    assert [event.value for event in heard] == list(range(100))


def test_a_slow_listener_gets_the_latest_of_what_replaces_each_other(relay):
    heard, entered, go = [], threading.Event(), threading.Event()

    def slow(event):
        entered.set()
        go.wait(30)
        heard.append(event)

    relay.subscribe(slow)
    relay.publish(Progress("run", 0))
    assert entered.wait(30)
    for number in range(1, 50):
        relay.publish(Progress("run", number))
    relay.publish(Progress("other", 7))
    go.set()
    assert relay.flush(30)
    assert heard == [Progress("run", 0), Progress("run", 49), Progress("other", 7)]


@pytest.mark.parametrize("error", [ValueError("no"), RuntimeError("gone")])
def test_a_listener_that_fails_keeps_nobody_from_hearing(relay, error, caplog):
    heard = []

    def fails(_event):
        raise error

    relay.subscribe(fails)
    relay.subscribe(heard.append)
    relay.publish(Happened(1))
    assert relay.flush(30)
    assert heard == [Happened(1)]
    assert "A listener failed on Happened" in caplog.text


def test_after_unsubscribing_nothing_is_heard(relay):
    heard = []
    unsubscribe = relay.subscribe(heard.append)
    unsubscribe()
    unsubscribe()
    relay.publish(Happened(1))
    assert relay.flush(30)
    assert heard == []


def test_a_closed_relay_drops_events_and_says_nothing():
    relay = Relay()
    heard = []
    relay.subscribe(heard.append)
    relay.publish(Happened(1))
    relay.close()
    relay.publish(Happened(2))
    assert heard == [Happened(1)]

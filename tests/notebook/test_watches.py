"""A value is watched from the notebook, and shown with its age."""

import threading

import pytest

from ivoryos_jupyter.errors import ConversionError, UnknownNameError
from ivoryos_jupyter.notebook import WatchList, watch
from ivoryos_jupyter.runner import WatchTripped


@pytest.fixture
def tripped(session):
    """Waits for a watch to trip."""
    seen, happened = [], threading.Event()

    def hear(event):
        if isinstance(event, WatchTripped):
            seen.append(event)
            happened.set()

    session.relay.subscribe(hear)

    def wait():
        assert happened.wait(30)
        return seen[0]

    return wait


def test_a_watched_value_is_shown_with_its_band_and_its_age(session, tripped):
    watches = WatchList(session)
    assert "Nothing is watched" in repr(watches)
    mine = watch(session, "reactor.temperature", every_s=0.05, between=(30, 80))
    trip = tripped()
    assert trip.reason.endswith("is below 30 °C")
    assert trip.label == "reactor.temperature"
    assert mine.tripped == trip.reason
    text = repr(watches)
    assert "30 to 80 °C" in text
    assert "just now" in text or "s ago" in text
    assert "is below 30" in text
    assert "<td" in watches._repr_html_()
    assert watches._ipython_key_completions_() == ["reactor.temperature"]
    watches["reactor.temperature"].stop()
    assert len(watches) == 0
    assert "stopped" in repr(mine)
    assert session.watches.close()  # a reading is acted upon first and kept after
    session.pipeline.close()  # by the clerk
    frame = session.history.observations(instrument="reactor", property="temperature")
    assert len(frame) == mine.readings
    assert set(frame["unit"]) == {"°C"}


def test_a_function_is_called_with_what_happened(session):
    called = threading.Event()
    watch(session, "pump.flow_rate", every_s=0.05, require="reading > 1000", then=lambda trip: called.set())
    assert called.wait(30)
    WatchList(session).stop()
    assert len(WatchList(session)) == 0


@pytest.mark.parametrize(
    ("target", "how", "said"),
    [
        ("temperature", {}, "name a property"),
        ("reactor.temperature", {"between": 5}, "lower and the upper end"),
        ("reactor.temperature", {"between": (1, 2, 3)}, "lower and the upper end"),
        ("reactor.temperature", {"between": ("a", 3)}, "lower and the upper end"),
        ("reactor.temperature", {"between": (None, float("nan"))}, "lower and the upper end"),
        ("reactor.temperature", {"require": "temperature > 5"}, "use only reading"),
        ("reactor.temperature", {"require": "reading >"}, "not finished"),
        ("reactor.temperature", {"then": "stop"}, "must be one of"),
    ],
)
def test_a_watch_that_makes_no_sense_is_refused(session, target, how, said):
    with pytest.raises(ConversionError) as caught:
        watch(session, target, every_s=1, **how)
    assert said in str(caught.value)
    assert len(WatchList(session)) == 0


def test_what_is_not_there_is_refused_with_the_closest(session):
    with pytest.raises(UnknownNameError, match="temperature"):
        watch(session, "reactor.temprature", every_s=1)
    with pytest.raises(UnknownNameError, match="not watched"):
        WatchList(session)["reactor.temperature"]


def test_watches_end_with_the_session(session):
    watch(session, "reactor.temperature", every_s=0.05)
    session.close()
    assert not any(thread.name == "ivoryos-watches" and thread.is_alive() for thread in threading.enumerate())

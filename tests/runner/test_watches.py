"""A watched property is read in time and kept; leaving its band acts once, also during a hold, and blindness counts."""

import threading
from contextlib import closing
from queue import SimpleQueue

import pytest

from ivoryos_jupyter.errors import ConversionError, UnknownNameError
from ivoryos_jupyter.records import History, open_store
from ivoryos_jupyter.runner import Band, State, VirtualClock, Watches, WatchRead, WatchTripped
from ivoryos_jupyter.workflow import Constant, Wait

COLD = Band(15, 80, unit="degC")


class Reactor:
    """Says what the test puts on its list, the last again and again."""

    def __init__(self) -> None:
        self.next: SimpleQueue[object] = SimpleQueue()
        self.now: object = 20.0
        self.reads = 0

    @property
    def temperature(self) -> float:
        """In degrees."""
        self.reads += 1
        if not self.next.empty():
            self.now = self.next.get()
        if isinstance(self.now, Exception):
            raise self.now
        if isinstance(self.now, threading.Event):
            self.now.wait()
        return self.now  # type: ignore[return-value]

    def then(self, *values: object) -> None:
        """Say these values one after the other."""
        for value in values:
            self.next.put(value)

    def stir(self, gate: str = "") -> str:
        """Return it."""
        return gate


@pytest.fixture
def reactor():
    return Reactor()


@pytest.fixture
def watched(make_lab, reactor):
    """Make a laboratory with watches, on a clock of their own if wanted."""
    made = []

    def make(clock=None, **more):
        lab = make_lab({"reactor": reactor}, **more)
        actions = {
            "pause": lambda trip: lab.runner.pause(trip.run_key) if trip.run_key else None,
            "make safe": lambda _: lab.runner.make_safe(),
        }
        lab.watches = Watches(lab.pipeline, lambda: lab.runner.active, actions, clock)
        made.append(lab.watches)
        return lab

    yield make
    for one in made:
        assert one.close()


def trips(lab):
    return [event for event in lab.events if isinstance(event, WatchTripped)]


def reads(lab):
    return [event for event in lab.events if isinstance(event, WatchRead) and not event.ended]


def test_readings_are_kept_with_their_unit_and_told(watched, reactor):
    lab = watched()
    reactor.then(20.0, 21.0, 22.0)
    watch = lab.watches.add("reactor", "temperature", 0.05, COLD, "notify", 3)
    lab.until(lambda: len(reads(lab)) >= 3)
    lab.written()
    watch.stop()
    assert [one.value for one in lab.recorder.observations[:3]] == [20.0, 21.0, 22.0]
    assert {(one.instrument, one.property, one.unit, one.error) for one in lab.recorder.observations} == {
        ("reactor", "temperature", "degC", None)
    }
    assert [event.value for event in reads(lab)[:3]] == [20.0, 21.0, 22.0]
    assert trips(lab) == []
    assert len(lab.watches) == 0


def test_leaving_the_band_acts_once_until_the_value_has_been_back(watched, reactor):
    lab = watched()
    seen = []
    reactor.then(20.0, 90.0, 91.0, 20.0, 14.0, 13.0, 20.0)
    watch = lab.watches.add("reactor", "temperature", 0.05, COLD, seen.append, 3)
    lab.until(lambda: watch.readings >= 7 and len(seen) == 2)
    assert sorted(trip.reason for trip in seen) == ["14 degC is below 15 degC", "90 degC is above 80 degC"]
    assert [trip.reason for trip in trips(lab)] == ["90 degC is above 80 degC", "14 degC is below 15 degC"]
    lab.until(lambda: lab.kinds() == ["watch_tripped", "watch_back"] * 2)
    assert watch.excursions == 2
    assert watch.tripped == ""


def test_a_watch_pauses_a_run_in_the_middle_of_a_six_hour_hold(watched, reactor, flow):
    clock = VirtualClock()
    lab = watched(clock)
    reactor.then(*([20.0] * 200), 95.0)
    handle = lab.submit(flow(Wait(id="w", seconds=Constant(6 * 3600))))
    lab.until(lambda: handle.status.step is not None)
    watch = lab.watches.add("reactor", "temperature", 10, COLD, "pause", 3)
    lab.wait_for(handle, State.PAUSED)
    watch.stop()
    assert clock.monotonic() >= 2000
    assert {one.run_id for one in lab.recorder.observations[:201]} == {handle.status.run_id}
    assert trips(lab)[0].run_id == handle.status.run_id
    handle.stop(now=True)
    handle.wait(30)


def test_a_watch_reads_between_the_calls_of_a_run_that_holds_the_instrument(watched, reactor, act, flow):
    lab = watched()
    handle = lab.submit(flow(act("stir", instrument="reactor"), Wait(id="w", seconds=Constant(600)), act("stir", instrument="reactor")))
    lab.until(lambda: handle.status.step is not None and handle.status.step.label == "wait")
    lab.watches.add("reactor", "temperature", 0.05, COLD, "notify", 3)
    lab.until(lambda: len(reads(lab)) >= 2)
    assert {event.error for event in reads(lab)} == {""}
    handle.stop(now=True)
    handle.wait(30)


def test_make_safe_stops_the_run(watched, reactor, act, flow):
    lab = watched()
    handle = lab.submit(flow(Wait(id="w", seconds=Constant(600)), act("dose", volume=1.0)))
    lab.until(lambda: handle.status.step is not None)
    reactor.then(90.0)
    lab.watches.add("reactor", "temperature", 0.05, COLD, "make safe", 3)
    assert handle.wait(30).outcome.value == "stopped"
    assert lab.pump.doses == []


def test_what_cannot_be_seen_so_often_is_not_safe(watched, reactor):
    lab = watched()
    reactor.then(20.0, RuntimeError("no answer"), 20.0, RuntimeError("no answer"), float("nan"), RuntimeError("gone"))
    watch = lab.watches.add("reactor", "temperature", 0.05, COLD, "notify", 3)
    lab.until(lambda: trips(lab) and len(lab.recorder.observations) >= 6)
    watch.stop()
    assert trips(lab)[0].reason.startswith("it could not be seen 3 times in a row: ")
    errors = [one.error for one in lab.recorder.observations[:6]]
    assert [bool(error) for error in errors] == [False, True, False, True, True, True]
    assert "no number" in errors[4]


def test_a_busy_instrument_makes_the_reading_late_and_nothing_else(watched, reactor):
    lab = watched()
    blocked = lab.call("pump", "block")
    assert lab.pump.entered.wait(30)
    watch = lab.watches.add("pump", "rate", 0.05, Band(), "notify", 1)
    other = lab.watches.add("reactor", "temperature", 0.05, COLD, "notify", 1)
    lab.until(lambda: len(lab.watches._glances) == 2)
    assert not threading.Event().wait(0.2)
    assert (watch.readings, other.readings) == (0, 0)
    lab.pump.gate.set()
    assert blocked.result(30) == "free"
    lab.until(lambda: watch.readings >= 2 and other.readings >= 2)
    lab.written()
    first = {one.property: one.at_us - one.due_us for one in reversed(lab.recorder.observations)}
    assert min(first["rate"], first["temperature"]) >= 150_000
    assert trips(lab) == []


def test_a_reading_that_never_returns_is_given_up_and_counts_as_blind(watched, reactor, monkeypatch):
    monkeypatch.setattr("ivoryos_jupyter.runner._glance.READ_WITHIN_S", 0.05)
    lab = watched(grace_s=0.05)
    hang = threading.Event()
    reactor.then(hang)
    watch = lab.watches.add("reactor", "temperature", 0.05, COLD, "notify", 2)
    try:
        lab.until(lambda: trips(lab) and lab.recorder.observations)
        assert "never returned" in lab.recorder.observations[0].error
        assert "not trusted" in lab.recorder.observations[0].error
        assert lab.pipeline.untrusted == ("reactor",)
        assert lab.call("pump", "dose", volume=1.0).result(30) == 2.0
    finally:
        watch.stop()
        hang.set()


def test_a_condition_may_say_what_must_hold(watched, reactor):
    lab = watched()
    reactor.then("open", "shut")
    lab.watches.add("reactor", "temperature", 0.05, Band(require="reading == 'open'"), "notify", 1)
    lab.until(lambda: trips(lab))
    assert "does not hold; the reading is shut" in trips(lab)[0].reason


def test_a_function_that_fails_is_kept_and_the_watch_goes_on(watched, reactor, caplog):
    lab = watched()

    def broken(_trip):
        raise RuntimeError("the siren is broken")

    reactor.then(90.0)
    watch = lab.watches.add("reactor", "temperature", 0.05, COLD, broken, 3)
    lab.until(lambda: "watch_action_failed" in lab.kinds() and watch.readings > 2)
    assert "the siren is broken" in caplog.text
    assert watch.does == "broken"


def test_the_database_may_be_gone_and_the_watch_acts_all_the_same(watched, reactor, caplog):
    lab = watched()
    lab.recorder.out_of_reach.add("observe")
    reactor.then(90.0)
    lab.watches.add("reactor", "temperature", 0.05, COLD, "notify", 3)
    lab.until(lambda: trips(lab) and "could not be kept" in caplog.text)


def test_a_second_watch_of_a_property_takes_the_place_of_the_first(watched, reactor):
    lab = watched()
    first = lab.watches.add("reactor", "temperature", 0.05, COLD, "notify", 3)
    second = lab.watches.add("reactor", "temperature", 0.05, Band(0, 10), "notify", 3)
    lab.until(lambda: trips(lab))
    assert first.stopped
    assert list(lab.watches) == [second]
    assert lab.watches.stop("reactor", "temperature")
    assert not lab.watches.stop("reactor", "temperature")
    second.stop()


def test_a_watch_that_makes_no_sense_is_refused_with_everything_wrong(watched):
    lab = watched()
    with pytest.raises(ConversionError) as caught:
        lab.watches.add("reactor", "temperature", 0, Band(9, 3), "explode", 0)
    assert [problem.field for problem in caught.value.problems] == ["every_s", "between", "then", "after_failures"]
    with pytest.raises(UnknownNameError, match="temperature"):
        lab.watches.add("reactor", "temprature", 1, COLD, "notify", 3)
    with pytest.raises(UnknownNameError):
        lab.watches.add("reacter", "temperature", 1, COLD, "notify", 3)


def test_a_stopped_watch_reads_no_more(watched, reactor):
    lab = watched()
    watch = lab.watches.add("reactor", "temperature", 0.05, COLD, "notify", 3)
    lab.until(lambda: watch.readings >= 1)
    watch.stop()
    watch.stop()
    read = reactor.reads
    assert not threading.Event().wait(0.2)
    assert reactor.reads <= read + 1


def test_the_history_has_the_readings_as_a_table(watched, reactor, tmp_path):
    with closing(open_store(tmp_path / "data", "")) as store:
        lab = watched(recorder=store)
        reactor.then(20.0, RuntimeError("no answer"), 22.0)
        watch = lab.watches.add("reactor", "temperature", 0.05, COLD, "notify", 3)
        lab.until(lambda: len(reads(lab)) >= 3)
        lab.written()
        watch.stop()
        frame = History(store).observations(instrument="reactor", property="temperature").head(3)
        assert frame["value"].tolist()[::2] == [20.0, 22.0]
        assert "no answer" in frame["error"][1]
        assert (frame["at"] >= frame["due"]).all()
        lab.watches.close()
        lab.pipeline.close()


def test_a_reading_that_cannot_even_be_started_is_a_failure_and_the_next_one_is_made(watched, reactor, monkeypatch):
    lab = watched()
    start, broken = lab.executor.start, [True]

    def start_or_fail(job, done):
        if broken:
            broken.pop()
            raise RuntimeError("the loop is closed")
        return start(job, done)

    monkeypatch.setattr(lab.executor, "start", start_or_fail)
    lab.watches.add("reactor", "temperature", 0.05, COLD, "notify", 3)
    lab.until(lambda: len(lab.recorder.observations) >= 2)
    assert "the loop is closed" in lab.recorder.observations[0].error
    assert lab.recorder.observations[1].value == 20.0

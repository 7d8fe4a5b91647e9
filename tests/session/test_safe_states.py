"""What is set as a safe state, and kept; and what a session knows of usual durations and deadlines."""

from __future__ import annotations

import json
import threading

import pytest

import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.errors import ConversionError, NotTrustedError, SafetyFileError, UnknownNameError
from ivoryos_jupyter.introspect import safe_state
from ivoryos_jupyter.session import current_session
from ivoryos_jupyter.testing import Pump, Reactor


class Valve:
    """Marks its own safe state."""

    def __init__(self) -> None:
        self.closed = 0

    @safe_state
    def close(self) -> None:
        """Close."""
        self.closed += 1


@pytest.fixture
def names():
    return {"pump": Pump(time_scale=0), "reactor": Reactor(time_scale=0), "valve": Valve()}


@pytest.fixture
def session(names, tmp_path):
    ivoryos.start(names, tmp_path, operator="ada")
    yield current_session()
    ivoryos.stop()


def test_what_is_set_is_kept_beside_the_data_and_called(session, names):
    ivoryos.safe_states.set("pump", "refill", order=2)
    ivoryos.safe_states.set("reactor", "set_mode", order=-1.5)
    data = json.loads(session.folder.safe_states.read_text(encoding="utf-8"))
    assert data == {
        "format": "ivoryos-safe-states/1",
        "safe_states": [
            {"instrument": "pump", "method": "refill", "order": 2},
            {"instrument": "reactor", "method": "set_mode", "order": -1.5},
        ],
    }
    assert [one.label for one in ivoryos.safe_states.plan().handlers] == ["reactor.set_mode", "valve.close", "pump.refill"]
    report = ivoryos.make_safe().result(30)
    assert [(row.handler, row.outcome) for row in report.rows] == [
        ("reactor.set_mode", "done"),
        ("valve.close", "done"),
        ("pump.refill", "done"),
    ]
    assert names["valve"].closed == 1


def test_set_again_it_changes_the_order_and_removed_it_is_gone(session):
    ivoryos.safe_states.set("pump", "refill", order=2)
    ivoryos.safe_states.set("pump", "refill", order=3)
    assert [(one.method, one.order) for one in ivoryos.safe_states.settings] == [("refill", 3)]
    ivoryos.safe_states.remove("pump")
    assert ivoryos.safe_states.settings == ()
    with pytest.raises(UnknownNameError, match="pump is not set as a safe state here, only nothing"):
        ivoryos.safe_states.remove("pump")


@pytest.mark.parametrize(
    ("instrument", "method", "order", "error", "words"),
    [
        ("pmup", "refill", 0, UnknownNameError, "did you mean 'pump'"),
        ("pump", "refil", 0, UnknownNameError, "did you mean 'refill'"),
        ("pump", "dispense", 0, UnknownNameError, "asks for volume_ml"),
        ("pump", "refill", "first", ConversionError, "order: give a number"),
        ("pump", "refill", float("nan"), ConversionError, "order: give a number"),
        ("pump", "refill", True, ConversionError, "order: give a number"),
    ],
)
def test_what_cannot_be_called_cannot_be_set(session, instrument, method, order, error, words):
    with pytest.raises(error, match=words):
        ivoryos.safe_states.set(instrument, method, order=order)
    assert ivoryos.safe_states.settings == ()


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"format": "other", "safe_states": []}',
        '{"format": "ivoryos-safe-states/1", "safe_states": [1]}',
        '{"format": "ivoryos-safe-states/1", "safe_states": [{"instrument": "pump", "method": 3}]}',
        '{"format": "ivoryos-safe-states/1", "safe_states": [{"instrument": "pump"}]}',
        '{"format": "ivoryos-safe-states/1", "safe_states": [{"instrument": "pump", "method": "refill", "order": true}]}',
        '{"format": "ivoryos-safe-states/1", "safe_states": [{"instrument": "pump", "method": "refill", "when": 1}]}',
    ],
)
def test_settings_that_cannot_be_read_are_said_and_what_drivers_mark_is_called_all_the_same(session, names, text):
    session.folder.safe_states.write_text(text, encoding="utf-8")
    with pytest.raises(SafetyFileError, match=r"safe_states.json cannot be used"):
        _ = ivoryos.safe_states.settings
    report = ivoryos.make_safe().result(30)
    assert names["valve"].closed == 1
    assert "safe_states.json cannot be used" in report.problems[0]
    assert "safe_states.json cannot be used" in repr(ivoryos.safe_states)


def test_a_function_of_the_notebook_is_called_as_it_is_now(session, names):
    told: list[str] = []

    def define(word):
        @safe_state(instrument="pump", order=-1)
        def drain():
            told.append(word)

        names["drain"] = drain

    define("first")
    define("second")
    ivoryos.make_safe().result(30)
    assert told == ["second"]
    del names["drain"]
    ivoryos.make_safe().result(30)
    assert told == ["second"]


def test_each_handler_is_in_the_history_with_who_asked(session):
    ivoryos.make_safe().result(30)
    session.pipeline.clerk.close()
    row = ivoryos.history.single_steps().iloc[0]
    wanted = {"instrument": "valve", "method": "close", "origin": "make safe", "operator": "ada", "status": "done"}
    assert {name: row[name] for name in wanted} == wanted


def test_the_plan_is_readable(session):
    ivoryos.safe_states.set("pump", "refill")
    assert repr(ivoryos.safe_states).splitlines() == [
        "Make safe calls, in this order:",
        "  1. pump.refill()  set in safe_states.json",
        "  2. valve.close()  marked in its driver",
        "1 instrument has no handler: reactor.",
    ]


def test_the_deadlines_of_a_stop_can_be_changed_and_are_checked(session):
    assert ivoryos.stop_deadlines() == ivoryos.stop_deadlines()
    assert ivoryos.stop_deadlines(driver_stop_s=None, give_up_s=1).driver_stop_s is None
    assert session.pipeline.grace_s == 1
    assert ivoryos.stop_deadlines(driver_stop_s=0.5, handler_s=3).handler_s == 3
    with pytest.raises(ConversionError, match="give_up_s: give a number of seconds"):
        ivoryos.stop_deadlines(driver_stop_s=9, give_up_s=-1)
    assert session.pipeline.driver_stop_s == 0.5


def test_a_run_may_have_a_time_out_and_one_that_cannot_be_meant_is_refused(session):
    wf = ivoryos.new_workflow("rest")
    wf.script.wait(100)
    run = wf.submit(timeout_s=0.2)
    assert run.wait(30).error.startswith("The run took longer than its time-out of 0.2 s.")
    for wrong in (0, -1, "1 h", True, float("inf")):
        with pytest.raises(ConversionError, match="timeout_s: give a number of seconds above 0"):
            wf.submit(timeout_s=wrong)
    assert wf.submit(timeout_s=0.2).existed


def test_what_is_usual_is_the_middle_of_the_recorded_durations(session):
    usual = session.pipeline.usual
    assert usual("pump", "dispense") is None
    wf = ivoryos.new_workflow("dose")
    wf.script.call("pump.dispense", volume_ml=0.1)
    wf.submit(repeat=3).wait(30)
    assert 0 <= usual("pump", "dispense") < 1
    assert usual("pump", "refill") is None


def test_make_safe_reaches_the_live_instruments_while_a_saved_deck_is_in_use(session, names):
    ivoryos.safe_states.set("pump", "refill")
    session.deck.load_deck(session.deck.live.name)
    report = ivoryos.make_safe().result(30)
    assert [(row.handler, row.outcome) for row in report.rows] == [("pump.refill", "done"), ("valve.close", "done")]
    assert names["valve"].closed == 1
    assert report.without == ("reactor",)


class Furnace:
    """Heats until it is told to stop, and cannot be switched off."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.stopped = threading.Event()

    def heat(self) -> None:
        """Heat."""
        self.entered.set()
        self.stopped.wait()

    def stop(self) -> None:
        """Stop heating."""
        self.stopped.set()

    @safe_state
    def cool(self) -> None:
        """Raise: the line is dead."""
        raise TimeoutError("no answer on COM3")

    @property
    def temperature(self) -> float:
        """How warm it is."""
        return 900.0


def test_while_a_saved_deck_is_in_use_what_could_not_be_made_safe_is_not_trusted(session, names):
    names["furnace"] = Furnace()
    session.refresh()
    session.deck.load_deck(session.deck.live.name)
    report = ivoryos.make_safe().result(30)
    assert report.unreached == report.untrusted == ("furnace",)
    session.deck.unload_deck()
    with pytest.raises(NotTrustedError, match=r"could not be made safe: furnace\.cool failed"):
        ivoryos.call("furnace.heat")


def test_when_the_settings_cannot_even_be_asked_for_live_drivers_are_called_while_a_saved_deck_is_in_use(session, names, monkeypatch):
    def broken():
        raise RuntimeError("a bug")

    session.deck.load_deck(session.deck.live.name)
    monkeypatch.setattr(session.runner.safety, "plan", broken)
    report = ivoryos.make_safe().result(30)
    assert names["valve"].closed == 1
    assert report.problems == ("Only what the drivers mark was called: a bug",)


def test_a_call_under_way_finds_its_drivers_stop_after_a_saved_deck_was_loaded(session, names):
    furnace = names["furnace"] = Furnace()
    ivoryos.stop_deadlines(driver_stop_s=0.05)
    handle = ivoryos.call("furnace.heat")
    assert furnace.entered.wait(30)
    session.deck.load_deck(session.deck.live.name)
    handle.cancel()
    assert furnace.stopped.wait(30)


def test_watches_and_guarded_cells_stay_with_the_live_objects_while_a_saved_deck_is_in_use(session, names):
    furnace = names["furnace"] = Furnace()
    ivoryos.guard("furnace")
    session.deck.load_deck(session.deck.live.name)
    seen = threading.Event()
    ivoryos.watch("furnace.temperature", every_s=0.05, between=(0, 100), then=lambda _: seen.set())
    assert seen.wait(30)
    (watch,) = ivoryos.watches
    assert (watch.value, watch.error) == (900.0, "")
    assert names["furnace"].temperature == 900.0
    assert names["furnace"] is not furnace


def test_an_instrument_that_was_made_since_anybody_looked_is_made_safe(session, names):
    assert "late" not in session.deck.names
    late = names["late"] = Valve()
    report = ivoryos.make_safe().result(30)
    assert late.closed == 1
    assert [row.handler for row in report.rows] == ["valve.close", "late.close"]
    assert session.refresh()
    assert "late" in session.folder.pseudo_deck(session.deck.live.name).read_text(encoding="utf-8")
    assert not session.refresh()


def test_names_that_cannot_be_looked_at_are_said_and_what_is_known_is_made_safe(session, names, monkeypatch):
    def changing():
        raise RuntimeError("dictionary changed size during iteration")

    monkeypatch.setattr(session.deck.live, "update", lambda _: changing())
    report = ivoryos.make_safe().result(30)
    assert names["valve"].closed == 1
    assert report.problems == ("The notebook's names could not be looked at again: dictionary changed size during iteration",)

"""Rehearsing in the notebook: nothing is touched, nothing is recorded, and what comes of it reads well."""

from __future__ import annotations

import threading

import pandas as pd
import pytest

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.introspect import block
from ivoryos_jupyter.notebook import QueueRehearsal, Rehearsal, WorkflowHandle, rehearse_queue
from ivoryos_jupyter.rules import budget_of, parse_interlock
from ivoryos_jupyter.schema import Limit
from ivoryos_jupyter.session import Session, Surroundings
from ivoryos_jupyter.workflow import at_run, formula


class Mine:
    """Explodes on every touch once it is armed."""

    armed = False

    def __init__(self) -> None:
        """Set nothing off yet."""
        self._volume = 0.0

    def __getattribute__(self, name: str) -> object:
        if type(self).armed:
            raise AssertionError(f"{name} was touched")
        return super().__getattribute__(name)

    def dose(self, volume_ml: float) -> float:
        """Dose."""
        raise AssertionError(volume_ml)

    def stop(self) -> None:
        """Stop."""
        raise AssertionError

    @property
    def level(self) -> float:
        """Level in mL."""
        raise AssertionError

    @level.setter
    def level(self, value: float) -> None:
        raise AssertionError(value)


@pytest.fixture
def mined(tmp_path):
    """A session whose only instrument explodes, and a workflow that uses all of it."""
    deck = {"pump": Mine(), "helper": block(lambda value: 1 / 0 if value else 0)}
    session = Session(Surroundings(tmp_path, deck_name="mined", operator="ada", names=lambda: deck))
    wf = WorkflowHandle(session, "all of it")
    wf.prep.set("pump.level", 5.0)
    wf.script.call("pump.dose", volume_ml=at_run("volume"), save="left")
    wf.script.get("pump.level", save="level")
    wf.script.wait_for("pump.level", "reading > 10")
    with wf.script.while_("left > 5", most=3):
        wf.script.call("pump.dose", volume_ml=formula("left * 2"), save="left")
    wf.cleanup.call("pump.stop")
    Mine.armed = True
    yield session, wf
    Mine.armed = False
    session.close()


def counts(session):
    rows = session.store.database.rows
    tables = [str(row[0]) for row in rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: rows(f"SELECT COUNT(*) FROM {name}")[0][0] for name in tables}  # noqa: S608 - names of our tables


@pytest.mark.parametrize("options", [{}, {"faults": 2}, {"queue": True}, {"blocks": True}])
def test_not_one_object_is_touched_and_not_one_row_is_written(mined, options):
    session, wf = mined
    before = counts(session)
    made = wf.rehearse([{"volume": 1.0}, {"volume": 2.0}], **options)
    assert isinstance(made, QueueRehearsal if options.get("queue") else Rehearsal)
    assert counts(session) == before
    assert not session.runner.runs
    assert not session.runner.queue.entries


def test_no_seat_of_the_live_deck_is_taken_and_no_thread_is_left(mined):
    session, wf = mined
    before = set(threading.enumerate())
    wf.rehearse([{"volume": 1.0}], faults=True)
    assert set(threading.enumerate()) == before
    assert not session.pipeline.untrusted


def test_at_a_desk_without_hardware_a_saved_deck_is_enough(dosing, session):
    session.deck.load_deck("bench")
    assert session.deck.offline is not None
    rehearsal = dosing.rehearse([{"volume": 1.0}])
    assert rehearsal.ok
    assert list(rehearsal.calls["method"]) == ["dispense", "measure", "temperature_(setter)"]


def test_the_tables_say_what_would_happen(dosing, session):
    session.limits.save(Limit("pump", "dispense", "volume_ml", maximum=5.0))
    dosing.script.wait(60)
    rehearsal = dosing.rehearse([{"volume": 1.0}, {"volume": 6.0}], durations={"pump.dispense": 30})
    calls = rehearsal.calls
    assert list(calls["status"]) == ["done", "done", "failed", "done", "done"]
    assert list(calls["lasts_s"]) == pytest.approx([30.0, 0.0, 0.0, 0.0, 0.0])
    assert isinstance(calls["starts"].dtype, pd.DatetimeTZDtype)
    assert calls.loc[2, "error"].startswith("pump.dispense was not called")
    assert list(rehearsal.problems["kind"]) == ["limit"]
    totals = rehearsal.totals.set_index(["instrument", "argument"])
    assert totals.loc[("pump", "volume_ml"), "sum"] == 1.0
    assert totals.loc[("pump", "volume_ml"), "unit"] == "mL"
    assert rehearsal.duration.p50 == pytest.approx(150)
    assert (rehearsal.ends - rehearsal.begins).total_seconds() == pytest.approx(150)
    assert len(rehearsal.steps) == len(calls) + 2
    assert "nothing is known" in set(rehearsal.assumed["from"])
    assert not rehearsal.ok


def test_text_and_html_say_the_essence_and_html_escapes(dosing):
    rehearsal = dosing.rehearse([{"volume": 1.0}], name="<b>night</b>", faults=True)
    text, html = repr(rehearsal), rehearsal._repr_html_()
    assert text.startswith("Rehearsal of '<b>night</b>': completed")
    assert "pump: 1 × dispense" in text
    assert "volume_ml 1 mL in all" in text
    assert "reactor: 1 × set temperature" in text
    assert "&lt;b&gt;night" in html
    assert "<b>night" not in html
    assert "Faults (" in html
    assert set(rehearsal.faults["fault"]) == {"exception", "never returns", "wrong type", "nan"}


def test_what_make_safe_would_reach_is_said_and_is_not_safe_by_itself(dosing, session):
    session.safe_states.set("pump", "refill")
    faults = dosing.rehearse([{"volume": 1.0}], faults=True).faults
    first = faults.iloc[0]
    assert (first["left"], first["make_safe"], first["safe"]) == ("pump", "pump", False)


def test_history_is_used_and_named(dosing, session):
    for again in (False, True, True):
        dosing.submit([{"volume": 1.0}], again=again).wait(30)
    rehearsal = dosing.rehearse([{"volume": 1.0}])
    about = rehearsal.assumed.set_index("about")
    assert about.loc["pump.dispense returns", "from"] == "recorded calls"
    assert about.loc["pump.dispense returns", "taken"].endswith("7 to 9")
    assert rehearsal.duration.p50 < 5


def test_a_direct_call_is_history_too(dosing, session):
    session.call("pump.dispense", (2.0,), {}).result(30)
    rehearsal = dosing.rehearse([{"volume": 1.0}])
    about = rehearsal.assumed.set_index("about")
    assert about.loc["pump.dispense returns", "from"] == "recorded calls"


def test_a_block_is_called_only_when_it_is_pure_and_that_is_asked_for(tmp_path):
    touched = []

    @block(pure=True)
    def double(value: float) -> float:
        """Double."""
        touched.append(value)
        return value * 2

    @block
    def valve(value: float) -> float:
        """May touch hardware."""
        raise AssertionError(value)

    deck = {"double": double, "valve": valve}
    session = Session(Surroundings(tmp_path, deck_name="blocks", names=lambda: deck))
    try:
        wf = WorkflowHandle(session, "w")
        wf.script.call("double", value=4.0, save="twice")
        wf.script.call("valve", value=formula("twice"))
        assert wf.rehearse().calls.loc[1, "arguments"] == {"value": 1.0}
        assert touched == []
        assert wf.rehearse(blocks=True).calls.loc[1, "arguments"] == {"value": 8.0}
        assert set(touched) == {4.0}
    finally:
        session.close()


def test_a_bad_cell_is_named_as_when_it_is_submitted(dosing):
    with pytest.raises(ConversionError, match="row 1, volume"):
        dosing.rehearse([{"volume": "much"}])
    with pytest.raises(ConversionError, match="asks for volume"):
        dosing.rehearse()
    for option in ({"times": 0}, {"times": 2.5}, {"faults": -1}, {"faults": "all"}):
        with pytest.raises(ConversionError, match=next(iter(option))):
            dosing.rehearse([{"volume": 1.0}], **option)
    with pytest.raises(ConversionError, match="neither faults"):
        dosing.rehearse([{"volume": 1.0}], queue=True, faults=True)


def test_a_run_that_takes_longer_than_it_may_is_left(dosing):
    rehearsal = dosing.rehearse([{"volume": 1.0}] * 5, timeout_s=100, durations={"pump.dispense": 60})
    assert rehearsal.rehearsed.outcome == "failed"
    assert rehearsal.duration.p50 < 200


def test_the_queue_is_rehearsed_in_its_order(dosing, session):
    session.runner.queue.hold("for the test")
    dosing.script.wait(3600)
    dosing.submit([{"volume": 1.0}], name="first", stop_here=True)
    dosing.submit([{"volume": 2.0}], name="held", hold=True)
    found = rehearse_queue(session)
    both = dosing.rehearse([{"volume": 1.0}, {"volume": 1.0}], name="third", queue=True)
    assert list(found.table["run"]) == ["first"]
    assert not any("stops after" in one for one in found.assumed)
    assert list(both.table["run"]) == ["first", "third"]
    assert (both.table["ends"] - both.table["begins"]).dt.total_seconds().tolist() == pytest.approx([3600, 7200])
    assert both.table.loc[1, "begins"] == both.table.loc[0, "ends"]
    assert any("held" in one for one in both.assumed)
    assert "on hold" in repr(both)
    assert "stops after 'first'" in repr(both)
    assert "<table>" in both._repr_html_()


def test_an_empty_queue_says_so(session):
    assert "nothing waits" in repr(rehearse_queue(session))


def test_a_budget_that_would_not_last_is_a_problem_and_nothing_is_charged(dosing, session):
    limit = {"at_most": 3.0, "per": "run", "since": "", "unit": "mL"}
    session.rules.file.add_budget(budget_of("pump.dispense", "volume_ml", deck=session.deck.schema(), **limit))
    for _ in range(2):
        rehearsal = dosing.rehearse([{"volume": 2.0}, {"volume": 2.0}])
        assert list(rehearsal.problems["kind"]) == ["budget"]
    assert dosing.rehearse([{"volume": 2.0}]).ok


@pytest.mark.parametrize(("rate", "kinds"), [(2.0, ["interlock"]), (8.0, [])])
def test_an_interlock_is_held_to_what_was_set_in_the_rehearsal(dosing, session, rate, kinds):
    session.rules.file.add_interlock(parse_interlock("when pump.dispense: require pump.flow_rate > 5"))
    dosing.prep.set("pump.flow_rate", rate)
    assert list(dosing.rehearse([{"volume": 2.0}]).problems["kind"]) == kinds


def test_a_rehearsal_on_assumptions_says_so_and_one_on_what_is_known_does_not(dosing):
    unknown = dosing.rehearse([{"volume": 1.0}])
    assert (unknown.ok, unknown.standing) == (True, "assumed")
    assert unknown.verdict == "no problem found, but 3 durations and 2 results were assumed"
    assert "✓" not in unknown._repr_html_()
    assert unknown.verdict in repr(unknown)
    times = {"pump.dispense": 30, "spectrometer.measure": 5, "reactor.temperature": 1}
    returns = {"pump.dispense": 8.0, "spectrometer.measure": (0.4, 0.1)}
    known = dosing.rehearse([{"volume": 1.0}], durations=times, returns=returns)
    assert (known.standing, known.verdict) == ("good", "no problem found")
    assert "✓ No problem found" in known._repr_html_()


def test_the_verdict_counts_problems_and_faults_without_cleanup(dosing, session):
    assert dosing.rehearse([{"volume": 1.0}], faults=True).verdict.endswith("faults leave something without cleanup")
    session.limits.save(Limit("pump", "dispense", "volume_ml", maximum=0.5))
    stopped = dosing.rehearse([{"volume": 1.0}])
    assert (stopped.verdict, stopped.standing) == ("1 problem found", "bad")

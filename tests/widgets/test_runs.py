"""What do the live views of runs get?"""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from ivoryos_jupyter.journal import Outcome, PhaseStarted
from ivoryos_jupyter.notebook import Options, WorkflowHandle, request_for
from ivoryos_jupyter.records import open_store
from ivoryos_jupyter.runner import _following
from ivoryos_jupyter.testing import Pump, Spectrometer
from ivoryos_jupyter.widgets import _runs
from ivoryos_jupyter.widgets._recall import _state, recall
from ivoryos_jupyter.widgets._run_book import cell, named_values
from ivoryos_jupyter.widgets._run_view import run_view
from ivoryos_jupyter.workflow import at_run


@pytest.fixture
def lab(new_session, desk_of):
    with new_session(pump=Pump(time_scale=0), spectrometer=Spectrometer(time_scale=0)) as session:
        yield desk_of(session)


def screening(session):
    wf = WorkflowHandle(session, "screening")
    wf.script.call("pump.dispense", volume_ml=at_run("volume"), save="left")
    wf.script.call("spectrometer.measure", sample_id=at_run("sample"), save=("a450", "a600"))
    return wf


TABLE = [{"sample": f"s{number}", "volume": 0.5} for number in range(3)]


def ended(lab, run):
    lab.ear.wait("run.changed", lambda status: status["key"] == run.key and status["state"] == "ended")
    assert lab.session.relay.flush(30)


def test_a_finished_run_shows_every_row_with_inputs_units_and_outputs(lab):
    run = screening(lab.session).submit(TABLE, sample="sample")
    ended(lab, run)
    table = lab.ask("run.table", key=run.key)
    assert {one["name"]: one["unit"] for one in table["inputs"]} == {"sample": "", "volume": "mL"}
    assert [one["name"] for one in table["outputs"]] == ["left", "a450", "a600"]
    assert [row["state"] for row in table["rows"]] == ["done"] * 3
    assert [row["outputs"]["left"] for row in table["rows"]] == ["9.5", "9", "8.5"]
    assert table["rows"][0]["numbers"]["left"] == 9.5
    assert (table["run"]["outcome"], table["before"]) == ("completed", [])
    assert all(row["ended_ms"] >= row["started_ms"] for row in table["rows"])
    json.dumps(table, allow_nan=False)


def test_a_view_that_opens_while_its_row_goes_on_shows_what_all_steps_of_the_row_gave(lab, monkeypatch):
    wf = WorkflowHandle(lab.session, "screening")
    wf.script.call("pump.dispense", volume_ml=at_run("volume"), save="left")
    wf.script.pause("go on?")
    wf.script.call("spectrometer.measure", sample_id=at_run("sample"), save=("a450", "a600"))
    run = wf.submit(TABLE[:1])
    lab.ear.wait("run.changed", lambda status: status["key"] == run.key and status["question"])

    def late(*args, **more):
        run.answer("continue")
        ended(lab, run)
        recall(*args, **more)

    monkeypatch.setattr(_runs, "recall", late)
    (row,) = lab.ask("run.table", key=run.key)["rows"]
    assert row["outputs"].keys() == row["numbers"].keys() == {"left", "a450", "a600"}
    assert row["state"] == "done"


def test_rows_are_told_while_the_run_goes_on(lab):
    wf = screening(lab.session)
    wf.script.pause("go on?")
    run = wf.submit(TABLE, sample="sample")
    lab.ask("run.table", key=run.key)
    for number in range(3):
        status = lab.ear.wait("run.changed", lambda one, at=number + 1: one["question"] is not None and one["iteration"] == at)
        lab.session.runner.answer(run.key, status["question"]["id"], "continue")
    ended(lab, run)
    rows = [row for name, data in lab.ear.heard if name == "run.rows" for row in data["rows"]]
    assert {row["at"] for row in rows} == {0, 1, 2}
    assert any(row["state"] == "running" for row in rows)
    lines = [line["text"] for name, data in lab.ear.heard if name == "run.rows" for line in data["happened"]]
    assert any("pump.dispense" in line for line in lines)


def test_the_rows_of_a_run_that_another_kernel_has_are_told_as_its_records_grow(lab, monkeypatch):
    monkeypatch.setattr(_following, "LOOK_EVERY_S", 0.01)
    session = lab.session
    rows = tuple({"sample": f"s{number}", "volume": 0.5} for number in range(2))
    request = request_for(session, screening(session).workflow, rows, Options(sample="sample"))
    with closing(open_store(session.folder)) as other:
        run = other.begin_run(request, 1_763_000_000_000_000)
        first = other.begin_phase(PhaseStarted(run, "script", 1, 1_763_000_000_000_001, (rows[0],), ("s0",)))
        handle = session.runner.submit(request)
        table = lab.ask("run.table", key=handle.key)
        assert ([row["state"] for row in table["rows"]], bool(table["run"]["elsewhere"])) == (["running", "waiting"], True)
        other.end_phase(first, "done", 1_763_000_000_000_002, [{**rows[0], "left": 9.5}])
        other.begin_phase(PhaseStarted(run, "script", 2, 1_763_000_000_000_003, (rows[1],), ("s1",)))
        told = lab.ear.wait("run.rows", lambda news: len(news["rows"]) == 2)
        assert [(row["state"], row["outputs"].get("left")) for row in told["rows"]] == [("done", "9.5"), ("running", None)]
        other.end_run(run, Outcome.STOPPED, 1_763_000_000_000_004, {})
        assert handle.wait(30).outcome is Outcome.STOPPED


def test_a_run_that_failed_says_where_it_broke(lab):
    run = screening(lab.session).submit([{"sample": "a", "volume": 6.0}, {"sample": "b", "volume": 6.0}], sample="sample")
    status = lab.ear.wait("run.changed", lambda one: one["question"] is not None)
    assert status["question"]["arguments"] == {"volume_ml": 6.0}
    lab.session.runner.answer(run.key, status["question"]["id"], "stop")
    ended(lab, run)
    table = lab.ask("run.table", key=run.key)
    assert [row["state"] for row in table["rows"]] == ["done", "failed"]
    assert "refill first" in table["run"]["error"]


def test_a_row_that_asks_about_a_failed_step_runs_and_is_not_ticked(lab):
    run = screening(lab.session).submit([{"sample": "a", "volume": 0.5}, {"sample": "b", "volume": 60.0}], sample="sample")
    status = lab.ear.wait("run.changed", lambda one: one["question"] is not None)
    table = lab.ask("run.table", key=run.key)
    assert [row["state"] for row in table["rows"]] == ["done", "running"]
    lab.session.runner.answer(run.key, status["question"]["id"], "stop")
    ended(lab, run)
    assert [row["state"] for row in lab.ask("run.table", key=run.key)["rows"]] == ["done", "failed"]


def test_a_row_that_was_stopped_is_not_ticked_while_cleanup_runs(lab):
    wf = screening(lab.session)
    wf.script.pause("go on?")
    wf.cleanup.pause("clean by hand")
    run = wf.submit(TABLE, sample="sample")
    lab.ask("run.table", key=run.key)
    lab.ear.wait("run.changed", lambda one: one["question"] is not None)
    run.stop()
    lab.ear.wait("run.changed", lambda one: one["phase"] == "cleanup" and one["question"] is not None)
    assert [row["state"] for row in lab.ask("run.table", key=run.key)["rows"]] == ["stopped", "waiting", "waiting"]
    run.answer("continue")
    ended(lab, run)


def test_a_row_that_has_no_values_is_running_as_well(lab):
    wf = WorkflowHandle(lab.session, "bare")
    wf.script.pause("go on?")
    run = wf.submit(repeat=2)
    status = lab.ear.wait("run.changed", lambda one: one["question"] is not None)
    assert [row["state"] for row in lab.ask("run.table", key=run.key)["rows"]] == ["running", "waiting"]
    lab.session.runner.answer(run.key, status["question"]["id"], "stop")
    ended(lab, run)


@pytest.mark.parametrize(
    ("recorded", "live", "shown"),
    [
        ("done", False, "done"),
        ("failed", False, "failed"),
        ("stopped", False, "stopped"),
        (None, True, "running"),
        (None, False, "in doubt"),
        ("what is this", False, "unknown"),
    ],
)
def test_a_row_is_ticked_only_when_its_record_says_that_it_is_done(recorded, live, shown):
    assert _state(recorded, live=live) == shown


def test_only_a_window_of_a_long_run_travels(lab):
    run = screening(lab.session).submit([{"sample": "a", "volume": 0.0}] * 1000, sample="sample")
    run.pause()
    table = lab.ask("run.table", key=run.key, start=900)
    assert (table["first"], len(table["rows"]), table["total"]) == (800, 200, 1000)
    run.stop(now=True)
    ended(lab, run)


def test_the_list_names_the_latest_run_first_and_the_queue(lab):
    run = screening(lab.session).submit(TABLE, sample="sample")
    ended(lab, run)
    listing = lab.ask("run.list")
    assert [one["key"] for one in listing["runs"]] == [run.key]
    assert listing["queue"]["keys"] == []


def test_the_history_tab_lists_runs_and_calls(lab):
    run = screening(lab.session).submit(TABLE, sample="sample")
    ended(lab, run)
    lab.call("pump", "refill")
    latest = lab.ask("history.latest")
    assert [(one["workflow"], one["status"]) for one in latest["runs"]] == [("screening", "completed")]
    assert [(one["instrument"], one["method"]) for one in latest["calls"]] == [("pump", "refill")]
    assert latest["calls"][0]["started_ms"] > 0


def test_a_run_that_exists_can_be_run_once_more(lab):
    run = screening(lab.session).submit(TABLE, sample="sample")
    ended(lab, run)
    key = lab.ask("run.again", key=run.key)["key"]
    assert key != run.key
    lab.ear.wait("run.changed", lambda status: status["key"] == key and status["state"] == "ended")
    assert [one["outcome"] for one in lab.ask("run.list")["runs"]] == ["completed", "completed"]
    assert not lab.reply("run.again", key="nothing")["ok"]


def test_the_view_of_a_run_that_existed_says_so_and_the_first_view_does_not(lab):
    wf = screening(lab.session)
    first = run_view(lab.session, wf.submit(TABLE, sample="sample").key)
    again = wf.submit(TABLE, sample="sample")
    second = run_view(lab.session, again.key, existed=again.existed)
    assert (first.existed, second.existed, first.key == second.key) == (False, True, True)
    again.wait(30)


def test_an_unknown_run_is_refused(lab):
    assert "history" in lab.reply("run.table", key="nothing")["error"]["message"]


def test_a_result_is_named_whole_or_item_by_item():
    assert dict(named_values(("all",), (1, 2))) == {"all": (1, 2)}
    assert dict(named_values(("a", ""), (1, 2))) == {"a": 1}
    assert dict(named_values(("inside",), {"inside": 3})) == {"inside": {"inside": 3}}
    assert cell(0.1 + 0.2) == "0.3"
    assert cell("x" * 100).endswith("…")

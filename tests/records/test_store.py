"""The recorder, on both databases."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.journal import CallIntent, Outcome, PhaseStarted, RunEvent, StepOutcome, StepStatus
from ivoryos_jupyter.records import History
from ivoryos_jupyter.schema import LiveReference


def test_a_request_is_queued_once(store, rows):
    assert store.enqueue(rows.request())
    assert not store.enqueue(rows.request())
    assert [one.request.key for one in store.queue()] == ["k1"]


def test_a_request_comes_back_exactly_as_it_was_given(store, rows):
    request = rows.request(
        rows=({"volume": 1.5, "name": "007", "ok": True, "none": None, "well": LiveReference('plate["A1"]'), "$odd": {"$live": "x"}},),
        repeat=3,
        sample_column="name",
        cleanup_after=("failed",),
        not_before_us=5,
        held=True,
        code_versions={"numpy": "2"},
        derived_from=7,
        notebook="ärger 🧪.ipynb",
        submitted_us=99,
    )
    store.enqueue(request)
    assert store.queue()[0].request == request


def test_the_queue_is_reordered_replaced_and_removed_by_key(store, rows):
    for key in ("a", "b", "c"):
        store.enqueue(rows.request(key))
    store.reorder(["c", "nobody", "a"])
    assert [one.request.key for one in store.queue()] == ["c", "a", "b"]
    assert store.replace_queued(rows.request("a", repeat=9))
    assert store.queue()[1].request.repeat == 9
    assert store.remove_queued("c")
    assert not store.remove_queued("c")
    assert not store.replace_queued(rows.request("c"))
    assert [(one.position, one.request.key) for one in store.queue()] == [(0, "a"), (1, "b")]


def test_beginning_a_run_takes_its_request_out_of_the_queue_in_the_same_commit(store, rows):
    store.enqueue(rows.request())
    run = store.begin_run(rows.request(), rows.started)
    assert store.submission("k1").run_id == run
    assert not store.queue()
    assert not store.enqueue(rows.request())


def test_the_same_submission_never_begins_twice(store, rows):
    run = store.begin_run(rows.request(), rows.started)
    assert store.begin_run(rows.request(), rows.started) == run
    with pytest.raises(RecordsError, match="begun already"):
        store.begin_run(rows.request(), rows.started + 1)


def test_two_runs_never_share_a_name(store, rows):
    names = [rows.request(key, name="dose") for key in ("a", "b", "c")]
    for request in names:
        store.begin_run(request, rows.started)
    assert list(History(store).runs()["name"]) == ["dose", "dose_1", "dose_2"]


def test_a_step_is_kept_with_intent_and_outcome(store, rows):
    run, phase = rows.begun(store)
    row = store.intend_step(rows.intent(phase, arguments={"volume_ml": 1.5}, sample_id="S-007", path="call/loop[2]"))
    assert History(store).steps().loc[0, "status"] == "open"
    outcome = StepOutcome(StepStatus.DONE, rows.started + 9, True, {"left": 8.5}, prints="dosing\n")  # noqa: FBT003
    store.settle_step(row, outcome)
    step = History(store).steps(run=run).iloc[0]
    assert step["status"] == "done"
    assert step["arguments"] == {"volume_ml": 1.5}
    assert step["result"] is True
    assert step["output"] == {"left": 8.5}
    assert step["prints"] == "dosing\n"
    assert (step["sample_id"], step["path"], step["instrument"]) == ("S-007", "call/loop[2]", "pump")
    assert int(step["started"].value // 1000) == rows.started + 2
    assert int(step["ended"].value // 1000) == rows.started + 9


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        2**80,
        1.5,
        math.inf,
        -0.0,
        "007",
        "",
        "NUL \x00 and a lone \ud800",
        10**1000,
        [1, [2, None]],
        {"a": {"b": []}},
        {"$live": 1},
    ],
)
def test_a_result_comes_back_as_it_was(store, rows, value):
    _run, phase = rows.begun(store)
    row = store.intend_step(rows.intent(phase))
    store.settle_step(row, StepOutcome(StepStatus.DONE, rows.started, value))
    result = History(store).steps().iloc[0]["result"]
    assert result == value
    assert type(result) is type(value)


def test_an_error_is_kept_in_full_and_cannot_break_the_database(store, rows):
    _run, phase = rows.begun(store)
    error = "gripper jammed \x00\ud800\n\nTraceback …\n" + "x" * 100_000
    store.settle_step(store.intend_step(rows.intent(phase)), StepOutcome(StepStatus.FAILED, rows.started, error=error))
    kept = History(store).steps(status="failed").iloc[0]["error"]
    assert kept.startswith("gripper jammed")
    assert len(kept) > 100_000


def test_an_array_goes_into_a_file_and_comes_back(store, rows):
    _run, phase = rows.begun(store)
    array = np.arange(5000.0)
    row = store.intend_step(rows.intent(phase))
    store.settle_step(row, StepOutcome(StepStatus.DONE, rows.started, (array, "ok"), {"spectrum": array}))
    step = History(store).steps().iloc[0]
    assert np.array_equal(step["result"][0].load(), array)
    assert step["result"][1] == "ok"
    assert step["output"]["spectrum"].path == step["result"][0].path
    assert store.live("step", row)[0] is array


def test_what_cannot_be_written_is_still_kept_in_memory(store, rows):
    _run, phase = rows.begun(store)
    row = store.intend_step(rows.intent(phase))
    lock = threading.Lock()
    store.settle_step(row, StepOutcome(StepStatus.DONE, rows.started, lock))
    assert store.live("step", row) is lock
    assert "lock" in str(History(store).steps().iloc[0]["result"])


def test_long_text_bytes_and_json_go_into_files(store, rows):
    _run, phase = rows.begun(store)
    values = ["x" * 20_000, b"\x00\xff" * 9000, [{"peak": n} for n in range(5000)]]
    for value in values:
        store.settle_step(store.intend_step(rows.intent(phase)), StepOutcome(StepStatus.DONE, rows.started, value))
    assert [one.load() for one in History(store).steps()["result"]] == values


def test_an_integer_beyond_all_bounds_is_kept_by_its_size(store, rows):
    _run, phase = rows.begun(store)
    row = store.intend_step(rows.intent(phase, arguments={"seed": 10**5000}))
    store.settle_step(row, StepOutcome(StepStatus.DONE, rows.started, {"x": 10**5000}))
    assert "bits" in str(History(store).steps().iloc[0]["result"])


def test_lists_of_one_length_stay_lists(store, rows):
    _run, phase = rows.begun(store)
    for value in ([1, 2], [3, 4]):
        store.settle_step(store.intend_step(rows.intent(phase)), StepOutcome(StepStatus.DONE, rows.started, value))
    assert History(store).steps()["result"].tolist() == [[1, 2], [3, 4]]


def test_a_direct_call_is_one_row(store, rows):
    call = CallIntent("deck.pump.dispense", "pump", {"volume_ml": 2.0}, rows.started, "ada")
    row = store.intend_call(call)
    store.settle_call(row, StepOutcome(StepStatus.FAILED, rows.started + 5, error="above the maximum" + "!" * 500))
    frame = History(store).single_steps(instrument="pump")
    assert len(frame) == 1
    first = frame.iloc[0]
    assert (first["method"], first["status"], first["operator"], first["origin"]) == ("dispense", "failed", "ada", "panel")
    assert first["arguments"] == {"volume_ml": 2.0}
    assert len(first["error"]) > 500


def test_quiet_events_are_committed_with_the_next_row_and_others_at_once(store, opened, rows):
    run, phase = rows.begun(store)
    other = opened()
    store.note(RunEvent(run, "branch", rows.started, {"taken": 0}))
    assert History(other).events().empty
    store.intend_step(rows.intent(phase))
    assert list(History(other).events()["kind"]) == ["branch"]
    store.note(RunEvent(run, "paused", rows.started + 1))
    assert list(History(other).events(run=run)["kind"]) == ["branch", "paused"]


def test_a_run_ends_with_its_outcome_counts_and_events(store, rows):
    run, phase = rows.begun(store)
    store.note(RunEvent(run, "error", rows.started, {"message": "pump: stalled"}))
    store.end_phase(phase, "failed", rows.started + 5, [{"left": 1.0}], "stalled\n\nTraceback")
    store.end_run(run, Outcome.FAILED, rows.started + 6, {"skipped": 2, "error": "stalled"})
    row = History(store).runs(status="failed").iloc[0]
    assert row["counts"] == {"skipped": 2}
    assert row["error"] == "stalled"
    assert History(store).phases(status="failed").iloc[0]["error"].startswith("stalled")
    stored = store.database.rows("SELECT status, CAST(events AS TEXT) FROM workflow_runs")[0]
    assert stored[0] == "error"
    assert '"detail": "pump: stalled"' in stored[1]


def test_a_lost_answer_does_not_make_a_second_row(store, rows, monkeypatch):
    run, phase = rows.begun(store)
    real = store._events.insert

    def commits_and_then_fails(sql, values, charge=None):
        real(sql, values)
        raise RecordsError("connection lost")

    calls = {
        "intend_step": rows.intent(phase),
        "intend_call": CallIntent("deck.pump.stop", "pump", {}, rows.started),
        "begin_phase": PhaseStarted(run, "cleanup", 1, rows.started + 50),
    }
    for method, row in calls.items():
        with monkeypatch.context() as broken:
            broken.setattr(store._events, "insert", commits_and_then_fails)
            with pytest.raises(RecordsError):
                getattr(store, method)(row)
        assert getattr(store, method)(row) > 0
    history = History(store)
    assert (len(history.steps()), len(history.single_steps()), len(history.phases())) == (1, 1, 2)


def test_the_store_may_be_used_from_any_thread(store, rows):
    _run, phase = rows.begun(store)

    def work(number):
        for at in range(20):
            row = store.intend_step(rows.intent(phase, step_id=f"t{number}", started_us=rows.started + at))
            store.settle_step(row, StepOutcome(StepStatus.DONE, rows.started + at, number))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    frame = History(store).steps()
    assert len(frame) == 80
    assert set(frame["status"]) == {"done"}
    assert all(frame["step_id"] == "t" + frame["result"].astype(str))


def test_a_run_that_follows_from_another_waits_before_all_others(store, rows):
    run, _phase = rows.begun(store, "old")
    for key in ("a", "b"):
        store.enqueue(rows.request(key))
    store.enqueue(rows.request("again", derived_from=run))
    store.enqueue(rows.request("and again", derived_from=run))
    store.enqueue(rows.request("c"))
    assert [one.request.key for one in store.queue()] == ["and again", "again", "a", "b", "c"]

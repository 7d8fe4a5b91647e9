"""What a dead kernel leaves behind."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import textwrap
from types import SimpleNamespace

import pytest

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.journal import CallIntent, Outcome, RunEvent, StepOutcome, StepStatus
from ivoryos_jupyter.records import History, open_store
from ivoryos_jupyter.records._sqlite import sqlite_error

_KERNEL = """
    import sys
    from ivoryos_jupyter.journal import PhaseStarted, RunRequest, StepIntent
    from ivoryos_jupyter.records import open_store

    def request(key):
        return RunRequest(key=key, name=key, workflow='{"name": "dose"}', workflow_name="dose", version="v1", deck="d")

    store = open_store(sys.argv[1], sys.argv[2] or None, owner="first")
    for key in ("a", "b", "c"):
        store.enqueue(request(key))
    run = store.begin_run(request("a"), 1)
    phase = store.begin_phase(PhaseStarted(run, "script", 1, 2))
    store.intend_step(StepIntent(phase, "s1", 1, "dispense", "pump", 3, {"volume_ml": 1.5}, sample_id="S1", path="x"))
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def kernel(opened, folder):
    """A kernel that is in the middle of a step, and two submissions behind it."""
    store = opened("second")
    uri = store.where.replace("+psycopg", "") if store.where.startswith("postgres") else ""
    code = textwrap.dedent(_KERNEL)
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder.path), uri], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.communicate()


def _kill(process):
    process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    process.wait(30)


def test_what_a_living_kernel_does_is_left_alone(kernel, opened):
    store = opened()
    assert not store.unfinished()
    assert not store.queue()
    assert History(store).runs()["status"].tolist() == ["running"]


def test_a_dead_kernels_run_is_interrupted_with_its_step_in_doubt(kernel, opened):
    store = opened()
    _kill(kernel)
    (left,) = store.unfinished()
    assert left.request.key == "a"
    ((row, intent),) = left.in_doubt
    assert (intent.method_name, intent.arguments, intent.sample_id, intent.path) == ("dispense", {"volume_ml": 1.5}, "S1", "x")
    history = History(store)
    assert history.runs()["status"].tolist() == ["interrupted"]
    assert history.steps()["status"].tolist() == ["in doubt"]
    assert history.steps(status="in doubt")["id"].tolist() == [row]


def test_its_queue_comes_back_in_order(kernel, opened, rows):
    store = opened()
    store.enqueue(rows.request("mine"))
    _kill(kernel)
    store.unfinished()
    assert [(one.request.key, one.request.held) for one in store.queue()] == [("mine", False), ("b", False), ("c", False)]
    assert not store.enqueue(rows.request("b"))


def test_each_notebook_takes_up_the_queue_of_its_own_kernel(opened, rows):
    dead = {"one": opened("one"), "two": opened("two")}
    for owner, key, notebook in [("one", "a", "left.ipynb"), ("two", "b", "right.ipynb"), ("one", "c", "left.ipynb"), ("two", "d", "")]:
        assert dead[owner].enqueue(rows.request(key=key, notebook=notebook))
    living = opened("living")
    living.enqueue(rows.request(key="e", notebook="centre.ipynb"))
    for store in dead.values():
        store.close()
    right = opened("right again")
    right.unfinished("right.ipynb")
    assert [one.request.key for one in right.queue()] == ["b", "d"]
    assert right.left_waiting() == {"left.ipynb": ["run_a", "run_c"]}
    assert right.take_up("centre.ipynb") == 0
    assert right.take_up("left.ipynb") == 2
    assert [one.request.key for one in right.queue()] == ["b", "d", "a", "c"]
    assert right.left_waiting() == {}
    assert [one.request.key for one in living.queue()] == ["e"]


def test_a_direct_call_that_a_dead_kernel_left_open_is_in_doubt_and_told_once(opened, folder):
    dead, living = opened("dead"), opened("living")
    done = dead.intend_call(CallIntent("deck.pump.dose", "pump", {"volume_ml": 1.0}, 1))
    dead.settle_call(done, StepOutcome(StepStatus.DONE, 2))
    dead.intend_call(CallIntent("deck.pump.dose", "pump", {"volume_ml": 2.0}, 3, "ada", "panel"))
    living.intend_call(CallIntent("deck.pump.dose", "pump", {"volume_ml": 3.0}, 4))
    assert not opened("early").calls_left()
    dead.database.close()
    (left,) = opened("third").calls_left()
    assert (left.method_name, left.kwargs, left.started_us, left.operator, left.origin) == (
        "deck.pump.dose",
        {"volume_ml": 2.0},
        3,
        "ada",
        "panel",
    )
    assert not opened("fourth").calls_left()
    calls = History(living).single_steps()
    assert calls["status"].tolist() == ["done", "in doubt", "open"]
    assert len(History(living).single_steps(status="in doubt")) == 1


def test_an_interrupted_run_is_reported_until_somebody_has_decided(kernel, opened, rows):
    store = opened()
    _kill(kernel)
    ((row, _intent),) = store.unfinished()[0].in_doubt
    store.close()
    again = opened()
    assert again.unfinished()[0].in_doubt[0][0] == row
    assert again.interrupted() == again.unfinished()
    again.decide(RunEvent(again.interrupted()[0].run_id, "decided", rows.started, {"choice": "leave"}))
    assert not again.interrupted()
    assert not again.unfinished()
    assert History(again).steps()["status"].tolist() == ["in doubt"]


def test_each_kernel_has_its_own_queue(opened, rows):
    one, other = opened(), opened()
    one.enqueue(rows.request("a"))
    other.enqueue(rows.request("b"))
    assert [queued.request.key for queued in one.queue()] == ["a"]
    assert [queued.request.key for queued in other.queue()] == ["b"]
    assert not other.remove_queued("a")
    assert not other.unfinished()


def test_a_kernel_that_closed_in_good_order_leaves_its_queue_to_the_next(opened, rows):
    one = opened()
    one.enqueue(rows.request("a"))
    one.close()
    other = opened()
    other.unfinished()
    assert [(queued.request.key, queued.request.held) for queued in other.queue()] == [("a", False)]


def test_one_name_is_open_once(opened):
    opened("me")
    with pytest.raises(RecordsError):
        opened("me")


def test_the_store_goes_on_when_the_server_is_back(postgres, folder, rows):
    store = open_store(folder, postgres.database("restart"))
    try:
        run, phase = rows.begun(store)
        postgres.stop()
        try:
            with pytest.raises(RecordsError, match="server runs"):
                store.intend_step(rows.intent(phase))
        finally:
            postgres.start()
        row = store.intend_step(rows.intent(phase))
        store.settle_step(row, StepOutcome(StepStatus.DONE, rows.started))
        assert len(History(store).steps()) == 1
        other = open_store(folder, store.where)
        assert not other.unfinished()
        other.close()
        store.end_run(run, Outcome.COMPLETED, rows.started + 9, {})
    finally:
        store.close()


def test_a_database_that_went_away_is_reported_and_used_again_when_it_is_back(folder, rows):
    store = open_store(folder)
    _run, phase = rows.begun(store)
    hidden = folder.path / "elsewhere.db"
    folder.database.rename(hidden)
    with pytest.raises(RecordsError, match="is gone"):
        store.intend_step(rows.intent(phase))
    hidden.rename(folder.database)
    assert store.intend_step(rows.intent(phase)) > 0
    store.close()


def test_an_answer_that_is_noted_again_after_the_database_was_away_is_kept_once(folder):
    store = open_store(folder)
    answer = RunEvent(None, "answered", 1, {"question": "error", "choice": "skip"})
    hidden = folder.path / "elsewhere.db"
    folder.database.rename(hidden)
    for _ in range(2):
        with pytest.raises(RecordsError, match="is gone"):
            store.note(answer)
    hidden.rename(folder.database)
    store.note(answer)
    assert [event.kind for _, event in store.events_after(None, ("answered",))] == ["answered"]
    store.close()


def test_a_database_that_was_exchanged_is_never_written_to(folder, rows, tmp_path):
    store = open_store(folder)
    _run, phase = rows.begun(store)
    other = open_store(tmp_path / "other")
    other.close()
    folder.database.rename(tmp_path / "mine.db")
    other.folder.database.rename(folder.database)
    with pytest.raises(RecordsError, match="Another file"):
        store.intend_step(rows.intent(phase))
    store.database.close()


def test_a_locked_database_is_reported_with_a_cure(folder, rows):
    store = open_store(folder)
    _run, phase = rows.begun(store)
    store.database._timeout_s = 0.05
    store.database._drop()
    other = sqlite3.connect(folder.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RecordsError, match="another program is writing"):
        store.intend_step(rows.intent(phase))
    other.execute("ROLLBACK")
    other.close()
    assert store.intend_step(rows.intent(phase)) > 0
    store.close()


@pytest.mark.parametrize(("free", "cure"), [(1_000, "no space left on the disk"), (10**9, "the drive is still connected")])
def test_what_a_full_disk_calls_an_input_or_output_error_is_said_to_be_a_full_disk(folder, monkeypatch, free, cure):
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    assert cure in str(sqlite_error(sqlite3.OperationalError("disk I/O error"), folder.database))

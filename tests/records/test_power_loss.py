"""What a power loss may take under NORMAL: steps, which are asked about; never that a run has begun or ended, nor the queue."""

from __future__ import annotations

import psutil
import pytest

from ivoryos_jupyter.journal import Outcome, RunEvent
from ivoryos_jupyter.records import _reboots as reboots
from ivoryos_jupyter.records import open_store
from ivoryos_jupyter.records._sqlite import SqliteStatements

FLUSHED = 2
"""What SQLite answers for ``synchronous=FULL``."""


@pytest.fixture
def store(folder):
    """A store under NORMAL."""
    made = open_store(folder, synchronous="NORMAL")
    yield made
    made.close()


@pytest.fixture
def commits(store, monkeypatch):
    """Whether each commit of a transaction was flushed to the disk, in order."""
    flushed = []
    change = SqliteStatements.change

    def noted(statements, sql, values):
        if sql == "COMMIT":
            flushed.append(statements.rows("PRAGMA synchronous")[0][0] == FLUSHED)
        return change(statements, sql, values)

    monkeypatch.setattr(SqliteStatements, "change", noted)
    return flushed


def test_a_run_that_has_begun_is_never_found_waiting_again(store, rows, commits):
    for key in ("a", "b"):
        store.enqueue(rows.request(key=key))
    store.reorder(["b", "a"])
    store.remove_queued("a")
    run = store.begin_run(rows.request(key="b"), rows.started)
    store.end_run(run, Outcome.INTERRUPTED, rows.started + 1, {})
    store.decide(RunEvent(run, "decided", rows.started + 2, {"choice": "leave"}))
    store.unfinished()
    assert commits == [True] * 8
    assert store.database.rows("PRAGMA synchronous")[0][0] != FLUSHED


def test_a_step_costs_no_more_than_before(store, rows, commits):
    run, phase = rows.begun(store)
    commits.clear()
    store.note(RunEvent(run, "branch", rows.started, {"taken": {}}))
    store.intend_step(rows.intent(phase))
    assert commits == [False]


def boot(monkeypatch, moment):
    """Let the machine tell only when it was started, and let that be `moment`."""
    monkeypatch.setattr(reboots, "_BOOT_ID", reboots._BOOT_ID.with_name("none"))
    monkeypatch.setattr(psutil, "boot_time", lambda: moment)


def test_unless_somebody_says_otherwise_every_commit_is_flushed(folder, monkeypatch):
    monkeypatch.delenv("IVORYOS_SYNCHRONOUS", raising=False)
    full = open_store(folder)
    for _ in range(2):
        assert full.database.rows("PRAGMA synchronous") == [(FLUSHED,)]
        full.database._drop()  # the next statement connects again, as after a failure
    full.close()


def test_a_record_kept_with_full_durability_never_ends_early(folder, rows):
    full = open_store(folder)
    run, _phase = rows.begun(full)
    assert full.may_end_early(full.past(run)) == ""
    full.close()


def test_a_machine_that_was_started_anew_makes_a_record_doubtful(store, rows, monkeypatch):
    run, _phase = rows.begun(store)
    assert store.may_end_early(store.past(run)) == ""
    monkeypatch.setattr(reboots, "boot_mark", lambda: "id another")
    assert "started anew" in store.may_end_early(store.past(run))


@pytest.mark.parametrize(
    ("now", "early"),
    [(0, False), (3, False), (-100, False), (3600, True), (-3600, True)],
    ids=["the same", "the clock was set a little", "and back", "started anew", "or so it seems"],
)
def test_without_an_id_the_moment_of_the_start_tells(store, rows, monkeypatch, now, early):
    started = rows.started / 1e6 - 600
    boot(monkeypatch, started)
    run, _phase = rows.begun(store)
    boot(monkeypatch, started + now)
    assert bool(store.may_end_early(store.past(run))) is early


def test_a_start_after_the_run_had_begun_is_another_one_however_soon_it_came(store, rows, monkeypatch):
    boot(monkeypatch, rows.started / 1e6 - 30)
    run, _phase = rows.begun(store)
    boot(monkeypatch, rows.started / 1e6 + 30)
    assert store.may_end_early(store.past(run))


def test_a_clock_that_begins_again_at_each_start_is_seen_through(store, rows, monkeypatch):
    boot(monkeypatch, rows.started / 1e6 - 600)
    run, _phase = rows.begun(store)
    past = store.past(run)
    assert reboots.may_end_early(past, rows.started - 60_000_000)


def test_a_machine_that_does_not_tell_is_never_thought_to_be_the_same(store, rows, monkeypatch):
    def says_nothing():
        raise RuntimeError("line 'btime' not found in /proc/stat")

    boot(monkeypatch, 0.0)
    monkeypatch.setattr(psutil, "boot_time", says_nothing)
    run, _phase = rows.begun(store)
    assert reboots.boot_mark() == ""
    assert store.may_end_early(store.past(run))

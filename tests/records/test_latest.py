"""Are the latest runs told briefly and honestly?"""

from __future__ import annotations

from contextlib import closing

from ivoryos_jupyter.journal import Outcome, PhaseStarted
from ivoryos_jupyter.records import latest_runs, open_store


def test_the_latest_runs_come_first_with_how_far_they_came(store, rows):
    for key, outcome, table in (("a", Outcome.COMPLETED, None), ("b", Outcome.FAILED, ({"v": 1}, {"v": 2}, {"v": 3}))):
        run = store.begin_run(rows.request(key, rows=table, repeat=2, batch_size=2), rows.started)
        for iteration in (1, 2):
            phase = store.begin_phase(PhaseStarted(run, "script", iteration, rows.started + iteration))
            store.end_phase(phase, "failed" if (key, iteration) == ("b", 2) else "done", rows.started + 9, [])
        store.end_run(
            run, outcome, rows.started + 10, {"skipped": 1, "error": "SyringeEmpty: refill first\n\nTraceback"} if key == "b" else {}
        )
    store.begin_run(rows.request("c"), rows.started + 20)
    third, second, first = latest_runs(store, 8)
    assert (first.name, first.status, first.done, first.total, first.table, first.skipped) == ("run_a", "completed", 2, 2, False, 0)
    assert (second.status, second.done, second.total, second.table, second.skipped) == ("failed", 1, 2, True, 1)
    assert second.error == "SyringeEmpty: refill first"
    assert (third.status, third.started_us, third.ended_us) == ("running", rows.started + 20, None)
    assert latest_runs(store, 1) == [third]


def test_runs_that_ivoryos_recorded_are_among_them(old_folder):
    with closing(open_store(old_folder)) as store:
        runs = latest_runs(store, 3)
    assert runs
    assert all(run.name and run.status and run.started_us is None and run.total is None for run in runs)

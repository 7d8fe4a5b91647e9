"""Are the latest runs told briefly and honestly?"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from ivoryos_jupyter.journal import Outcome, PhaseStarted
from ivoryos_jupyter.records import carried_on, latest_runs, open_store


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
    assert (first.name, first.status, first.trail.done, first.trail.total, first.table, first.skipped) == (
        *("run_a", "completed", 2, 2),
        *(False, 0),
    )
    assert (second.status, second.trail.done, second.trail.total, second.table, second.skipped) == ("failed", 1, 2, True, 1)
    assert second.error == "SyringeEmpty: refill first"
    assert (third.status, third.started_us, third.ended_us) == ("running", rows.started + 20, None)
    assert latest_runs(store, 1) == [third]


def test_runs_that_ivoryos_recorded_are_among_them(old_folder):
    with closing(open_store(old_folder)) as store:
        runs = latest_runs(store, 3)
    assert runs
    assert all(run.name and run.status and run.started_us is None and run.trail.total is None for run in runs)


def script(store, rows, request, done, outcome, *, of=()):
    """A run of which these iterations came to their end."""
    run = store.begin_run(request, rows.started)
    for iteration in (*done, *of):
        phase = store.begin_phase(PhaseStarted(run, "script", iteration, rows.started + iteration))
        store.end_phase(phase, "done" if iteration in done else "failed", rows.started + 9, [])
    store.end_run(run, outcome, rows.started + 10, {})
    return run


def test_a_resumed_run_counts_what_the_one_before_did_and_that_one_leaves_nothing_to_repeat(store, rows):
    table = ({"v": 1}, {"v": 2}, {"v": 3})
    first = script(store, rows, rows.request("a", rows=table), [1], Outcome.INTERRUPTED)
    assert carried_on(store, first).missing == ()  # it is for a person to decide
    again = rows.request("b", rows=table, derived_from=first, resume={"mode": "resume", "decisions": {}})
    second = script(store, rows, again, [2], Outcome.FAILED, of=[3])
    third = script(store, rows, replace(again, key="c", name="c", derived_from=second), [3], Outcome.COMPLETED)
    ends = {run: carried_on(store, run) for run in (first, second, third)}
    assert [(one.done, one.before, one.missing, one.by) for one in ends.values()] == [
        (1, (), (), f"run {second}"),
        (1, ((first, 1),), (), f"run {third}"),
        (1, ((first, 1), (second, 1)), (), ""),
    ]


def test_what_is_missing_is_offered_until_another_run_was_made_for_it(store, rows):
    first = script(store, rows, rows.request("a", repeat=4), [1], Outcome.STOPPED, of=[2])
    assert carried_on(store, first).missing == (2, 3, 4)
    request = rows.request("b", repeat=2, derived_from=first, repeats=(2, 3))
    store.enqueue(request)
    waiting = carried_on(store, first)
    assert (waiting.missing, waiting.by) == ((4,), f"{request.name}, which waits")
    second = script(store, rows, request, [1], Outcome.STOPPED, of=[2])
    assert (carried_on(store, first).missing, carried_on(store, first).by) == ((4,), f"run {second}")
    assert carried_on(store, second).missing == (2,)


def test_a_run_of_cleanup_alone_takes_nothing_over_and_misses_nothing(store, rows):
    first = script(store, rows, rows.request("a", repeat=2), [], Outcome.STOPPED, of=[1])
    request = rows.request("b", repeat=2, derived_from=first, resume={"mode": "cleanup", "decisions": {}})
    cleanup = carried_on(store, script(store, rows, request, [], Outcome.COMPLETED))
    assert (cleanup.cleanup_only, cleanup.missing) == (True, ())
    assert carried_on(store, first).missing == (1, 2)

"""An instrument that a run of one kernel holds is no other kernel's, as long as the first one lives."""

from __future__ import annotations

import pytest

from ivoryos_jupyter.errors import BusyError
from ivoryos_jupyter.journal import Claim, Outcome, Setting
from ivoryos_jupyter.records import History

PUMP = Setting("alpha", "ada", {"pump": {"address": "COM3"}}, {"git": "abc"}, (Claim("COM3 on alpha", "pump"),))
TAKEN = Setting("alpha", "ada", {}, {}, PUMP.claims, take_over=True)


def test_a_run_holds_its_instruments_until_it_ends(opened, rows):
    one, other = opened("one"), opened("other")
    run = one.begin_run(rows.request("a", notebook="left.ipynb"), rows.started, PUMP)
    assert not one.held_elsewhere()
    (held,) = other.held_elsewhere()
    assert held.sentence == f"pump (COM3 on alpha) is held by run {run} 'run_a' by ada (notebook left.ipynb, on alpha)"
    with pytest.raises(BusyError, match="held by run"):
        other.begin_run(rows.request("b"), rows.started, PUMP)
    assert other.submission("b") is None
    one.end_run(run, Outcome.COMPLETED, rows.started + 1, {})
    assert not other.held_elsewhere()
    assert other.begin_run(rows.request("b"), rows.started, PUMP)


def test_the_latest_run_that_holds_something_elsewhere_is_known_at_once(opened, rows):
    one, other = opened("one"), opened("other")
    assert other.latest_held_elsewhere() is None
    run = one.begin_run(rows.request("a"), rows.started, PUMP)
    assert other.latest_held_elsewhere() == run
    assert one.latest_held_elsewhere() is None
    one.end_run(run, Outcome.COMPLETED, rows.started + 1, {})
    assert other.latest_held_elsewhere() is None


def test_other_instruments_are_nobodys_business(opened, rows):
    one, other = opened("one"), opened("other")
    one.begin_run(rows.request("a"), rows.started, PUMP)
    assert other.begin_run(rows.request("b"), rows.started, Setting(claims=(Claim("COM4 on alpha", "pump"),)))


def test_what_a_dead_kernel_held_is_free(opened, rows):
    one, other = opened("one"), opened("other")
    one.begin_run(rows.request("a"), rows.started, PUMP)
    one.close()
    assert not other.held_elsewhere()
    other.begin_run(rows.request("b"), rows.started, PUMP)
    (held,) = opened("third").held_elsewhere()
    assert held.run == "run_b"


def test_a_person_may_take_over(opened, rows):
    one, other, third = opened("one"), opened("other"), opened("third")
    first = one.begin_run(rows.request("a"), rows.started, PUMP)
    other.begin_run(rows.request("b"), rows.started, TAKEN)
    assert [held.run for held in third.held_elsewhere()] == ["run_b"]
    one.end_run(first, Outcome.COMPLETED, rows.started + 1, {})
    assert [held.run for held in third.held_elsewhere()] == ["run_b"]


def test_two_names_for_one_thing_are_one_claim(opened, rows):
    one, other = opened("one"), opened("other")
    one.begin_run(rows.request("a"), rows.started, Setting(claims=(Claim("COM3", "pump"), Claim("COM3", "spare"))))
    assert len(other.held_elsewhere()) == 1


def test_what_a_run_was_made_with_is_kept(store, rows):
    run = store.begin_run(rows.request("a", code_versions={"python": "3.11"}), rows.started, PUMP)
    columns = "host, os_user, instruments, code_versions"
    ((host, user, instruments, versions),) = store.database.rows(f"SELECT {columns} FROM workflow_runs WHERE id = {run}")  # noqa: S608
    assert (host, user) == ("alpha", "ada")
    assert "COM3" in str(instruments)
    assert '"git"' in str(versions)
    store.describe_run(run, {"python": "3.11", "git": "abc", "more": "1"})
    assert History(store).runs()["code_versions"][0] == {"python": "3.11", "git": "abc", "more": "1"}


def test_the_hundredth_run_of_a_name_has_the_next_free_number(store, rows):
    names = []
    for number in range(12):
        run = store.begin_run(rows.request(f"k{number}", name="dose"), rows.started)
        names.append(store.database.rows("SELECT name FROM workflow_runs WHERE id = :id", {"id": run})[0][0])
    assert names == ["dose", *(f"dose_{number}" for number in range(1, 12))]

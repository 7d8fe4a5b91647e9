"""A kernel that was cut off from PostgreSQL looks whether it was taken for dead before its run goes on; nothing is done twice."""

from __future__ import annotations

import time
from contextlib import closing

import pytest

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.journal import Claim, Outcome, PhaseStarted, RunEvent, Setting
from ivoryos_jupyter.records import _keeper, open_store

PUMP = Setting("there", "ada", {}, {}, (Claim("10.0.0.5", "pump"),))


@pytest.fixture
def kernels(postgres, tmp_path, monkeypatch):
    """Two kernels of two hosts."""
    monkeypatch.setattr(_keeper, "EVERY_S", 3600.0)
    uri = postgres.database(f"cut{time.monotonic_ns()}")
    with closing(open_store(tmp_path / "there", uri)) as far, closing(open_store(tmp_path / "here", uri)) as here:
        yield far, here


@pytest.fixture
def begun(kernels, rows):
    """The first kernel's run, and what it does next."""
    far, _here = kernels
    run = far.begin_run(rows.request("far", notebook="far.ipynb"), rows.started, PUMP)
    return run, rows.intent(far.begin_phase(PhaseStarted(run, "script", 1, rows.started + 1)))


def cut_off(far, here, run):
    """Let the first kernel be dead for others."""
    far.database.presence._session.invalidate()
    far.database._lines.give_up()
    deadline = time.monotonic() + 30
    while here.database.alive(far.owner):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert [one.run_id for one in here.unfinished()] == [run]


@pytest.fixture
def running(kernels, begun):
    """The first kernel's run, cut off."""
    cut_off(*kernels, begun[0])
    return begun


def go_on(far, intent):
    """Give the intent again as a run does; the first time it is noticed that the connection is gone."""
    far.database.presence._look()
    return far.intend_step(intent)


def test_a_run_that_only_counted_as_interrupted_goes_on_and_holds_its_instruments(kernels, running):
    far, here = kernels
    run, intent = running
    assert not here.held_elsewhere()
    assert go_on(far, intent)
    assert here.interrupted() == []
    assert [one.run_id for one in here.held_elsewhere()] == [run]


def test_a_run_about_which_somebody_decided_meanwhile_does_not_go_on(kernels, running):
    far, here = kernels
    run, intent = running
    here.decide(RunEvent(run, "decided", 9, {"choice": "leave"}))
    for _ in range(2):
        with pytest.raises(RecordsError, match=r"run 1 counted as interrupted, and somebody decided about it .* Stop it here"):
            go_on(far, intent)
    far.end_run(run, Outcome.STOPPED, 10, {})
    assert far.submission("far").outcome is Outcome.STOPPED


def test_a_run_whose_instrument_another_run_holds_by_now_goes_on_when_that_one_has_ended(kernels, running, rows):
    far, here = kernels
    _run, intent = running
    other = here.begin_run(rows.request("here", notebook="here.ipynb"), rows.started, PUMP)
    with pytest.raises(RecordsError, match=r"lost its instruments: pump \(10\.0\.0\.5\) is held by run 2 'run_here'.*here\.ipynb"):
        go_on(far, intent)
    here.end_run(other, Outcome.COMPLETED, 10, {})
    assert go_on(far, intent)


def test_a_run_whose_instrument_a_person_took_over_goes_on(kernels, running, rows):
    far, here = kernels
    run, intent = running
    here.begin_run(rows.request("here"), rows.started, PUMP)
    here.note(RunEvent(run, "taken_over", 9, {"instrument": "pump"}))
    assert go_on(far, intent)


def cut_off_while_an_intent_waits(monkeypatch, kernels, run, then=lambda: None):
    far, here = kernels
    intend = far._steps.intend

    def late(*given):
        monkeypatch.setattr(far._steps, "intend", intend)
        cut_off(far, here, run)
        then()
        far.database.presence._look()
        return intend(*given)

    monkeypatch.setattr(far._steps, "intend", late)


def test_a_kernel_that_is_cut_off_while_an_intent_waits_for_its_turn_looks_before_it_makes_the_call(kernels, begun, monkeypatch):
    far, here = kernels
    run, intent = begun
    cut_off_while_an_intent_waits(monkeypatch, kernels, run, lambda: here.decide(RunEvent(run, "decided", 9, {"choice": "leave"})))
    for _ in range(2):
        with pytest.raises(RecordsError, match="somebody decided about it"):
            far.intend_step(intent)
    assert far.database.rows("SELECT COUNT(*) FROM workflow_steps")[0][0] == 1


def test_a_kernel_that_was_cut_off_meanwhile_and_missed_nothing_makes_the_call(kernels, begun, monkeypatch):
    far, here = kernels
    run, intent = begun
    cut_off_while_an_intent_waits(monkeypatch, kernels, run)
    assert far.intend_step(intent)
    assert here.interrupted() == []

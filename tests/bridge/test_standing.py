"""Does the board show the run that matters most?"""

from __future__ import annotations

import pytest

from ivoryos_jupyter.bridge._standing import Board
from ivoryos_jupyter.journal import Outcome, StepStatus
from ivoryos_jupyter.notebook.recovery import RunDecided
from ivoryos_jupyter.runner import QueueChanged, RunChanged, State, StepChanged, StepNow


@pytest.fixture
def board(session):
    return Board(session.runner)


def test_at_first_there_is_no_run(board):
    assert board.key is None
    assert board.standing() == {"serial": 1, "run": None, "waiting": 0, "on_hold": False, "changes": 0, "undecided": []}


def test_a_board_made_in_the_middle_of_a_run_shows_it(session, make_status):
    session.runner.statuses = {"k0": make_status("k0", State.ENDED, outcome=Outcome.COMPLETED), "k1": make_status("k1")}
    assert Board(session.runner).key == "k1"


def test_a_run_that_begins_is_shown_and_one_that_waits_is_not(board, make_status):
    assert not board.hear(RunChanged(make_status("k1", State.QUEUED, run_id=None)))
    assert board.key is None
    assert board.hear(RunChanged(make_status("k1")))
    assert board.key == "k1"


def test_a_run_that_was_removed_from_the_queue_is_not_shown(board, make_status):
    assert not board.hear(RunChanged(make_status("k1", State.ENDED, run_id=None)))


def test_the_last_run_stays_until_another_begins(board, make_status):
    board.hear(RunChanged(make_status("k1", State.ENDED, outcome=Outcome.FAILED)))
    assert board.standing()["run"]["outcome"] == "failed"
    board.hear(RunChanged(make_status("k2")))
    assert board.key == "k2"


def test_a_run_that_was_found_in_the_records_is_no_news(board, make_status):
    assert not board.hear(RunChanged(make_status("k1", State.ENDED, outcome=Outcome.COMPLETED, recalled=True)))
    assert board.standing()["run"] is None


def test_a_run_that_has_just_begun_is_shown_and_commanded_before_the_news_of_it_has_come(board, session, make_status):
    session.runner.statuses["k1"] = make_status("k1", State.QUEUED, run_id=None)
    assert board.key is None
    session.runner.statuses["k1"] = make_status("k1")
    assert board.key == "k1"
    assert board.standing()["run"]["key"] == "k1"


def test_a_late_word_about_an_ended_run_does_not_hide_the_one_that_is_going_on(board, make_status):
    board.hear(RunChanged(make_status("k2")))
    assert not board.hear(RunChanged(make_status("k1", State.ENDED, outcome=Outcome.COMPLETED)))
    assert board.key == "k2"


def test_steps_of_the_shown_run_change_the_standing_and_are_asked_for_when_it_is_told(board, session, make_status):
    board.hear(RunChanged(make_status("k1")))
    step = {"run_id": 1, "row": 7, "step_id": "s1", "phase": "script", "iteration": 1, "status": StepStatus.OPEN, "at_us": 1}
    assert board.hear(StepChanged(run_key="k1", label="pump.dispense", **step))
    assert not board.hear(StepChanged(run_key="k0", label="pump.dispense", **step))
    session.runner.statuses["k1"] = make_status("k1", step=StepNow("s1", "pump.dispense", started_us=1))
    assert board.standing()["run"]["step"]["label"] == "pump.dispense"


def test_the_queue_is_counted(board):
    assert board.hear(QueueChanged(("k2", "k3"), on_hold=True, reason="restarted"))
    assert not board.hear(QueueChanged(("k2", "k3"), on_hold=True, reason="restarted"))
    assert board.standing() == {"serial": 1, "run": None, "waiting": 2, "on_hold": True, "changes": 0, "undecided": []}


def test_a_later_standing_bears_a_higher_number(board):
    assert board.standing()["serial"] < board.standing()["serial"]


def test_events_about_other_things_change_nothing(board):
    assert not board.hear(object())


def test_an_interrupted_run_is_named_until_somebody_has_decided(session):
    left = ["titration"]
    board = Board(session.runner, left, lambda: left)
    assert board.standing()["undecided"] == ["titration"]
    assert not board.hear(RunDecided(8))
    left = []
    assert board.hear(RunDecided(7))
    assert board.standing()["undecided"] == []

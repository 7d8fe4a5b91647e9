"""Does each request of the extension become the intent it names?"""

from __future__ import annotations

import queue

import pytest

from ivoryos_jupyter.bridge._commands import RunCommands
from ivoryos_jupyter.desk import Desk
from ivoryos_jupyter.schema import LiveReference


class Shown:
    key = "shown"

    def standing(self):
        return {"run": None, "waiting": 0, "on_hold": False}


@pytest.fixture
def ask(session):
    shown = Shown()
    RunCommands(session.runner, shown).register(session.desk)

    def ask(method, **params):
        answers = queue.SimpleQueue()
        session.desk.hand_in({"id": "1", "method": method, "params": params}, answers.put)
        return answers.get(timeout=30)

    ask.shown = shown
    return ask


def test_a_command_means_the_run_it_names_or_else_the_one_that_is_shown(ask, session):
    assert ask("run.pause", key="other")["ok"]
    assert ask("run.resume")["ok"]
    assert session.runner.heard == [("pause", "other", "a person"), ("resume", "shown")]


@pytest.mark.parametrize(
    ("params", "how"),
    [
        ({}, ("step", None)),
        ({"after": "row"}, ("row", None)),
        ({"after": "step", "cleanup": False}, ("step", False)),
        ({"now": True, "cleanup": True}, ("now", True)),
    ],
)
def test_stop_says_when_and_whether_to_clean_up(ask, session, params, how):
    assert ask("run.stop", **params)["ok"]
    assert session.runner.heard == [("stop", "shown", *how)]


def test_a_command_is_answered_with_the_run_as_it_is_then(ask):
    assert ask("run.pause")["result"]["sentence"] == "running"


def test_an_answer_carries_its_question_choice_value_and_changed_arguments(ask, session):
    assert ask("run.answer", question="q1", choice="retry", arguments={"well": {"$live": 'plate["A1"]'}, "volume": 2.5})["ok"]
    assert session.runner.heard == [("answer", "shown", "q1", "retry", None, {"well": LiveReference('plate["A1"]'), "volume": 2.5})]


@pytest.mark.parametrize("params", [{}, {"question": "q1"}, {"question": "q1", "choice": "dance"}, {"question": 1, "choice": "skip"}])
def test_an_answer_that_lacks_something_is_refused(ask, session, params):
    assert "one of retry, skip" in ask("run.answer", **params)["error"]["message"]
    assert session.runner.heard == []


def test_make_safe_needs_no_run(ask, session):
    ask.shown.key = None
    assert ask("run.make_safe")["result"]["sentence"] == "making safe"
    assert session.runner.heard == [("make_safe",)]


def test_a_command_without_a_run_is_refused(ask, session):
    ask.shown.key = None
    assert "no run in this notebook" in ask("run.pause")["error"]["message"]
    assert session.runner.heard == []


def test_a_stop_that_cannot_be_understood_stops_nothing_and_names_the_field(ask, session):
    assert ask("run.stop", after="lunch")["error"]["problems"][0]["field"] == "after"
    assert ask("run.stop", cleanup="yes")["error"]["problems"][0]["field"] == "cleanup"
    assert session.runner.heard == []


def test_without_a_run_a_command_says_so(ask, session):
    ask.shown.key = None
    assert "no run" in ask("run.pause")["error"]["message"]
    assert session.runner.heard == []


def test_commands_are_answered_on_the_thread_that_hands_in(session):
    answers = []
    RunCommands(session.runner, Shown()).register(session.desk)
    for method in ("run.pause", "run.resume", "run.stop", "session.status"):
        session.desk.hand_in({"id": method, "method": method, "params": {}}, answers.append)
    assert [answer["id"] for answer in answers] == ["run.pause", "run.resume", "run.stop", "session.status"]


def test_the_desk_is_asked_for_nothing_it_does_not_know():
    desk = Desk()
    answers = []
    desk.hand_in({"id": "1", "method": "run.pause", "params": {}}, answers.append)
    assert not answers[0]["ok"]
    desk.close()

"""Does every request get exactly one answer, on the right thread?"""

from __future__ import annotations

import logging
import queue
import threading

import pytest

from ivoryos_jupyter.desk import Desk
from ivoryos_jupyter.errors import CommandError, ConversionError, Problem


@pytest.fixture
def desk():
    desk = Desk()
    yield desk
    desk.close()


def ask(desk, method, params=None, number="1"):
    answers = queue.SimpleQueue()
    desk.hand_in({"id": number, "method": method, "params": params or {}}, answers.put)
    return answers.get(timeout=30)


def test_a_request_is_answered_with_the_result_of_its_handler(desk):
    desk.register("add", lambda params: params["a"] + params["b"])
    assert ask(desk, "add", {"a": 1, "b": 2}) == {"id": "1", "ok": True, "result": 3}


def test_handlers_run_on_the_thread_of_the_desk_one_after_another(desk):
    desk.register("where", lambda _: threading.current_thread().name)
    assert {ask(desk, "where")["result"] for _ in range(3)} == {"ivoryos-desk"}


def test_an_immediate_handler_answers_before_hand_in_returns_even_while_the_desk_is_busy(desk):
    release = threading.Event()
    desk.register("slow", lambda _: release.wait(30))
    desk.register("now", lambda _: threading.current_thread().name, immediate=True)
    slow, now = [], []
    desk.hand_in({"id": "s", "method": "slow", "params": {}}, slow.append)
    desk.hand_in({"id": "n", "method": "now", "params": {}}, now.append)
    assert now == [{"id": "n", "ok": True, "result": threading.current_thread().name}]
    assert not slow
    release.set()


def test_what_is_at_hand_waits_for_nobody_who_asks_the_records(desk):
    release, done = threading.Event(), threading.Event()
    desk.register("slow", lambda _: release.wait(30))
    desk.register("call", lambda _: done.set(), at_hand=True)
    desk.hand_in({"id": "1", "method": "slow", "params": {}}, lambda _: None)
    desk.hand_in({"id": "2", "method": "call", "params": {}}, lambda _: None)
    assert done.wait(30)
    release.set()


def test_all_problems_of_a_refused_request_come_back_each_with_its_field(desk):
    problems = [Problem("volume", "give a number, such as 2.5", "abc"), Problem("speed", "missing")]

    def refuse(_):
        raise ConversionError(problems, "Nothing was sent.")

    desk.register("call", refuse)
    assert ask(desk, "call") == {
        "id": "1",
        "ok": False,
        "error": {
            "message": "Nothing was sent.",
            "problems": [
                {"field": "volume", "message": "give a number, such as 2.5", "value": "abc"},
                {"field": "speed", "message": "missing", "value": ""},
            ],
        },
    }


def test_a_command_that_cannot_be_obeyed_says_why(desk):
    def refuse(_):
        raise CommandError("Nothing runs.")

    desk.register("run.pause", refuse, immediate=True)
    assert ask(desk, "run.pause")["error"] == {"message": "Nothing runs.", "problems": []}


def test_a_handler_with_a_bug_is_logged_answered_and_does_not_end_the_desk(desk, caplog):
    desk.register("broken", lambda params: params["missing"])
    desk.register("fine", lambda _: 1)
    with caplog.at_level(logging.ERROR):
        assert ask(desk, "broken")["error"]["message"] == "KeyError: 'missing'"
    assert "broken" in caplog.text
    assert ask(desk, "fine")["result"] == 1


def test_what_a_driver_raises_past_exception_is_answered_too(desk):
    def leave(_):
        raise SystemExit("driver says goodbye")

    desk.register("leave", leave)
    desk.register("fine", lambda _: 1)
    assert ask(desk, "leave")["error"]["message"] == "SystemExit: driver says goodbye"
    assert ask(desk, "fine")["result"] == 1


def test_an_unknown_request_is_refused_with_the_closest_name(desk):
    desk.register("run.pause", lambda _: None)
    assert "Did you mean run.pause?" in ask(desk, "run.puase")["error"]["message"]


@pytest.mark.parametrize("request_", [None, [], {}, {"id": "1"}, {"id": 1, "method": "x"}, {"id": "1", "method": "x", "params": []}])
def test_a_malformed_request_is_answered_with_what_a_request_needs(desk, request_):
    answers = []
    desk.hand_in(request_, answers.append)
    assert "id and a method" in answers[0]["error"]["message"]


def test_an_answer_that_cannot_be_sent_does_not_end_the_desk(desk, caplog):
    desk.register("fine", lambda _: 1)
    tried = threading.Event()

    def broken_line(_):
        tried.set()
        raise OSError("gone")

    with caplog.at_level(logging.ERROR):
        desk.hand_in({"id": "x", "method": "fine", "params": {}}, broken_line)
        assert tried.wait(30)
        assert ask(desk, "fine")["result"] == 1
    assert "could not be sent" in caplog.text


def test_a_later_handler_takes_the_place_of_an_earlier_one(desk):
    desk.register("x", lambda _: 1)
    desk.register("x", lambda _: 2)
    assert ask(desk, "x")["result"] == 2


def test_closing_answers_what_waits_ends_the_thread_and_refuses_later_requests():
    desk = Desk()
    desk.register("x", lambda _: 1)
    answers = queue.SimpleQueue()
    entered, release = threading.Event(), threading.Event()

    def wait(_):
        entered.set()
        return release.wait(30)

    desk.register("wait", wait)
    desk.hand_in({"id": "1", "method": "wait", "params": {}}, answers.put)
    desk.hand_in({"id": "2", "method": "x", "params": {}}, answers.put)
    assert entered.wait(30)
    release.set()
    desk.close()
    desk.close()
    assert {answers.get(timeout=30)["id"], answers.get(timeout=30)["id"]} == {"1", "2"}
    assert "ivoryos-desk" not in {thread.name for thread in threading.enumerate()}
    assert "was closed" in ask(desk, "x")["error"]["message"]

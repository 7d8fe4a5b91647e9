"""Is every control message acknowledged at once, and answered once?"""

from __future__ import annotations

import threading

import pytest

from ivoryos_jupyter import bridge


@pytest.fixture
def frontend(session, kernel, comms):
    assert bridge.install(session, kernel)
    yield kernel
    bridge.uninstall()


def ask(method, token="", **params):
    return {"token": token, "request": {"id": "r1", "method": method, "params": params}}


def test_an_answer_that_is_there_at_once_comes_with_the_acknowledgement(frontend, session, comms):
    session.desk.register("now", lambda _: 3, immediate=True)
    acknowledgement = frontend.control(ask("now"))
    serial = acknowledgement["greeting"]["standing"]["serial"]
    assert acknowledgement == {
        "accepted": True,
        "comm": comms[0].comm_id,
        "greeting": {
            "version": 1,
            "token": session.token,
            "standing": {"serial": serial, "run": None, "waiting": 0, "on_hold": False, "changes": 0, "undecided": []},
        },
        "reply": {"id": "r1", "ok": True, "result": 3},
    }


def test_the_acknowledgement_goes_back_where_the_request_came_from(frontend):
    frontend.control(ask("session.status"))
    sent = frontend.session.replies[-1]
    assert (sent["type"], sent["stream"], sent["ident"]) == ("ivoryos_reply", "control", [b"page"])


def test_a_slow_answer_does_not_hold_up_the_control_thread_and_comes_on_the_comm(frontend, session, comms):
    release = threading.Event()
    session.desk.register("slow", lambda _: release.wait(5))
    assert frontend.control(ask("slow"))["reply"] is None
    release.set()
    assert comms[0].next() == {"type": "reply", "reply": {"id": "r1", "ok": True, "result": True}}


def test_a_request_for_another_session_is_not_handed_in(frontend, session):
    handed_in = []
    session.desk.register("now", handed_in.append, immediate=True)
    acknowledgement = frontend.control(ask("now", token="another"))
    assert (acknowledgement["accepted"], acknowledgement["reply"]) == (False, None)
    assert handed_in == []


def test_a_request_for_this_session_by_its_token_is_handed_in(frontend, session):
    assert frontend.control(ask("session.status", token=session.token))["reply"]["ok"]


@pytest.mark.parametrize("content", [None, [], {}, {"token": ""}, {"token": 1, "request": {}}, {"request": {"id": "r1"}}])
def test_malformed_content_is_acknowledged_and_refused(frontend, content):
    acknowledgement = frontend.control(content)
    assert not acknowledgement["accepted"] or acknowledgement["reply"]["ok"] is False


def test_a_kernel_without_a_control_channel_is_left_alone(session, comms):
    assert not bridge.install(session, None)
    assert not bridge.install(session, object())
    assert comms == []


def test_installing_again_replaces_the_connection(frontend, session, comms):
    assert bridge.install(session, frontend)
    assert comms[0].next() == {"type": "farewell"}
    assert comms[0].closed
    assert frontend.control(ask("session.status"))["comm"] == comms[1].comm_id


def test_after_uninstalling_nothing_is_served_and_twice_does_no_harm(frontend):
    bridge.uninstall()
    bridge.uninstall()
    assert frontend.control_handlers == {}


def test_a_handler_that_someone_else_put_in_our_place_is_left_there(frontend):
    frontend.control_handlers["ivoryos_request"] = theirs = object()
    bridge.uninstall()
    assert frontend.control_handlers["ivoryos_request"] is theirs

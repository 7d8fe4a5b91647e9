"""Do answers and standings reach the pages, without flooding them?"""

from __future__ import annotations

import logging
import threading

import comm
import pytest

from ivoryos_jupyter.bridge._announce import Announcer

NOTHING = {"serial": 1, "run": None, "waiting": 0, "on_hold": False}
GREETING = {"version": 1, "token": "t", "standing": NOTHING}


@pytest.fixture
def announcer(comms):
    announcer = Announcer(comm.create_comm, GREETING, lambda: NOTHING)
    yield announcer
    announcer.close()


def test_the_comm_is_opened_with_the_greeting(announcer, comms):
    assert comms[0].target_name == "ivoryos.announce"
    assert comms[0].opened_with == GREETING
    assert announcer.comm_id == comms[0].comm_id


def test_a_changed_standing_is_told_at_once(announcer, comms):
    announcer.standing_changed()
    assert comms[0].next() == {"type": "standing", "standing": NOTHING}


def test_a_thousand_changes_in_a_burst_are_told_a_few_times_and_the_last_is_among_them(comms):
    latest = {"waiting": 0}
    announcer = Announcer(comm.create_comm, GREETING, lambda: {**NOTHING, **latest})
    for number in range(1000):
        latest["waiting"] = number
        announcer.standing_changed()
    told = []
    while not told or told[-1]["standing"]["waiting"] != 999:
        told.append(comms[0].next())
    announcer.close()
    assert len(told) < 10


def test_answers_are_sent_by_whoever_has_them(announcer, comms):
    reply = {"id": "1", "ok": True, "result": None}
    announcer.answer(reply)
    assert comms[0].next() == {"type": "reply", "reply": reply}


def test_closing_says_farewell_and_ends_the_thread(comms):
    announcer = Announcer(comm.create_comm, GREETING, lambda: NOTHING)
    announcer.standing_changed()
    comms[0].next()
    announcer.close()
    assert comms[0].next() == {"type": "farewell"}
    assert comms[0].closed
    announcer.standing_changed()
    assert "ivoryos-announce" not in {thread.name for thread in threading.enumerate()}


def test_a_line_that_is_gone_is_logged_and_ends_nothing(announcer, comms, monkeypatch, caplog):
    def broken(_):
        raise OSError("gone")

    monkeypatch.setattr(comms[0], "send", broken)
    with caplog.at_level(logging.ERROR):
        announcer.answer({"id": "1", "ok": True, "result": None})
    assert "could not be sent" in caplog.text
    monkeypatch.undo()

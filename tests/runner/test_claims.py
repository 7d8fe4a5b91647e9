"""A run whose instrument another kernel's run holds asks before it begins; a direct call on it is refused."""

from __future__ import annotations

import time

import pytest

from ivoryos_jupyter.errors import BusyError
from ivoryos_jupyter.journal import Holding, Outcome
from ivoryos_jupyter.runner import Call, State
from ivoryos_jupyter.runner import _elsewhere as elsewhere


@pytest.fixture
def held(lab, monkeypatch):
    """Another kernel's run that holds the pump."""
    monkeypatch.setattr(elsewhere, "FRESH_S", 0.0)
    monkeypatch.setattr(elsewhere, "ANSWER_S", 60.0)
    thing = elsewhere.identify(lab.pump).thing("pump", elsewhere.host())
    one = Holding(thing, "pump", 7, "titration", 1_763_000_000_000_000, "alpha", "left.ipynb", "ada")
    lab.recorder.others.append(one)
    return one


def asked(lab, handle):
    status = lab.wait_for(handle, State.ASKING)
    assert status.question.kind == "held"
    assert status.question.choices == ("retry", "take_over", "stop")
    for part in ("pump", "run 7 'titration'", "alpha", "left.ipynb", "ada", "2025-11-1"):
        assert part in status.question.message
    assert status.run_id is None
    return status


def test_a_run_asks_before_it_begins_and_begins_when_the_other_has_ended(lab, act, flow, held):
    handle = lab.submit(flow(act("dose", volume=1.0)))
    asked(lab, handle)
    assert lab.pump.calls == []
    lab.recorder.others.clear()
    handle.retry()
    assert handle.wait(30).outcome is Outcome.COMPLETED
    assert "took_over" not in lab.kinds()


def test_as_long_as_it_is_held_looking_again_asks_again(lab, act, flow, held):
    handle = lab.submit(flow(act("dose", volume=1.0)))
    first = asked(lab, handle).question.id
    handle.retry()
    lab.until(lambda: handle.status.question is not None and handle.status.question.id != first)
    assert lab.pump.calls == []
    handle.stop(now=True)


def test_taking_over_is_a_persons_decision_and_is_kept_with_both_runs(lab, act, flow, held):
    handle = lab.submit(flow(act("dose", volume=1.0)))
    asked(lab, handle)
    handle.answer("take_over")
    status = handle.wait(30)
    assert status.outcome is Outcome.COMPLETED
    events = {event.kind: event for event in lab.recorder.events}
    assert events["took_over"].run_id == status.run_id
    assert events["took_over"].detail == {"instruments": [held.sentence]}
    assert events["taken_over"].run_id == 7
    assert events["answered"].detail["choice"] == "take_over"


def test_who_does_not_take_over_keeps_the_run_in_the_queue_on_hold(lab, act, flow, held):
    handle = lab.submit(flow(act("dose", volume=1.0)))
    asked(lab, handle)
    handle.answer("stop")
    lab.wait_for(handle, State.QUEUED)
    lab.until(lambda: lab.runner.queue.on_hold)
    assert "is held by run 7" in lab.runner.queue.reason
    lab.recorder.others.clear()
    lab.runner.queue.release()
    assert handle.wait(30).outcome is Outcome.COMPLETED


def test_a_run_that_does_not_use_it_begins(lab, act, flow, held):
    assert lab.run(flow(act("dose", instrument="other", volume=1.0))).outcome is Outcome.COMPLETED


def test_a_direct_call_is_refused_and_names_who_holds_the_instrument(lab, held):
    with pytest.raises(BusyError, match=r"run 7 'titration'.*take_over=True"):
        lab.call("pump", "dose", volume=1.0).result(30)
    assert lab.pump.calls == []
    assert lab.call("other", "dose", volume=1.0).result(30) == 2.0


def test_a_direct_call_that_takes_over_is_made_and_kept_with_the_other_run(lab, held):
    assert lab.pipeline.submit(Call("pump", "dose", "call", {"volume": 1.0}, take_over=True)).result(30) == 2.0
    (kept,) = lab.recorder.calls.values()
    assert kept.intent.run_id == 7
    assert lab.kinds() == ["taken_over"]


def test_direct_calls_look_at_what_others_hold_once_a_second_at_most(lab, monkeypatch):
    looks = []
    look = lab.recorder.held_elsewhere
    monkeypatch.setattr(lab.recorder, "held_elsewhere", lambda: looks.append(1) or look())
    began = time.monotonic()
    for _ in range(20):
        lab.call("pump", "dose", volume=1.0).result(30)
    assert len(looks) <= 2 + (time.monotonic() - began)


def test_a_run_that_another_kernel_began_a_moment_ago_is_noticed_right_before_the_call(lab, held, monkeypatch):
    monkeypatch.setattr(elsewhere, "FRESH_S", 3600.0)
    monkeypatch.setattr(elsewhere, "ANSWER_S", 60.0)
    lab.recorder.others.clear()
    blocked = lab.call("pump", "block")
    assert lab.pump.entered.wait(30)
    waiting = lab.pipeline.submit(Call("pump", "dose", "call", {"volume": 1.0}), wait_in_line=True)
    lab.recorder.others.append(held)
    lab.pump.gate.set()
    blocked.result(30)
    with pytest.raises(BusyError, match="run 7 'titration'"):
        waiting.result(30)
    assert lab.pump.doses == []

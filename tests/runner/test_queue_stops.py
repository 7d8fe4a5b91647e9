"""Where the queue stops: before a time, at a run that is held, and after a run that says so."""

from __future__ import annotations

import threading
from datetime import datetime, timezone

import pytest

from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.journal import Outcome
from ivoryos_jupyter.runner import State
from ivoryos_jupyter.runner._turn import Turn
from ivoryos_jupyter.testing import MemoryRecorder


def three(lab, act, flow, **of_second):
    """Submit three runs while the queue is on hold."""
    lab.runner.queue.hold()
    runs = []
    for number in (1, 2, 3):
        more = of_second if number == 2 else {}
        runs.append(lab.submit(flow(act("dose", volume=float(number))), key=f"k{number}", name=f"run {number}", **more))
    return runs


def test_the_queue_stops_after_the_run_that_says_so_until_it_is_released(lab, act, flow):
    _, second, third = three(lab, act, flow, stop_here=True)
    lab.runner.queue.release()
    assert second.wait(30).outcome is Outcome.COMPLETED
    lab.until(lambda: lab.runner.queue.on_hold)
    assert lab.runner.queue.reason == "It was to stop after 'run 2'."
    assert lab.pump.doses == [1.0, 2.0]
    lab.runner.queue.release()
    assert third.wait(30).outcome is Outcome.COMPLETED


@pytest.mark.parametrize(("late", "held"), [(False, True), (True, False)])
def test_a_run_that_failed_holds_what_waited_and_not_what_is_submitted_once_it_has_ended(lab, act, flow, monkeypatch, late, held):
    submitted, hand_on = threading.Event(), Turn.hand_on
    monkeypatch.setattr(Turn, "hand_on", lambda turn, **how: (submitted.wait(30), hand_on(turn, **how)))
    lab.pump.fail_next.append(RuntimeError("syringe empty"))
    failing = lab.submit(flow(act("dose", volume=1.0)))
    lab.wait_for(failing, State.ASKING)
    if late:
        failing.answer("stop")
        lab.wait_for(failing, State.ENDED)
    second = lab.submit(flow(act("dose", volume=2.0)), submitted_us=lab.pipeline.clock.now_us())
    if not late:
        failing.answer("stop")
    submitted.set()
    assert failing.wait(30).outcome is Outcome.FAILED
    assert lab.runner.queue.on_hold is held
    lab.runner.queue.release()
    assert second.wait(30).outcome is Outcome.COMPLETED


def test_the_mark_is_set_and_taken_back_while_it_waits_and_moves_with_its_run(lab, act, flow):
    first, second, third = three(lab, act, flow)
    queue = lab.runner.queue
    queue.set_stop_here("run 1")
    queue.set_stop_here("k3")
    queue.set_stop_here("k3", stop=False)
    queue.reorder(["k2", "k1", "k3"])
    queue.release()
    first.wait(30)
    lab.until(lambda: queue.on_hold)
    assert lab.pump.doses == [2.0, 1.0]
    queue.release()
    third.wait(30)
    assert not queue.on_hold
    assert second.status.ended


def test_it_stops_there_also_when_the_run_was_stopped_with_the_queue_to_go_on(lab, act, flow):
    lab.runner.queue.hold()
    first = lab.submit(flow(act("block")), key="k1", name="run 1", stop_here=True)
    lab.submit(flow(act("dose", volume=2.0)), key="k2")
    lab.runner.queue.release()
    assert lab.pump.entered.wait(30)
    first.stop(continue_queue=True)
    lab.pump.gate.set()
    first.wait(30)
    lab.until(lambda: lab.runner.queue.on_hold)
    assert lab.pump.doses == []


def test_the_mark_outlives_the_kernel(make_lab, act, flow):
    recorder = MemoryRecorder()
    three(make_lab(recorder=recorder), act, flow, stop_here=True)
    again = make_lab(recorder=recorder)
    again.runner.restore()
    assert [entry.request.stop_here for entry in again.runner.queue.entries] == [False, True, False]


def test_a_time_before_which_it_does_not_begin_is_set_and_taken_back(lab, act, flow):
    three(lab, act, flow)
    queue = lab.runner.queue
    queue.set_not_before("k2", datetime(2100, 1, 1, tzinfo=timezone.utc))
    assert queue.entries[1].request.not_before_us == 4102444800 * 1_000_000
    queue.set_not_before("run 2", None)
    assert queue.entries[1].request.not_before_us is None


def test_what_has_begun_can_be_marked_no_more(lab, act, flow):
    first = lab.submit(flow(act("dose", volume=1.0)), key="k1")
    first.wait(30)
    for change in (lab.runner.queue.set_stop_here, lambda key: lab.runner.queue.set_not_before(key, None)):
        with pytest.raises(UnknownNameError, match="begun meanwhile"):
            change("k1")


def test_the_queue_can_be_read(lab, act, flow):
    assert repr(lab.runner.queue) == "The queue, released\nnothing waits"
    three(lab, act, flow, stop_here=True, held=True, repeat=4)
    assert repr(lab.runner.queue).splitlines() == [
        "The queue, on hold: You hold it.",
        "run 1 (1 time)",
        "run 2 (4 times), on hold; then the queue stops",
        "run 3 (1 time)",
    ]

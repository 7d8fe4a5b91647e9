"""How time passes in a run."""

import time
from dataclasses import replace

import pytest

from ivoryos_jupyter.journal import Outcome, StepStatus
from ivoryos_jupyter.runner import State, SystemClock, VirtualClock
from ivoryos_jupyter.runner._inbox import Inbox
from ivoryos_jupyter.runner._waits import Stopwatch, next_time
from ivoryos_jupyter.workflow import Constant, OnError, SetVariable, Variable, Wait, WaitFor, WaitUntil


class JumpingClock(SystemClock):
    """A machine that sleeps: the wall clock jumps ahead of the steady one."""

    def __init__(self) -> None:
        self.jump_us = 0

    def now_us(self) -> int:
        return super().now_us() + self.jump_us


def waiting(lab, handle):
    lab.until(lambda: handle.status.step is not None and handle.status.step.wait_left_s is not None)


def test_eight_hours_pass_in_a_virtual_moment(make_lab, flow):
    clock = VirtualClock()
    lab = make_lab(clock=clock)
    started = clock.now_us()
    status = lab.run(flow(Wait(id="w", seconds=Constant(8 * 3600))))
    assert status.outcome is Outcome.COMPLETED
    assert status.ended_us - started == 8 * 3600 * 1_000_000


def test_a_wait_is_a_recorded_step_with_its_seconds(lab, flow):
    lab.run(flow(SetVariable(id="v", name="t", value=Constant(0.01)), Wait(id="w", seconds=Variable("t"))))
    variable, wait = lab.steps()
    assert (variable.intent.method_name, variable.outcome.added) == ("variable", {"t": 0.01})
    assert (wait.intent.method_name, wait.intent.arguments) == ("wait", {"seconds": 0.01})


@pytest.mark.parametrize("seconds", [-1, "soon", True, float("inf")])
def test_a_wait_that_makes_no_sense_is_a_failed_step(lab, flow, seconds):
    value = SetVariable(id="v", name="t", value=Constant(seconds))
    handle = lab.submit(flow(value, Wait(id="w", seconds=Variable("t"))))
    assert "seconds" in lab.wait_for(handle, State.ASKING).question.error
    handle.retry({"seconds": "0.001"})
    assert handle.wait(30).outcome is Outcome.COMPLETED


@pytest.mark.parametrize("how", [{"now": True}, {"after": "step"}])
def test_a_stop_ends_a_wait_at_once(lab, flow, how):
    handle = lab.submit(flow(Wait(id="w", seconds=Constant(3600))))
    waiting(lab, handle)
    handle.stop(**how)
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert lab.steps()[0].outcome.status is StepStatus.CANCELLED


def test_the_time_left_is_shown_and_kept_while_paused(lab, flow):
    handle = lab.submit(flow(Wait(id="w", seconds=Constant(3600))))
    waiting(lab, handle)
    assert 3590 < handle.status.step.wait_left_s <= 3600
    assert handle.status.step.wait_total_s == 3600
    handle.pause()
    frozen = lab.wait_for(handle, State.PAUSED).step
    assert not frozen.wait_counting
    assert handle.status.step.wait_left_s == frozen.wait_left_s
    handle.resume()
    lab.until(lambda: handle.status.step.wait_counting)
    assert 3590 < handle.status.step.wait_left_s <= 3600
    assert lab.kinds() == ["paused", "resumed"]


@pytest.mark.parametrize("keep", [False, True])
def test_a_pause_stops_the_counting_unless_it_is_to_go_on(lab, flow, keep):
    handle = lab.submit(flow(Wait(id="w", seconds=Constant(3600), keep_counting=keep)))
    waiting(lab, handle)
    handle.pause()
    paused = lab.wait_for(handle, State.PAUSED).step
    assert paused.wait_counting is keep
    if keep:
        lab.until(lambda: handle.status.step.wait_left_s < paused.wait_left_s)
    else:
        assert handle.status.step.wait_left_s == paused.wait_left_s


def test_a_machine_that_slept_during_a_wait_is_noticed_and_counts(make_lab, flow):
    clock = JumpingClock()
    lab = make_lab(clock=clock)
    handle = lab.submit(flow(Wait(id="w", seconds=Constant(1000))))
    waiting(lab, handle)
    clock.jump_us = 3600 * 1_000_000
    lab.runner._wake()
    assert handle.wait(30).outcome is Outcome.COMPLETED
    assert lab.kinds() == ["clock_gap"]


def test_a_stopwatch_ignores_a_wall_clock_that_was_set_back():
    clock = JumpingClock()
    watch = Stopwatch(clock)
    clock.jump_us = -3600 * 1_000_000
    assert 0 <= watch.lap() < 5
    assert watch.slept == 0


def test_until_a_time_of_day_is_the_next_one_that_comes(make_lab, flow):
    clock = VirtualClock()
    lab = make_lab(clock=clock)
    lab.run(flow(WaitUntil(id="u", time="06:30:15")))
    now = time.localtime(clock.now_us() / 1e6)
    assert (now.tm_hour, now.tm_min, now.tm_sec) == (6, 30, 15)
    assert clock.now_us() <= next_time("06:30:15", clock.now_us()) - 86_000_000_000


def test_until_the_reading_has_held_for_so_long(lab, flow):
    lab.pump._rate = 0.0
    wait = WaitFor(id="f", instrument="pump", property="rate", condition="reading > 5", hold_s=0.02, every_s=0.005, outputs=("rate",))
    handle = lab.submit(flow(wait))
    lab.until(lambda: handle.status.step is not None)
    lab.pump._rate = 7.0
    assert handle.wait(30).outcome is Outcome.COMPLETED
    (row,) = lab.steps()
    assert row.outcome.added == {"rate": 7.0}


def test_until_the_reading_times_out(lab, flow):
    wait = WaitFor(id="f", instrument="pump", property="rate", condition="reading > 5", every_s=0.005, timeout_s=0.5)
    handle = lab.submit(flow(wait))
    assert "time-out" in lab.wait_for(handle, State.ASKING).question.message


def test_watching_a_reading_obeys_a_stop(lab, flow):
    wait = WaitFor(id="f", instrument="pump", property="rate", condition="reading > 5", every_s=600)
    handle = lab.submit(flow(wait))
    lab.until(lambda: handle.status.step is not None)
    handle.stop(now=True)
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert lab.steps()[0].outcome.status is StepStatus.CANCELLED


def test_the_virtual_clock_hands_out_messages_before_time_passes():
    clock, inbox = VirtualClock(), Inbox()
    inbox.put("here")
    assert clock.receive(inbox, 10) == "here"
    assert clock.monotonic() == 0
    assert clock.receive(inbox, 10) is None
    assert clock.monotonic() == 10
    clock.advance(5)
    inbox.put("again")
    assert clock.receive(inbox, None) == "again"
    assert clock.monotonic() == 15


@pytest.mark.parametrize("step", [Wait(id="w", seconds=Constant(1000), timeout_s=0.05), WaitUntil(id="w", time="00:00", timeout_s=0.05)])
def test_a_wait_that_would_take_longer_than_its_time_out_is_a_failed_step(lab, flow, step):
    status = lab.run(flow(replace(step, on_error=OnError("fail"))))
    assert status.outcome is Outcome.FAILED
    assert "took longer than its time-out of 0.05 s" in status.error


def test_a_wait_within_its_time_out_is_waited(lab, flow):
    assert lab.run(flow(Wait(id="w", seconds=Constant(0.01), timeout_s=5))).outcome is Outcome.COMPLETED


def test_a_pause_that_comes_while_the_one_before_ends_is_not_lost(lab, flow, monkeypatch):
    handle = lab.submit(flow(Wait(id="w", seconds=Constant(3600))))
    waiting(lab, handle)
    note = lab.recorder.note

    def noted(event):
        note(event)
        if lab.kinds() == ["paused", "resumed"]:
            handle.pause("ada")

    monkeypatch.setattr(lab.recorder, "note", noted)
    handle.pause()
    lab.wait_for(handle, State.PAUSED)
    handle.resume()
    lab.until(lambda: lab.kinds() == ["paused", "resumed", "paused"])
    assert lab.wait_for(handle, State.PAUSED).sentence == "paused by ada"
    handle.stop(now=True)
    assert handle.wait(30).outcome is Outcome.STOPPED

"""The edges of the state diagram in `_status`, one test each."""

import pytest

from ivoryos_jupyter.journal import Outcome
from ivoryos_jupyter.runner import RunChanged, State
from ivoryos_jupyter.workflow import Action, Constant, OnError, Pause, Wait


@pytest.fixture
def states(lab):
    """The states a run has been in, without repetitions."""

    def of(handle) -> list[str]:
        found: list[str] = []
        for event in list(lab.events):
            if isinstance(event, RunChanged) and event.status.key == handle.key and found[-1:] != [event.status.state.value]:
                found.append(event.status.state.value)
        return found

    return of


def test_queued_to_running_to_ended_by_its_last_step(lab, act, flow, states):
    handle = lab.submit(flow(act("dose", volume=1.0)))
    handle.wait(30)
    assert states(handle) == ["queued", "running", "ended"]


def test_queued_to_ended_by_removing_it(lab, act, flow, states):
    lab.runner.queue.hold("test")
    handle = lab.submit(flow(act("dose", volume=1.0)))
    lab.runner.remove(handle.key)
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert states(handle) == ["queued", "ended"]
    assert lab.recorder.runs == {}


def test_queued_to_ended_by_a_stop(lab, act, flow, states):
    lab.runner.queue.hold("test")
    handle = lab.submit(flow(act("dose", volume=1.0)))
    handle.stop()
    assert states(handle) == ["queued", "ended"]


def test_running_to_paused_and_back(lab, flow, states):
    handle = lab.submit(flow(Wait(id="w", seconds=Constant(1000))))
    lab.until(lambda: handle.status.step is not None)
    handle.pause()
    lab.wait_for(handle, State.PAUSED)
    handle.resume()
    lab.wait_for(handle, State.RUNNING)
    handle.stop()
    handle.wait(30)
    assert states(handle) == ["queued", "running", "paused", "running", "ended"]


def test_paused_to_ended_through_cleanup(lab, act, flow, states):
    handle = lab.submit(flow(Wait(id="w", seconds=Constant(1000)), cleanup=[act("clean")]))
    lab.until(lambda: handle.status.step is not None)
    handle.pause()
    lab.wait_for(handle, State.PAUSED)
    handle.stop()
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert states(handle) == ["queued", "running", "paused", "running", "ended"]
    assert lab.pump.calls == [("clean", None)]


def test_running_to_asking_by_an_error_and_back_by_an_answer(lab, act, flow, states):
    lab.pump.fail_next.append(RuntimeError("no"))
    handle = lab.submit(flow(act("dose", volume=1.0)))
    lab.wait_for(handle, State.ASKING)
    handle.retry()
    handle.wait(30)
    assert states(handle) == ["queued", "running", "asking", "running", "ended"]


def test_running_to_asking_by_a_pause_step_and_back_by_resume(lab, flow, states):
    handle = lab.submit(flow(Pause(id="p", message="look")))
    assert lab.wait_for(handle, State.ASKING).sentence == "asks: look"
    handle.resume()
    assert handle.wait(30).outcome is Outcome.COMPLETED
    assert states(handle) == ["queued", "running", "asking", "running", "ended"]


def test_asking_to_ended_by_a_stop(lab, flow, states):
    handle = lab.submit(flow(Pause(id="p", message="look")))
    lab.wait_for(handle, State.ASKING)
    handle.stop(cleanup=False)
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert states(handle) == ["queued", "running", "asking", "running", "ended"]


def test_running_to_ended_by_an_error_that_ends_it(lab, flow, states):
    lab.pump.fail_next.append(RuntimeError("no"))
    step = Action(id="a", instrument="pump", method="dose", arguments={"volume": Constant(1.0)}, on_error=OnError("fail"))
    assert lab.submit(flow(step)).wait(30).outcome is Outcome.FAILED


def test_an_older_snapshot_is_never_published_after_a_newer_one(lab, act, flow):
    lab.submit(flow(*(act("dose", volume=1.0) for _ in range(20)))).wait(30)
    times = [event.status.at_us for event in lab.events if isinstance(event, RunChanged)]
    assert times == sorted(times)

"""Whatever the recorder raises: no call without intent, no outcome lost."""

import pytest

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.journal import Outcome, StepStatus
from ivoryos_jupyter.runner import State
from ivoryos_jupyter.runner import _station as station


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(station, "RETRY_S", 0.01)
    monkeypatch.setattr("ivoryos_jupyter.runner._office.RETRY_S", 0.01)


def asks(lab, handle):
    status = lab.wait_for(handle, State.ASKING)
    assert status.question.kind == "records"
    assert "out of reach" in status.question.message
    return status


@pytest.mark.parametrize("method", ["begin_run", "begin_phase", "intend_step", "settle_step", "end_phase", "end_run"])
def test_a_run_waits_for_the_records_and_goes_on_when_they_are_back(lab, act, flow, method):
    lab.recorder.out_of_reach.add(method)
    handle = lab.submit(flow(act("dose", volume=1.0), act("dose", volume=2.0), cleanup=[act("clean")]))
    asks(lab, handle)
    made = {"settle_step": 1, "end_phase": 0, "end_run": 3}.get(method, 0)
    assert len(lab.pump.calls) == made
    lab.recorder.out_of_reach.clear()
    status = handle.wait(30)
    assert status.outcome is Outcome.COMPLETED
    assert lab.pump.calls == [("dose", 1.0), ("dose", 2.0), ("clean", None)]
    assert all(one.outcome is not None for one in lab.steps())
    assert lab.recorder.runs[status.run_id].outcome is Outcome.COMPLETED


def test_no_call_is_made_while_its_intent_cannot_be_written_even_when_the_run_is_stopped(lab, act, flow):
    lab.recorder.out_of_reach.add("intend_step")
    handle = lab.submit(flow(act("dose", volume=1.0)))
    asks(lab, handle)
    handle.stop(now=True, cleanup=False)
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert lab.pump.calls == []


def test_an_outcome_of_a_stopped_run_is_kept_and_written_when_the_records_are_back(lab, act, flow):
    lab.recorder.out_of_reach |= {"settle_step", "end_run"}
    handle = lab.submit(flow(act("dose", volume=1.0), act("dose", volume=2.0)))
    asks(lab, handle)
    handle.answer("stop")
    for _ in range(10):
        lab.until(lambda: handle.status.state is State.ENDED or handle.status.question is not None)
        question = handle.status.question
        if question is None:
            break
        handle.answer("stop", question_id=question.id)
        lab.until(lambda question=question: handle.status.question is None or handle.status.question.id != question.id)
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert lab.pipeline.unkept > 0
    lab.recorder.out_of_reach.clear()
    lab.until(lambda: lab.pipeline.unkept == 0)
    assert lab.steps()[0].outcome.status is StepStatus.DONE
    assert lab.recorder.runs[1].outcome is Outcome.STOPPED
    assert lab.pump.doses == [1.0]


def test_events_that_cannot_be_noted_hold_up_nothing(lab, act, flow):
    lab.recorder.out_of_reach.add("note")
    lab.pump.fail_next.append(RuntimeError("x"))
    handle = lab.submit(flow(act("dose", volume=1.0)))
    lab.wait_for(handle, State.ASKING)
    handle.skip()
    assert handle.wait(30).outcome is Outcome.COMPLETED
    lab.recorder.out_of_reach.clear()
    lab.until(lambda: lab.kinds() == ["error", "answered", "skipped"])


def test_a_direct_call_is_not_made_without_its_intent(lab):
    lab.recorder.out_of_reach.add("intend_call")
    with pytest.raises(RecordsError):
        lab.call("pump", "dose", volume=1.0).result(30)
    assert lab.pump.calls == []
    lab.recorder.out_of_reach.clear()
    assert lab.call("pump", "dose", volume=1.0).result(30) == 2.0


def test_the_outcome_of_a_direct_call_is_kept_until_it_can_be_written(lab):
    lab.recorder.out_of_reach.add("settle_call")
    assert lab.call("pump", "dose", volume=1.0).result(30) == 2.0
    lab.until(lambda: lab.pipeline.unkept == 1)
    with pytest.raises(RecordsError):
        lab.call("pump", "dose", volume=9.0).result(30)
    lab.recorder.out_of_reach.clear()
    lab.until(lambda: lab.pipeline.unkept == 0)
    assert [one.outcome.status for one in lab.recorder.calls.values()] == [StepStatus.DONE]


def test_a_queue_that_cannot_be_read_is_read_later(lab, act, flow):
    lab.run(flow(act("dose", volume=1.0)))
    lab.recorder.out_of_reach.add("queue")
    handle = lab.submit(flow(act("dose", volume=2.0)))
    assert handle.status.state is State.QUEUED
    lab.recorder.out_of_reach.clear()
    assert handle.wait(30).outcome is Outcome.COMPLETED


def test_a_listener_that_fails_touches_no_run(make_lab, act, flow, caplog):
    lab = make_lab()

    def bad(event):
        raise RuntimeError("a broken view")

    lab.runner._publish = bad
    lab.pipeline._publish = bad
    assert lab.run(flow(act("dose", volume=1.0))).outcome is Outcome.COMPLETED
    assert lab.call("pump", "dose", volume=1.0).result(30) == 2.0

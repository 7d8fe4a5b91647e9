"""The queue, and who holds an instrument."""

import asyncio
import threading

import pytest

from ivoryos_jupyter.errors import BusyError, CallStoppedError, UnknownNameError
from ivoryos_jupyter.journal import Outcome
from ivoryos_jupyter.runner import Call, CallChanged, QueueChanged, State
from ivoryos_jupyter.runner._clock import VirtualClock
from ivoryos_jupyter.testing import MemoryRecorder
from ivoryos_jupyter.workflow import Pause


def test_one_workflow_at_a_time_in_the_order_of_submission(lab, act, flow):
    first = lab.submit(flow(act("block"), act("dose", volume=1.0)))
    second = lab.submit(flow(act("dose", volume=2.0)))
    assert lab.pump.entered.wait(30)
    assert (first.status.state, second.status.state) == (State.RUNNING, State.QUEUED)
    lab.pump.gate.set()
    second.wait(30)
    assert lab.pump.doses == [1.0, 2.0]


def test_the_same_key_again_gives_the_run_that_exists(lab, act, flow):
    request = lab.request(flow(act("dose", volume=1.0)), key="same")
    first = lab.runner.submit(request)
    first.wait(30)
    again = lab.runner.submit(request)
    assert again.existed
    assert not first.existed
    assert again.wait(30).run_id == first.status.run_id
    assert lab.pump.doses == [1.0]


def test_a_key_that_only_the_records_know_is_not_run_again(make_lab, act, flow):
    recorder = MemoryRecorder()
    old = make_lab(recorder=recorder)
    request = old.request(flow(act("dose", volume=1.0)), key="same")
    old.runner.submit(request).wait(30)
    new = make_lab(recorder=recorder)
    handle = new.runner.submit(request)
    assert handle.existed
    assert handle.wait(30).run_id == 1
    assert new.pump.doses == []


def test_waiting_runs_are_reordered_renamed_held_and_removed(lab, act, flow):
    lab.runner.queue.hold("test")
    handles = [lab.submit(flow(act("dose", volume=float(n))), key=f"k{n}") for n in range(4)]
    lab.runner.queue.reorder(["k2", "k0"])
    assert [one.request.key for one in lab.runner.queue.entries] == ["k2", "k0", "k1", "k3"]
    lab.runner.remove("k0")
    assert handles[0].wait(30).outcome is Outcome.STOPPED
    lab.runner.queue.set_held("k2", held=True)
    lab.runner.queue.replace(lab.request(flow(act("dose", volume=30.0)), key="k3"))
    with pytest.raises(UnknownNameError):
        lab.runner.queue.reorder(["nope"])
    with pytest.raises(UnknownNameError):
        lab.runner.queue.set_held("nope", held=True)
    lab.runner.queue.release()
    handles[3].wait(30)
    assert lab.pump.doses == [1.0, 30.0]
    assert handles[2].status.state is State.QUEUED
    lab.runner.queue.set_held("k2", held=False)
    handles[2].wait(30)
    assert lab.pump.doses == [1.0, 30.0, 2.0]


def test_a_run_waits_for_its_time_and_others_go_before_it(make_lab, act, flow):
    clock = VirtualClock()
    lab = make_lab(clock=clock)
    lab.runner.queue.hold("test")
    later = lab.submit(flow(act("dose", volume=1.0)), not_before_us=clock.now_us() + 3_600_000_000)
    soon = lab.submit(flow(act("dose", volume=2.0)))
    lab.runner.queue.release()
    soon.wait(30)
    assert later.wait(30).started_us >= later._control.request.not_before_us
    assert lab.pump.doses == [2.0, 1.0]


@pytest.mark.parametrize("go_on", [False, True])
def test_after_a_stop_the_queue_is_on_hold_unless_it_shall_go_on(lab, act, flow, go_on):
    first = lab.submit(flow(act("block")))
    second = lab.submit(flow(act("dose", volume=2.0)))
    assert lab.pump.entered.wait(30)
    first.stop(continue_queue=go_on)
    lab.pump.gate.set()
    first.wait(30)
    if not go_on:
        lab.until(lambda: lab.runner.queue.on_hold)
        assert "was stopped" in lab.runner.queue.reason
        assert second.status.state is State.QUEUED
        lab.runner.queue.release()
    assert second.wait(30).outcome is Outcome.COMPLETED


def test_after_a_restart_the_queue_keeps_its_order_on_hold_and_the_open_run_is_interrupted(make_lab, act, flow):
    recorder = MemoryRecorder()
    old = make_lab(recorder=recorder)
    running = old.submit(flow(act("block"), name="first"))
    for n in (2.0, 3.0):
        old.submit(flow(act("dose", volume=n)), key=f"k{n:g}")
    assert old.pump.entered.wait(30)
    new = make_lab(recorder=recorder)
    (interrupted,) = new.runner.restore()
    assert interrupted.run_id == running.status.run_id
    assert [intent.method_name for _, intent in interrupted.in_doubt] == ["block"]
    assert recorder.runs[interrupted.run_id].outcome is Outcome.INTERRUPTED
    assert new.runner.queue.on_hold
    assert [status.key for status in new.runner.runs] == ["k2", "k3"]
    new.until(lambda: any(isinstance(event, QueueChanged) and event.keys == ("k2", "k3") for event in new.events))
    assert new.pump.calls == []
    old.runner.queue.hold("the old kernel is dead")
    new.runner.queue.release()
    new.runner.handle("k3").wait(30)
    assert new.pump.doses == [2.0, 3.0]


def test_a_restored_run_that_no_longer_fits_the_deck_stays_in_the_queue_and_says_why(make_lab, act, flow):
    recorder = MemoryRecorder()
    old = make_lab({"extra": type("Extra", (), {"go": lambda self: 1})()}, recorder=recorder)
    old.runner.queue.hold("test")
    old.submit(flow(act("go", instrument="extra")), key="k")
    new = make_lab(recorder=recorder)
    new.runner.restore()
    new.runner.queue.release()
    new.until(lambda: "could not begin" in new.runner.status("k").message)
    assert new.runner.status("k").state is State.QUEUED
    assert new.runner.queue.on_hold
    assert len(recorder.queue()) == 1


def test_a_run_holds_its_instruments_and_the_others_stay_free(lab, act, flow):
    lab.executor.pin(lab.pump, "own")
    lab.submit(flow(act("block"), name="titration"), name="titration")
    assert lab.pump.entered.wait(30)
    with pytest.raises(BusyError, match="titration"):
        lab.call("pump", "dose", volume=1.0)
    assert lab.call("other", "dose", volume=1.0).result(30) == 2.0


def test_a_second_name_of_the_same_object_is_the_same_seat(make_lab, act, flow):
    lab = make_lab()
    lab.deck.update({**lab.namespace, "alias": lab.pump})
    lab.submit(flow(act("block")))
    assert lab.pump.entered.wait(30)
    with pytest.raises(BusyError):
        lab.call("alias", "dose", volume=1.0)


def test_while_a_run_is_paused_a_person_may_take_an_instrument_over_and_it_is_recorded(lab, act, flow):
    handle = lab.submit(flow(Pause(id="p", message="look"), act("dose", volume=2.0)))
    lab.wait_for(handle, State.ASKING)
    with pytest.raises(BusyError, match="take_over=True"):
        lab.call("pump", "dose", volume=1.0)
    taken = lab.pipeline.submit(Call("pump", "dose", arguments={"volume": 1.0}, operator="ada", take_over=True))
    assert taken.result(30) == 2.0
    (row,) = lab.recorder.calls.values()
    assert row.intent.run_id == handle.status.run_id
    assert "taken_over" in lab.kinds()
    handle.resume()
    handle.wait(30)


def test_a_run_waits_for_a_call_that_a_person_has_taken_over_with(lab, act, flow):
    handle = lab.submit(flow(Pause(id="p", message="look"), act("dose", volume=2.0)))
    lab.wait_for(handle, State.ASKING)
    lab.executor.pin(lab.pump, "own")
    lab.pipeline.submit(Call("pump", "block", take_over=True))
    assert lab.pump.entered.wait(30)
    handle.resume()
    lab.until(lambda: "waiting for a direct call on pump" in handle.status.message)
    assert lab.pump.doses == []
    lab.pump.gate.set()
    assert handle.wait(30).outcome is Outcome.COMPLETED


def test_a_stop_takes_a_run_out_of_the_line_for_an_instrument(lab, act, flow):
    handle = lab.submit(flow(Pause(id="p", message="look"), act("dose", volume=2.0)))
    lab.wait_for(handle, State.ASKING)
    lab.pipeline.submit(Call("pump", "block", take_over=True))
    assert lab.pump.entered.wait(30)
    handle.resume()
    lab.until(lambda: "waiting for" in handle.status.message)
    handle.stop(now=True)
    assert handle.wait(30).outcome is Outcome.STOPPED
    lab.pump.gate.set()
    lab.until(lambda: all(one.outcome for one in lab.recorder.calls.values()))
    assert lab.call("pump", "dose", volume=5.0).result(30) == 10.0
    assert lab.pump.doses == [5.0]


def test_a_busy_instrument_names_the_call_and_gives_a_place_in_line(lab):
    first = lab.call("pump", "block")
    assert lab.pump.entered.wait(30)
    with pytest.raises(BusyError, match=r"pump\.block is under way"):
        lab.call("pump", "dose", volume=1.0)
    line = [lab.pipeline.submit(Call("pump", "dose", arguments={"volume": float(n)}), wait_in_line=True) for n in (1, 2, 3)]
    assert [one.status for one in line] == ["in line"] * 3
    line[1].cancel()
    with pytest.raises(CallStoppedError):
        line[1].result(30)
    lab.pump.gate.set()
    assert first.result(30) == "free"
    assert line[2].result(30) == 6.0
    assert lab.pump.doses == [1.0, 3.0]


def test_a_call_in_line_waits_for_the_object_its_name_means_by_then(lab):
    first, busy = lab.call("pump", "block"), lab.call("other", "block")
    assert lab.pump.entered.wait(30)
    handle = lab.pipeline.submit(Call("pump", "dose", arguments={"volume": 1.0}), wait_in_line=True)
    lab.namespace["pump"] = lab.other
    lab.deck.update(lab.namespace)
    lab.pump.gate.set()
    assert first.result(30) == "free"
    lab.until(
        lambda: [one.status for one in lab.events if isinstance(one, CallChanged) and one.call_id == handle.call_id].count("in line") == 2
    )
    lab.other.gate.set()
    assert busy.result(30) == "free"
    assert handle.result(30) == 2.0
    assert (lab.pump.doses, lab.other.doses) == ([], [1.0])


def test_two_calls_of_one_loop_driver_never_overlap(make_lab):
    class Driver:
        inside = 0
        worst = 0

        async def go(self) -> None:
            self.inside += 1
            self.worst = max(self.worst, self.inside)
            await asyncio.sleep(0.005)
            self.inside -= 1

    driver = Driver()
    lab = make_lab({"driver": driver})
    handles = [lab.pipeline.submit(Call("driver", "go"), wait_in_line=True) for _ in range(5)]
    for handle in handles:
        handle.result(30)
    assert driver.worst == 1


def test_a_run_of_another_kernel_that_has_not_ended_is_not_called_removed(make_lab, act, flow):
    lab = make_lab()
    request = lab.request(flow(act("clean")), key="k")
    lab.recorder.begin_run(request, 5)
    status = lab.runner.submit(request).status
    assert status.sentence == "running in another kernel"
    assert "removed" not in repr(status)


def test_an_interrupted_run_is_found_again_as_interrupted(make_lab, act, flow):
    lab = make_lab()
    request = lab.request(flow(act("clean")), key="k")
    lab.recorder.begin_run(request, 5)
    lab.runner.restore()
    assert lab.runner.submit(request).status.sentence == "interrupted"


def test_a_waiting_run_is_replaced_by_another_workflow_unless_it_has_begun(lab, act, flow):
    lab.runner.queue.hold("test")
    handle = lab.submit(flow(act("dose", volume=1.0)), key="k")
    lab.runner.replace(lab.request(flow(act("dose", volume=2.0), act("dose", volume=3.0)), key="k"))
    lab.runner.queue.release()
    handle.wait(30)
    assert lab.pump.doses == [2.0, 3.0]
    with pytest.raises(UnknownNameError):
        lab.runner.replace(lab.request(flow(act("dose", volume=4.0)), key="k"))


def test_a_run_that_does_not_wait_is_not_replaced_and_leaves_no_trace(lab, act, flow):
    with pytest.raises(UnknownNameError, match="waits no longer"):
        lab.runner.replace(lab.request(flow(act("clean")), key="unknown"))
    assert lab.runner.runs == ()


def test_a_run_that_is_under_way_is_not_replaced(lab, act, flow):
    handle = lab.submit(flow(act("block")), key="k")
    assert lab.pump.entered.wait(30)
    with pytest.raises(UnknownNameError, match="has begun"):
        lab.runner.replace(lab.request(flow(act("dose", volume=4.0)), key="k"))
    lab.pump.gate.set()
    handle.wait(30)
    assert lab.pump.doses == []


def test_a_run_that_begins_just_now_can_be_changed_no_more(lab, act, flow, monkeypatch):
    begin, inside, go_on = lab.recorder.begin_run, threading.Event(), threading.Event()

    def slowly(*given):
        inside.set()
        assert go_on.wait(30)
        return begin(*given)

    monkeypatch.setattr(lab.recorder, "begin_run", slowly)
    handle = lab.submit(flow(act("dose", volume=1.0)))
    assert inside.wait(30)
    try:
        for change in (lambda: lab.runner.queue.set_held(handle.key, held=True), lambda: lab.runner.queue.replace(handle.request)):
            with pytest.raises(UnknownNameError, match="queue"):
                change()
    finally:
        go_on.set()
    assert handle.wait(30).outcome is Outcome.COMPLETED


def test_of_two_changes_at_the_same_instant_none_is_lost(lab, act, flow, monkeypatch):
    lab.runner.queue.hold()
    handle = lab.submit(flow(act("dose", volume=1.0)))
    replaced, others = lab.recorder.replace_queued, []

    def another_meanwhile(request):
        if not others:
            others.append(threading.Thread(target=lab.runner.queue.set_stop_here, args=(handle.key,)))
            others[0].start()
            others[0].join(0.1)  # it could be done by now, if nothing kept it
        return replaced(request)

    monkeypatch.setattr(lab.recorder, "replace_queued", another_meanwhile)
    lab.runner.queue.set_held(handle.key, held=True)
    others[0].join(30)
    request = lab.runner.queue.entries[0].request
    assert (request.held, request.stop_here) == (True, True)

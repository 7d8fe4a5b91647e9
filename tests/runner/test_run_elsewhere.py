"""A submission that another kernel has: it is followed by the records, obeys nothing from here, and ends here when it ends there."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest

from ivoryos_jupyter.errors import BegunElsewhereError, CommandError, KernelGoneError
from ivoryos_jupyter.journal import Outcome, Submission
from ivoryos_jupyter.runner import State, _following

WAITS = Submission(here=False, host="lab-pc", notebook="left.ipynb")
RUNS = replace(WAITS, run_id=12, started_us=5, phase="script", iteration=3)
ENDED = replace(RUNS, outcome=Outcome.COMPLETED, ended_us=9, counts={"done": 4, "skipped": 1})


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(_following, "LOOK_EVERY_S", 0.01)


@pytest.fixture
def submitted(lab, act, flow):
    """Submit what another kernel has."""

    def submit(found):
        lab.recorder.elsewhere["k"] = found
        return lab.submit(flow(act("dose", volume=1.0)), key="k", name="titration")

    return submit


def test_it_says_where_it_is_as_it_goes_on_and_ends_when_it_ends_there(lab, submitted):
    handle = submitted(WAITS)
    assert handle.existed
    status = handle.status
    assert (status.state, status.elsewhere, status.recalled) == (State.QUEUED, "the notebook left.ipynb on lab-pc", True)
    assert status.sentence == "waits in the queue of the notebook left.ipynb on lab-pc"
    lab.recorder.elsewhere["k"] = RUNS
    lab.wait_for(handle, State.RUNNING)
    assert (handle.status.run_id, handle.status.phase, handle.status.iteration) == (12, "script", 3)
    assert handle.status.sentence == "running script 3 in the notebook left.ipynb on lab-pc"
    lab.recorder.elsewhere["k"] = ENDED
    status = handle.wait(30)
    assert (status.state, status.outcome, status.ended_us) == (State.ENDED, Outcome.COMPLETED, 9)
    assert status.sentence == "completed with 1 skipped step"
    assert lab.pump.calls == []


def test_it_is_awaited_like_any_other(lab, submitted):
    handle = submitted(RUNS)

    async def wait():
        waiting = asyncio.ensure_future(asyncio.wait_for(_result(handle), 30))
        await asyncio.sleep(0)
        lab.recorder.elsewhere["k"] = ENDED
        return await waiting

    assert asyncio.run(wait()).outcome is Outcome.COMPLETED


async def _result(handle):
    return await handle


@pytest.mark.parametrize("found", [WAITS, RUNS])
@pytest.mark.parametrize("command", ["pause", "resume", "stop", "answer"])
def test_a_command_is_refused_and_names_the_kernel_that_has_it(lab, submitted, found, command):
    handle = submitted(found)
    arguments = ("continue",) if command == "answer" else ()
    where = "waits in the queue of" if found is WAITS else "is run by"
    message = f"'titration' {where} the notebook left.ipynb on lab-pc, and obeys that kernel only; {command} it there."
    with pytest.raises(CommandError) as caught:
        getattr(handle, command)(*arguments)
    assert str(caught.value) == message


def test_once_it_has_ended_stopping_it_does_nothing_and_pausing_it_is_refused(lab, submitted):
    handle = submitted(RUNS)
    lab.recorder.elsewhere["k"] = ENDED
    handle.wait(30)
    assert handle.stop().outcome is Outcome.COMPLETED
    with pytest.raises(CommandError, match="has ended"):
        handle.pause()


def test_when_its_kernel_dies_the_wait_ends_and_the_run_waits_for_a_decision(lab, submitted):
    handle = submitted(RUNS)
    lab.recorder.elsewhere["k"] = replace(RUNS, alive=False)
    with pytest.raises(KernelGoneError, match=r"'titration': the notebook left.ipynb on lab-pc died while it ran.*ivoryos.recover\(12\)"):
        handle.wait(30)
    assert (handle.status.outcome, handle.status.sentence) == (Outcome.INTERRUPTED, "interrupted")
    assert lab.recorder.elsewhere["k"].outcome is Outcome.INTERRUPTED


def test_when_its_kernel_dies_before_it_began_it_may_be_submitted_here(lab, submitted):
    handle = submitted(WAITS)
    lab.recorder.elsewhere["k"] = replace(WAITS, alive=False)
    with pytest.raises(KernelGoneError, match="has died or was closed before it began; submit it again to run it here"):
        handle.wait(30)
    again = submitted(replace(WAITS, alive=False))
    assert not again.existed
    assert again.wait(30).outcome is Outcome.COMPLETED
    assert lab.pump.doses == [1.0]


def test_what_another_kernel_takes_up_meanwhile_is_followed_there(lab, submitted):
    handle = submitted(WAITS)
    lab.recorder.elsewhere["k"] = replace(WAITS, alive=False)
    with pytest.raises(KernelGoneError):
        handle.wait(30)
    again = submitted(replace(WAITS, notebook="third.ipynb"))
    assert again.existed
    assert "third.ipynb" in again.status.sentence


def test_taken_out_of_the_queue_there_it_has_ended_here(lab, submitted):
    handle = submitted(WAITS)
    del lab.recorder.elsewhere["k"]
    status = handle.wait(30)
    assert (status.outcome, status.sentence) == (Outcome.STOPPED, "stopped")
    assert "left.ipynb" in status.message


def test_a_run_that_a_dead_kernel_left_is_an_interrupted_one_from_the_first(lab, submitted):
    handle = submitted(replace(RUNS, alive=False))
    assert handle.wait(30).outcome is Outcome.INTERRUPTED


def test_a_database_out_of_reach_ends_no_wait(lab, submitted):
    handle = submitted(RUNS)
    looked, submission = threading.Event(), lab.recorder.submission

    def look(key):
        looked.set()
        return submission(key)

    lab.recorder.out_of_reach.add("submission")
    lab.recorder.submission = look
    assert looked.wait(30)
    assert handle.status.state is State.RUNNING
    lab.recorder.elsewhere["k"] = ENDED
    lab.recorder.out_of_reach.clear()
    assert handle.wait(30).outcome is Outcome.COMPLETED


def test_a_session_that_is_closed_ends_the_wait_and_says_that_the_run_goes_on(make_lab, act, flow):
    lab = make_lab()
    lab.recorder.elsewhere["k"] = RUNS
    handle = lab.submit(flow(act("dose", volume=1.0)), key="k")
    lab.runner.close()
    with pytest.raises(CommandError, match=r"left\.ipynb on lab-pc goes on with it"):
        handle.wait(30)


def test_another_kernel_that_is_quicker_by_a_moment_is_followed(lab, act, flow, monkeypatch):
    enqueue = lab.recorder.enqueue

    def later(request, decided=None):
        lab.recorder.elsewhere[request.key] = RUNS
        return enqueue(request, decided)

    monkeypatch.setattr(lab.recorder, "enqueue", later)
    handle = lab.submit(flow(act("dose", volume=1.0)), key="k")
    assert handle.existed
    assert handle.status.state is State.RUNNING
    assert lab.pump.calls == []


def test_the_queue_of_this_kernel_knows_nothing_of_it(lab, submitted):
    submitted(WAITS)
    assert not lab.runner.queue.entries
    assert lab.runner.active is None


# What waited here, and another kernel took while this one was cut off from the records


@pytest.fixture
def waiting(lab, act, flow):
    """A run that waits here, the queue being on hold."""
    lab.runner.queue.hold()
    return lab.submit(flow(act("dose", volume=1.0)), key="k", name="titration")


def take(lab, found):
    assert lab.recorder.remove_queued("k")
    if found is not None:
        lab.recorder.elsewhere["k"] = found


def test_a_run_that_another_kernel_took_from_the_queue_here_is_followed_by_whoever_holds_it(lab, waiting):
    take(lab, WAITS)
    lab.runner.was_cut_off()
    lab.until(lambda: waiting.status.elsewhere)
    assert waiting.status.sentence == "waits in the queue of the notebook left.ipynb on lab-pc"
    with pytest.raises(CommandError, match="obeys that kernel only"):
        waiting.stop()
    lab.recorder.elsewhere["k"] = ENDED
    assert waiting.wait(30).outcome is Outcome.COMPLETED
    assert lab.pump.calls == []


def test_a_run_that_was_taken_and_is_gone_has_ended_here(lab, waiting):
    take(lab, None)
    lab.runner.was_cut_off()
    assert waiting.wait(30).outcome is Outcome.STOPPED
    assert "taken out of the queue" in waiting.status.message


def test_it_is_looked_for_lost_runs_as_soon_as_the_records_can_be_read_and_once_more(lab, waiting, monkeypatch):
    monkeypatch.setattr(_following, "LOOK_AGAIN_S", 0.05)
    looked, queue = threading.Semaphore(0), lab.recorder.queue
    lab.recorder.queue = lambda: (looked.release(), queue())[1]
    lab.recorder.out_of_reach.add("queue")
    lab.runner.was_cut_off()
    assert looked.acquire(timeout=30)
    lab.recorder.out_of_reach.clear()
    assert looked.acquire(timeout=30)
    take(lab, RUNS)  # by a kernel that was at it just then
    lab.wait_for(waiting, State.RUNNING)
    assert waiting.status.run_id == 12


def test_a_run_that_is_missed_when_the_queue_is_read_is_followed_too(lab, waiting):
    take(lab, RUNS)
    lab.runner.queue.release()
    lab.wait_for(waiting, State.RUNNING)
    assert waiting.status.elsewhere


def test_a_run_that_another_kernel_has_begun_while_it_begins_here_is_followed(lab, act, flow, monkeypatch):
    def begun(request, *_):
        take(lab, RUNS)
        raise BegunElsewhereError("The submission 'k' was begun already, as run 12.")

    monkeypatch.setattr(lab.recorder, "begin_run", begun)
    handle = lab.submit(flow(act("dose", volume=1.0)), key="k")
    lab.wait_for(handle, State.RUNNING)
    assert handle.status.elsewhere
    assert not lab.runner.queue.on_hold
    lab.recorder.elsewhere["k"] = ENDED
    assert handle.wait(30).outcome is Outcome.COMPLETED
    assert lab.pump.calls == []


def test_what_still_waits_here_stays_here(lab, waiting):
    lab.runner.was_cut_off()
    lab.runner.queue.release()
    assert waiting.wait(30).outcome is Outcome.COMPLETED
    assert not waiting.status.elsewhere

"""Every command in every state, and given twice."""

import pytest

from ivoryos_jupyter.errors import CommandError
from ivoryos_jupyter.journal import Outcome
from ivoryos_jupyter.runner import State


@pytest.fixture
def arrive(lab, act, bring):
    """Bring a run of two iterations into a state."""
    return lambda where: bring(lab, where, act("block"), lab.pump.entered, repeat=2)


def finish(lab, handle):
    """Let whatever the run waits for happen, and return its final status."""
    lab.pump.gate.set()
    lab.runner.queue.release()

    def nudge() -> bool:
        status = handle.status
        if status.state is State.PAUSED and status.pausing:
            handle.resume()
        elif status.question is not None:
            choice = next(one for one in ("skip", "continue", "value") if one in status.question.choices)
            handle.answer(choice, 1.5, question_id=status.question.id)
        elif status.step is not None and status.step.label == "wait":
            handle.stop(now=True)
        return status.state is State.ENDED

    lab.until(nudge)
    return handle.wait(30)


def test_stop_now_ends_the_run_with_cleanup_and_may_be_given_twice(lab, arrive, where):
    handle = arrive(where)
    handle.stop(now=True)
    handle.stop(now=True)
    lab.pump.gate.set()
    status = handle.wait(30)
    if where == "in cleanup":
        assert status.outcome is Outcome.COMPLETED
    elif where == "asking about an error":  # what ended it is the error that nobody made good
        assert status.outcome is Outcome.FAILED
        assert status.error.startswith("syringe empty\n\n")
    else:
        assert status.outcome is Outcome.STOPPED
    assert ("clean", None) in lab.pump.calls or where in {"queued", "in cleanup"}
    assert 9.0 not in lab.pump.doses or where == "in cleanup"


def test_stop_without_cleanup_ends_the_run_without_it(lab, arrive, where):
    lab.pipeline.grace_s = 0.2
    handle = arrive(where)
    handle.stop(now=True, cleanup=False)
    handle.stop(now=True, cleanup=False)
    if where == "in cleanup":
        lab.until(lambda: handle.status.state is State.ENDED)
    status = handle.wait(30)
    assert ("clean", None) not in lab.pump.calls
    assert status.outcome is (Outcome.FAILED if where == "asking about an error" else Outcome.STOPPED)


def test_stop_after_the_step_lets_a_call_return_and_ends_a_wait_at_once(lab, arrive, where):
    handle = arrive(where)
    handle.stop(after="step")
    handle.stop(after="step")
    lab.pump.gate.set()
    status = handle.wait(30)
    expected = {"in cleanup": Outcome.COMPLETED, "asking about an error": Outcome.FAILED}
    assert status.outcome is expected.get(where, Outcome.STOPPED)
    assert 9.0 not in lab.pump.doses or where == "in cleanup"


def test_stop_after_the_row_finishes_the_row(lab, arrive, where):
    handle = arrive(where)
    handle.stop(after="row")
    handle.stop(after="row")
    status = finish(lab, handle)
    if where == "queued":
        assert lab.pump.calls == []
    elif where in {"in a wait", "paused in a wait"}:  # they are stopped to end the test
        assert status.outcome is Outcome.STOPPED
    elif where == "in cleanup":
        assert status.outcome is Outcome.COMPLETED
    else:
        assert lab.pump.doses.count(9.0) == (0 if where == "paused" else 1)
        assert status.outcome is Outcome.STOPPED


def test_pause_holds_at_the_next_checkpoint_and_resume_goes_on(lab, arrive, where):
    handle = arrive(where)
    handle.pause()
    handle.pause()
    assert handle.status.pausing
    if where == "queued":
        lab.runner.queue.release()
    lab.pump.gate.set()
    if where.startswith("asking"):
        question = handle.status.question
        handle.answer({"error": "skip", "pause": "continue", "input": "value"}[question.kind], "2.5", question_id=question.id)
    if where == "in cleanup":
        handle.wait(30)  # the last step has no checkpoint after it
        return
    lab.wait_for(handle, State.PAUSED)
    assert 9.0 not in lab.pump.doses
    handle.resume()
    handle.resume()
    lab.until(lambda: handle.status.state is not State.PAUSED)
    assert finish(lab, handle).state is State.ENDED


def test_a_pause_while_an_error_is_asked_about_never_resumes_the_run(lab, arrive):
    handle = arrive("asking about an error")
    handle.pause()
    handle.skip()
    lab.wait_for(handle, State.PAUSED)
    assert lab.pump.doses == [7.0]


def test_resume_of_a_run_that_asks_about_an_error_is_refused_and_names_the_answers(lab, arrive):
    handle = arrive("asking about an error")
    with pytest.raises(CommandError, match="'retry', 'skip', 'stop'"):
        handle.resume()
    assert handle.status.state is State.ASKING


def test_resume_answers_a_pause_step(lab, arrive):
    handle = arrive("asking to go on")
    handle.resume()
    lab.until(lambda: 9.0 in lab.pump.doses)


@pytest.mark.parametrize("where", ["queued", "in a step", "in a wait", "paused"])
def test_an_answer_nobody_asked_for_is_refused(lab, arrive, where):
    handle = arrive(where)
    with pytest.raises(CommandError, match="does not ask"):
        handle.answer("retry")


def test_an_answer_given_twice_counts_once(lab, arrive):
    handle = arrive("asking about an error")
    question = handle.status.question
    lab.runner.answer(handle.key, question.id, "skip")
    lab.runner.answer(handle.key, question.id, "skip")
    with pytest.raises(CommandError, match="answered 'skip' already"):
        lab.runner.answer(handle.key, question.id, "retry")
    lab.until(lambda: 9.0 in lab.pump.doses)
    assert lab.pump.doses[:2] == [7.0, 9.0]


def test_a_choice_that_is_not_offered_is_refused(lab, arrive):
    handle = arrive("asking to go on")
    with pytest.raises(CommandError, match="'continue', 'stop'"):
        handle.retry()


def test_after_its_end_a_run_refuses_what_cannot_be_and_ignores_a_stop(lab, act, flow):
    handle = lab.submit(flow(act("dose", volume=1.0)))
    handle.wait(30)
    for command in (handle.pause, handle.resume):
        with pytest.raises(CommandError, match="has ended"):
            command()
    with pytest.raises(CommandError):
        handle.retry()
    assert handle.stop(now=True).outcome is Outcome.COMPLETED


def test_make_safe_stops_at_once_without_cleanup_and_holds_the_queue(lab, arrive, act, flow):
    handle = arrive("in a wait")
    waiting = lab.submit(flow(act("dose", volume=2.0)))
    lab.runner.make_safe()
    lab.runner.make_safe()
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert lab.pump.calls == []
    assert lab.runner.queue.on_hold
    assert waiting.status.state is State.QUEUED


def test_make_safe_without_a_run_holds_the_queue(lab):
    lab.runner.make_safe().result(30)
    assert lab.runner.queue.on_hold


def test_a_stop_is_named_in_the_status_until_it_is_obeyed(lab, arrive):
    handle = arrive("in a step")
    assert handle.stop(after="row").sentence == "stopping after this row"
    assert handle.stop(after="step").sentence == "stopping after this step"
    assert handle.stop(after="row").stopping == "step"
    lab.pump.gate.set()
    assert handle.wait(30).stopping is None

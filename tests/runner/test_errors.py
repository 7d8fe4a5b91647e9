"""What a run does about errors."""

import asyncio

import pytest

from ivoryos_jupyter.errors import ConversionError, LimitError, SafetyFileError, WorkflowError
from ivoryos_jupyter.journal import Outcome, StepStatus
from ivoryos_jupyter.runner import State
from ivoryos_jupyter.schema import Limit, Limits
from ivoryos_jupyter.testing import NeverReturns, RaisesBaseException
from ivoryos_jupyter.workflow import Action, Constant, Expression, Input, OnError, SetProperty, SetVariable, Variable


def test_an_error_pauses_the_run_and_asks_with_the_drivers_words_and_arguments(lab, act, flow):
    lab.pump.fail_next.append(RuntimeError("syringe empty"))
    handle = lab.submit(flow(act("dose", volume=1.0, id="a"), act("clean")))
    question = lab.wait_for(handle, State.ASKING).question
    assert question.kind == "error"
    assert question.step_id == "a"
    assert question.label == "pump.dose"
    assert question.error.startswith("syringe empty\n\nTraceback")
    assert question.arguments == {"volume": 1.0}
    assert question.choices == ("retry", "skip", "stop")
    handle.skip()
    status = handle.wait(30)
    assert status.outcome is Outcome.COMPLETED
    assert (status.counts.failed, status.counts.skipped, status.counts.done) == (1, 1, 1)
    assert status.sentence == "completed with 1 skipped step"
    assert lab.kinds() == ["error", "answered", "skipped"]


def test_a_retry_with_edited_arguments_is_converted_checked_and_recorded_as_a_new_attempt(lab, act, flow):
    lab.limits.limits = Limits((Limit("pump", "dose", "volume", maximum=5.0),))
    lab.pump.fail_next.append(RuntimeError("too slow"))
    handle = lab.submit(flow(act("dose", volume=1.0, outputs=("got",))))
    lab.wait_for(handle, State.ASKING)
    handle.retry({"volume": "4"})
    status = handle.wait(30)
    assert status.counts.retried == 1
    steps = lab.steps()
    assert [(one.intent.attempt, one.intent.arguments["volume"], one.outcome.status) for one in steps] == [
        (1, 1.0, StepStatus.FAILED),
        (2, 4.0, StepStatus.DONE),
    ]
    assert lab.pump.doses == [1.0, 4.0]


@pytest.mark.parametrize(("volume", "refusal"), [("2,5", ConversionError), ("50", LimitError)])
def test_a_retry_that_cannot_be_made_is_refused_and_the_question_stays_as_it_was(lab, act, flow, volume, refusal):
    lab.limits.limits = Limits((Limit("pump", "dose", "volume", maximum=5.0),))
    lab.pump.fail_next.append(RuntimeError("syringe empty"))
    handle = lab.submit(flow(act("dose", volume=1.0)))
    question = lab.wait_for(handle, State.ASKING).question
    with pytest.raises(refusal, match="volume"):
        handle.retry({"volume": volume})
    with pytest.raises(ConversionError, match="volum"):
        handle.retry({"volum": 2})
    assert handle.status.question == question
    handle.skip()
    counts = handle.wait(30).counts
    assert (counts.failed, counts.retried, counts.skipped) == (1, 0, 1)
    assert [one.intent.attempt for one in lab.steps()] == [1]


def test_stop_as_the_answer_fails_the_run_with_the_error_and_cleans_up(lab, act, flow):
    lab.pump.fail_next.append(RuntimeError("syringe empty"))
    handle = lab.submit(flow(act("dose", volume=1.0), cleanup=[act("clean")]))
    lab.wait_for(handle, State.ASKING)
    handle.answer("stop")
    status = handle.wait(30)
    assert status.outcome is Outcome.FAILED
    assert status.error.startswith("syringe empty")
    assert lab.pump.calls[-1] == ("clean", None)
    assert [one.status for one in lab.recorder.phases_of(status.run_id)] == ["done", "failed", "done"]
    assert lab.recorder.runs[status.run_id].detail["error"].startswith("syringe empty")


def test_an_error_in_cleanup_never_hides_the_first_one(lab, act, flow):
    lab.pump.fail_next += [RuntimeError("first"), RuntimeError("second")]
    handle = lab.submit(flow(act("dose", volume=1.0), cleanup=[act("clean")]))
    for _ in range(2):
        question = lab.wait_for(handle, State.ASKING).question
        handle.answer("stop", question_id=question.id)
        lab.until(lambda question=question: handle.status.question is None or handle.status.question.id != question.id)
    status = handle.wait(30)
    assert status.error.startswith("first")
    assert status.cleanup_error.startswith("second")
    assert status.outcome is Outcome.FAILED


def test_a_completed_run_whose_cleanup_fails_is_not_called_completed(lab, act, flow):
    clean = Action(id="c", instrument="pump", method="clean", on_error=OnError("fail"))
    handle = lab.submit(flow(act("block"), cleanup=[clean]))
    assert lab.pump.entered.wait(30)
    lab.pump.fail_next.append(RuntimeError("valve stuck"))
    lab.pump.gate.set()
    status = handle.wait(30)
    assert status.outcome is Outcome.FAILED
    assert status.error.startswith("valve stuck")
    assert status.cleanup_error.startswith("valve stuck")


def policy(action: str, **more) -> Action:
    return Action(id="a", instrument="pump", method="dose", arguments={"volume": Constant(1.0)}, on_error=OnError(action, **more))


def test_the_policy_retry_tries_again_so_often_and_then_asks(lab, flow):
    lab.pump.fail_next += [RuntimeError("1"), RuntimeError("2"), RuntimeError("3")]
    handle = lab.submit(flow(policy("retry", retries=2, delay_s=0.001)))
    lab.wait_for(handle, State.ASKING)
    assert len(lab.pump.doses) == 3
    handle.retry()
    status = handle.wait(30)
    assert status.outcome is Outcome.COMPLETED
    assert status.counts.retried == 3
    assert [one.intent.attempt for one in lab.steps()] == [1, 2, 3, 4]


def test_the_delay_between_two_attempts_is_waited_and_a_stop_ends_it(lab, flow):
    lab.pump.fail_next.append(RuntimeError("1"))
    handle = lab.submit(flow(policy("retry", retries=1, delay_s=1000)))
    lab.until(lambda: "retried" in lab.kinds())
    handle.pause()
    lab.wait_for(handle, State.PAUSED)
    assert lab.pump.doses == [1.0]
    handle.stop()
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert lab.pump.doses == [1.0]


def test_the_policy_continue_goes_on_and_is_counted_as_skipped(lab, act, flow):
    lab.pump.fail_next.append(RuntimeError("1"))
    status = lab.run(flow(policy("continue"), act("clean")))
    assert status.outcome is Outcome.COMPLETED
    assert status.counts.skipped == 1
    assert lab.pump.calls[-1] == ("clean", None)


def test_the_policy_fail_ends_the_run_with_cleanup(lab, act, flow):
    lab.pump.fail_next.append(RuntimeError("no"))
    status = lab.run(flow(policy("fail"), act("dose", volume=9.0), cleanup=[act("clean")]))
    assert status.outcome is Outcome.FAILED
    assert status.error.startswith("no\n")
    assert lab.pump.calls == [("dose", 1.0), ("clean", None)]


def test_cleanup_is_left_out_after_the_endings_that_the_submission_says(lab, act, flow):
    lab.pump.fail_next.append(RuntimeError("no"))
    status = lab.run(flow(policy("fail"), cleanup=[act("clean")]), cleanup_after=("completed",))
    assert status.outcome is Outcome.FAILED
    assert lab.pump.calls == [("dose", 1.0)]
    assert "cleanup_skipped" in lab.kinds()


def test_a_wrong_number_of_items_for_the_names_is_a_failed_step(lab, act, flow):
    handle = lab.submit(flow(act("measure", outputs=("a", "b")), act("clean")))
    assert handle.wait(30).outcome is Outcome.COMPLETED
    assert lab.steps()[0].outcome.added == {"a": 1.5, "b": 2.5}


def test_a_name_without_value_is_a_failed_step_that_names_it(lab, act, flow):
    lab.pump.fail_next.append(RuntimeError("x"))
    handle = lab.submit(flow(act("dose", volume=1.0, outputs=("got",)), act("dose", volume=Variable("got"))))
    lab.wait_for(handle, State.ASKING)
    handle.skip()
    lab.until(lambda: handle.status.question is not None and "got" in handle.status.question.message)
    handle.retry({"volume": 3.0})
    assert handle.wait(30).outcome is Outcome.COMPLETED
    assert lab.pump.doses == [1.0, 3.0]


def test_a_limit_is_checked_right_before_the_call_whatever_the_source_of_the_value(lab, act, flow):
    lab.limits.limits = Limits((Limit("pump", "dose", "volume", maximum=5.0), Limit("pump", "rate_(setter)", "value", maximum=2.0)))
    steps = [
        SetVariable(id="v", name="v", value=Constant(3)),
        act("dose", volume=Expression("v * 2")),
        SetProperty(id="p", instrument="pump", property="rate", value=Variable("v")),
    ]
    handle = lab.submit(flow(*steps))
    for _ in range(2):
        question = lab.wait_for(handle, State.ASKING).question
        assert "limit" in question.error
        handle.answer("skip", question_id=question.id)
        lab.until(lambda question=question: handle.status.question is None or handle.status.question.id != question.id)
    handle.wait(30)
    assert lab.pump.calls == []


def test_an_unreadable_limits_file_blocks_every_call(lab, act, flow):
    handle = lab.submit(flow(act("block"), act("dose", volume=1.0)))
    assert lab.pump.entered.wait(30)
    lab.limits.error = SafetyFileError("safety.json cannot be read")
    lab.pump.gate.set()
    assert "safety.json" in lab.wait_for(handle, State.ASKING).question.error
    with pytest.raises(SafetyFileError):
        lab.call("other", "dose", volume=1.0)
    lab.limits.error = None
    handle.retry()
    handle.wait(30)
    assert lab.pump.doses == [1.0]


def test_nothing_is_submitted_that_cannot_run_and_all_problems_are_told(lab, act, flow):
    with pytest.raises(WorkflowError) as caught:
        lab.submit(flow(act("dose", volume="much"), act("nope"), act("dose")))
    assert len(caught.value.problems) == 3
    assert lab.recorder.queue() == ()


def test_a_driver_that_raises_what_is_no_exception_is_an_error_like_others(make_lab, act, flow):
    lab = make_lab({"bad": RaisesBaseException()})
    handle = lab.submit(flow(act("leave", instrument="bad"), act("clean")))
    question = lab.wait_for(handle, State.ASKING).question
    assert "SystemExit" in question.error
    handle.skip()
    assert handle.wait(30).outcome is Outcome.COMPLETED


def test_a_step_that_times_out_and_never_returns_is_abandoned_and_the_run_asks(make_lab, act, flow, clock):
    stuck = NeverReturns()
    lab = make_lab({"stuck": stuck}, grace_s=0.05, clock=clock)
    hang = Action(id="h", instrument="stuck", method="hang", timeout_s=100)
    handle = lab.submit(flow(hang, act("dose", volume=1.0), cleanup=[act("clean")]))
    assert stuck.entered.wait(30)
    clock.let_pass(101)
    status = lab.wait_for(handle, State.ASKING)
    assert "100 s" in status.question.error
    assert lab.pipeline.untrusted == ("stuck",)
    assert lab.steps()[0].outcome.status is StepStatus.ABANDONED
    lab.until(lambda: "not_trusted" in lab.kinds())
    handle.skip()
    status = handle.wait(30)
    assert status.outcome is Outcome.COMPLETED
    assert status.counts.abandoned == 1
    assert lab.pump.calls == [("dose", 1.0), ("clean", None)]
    stuck.let_go()


def test_stop_now_leaves_a_call_that_never_returns_and_cleans_up(make_lab, act, flow):
    stuck = NeverReturns()
    lab = make_lab({"stuck": stuck}, grace_s=0.05)
    handle = lab.submit(flow(act("hang", instrument="stuck"), cleanup=[act("clean")]))
    assert stuck.entered.wait(30)
    handle.stop(now=True)
    status = handle.wait(30)
    assert status.outcome is Outcome.STOPPED
    assert lab.pump.calls == [("clean", None)]
    assert lab.steps()[0].outcome.status is StepStatus.ABANDONED
    stuck.let_go()


def test_an_answer_of_the_wrong_type_is_refused_and_the_question_stays(lab, act, flow):
    ask = Input(id="i", message="mass?", name="mass", type="float")
    pick = Input(id="j", message="colour?", name="colour", choices=("red", "blue"))
    handle = lab.submit(flow(ask, pick, act("dose", volume=Variable("mass"))))
    lab.wait_for(handle, State.ASKING)
    with pytest.raises(ConversionError):
        handle.answer("value", "heavy")
    handle.answer("value", "2.5")
    lab.until(lambda: handle.status.question is not None and handle.status.question.options == ("red", "blue"))
    with pytest.raises(ConversionError, match="'red', 'blue'"):
        handle.answer("value", "green")
    handle.answer("value", "red")
    handle.wait(30)
    assert lab.pump.doses == [2.5]
    assert lab.steps()[0].outcome.added == {"mass": 2.5}


def test_a_rebound_instrument_is_asked_about_before_the_next_call(lab, act, flow):
    handle = lab.submit(flow(act("block"), act("dose", volume=1.0), act("dose", volume=2.0)))
    assert lab.pump.entered.wait(30)
    old = lab.pump
    fresh = type(old)()
    lab.deck.update({**lab.namespace, "pump": fresh})
    old.gate.set()
    question = lab.wait_for(handle, State.ASKING).question
    assert question.kind == "rebound"
    assert "'pump' was defined anew" in question.message
    handle.answer("continue")
    handle.wait(30)
    assert old.doses == []
    assert fresh.doses == [1.0, 2.0]


def test_a_run_is_awaited_and_refuses_to_be_waited_for_on_the_loop_it_needs(make_lab, act, flow):
    class Stirrer:
        async def stir(self) -> int:
            return 1

    async def scene():
        lab = make_lab({"stirrer": Stirrer()}, loop=asyncio.get_running_loop())
        run = lab.submit(flow(act("stir", instrument="stirrer")))
        with pytest.raises(Exception, match="await run"):
            run.wait(30)
        return await run

    assert asyncio.run(scene()).outcome is Outcome.COMPLETED


def test_a_run_that_needs_no_loop_may_be_waited_for_anywhere(make_lab, act, flow):
    async def scene():
        lab = make_lab({}, loop=asyncio.get_running_loop())
        return lab.submit(flow(act("dose", volume=1.0))).wait(30)

    assert asyncio.run(scene()).outcome is Outcome.COMPLETED


def test_while_a_cell_blocks_the_loop_a_step_that_needs_it_waits_and_says_so(make_lab, act, flow):
    class Stirrer:
        async def stir(self) -> int:
            return 1

    loop = asyncio.new_event_loop()  # it does not run: a cell keeps it from running
    lab = make_lab({"stirrer": Stirrer()}, loop=loop)
    run = lab.submit(flow(act("stir", instrument="stirrer")))
    lab.until(lambda: "waiting for the notebook" in run.status.message)
    assert "a cell is running" in run.status.sentence
    loop.call_later(0.2, loop.stop)
    loop.run_forever()
    assert run.wait(30).outcome is Outcome.COMPLETED
    loop.close()


def test_stop_now_ends_a_step_that_waits_for_the_loop_without_making_its_call(make_lab, act, flow):
    class Stirrer:
        async def stir(self) -> int:
            raise AssertionError("it must not be called")

    loop = asyncio.new_event_loop()
    lab = make_lab({"stirrer": Stirrer()}, loop=loop)
    run = lab.submit(flow(act("stir", instrument="stirrer")))
    lab.until(lambda: run.status.step is not None)
    run.stop(now=True)
    assert run.wait(30).outcome is Outcome.STOPPED
    assert lab.steps()[0].outcome.status is StepStatus.CANCELLED
    loop.call_soon(loop.stop)
    loop.run_forever()
    loop.close()


def test_an_interlock_refuses_a_call_before_it_is_made(lab, act, flow):
    def lid(call, member, arguments):
        if member.name == "dose" and arguments["volume"] > 3:
            raise RuntimeError("close the lid first")

    lab.pipeline.interlocks.append(lid)
    with pytest.raises(RuntimeError, match="lid"):
        lab.call("pump", "dose", volume=4.0)
    handle = lab.submit(flow(act("dose", volume=4.0)))
    assert "lid" in lab.wait_for(handle, State.ASKING).question.error
    handle.skip()
    handle.wait(30)
    assert lab.pump.calls == []


def test_a_forbidden_direct_call_is_recorded_as_refused(lab):
    lab.limits.limits = Limits((Limit("pump", "dose", "volume", maximum=5.0),))
    with pytest.raises(Exception, match="limit"):
        lab.call("pump", "dose", volume=50.0)
    lab.until(lambda: lab.recorder.calls and all(one.outcome for one in lab.recorder.calls.values()))
    (row,) = lab.recorder.calls.values()
    assert row.outcome.status is StepStatus.FAILED
    assert row.intent.kwargs == {"volume": 50.0}

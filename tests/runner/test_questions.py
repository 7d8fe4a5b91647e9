"""A person is asked for a value: unit, bounds and default, wrong answers, answers given twice, and answers elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivoryos_jupyter.errors import CommandError, ConversionError, RecordsError
from ivoryos_jupyter.journal import Outcome
from ivoryos_jupyter.runner import State
from ivoryos_jupyter.runner import _station as station
from ivoryos_jupyter.workflow import Input, OnError, Pause

VOLUME = Input(id="ask", message="How much?", name="volume", type="float", unit="mL", minimum=0.5, maximum=10.0, default=2.5)


def asked(lab, flow, step):
    run = lab.submit(flow(step))
    lab.wait_for(run, State.ASKING)
    return run


def answered(lab, run):
    assert run.wait(30).outcome.value == "completed"
    return lab.steps(run.status.run_id)[0].outcome.result


def test_the_question_says_unit_bounds_and_default(lab, flow):
    run = asked(lab, flow, VOLUME)
    question = run.status.question
    assert (question.unit, question.minimum, question.maximum, question.default) == ("mL", 0.5, 10.0, 2.5)
    run.stop()
    run.wait(30)


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_nothing_typed_is_the_default(lab, flow, nothing):
    run = asked(lab, flow, VOLUME)
    run.answer("value", nothing)
    assert answered(lab, run) == 2.5


def test_nothing_typed_is_refused_where_there_is_no_default(lab, flow):
    run = asked(lab, flow, Input(id="ask", message="How much?", name="volume", type="float"))
    with pytest.raises(ConversionError, match="answer"):
        run.answer("value", "")
    run.answer("value", "1e1")
    assert answered(lab, run) == 10.0


@pytest.mark.parametrize("wrong", ["a lot", "0.4", "10.5", "nan", True])
def test_a_wrong_answer_leaves_the_question_open(lab, flow, wrong):
    run = asked(lab, flow, VOLUME)
    with pytest.raises(ConversionError) as refused:
        run.answer("value", wrong)
    assert [one.field for one in refused.value.problems] == ["answer"]
    assert run.status.question is not None
    run.answer("value", 3)
    assert answered(lab, run) == 3.0


def test_the_same_answer_twice_does_nothing_and_a_later_one_is_told_so(lab, flow):
    run = asked(lab, flow, VOLUME)
    question = run.status.question.id
    run.answer("value", 3, question_id=question)
    run.answer("value", "3.0", question_id=question)
    with pytest.raises(CommandError, match="answered 'value' already"):
        run.answer("value", 4, question_id=question)
    assert answered(lab, run) == 3.0
    run.answer("value", 3, question_id=question)
    with pytest.raises(CommandError, match="answered 'value' already"):
        run.answer("stop", question_id=question)
    with pytest.raises(CommandError, match="does not ask that"):
        run.answer("value", 4, question_id="another")


@pytest.mark.parametrize("step", [Pause(id="p", message="swap the vial", timeout_s=0.05), replace(VOLUME, timeout_s=0.05)])
def test_a_question_that_nobody_answers_in_its_time_is_a_failed_step(lab, flow, step):
    status = lab.run(flow(replace(step, on_error=OnError("continue"))))
    assert status.outcome is Outcome.COMPLETED
    assert status.counts.skipped == 1
    assert "nobody answered within 0.05 s" in lab.steps()[0].outcome.error
    assert "unanswered" in lab.kinds()


def test_a_question_that_is_answered_in_its_time_is_answered(lab, flow):
    run = lab.submit(flow(Pause(id="p", message="swap the vial", timeout_s=60)))
    lab.wait_for(run, State.ASKING)
    run.answer("continue")
    assert run.wait(30).outcome is Outcome.COMPLETED


def test_an_answer_that_comes_too_late_for_its_question_is_no_answer_to_the_next_one(lab, act, flow, monkeypatch):
    monkeypatch.setattr(station, "RETRY_S", 0.01)
    write, answers = lab.recorder.intend_step, []

    def answered_meanwhile(intent, *more):
        if run.status.question is None:
            raise RecordsError("away")
        if not answers:
            answers.append(run.answer("retry"))
        return write(intent, *more)

    lab.pump.fail_next.append(RuntimeError("syringe empty"))
    lab.runner.queue.hold("so that the handle is there first")
    run = lab.submit(flow(act("dose", volume=1.0)))
    monkeypatch.setattr(lab.recorder, "intend_step", answered_meanwhile)
    lab.runner.queue.release()
    lab.until(lambda: run.status.question is not None and run.status.question.kind == "error")
    monkeypatch.setattr(lab.recorder, "intend_step", write)
    assert lab.pump.doses == [1.0]
    run.skip()
    assert run.wait(30).outcome is Outcome.COMPLETED
    assert lab.pump.doses == [1.0]

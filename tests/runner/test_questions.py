"""A person is asked for a value: unit, bounds and default, wrong answers, answers given twice, and answers elsewhere."""

from __future__ import annotations

import pytest

from ivoryos_jupyter.errors import CommandError, ConversionError
from ivoryos_jupyter.runner import State
from ivoryos_jupyter.workflow import Input

VOLUME = Input(id="ask", message="How much?", name="volume", type="float", unit="mL", minimum=0.5, maximum=10.0, default=2.5)


def asked(lab, flow, step):
    run = lab.submit(flow(step))
    lab.wait_for(run, State.ASKING)
    return run


def answered(lab, run):
    assert run.wait(10).outcome.value == "completed"
    return lab.steps(run.status.run_id)[0].outcome.result


def test_the_question_says_unit_bounds_and_default(lab, flow):
    run = asked(lab, flow, VOLUME)
    question = run.status.question
    assert (question.unit, question.minimum, question.maximum, question.default) == ("mL", 0.5, 10.0, 2.5)
    run.stop()
    run.wait(5)


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

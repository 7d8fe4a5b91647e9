"""Where a run goes on that was stopped, had failed, waited for an answer or was between two things when its kernel died."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest

from ivoryos_jupyter.errors import ResumeError
from ivoryos_jupyter.journal import Decision, DoneAhead, Outcome, Resumption, StepStatus
from ivoryos_jupyter.runner import StepChanged, chain_of, look
from ivoryos_jupyter.testing._bench import Bench
from ivoryos_jupyter.workflow import Action, AtRun, Constant, OnError, Variable, Wait, Workflow
from tests.runner.mortal import Kernel, KilledError, Mortal, request_of


def dispense(id, volume=1.0, **more):  # noqa: A002 - the word for it
    value = volume if hasattr(type(volume), "tag") else Constant(volume)
    return Action(id=id, instrument="pump", method="dispense", arguments={"volume_ml": value}, **more)


FLOW = Workflow(
    name="w",
    prep=(dispense("p", 0.5, outputs=("first",)),),
    script=(dispense("a", AtRun("v")), Wait(id="b", seconds=Constant(60)), dispense("c", 3.0)),
    cleanup=(dispense("x", Variable("first")), Action(id="y", instrument="pump", method="refill")),
)
ROWS = [{"v": 1.0}, {"v": 2.0}]


class Story:
    """One run, its deaths, and what goes on."""

    def __init__(self, workflow=FLOW, rows=ROWS, fails=(), **more):
        self.bench = Bench(fails)
        self.recorder = Mortal()
        self.request = replace(request_of(workflow, rows), **more)
        self.workflow = workflow
        self.answer = "skip"
        self.told = lambda event, control: None

    def dies_at(self, step, *, after=False, run=1):
        """Let the kernel die in the middle of this step, with the call made and its outcome not written; or after it."""
        seen = []

        def told(event, control):
            self.told(event, control)
            if isinstance(event, StepChanged) and event.step_id == step and (event.status is not StepStatus.OPEN) is after:
                seen.append(event)
                if len(seen) == run:
                    self.recorder.lives = 0

        with pytest.raises(KilledError):
            self._drive(told)
        self.recorder.lives = None
        self.recorder.unfinished()
        return self

    def _drive(self, told):
        kernel = Kernel(self.bench.instruments, self.recorder, lambda _: self.answer)
        kernel.told = told
        return kernel.drive(self.request)

    def goes_on(self, *, mode="resume", ahead=(), **decided):
        """Take the run up, having decided about the step in doubt by its id."""
        last = max(self.recorder.runs)
        rows = {step.intent.step_id: step.row for step in self.recorder.past_steps(last) if step.status is StepStatus.OPEN}
        decisions = {rows[name]: decision for name, decision in decided.items()}
        resume = Resumption(mode, decisions, ahead).plain()
        self.request = replace(self.request, key=f"k{last}", name=f"k{last}", derived_from=last, resume=resume)
        return self

    def ends(self):
        """Drive it to its end; return the volumes of all calls and how it ended."""
        status = self._drive(self.told)
        return [call.arguments[0] if call.arguments else call.target for call in self.bench.calls], status


DONE, NOT_DONE = Decision("done"), Decision("not_done")
ALL = [0.5, 1.0, 3.0, 2.0, 3.0, 0.0, "pump.refill"]


@pytest.mark.parametrize("lives", range(60))
def test_at_whatever_write_it_dies_it_goes_on_from_there(lives):
    story = Story()
    story.recorder.lives = lives
    with contextlib.suppress(KilledError):
        story._drive(lambda *_: None)
    story.recorder.lives = None
    if not story.recorder.unfinished() and story.recorder.runs:
        return  # it had come to its end
    if not story.recorder.runs:
        assert story.ends()[0] == ALL
        return
    last = max(story.recorder.runs)
    doubtful = {step.intent.step_id for step in story.recorder.past_steps(last) if step.status is StepStatus.OPEN}
    fate = story.recorder.fate
    story.goes_on(**dict.fromkeys(doubtful, Decision("not_done") if fate is None else Decision("done", fate.result)))
    calls, status = story.ends()
    assert calls == ALL
    assert status.outcome is Outcome.COMPLETED


def stop_at(step, moment, **more):
    def told(event, control):
        if isinstance(event, StepChanged) and event.step_id == step and event.status is StepStatus.OPEN and not control.stopping:
            control.stop(moment, **more)

    return told


def test_a_run_that_was_stopped_after_its_row_goes_on_with_its_cleanup_and_was_stopped():
    story = Story()
    story.told = stop_at("a", "row")
    calls, status = story.dies_at("x").goes_on(x=DONE).ends()
    assert calls == [0.5, 1.0, 3.0, 0.0, "pump.refill"]
    assert status.outcome is Outcome.STOPPED


@pytest.mark.parametrize("moment", ["step", "now"])
def test_a_run_that_was_stopped_in_a_wait_is_not_begun_again(moment):
    story = Story()
    story.told = stop_at("b", moment)
    calls, status = story.dies_at("x", after=True).goes_on().ends()
    assert calls == [0.5, 1.0, 0.0, "pump.refill"]
    assert status.outcome is Outcome.STOPPED


def test_a_run_that_dies_while_it_is_being_stopped_goes_on_with_its_cleanup():
    story = Story()
    story.told = stop_at("b", "now")
    calls, status = story.dies_at("b", after=True).goes_on().ends()
    assert calls == [0.5, 1.0, 0.0, "pump.refill"]
    assert status.outcome is Outcome.STOPPED


def test_a_stop_without_cleanup_stays_one():
    story = Story()
    story.told = stop_at("b", "now", cleanup=False)
    story.recorder.lives = None
    seen = []

    def told(event, control):
        stop_at("b", "now", cleanup=False)(event, control)
        seen.append(event)

    story._drive(told)
    story.recorder.runs[max(story.recorder.runs)].outcome = None
    story.recorder.unfinished()
    calls, ended = story.goes_on().ends()
    assert calls == [0.5, 1.0]
    assert ended.outcome is Outcome.STOPPED


def test_what_had_failed_stays_failed_with_its_first_error():
    flow = replace(FLOW, script=(dispense("a", AtRun("v"), on_error=OnError("fail")),))
    story = Story(flow, fails={1})
    calls, status = story.dies_at("x").goes_on(x=DONE).ends()
    assert calls == [0.5, 1.0, 0.0, "pump.refill"]
    assert status.outcome is Outcome.FAILED
    assert "call 1 was told to fail" in status.error


def test_an_error_that_nobody_had_answered_is_asked_about_again():
    story = Story(fails={1})
    story.dies_at("a", after=True).goes_on()
    assert look(story.workflow, chain_of(1, story.recorder.past), Resumption("resume"), 0).coming.step.id == "a"
    calls, status = story.ends()
    assert calls == ALL
    assert status.counts.skipped == 1


def test_an_answer_that_was_given_is_not_asked_for_again():
    story = Story(fails={1})
    calls, _ = story.dies_at("b").goes_on(b=NOT_DONE).ends()
    assert calls == ALL
    assert sum(event.kind == "error" for event in story.recorder.events) == 1


def test_cleanup_alone_is_what_it_says_and_can_be_resumed_itself():
    story = Story().dies_at("c").goes_on(mode="cleanup")
    story.dies_at("y").goes_on(y=NOT_DONE)
    calls, status = story.ends()
    assert calls == [0.5, 1.0, 3.0, 0.0, "pump.refill", "pump.refill"]
    assert status.outcome is Outcome.COMPLETED


def test_steps_that_were_done_after_the_record_ends_are_passed_over():
    story = Story().dies_at("a", after=True)
    ahead = (DoneAhead("b", "", 0), DoneAhead("c", "", 0), DoneAhead("a", "", 0))
    calls, _ = story.goes_on(ahead=ahead).ends()
    assert calls == [0.5, 1.0, 3.0, 0.0, "pump.refill"]


def test_a_step_that_does_not_come_next_cannot_be_said_to_be_done():
    story = Story().dies_at("a", after=True).goes_on(ahead=(DoneAhead("c", "", 0),))
    with pytest.raises(ResumeError, match="comes next"):
        story.ends()


def test_another_workflow_under_the_same_history_is_refused():
    story = Story().dies_at("c").goes_on(c=DONE)
    other = replace(FLOW, script=(dispense("z"), *FLOW.script[1:]))
    with pytest.raises(ResumeError, match="do not fit together"):
        look(other, chain_of(1, story.recorder.past), Resumption("resume"), 0)


def test_a_run_that_nobody_decided_about_does_not_go_on():
    story = Story().dies_at("c").goes_on()
    with pytest.raises(ResumeError, match="nobody has decided about pump"):
        story.ends()
    assert len(story.recorder.runs) == 1

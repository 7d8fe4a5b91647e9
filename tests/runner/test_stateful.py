"""Whatever commands come in whatever order: the run obeys, nothing is done twice, and it always ends when it is told."""

import contextlib

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ivoryos_jupyter.errors import CommandError
from ivoryos_jupyter.journal import Outcome, StepStatus
from ivoryos_jupyter.runner import State
from ivoryos_jupyter.workflow import Constant, Pause, Wait, Workflow
from tests.runner.conftest import Lab, step


class RunMachine(RuleBasedStateMachine):
    """One run over three rows, with an error, a pause step and a wait on its way."""

    @initialize(fails=st.integers(0, 2), rows=st.integers(1, 3))
    def begin(self, fails, rows):
        self.lab = Lab()
        self.lab.pump.fail_next += [RuntimeError("no")] * fails
        flow = Workflow(
            name="w",
            prep=(step("clean", id="p"),),
            script=(
                step("dose", id="a", volume=1.0),
                Pause(id="b", message="look"),
                Wait(id="c", seconds=Constant(1000)),
                step("dose", id="d", volume=2.0),
            ),
            cleanup=(step("clean", id="z"),),
        )
        self.handle = self.lab.submit(flow, repeat=rows)
        self.rows = rows
        self.told_to_stop = False
        self.settle()

    def teardown(self):
        if hasattr(self, "lab"):
            self.lab.close()

    def settle(self):
        """Wait until the run waits for somebody."""

        def waits() -> bool:
            status = self.handle.status
            held = status.state is State.PAUSED and status.pausing
            in_wait = status.step is not None and status.step.wait_left_s is not None
            obeyed = status.stopping in {None, "row"} and not (status.pausing and status.state is State.RUNNING)
            return status.ended or (obeyed and (held or status.question is not None or (in_wait and status.state is State.RUNNING)))

        self.lab.until(waits)

    @rule()
    def pause(self):
        with contextlib.suppress(CommandError):
            self.handle.pause()
        self.settle()

    @rule()
    def resume(self):
        with contextlib.suppress(CommandError):
            self.handle.resume()
        self.lab.until(lambda: self.handle.status.state is not State.PAUSED)
        self.settle()

    @rule(choice=st.sampled_from(["retry", "skip", "continue", "stop"]))
    def answer(self, choice):
        question = self.handle.status.question
        with contextlib.suppress(CommandError):
            self.handle.answer(choice)
            self.told_to_stop = self.told_to_stop or choice == "stop"
            if question is not None:
                self.lab.until(lambda: self.handle.status.question is None or self.handle.status.question.id != question.id)
        self.settle()

    @precondition(lambda self: not self.told_to_stop)
    @rule(after=st.sampled_from(["row", "step", "now"]), cleanup=st.sampled_from([None, True, False]), twice=st.booleans())
    def stop(self, after, cleanup, twice):
        for _ in range(1 + twice):
            self.handle.stop(after="row" if after == "row" else "step", now=after == "now", cleanup=cleanup)
        self.told_to_stop = self.told_to_stop or after != "row"
        self.settle()

    @rule(twice=st.booleans())
    def make_safe(self, twice):
        ended = self.handle.status.ended
        cleaned = self.cleanups()
        making = self.lab.runner.make_safe()
        if twice and not making.done:
            assert self.lab.runner.make_safe() is making or making.done
        report = making.result(30)
        self.told_to_stop = True
        self.lab.until(lambda: self.handle.status.ended)
        assert (report.run == "") == ended
        assert self.lab.runner.queue.on_hold
        assert self.cleanups() == cleaned, "no cleanup begins"

    def cleanups(self):
        return sum(one.started.phase == "cleanup" for one in list(self.lab.recorder.phases.values()))

    @invariant()
    def the_records_agree(self):
        if not hasattr(self, "lab"):
            return
        status = self.handle.status
        steps = [one for one in self.lab.recorder.steps.values() if one.intent.method_name in {"dose", "clean"}]
        assert len(steps) == len(self.lab.pump.calls), "one row per call, one call per row"
        open_rows = [one for one in self.lab.recorder.steps.values() if one.outcome is None]
        assert len(open_rows) <= 1
        done = [one.intent for one in steps if one.outcome is not None and one.outcome.status is StepStatus.DONE]
        keys = [(one.phase_id, one.step_id) for one in done]
        assert len(keys) == len(set(keys)), "nothing is done twice"
        if status.ended:
            assert not open_rows
            assert self.lab.recorder.runs[status.run_id].outcome is status.outcome
            phases = [one.started.phase for one in self.lab.recorder.phases_of(status.run_id)]
            assert phases.count("cleanup") <= 1
            if status.outcome is Outcome.COMPLETED:
                assert phases.count("script") == self.rows


RunMachine.TestCase.settings = settings(
    max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestRunMachine = RunMachine.TestCase

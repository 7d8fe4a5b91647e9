"""A kernel that dies again and again, while a person decides now this way, now that: nothing is begun twice without a decision."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ivoryos_jupyter.journal import Decision, Outcome, Resumption, StepStatus
from ivoryos_jupyter.testing._bench import Bench
from ivoryos_jupyter.workflow import (
    Action,
    Branch,
    Comment,
    Constant,
    Expression,
    If,
    Input,
    OnError,
    Repeat,
    SetVariable,
    Variable,
    Wait,
    While,
    Workflow,
)
from tests.runner.mortal import Kernel, KilledError, Mortal, request_of


def dispense(id, volume, *, save="left", **more):  # noqa: A002 - the word for it
    return Action(id=id, instrument="pump", method="dispense", arguments={"volume_ml": volume}, outputs=(save,) if save else (), **more)


FLOW = Workflow(
    name="long",
    prep=(dispense("p1", Constant(1.0), save="first"),),
    script=(
        dispense("s1", Variable("first"), on_error=OnError("retry", 1, 5.0)),
        SetVariable(id="s2", name="n", value=Constant(0)),
        While(
            id="s3",
            condition="n < 2",
            body=(dispense("s4", Expression("left + n"), save="left"), SetVariable(id="s5", name="n", value=Expression("n + 1"))),
            most=5,
        ),
        If(
            id="s6",
            branches=(Branch("left > 4", (Wait(id="s7", seconds=Constant(30)),)),),
            otherwise=(Comment(id="s8", text="#left left"),),
        ),
        Repeat(id="s9", times=Constant(2), body=(Action(id="s10", instrument="stirrer", method="stir", outputs=("speed",)),)),
        Input(id="s11", message="How much?", name="more", type="float"),
        dispense("s12", Expression("more + first"), save="", on_error=OnError("continue")),
    ),
    cleanup=(Action(id="c1", instrument="pump", method="refill"), dispense("c2", Variable("first"), save="")),
)


class Crashes(RuleBasedStateMachine):
    """One run, resumed until it has ended."""

    @initialize(fails=st.sets(st.integers(0, 12), max_size=3), rows=st.integers(1, 3), batch=st.integers(1, 2))
    def begin(self, fails, rows, batch):
        self.bench = Bench(fails)
        self.recorder = Mortal()
        self.request = replace(request_of(FLOW, rows), batch_size=batch)
        self.again = Counter()
        """How often a person said that a step was not done."""
        self.done = set()
        """Rows of steps a person said were done."""
        self.ended = None
        self.number = 0

    @precondition(lambda self: self.ended is None)
    @rule(lives=st.integers(0, 30), choice=st.sampled_from(["retry", "skip", "stop"]))
    def live_for_a_while(self, lives, choice):
        self._live(lives, choice)

    @precondition(lambda self: self.ended is not None)
    @rule()
    def rest_in_peace(self):
        """It has ended; no kernel takes it up again."""
        assert not self.recorder.interrupted()

    def _live(self, lives, choice="skip"):
        self.recorder.lives = lives
        kernel = Kernel(self.bench.instruments, self.recorder, self._answer(choice))
        try:
            self.ended = kernel.drive(self.request)
        except KilledError:
            self.recorder.lives = None
            self.recorder.unfinished()
            self._decide()

    def _answer(self, choice):
        return lambda question: choice if choice != "retry" or "was told to fail" in question.error else "skip"

    def _decide(self):
        last = max(self.recorder.runs, default=None)
        if last is None or self.recorder.runs[last].request.key != self.request.key:
            return  # it had not begun
        decided = {}
        for step in self.recorder.past_steps(last):
            if step.status is StepStatus.OPEN:
                decided[step.row] = self._say(step)
        self.number += 1
        resume = Resumption("resume", decided).plain()
        self.request = replace(self.request, key=f"k{self.number}", name=f"k{self.number}", derived_from=last, resume=resume)

    def _say(self, step):
        """Decide as the row's number says: one way or the other, whatever was true."""
        if (step.row + self.number) % 2 and step.intent.method_name == "wait":
            self.again[self._key(step)] += 1
            return Decision("rest")
        if (step.row + self.number) % 2:
            self.again[self._key(step)] += 1
            return Decision("not_done")
        self.done.add(step.row)
        return Decision("done", 3.0)

    def _key(self, step):
        phase = self.recorder.phases[step.intent.phase_id].started
        said = step.intent
        return (phase.phase, phase.iteration, said.step_id, said.path, said.sample, said.attempt)

    @invariant()
    def no_step_is_begun_twice_without_a_decision(self):
        if not hasattr(self, "recorder"):
            return
        rows = [step for run in self.recorder.runs for step in self.recorder.past_steps(run)]
        repeatable = {"comment", "variable", "input"}
        begun = Counter(self._key(step) for step in rows if step.intent.method_name not in repeatable)
        for key, count in begun.items():
            assert count <= 1 + self.again[key], key
        settled = [self._key(step) for step in rows if step.status is not StepStatus.OPEN]
        assert len(settled) == len(set(settled))
        calls = sum(1 for step in rows if step.intent.instrument)
        assert len(self.bench.calls) <= calls

    @invariant()
    def no_run_of_a_dead_kernel_is_left_running(self):
        if hasattr(self, "recorder") and self.ended is None:
            assert all(run.outcome is Outcome.INTERRUPTED for run in self.recorder.runs.values())

    def teardown(self):
        """It comes to its end when nobody kills it any more."""
        while hasattr(self, "recorder") and self.ended is None:
            self._live(None)
        if hasattr(self, "recorder"):
            self.no_step_is_begun_twice_without_a_decision()
            outcomes = [run.outcome for run in self.recorder.runs.values()]
            assert set(outcomes[:-1]) <= {Outcome.INTERRUPTED}
            assert outcomes[-1] is self.ended.outcome


Crashes.TestCase.settings = settings(max_examples=40, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck))
TestCrashes = Crashes.TestCase

"""A run whose kernel dies at any point: what was done is not done again, what was not is, and nothing is decided by itself."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, event, given, note, settings
from hypothesis import strategies as st

from ivoryos_jupyter.journal import Decision, Resumption, StepStatus
from ivoryos_jupyter.testing._bench import Bench
from ivoryos_jupyter.testing._runnable import rows_for, runnable_workflows
from tests.runner.mortal import Kernel, KilledError, Mortal, request_of

SCHEMA = Kernel(Bench().instruments, Mortal()).deck.schema()


def answers_by(bench):
    """Answer as the number of calls says, so that a question gets the same answer whoever asks it; only a call can be tried again."""

    def answer(question):
        choice = ("retry", "skip", "stop", "skip")[len(bench.calls) % 4]
        return choice if choice != "retry" or "was told to fail" in question.error else "skip"

    return answer


def decisions_for(recorder, run_id):
    """Decide about the step in doubt as it really was; None when it failed, for then nothing can be said that makes it undone."""
    doubtful = [step for step in recorder.past_steps(run_id) if step.status is StepStatus.OPEN]
    decided = {}
    for step in doubtful:
        fate = recorder.fate
        if fate is not None and fate.status is not StepStatus.DONE:
            return None
        decided[step.row] = Decision("not_done") if fate is None else Decision("done", fate.result)
    return decided


def until_it_ends(request, bench, deaths):
    """Run with a kernel that dies again and again; return the records and the final status, None when a failed call was in doubt."""
    recorder = Mortal()
    for number, lives in enumerate((*deaths, None)):
        recorder.lives = lives
        kernel = Kernel(bench.instruments, recorder, answers_by(bench))
        try:
            return recorder, kernel.drive(request)
        except KilledError:
            recorder.lives = None
        last = max(recorder.runs, default=None)
        if last is None or recorder.runs[last].request.key != request.key:
            continue  # it died before the run had begun: the request still waits
        recorder.unfinished()
        decided = decisions_for(recorder, last)
        if decided is None:
            return recorder, None
        request = replace(request, key=f"k{number}", name=f"k{number}", derived_from=last, resume=Resumption("resume", decided).plain())
    raise AssertionError("the last kernel lives for ever")


def outputs_of(recorder):
    """Return what came out of each iteration that was closed, whoever closed it."""
    return {
        (phase.started.phase, phase.started.iteration): (phase.status, [dict(one) for one in phase.outputs])
        for phase in recorder.phases.values()
        if phase.status is not None
    }


def story(recorder):
    """Return what was written down, for the report of a failure."""
    lines = []
    for number, run in recorder.runs.items():
        past = recorder.past(number)
        lines.append(f"run {number} {run.outcome} {run.detail} {run.request.resume}")
        for phase in past.phases:
            lines.append(f"  {phase.started.phase} {phase.started.iteration} {phase.status}")
            for step in phase.steps:
                said = step.intent
                lines.append(f"    {said.method_name} {said.step_id} {said.path} #{said.attempt} {step.status.value}")
        lines += [f"  ! {one.kind} {one.detail}" for one in past.events if one.kind not in {"loop", "branch"}]
    return "\n".join(lines)


@given(
    runnable_workflows(depth=1),
    st.sets(st.integers(0, 12), max_size=2),
    st.integers(1, 3),
    st.integers(1, 2),
    st.lists(st.integers(0, 25), min_size=1, max_size=3),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_dies_when_the_calls_are_those_of_a_run_that_was_never_interrupted(workflow, failing, count, batch, deaths):
    rows = rows_for(workflow, SCHEMA, count)
    whole = Bench(failing)
    request = replace(request_of(workflow, rows), batch_size=batch)
    recorder = Mortal()
    status = Kernel(whole.instruments, recorder, answers_by(whole)).drive(request)
    bench = Bench(failing)
    after, ended = until_it_ends(request, bench, deaths)
    if ended is None:
        event("a failed call was in doubt")
        return
    event(f"{len(after.runs)} runs")
    note(story(after))
    assert bench.calls == whole.calls
    assert outputs_of(after) == outputs_of(recorder)
    assert (ended.outcome, ended.error is None) == (status.outcome, status.error is None)

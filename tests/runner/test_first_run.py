from ivoryos_jupyter.journal import Outcome, StepStatus
from ivoryos_jupyter.runner import CallChanged, QueueChanged, RunChanged, State, StepChanged
from ivoryos_jupyter.workflow import Action, AtRun, Constant, Variable, Workflow


def step(name, method, outputs=(), **arguments):
    return Action(id=name, instrument="pump", method=method, arguments=arguments, outputs=outputs)


WORKFLOW = Workflow(
    name="dose",
    prep=(step("p", "dose", ("start",), volume=Constant(1.0)),),
    script=(step("a", "dose", ("twice",), volume=AtRun("volume")), step("b", "dose", volume=Variable("twice"))),
    cleanup=(step("c", "dose", volume=Variable("start")),),
)


def test_a_direct_call_returns_its_result_and_leaves_one_row(lab):
    handle = lab.call("pump", "dose", volume=2.5)
    assert handle.result(30) == 5.0
    (row,) = lab.recorder.calls.values()
    assert row.intent.method_name == "deck.pump.dose"
    assert row.intent.kwargs == {"volume": 2.5}
    assert row.outcome.status is StepStatus.DONE
    assert row.outcome.result == 5.0
    lab.until(lambda: [event.status for event in lab.events if isinstance(event, CallChanged)] == ["running", "done"])


def test_prep_runs_once_script_per_row_and_cleanup_once_with_what_prep_saved(lab):
    status = lab.run(WORKFLOW, rows=({"volume": 3.0}, {"volume": 4.0}))
    assert status.state is State.ENDED
    assert status.outcome is Outcome.COMPLETED
    assert lab.pump.doses == [1.0, 3.0, 6.0, 4.0, 8.0, 2.0]
    assert status.counts.done == 6
    phases = lab.recorder.phases_of(status.run_id)
    assert [(one.started.phase, one.started.iteration, one.status) for one in phases] == [
        ("prep", 1, "done"),
        ("script", 1, "done"),
        ("script", 2, "done"),
        ("cleanup", 1, "done"),
    ]
    assert phases[1].started.parameters == ({"volume": 3.0},)
    assert phases[2].outputs == [{"start": 2.0, "volume": 4.0, "twice": 8.0}]
    steps = lab.steps()
    assert [one.intent.step_id for one in steps] == ["p", "a", "b", "a", "b", "c"]
    assert steps[1].outcome.added == {"twice": 6.0}
    assert lab.recorder.runs[status.run_id].outcome is Outcome.COMPLETED


def test_a_run_tells_its_listeners_about_queue_run_and_steps(lab):
    lab.run(WORKFLOW, rows=({"volume": 3.0},))
    kinds = {type(event) for event in lab.events}
    assert {QueueChanged, RunChanged, StepChanged} <= kinds
    states = [event.status.state for event in lab.events if isinstance(event, RunChanged)]
    assert states[0] is State.QUEUED
    assert states[-1] is State.ENDED

"""Does a run look on the wire as the examples say, which the front end's tests read too?"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from ivoryos_jupyter.journal import Outcome
from ivoryos_jupyter.runner import Counts, Question, RunStatus, State, StepNow
from ivoryos_jupyter.schema import LiveReference
from ivoryos_jupyter.wire import RunJson, progress, run_json

EXAMPLES = json.loads((Path(__file__).parent / "protocol/bridge.json").read_text(encoding="utf-8"))

RUNNING = RunStatus(
    "k1",
    "screen_solvents-31",
    "screen_solvents",
    State.RUNNING,
    at_us=1700000005000000,
    run_id=31,
    phase="script",
    iteration=5,
    iterations=14,
    step=StepNow("s3", "pump.dispense", started_us=1700000004000000),
    counts=Counts(done=12),
    submitted_us=1700000000000000,
    started_us=1700000001000000,
)
FAILURE = "pump.dispense failed: SyringeEmpty: refill first"
ASKING = dataclasses.replace(
    RUNNING,
    key="k2",
    name="night-2",
    run_id=32,
    state=State.ASKING,
    question=Question(
        "q1",
        "error",
        FAILURE,
        ("retry", "skip", "stop"),
        step_id="s3",
        label="pump.dispense",
        error="SyringeEmpty: refill first",
        arguments={"volume_ml": 2.5, "well": LiveReference('plate["A1"]')},
    ),
)
ENDED = dataclasses.replace(RUNNING, state=State.ENDED, outcome=Outcome.STOPPED, phase="cleanup", step=None, ended_us=1700000009000000)
WAITING = dataclasses.replace(
    RUNNING, step=StepNow("s3", "wait", started_us=1700000004000000, wait_total_s=60.0, wait_left_s=41.5, wait_counting=True)
)


@pytest.mark.parametrize(("at", "status"), list(enumerate([RUNNING, ASKING, ENDED, WAITING])))
def test_a_run_looks_as_its_example(at, status):
    assert run_json(status) == EXAMPLES["run"][at]


def test_every_fact_of_a_status_is_on_the_wire():
    renamed = {"workflow_name": "workflow"}
    private = {"cleanup", "message", "recalled", "left_as"}  # in the sentence, in the standing that is not told, and in the rows
    facts = {renamed.get(field.name, field.name) for field in dataclasses.fields(RunStatus)} - private
    assert facts <= set(RunJson.__annotations__)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"phase": "prep", "iteration": 1}, 0.0),
        ({"phase": "script", "iteration": 1}, 0.0),
        ({"phase": "script", "iteration": 14}, 13 / 14),
        ({"phase": "cleanup", "iteration": 1}, 1.0),
        ({"phase": "", "state": State.QUEUED}, None),
        ({"state": State.ENDED, "outcome": Outcome.COMPLETED}, 1.0),
        ({"state": State.ENDED, "outcome": Outcome.STOPPED}, None),
    ],
)
def test_progress_is_counted_in_iterations(fields, expected):
    assert progress(dataclasses.replace(RUNNING, **fields)) == expected

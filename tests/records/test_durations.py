"""What was recorded of a call is found again for forecasts: its time, its arguments, what it returned, and whether it was a wait."""

from __future__ import annotations

import numpy as np
import pytest

from ivoryos_jupyter.journal import CallIntent, StepOutcome, StepStatus
from ivoryos_jupyter.records import past_calls, recent_durations
from ivoryos_jupyter.testing import Mode

SECOND = 1_000_000


@pytest.fixture
def intent_of(store, rows):
    """Makes intents of one begun run."""
    phase = rows.begun(store)[1]
    return lambda instrument, method, **more: rows.intent(phase, instrument=instrument, method_name=method, **more)


def _done(store, intent, seconds, result=None, status=StepStatus.DONE):
    row = store.intend_step(intent)
    store.settle_step(row, StepOutcome(status, intent.started_us + round(seconds * SECOND), result))


def test_the_latest_calls_come_first_with_time_arguments_and_result(store, intent_of):
    intent = intent_of("pump", "dispense")
    for seconds in (1.0, 2.5):
        _done(store, intent._replace(arguments={"volume_ml": seconds}), seconds, (seconds, "ok"))
    _done(store, intent, 9.0, status=StepStatus.FAILED)
    found = past_calls(store, "pump", "dispense")
    assert [(one.seconds, one.arguments, one.result, one.kept) for one in found] == [
        (2.5, {"volume_ml": 2.5}, [2.5, "ok"], True),
        (1.0, {"volume_ml": 1.0}, [1.0, "ok"], True),
    ]
    assert past_calls(store, "pump", "refill") == []


def test_a_wait_for_a_reading_is_told_from_a_reading(store, intent_of):
    intent = intent_of("reactor", "temperature")
    _done(store, intent._replace(arguments={"condition": "reading > 5", "hold_s": 0.0}), 600.0, 6.0)
    _done(store, intent, 0.1, 5.0)
    assert [one.waited for one in past_calls(store, "reactor", "temperature")] == [False, True]
    assert recent_durations(store, "reactor", "temperature") == [0.1]


def test_what_was_not_kept_whole_is_no_result_to_go_by(store, intent_of):
    intent = intent_of("camera", "picture")
    for result in (np.zeros((50, 50)), object(), "x" * 5000, Mode.HEAT, None):
        _done(store, intent, 1.0, result)
    kept = [one.kept for one in past_calls(store, "camera", "picture")]
    assert kept == [True, True, False, False, False]
    assert past_calls(store, "camera", "picture")[1].result["name"] == "HEAT"


def test_a_direct_call_counts_too_after_those_of_runs(store, intent_of):
    intent = CallIntent("deck.pump.dispense", "pump", {"volume_ml": 2.0}, 5 * SECOND)
    store.settle_call(store.intend_call(intent), StepOutcome(StepStatus.DONE, 8 * SECOND, 7.5))
    _done(store, intent_of("pump", "dispense"), 1.0, 3.5)
    found = past_calls(store, "pump", "dispense")
    assert [(one.seconds, one.result) for one in found] == [(1.0, 3.5), (3.0, 7.5)]
    assert found[1].arguments == {"volume_ml": 2.0}

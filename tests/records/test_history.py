"""The tables of the history, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.journal import CallIntent, Observation, Outcome, PhaseStarted, StepOutcome, StepStatus
from ivoryos_jupyter.records import History, open_store
from ivoryos_jupyter.records._columns import objects
from ivoryos_jupyter.records._typed import value

DAY = 86_400_000_000


@pytest.fixture
def history(store, rows):
    """Two runs a day apart, the first of a table with a sample column, the second still running."""
    table = ({"volume": 1, "name": "007", "hot": True}, {"volume": None, "name": "008", "hot": False})
    run = store.begin_run(rows.request("a", workflow_name="dose", rows=table, sample_column="name"), rows.started)
    for number, row in enumerate(table, start=1):
        phase = store.begin_phase(PhaseStarted(run, "script", number, rows.started + number, (row,), (row["name"],)))
        step = store.intend_step(rows.intent(phase, sample_id=row["name"]))
        store.settle_step(step, StepOutcome(StepStatus.DONE, rows.started + 5, 8.5, {"left": 8.5}))
        store.end_phase(phase, "done", rows.started + 6, [{**row, "left": 8.5 + number, "mixed": number if number > 1 else "x"}])
    store.end_run(run, Outcome.COMPLETED, rows.started + 9, {"skipped": 0})
    other = store.begin_run(rows.request("b", workflow_name="heat"), rows.started + DAY)
    phase = store.begin_phase(PhaseStarted(other, "script", 1, rows.started + DAY))
    step = store.intend_step(rows.intent(phase, instrument="reactor", method_name="heat", started_us=rows.started + DAY))
    store.settle_step(step, StepOutcome(StepStatus.FAILED, rows.started + DAY + 1, error="too hot", added={"temp": 80}))
    store.intend_call(CallIntent("deck.stirrer.stop", "stirrer", {}, rows.started, "ada"))
    return History(store)


def test_runs_are_filtered(history, rows):
    assert history.runs(workflow="heat")["status"].tolist() == ["running"]
    assert history.runs(status="completed")["workflow"].tolist() == ["dose"]
    assert history.runs(run="run_a")["run"].tolist() == history.runs(run=1)["run"].tolist() == [1]
    noon = datetime.fromtimestamp(rows.started / 1e6, tz=timezone.utc) + timedelta(hours=12)
    assert history.runs(since=noon)["workflow"].tolist() == ["heat"]
    assert history.runs(until=noon.isoformat())["workflow"].tolist() == ["dose"]


def test_steps_are_filtered(history):
    assert len(history.steps()) == 3
    assert history.steps(instrument="reactor")["method"].tolist() == ["heat"]
    assert history.steps(sample="007")["iteration"].tolist() == [1]
    assert history.steps(status="failed")["error"].tolist() == ["too hot"]
    assert history.steps(run=1)["workflow"].tolist() == ["dose", "dose"]
    assert history.steps(workflow="heat", instrument="pump").empty


def test_outputs_have_inputs_and_outputs_as_columns_of_their_own_type(history):
    frame = history.outputs(1)
    assert frame.columns.tolist() == ["run", "iteration", "in_batch", "sample_id", "status", "volume", "name", "hot", "left", "mixed"]
    types = {"run": "Int64", "volume": "Int64", "name": "string", "hot": "boolean", "left": "float64", "mixed": "object"}
    assert {name: str(frame[name].dtype) for name in types} == types
    assert frame["name"].tolist() == frame["sample_id"].tolist() == ["007", "008"]
    assert frame["volume"].tolist() == [1, pd.NA]
    assert frame["mixed"].tolist() == ["x", 2]
    assert history.outputs(sample="008")["iteration"].tolist() == [2]


def test_a_run_under_way_shows_what_its_steps_have_added_so_far(history):
    assert history.outputs("run_b")["temp"].tolist() == [80]


def test_an_input_named_like_a_column_of_ours_is_kept_beside_it(store, rows):
    run, phase = rows.begun(store)
    store.end_phase(phase, "done", rows.started, [{"run": "mine", "in_batch": 5}])
    frame = History(store).outputs(run)
    assert (frame["run_"].tolist(), frame["in_batch_"].tolist()) == (["mine"], [5])


def test_times_are_utc_and_other_columns_nullable(history):
    steps = history.steps()
    assert str(steps["started"].dtype) == "datetime64[us, UTC]"
    assert {str(steps[name].dtype) for name in ("id", "run", "iteration", "step", "attempt")} == {"Int64"}
    assert {str(steps[name].dtype) for name in ("instrument", "method", "status", "error", "sample_id")} == {"string"}
    runs = history.runs()
    assert runs["ended"].isna().tolist() == [False, True]


def test_what_one_reads_comes_first_in_a_table_and_what_programs_look_for_last(history):
    runs, steps = history.runs().columns.tolist(), history.steps().columns.tolist()
    assert runs[:10] == ["run", "name", "workflow", "status", "mode", "started", "ended", "operator", "counts", "error"]
    assert runs[-4:] == ["submission_key", "workflow_version", "deck_fingerprint", "code_versions"]
    assert steps[:9] == ["id", "run", "iteration", "sample_id", "phase", "instrument", "method", "arguments", "result"]
    assert steps[9:15] == ["status", "started", "ended", "attempt", "error", "output"]
    assert steps[-2:] == ["path", "step_id"]


def test_tables_without_rows_have_the_same_columns_and_types(store, rows):
    empty = History(store)
    tables = ("runs", "phases", "steps", "single_steps", "events")
    before = {name: getattr(empty, name)().dtypes for name in tables}
    _run, phase = rows.begun(store)
    store.settle_step(store.intend_step(rows.intent(phase)), StepOutcome(StepStatus.DONE, rows.started))
    for name in tables:
        pd.testing.assert_series_equal(before[name], getattr(empty, name)().dtypes)


def test_an_open_direct_call_is_shown(history):
    call = history.single_steps().iloc[0]
    assert (call["instrument"], call["method"], call["status"]) == ("stirrer", "stop", "open")
    assert pd.isna(call["ended"])


def test_observations_are_kept_and_filtered(store, rows):
    for number in range(3):
        store.observe(
            Observation(instrument="reactor", property="temperature", at_us=rows.started + number, value=20.5 + number, unit="degC")
        )
    store.observe(Observation(instrument="reactor", property="temperature", at_us=rows.started + 9, error="no answer"))
    frame = History(store).observations(instrument="reactor", property="temperature")
    assert frame["value"].tolist()[:3] == [20.5, 21.5, 22.5]
    assert frame["error"].tolist()[3] == "no answer"
    assert str(frame["value"].dtype) == "float64"
    assert History(store).observations(property="pressure").empty


def test_a_time_that_cannot_be_read_says_how_to_write_one(history):
    with pytest.raises(ConversionError, match="since: write a time"):
        history.runs(since="yesterday")


def test_a_filter_is_a_value_and_never_sql(history):
    assert history.runs(run="x' OR '1'='1").empty
    assert history.steps(instrument="pump%").empty
    assert history.single_steps(instrument="stirr_r").empty


VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.lists(st.integers(), max_size=2)


@given(st.lists(VALUES, max_size=6))
def test_no_column_changes_a_value(cells):
    for cell, kept in zip(cells, value(objects(cells)), strict=True):
        assert kept == cell or (cell is None and pd.isna(kept))
        assert not (isinstance(cell, bool | str) and type(kept) not in {type(cell), pd.BooleanDtype().type})


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(st.lists(st.recursive(VALUES, lambda inner: st.dictionaries(st.text(), inner, max_size=3)), min_size=1, max_size=5))
def test_results_are_the_same_the_fast_way_and_the_plain_way(tmp_path_factory, monkeypatch, rows, results):
    store = open_store(tmp_path_factory.mktemp("data"))
    _run, phase = rows.begun(store)
    for result in results:
        row = store.intend_step(rows.intent(phase, instrument="a\x1fb" if isinstance(result, str) else "pump"))
        store.settle_step(row, StepOutcome(StepStatus.DONE, rows.started, result, {"x": result}, error=None if result else "no"))
    plain = History(store).steps()
    monkeypatch.setattr("ivoryos_jupyter.records._columns._LARGE", 1)
    pd.testing.assert_frame_equal(plain, History(store).steps())
    monkeypatch.undo()
    assert plain["result"].tolist() == results
    store.close()


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 11, 22, 3, 4, 5, tzinfo=timezone.utc),
        timedelta(seconds=1.5),
        Decimal("1.20"),
        1 + 2j,
        b"\x00\xff",
        {1, 2},
        {"nested": (1, "007")},
    ],
    ids=repr,
)
def test_a_result_comes_back_as_the_type_it_had(store, rows, value):
    _, phase = rows.begun(store)
    row = store.intend_step(rows.intent(phase))
    store.settle_step(row, StepOutcome(StepStatus.DONE, rows.started, result=value))
    found = History(store).steps().iloc[-1]["result"]
    assert found == ({"nested": [1, "007"]} if isinstance(value, dict) else value)

"""IvoryOS 1.7.2's database reads as its facts say."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from ivoryos_jupyter.records import History, open_store

FACTS = json.loads((Path(__file__).parents[1] / "fixtures" / "ivoryos-1.7.2" / "facts.json").read_text("utf-8"))["tables"]
RUNS = FACTS["runs"]


@pytest.fixture
def history(old_folder):
    store = open_store(old_folder)
    yield History(store)
    store.close()


def _local(moments):
    return [None if pd.isna(one) else one.to_pydatetime().astimezone().strftime("%Y-%m-%d %H:%M:%S.%f") for one in moments]


def _plain(column):
    return [None if one is pd.NA else one for one in column]


def test_the_counts_agree(history):
    counts = FACTS["counts"]
    assert len(history.runs()) == counts["workflow_runs"]
    assert len(history.phases()) == counts["workflow_phases"]
    assert len(history.steps()) == counts["workflow_steps"]
    assert len(history.single_steps()) == counts["single_steps"]


def test_the_runs_agree(history):
    runs = history.runs()
    names = {"run": "id", "name": "name", "deck": "platform", "mode": "repeat_mode", "status": "status", "operator": "submitted_by"}
    for ours, theirs in names.items():
        assert list(runs[ours]) == [run[theirs] for run in RUNS], ours
    assert _plain(runs["data_path"]) == [run["data_path"] for run in RUNS]
    assert _local(runs["started"]) == [run["start_time"] for run in RUNS]
    assert _local(runs["ended"]) == [run["end_time"] for run in RUNS]


def test_the_phases_agree(history):
    phases = history.phases()
    facts = [(run, phase) for run in RUNS for phase in run["phases"]]
    assert list(phases["id"]) == [phase["id"] for _run, phase in facts]
    assert list(phases["run"]) == [run["id"] for run, _phase in facts]
    assert list(phases["phase"]) == ["script" if phase["name"] == "main" else phase["name"] for _run, phase in facts]
    assert list(phases["iteration"]) == [phase["repeat_index"] for _run, phase in facts]
    assert _plain(phases["status"]) == [phase["status"] for _run, phase in facts]
    assert list(phases["parameters"]) == [phase["parameters"] for _run, phase in facts]
    assert list(phases["outputs"]) == [phase["outputs"] for _run, phase in facts]
    assert list(phases["ended"].notna()) == [phase["ended"] for _run, phase in facts]


def test_the_steps_agree(history):
    steps = history.steps()
    facts = [(run["id"], phase, step) for run in RUNS for phase in run["phases"] for step in phase["steps"]]
    facts.sort(key=lambda fact: fact[2][0])
    assert list(steps["id"]) == [step[0] for _run, _phase, step in facts]
    assert list(steps["run"]) == [run for run, _phase, _step in facts]
    assert list(steps["step"]) == [step[1] for _run, _phase, step in facts]
    assert list(steps["method"]) == [step[2] for _run, _phase, step in facts]
    assert list(steps["status"] == "failed") == [step[3] for _run, _phase, step in facts]
    assert list(steps["iteration"]) == [phase["repeat_index"] for _run, phase, _step in facts]


def test_the_events_agree(history):
    events = history.events()
    facts = [(run["id"], event["kind"]) for run in RUNS for event in run["events"]]
    assert list(zip(events["run"], events["kind"], strict=True)) == facts
    assert events["at"].dtype == "datetime64[us, UTC]"


def test_the_outputs_are_one_row_for_each_iteration_and_sample(history):
    for run in RUNS:
        expected = [context for phase in run["phases"] if phase["name"] == "main" for context in phase["outputs"] or []]
        frame = history.outputs(run["id"])
        assert len(frame) == len(expected), run["name"]
        for context, (_index, row) in zip(expected, frame.iterrows(), strict=True):
            for name, value in context.items():
                assert row[name] == value or (value is None and pd.isna(row[name])), (run["name"], name)


def test_values_named_in_the_readme_are_there(history):
    assert history.outputs(2)[["volume", "temp"]].to_numpy().tolist() == [[1.5, 40], [2, 55], [3, 70]]
    assert history.outputs("static_scan")["left"].tolist() == [17, 15, 13]
    assert history.outputs(6)["loaded"].tolist() == ["vial 3 loaded"]
    assert history.outputs(19)[["iteration", "in_batch"]].to_numpy().tolist() == [[1, 0], [1, 1], [2, 0]]


def test_direct_calls_name_their_instrument(history):
    calls = history.single_steps()
    facts = FACTS["single_steps"]
    assert [f"deck.{i}.{m}" for i, m in zip(calls["instrument"], calls["method"], strict=True)] == [one["method_name"] for one in facts]
    assert list(calls["arguments"]) == [one["kwargs"] for one in facts]
    assert _plain(calls["error"]) == [one["run_error"] for one in facts]
    assert list(calls["result"]) == [one["output"] for one in facts]
    pumps = history.single_steps(instrument="pump")
    assert set(pumps["instrument"]) == {"pump"}
    assert len(pumps) == sum(one["method_name"].startswith("deck.pump.") for one in facts)


def test_a_period_selects_rows_that_have_only_local_times(history):
    early = history.runs(until="2026-11-22T00:09:00")
    late = history.runs(since="2026-11-22T00:09:00")
    assert list(early["run"]) == [1, 2]
    assert len(late) == 17


def test_the_fast_way_and_the_plain_way_give_the_same_frames(history, monkeypatch):
    plain = [history.runs(), history.phases(), history.steps(), history.single_steps(), history.outputs(), history.events()]
    monkeypatch.setattr("ivoryos_jupyter.records._columns._LARGE", 1)
    fast = [history.runs(), history.phases(), history.steps(), history.single_steps(), history.outputs(), history.events()]
    for one, other in zip(plain, fast, strict=True):
        pd.testing.assert_frame_equal(one, other)

"""The files that a finished run leaves."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

import numpy as np
import pint
import pytest

from ivoryos_jupyter.journal import CallIntent, Outcome, PhaseStarted, RunEvent, StepOutcome, StepStatus
from ivoryos_jupyter.records import History, read_config_csv

TABLE = ({"volume": 1.5, "name": "007"}, {"volume": 2.0, "name": "008"})


@pytest.fixture
def run(store, rows):
    run = store.begin_run(rows.request(rows=TABLE, name="dose/ärger"), rows.started)
    for number, row in enumerate(TABLE, start=1):
        phase = store.begin_phase(PhaseStarted(run, "script", number, rows.started + number, (row,)))
        step = store.intend_step(rows.intent(phase, arguments={"volume_ml": row["volume"]}))
        store.settle_step(step, StepOutcome(StepStatus.DONE, rows.started + 5, 8.5, {"left": 8.5}, prints="dosing"))
        store.end_phase(
            phase,
            "done",
            rows.started + 6,
            [{**row, "left": 8.5 - number, "ok": True, "peaks": [1, 2], "none": None, "spectrum": np.arange(5000.0)}],
        )
    store.note(RunEvent(run, "paused", rows.started + 7, {"message": "coffee"}))
    return run


def test_results_are_written_as_csv(store, rows, run):
    store.end_run(run, Outcome.COMPLETED, rows.started + 9, {})
    (path,) = store.folder.results.glob("*.csv")
    first, second = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    assert (first["volume"], first["name"], first["left"], first["ok"], first["peaks"], first["none"]) == (
        "1.5",
        "007",
        "7.5",
        "True",
        "[1, 2]",
        "",
    )
    assert (store.folder.path / second["spectrum"]).exists()
    assert History(store).runs().iloc[0]["data_path"] == path.name


class Mode(Enum):
    HEAT = 1


class Point(NamedTuple):
    x: int
    y: float


@dataclass
class Peak:
    at: Point
    area: Decimal


RICH = {
    "volume": (Decimal("1.10"), "1.10", Decimal("1.10")),
    "counts": (np.array([1, 2, 3]), "[1, 2, 3]", None),
    "mode": (Mode.HEAT, "HEAT", "HEAT"),
    "modes": ([Mode.HEAT, None], "[HEAT, None]", ["HEAT", None]),
    "voltage": (pint.Quantity(1.25, "volt"), "1.25 volt", pint.Quantity(1.25, "volt")),
    "peak": (
        Peak(Point(1, 2.5), Decimal("3.0")),
        "{'at': {'x': 1, 'y': 2.5}, 'area': 3.0}",
        {"at": {"x": 1, "y": 2.5}, "area": Decimal("3.0")},
    ),
    "pair": ((1, "a"), "[1, 'a']", [1, "a"]),
    "took": (timedelta(seconds=90), "0:01:30", timedelta(seconds=90)),
    "on": (date(2026, 1, 2), "2026-01-02", date(2026, 1, 2)),
    "keyed": ({1: Decimal("2.0")}, "{1: 2.0}", {1: Decimal("2.0")}),
    "mark": ({"$quantity": 5}, "{'$quantity': 5}", {"$quantity": 5}),
}


def test_what_a_driver_returns_is_readable_in_the_csv_and_in_the_tables(store, rows):
    run = store.begin_run(rows.request(name="rich"), rows.started)
    phase = store.begin_phase(PhaseStarted(run, "script", 1, rows.started))
    context = {name: value for name, (value, _, _) in RICH.items()}
    step = store.intend_step(rows.intent(phase))
    store.settle_step(step, StepOutcome(StepStatus.DONE, rows.started + 5, context["peak"], context))
    store.end_phase(phase, "done", rows.started + 6, [context])
    store.end_run(run, Outcome.COMPLETED, rows.started + 9, {})
    (path,) = store.folder.results.glob("*.csv")
    (line,) = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    assert line == {name: text for name, (_, text, _) in RICH.items()}
    history = History(store)
    expected = {name: value for name, (_, _, value) in RICH.items() if value is not None}
    for found in (history.steps().iloc[0]["output"], history.outputs(run).iloc[0]):
        assert {name: found[name] for name in expected} == expected
        assert np.array_equal(found["counts"], [1, 2, 3])
    assert history.steps().iloc[0]["result"] == expected["peak"]


def test_workflow_table_and_log_are_written(store, rows, run):
    store.end_run(run, Outcome.COMPLETED, rows.started + 9, {})
    folder = store.folder
    assert folder.script("dose/ärger").read_text() == '{"name": "dose"}'
    assert read_config_csv(folder.config_csv("dose/ärger")) == [{"volume": "1.5", "name": "007"}, {"volume": "2.0", "name": "008"}]
    (log,) = (folder.path / "logs").glob("*.log")
    text = log.read_text(encoding="utf-8")
    for line in ("[script 1] pump.dispense volume_ml=1.5", "printed: dosing", "paused (coffee)", "ended: completed"):
        assert line in text
    assert text in folder.default_log.read_text(encoding="utf-8")
    assert not folder.script("dose/ärger", ".py").exists()


def test_the_generated_script_is_written_when_somebody_can_render_it(store, rows, run):
    store.files.render = lambda workflow: f"# {workflow}\n"
    store.end_run(run, Outcome.COMPLETED, rows.started + 9, {})
    assert store.folder.script("dose/ärger", ".py").read_text().startswith("# {")


def test_a_file_that_fails_is_an_event_and_the_run_has_ended(store, rows, run):
    def fails(_workflow):
        raise ValueError("cannot render")

    store.files.render = fails
    store.end_run(run, Outcome.COMPLETED, rows.started + 9, {})
    history = History(store)
    assert history.runs()["status"].tolist() == ["completed"]
    assert history.events(kind="files_failed").iloc[0]["detail"] == {"message": "cannot render"}


def test_direct_calls_stand_in_the_log(store, rows):
    row = store.intend_call(CallIntent("deck.pump.dispense", "pump", {"volume_ml": 9}, rows.started))
    store.settle_call(row, StepOutcome(StepStatus.FAILED, rows.started, error="above the maximum"))
    text = store.folder.default_log.read_text()
    assert "deck.pump.dispense volume_ml=9" in text
    assert "failed: above the maximum" in text


def test_a_run_without_outputs_leaves_no_results(store, rows):
    run, phase = rows.begun(store)
    store.end_phase(phase, "done", rows.started, [{}])
    store.end_run(run, Outcome.STOPPED, rows.started + 9, {})
    assert not list(store.folder.results.glob("*.csv"))

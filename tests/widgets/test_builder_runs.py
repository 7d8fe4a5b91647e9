"""Can a workflow be run from the dialog, and does each step show how it fares?"""

from __future__ import annotations

import pandas as pd
import pytest

from ivoryos_jupyter.journal import StepStatus
from ivoryos_jupyter.runner import RunChanged, RunStatus, State, StepChanged
from ivoryos_jupyter.schema import Limit
from ivoryos_jupyter.widgets.builders._runs import Runs


@pytest.fixture
def dosing(bench):
    step = bench.dispense()
    bench.edit("value", id=step, field="volume_ml", choice="at_run", text="volume")
    return bench


def test_the_columns_are_typed_with_unit_and_limits(dosing):
    (column,) = dosing.ask("columns")["columns"]
    assert (column["field"]["name"], column["field"]["unit"], column["type"]) == ("volume", "mL", "a number")


def test_the_limit_of_the_argument_stands_at_its_column(dosing):
    dosing.session.limits.save(Limit("pump", "dispense", "volume_ml", maximum=10, unit="mL"))
    (column,) = dosing.ask("columns")["columns"]
    assert column["field"]["limit"]["maximum"] == 10
    assert [one["row"] for one in dosing.ask("rows", columns=["volume"], rows=[["1"], ["12"]])["cells"]] == [2]


def test_limits_that_cannot_be_read_are_a_problem_and_the_form_still_shows(dosing):
    dosing.folder.safety.write_text("{", encoding="utf-8")
    (step,) = dosing.workflow.script
    assert dosing.ask("form", step=step.id)["values"][0]["field"]["limit"] is None
    assert "limits-unreadable" in {one["code"] for one in dosing.ask("check")["findings"]}
    assert dosing.ask("rows", columns=["volume"], rows=[["1"]])["errors"] == 1


def test_each_bad_cell_is_marked(dosing):
    found = dosing.ask("rows", columns=["volume"], rows=[["1"], ["x"], [""]])
    assert [(one["row"], one["column"]) for one in found["cells"]] == [(2, "volume"), (3, "volume")]
    assert found["errors"] == 2


def test_a_row_without_its_sample_is_marked(dosing):
    found = dosing.ask("rows", columns=["sample", "volume"], rows=[["a", "1"], ["", "2"]], sample="sample")
    assert [(one["row"], one["column"]) for one in found["cells"]] == [(2, "sample")]


def test_a_table_with_a_bad_cell_is_not_submitted(dosing):
    assert dosing.problems("submit", columns=["volume"], rows=[["x"]]) == {"row 1, volume": "'x' is not a number"}


@pytest.mark.parametrize("repeat", [0, -1, 1.5, True, "3"])
def test_a_count_that_is_none_is_refused(bench, repeat):
    bench.add({"step": "comment"})
    assert "repeat" in bench.problems("submit", repeat=repeat)


def test_a_dataframe_of_the_notebook_fills_the_table(dosing):
    dosing.names["screen"] = pd.DataFrame({"volume": [0.5, None], "label": ["a", "007"]})
    dosing.names["_hidden"] = dosing.names["screen"]
    assert dosing.ask("columns")["frames"] == ["screen"]
    assert dosing.ask("frame", name="screen") == {"columns": ["volume", "label"], "rows": [["0.5", "a"], ["", "007"]]}
    assert not dosing.reply("frame", name="pump")["ok"]


def _wait(bench):
    for status in bench.session.runner.runs:
        bench.session.runner.handle(status.key).wait(30)
    bench.session.relay.flush(30)


def test_a_run_over_a_table_shows_how_often_and_how_long_each_step_was_done(dosing):
    submitted = dosing.ask("submit", columns=["sample", "volume"], rows=[["a", "1"], ["b", "2"]], sample="sample")
    assert not submitted["existed"]
    _wait(dosing)
    run = dosing.ask("run")
    (step,) = run["steps"].values()
    assert (run["outcome"], run["ended"], run["same_version"], step["status"], step["count"]) == ("completed", True, True, "done", 2)
    assert step["took_ms"] >= 0
    assert dosing.ask("run", since=run["seen"])["steps"] == {}


def test_the_same_submission_is_made_once_unless_it_is_wanted_again(dosing):
    table = {"columns": ["volume"], "rows": [["1"]]}
    first = dosing.ask("submit", **table)
    again = dosing.ask("submit", **table)
    assert (again["existed"], again["key"]) == (True, first["key"])
    assert dosing.ask("submit", **table, again=True)["key"] != first["key"]
    _wait(dosing)


def test_an_edit_while_a_run_goes_on_shows_that_another_version_runs(bench):
    step = bench.add({"step": "comment"})
    bench.ask("submit", repeat=1)
    _wait(bench)
    bench.edit("change", id=step, fields={"text": "later"})
    assert not bench.ask("run")["same_version"]


def _event(step="s", status=StepStatus.OPEN, row=1, at_us=0, path=""):
    return StepChanged("k", 1, row, step, "script", 1, "pump.dispense", status, at_us, path=path, began_us=1_000_000)


@pytest.fixture
def followed():
    runs = Runs(lambda _key: "")
    assert runs.hear(RunChanged(RunStatus("k", "run", "w", State.RUNNING, 0, started_us=1))) == "w"
    return runs


def test_an_attempt_counts_once_even_when_it_is_told_twice(followed):
    for event in (_event(), _event(status=StepStatus.DONE, at_us=2_000_000), _event(status=StepStatus.DONE, at_us=2_000_000)):
        followed.hear(event)
    assert followed.of("w", "")["steps"]["s"]["count"] == 1


def test_a_run_of_which_a_busy_screen_hears_only_the_end_is_shown_with_its_steps():
    runs = Runs(lambda _key: "")
    runs.hear(_event(status=StepStatus.DONE, at_us=1_250_000))
    assert runs.of("w", "") is None
    assert runs.hear(RunChanged(RunStatus("k", "run", "w", State.ENDED, 0, run_id=1, started_us=1))) == "w"
    shown = runs.of("w", "")
    assert shown["ended"]
    assert (shown["steps"]["s"]["count"], shown["steps"]["s"]["took_ms"]) == (1, 250)


def test_a_run_found_in_the_records_or_taken_out_of_the_queue_is_not_shown():
    runs = Runs(lambda _key: "")
    assert runs.hear(RunChanged(RunStatus("k", "run", "w", State.ENDED, 0, run_id=1, started_us=1, recalled=True))) is None
    assert runs.hear(RunChanged(RunStatus("l", "run", "w", State.ENDED, 0))) is None
    assert runs.of("w", "") is None


def test_inside_a_nested_workflow_the_calling_step_is_lit(followed):
    followed.hear(_event("inner", path="loop[2]/call/other[1]"))
    steps = followed.of("w", "")["steps"]
    assert set(steps) == {"loop", "call"}
    assert (steps["loop"]["round"], steps["call"]["status"]) == (2, "open")


def test_a_step_of_another_run_is_not_shown(followed):
    followed.hear(StepChanged("other", 2, 1, "s", "script", 1, "pump.dispense", StepStatus.OPEN, 0))
    assert followed.of("w", "")["steps"] == {}


def test_a_run_that_waits_does_not_hide_the_one_that_goes_on(followed):
    followed.hear(RunChanged(RunStatus("later", "run_1", "w", State.QUEUED, 0)))
    assert followed.of("w", "")["key"] == "k"


def test_the_end_of_a_run_is_told_once(followed):
    ended = RunChanged(RunStatus("k", "run", "w", State.ENDED, 0, started_us=1))
    assert followed.hear(ended) == "w"
    assert followed.hear(ended) is None


def test_a_workflow_that_never_ran_has_no_run(followed):
    assert followed.of("unknown", "") is None


def test_a_workflow_without_steps_is_said_to_have_none_before_it_is_queued(bench):
    found = bench.ask("rows", repeat=1)
    assert found["errors"] == 1
    (error,) = [one for one in found["findings"] if one["severity"] == "error"]
    assert "has no steps" in error["message"]

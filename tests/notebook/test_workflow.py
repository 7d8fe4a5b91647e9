"""A workflow in the notebook: written, checked, submitted, kept."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pandas as pd
import pytest

from ivoryos_jupyter.errors import CommandError, ConversionError, WorkflowError
from ivoryos_jupyter.notebook import WorkflowHandle
from ivoryos_jupyter.runner import State
from ivoryos_jupyter.workflow import Workflow, at_run


def test_a_run_over_a_table_gives_one_row_of_outputs_for_each_row(dosing):
    run = dosing.submit([{"volume": 0.5}, {"volume": 1.0}, {"volume": "1.5"}])
    assert run.wait(30).sentence == "completed"
    outputs = run.outputs
    assert list(outputs["volume"]) == [0.5, 1.0, 1.5]
    assert list(outputs["left"]) == [9.5, 8.5, 7.0]
    assert len(run.steps) == 7
    assert list(run.phases["phase"]) == ["prep", "script", "script", "script", "cleanup"]


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"volume": [0.5, 1.0]}),
        [{"volume": 0.5}, {"volume": 1.0}],
        [{"volume": "0.5"}, {"volume": "1.0"}],
    ],
    ids=["frame", "dicts", "text"],
)
def test_a_table_may_be_a_frame_or_a_list_of_dicts(dosing, table):
    run = dosing.submit(table)
    run.wait(30)
    assert list(run.outputs["left"]) == [9.5, 8.5]


@pytest.mark.parametrize("text", ["volume\n0.5\n1.0\n", "volume\nfloat\n0.5\n1.0\n"], ids=["plain", "with IvoryOS's types"])
def test_a_table_may_be_a_csv_file_with_or_without_types(dosing, tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    run = dosing.submit(path)
    run.wait(30)
    assert list(run.outputs["left"]) == [9.5, 8.5]


def test_every_bad_cell_is_named_by_row_and_column_and_nothing_moves(dosing, deck):
    with pytest.raises(ConversionError) as caught:
        dosing.submit([{"volume": "1,5"}, {"volume": 1.0}, {"volume": None}, {"volumes": 2}])
    fields = [problem.field for problem in caught.value.problems]
    assert fields == ["row 1, volume", "row 3, volume", "row 4, volumes", "row 4, volume"]
    assert deck["pump"].dispense(0.0) == 10.0


def test_without_a_table_a_workflow_that_asks_for_one_is_refused(dosing):
    with pytest.raises(ConversionError, match="asks for volume"):
        dosing.submit(repeat=3)


@pytest.mark.parametrize("options", [{"repeat": 0}, {"repeat": 2.5}, {"repeat": True}, {"batch_size": -1}, {"cleanup": ("sometimes",)}])
def test_an_option_that_cannot_be_meant_is_refused(dosing, options):
    with pytest.raises(ConversionError, match=next(iter(options))):
        dosing.submit([{"volume": 1.0}], **options)


def test_an_empty_table_is_refused(dosing):
    with pytest.raises(ConversionError, match="no rows"):
        dosing.submit([])


def test_the_same_submission_returns_the_run_that_exists_and_says_so(dosing, deck, capsys):
    first = dosing.submit([{"volume": 1.0}])
    first.wait(30)
    second = dosing.submit([{"volume": 1.0}])
    assert second.existed
    assert second.id == first.id
    said = capsys.readouterr().out
    assert f"run {first.id}, completed 20" in said
    assert "again=True" in said
    assert deck["pump"].dispense(0.0) == 9.0


def test_again_makes_a_new_run(dosing, deck):
    for again in (False, True):
        dosing.submit([{"volume": 1.0}], again=again).wait(30)
    assert deck["pump"].dispense(0.0) == 8.0


def test_a_column_may_name_the_sample_although_the_workflow_does_not_use_it(dosing, session):
    run = dosing.submit([{"volume": 1.0, "vial": "007"}, {"volume": 1.0, "vial": "008"}], sample="vial")
    run.wait(30)
    assert list(run.outputs["sample_id"]) == ["007", "008"]
    assert len(session.history.steps(sample="008")) == 2


def test_a_row_without_its_sample_is_refused(dosing):
    with pytest.raises(ConversionError, match="row 2, vial"):
        dosing.submit([{"volume": 1.0, "vial": "a"}, {"volume": 1.0, "vial": ""}], sample="vial")


def test_check_gives_workflow_and_table_problems_as_one_table(dosing):
    dosing.script.call("pump.dispense", volume_ml=at_run("volume"))
    found = dosing.check([{"volume": "many"}])
    assert list(found["field"]) == ["row 1, volume"]
    assert list(dosing.check([{"volume": 1}]).index) == []


def test_a_wrong_argument_is_refused_where_it_is_written(dosing, deck):
    with pytest.raises(WorkflowError, match="volume_ml"):
        dosing.script.call(deck["pump"].dispense, volume_ml="a lot")
    with pytest.raises(WorkflowError, match="rate_ml_min"):
        dosing.script.call(deck["pump"].dispense, volume_ml=1, rate=2)


def test_saving_twice_makes_one_version_and_opening_gives_it_back(dosing, session):
    dosing.save("doses")
    dosing.save("doses")
    assert len(session.library.versions("dosing")) == 1
    again = WorkflowHandle(session, "dosing", session.library.get("dosing"))
    assert again.workflow.script == dosing.workflow.script


def test_a_run_may_wait_on_hold_and_until_a_time(dosing):
    held = dosing.submit([{"volume": 1.0}], hold=True)
    later = dosing.submit([{"volume": 2.0}], not_before=datetime.now(timezone.utc) + timedelta(hours=1))
    assert (held.status.state, later.status.state) == (State.QUEUED, State.QUEUED)
    with pytest.raises(CommandError, match="has not begun"):
        _ = held.id
    held.stop()
    later.stop()


def test_without_a_notebook_the_builder_says_how_to_get_one(dosing):
    with pytest.raises(CommandError, match="%load_ext ivoryos"):
        dosing.edit()


def test_what_the_builder_made_is_what_python_goes_on_from(dosing, session):
    shown = {"workflow": dosing.workflow}
    session.open_builder = lambda workflow: (shown.update(workflow=workflow), lambda: shown["workflow"])
    dosing.edit()
    shown["workflow"] = Workflow(name="dosing", cleanup=dosing.workflow.cleanup)
    assert dosing.workflow.script == ()
    dosing.script.call("pump.refill")
    assert [step.method for step in dosing.workflow.script] == ["refill"]
    dosing.edit()
    assert [step.method for step in shown["workflow"].script] == ["refill"]


def test_a_workflow_reads_as_sentences(dosing):
    text = repr(dosing)
    assert "script:" in text
    assert "#volume" in text
    assert "(nothing)" in text

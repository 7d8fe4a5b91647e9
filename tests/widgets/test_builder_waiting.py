"""Can a waiting run be changed, is it checked again, and is it refused once it has begun?"""

from __future__ import annotations

import pytest

from ivoryos_jupyter.notebook import Options, request_for
from ivoryos_jupyter.workflow import Action, AtRun, Comment, GetProperty, Workflow, from_json


def _dosing(**more):
    step = Action(id="dose", instrument="pump", method="dispense", arguments={"volume_ml": AtRun("volume")}, outputs=("left",))
    return Workflow(name="night", script=(step,), **more)


@pytest.fixture
def waiting(bench):
    """A run that waits in a queue on hold."""
    bench.session.runner.queue.hold("test")
    request = request_for(bench.session, _dosing(), ({"volume": 0.5}, {"volume": 0.1}), Options(name="tuesday"))
    handle = bench.session.runner.submit(request)
    bench.key = bench.ask("edit_waiting", view="page", key=handle.key)["document"]
    return handle


def _request(bench, handle):
    return next((one.request for one in bench.session.runner.queue.entries if one.request.key == handle.key), None)


def test_its_table_comes_as_text_that_reads_back_as_the_same_values(bench, waiting):
    found = bench.ask("open")["waiting"]
    assert (found["name"], found["columns"], found["rows"]) == ("tuesday", ["volume"], [["0.5"], ["0.1"]])
    bench.ask("keep_waiting", columns=found["columns"], rows=found["rows"])
    assert _request(bench, waiting).rows == ({"volume": 0.5}, {"volume": 0.1})


def test_its_rows_are_changed_and_its_place_and_name_stay(bench, waiting):
    bench.ask("keep_waiting", columns=["volume"], rows=[["0.2"], ["0.3"], ["0.4"]])
    request = _request(bench, waiting)
    assert [row["volume"] for row in request.rows] == [0.2, 0.3, 0.4]
    assert (request.name, request.key) == ("tuesday", waiting.key)


def test_its_workflow_is_changed_without_touching_the_library(bench, waiting):
    bench.add({"step": "comment"})
    bench.ask("keep_waiting", columns=["volume"], rows=[["0.2"]])
    assert [one.tag for one in from_json(_request(bench, waiting).workflow).script] == ["comment", "action"]
    assert bench.session.library.get("night") is None
    assert bench.session.library.draft("night") is None
    assert bench.builders.open("night") != bench.key


def test_a_run_by_count_stays_one(bench):
    bench.session.runner.queue.hold("test")
    handle = bench.session.runner.submit(
        request_for(bench.session, Workflow(name="c", script=(Comment(id="a", text="x"),)), None, Options(repeat=3))
    )
    bench.key = bench.ask("edit_waiting", view="page", key=handle.key)["document"]
    assert bench.ask("open")["waiting"]["rows"] is None
    bench.ask("keep_waiting", repeat=5)
    assert _request(bench, handle).repeat == 5


def test_a_bad_cell_is_refused_with_its_row_and_nothing_is_changed(bench, waiting):
    assert "row 2, volume" in bench.problems("keep_waiting", columns=["volume"], rows=[["0.2"], ["much"]])
    assert len(_request(bench, waiting).rows) == 2


def test_a_run_that_has_begun_is_not_changed(bench, waiting):
    bench.session.runner.queue.release()
    waiting.wait(30)
    reply = bench.reply("keep_waiting", columns=["volume"], rows=[["0.2"]])
    assert not reply["ok"]
    assert "has begun" in reply["error"]["message"]


def test_the_changed_workflow_is_what_runs_on_instruments_the_old_one_did_not_use(bench, waiting):
    bench.add({"step": "get", "instrument": "reactor", "property": "temperature"})
    bench.ask("keep_waiting", columns=["volume"], rows=[["0.2"]])
    bench.session.runner.queue.release()
    waiting.wait(30)
    assert waiting.status.outcome.value == "completed"
    assert waiting.status.counts.done == 2
    steps = from_json(bench.session.runner.handle(waiting.key).request.workflow).script
    assert isinstance(steps[0], GetProperty)


def test_two_pages_that_edit_one_run_see_the_same(bench, waiting):
    assert bench.ask("edit_waiting", view="another", key=waiting.key)["document"] == bench.key


def test_a_workflow_of_the_library_belongs_to_no_waiting_run(bench):
    assert bench.ask("open")["waiting"] is None
    assert not bench.reply("keep_waiting", repeat=1)["ok"]


def test_samples_and_batches_of_the_submission_stay_as_they_were(bench):
    bench.session.runner.queue.hold("test")
    rows = ({"volume": 0.5, "vial": "A1"}, {"volume": 0.1, "vial": "A2"})
    handle = bench.session.runner.submit(request_for(bench.session, _dosing(), rows, Options(sample="vial", batch_size=2)))
    bench.key = bench.ask("edit_waiting", view="page", key=handle.key)["document"]
    found = bench.ask("open")["waiting"]
    assert (found["sample"], found["batch_size"], found["columns"]) == ("vial", 2, ["volume", "vial"])
    bench.ask("keep_waiting", columns=["volume", "vial"], rows=[["0.2", "A1"], ["0.3", "B7"]], sample="vial", batch_size=1)
    request = _request(bench, handle)
    assert (request.sample_column, request.batch_size) == ("vial", 1)
    assert [row["vial"] for row in request.rows] == ["A1", "B7"]

"""Two notebooks, one database, one pump: a run waits for the other's, a person may take over, and a panel says who has it."""

from __future__ import annotations

import time
from contextlib import closing

import pytest

from ivoryos_jupyter import notebook
from ivoryos_jupyter.errors import BusyError
from ivoryos_jupyter.journal import Outcome, RunRequest
from ivoryos_jupyter.records import DataFolder, History
from ivoryos_jupyter.runner import Call, State
from ivoryos_jupyter.runner import _elsewhere as elsewhere
from ivoryos_jupyter.runner import _following as following
from ivoryos_jupyter.session import Session, Surroundings
from ivoryos_jupyter.testing import Pump
from ivoryos_jupyter.workflow import Action, Constant, Pause, Workflow, content_hash, to_json


def request(key: str, *steps) -> RunRequest:
    flow = Workflow(name=key, script=steps)
    return RunRequest(key, key, to_json(flow), key, content_hash(flow), "bench", operator=key, notebook=f"{key}.ipynb")


def dose(name="pump") -> Action:
    return Action(id="d", instrument=name, method="dispense", arguments={"volume_ml": Constant(1.0)})


def until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)


@pytest.fixture(params=["sqlite", "postgres"])
def kernels(request, tmp_path, monkeypatch):
    """Two sessions on one database; each has its own object for the same pump, under its own name."""
    monkeypatch.setattr(elsewhere, "FRESH_S", 0.0)
    monkeypatch.setattr(elsewhere, "ANSWER_S", 60.0)
    if request.param == "postgres":
        monkeypatch.setenv("IVORYOS_DB_URI", request.getfixturevalue("postgres").database(f"two{time.monotonic_ns()}"))
    decks = ({"pump": Pump("COM3", time_scale=0)}, {"doser": Pump("COM3", time_scale=0), "other": Pump("COM4", time_scale=0)})
    folder = DataFolder(tmp_path / "data")
    with (
        closing(Session(Surroundings(tmp_path, names=lambda: decks[0]), folder=folder)) as left,
        closing(Session(Surroundings(tmp_path, names=lambda: decks[1]), folder=folder)) as right,
    ):
        yield left, right


def holding(left):
    """Let the left notebook's run hold the pump until it is answered."""
    handle = left.runner.submit(request("left", dose(), Pause(id="p", message="Change the vial")))
    until(lambda: handle.status.state is State.ASKING)
    return handle


def test_a_run_waits_for_the_other_notebooks_run_and_begins_after_it(kernels):
    left, right = kernels
    first = holding(left)
    second = right.runner.submit(request("right", dose("doser")))
    until(lambda: second.status.question is not None)
    assert "is held by run 1 'left' by left (notebook left.ipynb, on " in second.status.question.message
    first.answer("continue")
    assert first.wait(30).outcome is Outcome.COMPLETED
    second.retry()
    assert second.wait(30).outcome is Outcome.COMPLETED


def test_taking_over_is_kept_with_both_runs(kernels):
    left, right = kernels
    first = holding(left)
    second = right.runner.submit(request("right", dose("doser")))
    until(lambda: second.status.question is not None)
    second.answer("take_over")
    assert second.wait(30).outcome is Outcome.COMPLETED
    first.answer("continue")
    assert first.wait(30).outcome is Outcome.COMPLETED
    events = History(right.store).events()
    assert list(events[events["kind"] == "took_over"]["run"]) == [second.status.run_id]
    (taken,) = events[events["kind"] == "taken_over"].to_dict("records")
    assert taken["run"] == 1
    assert taken["detail"]["by"] == "right"


def test_a_panel_is_refused_with_who_has_it_and_offers_to_take_over(kernels):
    left, right = kernels
    first = holding(left)
    with pytest.raises(BusyError, match="run 1 'left'"):
        right.pipeline.submit(Call("doser", "dispense", "call", {"volume_ml": 1.0}))
    assert right.held_elsewhere("doser")
    assert not right.held_elsewhere("other")
    assert right.pipeline.submit(Call("other", "dispense", "call", {"volume_ml": 1.0})).result(10) == 9.0
    assert right.pipeline.submit(Call("doser", "dispense", "call", {"volume_ml": 1.0}, take_over=True)).result(10) == 9.0
    assert list(History(left.store).events(kind="taken_over")["run"]) == [1]
    first.answer("continue")
    first.wait(30)
    assert right.pipeline.submit(Call("doser", "dispense", "call", {"volume_ml": 1.0})).result(10) == 8.0


def test_each_kernel_has_its_own_queue(kernels):
    left, right = kernels
    left.runner.queue.hold("not now")
    right.runner.queue.hold("not now")
    left.runner.submit(request("left", dose()))
    right.runner.submit(request("right", dose("other")))
    assert [entry.request.key for entry in left.runner.queue.entries] == ["left"]
    assert [entry.request.key for entry in right.runner.queue.entries] == ["right"]


def test_run_all_in_both_notebooks_runs_it_once_and_again_runs_it_once_more(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(following, "LOOK_EVERY_S", 0.02)
    pumps = [Pump(port, time_scale=0) for port in ("COM3", "COM4")]
    folder = DataFolder(tmp_path / "data")
    around = [Surroundings(tmp_path, "night.ipynb", names=lambda pump=pump: {"pump": pump}) for pump in pumps]
    with closing(Session(around[0], folder=folder)) as left, closing(Session(around[1], folder=folder)) as right:
        flow = Workflow(name="night", script=(Pause(id="p", message="Go on?"), dose()))
        first = notebook.WorkflowHandle(left, "night", flow).submit()
        until(lambda: first.status.question is not None)
        same = notebook.WorkflowHandle(right, "night", flow).submit()
        assert same.existed
        assert "submitted before: run 1, running" in capsys.readouterr().out
        assert notebook.WorkflowHandle(right, "night", flow).submit().key == same.key
        more = notebook.WorkflowHandle(right, "night", flow).submit(again=True)
        assert not more.existed
        for run in (first, more):
            until(lambda run=run: run.status.question is not None)
            run.answer("continue")
        assert {run.wait(30).outcome for run in (first, same, more)} == {Outcome.COMPLETED}
        assert [run.id for run in (first, same, more)] == [1, 1, 2]
        assert len(same.steps) == 2
        assert "completed" in repr(notebook.WorkflowHandle(left, "night", flow).submit())

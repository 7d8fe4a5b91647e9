"""A kernel was cut off from PostgreSQL, and another one took what waited in its queue: who holds that run follows it to its end there."""

from __future__ import annotations

import itertools
import time
from contextlib import closing

import pytest

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.journal import Outcome, RunRequest, Setting
from ivoryos_jupyter.records import DataFolder, _keeper, _postgres, open_store
from ivoryos_jupyter.runner import State
from ivoryos_jupyter.session import Session, Surroundings
from ivoryos_jupyter.workflow import Comment, Workflow, content_hash, to_json

_databases = itertools.count()


def until(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


@pytest.fixture
def kernels(postgres, tmp_path, monkeypatch):
    """A session, and the store of a kernel on another computer."""
    monkeypatch.setattr(_keeper, "EVERY_S", 3600.0)
    monkeypatch.setattr(_postgres, "_YOUNG_S", 0)
    monkeypatch.setenv("IVORYOS_DB_URI", postgres.database(f"taken{next(_databases)}"))
    here = Surroundings(tmp_path / "here", "here.ipynb", names=dict)
    (tmp_path / "here").mkdir()
    with closing(Session(here, folder=DataFolder(tmp_path / "here"))) as session, closing(open_store(tmp_path / "there")) as there:
        yield session, there


def away():
    raise RecordsError("The network is cut.")


def cut_off(session, there, monkeypatch):
    """Let the connection break that shows that the kernel lives; it cannot come back for now."""
    monkeypatch.setattr(session.store.database.presence, "_come_back", away)
    there.database.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name",
        {"name": session.store.database._lines.name},
    )
    until(lambda: not there.database.alive(session.store.owner))


def test_a_run_whose_place_in_the_queue_was_taken_is_followed(kernels, monkeypatch):
    session, there = kernels
    flow = Workflow(name="flow", script=(Comment(id="c", text="nothing"),))
    session.runner.queue.hold()
    handle = session.runner.submit(RunRequest("k", "k", to_json(flow), "flow", content_hash(flow), "deck", notebook="here.ipynb"))
    with monkeypatch.context() as network:
        cut_off(session, there, network)
        assert there.take_up("here.ipynb") == 1
    session.store.database.presence._look()
    until(lambda: handle.status.elsewhere)
    assert handle.status.state is State.QUEUED
    (waiting,) = there.queue()
    run = there.begin_run(waiting.request, 5, Setting("there", "ada", {}, {}, ()))
    until(lambda: handle.status.state is State.RUNNING)
    there.end_run(run, Outcome.COMPLETED, 9, {})
    assert handle.wait(60).outcome is Outcome.COMPLETED

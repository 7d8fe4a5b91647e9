"""The database is stopped, full or locked in the middle of a run, for real: nothing is lost, nothing is done twice, and the run goes on.

Each time the call in flight ends while the database is away: its outcome is kept, the run says what it waits for, no further call is
made, and when the database is back the run goes on by itself.
"""

from __future__ import annotations

import itertools
import sqlite3
import threading
import time
from contextlib import closing

import pytest

from ivoryos_jupyter.journal import Outcome, RunRequest
from ivoryos_jupyter.records import DataFolder, History
from ivoryos_jupyter.runner import State
from ivoryos_jupyter.session import Session, Surroundings
from ivoryos_jupyter.workflow import Action, Constant, Workflow, content_hash, to_json

_databases = itertools.count()


class Doser:
    """The second of its calls lasts until the test lets it end."""

    def __init__(self) -> None:
        self.calls: list[float] = []
        self.entered, self.go = threading.Event(), threading.Event()

    def dose(self, volume_ml: float) -> float:
        """Dose, and return it."""
        self.calls.append(volume_ml)
        if len(self.calls) == 2:
            self.entered.set()
            self.go.wait(60)
            print("x" * 50_000)  # noqa: T201 - its outcome needs pages that a full disk does not have
        return volume_ml


def request(key: str = "run") -> RunRequest:
    steps = tuple(
        Action(id=f"s{at}", instrument="doser", method="dose", arguments={"volume_ml": Constant(float(at))}, outputs=(f"v{at}",))
        for at in range(1, 5)
    )
    flow = Workflow(name=key, script=steps)
    return RunRequest(key, key, to_json(flow), key, content_hash(flow), "reach")


@pytest.fixture
def doser():
    return Doser()


@pytest.fixture
def session(doser, tmp_path):
    """A session on a SQLite file that does not wait long for others."""
    with closing(Session(Surroundings(tmp_path, names=lambda: {"doser": doser}), folder=DataFolder(tmp_path / "data"))) as made:
        made.store.database._timeout_s = 0.1
        made.store.database._drop()
        yield made


@pytest.fixture
def on_postgres(doser, tmp_path, postgres, monkeypatch):
    """A session on a server of its own."""
    monkeypatch.setenv("IVORYOS_DB_URI", postgres.database(f"reach{next(_databases)}"))
    with closing(Session(Surroundings(tmp_path, names=lambda: {"doser": doser}), folder=DataFolder(tmp_path / "data"))) as made:
        yield made


def until(condition, seconds=30.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def in_mid_run(session, doser):
    """Submit a run and a second one behind it, and return when the second call is under way."""
    handle = session.runner.submit(request())
    session.runner.submit(request("behind"))
    assert doser.entered.wait(30)
    return handle


def waits(handle, doser, says):
    """Let the call end; the run then waits for the database, and says so."""
    doser.go.set()
    until(lambda: handle.status.state is State.ASKING)
    question = handle.status.question
    assert question.kind == "records"
    assert says in question.message
    assert "goes on when they can" in question.message
    assert doser.calls == [1.0, 2.0]


def went_on(session, handle, doser):
    """The run goes on by itself; every call was made once, and every outcome is kept."""
    assert handle.wait(60).outcome is Outcome.COMPLETED
    assert session.runner.handle("behind").wait(60).outcome is Outcome.COMPLETED
    assert doser.calls == [1.0, 2.0, 3.0, 4.0] * 2
    steps = History(session.store).steps()
    assert list(steps["status"]) == ["done"] * 8
    assert list(steps["result"]) == [1.0, 2.0, 3.0, 4.0] * 2
    assert list(History(session.store).runs()["status"]) == ["completed", "completed"]


def test_a_server_that_is_stopped_in_mid_run_and_started_again(on_postgres, doser, postgres):
    handle = in_mid_run(on_postgres, doser)
    postgres.stop()
    try:
        waits(handle, doser, "server runs")
    finally:
        postgres.start()
    went_on(on_postgres, handle, doser)


def test_a_server_that_is_away_while_nothing_is_written_is_not_noticed(on_postgres, doser, postgres):
    handle = in_mid_run(on_postgres, doser)
    postgres.stop()
    postgres.start()
    doser.go.set()
    went_on(on_postgres, handle, doser)


def test_a_disk_that_is_full_in_mid_run(session, doser, monkeypatch):
    connect = type(session.store.database)._connect
    full = {"pages": 1}

    def small(database):
        connection = connect(database)
        connection.execute(f"PRAGMA max_page_count={full['pages']}")
        return connection

    handle = in_mid_run(session, doser)
    monkeypatch.setattr(type(session.store.database), "_connect", small)
    session.store.database._drop()
    waits(handle, doser, "no space left on the disk")
    full["pages"] = 1_000_000
    went_on(session, handle, doser)


def test_a_database_that_another_program_locks_for_a_while(session, doser):
    handle = in_mid_run(session, doser)
    with closing(sqlite3.connect(session.folder.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waits(handle, doser, "another program is writing")
        other.execute("ROLLBACK")
    went_on(session, handle, doser)


def test_a_file_that_is_moved_away_and_back(session, doser):
    handle = in_mid_run(session, doser)
    hidden = session.folder.path / "elsewhere.db"
    session.store.database._drop()
    session.folder.database.rename(hidden)
    try:
        waits(handle, doser, "is gone")
    finally:
        hidden.rename(session.folder.database)
    went_on(session, handle, doser)


def test_a_run_that_is_stopped_while_the_database_is_away_keeps_its_outcomes_for_later(session, doser):
    handle = in_mid_run(session, doser)
    with closing(sqlite3.connect(session.folder.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waits(handle, doser, "another program is writing")
        handle.stop(now=True, cleanup=False)
        assert handle.wait(60).outcome is Outcome.STOPPED
        assert session.pipeline.unkept > 0
        other.execute("ROLLBACK")
    until(lambda: session.pipeline.unkept == 0)
    assert doser.calls == [1.0, 2.0]
    assert list(History(session.store).steps()["status"]) == ["done", "done"]
    assert list(History(session.store).runs()["status"]) == ["stopped"]

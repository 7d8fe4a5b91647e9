"""Which kernels live?  A file lock says so on one host, a lock of the session on PostgreSQL; no clock is asked."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from contextlib import suppress

import psycopg
import pytest

from ivoryos_jupyter.errors import BusyError, RecordsError
from ivoryos_jupyter.journal import Claim, RunEvent, Setting
from ivoryos_jupyter.records import _keeper, _lines, _postgres, open_store

PUMP = Setting("there", "ada", {}, {}, (Claim("10.0.0.5", "pump"),))
_KERNEL = """
    import sys
    from ivoryos_jupyter.journal import Claim, RunRequest, Setting
    from ivoryos_jupyter.records import open_store

    store = open_store(sys.argv[1], sys.argv[2])
    request = RunRequest("a", "a", '{"name": "dose"}', "dose", "v1", "d", notebook="there.ipynb")
    store.begin_run(request, 1, Setting("there", "ada", {}, {}, (Claim("10.0.0.5", "pump"),)))
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def far_kernel(postgres, tmp_path):
    """A kernel of another host: it shares the database, and no folder; with it a store of this host."""
    uri = postgres.database(f"far{time.monotonic_ns()}")
    store = open_store(tmp_path / "here", uri)
    command = [sys.executable, "-c", textwrap.dedent(_KERNEL), str(tmp_path / "there"), uri]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    yield process, store
    process.kill()
    process.communicate()
    store.close()


def test_a_kernel_of_another_host_lives_as_long_as_its_session(far_kernel, rows):
    process, store = far_kernel
    assert not store.unfinished()
    (held,) = store.held_elsewhere()
    assert "10.0.0.5" in held.sentence
    assert "there.ipynb" in held.sentence
    with pytest.raises(BusyError):
        store.begin_run(rows.request("mine"), rows.started, PUMP)
    process.kill()
    process.wait(30)
    deadline = time.monotonic() + 30
    while store.held_elsewhere():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert [run.request.key for run in store.unfinished()] == ["a"]
    assert store.begin_run(rows.request("mine"), rows.started, PUMP)


def test_a_kernel_that_says_nothing_is_alive_again_when_the_server_is_back(postgres, tmp_path, monkeypatch):
    monkeypatch.setattr(_keeper, "EVERY_S", 0.05)
    uri = postgres.database(f"quiet{time.monotonic_ns()}")
    quiet = open_store(tmp_path / "there", uri)
    other = open_store(tmp_path / "here", uri)
    postgres.stop()
    postgres.start()
    _until(lambda: _alive(other, quiet.owner))
    quiet.close()
    _until(lambda: not _alive(other, quiet.owner))
    other.close()


def test_a_kernel_whose_one_connection_broke_is_alive_again(postgres, tmp_path, monkeypatch):
    monkeypatch.setattr(_keeper, "EVERY_S", 0.05)
    uri = postgres.database(f"broken{time.monotonic_ns()}")
    quiet, other = open_store(tmp_path / "there", uri), open_store(tmp_path / "here", uri)
    other.database.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> (SELECT pid FROM pg_locks WHERE"
        " locktype = 'advisory' ORDER BY pid DESC LIMIT 1)"
    )
    _until(lambda: _alive(other, quiet.owner))
    assert quiet.queue() == []
    quiet.close()
    other.close()


def test_while_a_server_starts_no_kernel_of_another_host_is_taken_for_dead(postgres, tmp_path, monkeypatch, rows):
    """It may be on its way back, and its run may be in the middle of a call."""
    monkeypatch.setattr(_keeper, "EVERY_S", 3600.0)
    monkeypatch.setattr(_postgres, "_YOUNG_S", 3600)
    uri = postgres.database(f"young{time.monotonic_ns()}")
    far, here = open_store(tmp_path / "there", uri), open_store(tmp_path / "here", uri)
    far.begin_run(rows.request("a"), rows.started, PUMP)
    postgres.stop()
    postgres.start()
    _until(lambda: _alive(here, far.owner) is not None)
    assert not here.unfinished()
    assert len(here.held_elsewhere()) == 1
    monkeypatch.setattr(_postgres, "_YOUNG_S", 0)
    assert not here.database.alive(far.owner)
    with suppress(RecordsError):  # what was connected before is thrown away at its next use
        far.queue()
    assert far.queue() == []
    assert here.database.alive(far.owner)
    far.close()
    here.close()


def test_a_kernel_of_this_host_that_closed_is_dead_also_while_the_server_starts(postgres, tmp_path, monkeypatch):
    monkeypatch.setattr(_postgres, "_YOUNG_S", 3600)
    uri = postgres.database(f"closed{time.monotonic_ns()}")
    before = open_store(tmp_path, uri)
    before.close()
    after = open_store(tmp_path, uri)
    assert not after.database.alive(before.owner)
    after.close()


def test_the_signs_of_kernels_that_are_long_gone_are_removed(postgres, tmp_path, monkeypatch):
    monkeypatch.setattr(_postgres, "_YOUNG_S", 0)
    uri = postgres.database(f"tidy{time.monotonic_ns()}")
    long_gone, lately, living = (open_store(tmp_path, uri) for _ in range(3))
    files = {one.owner: next(tmp_path.rglob(f"{one.owner}.lock")) for one in (long_gone, lately, living)}
    long_gone.close()
    lately.close()
    for one in (long_gone, living):
        os.utime(files[one.owner], (0, 0))
    open_store(tmp_path, uri).close()
    assert [file.exists() for file in files.values()] == [False, True, True]
    assert living.database.alive(living.owner)
    living.close()


def test_a_refusal_costs_a_kernel_no_lock(postgres, tmp_path, monkeypatch, rows):
    monkeypatch.setattr(_keeper, "EVERY_S", 3600.0)
    uri = postgres.database(f"refused{time.monotonic_ns()}")
    far, here = open_store(tmp_path / "there", uri), open_store(tmp_path / "here", uri)
    run = far.begin_run(rows.request("a"), rows.started)
    far.decide(RunEvent(run, "decided", 5))
    with pytest.raises(RecordsError, match="Somebody has decided"):
        far.decide(RunEvent(run, "decided", 6))
    assert here.database.alive(far.owner)
    far.close()
    here.close()


def test_a_table_that_another_program_locks_is_said_after_a_time_and_costs_no_lock(postgres, tmp_path, monkeypatch):
    monkeypatch.setattr(_keeper, "EVERY_S", 3600.0)
    monkeypatch.setattr(_lines, "LOCK_S", 0.2)
    uri = postgres.database(f"locked{time.monotonic_ns()}")
    far, here = open_store(tmp_path / "there", uri), open_store(tmp_path / "here", uri)
    with psycopg.connect(uri) as program:
        program.execute("LOCK TABLE run_events")
        with pytest.raises(RecordsError, match="another program keeps it locked"):
            far.note(RunEvent(None, "x", 1))
        assert here.database.alive(far.owner)
    far.note(RunEvent(None, "y", 2))
    assert [event.kind for _, event in here.events_after(0, ("x", "y"))] == ["x", "y"]
    far.close()
    here.close()


def _alive(store, owner):
    try:
        return store.database.alive(owner)
    except RecordsError:  # the connections that the server ended are thrown away at their next use
        return None


def _until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)

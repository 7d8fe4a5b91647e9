"""Each run knows with what, where and by whom it was made."""

from __future__ import annotations

import os
import shutil
import subprocess
import time

import pytest

import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.errors import ConversionError, UnknownNameError
from ivoryos_jupyter.journal import Outcome
from ivoryos_jupyter.session import _provenance as provenance
from ivoryos_jupyter.testing import Pump, Reactor
from ivoryos_jupyter.version import __version__


def git(folder, *arguments):
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    subprocess.run([shutil.which("git"), "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    """A notebook's folder under git."""
    git(tmp_path, "init", "-q")
    (tmp_path / "notes.txt").write_text("one")
    git(tmp_path, "add", "notes.txt")
    git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path


@pytest.fixture
def bench(repository):
    """A session in that folder."""
    names = {"pump": Pump("COM3", time_scale=0), "reactor": Reactor("COM4", time_scale=0)}
    session = ivoryos.start(names, repository, operator="ada")
    yield session
    ivoryos.stop()


def dose(bench, name="dose"):
    wf = ivoryos.new_workflow(name)
    wf.script.call(bench.deck.live.resolve("pump").dispense, 0.1)
    return wf.submit(again=True)


def known(bench, run):
    """The versions, once git has been asked."""
    assert run.wait(30).outcome is Outcome.COMPLETED
    deadline = time.monotonic() + 20
    while "git" not in run.versions["code"]:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return run.versions


def test_a_run_keeps_code_instruments_and_people(bench, repository):
    versions = known(bench, dose(bench))
    code = versions["code"]
    assert code["ivoryos_jupyter"] == __version__
    assert len(code["git"]) == 40
    assert code["git_changed"] == "no"
    assert len(code["source of pump"]) == 16
    assert versions["instruments"] == {"pump": {"type_name": "ivoryos_jupyter.testing._instruments:Pump", "address": "COM3"}}
    assert versions["operator"] == "ada"
    assert versions["host"]
    assert versions["os_user"]
    assert versions["workflow_version"]
    assert versions["deck_fingerprint"]


def test_a_changed_file_is_seen(bench, repository, monkeypatch):
    monkeypatch.setattr(provenance, "FRESH_S", 0.0)
    (repository / "notes.txt").write_text("two")
    assert known(bench, dose(bench))["code"]["git_changed"] == "yes"


def test_outside_a_repository_nothing_is_said_of_git(tmp_path):
    assert provenance.git_state(tmp_path) == {}


def test_a_git_that_takes_too_long_is_left(repository, monkeypatch):
    monkeypatch.setattr(provenance, "GIT_S", 0.0)
    assert "TimeoutExpired" in provenance.git_state(repository)["git"]


def test_a_driver_written_in_a_cell_is_known_by_its_source(monkeypatch):
    lines = ["class Cell:\n", "    def go(self): return 1\n"]
    monkeypatch.setitem(provenance.linecache.cache, "<cell-1>", (0, None, lines, "<cell-1>"))
    namespace = {"__name__": "__main__"}
    exec(compile("".join(lines), "<cell-1>", "exec"), namespace)  # noqa: S102 - as a notebook does
    first = provenance._source_hash(namespace["Cell"])
    assert len(first) == 16
    lines[1] = lines[1].replace("1", "2")
    assert provenance._source_hash(namespace["Cell"]) != first


def test_a_run_that_does_not_exist_has_no_versions(bench):
    with pytest.raises(UnknownNameError):
        bench.history.versions(99)


def test_a_snapshot_is_read_at_the_start_and_at_the_end(bench):
    assert ivoryos.snapshot("reactor.temperature", "pump.flow_rate") == ("reactor.temperature", "pump.flow_rate")
    run = dose(bench)
    run.wait(30)
    frame = bench.history.snapshots(run=run.id)
    assert list(frame["moment"]) == ["start", "start", "end", "end"]
    assert list(frame["property"]) == ["reactor.temperature", "pump.flow_rate"] * 2
    assert list(frame["value"]) == [20.0, 1.0, 20.0, 1.0]
    assert ivoryos.snapshot() == ()
    second = dose(bench)
    second.wait(30)
    assert bench.history.snapshots(run=second.id).empty


def test_what_cannot_be_read_is_kept_with_the_reason_and_holds_nothing_up(bench, monkeypatch):
    ivoryos.snapshot("reactor.temperature")
    monkeypatch.setattr(Reactor, "temperature", property(lambda _self: 1 / 0))
    run = dose(bench)
    assert run.wait(30).outcome is Outcome.COMPLETED
    assert "division by zero" in bench.history.snapshots(run=run.id)["not_read"][0]


def test_a_snapshot_of_what_is_not_there_is_refused_with_every_name(bench):
    ivoryos.snapshot("pump.flow_rate")
    with pytest.raises(ConversionError) as error:
        ivoryos.snapshot("pump.flow", "rector.temperature")
    assert [one.field for one in error.value.problems] == ["pump.flow", "rector.temperature"]
    assert bench.pipeline.snapshot == ("pump.flow_rate",)


def test_a_program_beside_the_notebook_that_is_called_git_is_not_run(tmp_path, monkeypatch):
    """Windows looks for programs where the notebook lies before it looks along the PATH."""
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\ntouch was_run\n")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    assert provenance.git_state(tmp_path) == {}
    assert not (tmp_path / "was_run").exists()

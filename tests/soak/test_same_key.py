"""The same submission in two living kernels: one runs it, the other says which kernel has it, and ends its wait when that one ends it."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from contextlib import closing

import pytest

from ivoryos_jupyter.errors import CommandError, KernelGoneError
from ivoryos_jupyter.journal import Outcome
from ivoryos_jupyter.records import DataFolder
from ivoryos_jupyter.runner import State, _following
from ivoryos_jupyter.session import Session, Surroundings

_databases = itertools.count()


def until(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request, tmp_path, monkeypatch):
    """Where both kernels work: folder and database."""
    monkeypatch.setattr(_following, "LOOK_EVERY_S", 0.02)
    uri = request.getfixturevalue("postgres").database(f"key{next(_databases)}") if request.param == "postgres" else ""
    if uri:
        monkeypatch.setenv("IVORYOS_DB_URI", uri)
    return tmp_path, uri


@pytest.fixture
def there(place, another_kernel):
    """Another kernel, in a process of its own."""
    return another_kernel(place[0], "COM3", place[1])


@pytest.fixture
def here(place, there, neighbour):
    """This kernel."""
    folder, doser = place[0], neighbour.Doser("COM4", place[0])
    with closing(Session(Surroundings(folder, names=lambda: {"doser": doser}), folder=DataFolder(folder / "data"))) as session:
        yield session


@pytest.fixture
def submit(here, neighbour):
    """Submit the same content here."""
    return lambda pause=True: here.runner.submit(neighbour.request("k", 1.0, pause=pause))


def doses(place, port):
    file = place[0] / f"{port}.doses"
    return file.read_text(encoding="utf-8").split() if file.exists() else []


def test_it_is_followed_from_the_queue_to_its_end(place, there, submit):
    there.ask("submit", "k", 1.0, pause=True, hold=True)
    handle = submit()
    assert handle.existed
    assert (handle.status.state, handle.status.run_id) == (State.QUEUED, None)
    assert handle.status.sentence.startswith("waits in the queue of the notebook left.ipynb on ")
    waited = []
    waiting = threading.Thread(target=lambda: waited.append(handle.wait(60)))
    waiting.start()
    there.ask("release", "k")
    there.ask("until_it_asks", "k")
    until(lambda: handle.status.state is State.RUNNING and handle.status.phase == "script")
    assert handle.status.sentence.startswith("running script 1 in the notebook left.ipynb on ")
    assert there.ask("go_on", "k") == "completed"
    waiting.join(60)
    (status,) = waited
    assert (status.outcome, status.run_id, status.counts.done) == (Outcome.COMPLETED, 1, 2)
    assert status.ended_us is not None
    assert (doses(place, "COM3"), doses(place, "COM4")) == (["1"], [])


def test_commands_are_refused_and_name_the_kernel(there, submit):
    there.ask("submit", "k", 1.0, pause=True)
    there.ask("until_it_asks", "k")
    handle = submit()
    for command in (handle.pause, handle.stop, handle.resume, lambda: handle.answer("continue")):
        with pytest.raises(CommandError, match=r"'k' is run by the notebook left\.ipynb on .+, and obeys that kernel only; "):
            command()
    assert there.ask("go_on", "k") == "completed"
    assert asyncio.run(_result(handle)).outcome is Outcome.COMPLETED


async def _result(handle):
    return await asyncio.wait_for(_awaited(handle), 60)


async def _awaited(handle):
    return await handle


def test_when_its_kernel_is_killed_the_wait_ends_and_the_run_waits_for_a_decision(here, there, submit):
    there.ask("submit", "k", 1.0, pause=True)
    there.ask("until_it_asks", "k")
    handle = submit()
    there.kill()
    with pytest.raises(KernelGoneError, match=r"the notebook left\.ipynb on .+ died while it ran; .*ivoryos\.recover\(1\)"):
        handle.wait(60)
    assert handle.status.outcome is Outcome.INTERRUPTED
    assert [run.run_id for run in here.store.interrupted()] == [1]
    assert submit().status.outcome is Outcome.INTERRUPTED


def test_when_its_kernel_is_killed_before_it_began_it_is_run_here_when_it_is_submitted_again(place, there, submit):
    there.ask("submit", "k", 1.0, hold=True)
    handle = submit(pause=False)
    there.kill()
    with pytest.raises(KernelGoneError, match="submit it again to run it here"):
        handle.wait(60)
    again = submit(pause=False)
    assert not again.existed
    assert again.wait(60).outcome is Outcome.COMPLETED
    assert (doses(place, "COM3"), doses(place, "COM4")) == ([], ["1"])


def test_taken_out_of_the_queue_there_it_has_ended_here(there, submit):
    there.ask("submit", "k", 1.0, hold=True)
    handle = submit()
    there.ask("remove", "k")
    assert handle.wait(60).outcome is Outcome.STOPPED


def test_submitted_in_both_in_the_same_instant_it_is_run_once(place, here, there, neighbour):
    for number in range(10):
        there.say("submit", f"k{number}", 1.0)
        here.runner.submit(neighbour.request(f"k{number}", 1.0))
        there.hear()
        assert here.runner.handle(f"k{number}").wait(60).outcome is Outcome.COMPLETED
        assert there.ask("wait", f"k{number}") == "completed"
    assert len(doses(place, "COM3") + doses(place, "COM4")) == 10


def test_a_run_that_waits_for_an_instrument_begins_when_the_kernel_that_has_it_is_killed(place, here, there, neighbour):
    here.deck.live.update({"doser": neighbour.Doser("COM3", place[0])})
    there.ask("submit", "k", 1.0, pause=True)
    there.ask("until_it_asks", "k")
    mine = here.runner.submit(neighbour.request("mine", 2.0))
    until(lambda: mine.status.question is not None)
    assert mine.status.question.kind == "held"
    there.kill()
    until(lambda: not here.store.held_elsewhere())
    mine.answer("retry")
    assert mine.wait(60).outcome is Outcome.COMPLETED
    assert doses(place, "COM3") == ["2"]


def test_the_queue_of_a_killed_kernel_comes_in_its_order_to_its_notebooks_next_one_on_hold_and_is_followed_there(
    place, here, there, neighbour
):
    for key in ("a", "b", "c"):
        there.ask("submit", key, 1.0, hold=True)
    followed = here.runner.submit(neighbour.request("b", 1.0))
    there.kill()
    with pytest.raises(KernelGoneError):
        followed.wait(60)
    folder = place[0]
    doser = neighbour.Doser("COM5", folder)
    with closing(Session(Surroundings(folder, "left.ipynb", names=lambda: {"doser": doser}), folder=DataFolder(folder / "data"))) as third:
        assert [entry.request.key for entry in third.runner.queue.entries] == ["a", "b", "c"]
        assert third.runner.queue.on_hold
        again = here.runner.submit(neighbour.request("b", 1.0))
        assert again.existed
        assert again.status.state is State.QUEUED
        third.runner.remove("b")
        assert again.wait(60).outcome is Outcome.STOPPED

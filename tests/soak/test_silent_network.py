"""The network to PostgreSQL falls silent, for real: connections stay open, nothing arrives, and the operating system sees nothing wrong.

Demanded: the call in flight ends and its outcome is kept, the run says what it waits for and goes on when the network is back, nothing
is done twice, and nothing that a person presses waits meanwhile.
"""

from __future__ import annotations

import itertools
import threading
import time
from contextlib import closing

import pytest

from ivoryos_jupyter.bridge._sidebar import Sidebar
from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.introspect import safe_state
from ivoryos_jupyter.journal import Outcome, RunEvent, RunRequest
from ivoryos_jupyter.records import DataFolder, History, _keeper, _lines
from ivoryos_jupyter.runner import State
from ivoryos_jupyter.session import Session, Surroundings
from ivoryos_jupyter.widgets._devices import Devices
from ivoryos_jupyter.workflow import Action, Constant, Wait, Workflow, content_hash, to_json

_databases = itertools.count()
FOR_LONG_S = 90.0
"""What the kernel waits for an answer where a test wants to see who waits with it."""
AT_ONCE_S = 20.0
"""Who waits longer waits for the network; nearly all of it is the machine's."""


class Doser:
    """Its gated calls last until the test lets them end."""

    def __init__(self) -> None:
        self.calls: list[float] = []
        self.safe = threading.Event()
        self.entered, self.go = threading.Event(), threading.Event()

    def dose(self, volume_ml: float) -> float:
        """Dose, and return it."""
        self.calls.append(volume_ml)
        return volume_ml

    def gated(self) -> str:
        """Return when the test says so."""
        self.calls.append(-1.0)
        self.entered.set()
        self.go.wait(60)
        return "done"

    @safe_state
    def stand_still(self) -> None:
        """Stand still."""
        self.safe.set()
        self.go.set()


def dose(at):
    return Action(id=f"s{at}", instrument="doser", method="dose", arguments={"volume_ml": Constant(float(at))}, outputs=(f"v{at}",))


GATED = Action(id="gated", instrument="doser", method="gated", outputs=("g",))


def request(*steps, key="run"):
    flow = Workflow(name=key, script=steps)
    return RunRequest(key, key, to_json(flow), key, content_hash(flow), "silent")


@pytest.fixture
def silent_s():
    """Seconds for which the kernel waits for an answer, less than in earnest."""
    return 2.0


@pytest.fixture(autouse=True)
def _not_for_long(monkeypatch, silent_s):
    monkeypatch.setattr(_lines, "SILENT_S", silent_s)
    monkeypatch.setattr(_lines, "PING_S", silent_s)
    monkeypatch.setattr(_lines, "LOCK_S", 1)
    monkeypatch.setattr(_keeper, "EVERY_S", 1.0)
    monkeypatch.setitem(_lines._WITH_PATIENCE, "connect_timeout", 2)


@pytest.fixture
def network(postgres, silence):
    with closing(silence.Network(postgres.port)) as made:
        yield made


@pytest.fixture
def doser():
    return Doser()


@pytest.fixture
def session(doser, tmp_path, postgres, network, monkeypatch):
    uri = postgres.database(f"silent{next(_databases)}")
    monkeypatch.setenv("IVORYOS_DB_URI", uri.replace(str(postgres.port), str(network.port)))
    with closing(Session(Surroundings(tmp_path, names=lambda: {"doser": doser}), folder=DataFolder(tmp_path / "data"))) as made:
        yield made
        doser.go.set()


def until(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def waits(handle):
    until(lambda: handle.status.question is not None)
    assert handle.status.question.kind == "records"
    assert "goes on when they can" in handle.status.question.message


def steps(session):
    frame = History(session.store).steps()
    assert set(frame["status"]) == {"done"}
    return list(frame["step_id"])


def in_reach(session):
    return session.store.database.presence._lost is None


def at_once(ask):
    """Do what a person does; it must not take long."""
    began = time.monotonic()
    found = ask()
    assert time.monotonic() - began < AT_ONCE_S
    return found


def asked(session, method, **params):
    """Ask as a view does, and return the answer."""
    answers, came = [], threading.Event()
    session.desk.hand_in({"id": "1", "method": method, "params": params}, lambda answer: (answers.append(answer), came.set()))
    assert came.wait(30)
    return answers[0]


def test_silence_in_mid_call(session, doser, network):
    """The outcome is kept, no further call is made, and the run goes on by itself."""
    handle = session.runner.submit(request(dose(1), GATED, dose(2)))
    behind = session.runner.submit(request(dose(3), key="behind"))
    assert doser.entered.wait(30)
    network.swallow()
    doser.go.set()
    waits(handle)
    for ask in (lambda: session.runner.queue.entries, lambda: History(session.store).steps()):
        with pytest.raises(RecordsError, match="out of reach"):
            ask()
    assert behind.stop().state is State.QUEUED
    assert "leaves the queue" in behind.status.message
    assert doser.calls == [1.0, -1.0]
    network.carry()
    assert handle.wait(60).outcome is Outcome.COMPLETED
    assert behind.wait(60).outcome is Outcome.STOPPED
    assert doser.calls == [1.0, -1.0, 2.0]
    assert steps(session) == ["s1", "gated", "s2"]


@pytest.mark.parametrize("silent_s", [FOR_LONG_S])
def test_what_is_pressed_in_silence_is_answered_at_once(session, doser, network):
    Devices(session, lambda *_: None)
    Sidebar(session, lambda: None)
    handle = session.runner.submit(request(dose(1), GATED, dose(2)))
    behind = session.runner.submit(request(dose(3), key="behind"))
    assert doser.entered.wait(30)
    network.swallow()
    sidebar = threading.Thread(target=lambda: asked(session, "sidebar.state"))
    sidebar.start()
    at_once(lambda: session.runner.runs)
    at_once(handle.pause)
    at_once(handle.resume)
    assert at_once(behind.stop).state is State.QUEUED
    assert at_once(lambda: asked(session, "control.list"))["ok"]
    assert at_once(lambda: asked(session, "control.call", target="doser", member="gated", operation="call"))["result"]["busy"]
    at_once(session.runner.make_safe)
    assert doser.safe.wait(AT_ONCE_S)
    network.carry()
    sidebar.join()
    assert handle.wait(60).outcome is Outcome.STOPPED
    assert behind.wait(60).outcome is Outcome.STOPPED
    until(lambda: session.pipeline.unkept == 0)
    assert doser.calls == [1.0, -1.0]
    until(lambda: list(History(session.store).single_steps()["status"]) == ["done"])


def test_silence_for_a_moment_is_not_noticed(session, doser, network):
    handle = session.runner.submit(request(dose(1), GATED, dose(2)))
    assert doser.entered.wait(30)
    network.swallow()
    doser.go.set()
    threading.Timer(0.2, network.carry).start()
    assert handle.wait(60).outcome is Outcome.COMPLETED
    assert steps(session) == ["s1", "gated", "s2"]


@pytest.mark.parametrize("at", [2, 5, 8, 11, 14])
def test_silence_after_any_message_of_a_run(session, doser, network, at):
    """The server does what it was told and nobody hears of it; what was sent after that on the old lines arrives late."""
    session.runner.queue.hold()
    handle = session.runner.submit(request(dose(1), dose(2)))
    until(lambda: session.pipeline.unkept == 0)
    network.swallow_answers_after(at)
    session.runner.queue.release()
    until(lambda: network.silent)
    until(lambda: handle.status.question is not None or handle.status.state is State.ENDED or not in_reach(session))
    network.carry()
    assert handle.wait(60).outcome is Outcome.COMPLETED
    assert doser.calls == [1.0, 2.0]
    assert steps(session) == ["s1", "s2"]
    assert list(History(session.store).runs()["status"]) == ["completed"]


def test_silence_before_the_run_begins(session, doser, network):
    session.runner.queue.hold()
    handle = session.runner.submit(request(dose(1)))
    network.swallow()
    session.runner.queue.release()
    until(lambda: not in_reach(session))
    assert handle.status.state in {State.QUEUED, State.ASKING}
    assert doser.calls == []
    network.carry()
    assert handle.wait(60).outcome is Outcome.COMPLETED
    assert steps(session) == ["s1"]


def test_silence_in_a_wait(session, doser, network):
    """The wait goes on, and what ends it waits for the records."""
    handle = session.runner.submit(request(dose(1), Wait(id="w", seconds=Constant(1.0)), dose(2)))
    until(lambda: handle.status.step is not None and handle.status.step.step_id == "w")
    network.swallow()
    waits(handle)
    assert doser.calls == [1.0]
    network.carry()
    assert handle.wait(60).outcome is Outcome.COMPLETED
    assert steps(session) == ["s1", "w", "s2"]


def test_a_stop_in_silence(session, doser, network):
    handle = session.runner.submit(request(dose(1), GATED, dose(2)))
    assert doser.entered.wait(30)
    network.swallow()
    doser.go.set()
    waits(handle)
    handle.stop(now=True, cleanup=False)
    assert handle.wait(60).outcome is Outcome.STOPPED
    network.carry()
    until(lambda: session.pipeline.unkept == 0)
    assert doser.calls == [1.0, -1.0]
    assert steps(session) == ["s1", "gated"]
    assert list(History(session.store).runs()["status"]) == ["stopped"]


@pytest.mark.parametrize("silent_s", [FOR_LONG_S])
def test_a_direct_call_obeys_its_time_out_in_silence(session, doser, network):
    session.pipeline.driver_stop_s, session.pipeline.grace_s = None, 0.2
    handle = session.call(doser.gated, (), {}, timeout_s=0.3)
    assert doser.entered.wait(30)
    network.swallow()
    session.pipeline.note_soon(RunEvent(None, "noted", 1))
    until(lambda: "doser" in session.pipeline.untrusted, AT_ONCE_S)
    network.carry()
    assert handle.exception(60) is not None


def test_a_cell_that_reads_the_history_in_silence_hears_of_it(session, network, monkeypatch):
    monkeypatch.setitem(_lines._WITH_PATIENCE, "connect_timeout", FOR_LONG_S)
    network.swallow()
    with pytest.raises(RecordsError, match="is out of reach: check that the server runs and can be reached"):
        at_once(lambda: History(session.store).runs())
    with pytest.raises(RecordsError, match="is out of reach"):
        at_once(lambda: History(session.store).runs())
    network.carry()


def test_a_session_closes_while_the_network_is_silent_for_ever(session, doser, network):
    handle = session.runner.submit(request(dose(1)))
    assert handle.wait(30).outcome is Outcome.COMPLETED
    network.swallow()
    until(lambda: not in_reach(session))
    at_once(session.close)

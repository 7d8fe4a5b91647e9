"""What stands in for kernel, comm and runner where the bridge alone is tested."""

from __future__ import annotations

import queue
from types import SimpleNamespace

import pytest

from ivoryos_jupyter.desk import Desk
from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.relay import Relay
from ivoryos_jupyter.runner import MadeSafe, MakingSafe, RunStatus, State


class FakeComm:
    def __init__(self, target_name, data):
        self.comm_id = "comm-1"
        self.target_name = target_name
        self.opened_with = data
        self.sent = queue.SimpleQueue()
        self.closed = False

    def send(self, data):
        self.sent.put(data)

    def close(self):
        self.closed = True

    def next(self):
        return self.sent.get(timeout=30)


class FakeWire:
    def __init__(self):
        self.replies = []

    def send(self, stream, msg_or_type, content, *, parent, ident):
        self.replies.append({"stream": stream, "type": msg_or_type, "content": content, "parent": parent, "ident": ident})


class FakeKernel:
    """A kernel with a control channel that a test plays the page on."""

    def __init__(self):
        self.control_handlers = {}
        self.session = FakeWire()

    def control(self, content):
        """Send a request as the page does; return the acknowledgement."""
        self.control_handlers["ivoryos_request"]("control", [b"page"], {"content": content})
        return self.session.replies[-1]["content"]


class FakeQueue:
    entries = ()
    on_hold = False


def status_of(key="k1", state=State.RUNNING, run_id=1, **fields):
    return RunStatus(key, f"run {key}", "screen", state, at_us=5, run_id=run_id, **fields)


class FakeRunner:
    """Remembers the intents it was given."""

    def __init__(self):
        self.heard = []
        self.statuses = {}
        self.queue = FakeQueue()

    @property
    def active(self):
        return next((one for one in self.statuses.values() if not one.ended), None)

    @property
    def runs(self):
        return tuple(self.statuses.values())

    def status(self, key):
        try:
            return self.statuses[key]
        except KeyError:
            raise UnknownNameError(key) from None

    def pause(self, key, by):
        self.heard.append(("pause", key, by))
        return status_of(key)

    def resume(self, key):
        self.heard.append(("resume", key))
        return status_of(key)

    def stop(self, key, moment, *, cleanup):
        self.heard.append(("stop", key, moment, cleanup))
        return status_of(key)

    def answer(self, *answer):
        self.heard.append(("answer", *answer))
        return status_of(answer[0])

    def make_safe(self):
        self.heard.append(("make_safe",))
        return MakingSafe(MadeSafe(1_700_000_000_000_000), lambda: False)


class FakeSession:
    token = "5f2c"
    unfinished = ()
    surroundings = SimpleNamespace(operator="ada")
    store = SimpleNamespace(interrupted=tuple)

    def __init__(self):
        self.desk = Desk()
        self.relay = Relay()
        self.runner = FakeRunner()

    def one(self, make):
        return make(self)


@pytest.fixture
def session():
    session = FakeSession()
    yield session
    session.relay.close()
    session.desk.close()


@pytest.fixture
def kernel():
    return FakeKernel()


@pytest.fixture
def comms(monkeypatch):
    """The comms that were opened."""
    opened = []

    def create_comm(*, target_name, data):
        opened.append(FakeComm(target_name, data))
        return opened[-1]

    monkeypatch.setattr("comm.create_comm", create_comm)
    return opened


@pytest.fixture
def make_status():
    return status_of

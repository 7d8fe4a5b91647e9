"""A session of its own, and servers on this machine that notices really arrive at."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ivoryos_jupyter.notebook import WorkflowHandle
from ivoryos_jupyter.records import DataFolder
from ivoryos_jupyter.session import Session, Surroundings
from ivoryos_jupyter.testing import Pump


class Inbox:
    """What arrived."""

    def __init__(self):
        self.arrived = []
        self._changed = threading.Condition()

    def put(self, thing):
        with self._changed:
            self.arrived.append(thing)
            self._changed.notify_all()

    def wait(self, number=1, timeout=30):
        """Wait until so many have arrived, and return them."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.arrived) >= number, timeout), self.arrived
            return list(self.arrived)


class Lab:
    """A session, and a workflow that asks."""

    def __init__(self, folder):
        self.pump = Pump(time_scale=0)
        self.names = {"pump": self.pump}
        surroundings = Surroundings(folder, notebook="night.ipynb", operator="ada", names=lambda: self.names)
        self.session = Session(surroundings, folder=DataFolder(folder / "ivoryos_data"))
        self.tell = self.session.notifications

    def flow(self, name="night"):
        return WorkflowHandle(self.session, name)

    def asking(self, name="night"):
        """Submit a run that asks for a look, and wait until it does."""
        flow = self.flow(name)
        flow.script.pause("look at the vial")
        run = flow.submit(again=True)
        until(lambda: run.status.question)
        return run

    def state(self, who):
        """Return what came of the last notice to somebody; empty before the first."""
        last = self.tell.last(who)
        return "" if last is None else last.state

    def problem(self, who):
        """Return why the last notice to somebody failed; empty when it did not, or before the first."""
        last = self.tell.last(who)
        return "" if last is None else last.problem

    def notified(self, run):
        """Return the events that say who was told, once there are so many."""
        found = run.events
        return [detail for kind, detail in zip(found["kind"], found["detail"], strict=True) if kind == "notified"]


def until(condition, timeout=30):
    """Wait until something is so."""
    deadline = time.monotonic() + timeout
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)
    return found


@pytest.fixture(name="until")
def _until():
    return until


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def open_lab(tmp_path):
    """Opens sessions on one data folder; each is closed after the test, and leaves no thread."""
    opened = []

    def opener():
        opened.append(Lab(tmp_path))
        return opened[-1]

    yield opener
    for one in opened:
        one.session.close()
    until(lambda: not [one.name for one in threading.enumerate() if one.name.startswith("ivoryos")])


@pytest.fixture
def lab(open_lab):
    return open_lab()


@pytest.fixture
def web(inbox):
    """A server that takes what apprise posts; its port, and what arrived."""

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            inbox.put(json.loads(self.rfile.read(length)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def nobody_listens(web):
    """A port where nobody listens."""
    import socket  # noqa: PLC0415

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]

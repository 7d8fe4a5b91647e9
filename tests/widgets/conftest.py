"""A session over simulated instruments, and a way to ask its desk as a view would."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest

from ivoryos_jupyter.records import DataFolder
from ivoryos_jupyter.session import Session, Surroundings, replace_session
from ivoryos_jupyter.testing import Pump, Reactor, Spectrometer
from ivoryos_jupyter.widgets._faces import Faces
from ivoryos_jupyter.widgets.builders._builder import Builders
from ivoryos_jupyter.widgets.builders._wiring import _workshop


class Ear:
    """Hears what the views are told, and waits for it."""

    def __init__(self):
        self.heard = []
        self._changed = threading.Condition()

    def hear(self, name, data):
        with self._changed:
            self.heard.append((name, data))
            self._changed.notify_all()

    def wait(self, name, fits=lambda data: True, timeout=30):
        def found():
            return next((data for one, data in self.heard if one == name and fits(data)), None)

        with self._changed:
            assert self._changed.wait_for(lambda: found() is not None, timeout), f"no {name}: {self.heard}"
            return found()


class Desk:
    """Asks a session's desk and returns the answer."""

    def __init__(self, session, ear):
        self.session = session
        self.ear = ear

    def reply(self, method, **params):
        answered = threading.Event()
        replies = []

        def answer(reply):
            replies.append(reply)
            answered.set()

        self.session.desk.hand_in({"id": "1", "method": method, "params": params}, answer)
        assert answered.wait(30)
        return replies[0]

    def ask(self, method, **params):
        reply = self.reply(method, **params)
        assert reply["ok"], reply
        return reply["result"]

    def call(self, target, member, given=None, operation="call", **how):
        """Make a call as the button does, and return its entry once it has ended."""
        reply = self.ask("control.call", target=target, member=member, operation=operation, given=given or {}, **how)
        return self.ended(reply["call_id"]) if "call_id" in reply else reply

    def ended(self, number):
        return self.ear.wait("control.entry", lambda entry: entry["id"] == number and entry["state"] in {"done", "failed"})


@pytest.fixture
def new_session(tmp_path):
    """Opens sessions over the names it is given; all are closed afterwards."""

    @contextmanager
    def opened(**names):
        bound = dict(names)
        surroundings = Surroundings(tmp_path, deck_name="lab", operator="ada", names=lambda: bound, bind=bound.__setitem__)
        session = Session(surroundings, folder=DataFolder(tmp_path / "ivoryos_data"))
        before = replace_session(session)
        session.names = bound
        try:
            yield session
        finally:
            replace_session(before)
            session.close()

    return opened


@pytest.fixture
def desk_of():
    """Gives the desk of a session and an ear at its panels."""
    ears = []

    def desk(session):
        ear = Ear()
        ears.append(ear)
        session.one(Faces).listen(ear)
        return Desk(session, ear)

    return desk


TOP = {"phase": "script", "parent": None, "slot": "", "index": 0}


class Bench:
    """Builders over a session, asked as a view would."""

    def __init__(self, folder):
        self.folder = DataFolder(folder / "ivoryos_data")
        self.names = {"pump": Pump(time_scale=0), "reactor": Reactor(time_scale=0), "spectrometer": Spectrometer(time_scale=0)}
        self.start()

    def start(self):
        self.session = Session(Surroundings(folder=self.folder.path, names=lambda: self.names, operator="Ada"), folder=self.folder)
        self.builders = Builders(_workshop(self.session))
        self.key = self.builders.open("dose")

    def stop(self):
        self.builders.close()
        self.session.close()

    def reply(self, method, **params):
        replies = []
        done = threading.Event()
        request = {"id": "1", "method": f"builder.{method}", "params": {"document": self.key, **params}}
        self.session.desk.hand_in(request, lambda reply: (replies.append(reply), done.set()))
        assert done.wait(30)
        return replies[0]

    def ask(self, method, **params):
        reply = self.reply(method, **params)
        assert reply["ok"], reply
        return reply["result"]

    def problems(self, method, **params):
        reply = self.reply(method, **params)
        assert not reply["ok"], reply
        return {one["field"]: one["message"] for one in reply["error"]["problems"]}

    @property
    def workflow(self):
        return self.builders.present_of(self.key)()

    @property
    def version(self):
        return self.ask("open")["document"]["version"]

    def edit(self, intent, **params):
        return self.ask("edit", intent=intent, seen=self.version, **params)

    def add(self, step, **place):
        return self.edit("insert", step=step, place={**TOP, **place})["select"][0]

    def dispense(self):
        return self.add({"step": "action", "instrument": "pump", "method": "dispense"})


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.stop()

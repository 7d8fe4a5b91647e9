"""A session over simulated instruments, and a way to ask its desk as a view would."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest

from ivoryos_jupyter.records import DataFolder
from ivoryos_jupyter.session import Session, Surroundings, replace_session
from ivoryos_jupyter.widgets._faces import faces_of


class Ear:
    """Hears what the views are told, and waits for it."""

    def __init__(self):
        self.heard = []
        self._changed = threading.Condition()

    def hear(self, name, data):
        with self._changed:
            self.heard.append((name, data))
            self._changed.notify_all()

    def wait(self, name, fits=lambda data: True, timeout=10):
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
        assert answered.wait(10)
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
        faces_of(session).listen(ear)
        return Desk(session, ear)

    return desk

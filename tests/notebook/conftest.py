"""A session over simulated instruments, as the notebook's handles see it."""

from __future__ import annotations

import pytest

from ivoryos_jupyter.notebook import WorkflowHandle
from ivoryos_jupyter.session import Session, Surroundings
from ivoryos_jupyter.testing import Pump, Reactor, Spectrometer
from ivoryos_jupyter.workflow import at_run


@pytest.fixture
def deck():
    return {"pump": Pump(time_scale=0), "reactor": Reactor(time_scale=0), "spectrometer": Spectrometer(time_scale=0)}


@pytest.fixture
def session(tmp_path, deck):
    session = Session(Surroundings(tmp_path, notebook="lab.ipynb", deck_name="bench", operator="ada", names=lambda: deck))
    yield session
    session.close()


@pytest.fixture
def dosing(session, deck):
    """Doses `#volume`, measures, cools down."""
    wf = WorkflowHandle(session, "dosing")
    wf.script.call(deck["pump"].dispense, volume_ml=at_run("volume"), save="left")
    wf.script.call(deck["spectrometer"].measure, sample_id="blank", save=("a450", "a600"))
    wf.cleanup.set("reactor.temperature", 25.0)
    return wf

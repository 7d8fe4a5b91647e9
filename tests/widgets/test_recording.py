"""Do calls of a panel become steps while recording is on, and only then?"""

from __future__ import annotations

import pytest

from ivoryos_jupyter.testing import Pump, Reactor
from ivoryos_jupyter.widgets.builders import builders_of
from ivoryos_jupyter.workflow import Workflow


@pytest.fixture
def panel(new_session, desk_of):
    with new_session(pump=Pump(time_scale=0), reactor=Reactor(time_scale=0)) as session:
        yield desk_of(session)


def _script(panel, name="tonight"):
    builders = builders_of(panel.session)
    return builders.present_of(builders.open(name))().script


def _dispense(panel, text="0.5"):
    entry = panel.call("pump", "dispense", {"volume_ml": {"text": text}})
    assert panel.session.relay.flush(30)
    return entry


def test_each_call_is_appended_as_unsaved_changes(panel):
    panel.ask("control.record", workflow="tonight")
    _dispense(panel)
    panel.call("reactor", "temperature", {"value": {"text": "40"}}, operation="set")
    panel.call("reactor", "temperature", operation="get")
    assert panel.session.relay.flush(30)
    assert [(one.tag, one.instrument) for one in _script(panel)] == [("action", "pump"), ("set", "reactor"), ("get", "reactor")]
    assert panel.session.library.get("tonight") is None
    assert panel.ask("control.recording")["steps"] == 3


def test_panels_are_told_what_is_recorded_into(panel):
    panel.ask("control.record", workflow="tonight")
    assert panel.ear.wait("control.recording")["workflow"] == "tonight"


def test_nothing_is_recorded_before_it_is_switched_on_and_after_it_is_switched_off(panel):
    _dispense(panel)
    panel.ask("control.record", workflow="tonight")
    _dispense(panel, "0.1")
    panel.ask("control.record", workflow="")
    _dispense(panel, "0.2")
    assert [one.arguments["volume_ml"].value for one in _script(panel)] == [0.1]


def test_a_call_that_failed_or_came_from_a_cell_is_not_recorded(panel):
    panel.ask("control.record", workflow="tonight")
    assert _dispense(panel, "1e6")["state"] == "failed"
    panel.session.call("pump.dispense", (0.1,), {}).result(30)
    assert panel.session.relay.flush(30)
    assert _script(panel) == ()


def test_a_finalized_workflow_is_not_recorded_into(panel):
    panel.session.library.save(Workflow(name="done", finalized=True))
    assert "finalized" in panel.reply("control.record", workflow="done")["error"]["message"]
    assert panel.ask("control.recording")["workflow"] == ""

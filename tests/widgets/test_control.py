"""Which panel does one get, and what can be made and kept with it?"""

from __future__ import annotations

import ipywidgets
import pytest

from ivoryos_jupyter.errors import CommandError, UnknownNameError
from ivoryos_jupyter.testing import Pump, Reactor
from ivoryos_jupyter.widgets import control, dashboard
from ivoryos_jupyter.widgets._preferences import Preferences


@pytest.fixture
def lab(new_session, desk_of):
    with new_session(pump=Pump(time_scale=0), reactor=Reactor(time_scale=0), Pump=Pump) as session:
        yield desk_of(session)


def test_a_panel_is_a_widget_that_fits_into_layouts_and_is_the_same_for_the_same_instrument(lab):
    session = lab.session
    panel = control(session, session.names["pump"])
    assert panel.focus == "pump"
    assert panel.token == session.token
    assert control(session, "pump") is panel
    assert control(session).focus == ""
    box = ipywidgets.HBox([panel, control(session, "reactor")])
    assert [one.focus for one in box.children] == ["pump", "reactor"]
    box.close()
    panel.close()
    again = control(session, "pump")
    assert again is not panel
    again.close()


def test_an_object_that_is_not_on_the_deck_is_refused_with_what_to_do(lab):
    with pytest.raises(UnknownNameError, match="include"):
        control(lab.session, Pump())
    with pytest.raises(UnknownNameError, match="pump"):
        control(lab.session, "pomp")


def test_a_view_that_asks_over_its_own_comm_is_answered_there(lab):
    panel = control(lab.session, "pump")
    sent = []
    panel.send = sent.append
    panel.take({"type": "request", "id": "7", "method": "control.log", "params": {}})
    lab.ask("control.log")
    assert {"type": "reply", "id": "7", "ok": True, "result": []} in sent
    panel.take({"type": "something else"})
    panel.close()


def test_the_dashboard_says_where_the_records_are(lab):
    widget = dashboard(lab.session)
    assert "ivoryos" in widget.place
    assert dashboard(lab.session) is widget
    widget.close()


def test_preferences_survive_and_a_broken_file_starts_afresh(tmp_path, caplog):
    path = tmp_path / "lab.panel.json"
    wanted = {"favourites": ["pump.refill", "pump.refill"], "hidden": [], "order": {}}
    assert Preferences(path).keep(wanted)["favourites"] == ["pump.refill"]
    assert Preferences(path).kept["favourites"] == ["pump.refill"]
    path.write_text("{", encoding="utf-8")
    assert Preferences(path).kept == {"favourites": [], "hidden": [], "order": {}}
    assert "afresh" in caplog.text
    with pytest.raises(CommandError):
        Preferences(path).keep({"favourites": [1], "hidden": [], "order": {}})


def test_a_new_device_is_made_named_and_recorded(lab):
    assert [one["reference"] for one in lab.ask("control.classes")] == ["Pump"]
    form = lab.ask("control.class_form", reference="Pump")
    assert form["name"] == "pump_2"
    assert [one["name"] for one in form["fields"]] == ["port", "capacity_ml", "time_scale"]
    given = {"capacity_ml": {"text": "25"}}
    check = lab.ask("control.new_device", reference="Pump", name="pump_2", given=given)
    assert check["call"] == "pump_2 = Pump(capacity_ml=25.0)"
    assert lab.ear.wait("control.made") == {"name": "pump_2", "error": ""}
    assert lab.session.names["pump_2"].capacity_ml == 25
    assert "pump_2" in lab.session.deck.names
    assert lab.session.history.single_steps()["method"].tolist() == ["__init__"]


@pytest.mark.parametrize(
    ("name", "said"), [("2nd", "name of Python"), ("pump", "taken"), ("class", "name of Python"), ("", "name of Python")]
)
def test_a_name_that_cannot_be_is_a_problem(lab, name, said):
    check = lab.ask("control.check_device", reference="Pump", name=name, given={})
    assert [said in one["message"] for one in check["problems"]] == [True]


def test_a_class_of_an_importable_module_can_be_taken(lab):
    form = lab.ask("control.class_form", reference="ivoryos_jupyter.testing:Spectrometer")
    assert form["name"] == "spectrometer"
    for reference, said in (("no.such:Thing", "cannot be imported"), ("Pumpe", "Pump"), ("json:dumps", "is no class")):
        assert said in lab.reply("control.class_form", reference=reference)["error"]["message"]


class Refusing:
    """A device that is not there."""

    def __init__(self, port: str):
        raise OSError(f"nothing answers at {port}")


def test_a_device_that_cannot_be_made_says_why_and_leaves_no_name(lab):
    lab.session.names["Refusing"] = Refusing
    lab.ask("control.new_device", reference="Refusing", name="gone", given={"port": {"value": "COM9"}})
    assert lab.ear.wait("control.made") == {"name": "gone", "error": "nothing answers at COM9"}
    assert "gone" not in lab.session.names


def test_a_call_of_the_log_becomes_a_step_of_a_workflow(lab):
    entry = lab.call("pump", "dispense", {"volume_ml": {"text": "1"}})
    assert lab.ask("control.step", id=entry["id"], workflow="recorded") == "now step 1 of recorded"
    reading = lab.call("pump", "flow_rate", operation="get")
    setting = lab.call("pump", "flow_rate", {"value": {"text": "2"}}, "set")
    for one in (reading, setting):
        lab.ask("control.step", id=one["id"], workflow="recorded")
    workflow = lab.session.library.get("recorded")
    assert [step.tag for step in workflow.script] == ["action", "get", "set"]
    assert workflow.script[0].arguments["volume_ml"].value == 1.0
    assert lab.ask("control.entry", id=entry["id"])["workflows"] == ["recorded"]
    assert "workflow" in lab.reply("control.step", id=entry["id"], workflow=" ")["error"]["message"]

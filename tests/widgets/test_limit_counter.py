"""Is a limit set beside a field checked, effective at once, and seen by every open view?"""

from __future__ import annotations

import pytest

from ivoryos_jupyter.schema import Limit
from ivoryos_jupyter.testing import Pump, Reactor

VOLUME = {"target": "pump", "member": "dispense", "operation": "call", "param": "volume_ml"}
MODE = {"target": "reactor", "member": "set_mode", "operation": "call", "param": "mode"}
TEMPERATURE = {"target": "reactor", "member": "temperature", "operation": "set", "param": "value"}


@pytest.fixture
def panel(new_session, desk_of):
    with new_session(pump=Pump(time_scale=0), reactor=Reactor(time_scale=0)) as session:
        yield desk_of(session)


def _told(panel):
    assert panel.session.relay.flush(30)
    assert "control.limits" in {name for name, _ in panel.ear.heard}


def _problems(panel, **params):
    reply = panel.reply("limits.save", **params)
    assert not reply["ok"], reply
    return {one["field"]: one["message"] for one in reply["error"]["problems"]}


def test_a_limit_is_written_down_and_holds_for_the_next_call(panel):
    panel.ask("limits.save", **VOLUME, maximum="5", unit="mL")
    assert panel.session.limits.current().of("pump", "dispense", "volume_ml") == Limit(
        "pump", "dispense", "volume_ml", maximum=5, unit="mL"
    )
    reply = panel.call("pump", "dispense", {"volume_ml": {"text": "7"}})
    assert reply["problems"][0]["message"] == "7 mL is above the limit of 5 mL"


def test_the_form_shows_it_and_panels_are_told(panel):
    panel.ask("limits.save", **VOLUME, minimum="0.5", maximum="5", unit="mL")
    _told(panel)
    field = panel.ask("control.form", target="pump", member="dispense", operation="call")["fields"][0]
    assert field["limit"] == {"minimum": 0.5, "maximum": 5.0, "allowed": None, "unit": "mL"}


def test_a_limit_that_a_cell_sets_is_told_too(panel):
    panel.session.limits.save(Limit("pump", "dispense", "volume_ml", maximum=1))
    _told(panel)


def test_what_may_be_stated_depends_on_the_parameter(panel):
    assert panel.ask("limits.of", **VOLUME) == {"limit": None, "numeric": True, "options": [], "unit": "mL"}
    mode = panel.ask("limits.of", **MODE)
    assert not mode["numeric"]
    assert "HEAT" in mode["options"]


def test_a_property_is_limited_where_it_is_set(panel):
    panel.ask("limits.save", **TEMPERATURE, maximum="120")
    assert panel.session.limits.current().entries[0].method == "temperature_(setter)"


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"maximum": "much"}, "maximum", "no number"),
        ({"maximum": "nan"}, "maximum", "no number"),
        ({"minimum": "6", "maximum": "5"}, "minimum", "above the maximum"),
        ({"allowed": ["a"]}, "allowed", ""),
        ({}, "maximum", "say at least one"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(panel, given, field, words):
    assert words in _problems(panel, **VOLUME, **given)[field]
    assert not panel.session.limits.current().entries


def test_a_choice_takes_no_bounds_and_only_its_own_values(panel):
    assert "takes no numbers" in _problems(panel, **MODE, maximum="5")["maximum"]
    assert "'BOIL' is none of" in _problems(panel, **MODE, allowed=["BOIL"])["allowed"]
    panel.ask("limits.save", **MODE, allowed=["OFF"])
    assert panel.session.limits.current().entries[0].allowed == ("OFF",)


def test_allowed_numbers_are_kept_as_they_are_compared(panel):
    panel.ask("limits.save", **VOLUME, allowed=["2.0", "2", "0.50"])
    assert panel.session.limits.current().entries[0].allowed == ("2", "0.5")
    assert panel.call("pump", "dispense", {"volume_ml": {"text": "2"}})["state"] == "done"


def test_a_limit_is_taken_away(panel):
    panel.ask("limits.save", **VOLUME, maximum="5")
    assert panel.ask("limits.remove", **VOLUME) is True
    assert panel.ask("limits.remove", **VOLUME) is False


def test_while_the_file_cannot_be_read_nothing_is_edited_and_the_path_is_said(panel):
    path = panel.session.limits.path
    path.write_text("{", encoding="utf-8")
    for method in ("limits.of", "limits.save", "limits.remove"):
        reply = panel.reply(method, **VOLUME, maximum="5")
        assert not reply["ok"]
        assert str(path) in reply["error"]["message"]
    assert path.read_text(encoding="utf-8") == "{"


def test_an_unknown_parameter_is_refused(panel):
    assert not panel.reply("limits.of", **{**VOLUME, "param": "volume"})["ok"]
    assert not panel.reply("limits.of", **{**VOLUME, "operation": "get"})["ok"]

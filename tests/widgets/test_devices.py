"""What do the panels get when they ask?"""

from __future__ import annotations

import json
from enum import Enum

import pytest

from ivoryos_jupyter.errors import CallStoppedError
from ivoryos_jupyter.introspect import block
from ivoryos_jupyter.schema import Limit
from ivoryos_jupyter.testing import (
    NeverReturns,
    PrintsALot,
    Pump,
    RaisesBaseException,
    Reactor,
    ReturnsUnpicklable,
    Spectrometer,
    Stirrer,
)


@pytest.fixture
def lab(new_session, desk_of):
    made = {cls.__name__.lower(): cls(time_scale=0) for cls in (Pump, Reactor, Spectrometer, Stirrer)}
    with new_session(**made) as session:
        yield desk_of(session)


def row_of(listing, path):
    return next(one for one in listing["instruments"] if one["path"] == path)


def test_the_list_is_light_and_names_signatures_first_lines_and_units(lab):
    listing = lab.ask("control.list")
    assert [one["path"] for one in listing["instruments"]] == ["pump", "reactor", "spectrometer", "stirrer"]
    pump = row_of(listing, "pump")
    dispense = next(one for one in pump["methods"] if one["name"] == "dispense")
    assert dispense["signature"] == "(volume_ml, rate_ml_min=1.0) → float"
    assert dispense["summary"] == "Dispense a volume and return what is left in the syringe."
    assert [(one["name"], one["unit"], one["settable"]) for one in pump["properties"]] == [("flow_rate", "mL/min", True)]
    assert pump["status"] == {"state": "idle", "text": "idle"}
    stirrer = row_of(listing, "stirrer")
    assert next(one for one in stirrer["methods"] if one["name"] == "stir")["signature"].startswith("async (")
    json.dumps(listing, allow_nan=False)


def test_a_focused_panel_lists_one_instrument(lab):
    assert [one["path"] for one in lab.ask("control.list", focus="reactor")["instruments"]] == ["reactor"]


def test_a_form_has_units_defaults_and_help(lab):
    form = lab.ask("control.form", target="pump", member="dispense", operation="call")
    volume, rate = form["fields"]
    assert (volume["name"], volume["required"], volume["unit"], volume["default"]) == ("volume_ml", True, "mL", None)
    assert (rate["default"], rate["required"], rate["unit"]) == ("1.0", False, "mL/min")
    assert volume["kind"]["tag"] == "number"
    assert volume["help"] == "Volume to dispense, in mL."


def test_every_problem_is_told_at_once_beside_its_field(lab):
    given = {"volume_ml": {"text": "1,5"}, "rate_ml_min": {"text": "fast"}}
    check = lab.ask("control.check", target="pump", member="dispense", operation="call", given=given)
    assert [one["field"] for one in check["problems"]] == ["volume_ml", "rate_ml_min"]
    check = lab.ask("control.check", target="pump", member="dispense", operation="call", given={})
    assert (check["problems"], check["missing"]) == ([], ["volume_ml"])


def test_the_form_says_what_it_will_call_and_omits_what_is_untouched(lab):
    check = lab.ask("control.check", target="pump", member="dispense", operation="call", given={"volume_ml": {"text": "2.5"}})
    assert check["call"] == "pump.dispense(volume_ml=2.5)"
    check = lab.ask("control.check", target="reactor", member="set_mode", operation="call", given={"mode": {"value": "HEAT"}})
    assert check["call"] == "reactor.set_mode(mode=Mode.HEAT)"


def test_a_call_comes_back_with_result_type_unit_and_duration_and_its_row(lab):
    entry = lab.call("pump", "dispense", {"volume_ml": {"text": "2.5"}})
    assert entry["call"] == "pump.dispense(volume_ml=2.5)"
    assert (entry["result"]["text"], entry["result"]["type"], entry["result"]["unit"]) == ("7.5", "float", "mL")
    assert entry["ended_ms"] >= entry["started_ms"]
    rows = lab.session.history.single_steps()
    assert rows["method"].tolist() == ["dispense"]
    assert rows["instrument"].tolist() == ["pump"]


def test_a_driver_that_fails_has_its_own_words_first_and_the_traceback_apart(lab):
    entry = lab.call("pump", "dispense", {"volume_ml": {"text": "11"}})
    assert entry["state"] == "failed"
    assert entry["error"]["message"] == "refill first: 11 mL asked, 10 mL left"
    assert entry["error"]["detail"].startswith("Traceback")


def test_a_record_is_filled_in_as_a_nested_form(lab):
    given = {"what": {"fields": {"reagent": {"value": "NaCl"}, "mass_g": {"text": "3"}}}, "portions": {"text": "2"}}
    check = lab.ask("control.check", target="reactor", member="charge", operation="call", given=given)
    assert check["call"] == "reactor.charge(what=Charge(reagent='NaCl', mass_g=3.0), portions=2)"
    assert lab.call("reactor", "charge", given)["result"]["text"] == "[1.5, 1.5]"
    wrong = {"what": {"fields": {"reagent": {"value": "NaCl"}, "mass_g": {"text": "much"}}}}
    check = lab.ask("control.check", target="reactor", member="charge", operation="call", given=wrong)
    assert [one["field"] for one in check["problems"]] == ["what.mass_g"]


def test_a_coroutine_method_is_called_like_any_other(lab):
    entry = lab.call("stirrer", "stir", {"speed_rpm": {"text": "300"}})
    assert entry["result"]["text"] == "50"


def test_a_property_is_read_on_request_and_set(lab):
    assert lab.call("pump", "flow_rate", operation="get")["result"]["unit"] == "mL/min"
    entry = lab.call("pump", "flow_rate", {"value": {"text": "1.2"}}, operation="set")
    assert (entry["call"], entry["operation"], entry["result"]) == ("pump.flow_rate = 1.2", "set", None)
    assert lab.call("pump", "flow_rate", operation="get")["result"]["text"] == "1.2"


def test_what_is_wrong_is_not_called(lab):
    reply = lab.call("pump", "dispense", {"volume_ml": {"text": "abc"}})
    assert [one["field"] for one in reply["problems"]] == ["volume_ml"]
    reply = lab.call("pump", "dispense")
    assert [one["field"] for one in reply["problems"]] == ["volume_ml"]
    assert lab.ask("control.log") == []


def test_the_log_keeps_calls_of_every_origin_and_a_panel_sees_its_own(lab):
    lab.call("pump", "dispense", {"volume_ml": {"text": "1"}})
    lab.call("reactor", "set_mode")
    assert [one["target"] for one in lab.ask("control.log")] == ["pump", "reactor"]
    assert [one["target"] for one in lab.ask("control.log", focus="pump")] == ["pump"]


def test_an_entry_becomes_a_cell_or_a_filled_form_again(lab):
    given = {"what": {"fields": {"reagent": {"value": "NaCl"}, "mass_g": {"text": "3"}}}}
    entry = lab.call("reactor", "charge", given)
    again = lab.ask("control.entry", id=entry["id"])
    assert again["code"] == "reactor.charge(what=Charge(reagent='NaCl', mass_g=3.0))"
    repeated = lab.call("reactor", "charge", again["given"])
    assert repeated["call"] == entry["call"]


def test_what_was_typed_survives_a_reload(lab):
    given = {"volume_ml": {"text": "2."}}
    lab.ask("control.check", target="pump", member="dispense", operation="call", given=given)
    assert lab.ask("control.form", target="pump", member="dispense", operation="call")["draft"] == given


def test_an_unknown_member_is_refused_with_the_closest_one(lab):
    reply = lab.reply("control.form", target="pump", member="dispens", operation="call")
    assert not reply["ok"]
    assert "dispense" in reply["error"]["message"]


def test_a_limit_is_told_beside_its_field_and_holds_for_the_call(lab):
    lab.session.limits.save(Limit("pump", "dispense", "volume_ml", maximum=10, unit="mL"))
    given = {"volume_ml": {"text": "12"}}
    check = lab.ask("control.check", target="pump", member="dispense", operation="call", given=given)
    assert check["problems"] == [{"field": "volume_ml", "message": "12 mL is above the limit of 10 mL", "value": "12.0"}]
    assert check["call"] == "pump.dispense(volume_ml=12.0)"
    assert lab.call("pump", "dispense", given)["problems"][0]["message"] == "12 mL is above the limit of 10 mL"
    form = lab.ask("control.form", target="pump", member="dispense", operation="call")
    assert form["fields"][0]["limit"] == {"minimum": None, "maximum": 10, "allowed": None, "unit": "mL"}


def test_limits_that_cannot_be_read_are_a_warning_and_no_call_is_made(lab):
    lab.session.folder.safety.write_text("{", encoding="utf-8")
    assert "safety.json" in lab.ask("control.list")["warning"]
    reply = lab.reply("control.call", target="pump", member="refill", operation="call", given={})
    assert not reply["ok"]
    assert "safety.json" in reply["error"]["message"]


def test_a_busy_instrument_is_a_clear_answer_and_offers_a_place_in_line(new_session, desk_of):
    naughty = NeverReturns()
    with new_session(naughty=naughty) as session:
        desk = desk_of(session)
        first = desk.ask("control.call", target="naughty", member="hang", operation="call", given={})
        assert naughty.entered.wait(30)
        desk.ear.wait("control.status", lambda status: status["naughty"]["state"] == "busy")
        reply = desk.call("naughty", "hang")
        assert "naughty.hang is under way" in reply["busy"]
        waiting = desk.ask("control.call", target="naughty", member="hang", operation="call", given={}, wait_in_line=True)
        desk.ear.wait("control.entry", lambda entry: entry["id"] == waiting["call_id"] and entry["state"] == "waiting")
        naughty.let_go()
        assert desk.ended(first["call_id"])["result"]["text"] == "'released'"
        assert desk.ended(waiting["call_id"])["state"] == "done"


def started(desk, target, member, given=None, **how):
    """Make a call and return its id once it runs, or stands in line."""
    reply = desk.ask("control.call", target=target, member=member, operation="call", given=given or {}, **how)
    wanted = "waiting" if how.get("wait_in_line") else "running"
    desk.ear.wait("control.entry", lambda entry: entry["id"] == reply["call_id"] and entry["state"] == wanted)
    return reply["call_id"]


def test_a_coroutine_is_stopped_from_the_panel_and_its_instrument_stays_trusted(new_session, desk_of):
    with new_session(stirrer=Stirrer(time_scale=1000)) as session:
        desk = desk_of(session)
        number = started(desk, "stirrer", "stir", {"speed_rpm": {"text": "300"}})
        assert desk.ask("control.cancel", id=number) is True
        assert "Stopped by a person" in desk.ended(number)["error"]["message"]
        assert not session.pipeline.untrusted
        assert desk.ask("control.cancel", id=number) is False


def test_a_call_from_python_is_stopped_from_the_panel(new_session, desk_of):
    stirrer = Stirrer(time_scale=1000)
    with new_session(stirrer=stirrer) as session:
        desk = desk_of(session)
        handle = session.call(stirrer.stir, (), {"speed_rpm": 300})
        entry = desk.ear.wait("control.entry", lambda entry: entry["state"] == "running")
        assert (entry["origin"], entry["id"]) == ("python", str(handle.call_id))
        assert desk.ask("control.cancel", id=entry["id"]) is True
        assert "Stopped by a person" in desk.ended(entry["id"])["error"]["message"]
        with pytest.raises(CallStoppedError):
            handle.result(30)


def test_a_call_in_line_leaves_it_and_a_blocking_call_is_given_up_until_somebody_has_checked(new_session, desk_of):
    naughty = NeverReturns()
    with new_session(naughty=naughty) as session:
        session.pipeline.grace_s = 0.05
        desk = desk_of(session)
        first = started(desk, "naughty", "hang")
        assert naughty.entered.wait(30)
        second = started(desk, "naughty", "hang", wait_in_line=True)
        desk.ask("control.cancel", id=second)
        assert "cancelled" in desk.ended(second)["error"]["message"]
        desk.ask("control.cancel", id=first)
        assert "given up" in desk.ended(first)["error"]["message"]
        told = desk.ear.wait("control.status", lambda status: status["naughty"]["state"] == "untrusted")
        assert told["naughty"]["text"].startswith("not trusted: check it")
        naughty.let_go()
        assert desk.ask("control.trust", target="naughty") is True
        assert row_of(desk.ask("control.list"), "naughty")["status"]["state"] == "idle"


def test_a_call_that_nobody_made_cannot_be_stopped(lab):
    reply = lab.reply("control.cancel", id="987654")
    assert "no call with the id 987654" in reply["error"]["message"]


def test_drivers_that_misbehave_leave_an_entry_and_the_panel_in_command(new_session, desk_of):
    with new_session(bad=RaisesBaseException(), chatty=PrintsALot(), odd=ReturnsUnpicklable()) as session:
        desk = desk_of(session)
        assert desk.call("bad", "fail")["error"]["message"] == "the device is gone"
        assert desk.call("bad", "leave")["state"] == "failed"
        entry = desk.call("chatty", "chatter", {"megabytes": {"text": "10"}})
        assert entry["result"]["text"] == "100000"
        assert 0 < len(entry["prints"]) < 2_000_000
        assert "repr raises RuntimeError" in desk.call("odd", "handle")["result"]["text"]


class Colour(Enum):
    RED = None
    BLUE = 2


class Odd:
    """Takes what is hard to tell apart."""

    def take(self, text: str | None = "x", *, flag: bool | None = True, colour: Colour | None = Colour.BLUE) -> list:
        """Return what came."""
        return [text, flag, colour]

    def gather(self, *volumes: float, **names: str) -> list:
        """Return what came."""
        return [list(volumes), names]

    def dose(self, volumes: list[float]) -> float:
        """Return the sum."""
        return sum(volumes)

    def either(self, value: int | str) -> object:
        """Return what came."""
        return value

    def returns_itself(self) -> Odd:
        """Return the instrument."""
        return self

    def __repr__(self):
        raise AssertionError("the hardware was asked for its name")


@pytest.fixture
def odd(new_session, desk_of):
    with new_session(odd=Odd()) as session:
        yield desk_of(session)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "['x', True, <Colour.BLUE: 2>]"),
        ({"text": {"value": None}, "flag": {"value": None}, "colour": {"value": None}}, "[None, None, None]"),
        ({"text": {"value": ""}, "flag": {"value": False}, "colour": {"value": "RED"}}, "['', False, <Colour.RED: None>]"),
        ({"text": {"value": "None"}}, "['None', True, <Colour.BLUE: 2>]"),
    ],
)
def test_omitted_none_empty_and_false_arrive_as_four_different_things(odd, given, expected):
    assert odd.call("odd", "take", given)["result"]["text"] == expected


def test_any_number_of_arguments_can_be_given(odd):
    given = {"volumes": {"text": "1, 2.5"}, "names": {"entries": [[{"value": "a"}, {"value": "7"}]]}}
    entry = odd.call("odd", "gather", given)
    assert entry["result"]["text"] == "[[1.0, 2.5], {'a': '7'}]"
    assert entry["call"] == "odd.gather(1.0, 2.5, a='7')"


def test_the_member_of_a_union_is_as_typed_or_chosen(odd):
    assert odd.call("odd", "either", {"value": {"text": "5"}})["result"]["text"] == "5"
    assert odd.call("odd", "either", {"value": {"member": 1, "given": {"text": "5"}}})["result"]["text"] == "'5'"
    check = odd.ask("control.check", target="odd", member="either", operation="call", given={"value": {"text": "5"}})
    assert check["notes"] == {"value": "reads as 5"}


@pytest.mark.parametrize(("typed", "said"), [("2,5", "reads as [2.0, 5.0]"), ("2.5", "reads as [2.5]")])
def test_a_list_says_what_its_text_is_read_as(lab, typed, said):
    lab.session.names["odd"] = Odd()
    lab.session.refresh()
    check = lab.ask("control.check", target="odd", member="dose", operation="call", given={"volumes": {"text": typed}})
    assert check["notes"] == {"volumes": said}


def test_a_key_that_stands_twice_is_a_problem(odd):
    entries = [[{"value": "a"}, {"value": "1"}], [{"value": "a"}, {"value": "2"}]]
    check = odd.ask("control.check", target="odd", member="gather", operation="call", given={"names": {"entries": entries}})
    assert "twice" in check["problems"][0]["message"]


def test_a_result_that_is_an_instrument_is_shown_by_its_name(odd):
    assert odd.call("odd", "returns_itself")["result"]["text"] == "odd"


def test_building_blocks_are_called_like_methods(new_session, desk_of):
    @block(category="maths")
    def double(x: float) -> float:
        """Double it."""
        return 2 * x

    with new_session(double=double) as session:
        desk = desk_of(session)
        assert [one["path"] for one in desk.ask("control.list")["instruments"]] == ["blocks"]
        entry = desk.call("blocks", "double", {"x": {"text": "2"}})
        assert (entry["call"], entry["result"]["text"]) == ("double(x=2.0)", "4.0")


def test_preferences_are_kept_per_deck_and_told_to_every_panel(lab):
    wanted = {"favourites": ["pump.refill"], "hidden": ["reactor.charge"], "order": {"pump": ["refill", "dispense"]}}
    lab.ask("control.preferences", preferences=wanted)
    assert lab.ear.wait("control.preferences") == wanted
    assert lab.ask("control.list")["preferences"] == wanted
    reply = lab.reply("control.preferences", preferences={"favourites": "all"})
    assert not reply["ok"]


def test_a_deck_that_changes_is_told(lab):
    lab.session.names["second"] = Pump(time_scale=0)
    lab.session.refresh()
    assert lab.session.relay.flush(30)
    assert "second" in [one["path"] for one in lab.ask("control.list")["instruments"]]
    assert any(name == "control.deck" for name, _ in lab.ear.heard)


def test_an_offline_deck_is_shown_and_refuses_calls(lab):
    lab.session.deck.load_deck("lab")
    listing = lab.ask("control.list")
    assert listing["offline"]
    assert row_of(listing, "pump")["status"]["state"] == "offline"
    assert lab.ask("control.form", target="pump", member="dispense", operation="call")["fields"]
    reply = lab.reply("control.call", target="pump", member="refill", operation="call", given={})
    assert "pseudo deck" in reply["error"]["message"]
    lab.session.pipeline.gates.distrust(lab.session.deck.live.resolve("pump"), "pump")
    assert row_of(lab.ask("control.list"), "pump")["status"]["state"] == "untrusted"

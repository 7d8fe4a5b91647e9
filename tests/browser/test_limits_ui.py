"""Is a limit set beside the field it limits, with few keys, and effective at once wherever the field is shown?"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

DECK = """
%load_ext ivoryos_jupyter
import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.testing import Pump, Reactor
pump, reactor = Pump(time_scale=0), Reactor(time_scale=0)
"""


@pytest.fixture
def board(lab):
    """A control panel in the second cell, a builder in the third."""
    notebook = lab.open(DECK, "%ivoryos control", "%ivoryos builder dose", name="tonight")
    notebook.run(0)
    notebook.run(1)
    lab.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    panel = notebook.cell(1).locator(".ivo-panel")
    panel.notebook = notebook
    expect(panel.locator("[data-instrument='pump']")).to_be_visible()
    return panel


def _safety(lab):
    return json.loads((lab.folder / "ivoryos_data/safety.json").read_text(encoding="utf-8"))["limits"]


def _field(panel, member, name):
    row = panel.locator(f"[data-member='{member}']")
    form = row.locator("form")
    if not form.count():
        row.locator(".ivo-row-button").click()
    return form.locator(f"[data-field='{name}']")


def test_a_limit_is_set_and_hit_with_one_click_and_three_keys(lab, board):
    field = _field(board, "pump.dispense", "volume_ml")
    field.hover()
    lab.screenshot("limit-offered")
    field.get_by_role("button", name="Set a limit of volume_ml").click()
    editor = field.get_by_role("group", name="Limit of volume_ml")
    expect(editor.get_by_label("at most")).to_be_focused()
    lab.page.keyboard.type("5")
    lab.screenshot("limit-form")
    lab.page.keyboard.press("Enter")
    expect(field.get_by_role("textbox", name="volume_ml")).to_be_focused()
    expect(field).to_contain_text("5 mL")
    lab.page.keyboard.type("7")
    expect(field).to_contain_text("7 mL is above the limit of 5 mL")
    lab.screenshot("limit-hit")
    assert _safety(lab) == [{"target": "pump", "method": "dispense", "param": "volume_ml", "max": 5, "unit": "mL"}]


def test_what_makes_no_sense_is_said_beside_its_field_and_escape_leaves_all_as_it_is(lab, board):
    field = _field(board, "pump.dispense", "volume_ml")
    field.get_by_test_id("limit-volume_ml").click()
    editor = field.get_by_role("group", name="Limit of volume_ml")
    editor.get_by_label("at most").fill("much")
    lab.page.keyboard.press("Enter")
    expect(editor).to_contain_text("is no number")
    lab.screenshot("limit-wrong")
    lab.page.keyboard.press("Escape")
    expect(editor).to_have_count(0)
    assert not (lab.folder / "ivoryos_data/safety.json").exists()


def test_removing_asks(lab, board):
    field = _field(board, "pump.dispense", "volume_ml")
    field.get_by_test_id("limit-volume_ml").click()
    expect(field.get_by_label("at most")).to_be_focused()
    lab.page.keyboard.type("5")
    lab.page.keyboard.press("Enter")
    field.get_by_role("button", name="Change the limit of volume_ml").click()
    field.get_by_role("button", name="Remove…").click()
    expect(field).to_contain_text("Any value may then be sent")
    field.get_by_role("button", name="Remove", exact=True).click()
    expect(field.get_by_role("button", name="Set a limit of volume_ml")).to_have_count(1)
    assert _safety(lab) == []


def test_a_property_is_limited_from_its_menu(lab, board):
    row = board.locator("[data-member='reactor.temperature']")
    row.get_by_role("button", name="More about reactor.temperature").click()
    row.get_by_role("menuitem", name="Limit what it is set to…").click()
    expect(row.get_by_label("at most")).to_be_focused()
    lab.page.keyboard.type("120")
    lab.page.keyboard.press("Enter")
    expect(row).to_contain_text("120")
    assert _safety(lab)[0]["method"] == "temperature_(setter)"


def test_a_limit_set_in_the_panel_holds_in_the_open_builder_at_once_and_the_other_way_round(lab, board):
    board.notebook.run(2)
    builder = board.notebook.cell(2).locator(".ivb")
    builder.locator("[data-source='pump.dispense']").click()
    value = builder.locator(".ivb-form [data-field='volume_ml']")
    value.get_by_role("textbox", name="volume_ml").fill("7")
    expect(builder.locator(".ivb-problems")).to_contain_text("no problems")
    field = _field(board, "pump.dispense", "volume_ml")
    field.get_by_test_id("limit-volume_ml").click()
    expect(field.get_by_label("at most")).to_be_focused()
    lab.page.keyboard.type("5")
    lab.page.keyboard.press("Enter")
    expect(builder.locator(".ivb-problems")).to_contain_text("1 problem")
    value.get_by_test_id("limit-volume_ml").click()
    editor = value.get_by_role("group", name="Limit of volume_ml")
    expect(editor.get_by_label("at most")).to_have_value("5")
    lab.screenshot("limit-in-builder")
    editor.get_by_label("at most").fill("8")
    lab.page.keyboard.press("Enter")
    expect(builder.locator(".ivb-problems")).to_contain_text("no problems")
    expect(field).to_contain_text("8 mL")


def test_while_the_file_cannot_be_read_its_path_is_said_and_nothing_is_edited(lab, board):
    field = _field(board, "pump.dispense", "volume_ml")
    path = lab.folder / "ivoryos_data/safety.json"
    path.write_text("{", encoding="utf-8")
    field.get_by_test_id("limit-volume_ml").click()
    expect(field.get_by_role("alert").first).to_contain_text("safety.json cannot be used")
    lab.screenshot("limit-unreadable")
    field.get_by_role("button", name="Close").click()
    assert path.read_text(encoding="utf-8") == "{"

"""Does Python become blocks in the library dialog, and do calls of a panel become steps of an open builder?"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

DECK = """
%load_ext ivoryos_jupyter
import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.testing import Pump, Reactor
pump, reactor = Pump(time_scale=0), Reactor(time_scale=0)
"""
GOOD = "def rinse(volume: float):\n    left = pump.dispense(volume_ml=volume)\n    reactor.set_temperature(setpoint=20)\n"


@pytest.fixture
def notebook(lab):
    """A control panel in the second cell, a builder in the third."""
    opened = lab.open(DECK, "%ivoryos control", "%ivoryos builder tonight", name="tonight")
    opened.run(0)
    opened.run(1)
    opened.run(2)
    lab.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    expect(opened.cell(2).locator(".ivb-source").first).to_be_visible()
    return opened


def test_python_becomes_blocks_and_a_line_that_cannot_is_shown_with_its_reason(lab, notebook):
    builder = notebook.cell(2).locator(".ivb")
    builder.get_by_role("button", name="Library").click()
    builder.get_by_role("button", name="Paste Python…").click()
    text = builder.get_by_label("Python to import")
    text.fill(f"{GOOD}    [print(x) for x in range(3)]\n")
    builder.get_by_role("button", name="Make blocks of it").click()
    refused = builder.get_by_label("Lines that cannot be read")
    expect(refused).to_contain_text("line 4")
    expect(refused).to_contain_text("print(x)")
    lab.screenshot("import-python-refused")
    refused.get_by_role("button", name="line 4").click()
    assert text.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)").strip() == "[print(x) for x in range(3)]"
    text.fill(GOOD)
    builder.get_by_role("button", name="Make blocks of it").click()
    expect(builder.locator(".ivb-title")).to_have_text("rinse")
    expect(builder.locator("[data-step]")).to_have_count(2)
    expect(builder.locator(".ivb-problems")).to_contain_text("no problems")


def test_a_python_file_is_read_the_same_way(notebook):
    builder = notebook.cell(2).locator(".ivb")
    builder.get_by_role("button", name="Library").click()
    file = {"name": "rinse.py", "mimeType": "text/x-python", "buffer": GOOD.encode()}
    builder.get_by_label("Workflow file: JSON or Python").set_input_files(files=[file])
    expect(builder.get_by_label("Python to import")).to_have_value(GOOD)
    builder.get_by_role("button", name="Make blocks of it").click()
    expect(builder.locator("[data-step]")).to_have_count(2)


def test_calls_of_a_panel_become_steps_of_the_open_builder(lab, notebook):
    panel, builder = notebook.cell(1).locator(".ivo-panel"), notebook.cell(2).locator(".ivb")
    panel.get_by_role("button", name="Record into workflow…").click()
    panel.get_by_label("Workflow to record into").fill("tonight")
    lab.page.keyboard.press("Enter")
    expect(panel.locator(".ivo-recording")).to_contain_text("recording into tonight · 0 steps")
    row = panel.locator("[data-member='pump.dispense']")
    row.locator(".ivo-row-button").first.click()
    row.locator("[data-field='volume_ml'] input").first.fill("2.5")
    row.get_by_role("button", name="Dispense", exact=True).click()
    expect(builder.locator("[data-step]")).to_have_count(1)
    expect(builder.locator("[data-step]")).to_contain_text("2.5 mL")
    expect(panel.locator(".ivo-recording")).to_contain_text("1 step")
    lab.screenshot("recording")
    builder.get_by_role("button", name="Undo").click()
    expect(builder.locator("[data-step]")).to_have_count(0)
    panel.get_by_role("button", name="Stop recording").click()
    row.get_by_role("button", name="Dispense", exact=True).click()
    expect(row.locator(".ivo-entry")).to_have_count(2)
    expect(builder.locator("[data-step]")).to_have_count(0)

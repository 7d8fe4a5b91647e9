"""Does a watched value that leaves its band pause the run and reach the person, and is an interlock said where the call was made?"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

SETUP = """
%load_ext ivoryos_jupyter
import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.testing import Pump, Reactor
pump, reactor = Pump(capacity_ml=1000), Reactor()
wf = ivoryos.new_workflow("hold")
wf.script.call("pump.dispense", volume_ml=1.0)
wf.script.wait(6 * 3600)
"""
RUN = "run = wf.submit(name='six_hours')"
WATCH = "ivoryos.watch('reactor.temperature', every_s=0.2, between=(30, 80), then='pause')"
RULES = """
ivoryos.interlocks.add("when pump.dispense: require reactor.temperature > 30")
ivoryos.budgets.add("pump.dispense", "volume_ml", at_most=20, per="run")
"""


@pytest.fixture
def bar(page):
    return page.locator(".ivo-sb")


def part(bar, name):
    return bar.get_by_role("region", name=re.compile(f"^{name}"))


def test_an_excursion_in_a_long_hold_pauses_the_run_and_waits_to_be_seen(lab, bar):
    notebook = lab.open(SETUP, RUN, WATCH, "ivoryos.watches")
    for cell in range(4):
        notebook.run(cell)
    lab.page.evaluate("() => window.jupyterapp.commands.execute('ivoryos:show-sidebar')")
    card = part(bar, "Needs you").get_by_role("group", name="reactor.temperature left its band")
    expect(card).to_contain_text("is below 30 °C")
    expect(card).to_contain_text(re.compile(r"\d °C at \d\d:\d\d, now \d+(\.\d+)? °C, \d+ s ago"))
    expect(card).to_contain_text("The run was paused. It is still outside.")
    expect(part(bar, "Run")).to_contain_text("paused by reactor.temperature: ")
    status = lab.page.locator(".jp-ivoryos-status")
    expect(status).to_contain_text("six_hours paused by reactor.temperature: ")
    expect(part(bar, "Deck")).to_contain_text("watched, read")
    lab.screenshot("watch-tripped")
    card.get_by_role("button", name="I have looked").click()
    expect(bar.get_by_role("region", name=re.compile("^Needs you"))).to_have_count(0)


def test_a_call_that_an_interlock_refuses_says_so_in_its_panel(lab):
    notebook = lab.open(SETUP, RULES, "ivoryos.interlocks", "ivoryos.control(pump)")
    for cell in range(4):
        notebook.run(cell)
    panel = notebook.cell(3).locator(".ivo")
    panel.locator("[data-instrument]").first.wait_for()
    row = panel.locator("[data-member='pump.dispense']")
    row.locator(".ivo-row-button").first.click()
    field = row.locator("[data-field='volume_ml']").locator("input").first
    field.fill("2")
    row.get_by_role("button", name="Dispense", exact=True).click()
    expect(panel).to_contain_text("an interlock of the laboratory forbids it")
    row.locator(".ivo-entry-line").first.click()
    expect(panel).to_contain_text("reactor.temperature = ")
    lab.screenshot("interlock-refused")
    field.fill("25")
    row.get_by_role("button", name="Dispense", exact=True).click()
    expect(panel).to_contain_text("it needs 25 mL, and of 20 mL per run")
    lab.screenshot("budget-refused")

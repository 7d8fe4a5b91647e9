"""Does the run dialog tell, before anything moves, what a run would do, how long it takes and what would go wrong?"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

sys.path.insert(0, str(Path(__file__).parent))
from builder_page import BuilderPage

DECK = """
%load_ext ivoryos
import ivoryos
from ivoryos_jupyter.testing import Pump, Reactor, Spectrometer
pump, reactor, spectrometer = Pump(time_scale=0), Reactor(time_scale=0), Spectrometer(time_scale=0)
wf = ivoryos.new_workflow("tonight")
wf.prep.set("reactor.temperature", 60.0)
wf.script.call(pump.dispense, volume_ml=ivoryos.at_run("volume"), save="left")
wf.script.wait(1800)
wf.script.call(spectrometer.measure, sample_id="blank", save=("a450", "a600"))
with wf.script.if_("a450 > 1.5"):
    wf.script.call("pump.dispense", volume_ml=ivoryos.formula("left * 20"))
with wf.script.while_("left < 5", most=20):
    wf.script.call("pump.dispense", volume_ml=ivoryos.formula("left * 20"), save="left")
wf.cleanup.set("reactor.temperature", 20.0)
ivoryos.limits.save(ivoryos.Limit("pump", "dispense", "volume_ml", maximum=5, unit="mL"))
wf.edit()
"""
COUNT = "len(ivoryos.history.runs()), len(ivoryos.history.single_steps()), len(ivoryos.queue.entries)"


@pytest.fixture
def dialog(lab):
    notebook = lab.open(DECK, COUNT, "wf.rehearse([{'volume': 1.5}, {'volume': 6}], faults=True)")
    notebook.run(0)
    lab.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    builder = BuilderPage(notebook)
    builder.root.get_by_role("button", name="▶ Run…").click()
    found = builder.root.get_by_role("dialog")
    found.locator('[data-cell="0/0"]').fill("1.5")
    expect(found).to_contain_text("nothing wrong")
    found.notebook = notebook
    found.builder = builder
    return found


def test_a_rehearsal_shows_time_totals_problems_and_assumptions_and_leads_to_the_step(lab, dialog):
    expect(dialog).to_contain_text(re.compile("about 30 min, ends .* no history yet"))
    dialog.get_by_role("button", name="Rehearse").click()
    result = dialog.get_by_role("status", name="Rehearsal")
    expect(result).to_contain_text("30 min")
    expect(result).to_contain_text("20 mL is above the limit of 5 mL")
    expect(result).to_contain_text("pump · dispense")
    expect(result).to_contain_text("Never come to (1)")
    result.scroll_into_view_if_needed()
    lab.screenshot("rehearsal-light")
    lab.page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })")
    lab.page.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    expect(lab.page.locator("#jupyterlab-splash")).to_have_count(0)
    lab.screenshot("rehearsal-dark")
    result.get_by_role("button", name=re.compile("Let each call go wrong")).click()
    expect(result).to_contain_text("faults leave something without cleanup")
    lab.screenshot("rehearsal-faults-dark")
    result.get_by_role("list", name="What would go wrong").get_by_role("button").first.click()
    expect(dialog).to_have_count(0)
    expect(dialog.builder.root.locator(".ivb-form")).to_contain_text("dispense")
    dialog.notebook.run(1)
    assert dialog.notebook.text(1) == "(0, 0, 0)"
    dialog.notebook.run(2)
    shown = dialog.notebook.cell(2)
    expect(shown).to_contain_text("Rehearsal of tonight: would stop")
    shown.scroll_into_view_if_needed()
    lab.screenshot("rehearsal-cell-dark")


def test_what_was_rehearsed_goes_when_the_run_is_another_one(dialog):
    dialog.get_by_role("button", name="Rehearse").click()
    result = dialog.get_by_role("status", name="Rehearsal")
    expect(result).to_be_visible()
    dialog.get_by_role("tab", name="Table").click()
    dialog.locator('[data-cell="0/0"]').fill("2")
    dialog.get_by_role("tab", name="Rehearsal").click()
    expect(result).to_have_count(0)
    expect(dialog).to_contain_text("Nothing is called")


def test_two_hundred_rows_and_many_problems_have_a_place_of_their_own(lab, dialog):
    lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    box = dialog.bounding_box()
    dialog.locator('[data-cell="0/0"]').focus()
    lab.page.evaluate("text => navigator.clipboard.writeText(text)", "\n".join("much" if n % 6 == 0 else "1" for n in range(200)))
    lab.page.keyboard.press("Control+v")
    expect(dialog).to_contain_text("34 problems keep it from running")
    problems = dialog.get_by_role("list", name="What keeps it from running")
    expect(problems.get_by_role("listitem")).to_have_count(34)
    problems.get_by_role("button", name="row 193, volume").click()
    expect(dialog.get_by_label("volume, row 193")).to_be_focused()
    assert dialog.bounding_box() == box
    lab.screenshot("run-dialog-problems")
    dialog.get_by_role("button", name="+ row").click()
    expect(dialog.get_by_label("volume, row 201")).to_be_focused()


def test_a_rehearsal_on_assumptions_counts_them_and_shows_no_tick(lab):
    notebook = lab.open(DECK.replace("wf.edit()", "plain = ivoryos.new_workflow('plain')\nplain.script.call('pump.refill')\nplain.edit()"))
    notebook.run(0)
    builder = BuilderPage(notebook)
    builder.root.get_by_role("button", name="▶ Run…").click()
    dialog = builder.root.get_by_role("dialog")
    expect(dialog).to_contain_text("nothing wrong")
    dialog.get_by_role("button", name="Rehearse").click()
    result = dialog.get_by_role("status", name="Rehearsal")
    expect(result).to_contain_text("≈ No problem found, but 1 duration was assumed")
    expect(result).not_to_contain_text("✓")
    lab.screenshot("rehearsal-assumed")

"""Can one evening be worked through without a line of Python, from an empty builder to the table of what happened?"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import expect

sys.path.insert(0, str(Path(__file__).parent))
from builder_page import BuilderPage

DECK = """
%load_ext ivoryos
import ivoryos
from ivoryos_jupyter.testing import Pump, Reactor, Spectrometer
pump, reactor = Pump("COM3", time_scale=0), Reactor("COM4", time_scale=0)
spectrometer = Spectrometer(time_scale=0)
"""
SLEEP = "import time; time.sleep(600)"
READ = "run = ivoryos.run('dose_and_measure')\nprint(run.outputs[['sample', 'volume', 'left', 'answer']].to_csv(index=False))"


def drag_the_quickstart_workflow_together(builder):
    """Prep, script with repeat, if, a question and a rest, cleanup: all by dragging."""

    def after(key, text):
        """Drop behind what a row shows, at the left: in the script itself, not in a block."""
        builder.drag(builder.source(key), builder.rows.filter(has_text=text).last, part=0.8, indent=4)

    def into(key):
        """Drop into the block that is empty."""
        builder.drag(builder.source(key), builder.root.locator(".ivb-row-empty").nth(0))

    builder.drag(builder.source("reactor.set_mode"), builder.empty("prep"))
    builder.drag(builder.source("pump.dispense"), builder.empty("script"))
    builder.fill("volume_ml", "volume", choice="# At run")
    builder.fill("outputs", "left")
    after("reactor.stir", "pump.dispense")
    after("flow:input", "reactor.stir")
    builder.form.locator("[data-field=message] textarea").fill("Colour of the solution?")
    after("flow:wait", "Colour of the solution?")
    builder.fill("seconds", "rest", choice="# At run")
    after("flow:repeat", "pump.dispense")
    into("spectrometer.measure")
    builder.fill("sample_id", "sample", choice="# At run")
    after("flow:if", "spectrometer.measure")
    builder.fill("branch:0", "left < 5")
    into("pump.refill")
    builder.drag(builder.source("reactor.set_temperature"), builder.empty("cleanup"))
    builder.fill("setpoint", "25")
    expect(builder.step("set_temperature")).to_contain_text("25 °C")
    expect(builder.root.locator(".ivb-problems")).to_contain_text("no problems")
    builder.reads(
        "reactor.set_mode",
        "pump.dispense volume #volume mL → left",
        "repeat 2 times",
        "spectrometer.measure sample id #sample",
        "if left < 5",
        "pump.refill",
        "reactor.stir",
        "ask Colour of the solution? → answer",
        "wait #rest s",
        "reactor.set_temperature setpoint 25 °C",
    )
    assert [row.get_attribute("aria-level") for row in builder.steps.all()] == list("2223232222")


def type_the_table(builder):
    """Two rows; the first asks for more than the pump holds, the second rests until it is stopped."""
    dialog = builder.root.get_by_role("dialog")
    for row, cells in enumerate((("50", "A1", "0"), ("2", "A2", "600"))):
        if row:
            dialog.get_by_role("button", name="+ row").click()
        for column, text in enumerate(cells):
            dialog.locator(f'[data-cell="{row}/{column}"]').fill(text)
    expect(dialog).to_contain_text("nothing wrong")
    dialog.get_by_role("button", name="▶ Run").click()


def test_a_workflow_is_dragged_kept_run_watched_paused_answered_mended_stopped_and_its_table_read(lab):
    notebook = lab.open(DECK, "%ivoryos builder dose_and_measure", SLEEP, READ)
    notebook.run(0)
    notebook.run(1)
    page = lab.page
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    drag_the_quickstart_workflow_together(BuilderPage(notebook, 1))
    builder = BuilderPage(notebook, 1)
    builder.root.get_by_role("button", name="Library").click()
    builder.root.get_by_role("button", name="Save", exact=True).click()
    expect(builder.root.locator(".ivb-versions")).to_contain_text("version 1")
    page.keyboard.press("Escape")
    notebook.save()
    notebook.reload()
    builder = BuilderPage(notebook, 1)
    expect(builder.steps).to_have_count(10)
    builder.root.get_by_role("button", name="▶ Run…").click()
    notebook.start(2)
    notebook.wait_running(2)
    type_the_table(builder)
    page.evaluate("() => window.jupyterapp.commands.execute('ivoryos:show-sidebar')")
    sidebar = page.locator(".ivo-sb")
    needs = sidebar.get_by_role("region", name=re.compile("^Needs you"))
    run = sidebar.get_by_role("region", name=re.compile("^Run"))
    expect(needs).to_contain_text("refill first")
    needs.get_by_label("volume_ml").fill("6")
    needs.get_by_role("button", name="Retry").click()
    for row, answer in (("1 of 2", "clear"), ("2 of 2", "yellow")):
        expect(run).to_contain_text(row)
        expect(needs).to_contain_text("Colour of the solution?")
        needs.get_by_label("Answer").fill(answer)
        needs.get_by_label("Answer").press("Enter")
    expect(builder.step("wait")).to_have_class(re.compile("ivb-running"))
    run.get_by_role("button", name="Pause").click()
    expect(run).to_contain_text("paused")
    lab.screenshot("evening-paused")
    run.get_by_role("button", name="Resume").click()
    expect(run).to_contain_text("running")
    run.get_by_role("button", name="Stop").click()
    run.get_by_role("menuitem", name="now").click()
    expect(run).to_contain_text("stopped")
    assert notebook.is_running(2)
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.interrupt()")
    notebook.wait_idle()
    notebook.run(3)
    assert notebook.text(3).split() == ["sample,volume,left,answer", "A1,50.0,4.0,clear", "A2,2.0,8.0,yellow"]
    lab.screenshot("evening-table")

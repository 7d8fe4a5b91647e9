"""Does Notebook 7 do what JupyterLab does: build by dragging, run, pause and stop while a cell blocks, show it all again after a reload?"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import expect

sys.path.insert(0, str(Path(__file__).parent))
from builder_page import BuilderPage

DECK = """
%load_ext ivoryos
import ivoryos, time
from ivoryos_jupyter.testing import Pump, Reactor
pump, reactor = Pump(time_scale=0), Reactor(time_scale=0)
%ivoryos builder dose
"""


def test_a_workflow_is_dragged_together_paused_and_stopped_while_a_cell_blocks(notebook7):
    notebook = notebook7.open(DECK, "while not ivoryos.history.runs()['status'].eq('stopped').any():\n    time.sleep(0.2)", "%ivoryos")
    notebook.run(0)
    builder = BuilderPage(notebook)
    builder.drag(builder.source("pump.refill"), builder.empty("script"))
    builder.drag(builder.source("flow:wait"), builder.step("pump.refill"), part=0.8, indent=0)
    builder.fill("seconds", "600")
    expect(builder.step("wait")).to_contain_text("600 s")
    builder.drag(builder.source("reactor.temperature:set"), builder.empty("cleanup"))
    builder.fill("value", "20")
    expect(builder.step("reactor.temperature")).to_contain_text("20 °C")
    expect(builder.root.locator(".ivb-problems")).to_contain_text("no problems")
    notebook.start(1)
    notebook.wait_running(1)
    builder.root.get_by_role("button", name="▶ Run…").click()
    dialog = builder.root.get_by_role("dialog")
    expect(dialog).to_contain_text("nothing wrong")
    dialog.get_by_role("button", name="▶ Run", exact=True).click()
    toolbar = notebook7.page.locator(".jp-NotebookPanel-toolbar")
    toolbar.get_by_role("button", name="Pause").click()
    expect(toolbar).to_contain_text("dose paused")
    notebook7.screenshot("notebook-7-builder")
    toolbar.get_by_role("button", name=re.compile("^Stop")).click()
    notebook7.page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Stop now$")).click()
    expect(builder.root.locator(".ivb-versions")).to_contain_text("last run stopped")
    notebook.wait(1)
    notebook.save()
    notebook.reload()
    BuilderPage(notebook).reads("pump.refill", "wait 600 s", "set reactor.temperature to 20 °C")
    notebook.run(2)
    dashboard = notebook.cell(2)
    dashboard.get_by_role("tab", name="Runs").click()
    expect(dashboard).to_contain_text("dose run 1")

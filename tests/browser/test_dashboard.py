"""Is everything of a session in one widget?"""

from __future__ import annotations

import re

from playwright.sync_api import expect

CELLS = (
    "%load_ext ivoryos\nfrom ivoryos_jupyter.testing import Pump, Reactor\npump, reactor = Pump(time_scale=0), Reactor(time_scale=0)",
    "import ivoryos\nwf = ivoryos.new_workflow('rinse', 'Empty it.')\nwf.script.call(pump.dispense, 1.0)\nwf.save()\nrun = wf.submit()",
    "%ivoryos",
)


def test_its_tabs_show_devices_builder_runs_and_history(lab):
    notebook = lab.open(*CELLS)
    for index in range(len(CELLS)):
        notebook.run(index)
    lab.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    board = notebook.cell(2).locator(".ivo-dashboard")
    expect(board.locator("[data-instrument='pump']")).to_be_visible()
    board.get_by_role("tab", name="Builder").click()
    expect(board.get_by_text("Empty it.")).to_be_visible()
    lab.screenshot("dashboard-builder-start")
    board.get_by_role("button", name="rinse").click()
    expect(board.get_by_role("region", name="Workflow builder")).to_contain_text("pump.dispense")
    lab.screenshot("dashboard-builder")
    board.get_by_role("tab", name="Runs").click()
    expect(board).to_contain_text("completed")
    board.get_by_role("tab", name="Builder").click()
    expect(board.get_by_role("region", name="Workflow builder")).to_contain_text("pump.dispense")
    board.get_by_role("tab", name="History").click()
    expect(board.get_by_role("region", name="Recorded: Runs")).to_contain_text("rinse")


def test_make_safe_stands_beside_the_runs_and_says_what_came_of_it(lab):
    notebook = lab.open(
        "%load_ext ivoryos_jupyter\nimport ivoryos_jupyter as ivoryos\nfrom ivoryos_jupyter.testing import Pump, Reactor",
        "pump, reactor = Pump(), Reactor()\nivoryos.safe_states.set('reactor', 'stir')",
        "wf = ivoryos.new_workflow('night')\nwf.script.wait(1000)\nrun = wf.submit(name='night')",
        "%ivoryos",
    )
    for cell in range(4):
        notebook.run(cell)
    page = lab.page
    page.get_by_role("tab", name=re.compile("^Runs")).click()
    safe = page.locator(".ivo-split").get_by_role("group", name="Make safe")
    expect(safe).to_contain_text("Then calls reactor.stir().")
    expect(safe).to_contain_text("1 instrument has no handler: pump.")
    safe.get_by_role("button", name="Make safe").click()
    report = safe.get_by_label("What make safe did")
    expect(report).to_contain_text("night was stopped without cleanup")
    expect(report).to_contain_text(re.compile(r"reactor.stir\(\)\s*returned"))
    report.scroll_into_view_if_needed()
    lab.screenshot("dashboard-make-safe")
    report.get_by_role("button", name="I have read it").click()
    expect(safe).to_contain_text("Then calls")

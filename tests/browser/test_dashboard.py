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


CRASH = """
%load_ext ivoryos_jupyter
import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.testing import Pump, Reactor
pump, reactor = Pump(time_scale=0), Reactor(time_scale=100)
wf = ivoryos.new_workflow("heat")
wf.script.call("pump.dispense", volume_ml=1.0)
wf.script.call("reactor.set_temperature", setpoint=ivoryos.at_run("setpoint"))
"""
OVERNIGHT = "run = wf.submit([{'setpoint': 20.0}, {'setpoint': 60.0}, {'setpoint': 60.1}], name='overnight')\nrun"


def test_an_interrupted_run_is_decided_about_in_the_dashboard_and_in_its_own_view(lab):
    notebook = lab.open(
        CRASH,
        OVERNIGHT,
        "%ivoryos",
        "reactor = Reactor(time_scale=0)",
        "ivoryos.queue.release()\nivoryos.history.runs()['status'].tolist()",
    )
    notebook.run(0)
    notebook.run(1)
    view = notebook.cell(1).locator(".ivo-run")
    expect(view.locator("[data-row='2']")).to_contain_text("60")
    expect(view.locator("tr.ivo-row-running[data-row='2']")).to_be_visible()
    expect(view.locator(".ivo-now code")).to_have_text("reactor.set_temperature")
    lab.page.evaluate("() => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart(); }")
    expect(lab.page.locator(".jp-ivoryos-status")).to_contain_text("not connected")
    notebook.wait_idle()
    for cell in range(4):
        notebook.run(cell)
    board = notebook.cell(2).locator(".ivo-dashboard")
    tab = board.get_by_role("tab", name=re.compile("^Runs"))
    expect(tab).to_contain_text("needs you")
    tab.click()
    here = board.get_by_role("group", name="overnight was interrupted")
    there = notebook.cell(1).get_by_role("group", name="overnight was interrupted")
    expect(here).to_contain_text("reactor.set_temperature(")
    expect(there.get_by_role("button", name="Resume")).to_be_disabled()
    here.get_by_role("button", name="Not done").click()
    expect(there).to_contain_text("Decided: you said it was not done")
    here.scroll_into_view_if_needed()
    lab.screenshot("dashboard-interrupted")
    there.get_by_role("button", name="Resume").focus()
    lab.page.keyboard.press("Enter")
    expect(here).to_have_count(0)
    expect(there).to_have_count(0)
    assert lab.page.evaluate("() => document.activeElement !== document.body")
    lab.page.evaluate("() => window.jupyterapp.commands.execute('ivoryos:show-sidebar')")
    recent = lab.page.locator(".ivo-sb").get_by_role("region", name="Recent runs")
    expect(recent).to_contain_text(re.compile(r"overnight \(resumed\).*3 of 3 rows.*1 of them in run 1", re.DOTALL))
    expect(recent).to_contain_text("the rest: run 2")
    expect(recent.get_by_role("button", name="Run what is missing")).to_have_count(0)
    lab.screenshot("sidebar-resumed")

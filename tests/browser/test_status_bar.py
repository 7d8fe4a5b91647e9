"""Does the status bar show and command the run of the current notebook, also while a cell blocks?"""

from __future__ import annotations

import re

import psutil
import pytest
from playwright.sync_api import expect

SETUP = """
from ivoryos_jupyter import bridge
from ivoryos_jupyter.journal import RunRequest
from ivoryos_jupyter.session import Session, of_shell, replace_session
from ivoryos_jupyter.testing import Pump
from ivoryos_jupyter.workflow import Action, Constant, Wait, Workflow, content_hash, to_json

pump = Pump(capacity_ml=1e6)
session = Session(of_shell(get_ipython()))
replace_session(session)
bridge.install(session, get_ipython().kernel)

def submit(name, repeat=200, seconds=1.0):
    steps = (
        Action(id="dose", instrument="pump", method="dispense", arguments={"volume_ml": Constant(value=0.1)}),
        Wait(id="rest", seconds=Constant(value=seconds)),
    )
    workflow = Workflow(name=name, deck="notebook", script=steps)
    return session.runner.submit(RunRequest(
        key=name, name=name, workflow=to_json(workflow), workflow_name=name, version=content_hash(workflow), deck="notebook", repeat=repeat,
    ))
"""
SLEEP = "import time; time.sleep(600)"
SPIN = "import time\nend = time.monotonic() + 600\nwhile time.monotonic() < end: pass"


@pytest.fixture
def item(page):
    return page.locator(".jp-ivoryos-status")


def button(item, name):
    return item.get_by_role("button", name=name)


def test_the_extension_loads_without_an_error_and_asks_for_nothing_outside(lab):
    errors, requests = [], []
    lab.page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    lab.page.on("pageerror", lambda error: errors.append(str(error)))
    lab.page.on("request", lambda request: requests.append(request.url))
    lab.open("1 + 1").run(0)
    assert lab.page.evaluate("() => window.jupyterapp.isPluginActivated('ivoryos-jupyter:plugin')")
    assert errors == []
    assert [url for url in requests if not url.startswith((lab.server.url, "data:", "blob:"))] == []


def test_a_notebook_without_ivoryos_shows_nothing(lab, item):
    lab.open("1 + 1").run(0)
    expect(item).to_have_count(0)


@pytest.mark.parametrize("blocking", [SLEEP, SPIN], ids=["sleep", "tight loop"])
def test_a_run_is_shown_paused_resumed_and_stopped_while_a_cell_blocks(lab, item, blocking):
    notebook = lab.open(SETUP, "handle = submit('night')", blocking)
    notebook.run(0)
    expect(item).to_contain_text("no run yet")
    notebook.run(1)
    notebook.start(2)
    notebook.wait_running(2)
    expect(item).to_contain_text(re.compile(r"night running script \d+ of 200"))
    expect(item.get_by_role("progressbar")).to_be_visible()
    button(item, "Pause").click()
    expect(item).to_contain_text("paused")
    lab.screenshot(f"status-bar-paused-{'sleep' if blocking is SLEEP else 'loop'}")
    button(item, "Resume").click()
    expect(item).to_contain_text("running script")
    button(item, "Stop").click()
    lab.screenshot("status-bar-stop-menu")
    lab.page.get_by_role("menuitem", name="Stop after this step").click()
    expect(item).to_contain_text("stopped")
    expect(item.get_by_role("button")).to_have_count(0)
    assert notebook.is_running(2)


def test_after_a_reload_in_the_middle_of_a_cell_the_run_is_shown_and_obeys(lab, item):
    notebook = lab.open(SETUP, "handle = submit('night')", SLEEP)
    notebook.run(0)
    notebook.run(1)
    notebook.save()
    notebook.start(2)
    notebook.wait_running(2)
    notebook.reload(idle=False)
    expect(item).to_contain_text("night running script")
    button(item, "Pause").click()
    expect(item).to_contain_text("paused")
    button(item, "Resume").click()
    expect(item).to_contain_text("running script")


def test_a_restarted_kernel_is_not_connected_until_a_session_is_made_again(lab, item):
    notebook = lab.open(SETUP)
    notebook.run(0)
    expect(item).to_contain_text("no run yet")
    notebook.restart_kernel()
    expect(item).to_contain_text("not connected")
    notebook.run(0)
    expect(item).to_contain_text("no run yet")


def test_the_item_follows_the_current_notebook(lab, item):
    first = lab.open(SETUP, "handle = submit('night')", name="first")
    first.run(0)
    first.run(1)
    expect(item).to_contain_text("night running")
    second = lab.open("1 + 1", name="second", reset=False)
    expect(item).to_have_count(0)
    second.run(0)
    lab.activate(first)
    expect(item).to_contain_text("night running")


def test_a_kernel_that_does_not_answer_is_said_to_be_not_connected_and_comes_back(lab, item):
    notebook = lab.open(SETUP, "handle = submit('night')", "import os; print(os.getpid())")
    for cell in range(3):
        notebook.run(cell)
    expect(item).to_contain_text("night running")
    kernel = psutil.Process(int(notebook.text(2)))
    kernel.suspend()
    try:
        button(item, "Pause").click()
        expect(lab.page.get_by_text("The kernel has not answered within a second")).to_be_visible()
        expect(item).to_contain_text("not connected")
        lab.screenshot("status-bar-not-connected")
    finally:
        kernel.resume()
    expect(item).to_contain_text("paused")


def test_the_palette_offers_what_can_be_done_now(lab, item):
    def enabled():
        names = ("pause", "resume", "stop-after-step", "stop-after-row", "stop-now", "stop-now-without-cleanup")
        return [name for name in names if lab.page.evaluate(f"() => window.jupyterapp.commands.isEnabled('ivoryos:{name}')")]

    notebook = lab.open(SETUP, "handle = submit('night')")
    assert enabled() == []
    notebook.run(0)
    notebook.run(1)
    expect(item).to_contain_text("night running")
    assert enabled() == ["pause", "stop-after-step", "stop-after-row", "stop-now", "stop-now-without-cleanup"]
    lab.page.evaluate("() => window.jupyterapp.commands.execute('ivoryos:pause')")
    expect(item).to_contain_text("paused")
    assert enabled()[0] == "resume"
    lab.page.evaluate("() => window.jupyterapp.commands.execute('ivoryos:stop-now')")
    expect(item).to_contain_text("stopped")
    assert enabled() == []


def test_notebook_7_shows_the_run_in_the_toolbar(notebook7, item):
    notebook = notebook7.open(SETUP, "handle = submit('night')", SLEEP)
    notebook.run(0)
    notebook.run(1)
    notebook.start(2)
    notebook.wait_running(2)
    expect(item).to_contain_text("night running script")
    button(item, "Pause").click()
    expect(item).to_contain_text("paused")
    notebook7.screenshot("notebook-7-paused")

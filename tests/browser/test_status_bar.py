"""Does the status bar show and command the run of the current notebook, also while a cell blocks?"""

from __future__ import annotations

import re

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

def submit(name, repeat=200, seconds=0.2):
    steps = (
        Action(id="dose", instrument="pump", method="dispense", arguments={"volume_ml": Constant(value=0.1)}),
        Wait(id="rest", seconds=Constant(value=seconds)),
    )
    workflow = Workflow(name=name, deck="notebook", script=steps)
    return session.runner.submit(RunRequest(
        key=name, name=name, workflow=to_json(workflow), workflow_name=name, version=content_hash(workflow), deck="notebook", repeat=repeat,
    ))
"""
SLEEP = "import time; time.sleep(60)"
SPIN = "import time\nend = time.monotonic() + 60\nwhile time.monotonic() < end: pass"


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

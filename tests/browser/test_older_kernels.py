"""Do Stop and Pause work while a cell blocks with the kernels that laboratories still have?"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

SETUP = """
%load_ext ivoryos_jupyter
import ipykernel
import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.testing import Pump
pump = Pump(capacity_ml=1000)
wf = ivoryos.new_workflow("rest")
wf.script.call("pump.dispense", volume_ml=0.1)
wf.script.wait(1)
print(ipykernel.__version__)
"""
RUN = "run = wf.submit(repeat=500, name='night')\nrun"
BLOCKING = {
    "sleep": "import time; time.sleep(600)",
    "loop": "import time\nend = time.monotonic() + 600\nwhile time.monotonic() < end: pass",
}


@pytest.mark.parametrize(("version", "blocking"), [("6.31.0", "loop"), ("7.2.0", "sleep")])
def test_pause_in_the_view_and_stop_in_the_sidebar_while_a_cell_blocks_and_another_notebook_is_open(lab, version, blocking):
    other = lab.open("%load_ext ivoryos_jupyter", name="other")
    other.run(0)
    notebook = lab.open(SETUP, RUN, BLOCKING[blocking], name="first", reset=False, kernel=f"ipykernel-{version}")
    notebook.run(0)
    assert notebook.text(0).strip().endswith(version)
    notebook.run(1)
    lab.page.evaluate("() => window.jupyterapp.commands.execute('ivoryos:show-sidebar')")
    run = lab.page.locator(".ivo-sb").get_by_role("region", name=re.compile("^Run"))
    expect(run).to_contain_text("running")
    notebook.start(2)
    notebook.wait_running(2)
    view = notebook.cell(1).locator(".ivo")
    view.get_by_role("button", name="Pause").click()
    expect(view).to_contain_text("paused")
    expect(run).to_contain_text("paused")
    run.get_by_role("button", name="Resume").click()
    expect(view).to_contain_text("running")
    run.get_by_role("button", name="Stop").click()
    run.get_by_role("menuitem", name="after this step").click()
    expect(run).to_contain_text("stopped")
    expect(view).to_contain_text("stopped")
    assert notebook.is_running(2)

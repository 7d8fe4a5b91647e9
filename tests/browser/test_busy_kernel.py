"""Do the buttons inside a notebook's widgets work while a cell blocks?"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

SETUP = """
%load_ext ivoryos_jupyter
from ivoryos_jupyter.testing import Pump
pump = Pump()
"""
PANEL = "import ivoryos_jupyter as ivoryos\nivoryos.control(pump)"
SLEEP = "import time; time.sleep(600)"
SPIN = "import time\nend = time.monotonic() + 600\nwhile time.monotonic() < end: pass"
WATCH = """() => {
    window.taken = [];
    window.addEventListener('ivoryos:request', event => setTimeout(() => window.taken.push(event.defaultPrevented)));
}"""


@pytest.mark.parametrize("blocking", [SLEEP, SPIN], ids=["sleep", "loop"])
def test_a_call_from_a_panel_is_made_and_its_result_shown_while_a_cell_blocks(lab, blocking):
    notebook = lab.open(SETUP, PANEL, blocking)
    notebook.run(0)
    notebook.run(1)
    row = notebook.cell(1).locator("[data-member='pump.dispense']")
    row.locator(".ivo-row-button").first.click()
    row.locator("[data-field='volume_ml'] input").fill("2.5")
    lab.page.evaluate(WATCH)
    notebook.start(2)
    notebook.wait_running(2)
    row.get_by_role("button", name="Dispense", exact=True).click()
    expect(row.locator(".ivo-entry-line")).to_contain_text("→ 7.5")
    assert notebook.is_running(2)
    taken = lab.page.evaluate("() => window.taken")
    assert taken
    assert all(taken)

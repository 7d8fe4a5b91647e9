"""Where our extension is missing (VS Code, Colab), do the widgets' buttons work by themselves, and say when they must wait?"""

from __future__ import annotations

from playwright.sync_api import expect

SETUP = """
%load_ext ivoryos_jupyter
import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.testing import Pump
pump = Pump(time_scale=0)
wf = ivoryos.new_workflow("rest")
wf.script.wait(600)
"""
ALONE = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.commsOverSubshells = 'disabled'"
WAITS = "The kernel is busy with a cell; this waits until the cell has ended."


def _opened(bare, *cells, subshells):
    notebook = bare.open(SETUP, *cells, bare.BLOCK)
    assert not bare.page.evaluate("() => window.jupyterapp.hasPlugin('ivoryos-jupyter:plugin')")
    if not subshells:
        bare.page.evaluate(f"() => {{ {ALONE}; }}")
    for index in range(len(cells) + 1):
        notebook.run(index)
    return notebook


def test_a_call_from_a_panel_is_made_over_the_widgets_own_line(bare):
    notebook = _opened(bare, "ivoryos.control(pump)", subshells=False)
    row = notebook.cell(1).locator("[data-member='pump.dispense']")
    row.locator(".ivo-row-button").first.click()
    row.locator("[data-field='volume_ml'] input").first.fill("2.5")
    row.get_by_role("button", name="Dispense", exact=True).click()
    expect(row.locator(".ivo-entry-line")).to_contain_text("→ 7.5")


def test_a_button_says_that_it_waits_for_the_cell_and_acts_when_it_has_ended(bare):
    notebook = _opened(bare, "run = wf.submit()\nrun", subshells=False)
    view = notebook.cell(1).locator(".ivo-run")
    expect(view).to_contain_text("running")
    notebook.start(2)
    notebook.wait_running(2)
    view.get_by_role("button", name="Pause").click()
    expect(view).to_contain_text(WAITS)
    bare.screenshot("without-extension-waits")
    bare.unblock()
    notebook.wait(2)
    expect(view.get_by_role("button", name="Resume")).to_be_visible()
    expect(view).not_to_contain_text(WAITS)
    view.get_by_role("button", name="Stop").click()
    view.get_by_role("menuitem", name="now").click()
    expect(view).to_contain_text("stopped")

"""Does axe-core find nothing serious in what we show, with content in it, in both themes?"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

AXE = Path(__file__).parents[2] / "labextension/node_modules/axe-core/axe.min.js"
SETUP = """
%load_ext ivoryos_jupyter
import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.schema import Limit
from ivoryos_jupyter.testing import Mode, Pump, Reactor, Spectrometer, Stirrer
pump, reactor, spectrometer, stirrer = Pump(), Reactor(), Spectrometer(time_scale=0), Stirrer()
ivoryos.limits.save(Limit("pump", "dispense", "volume_ml", maximum=60, unit="mL"))

wf = ivoryos.new_workflow("dose_and_measure", "Doses and measures.")
wf.prep.call(reactor.set_mode, Mode.HEAT)
wf.script.call(pump.dispense, volume_ml=ivoryos.at_run("volume"), save="left")
with wf.script.repeat(2):
    wf.script.call(spectrometer.measure, sample_id="blank", save=("a450", "a600"))
with wf.script.if_("left < 5"):
    wf.script.call(pump.refill)
wf.script.input("Colour of the solution?", save="colour", choices=("clear", "yellow"))
wf.cleanup.call(reactor.set_mode, Mode.OFF)
wf.save()
"""
FAILS = "run = wf.submit([{'volume': 50}, {'volume': 1}], name='night')\nwf.submit([{'volume': 2}], name='later')\nrun"
FIND = """async selector => {
    const found = await axe.run(selector, {resultTypes: ['violations']});
    return found.violations
        .filter(one => ['serious', 'critical'].includes(one.impact))
        .map(one => `${one.id}: ` + one.nodes.map(node => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join('; '));
}"""


@pytest.fixture(params=["Light", "Dark"])
def theme(request, lab):
    """Both themes; the light one comes back afterwards."""

    def choose(name):
        lab.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", f"JupyterLab {name}")
        lab.page.wait_for_selector(f"body[data-jp-theme-name='JupyterLab {name}']", state="attached")
        lab.page.wait_for_selector("#jupyterlab-splash", state="detached")

    yield lambda: choose(request.param)
    choose("Light")


@pytest.fixture
def violations(lab):
    """Ask axe-core about a part of the page."""

    def ask(selector):
        lab.page.wait_for_selector(selector)
        if not lab.page.evaluate("() => 'axe' in window"):
            lab.page.evaluate(AXE.read_text(encoding="utf-8"))
        return lab.page.evaluate(FIND, selector)

    return ask


def run_cells(lab, *cells):
    notebook = lab.open(SETUP, *cells)
    for cell in range(len(cells) + 1):
        notebook.run(cell)
    return notebook


def test_axe_finds_a_mistake_where_there_is_one(lab, violations):
    lab.open("1 + 1")
    lab.page.evaluate("() => document.body.insertAdjacentHTML('beforeend', '<div id=wrong><button></button></div>')")
    assert any(one.startswith("button-name") for one in violations("#wrong"))


def test_nothing_serious_in_the_panel(lab, theme, violations):
    notebook = run_cells(lab, "ivoryos.control()")
    theme()
    panel = notebook.cell(1).locator(".ivo")
    dispense = panel.locator("[data-member='pump.dispense']")
    dispense.locator(".ivo-row-button").first.click()
    for volume in ("2.5", "50"):
        dispense.locator("[data-field='volume_ml'] input").first.fill(volume)
        dispense.get_by_role("button", name="Dispense", exact=True).click()
        expect(dispense).to_contain_text("→ 7.5" if volume == "2.5" else "refill first")
    dispense.locator("[data-field='volume_ml'] input").first.fill("70")
    expect(dispense.locator(".ivo-problem").first).to_be_visible()
    assert violations(".jp-Notebook .ivo") == []


def test_nothing_serious_in_the_builder(lab, theme, violations):
    notebook = run_cells(lab, "wf.edit()")
    theme()
    builder = notebook.cell(1).locator(".ivb")
    builder.locator("[data-step]", has_text="pump.dispense").click()
    expect(builder.locator(".ivb-form")).to_contain_text("At run")
    assert violations(".jp-Notebook .ivb") == []
    builder.get_by_role("button", name="▶ Run…").click()
    expect(builder.get_by_role("dialog")).to_be_visible()
    assert violations(".jp-Notebook .ivb") == []


def test_nothing_serious_in_the_run_view_and_the_sidebar_that_needs_a_person(lab, theme, violations):
    notebook = run_cells(lab, FAILS, "%ivoryos")
    theme()
    lab.page.evaluate("() => window.jupyterapp.commands.execute('ivoryos:show-sidebar')")
    expect(lab.page.locator(".ivo-sb")).to_contain_text("refill first")
    expect(lab.page.locator(".ivo-sb")).to_contain_text("later")
    expect(notebook.cell(1).locator(".ivo")).to_contain_text("refill first")
    assert violations(".ivo-sb") == []
    assert violations(".jp-Notebook .jp-Cell:nth-child(2) .ivo") == []
    assert violations(".jp-Notebook .jp-Cell:nth-child(3) .ivo") == []

"""Can a person call an instrument by clicking, and does what she sees agree with the records?"""

from __future__ import annotations

import re
import sqlite3

import pytest
from playwright.sync_api import expect

INSTRUMENTS = """
%load_ext ivoryos_jupyter
from ivoryos_jupyter.testing import Mode, Pump, Reactor, Spectrometer, Stirrer
pump, reactor, spectrometer, stirrer = Pump(), Reactor(), Spectrometer(), Stirrer()
"""
LIMITED = """
import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.schema import Limit
from ivoryos_jupyter.session import current_session
limits = current_session().limits
limits.save(Limit("pump", "dispense", "volume_ml", maximum=10, unit="mL"))
limits.save(Limit("reactor", "set_temperature", "setpoint", minimum=-50, maximum=120, unit="°C"))
"""
PANEL = "import ivoryos_jupyter as ivoryos\nivoryos.control()"


@pytest.fixture
def opened(lab):
    """Open a notebook, run its cells, and return it with the panel of its last cell."""

    def open_(*cells, wait=True):
        notebook = lab.open(*cells)
        for index in range(len(cells)):
            notebook.run(index)
        panel = notebook.cell(len(cells) - 1).locator(".ivo")
        if wait:
            panel.locator("[data-instrument]").first.wait_for()
        return notebook, panel

    return open_


def member(panel, key):
    return panel.locator(f"[data-member='{key}']")


def field(panel, key, name):
    return member(panel, key).locator(f"[data-field='{name}']").locator("input, select").first


def open_form(panel, key):
    row = member(panel, key)
    row.locator(".ivo-row-button").first.click()
    row.locator("form.ivo-form").wait_for()
    return row


@pytest.fixture
def paint(lab):
    """Choose a theme; the light one comes back afterwards."""

    def choose(name):
        lab.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", f"JupyterLab {name}")
        lab.page.wait_for_selector(f"body[data-jp-theme-name='JupyterLab {name}']", state="attached")
        lab.page.wait_for_selector("#jupyterlab-splash", state="detached")

    yield choose
    choose("Light")


def wide(lab):
    """Give the notebook the room of the file browser."""
    lab.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")


def test_a_call_is_made_by_clicking_its_result_read_and_its_row_found(lab, opened):
    _, panel = opened(INSTRUMENTS, LIMITED, PANEL)
    row = open_form(panel, "pump.dispense")
    field(panel, "pump.dispense", "volume_ml").fill("2.5")
    expect(row.locator(".ivo-says")).to_have_text("pump.dispense(volume_ml=2.5)")
    row.get_by_role("button", name="Dispense", exact=True).click()
    expect(row.locator(".ivo-entry-line")).to_contain_text("→ 7.5 mL")
    with sqlite3.connect(next(lab.folder.rglob("ivoryos.db"))) as database:
        rows = database.execute("SELECT method_name, kwargs, output FROM single_steps").fetchall()
    assert len(rows) == 1
    assert "dispense" in rows[0][0]


def test_pictures_of_the_panel_in_both_themes(lab, opened, paint):
    _, panel = opened(INSTRUMENTS, LIMITED, PANEL)
    row = open_form(panel, "pump.dispense")
    for volume in ("2.5", "8"):
        field(panel, "pump.dispense", "volume_ml").fill(volume)
        row.get_by_role("button", name="Dispense", exact=True).click()
        expect(row.locator(".ivo-entry-line").first).to_contain_text(re.compile("→ 7.5|refill first"))
    field(panel, "pump.dispense", "volume_ml").fill("12")
    expect(row.locator(".ivo-problem").first).to_have_text("12 mL is above the limit of 10 mL")
    member(panel, "pump.flow_rate").get_by_role("button", name="Read").click()
    open_form(panel, "reactor.set_temperature")
    field(panel, "reactor.set_temperature", "setpoint").fill("80")
    wide(lab)
    lab.screenshot("panel-light")
    paint("Dark")
    lab.screenshot("panel-dark")


WORKFLOW = """
import ivoryos_jupyter as ivoryos
wf = ivoryos.new_workflow("screen_solvents")
wf.prep.call(reactor.set_mode, Mode.HEAT)
wf.script.call(pump.dispense, volume_ml=ivoryos.at_run("volume"), save="left")
wf.script.call(reactor.set_temperature, setpoint=ivoryos.at_run("temp"))
wf.script.call(spectrometer.measure, sample_id=ivoryos.at_run("sample"), save=("a450", "a600"))
wf.cleanup.call(reactor.set_mode, Mode.OFF)
table = [{"sample": f"s{n}", "volume": 0.5 + n / 10, "temp": 25 + n} for n in range(14)]
run = wf.submit(table, sample="sample")
run
"""


GATE = """
import pathlib, time
class Gate:
    def pass_through(self, sample: str) -> None:
        while sample == "s2" and not pathlib.Path("unblocked").exists(): time.sleep(0.02)
gate = Gate()
"""
GATED = WORKFLOW.replace(
    "wf.script.call(pump", "wf.script.call(gate.pass_through, sample=ivoryos.at_run('sample'))\nwf.script.call(pump", 1
)


def test_a_run_is_watched_paused_answered_and_stopped_in_its_live_view(lab, opened, paint):
    _, view = opened(INSTRUMENTS + GATE, GATED, wait=False)
    expect(view.locator("tr[data-row='2'].ivo-row-done")).to_be_visible()
    expect(view.locator("tr[data-row='1']")).to_contain_text("0.5")
    view.get_by_role("button", name="Pause").click()
    lab.unblock()
    expect(view.get_by_role("button", name="Resume")).to_be_visible()
    lab.screenshot("run-paused-light")
    view.get_by_role("button", name="Resume").click()
    question = view.locator(".ivo-card")
    expect(question).to_contain_text("refill first: 1.5 mL asked")
    lab.screenshot("run-question-light")
    paint("Dark")
    lab.screenshot("run-question-dark")
    question.get_by_label("volume_ml").fill("0.01")
    question.get_by_role("button", name="Retry").click()
    expect(question).to_contain_text("refill first: 1.6 mL asked")
    view.get_by_role("button", name="Stop ▾").click()
    expect(view.get_by_label("then run cleanup")).to_be_checked()
    view.get_by_role("menuitem", name="now").click()
    expect(view.locator(".ivo-head [role=status]")).to_contain_text("failed")
    expect(view.locator(".ivo-failure")).to_contain_text("refill first")
    lab.screenshot("run-failed-dark")


def test_the_dashboard_shows_devices_runs_and_history(lab, opened):
    _, view = opened(INSTRUMENTS, WORKFLOW, "%ivoryos")
    expect(view.locator("[data-instrument]")).to_have_count(4)
    view.get_by_role("tab", name="Runs").click()
    expect(view.locator("tr[data-row='1'].ivo-row-done")).to_be_visible()
    lab.screenshot("dashboard-runs-light")
    view.get_by_role("tab", name="History").click()
    expect(view.locator("section[aria-label='Runs']")).to_contain_text("screen_solvents")
    lab.screenshot("dashboard-history-light")


HOSTILE = """
class Evil:
    def hack(self, code: str = "<img src=x onerror=window.hacked=1>") -> str:
        \'\'\'<script>window.hacked=1</script><img src=x onerror=window.hacked=1>\'\'\'
        return "<img src=x onerror=window.hacked=1>"
    def fail(self):
        raise RuntimeError("<b>bold</b><img src=x onerror=window.hacked=1>")
evil = Evil()
"""


def test_hostile_docstrings_results_and_errors_are_text(lab, opened):
    _, panel = opened(INSTRUMENTS, HOSTILE, "import ivoryos_jupyter as ivoryos\nivoryos.control(evil)")
    expect(member(panel, "evil.hack")).to_contain_text("<script>")
    for name, button in (("hack", "Hack"), ("fail", "Fail")):
        row = open_form(panel, f"evil.{name}")
        row.get_by_role("button", name=button, exact=True).click()
        row.locator(".ivo-entry-line").click()
        expect(row.locator(".ivo-entry-detail")).to_contain_text("<img src=x")
    assert panel.locator("img").count() == 0
    assert lab.page.evaluate("() => window.hacked") is None


def test_a_call_is_made_and_answered_while_a_cell_blocks(lab, opened):
    notebook, panel = opened(INSTRUMENTS, PANEL)
    row = open_form(panel, "pump.dispense")
    lab.page.evaluate("() => window.jupyterapp.commands.execute('notebook:insert-cell-below')")
    lab.page.evaluate(f"() => {notebook.CURRENT}.content.activeCell.model.sharedModel.setSource('import time; time.sleep(600)')")
    notebook.start(2)
    notebook.wait_running(2)
    field(panel, "pump.dispense", "volume_ml").fill("0.1")
    row.get_by_role("button", name="Dispense", exact=True).click()
    expect(row.locator(".ivo-entry-line")).to_contain_text("→ 9.9 mL")
    assert notebook.is_running(2)


def test_the_keyboard_does_it_all_and_leaves_the_notebooks_cells_alone(lab, opened):
    _, panel = opened(INSTRUMENTS, PANEL)
    member(panel, "pump.refill").locator(".ivo-row-button").focus()
    keyboard = lab.page.keyboard
    for key in ("d", "d", "b"):
        keyboard.press(key)
    assert len(lab.page.locator(".jp-Notebook .jp-Cell").all()) == 2
    keyboard.press("/")
    keyboard.type("dispense")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    expect(member(panel, "pump.dispense").locator(".ivo-row-button")).to_be_focused()
    keyboard.press("Enter")
    field(panel, "pump.dispense", "volume_ml").wait_for()
    while lab.page.evaluate("() => document.activeElement.closest('[data-field]')?.dataset.field") != "volume_ml":
        keyboard.press("Tab")
    keyboard.type("0.1")
    expect(panel.locator(".ivo-says")).to_have_text("pump.dispense(volume_ml=0.1)")
    keyboard.press("Enter")
    expect(panel.locator(".ivo-entry-line")).to_contain_text("→ 9.9 mL")


def test_the_panel_and_its_log_survive_a_reload_and_a_second_display(lab, opened):
    notebook, panel = opened(INSTRUMENTS, PANEL)
    row = open_form(panel, "pump.dispense")
    field(panel, "pump.dispense", "volume_ml").fill("0.1")
    row.get_by_role("button", name="Dispense", exact=True).click()
    expect(row.locator(".ivo-entry-line")).to_contain_text("→ 9.9 mL")
    notebook.save()
    notebook.reload()
    row = member(panel, "pump.dispense")
    expect(row.locator(".ivo-entry-line")).to_contain_text("→ 9.9 mL")
    expect(field(panel, "pump.dispense", "volume_ml")).to_have_value("0.1")
    lab.page.evaluate("() => window.jupyterapp.commands.execute('notebook:insert-cell-below')")
    lab.page.evaluate(f"source => {notebook.CURRENT}.content.activeCell.model.sharedModel.setSource(source)", PANEL)
    index = lab.page.evaluate(f"() => {notebook.CURRENT}.content.activeCellIndex")
    notebook.run(index)
    second = notebook.cell(index).locator(".ivo")
    expect(second.locator(".ivo-entry-line")).to_contain_text("→ 9.9 mL")


def test_a_property_is_read_on_request_and_set(opened):
    _, panel = opened(INSTRUMENTS, PANEL)
    row = member(panel, "pump.flow_rate")
    expect(row).to_contain_text("not read yet")
    row.get_by_role("button", name="Read").click()
    expect(row.locator(".ivo-reading")).to_contain_text("1.0")
    row.get_by_role("textbox").fill("1.2")
    row.get_by_role("button", name="Set", exact=True).click()
    expect(row).to_contain_text("set ")
    row.get_by_role("button", name="Read").click()
    expect(row.locator(".ivo-reading")).to_contain_text("1.2")


NARROW = """
class Oven:
    @property
    def temperature_of_the_chamber(self) -> float:
        "Temperature of the chamber, in °C."
        return 20.0
    @temperature_of_the_chamber.setter
    def temperature_of_the_chamber(self, value: float): ...
oven = Oven()
import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.schema import Limit
from ivoryos_jupyter.session import current_session
current_session().limits.save(Limit("oven", "temperature_of_the_chamber_(setter)", "value", minimum=-150.5, maximum=1250.5, unit="°C"))
ivoryos.control(oven)
"""


CUT = """
node => [...node.querySelectorAll('.ivo-name, .ivo-hint')]
    .filter(one => getComputedStyle(one).display !== 'inline' && one.scrollWidth > one.clientWidth + 1)
    .map(one => one.textContent)
"""


@pytest.mark.parametrize("width", [900, 600])
def test_a_narrow_panel_cuts_neither_the_name_of_a_property_nor_its_unit(lab, opened, width):
    size = lab.page.viewport_size
    _, panel = opened(INSTRUMENTS, NARROW)
    row = member(panel, "oven.temperature_of_the_chamber")
    row.get_by_role("button", name="Read").click()
    expect(row.locator(".ivo-reading")).to_contain_text("20.0")
    try:
        lab.page.set_viewport_size({"width": width, "height": 700})
        expect(row).to_contain_text("1250.5")
        assert row.evaluate(CUT) == []
        box, name = row.bounding_box(), row.locator(".ivo-name").bounding_box()
        assert name["x"] + name["width"] <= box["x"] + box["width"] + 1
        lab.screenshot(f"property-{width}")
    finally:
        lab.page.set_viewport_size(size)


SLEEPER = """
import ivoryos_jupyter as ivoryos
class Oven:
    def soak(self, minutes: float) -> str:
        "Wait."
        ivoryos.sleep(minutes * 60)
        return "soaked"
oven = Oven()
ivoryos.control(oven)
"""


def test_enter_right_after_the_last_digit_calls_and_the_call_is_stopped_while_a_cell_blocks(lab, opened):
    notebook, panel = opened(INSTRUMENTS, SLEEPER)
    row = open_form(panel, "oven.soak")
    lab.page.evaluate("() => window.jupyterapp.commands.execute('notebook:insert-cell-below')")
    lab.page.evaluate(f"() => {notebook.CURRENT}.content.activeCell.model.sharedModel.setSource('import time; time.sleep(600)')")
    notebook.start(2)
    notebook.wait_running(2)
    field(panel, "oven.soak", "minutes").click()
    lab.page.keyboard.type("15\n")
    line = row.locator(".ivo-entry-line")
    expect(line).to_contain_text("soak(minutes=15.0)")
    expect(line).to_contain_text("running")
    row.get_by_role("button", name="Stop the call").click()
    expect(line).to_contain_text("Stopped by a person")
    expect(line).to_have_count(1)
    assert notebook.is_running(2)


def test_a_click_right_after_the_last_digit_calls(lab, opened):
    _, panel = opened(INSTRUMENTS, PANEL)
    row = open_form(panel, "pump.dispense")
    field(panel, "pump.dispense", "volume_ml").fill("2.5")
    row.locator("button.ivo-call").dispatch_event("click")
    expect(row.locator(".ivo-entry-line")).to_contain_text("→ 7.5 mL")
    expect(row.locator(".ivo-entry-line")).to_have_count(1)


STUCK = """
import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.session import current_session
from ivoryos_jupyter.testing import NeverReturns
stuck = NeverReturns()
current_session().pipeline.grace_s = 0.1
ivoryos.control(stuck)
"""


def test_an_instrument_that_never_answered_is_trusted_again_in_its_header(lab, opened):
    _, panel = opened(INSTRUMENTS, STUCK)
    row = open_form(panel, "stuck.hang")
    row.locator("button.ivo-call").click()
    row.get_by_role("button", name="Stop the call").click()
    head = panel.locator("[data-instrument='stuck']")
    expect(head.locator(".ivo-status").first).to_contain_text("not trusted: check it")
    lab.screenshot("untrusted-light")
    head.get_by_role("button", name="I have checked it").click()
    expect(head.locator(".ivo-status").first).to_have_text(re.compile("idle"))


def test_a_new_device_is_made_from_its_class_and_lands_in_the_notebook(lab, opened):
    _, panel = opened(INSTRUMENTS, PANEL)
    panel.get_by_role("button", name="New device").click()
    panel.get_by_label("class").fill("Pump")
    panel.get_by_role("button", name="Show its form").click()
    form = panel.locator(".ivo-new form.ivo-form")
    form.locator("[data-field='capacity_ml'] input").fill("25")
    expect(form.locator(".ivo-says")).to_have_text("pump_2 = Pump(capacity_ml=25.0)")
    lab.screenshot("new-device-light")
    form.get_by_role("button", name="Make").click()
    expect(panel.locator("[data-instrument='pump_2']")).to_be_visible()


BIG = """
%load_ext ivoryos_jupyter
def method(self, a: float, b: int = 1, c: str = "x", d: bool = False) -> float:
    "Do something."
for i in range(50):
    globals()[f"big_{i}"] = type(f"Big{i}", (), {f"method_{m}": method for m in range(20)})()
"""


def test_a_deck_of_fifty_instruments_is_drawn(opened):
    _, panel = opened(BIG, PANEL)
    expect(panel.locator("[data-instrument]")).to_have_count(50)
    panel.get_by_role("searchbox").fill("big_37 method_11")
    expect(panel.locator("[data-member]")).to_have_count(1)


KINDS = """
import datetime
from dataclasses import dataclass
from typing import Literal
%load_ext ivoryos_jupyter
import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.testing import Charge, Mode, Pump
class Station:
    def everything(
        self, volumes: list[float], what: Charge, source: Pump, flags: dict[str, bool] | None = None, keep: bool | None = None,
        mode: Mode = Mode.HEAT, gain: Literal[1, 10] = 1, at: datetime.datetime | None = None, either: int | str = 5, name: str = "a",
    ):
        "Take one of each kind."
        return [{"volume": v, "mass": what.mass_g} for v in volumes]
station, pump = Station(), Pump()
"""


def test_every_kind_of_value_has_its_field_and_the_result_is_a_table(lab, opened, paint):
    _, panel = opened(KINDS, "ivoryos.control(station)")
    wide(lab)
    row = open_form(panel, "station.everything")
    field(panel, "station.everything", "volumes").fill("1, 2.5")
    field(panel, "station.everything", "what.reagent").fill("NaCl")
    field(panel, "station.everything", "what.mass_g").fill("3")
    field(panel, "station.everything", "source").fill("pump")
    row.get_by_role("radio", name="False").click()
    row.get_by_role("button", name="+ entry").click()
    row.get_by_label("flags key 0").fill("stirred")
    row.get_by_role("radiogroup", name="flags value 0").get_by_role("radio", name="True").click()
    call = row.get_by_role("button", name="Everything", exact=True)
    given = "volumes=[1.0, 2.5], what=Charge(reagent='NaCl', mass_g=3.0), source=pump, flags={'stirred': True}, keep=False"
    expect(row.locator(".ivo-says")).to_have_text(f"station.everything({given})")
    call.click()
    row.locator(".ivo-entry-line").click()
    expect(row.locator(".ivo-result table")).to_contain_text("2.5")
    lab.screenshot("kinds-light")
    row.locator(".ivo-entry-detail").scroll_into_view_if_needed()
    paint("Dark")
    lab.screenshot("kinds-dark")


def test_a_call_becomes_a_cell_below_the_panel(lab, opened):
    notebook, panel = opened(INSTRUMENTS, PANEL)
    row = open_form(panel, "reactor.set_mode")
    row.get_by_role("button", name="Set mode", exact=True).click()
    row.locator(".ivo-entry-line").click()
    row.get_by_role("button", name="To a cell").click()
    expect(row.locator(".ivo-actions [role=status]")).to_have_text("a cell was added below")
    source = lab.page.evaluate(f"() => {notebook.CURRENT}.content.widgets[2].model.sharedModel.getSource()")
    assert source == "reactor.set_mode()"

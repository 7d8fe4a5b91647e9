"""Does the sidebar show the truth of the current notebook, and do its buttons work while a cell blocks?"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

sys.path.insert(0, str(Path(__file__).parent))
from builder_page import settled

SETUP = """
%load_ext ivoryos_jupyter
import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.testing import Pump, Reactor, Spectrometer
pump, reactor, spectrometer = Pump(capacity_ml=1000), Reactor(), Spectrometer()

def dosing(name="dose_and_rest", seconds=1.0):
    wf = ivoryos.new_workflow(name)
    wf.script.call("pump.dispense", volume_ml=ivoryos.at_run("volume"), save="left")
    wf.script.get("reactor.temperature", save="temp")
    wf.script.wait(seconds)
    return wf

rows = lambda count, volume=0.5: [{"volume": volume} for _ in range(count)]
"""
RUN = "run = dosing().submit(rows(200), name='night')"
QUEUE = "for name, count in (('rinse', 3), ('screen_solvents', 96), ('calibrate', 12)): dosing(name).submit(rows(count), name=name)"
SLEEP = "import time; time.sleep(600)"


@pytest.fixture
def bar(page):
    return page.locator(".ivo-sb")


def show(lab):
    lab.page.evaluate("() => window.jupyterapp.commands.execute('ivoryos:show-sidebar')")


def part(bar, name):
    return bar.get_by_role("region", name=re.compile(f"^{name}"))


def test_nothing_is_wider_than_the_sidebar_at_its_narrowest(lab, bar):
    name = "a_long_name_" * 8
    notebook = lab.open(
        SETUP,
        f"run = dosing('{name}').submit(rows(200), name='{name}')",
        f"for n in range(2): dosing('{name}').submit(rows(3), name='{name}' + str(n))",
    )
    for cell in range(3):
        notebook.run(cell)
    show(lab)
    expect(part(bar, "Queue")).to_contain_text("a_long_name_")
    expect(part(bar, "Deck")).to_contain_text("temperature")
    lab.page.wait_for_function("() => document.querySelector('.ivo-sb').getBoundingClientRect().width >= 291")
    assert bar.evaluate("element => element.scrollWidth <= element.clientWidth")
    lab.screenshot("sidebar-long-names")


def test_a_notebook_without_ivoryos_is_told_what_to_do(lab, bar):
    notebook = lab.open("1 + 1")
    show(lab)
    expect(bar).to_contain_text("has not loaded IvoryOS")
    lab.screenshot("sidebar-first")
    bar.get_by_role("button", name="Insert the cell").click()
    source = "() => window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.sharedModel.getSource())"
    assert lab.page.evaluate(source) == ["1 + 1", "%load_ext ivoryos"]
    assert notebook.outputs(0) == []


def test_a_session_with_nothing_in_it_teaches(lab, bar):
    notebook = lab.open("%load_ext ivoryos_jupyter")
    notebook.run(0)
    show(lab)
    expect(part(bar, "Run")).to_contain_text("No run yet")
    expect(part(bar, "Queue")).to_contain_text("Nothing waits")
    expect(part(bar, "Deck")).to_contain_text("No instruments yet")
    lab.screenshot("sidebar-empty")


def test_the_run_is_shown_and_commanded_while_a_cell_blocks(lab, bar):
    notebook = lab.open(SETUP, RUN, QUEUE, SLEEP)
    for cell in range(3):
        notebook.run(cell)
    show(lab)
    notebook.start(3)
    notebook.wait_running(3)
    run = part(bar, "Run")
    expect(run).to_contain_text(re.compile(r"night.*running", re.DOTALL))
    expect(run).to_contain_text(re.compile(r"ends \d\d:\d\d"))
    expect(part(bar, "Deck")).to_contain_text(re.compile(r"temperature .* °C"))
    lab.screenshot("sidebar-running")
    run.get_by_role("button", name="Pause").click()
    expect(run).to_contain_text("paused")
    run.get_by_role("button", name="Resume").click()
    expect(run).to_contain_text("running")
    run.get_by_role("button", name="Stop").click()
    lab.screenshot("sidebar-stop-menu")
    run.get_by_role("menuitem", name="after this step").click()
    expect(run).to_contain_text("stopped")
    expect(part(bar, "Queue")).to_contain_text("was stopped")
    expect(part(bar, "Recent runs")).to_contain_text(re.compile(r"night.* of 200 rows", re.DOTALL))
    assert notebook.is_running(3)
    lab.screenshot("sidebar-stopped")


def test_a_failed_step_is_retried_with_another_argument(lab, bar):
    notebook = lab.open(SETUP, "run = dosing().submit(rows(1, 2000), name='night')", SLEEP)
    notebook.run(0)
    notebook.run(1)
    expect(lab.page.locator(".Toastify")).to_contain_text("night waits for you")  # beside an open sidebar it would go by itself
    show(lab)
    notebook.start(2)
    needs = part(bar, "Needs you")
    expect(needs).to_contain_text("pump.dispense")
    expect(needs).to_contain_text("refill first")
    lab.screenshot("sidebar-error")
    needs.get_by_label("volume_ml").fill("1")
    expect(needs).to_contain_text("was 2000")
    expect(needs).to_contain_text("with the values above")
    needs.get_by_role("button", name="Retry").click()
    expect(part(bar, "Run")).to_contain_text("completed")
    expect(part(bar, "Needs you")).to_have_count(0)
    assert notebook.is_running(2)


def test_a_question_is_answered_and_a_wrong_answer_refused(lab, bar):
    asks = "wf = dosing()\nwf.script.input('Which pH do you see?', type='float', save='ph')\nrun = wf.submit(rows(1), name='titration')"
    notebook = lab.open(SETUP, asks, "run.outputs")
    notebook.run(0)
    notebook.run(1)
    show(lab)
    needs = part(bar, "Needs you")
    expect(needs).to_contain_text("Which pH do you see?")
    lab.screenshot("sidebar-question")
    answer = needs.get_by_label("Answer")
    answer.fill("seven")
    answer.press("Enter")
    expect(needs.locator(".ivo-answer .ivo-problem")).to_contain_text("'seven' is not a number")
    answer.fill("7.2")
    needs.get_by_role("button", name="Answer").click()
    expect(part(bar, "Run")).to_contain_text("completed")


def test_waiting_runs_are_moved_renamed_held_and_removed(lab, bar):
    notebook = lab.open(SETUP, "ivoryos.queue.hold('until tonight')", QUEUE)
    for cell in range(3):
        notebook.run(cell)
    show(lab)
    queue = part(bar, "Queue")
    names = queue.locator(".ivo-sb-entry .ivo-sb-name")
    expect(names).to_have_text(["rinse", "screen_solvents", "calibrate"])
    expect(queue).to_contain_text("until tonight")
    names.nth(0).click()
    queue.get_by_role("button", name="Move rinse down").click()
    expect(names).to_have_text(["screen_solvents", "rinse", "calibrate"])
    expect(queue.locator(".ivo-spoken")).to_have_text("rinse is now 2 of 3")
    lab.screenshot("sidebar-queue")
    queue.get_by_role("button", name="Rename").click()
    queue.get_by_label("New name").fill("<b>rinse twice</b>")
    queue.get_by_label("New name").press("Enter")
    expect(names).to_have_text(["screen_solvents", "<b>rinse twice</b>", "calibrate"])
    queue.get_by_role("button", name="Hold", exact=True).last.click()
    expect(queue).to_contain_text("on hold · release")
    handle = queue.locator(".ivo-sb-handle")
    start, end = settled(handle.nth(2)), settled(handle.nth(0))
    mouse = lab.page.mouse
    mouse.move(start["x"] + 5, start["y"] + 8)
    mouse.down()
    mouse.move(start["x"] + 5, start["y"] + 2, steps=3)
    mouse.move(end["x"] + 5, end["y"] - 2, steps=12)
    lab.screenshot("sidebar-drag")
    mouse.up()
    expect(names).to_have_text(["calibrate", "screen_solvents", "<b>rinse twice</b>"])
    queue.get_by_role("button", name="Remove").click()
    queue.get_by_role("button", name="Remove").click()
    expect(names).to_have_text(["calibrate", "screen_solvents"])
    queue.get_by_role("button", name="Release").click()
    expect(part(bar, "Run")).to_contain_text("calibrate")


def test_after_a_reload_in_mid_cell_and_in_another_notebook_the_truth_is_shown(lab, bar):
    notebook = lab.open(SETUP, RUN, SLEEP, name="first")
    notebook.run(0)
    notebook.run(1)
    notebook.save()
    notebook.start(2)
    notebook.wait_running(2)
    notebook.reload(idle=False)
    show(lab)
    expect(part(bar, "Run")).to_contain_text(re.compile(r"night.*running", re.DOTALL))
    expect(part(bar, "Deck")).to_contain_text("spectrometer")
    lab.open("1 + 1", name="second", reset=False)
    expect(bar).to_contain_text("has not loaded IvoryOS")
    lab.activate(notebook)
    expect(part(bar, "Run")).to_contain_text("night")


def test_an_interrupted_run_is_decided_about_and_resumed_in_its_card(lab, bar):
    slow = "wf = ivoryos.new_workflow('heat')\nwf.script.call('reactor.set_temperature', setpoint=60.0)\nrun = wf.submit(name='overnight')"
    setup = SETUP.replace("Reactor()", "Reactor(time_scale=60)")
    notebook = lab.open(setup, slow)
    notebook.run(0)
    notebook.run(1)
    show(lab)
    expect(part(bar, "Run")).to_contain_text("reactor.set_temperature")
    lab.page.evaluate("() => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart(); }")
    expect(bar).to_contain_text("The kernel of this notebook has ended")
    notebook.wait_idle()
    notebook.run(0)
    needs = part(bar, "Needs you")
    expect(needs).to_contain_text("overnight was interrupted")
    status = lab.page.locator(".jp-ivoryos-status-text")
    expect(status).to_contain_text("overnight was interrupted: decide")
    lab.screenshot("sidebar-interrupted")
    lab.page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    lab.page.locator("body[data-jp-theme-light=false]").wait_for(state="attached")
    lab.screenshot("sidebar-interrupted-dark")
    lab.page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")
    expect(needs.get_by_role("button", name="Resume")).to_be_disabled()
    needs.get_by_role("button", name="Not done").click()
    expect(needs).to_contain_text("Decided: you said it was not done")
    lab.screenshot("sidebar-decided")
    needs.get_by_role("button", name="Done", exact=True).click()
    expect(needs).to_contain_text("you said it was done")
    needs.get_by_role("button", name="Resume").click()
    expect(needs).to_have_count(0)
    expect(part(bar, "Recent runs")).to_contain_text("overnight (resumed)")
    expect(part(bar, "Recent runs")).to_contain_text("interrupted")
    expect(status).not_to_contain_text("interrupted: decide")


def test_it_is_dark_in_the_dark(lab, bar):
    notebook = lab.open(SETUP, RUN, QUEUE)
    notebook.run(0)
    lab.page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    lab.page.locator("body[data-jp-theme-light=false]").wait_for(state="attached")
    notebook.run(1)
    notebook.run(2)
    show(lab)
    expect(part(bar, "Deck")).to_contain_text("temperature")
    expect(part(bar, "Recent runs")).to_be_visible()
    lab.screenshot("sidebar-dark")
    background = bar.evaluate("element => getComputedStyle(element).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", background)[:3])) < 150
    lab.page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")


def test_the_launcher_opens_a_starter_notebook_and_the_status_bar_the_sidebar(lab, bar):
    lab.open("1 + 1")
    lab.page.evaluate("() => window.jupyterapp.commands.execute('launcher:create')")
    card = lab.page.locator(".jp-LauncherCard", has_text="IvoryOS notebook").first
    card.wait_for()
    lab.screenshot("launcher")
    card.click()
    lab.page.wait_for_function("() => window.jupyterapp.shell.currentWidget?.content?.widgets?.length === 7")
    source = "() => window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.sharedModel.getSource())"
    assert "%load_ext ivoryos" in lab.page.evaluate(source)
    lab.page.wait_for_function("() => window.jupyterapp.shell.currentWidget.sessionContext?.session?.kernel?.status === 'idle'")
    lab.page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    status = lab.page.locator(".jp-ivoryos-status-text")
    expect(status).to_contain_text("no run yet")
    expect(bar).to_be_hidden()
    status.click()
    expect(part(bar, "Deck")).to_contain_text("reactor")
    lab.screenshot("starter")


def test_notebook_7_has_the_sidebar(notebook7, bar):
    notebook = notebook7.open(SETUP, RUN)
    notebook.run(0)
    notebook.run(1)
    show(notebook7)
    expect(part(bar, "Run")).to_contain_text("night")
    expect(part(bar, "Deck")).to_contain_text("spectrometer")
    notebook7.screenshot("notebook-7-sidebar")


def change_theme(lab, name):
    lab.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", f"JupyterLab {name}")
    lab.page.wait_for_selector(f"body[data-jp-theme-name='JupyterLab {name}']", state="attached")
    expect(lab.page.locator("#jupyterlab-splash")).to_have_count(0)


SAFE = """
class Valve:
    def __init__(self):
        self.opened = True

    @ivoryos.safe_state
    def close(self):
        self.opened = False


class Arm:
    @ivoryos.safe_state
    async def park(self):
        raise RuntimeError("joint 3 does not move")


valve, arm = Valve(), Arm()
ivoryos.safe_states.set("reactor", "stir")
"""


def test_make_safe_says_beforehand_what_it_calls_and_afterwards_what_came_of_it_while_a_cell_blocks(lab, bar):
    notebook = lab.open(SETUP, SAFE, RUN, SLEEP)
    for cell in range(3):
        notebook.run(cell)
    show(lab)
    notebook.start(3)
    notebook.wait_running(3)
    safe = bar.get_by_role("group", name="Make safe")
    expect(safe).to_contain_text("Then calls reactor.stir(), valve.close(), arm.park().")
    expect(safe).to_contain_text("2 instruments have no handler: pump, spectrometer.")
    lab.screenshot("sidebar-make-safe-before")
    safe.get_by_role("button", name="Make safe").click()
    report = safe.get_by_label("What make safe did")
    expect(report).to_contain_text("Made safe")
    expect(report).to_contain_text("Could not be reached: arm")
    expect(report).to_contain_text(re.compile(r"valve.close\(\)\s*returned"))
    expect(report).to_contain_text("joint 3 does not move")
    expect(report).to_contain_text("2 instruments have no handler: pump, spectrometer")
    expect(report).to_contain_text("night was stopped without cleanup")
    expect(report).to_contain_text("A cell was interrupted")
    expect(part(bar, "Deck")).to_contain_text("not trusted")
    notebook.wait(3)
    assert "KeyboardInterrupt" in str(notebook.outputs(3))
    report.scroll_into_view_if_needed()
    lab.screenshot("sidebar-make-safe-after")
    assert bar.evaluate("element => element.scrollWidth <= element.clientWidth")
    change_theme(lab, "Dark")
    lab.screenshot("sidebar-make-safe-after-dark")
    change_theme(lab, "Light")
    report.get_by_role("button", name="I have read it").click()
    expect(report).to_have_count(0)

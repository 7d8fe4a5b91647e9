"""Can a workflow be dragged together, moved by keyboard, saved, found after a reload and run, in a real JupyterLab?"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

sys.path.insert(0, str(Path(__file__).parent))
from builder_page import BuilderPage

DECK = """
%load_ext ivoryos
import ivoryos
from ivoryos_jupyter.testing import Pump, Reactor, Spectrometer
pump, reactor, spectrometer = Pump(time_scale=0), Reactor(time_scale=0), Spectrometer(time_scale=0)
"""


@pytest.fixture
def builder(lab):
    notebook = lab.open(DECK + "%ivoryos builder dose", "wf = ivoryos.workflow('dose')", "import json")
    notebook.run(0)
    made = BuilderPage(notebook)
    made.notebook = notebook
    return made


def _kernel(builder, code):
    """Run a line in the second cell and return what it says."""
    builder.page.evaluate(
        "code => window.jupyterapp.shell.currentWidget.content.widgets[1].model.sharedModel.setSource(code)",
        f"import json\nprint(json.dumps({code}))",
    )
    builder.notebook.run(1)
    return json.loads(builder.notebook.text(1))


def test_an_empty_builder_says_what_to_do(builder, lab):
    expect(builder.form).to_contain_text("Drag a method")
    expect(builder.root.locator(".ivb-row-empty")).to_have_count(3)
    lab.screenshot("builder-empty")


def test_a_workflow_is_dragged_together_saved_found_after_a_reload_and_run(builder, lab):
    builder.drag(builder.source("reactor.set_mode"), builder.empty("prep"))
    builder.drag(builder.source("pump.dispense"), builder.empty("script"))
    builder.fill("volume_ml", "0.5")
    expect(builder.step("pump.dispense")).to_contain_text("0.5 mL")
    builder.fill("outputs", "left")
    expect(builder.step("pump.dispense")).to_contain_text("→ left")
    builder.drag(builder.source("flow:repeat"), builder.step("pump.dispense"), part=0.7, indent=0)
    builder.drag(builder.source("spectrometer.measure"), builder.root.locator(".ivb-row-empty").nth(0))
    builder.fill("sample_id", "blank")
    builder.drag(builder.source("flow:if"), builder.root.locator(".ivb-row-phase").nth(2), part=0.1, indent=0)
    builder.drag(builder.step("if"), builder.root.locator(".ivb-row-phase").nth(1), part=0.5)
    expect(builder.steps.nth(1)).to_contain_text("if")
    builder.root.locator(".ivb-icon[aria-label=Undo]").click()
    builder.root.locator(".ivb-icon[aria-label=Undo]").click()
    expect(builder.steps).to_have_count(4)
    builder.drag(builder.source("reactor.set_temperature"), builder.empty("cleanup"))
    builder.fill("setpoint", "20")
    expect(builder.step("set_temperature")).to_contain_text("20 °C")
    builder.reads(
        "reactor.set_mode",
        "pump.dispense volume 0.5 mL → left",
        "repeat 2 times",
        "spectrometer.measure sample id blank",
        "reactor.set_temperature setpoint 20 °C",
    )
    expect(builder.root.locator(".ivb-problems")).to_contain_text("no problems")
    builder.root.get_by_role("button", name="Library").click()
    builder.root.get_by_role("button", name="Save", exact=True).click()
    expect(builder.root.locator(".ivb-versions")).to_contain_text("version 1")
    builder.page.keyboard.press("Escape")
    lab.screenshot("builder-filled")
    builder.notebook.save()
    builder.notebook.reload()
    again = BuilderPage(builder.notebook)
    again.notebook = builder.notebook
    expect(again.steps).to_have_count(5)
    again.root.get_by_role("button", name="▶ Run…").click()
    again.root.get_by_role("dialog").get_by_label("Repeat").fill("2")
    expect(again.root.get_by_role("dialog")).to_contain_text("nothing wrong")
    again.root.get_by_role("dialog").get_by_role("button", name="▶ Run").click()
    expect(again.root.locator(".ivb-versions")).to_contain_text("last run completed")
    expect(again.step("spectrometer.measure").locator(".ivb-ran")).to_contain_text("4× ✓")
    assert _kernel(again, "len(ivoryos.history.steps(instrument='spectrometer'))") == 4


def test_the_keyboard_alone_adds_moves_edits_and_deletes_and_leaves_the_notebook_alone(builder, lab):
    page = builder.page
    builder.source("pump.refill").focus()
    page.keyboard.press("Enter")
    expect(builder.steps).to_have_count(1)
    builder.source("flow:repeat").focus()
    page.keyboard.press("Space")
    expect(builder.says()).to_contain_text("repeat lifted")
    expect(builder.root.locator(".ivb-canvas")).to_be_focused()
    page.keyboard.press("Enter")
    expect(builder.steps).to_have_count(2)
    expect(builder.says()).to_contain_text("dropped: Script, position 2")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(builder.says()).to_contain_text("in repeat 2 times, which is empty")
    lab.screenshot("builder-keyboard")
    page.keyboard.press("Space")
    expect(builder.root.locator("[aria-level='3'] [data-step]")).to_contain_text("pump.refill")
    page.keyboard.press("Delete")
    expect(builder.steps).to_have_count(1)
    expect(builder.says()).to_have_text("Removed. Control Z brings it back.")
    page.keyboard.press("Control+z")
    expect(builder.steps).to_have_count(2)
    expect(builder.says()).to_contain_text("Undone: ")
    page.keyboard.press("/")
    expect(builder.root.get_by_label("Search actions")).to_be_focused()
    builder.root.locator(".ivb-canvas").focus()
    for key in ("b", "d", "d", "ArrowDown", "x"):
        page.keyboard.press(key)
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets.length") == 3


def test_escape_puts_a_lifted_step_back(builder):
    builder.source("pump.refill").click()
    builder.source("reactor.set_mode").click()
    expect(builder.steps).to_have_count(2)
    builder.root.locator(".ivb-canvas").focus()
    builder.page.keyboard.press("Space")
    builder.page.keyboard.press("ArrowUp")
    builder.page.keyboard.press("Escape")
    expect(builder.says()).to_contain_text("where it was")
    builder.reads("pump.refill", "reactor.set_mode")


def test_two_builders_of_one_workflow_stay_in_step(lab):
    notebook = lab.open(
        DECK + "a, b = ivoryos.builder('dose'), ivoryos.builder('dose')\nfrom IPython.display import display\ndisplay(a, b)"
    )
    notebook.run(0)
    first, second = BuilderPage(notebook), BuilderPage(notebook, nth=1)
    first.source("pump.dispense").click()
    expect(second.step("pump.dispense")).to_be_visible()
    second.step("pump.dispense").click()
    second.fill("volume_ml", "3")
    expect(first.step("pump.dispense")).to_contain_text("3 mL")
    expect(first.form.locator("[data-field=volume_ml] input")).to_have_value("3")


def test_several_steps_are_copied_and_pasted(builder, lab):
    lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for key in ("pump.refill", "reactor.set_mode"):
        builder.source(key).click()
    expect(builder.steps).to_have_count(2)
    builder.step("pump.refill").click()
    builder.step("reactor.set_mode").click(modifiers=["Shift"])
    expect(builder.form).to_contain_text("2 steps")
    builder.root.locator(".ivb-canvas").focus()
    builder.page.keyboard.press("Control+c")
    builder.page.keyboard.press("Control+v")
    expect(builder.steps).to_have_count(4)


def test_a_mistake_is_said_where_it_is_and_mended_with_one_click(builder, lab):
    builder.source("pump.dispense").click()
    expect(builder.step("pump.dispense").locator(".ivb-badge")).to_contain_text("needed")
    builder.fill("volume_ml", "two")
    expect(builder.form.locator("[data-field=volume_ml]")).to_contain_text("not a number")
    lab.screenshot("builder-error")
    builder.step("pump.dispense").locator(".ivb-repair").click()
    expect(builder.step("pump.dispense")).to_contain_text("#volume_ml")
    expect(builder.root.locator(".ivb-problems")).to_contain_text("no problems")


def test_what_is_typed_and_not_taken_is_marked_until_it_is_right_or_taken_back(builder, lab):
    builder.source("flow:wait").click()
    field = builder.form.locator("[data-field=seconds]")
    builder.fill("seconds", "-5")
    expect(field).to_contain_text("'-5' is negative; it must be 0 or more")
    builder.source("pump.refill").click()
    expect(builder.form).to_contain_text("pump.refill")
    expect(builder.step("wait").locator(".ivb-badge")).to_contain_text("seconds not taken: '-5' is negative")
    builder.root.get_by_role("button", name="▶ Run…").click()
    dialog = builder.root.get_by_role("dialog")
    expect(dialog).to_contain_text("1 problem keeps it from running")
    dialog.get_by_role("button", name="wait 10 s").click()
    expect(field.locator("input").first).to_have_value("-5")
    lab.screenshot("builder-not-taken")
    field.get_by_role("button", name="take back").click()
    expect(field.locator("input").first).to_have_value("10")
    expect(builder.root.locator(".ivb-problems")).to_contain_text("no problems")


def test_lines_that_are_pasted_are_the_items_of_a_loop(builder):
    builder.source("flow:for_each").click()
    paste = "(input, text) => { const data = new DataTransfer(); data.setData('text/plain', text);"
    paste += " input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })) }"
    builder.form.locator("[data-field=items] input").first.evaluate(paste, "A1\nA2\nA3\n")
    expect(builder.step("for each")).to_contain_text('["A1", "A2", "A3"]')


def test_the_four_choices_are_visible_and_only_names_that_exist_are_offered(builder):
    builder.source("pump.dispense").click()
    builder.fill("volume_ml", "volume", choice="# At run")
    builder.fill("outputs", "left")
    builder.source("reactor.set_temperature").click()
    box = builder.form.locator("[data-field=setpoint]")
    expect(box.get_by_role("radio")).to_have_count(4)
    assert box.get_by_role("radio").all_inner_texts() == ["Value", "# At run", "Variable", "Expression"]
    box.get_by_role("radio", name="Variable").click()
    expect(box.locator("option")).to_have_text(["choose a name…", re.compile("^left")])
    box.locator("select").select_option("left")
    expect(builder.step("set_temperature").locator(".ivb-variable")).to_have_text("left")


def test_text_from_drivers_and_people_is_shown_as_text(lab):
    evil = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
    cell = (
        DECK
        + f"""
class Evil:
    def call(self, text: str = {evil!r}) -> str:
        return text
    call.__doc__ = {evil!r}
evil = Evil()
from ivoryos_jupyter.workflow import Workflow, Action, Comment, Constant
from ivoryos_jupyter.session import current_session
step = Action(id="a", instrument="evil", method="call", arguments={{"text": Constant({evil!r})}}, note={evil!r})
current_session().library.save(Workflow(name={evil!r}, description={evil!r}, script=(step, Comment(id="c", text={evil!r}))))
ivoryos.builder({evil!r})"""
    )
    notebook = lab.open(cell)
    notebook.run(0)
    builder = BuilderPage(notebook)
    expect(builder.step("evil.call")).to_contain_text("<img src=x")
    builder.step("evil.call").click()
    expect(builder.form).to_contain_text("onerror")
    builder.root.get_by_role("button", name="Library").click()
    expect(builder.root.locator(".ivb-shelf")).to_contain_text("<script>")
    assert builder.page.evaluate("() => window.hacked === undefined")
    assert builder.root.locator("img, script").count() == 0


def test_the_dark_theme_is_followed(builder, lab):
    builder.source("pump.dispense").click()
    light = builder.root.evaluate("element => getComputedStyle(element).backgroundColor")
    builder.page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    expect(builder.page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    builder.page.wait_for_function("light => getComputedStyle(document.querySelector('.ivb')).backgroundColor !== light", arg=light)
    lab.screenshot("builder-dark")


def test_an_edit_reaches_the_kernel_while_a_cell_blocks(builder):
    builder.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.widgets[1].model.sharedModel.setSource('import time; time.sleep(600)')"
    )
    builder.notebook.start(1)
    builder.notebook.wait_running(1)
    builder.source("pump.refill").click()
    expect(builder.steps).to_have_count(1)
    assert builder.notebook.is_running(1)


def test_a_thousand_steps_are_shown_and_one_is_dragged_to_the_end_of_what_is_seen(lab):
    cell = (
        DECK
        + """
from ivoryos_jupyter.workflow import Workflow, Action, Constant
from ivoryos_jupyter.session import current_session
steps = tuple(Action(id=f"s{n}", instrument="pump", method="dispense", arguments={"volume_ml": Constant(n / 1000)}) for n in range(1000))
current_session().library.save(Workflow(name="long", script=steps))
ivoryos.builder("long")"""
    )
    notebook = lab.open(cell)
    notebook.run(0)
    builder = BuilderPage(notebook)
    expect(builder.root.locator(".ivb-row-phase").nth(1)).to_contain_text("1000 steps")
    assert builder.rows.count() < 60
    builder.drag(builder.root.locator("[data-step=s1]"), builder.root.locator("[data-step=s6]"), part=0.7)
    expect(builder.root.locator("[data-step]").nth(6)).to_have_attribute("data-step", "s1")
    builder.root.locator(".ivb-canvas").focus()
    builder.page.keyboard.press("End")
    expect(builder.root.locator("[data-step=s999]")).to_be_visible()

"""How many clicks and keys do a scientist's everyday jobs take?  Each is done by mouse and keyboard, and takes fewer than in IvoryOS.

A drag counts as one click, a key held with another as two keys. What IvoryOS 1.7.2 took for the same is in `ANCESTOR`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

TABLE = Path(__file__).parents[2] / "test-results/jobs.json"
ANCESTOR = {
    "call a method and see the result": (5, 13),
    "set a property": (5, 2),
    "design prep, 4 steps with repeat and if, cleanup": (30, 52),
    "save, rename, duplicate": (19, 92),
    "run three times": (15, 21),
    "run a table of 3 rows": (3, 18),
    "pause, resume, stop": (8, 2),
    "queue two, reorder, remove, edit one": (19, 38),
    "nested workflow": (24, 143),
    "human input": (23, 125),
    "set a limit and hit it": (7, 9),
}
DECK = """
%load_ext ivoryos
import ivoryos
from ivoryos_jupyter.testing import Pump, Reactor, Spectrometer
pump, reactor, spectrometer = Pump(time_scale=0), Reactor(time_scale=0), Spectrometer(time_scale=0)
"""
DOSE = """
wf = ivoryos.new_workflow("dose")
wf.script.call(pump.dispense, volume_ml=ivoryos.at_run("volume"), save="left")
wf.save()
"""
REST = """
wf = ivoryos.new_workflow("rest")
wf.script.wait(600)
wf.submit(name="night")
"""


class Person:
    """Someone who works at the page, and whose clicks and keys are counted."""

    def __init__(self, page) -> None:
        self.page = page
        self.clicks = 0
        self.keys = 0

    def click(self, locator, **how) -> None:
        locator.click(**how)
        self.clicks += 1

    def press(self, *keys) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += len(key.split("+"))

    def type(self, text) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def into(self, locator, text) -> None:
        """Click into a field that has not got the focus yet, mark what stands there, and type."""
        if not locator.evaluate("element => element === document.activeElement"):
            self.click(locator)
        if locator.input_value():
            self.press("Control+a")
        self.type(text)

    def choose(self, select, value) -> None:
        """Open a list and choose from it."""
        select.select_option(value)
        self.clicks += 2


@pytest.fixture
def job(lab, request):
    """The person who does a job; what it took is compared and kept."""
    name = request.node.get_closest_marker("job").args[0]
    person = Person(lab.page)
    yield person
    took, before = (person.clicks, person.keys), ANCESTOR[name]
    TABLE.parent.mkdir(exist_ok=True)
    table = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}
    TABLE.write_text(json.dumps({**table, name: {"ours": took, "IvoryOS": before}}, indent=1), encoding="utf-8")
    assert sum(took) < sum(before), f"{name} took {took[0]} clicks and {took[1]} keys"
    assert took[0] <= before[0], f"{name} took {took[0]} clicks"


def shown(lab, *cells):
    """Run the cells, and return what the last one shows."""
    notebook = lab.open(DECK, *cells)
    for cell in range(len(cells) + 1):
        notebook.run(cell)
    lab.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    return notebook.cell(len(cells))


@pytest.mark.job("call a method and see the result")
def test_a_method_is_called_and_its_result_seen(lab, job):
    row = shown(lab, "%ivoryos").locator("[data-member='pump.dispense']")
    job.click(row.locator(".ivo-row-button").first)
    job.into(row.locator("[data-field='volume_ml'] input"), "2.5")
    job.press("Enter")
    expect(row).to_contain_text("→ 7.5")


@pytest.mark.job("set a property")
def test_a_property_is_set(lab, job):
    row = shown(lab, "%ivoryos").locator("[data-member='reactor.temperature']")
    job.into(row.locator("input").first, "60")
    job.press("Enter")
    expect(row).to_contain_text("set")


@pytest.mark.job("design prep, 4 steps with repeat and if, cleanup")
def test_a_workflow_is_designed(lab, job):
    cell = shown(lab, "%ivoryos builder dose")
    builder = cell.locator(".ivb")
    steps = builder.locator(".ivb-row-step")

    def add(key, count):
        job.click(builder.locator(f'[data-source="{key}"]'))
        expect(steps).to_have_count(count)

    def value(name, text):
        job.into(builder.locator(f'.ivb-form [data-field="{name}"] input:not([type=checkbox])').first, text)

    def inside(number):
        job.click(builder.locator(".ivb-row-empty").nth(number))

    inside(0)
    add("reactor.set_mode", 1)
    inside(0)
    add("pump.dispense", 2)
    value("volume_ml", "1")
    value("outputs", "left")
    add("flow:repeat", 3)
    add("spectrometer.measure", 4)
    value("sample_id", "a")
    job.click(builder.locator(".ivb-row-step", has_text="repeat"))
    add("flow:if", 5)
    value("branch:0", "left < 5")
    add("pump.refill", 6)
    inside(1)
    add("reactor.set_mode", 7)
    expect(builder.locator(".ivb-problems")).to_contain_text("no problems")
    lab.screenshot("job-design")


@pytest.mark.job("save, rename, duplicate")
def test_a_workflow_is_saved_renamed_and_duplicated(lab, job):
    builder = shown(lab, "%ivoryos builder dose").locator(".ivb")
    builder.locator('[data-source="pump.refill"]').click()
    expect(builder.locator(".ivb-row-step")).to_have_count(1)
    job.click(builder.get_by_role("button", name="Library"))
    dialog = builder.get_by_role("dialog")
    job.click(dialog.get_by_role("button", name="Save", exact=True))
    expect(builder.locator(".ivb-versions")).to_contain_text("version 1")
    job.into(dialog.get_by_label("Another name"), "rinse")
    job.click(dialog.get_by_role("button", name="Rename"))
    expect(builder.locator(".ivb-header")).to_contain_text("rinse")
    expect(dialog.get_by_label("Another name")).to_have_value("")
    job.into(dialog.get_by_label("Another name"), "rinse 2")
    job.click(dialog.get_by_role("button", name="Save as"))
    expect(dialog.locator(".ivb-shelf")).to_have_count(2)


@pytest.mark.job("run three times")
def test_a_workflow_is_run_three_times(lab, job):
    builder = shown(lab, "wf = ivoryos.new_workflow('fill')\nwf.script.call(pump.refill)\nwf.save()\nwf.edit()").locator(".ivb")
    job.click(builder.get_by_role("button", name="▶ Run…"))
    dialog = builder.get_by_role("dialog")
    job.into(dialog.get_by_label("Repeat"), "3")
    job.click(dialog.get_by_role("button", name="▶ Run"))
    expect(builder.locator(".ivb-versions")).to_contain_text("last run completed")


@pytest.mark.job("run a table of 3 rows")
def test_a_table_of_three_rows_is_typed_and_run(lab, job):
    builder = shown(lab, DOSE + "wf.edit()").locator(".ivb")
    job.click(builder.get_by_role("button", name="▶ Run…"))
    cell = builder.locator('[data-cell="0/0"]')
    job.into(cell, "1")
    for row, text in enumerate(("2", "3"), 1):
        job.press("Enter")
        expect(builder.locator(f'[data-cell="{row}/0"]')).to_be_focused()
        job.type(text)
    expect(builder.get_by_role("dialog")).to_contain_text("nothing wrong")
    job.click(builder.get_by_role("dialog").get_by_role("button", name="▶ Run"))
    expect(builder.locator(".ivb-versions")).to_contain_text("last run completed")


@pytest.mark.job("pause, resume, stop")
def test_a_run_is_paused_resumed_and_stopped(lab, job):
    view = shown(lab, REST).locator(".ivo")
    job.click(view.get_by_role("button", name="Pause"))
    expect(view).to_contain_text("paused")
    job.click(view.get_by_role("button", name="Resume"))
    expect(view).to_contain_text("running")
    job.click(view.get_by_role("button", name="Stop"))
    job.click(view.get_by_role("menuitem", name="now"))
    expect(view).to_contain_text("stopped")


@pytest.mark.job("nested workflow")
def test_a_workflow_is_made_a_step_of_another(lab, job):
    builder = shown(lab, DOSE + "wf.edit()").locator(".ivb")
    job.click(builder.get_by_role("button", name="Library"))
    dialog = builder.get_by_role("dialog")
    job.click(dialog.get_by_label("a step of other workflows"))
    expect(dialog.get_by_label("a step of other workflows")).to_be_checked()
    job.click(dialog.get_by_role("button", name="New workflow"))
    source = builder.locator('[data-source="workflow:dose"]')
    job.click(source)
    job.into(builder.locator('.ivb-form [data-field="volume"] input').first, "1")
    expect(builder.locator(".ivb-row-step")).to_have_count(1)
    expect(builder.locator(".ivb-problems")).to_contain_text("no problems")
    lab.screenshot("job-nested")


@pytest.mark.job("human input")
def test_a_person_is_asked_for_a_value_and_gives_it(lab, job):
    cell = shown(lab, "%ivoryos builder ask")
    builder = cell.locator(".ivb")
    job.click(builder.locator('[data-source="flow:input"]'))
    form = builder.locator(".ivb-form")
    job.into(form.locator('[data-field="message"] input, [data-field="message"] textarea').first, "pH?")
    job.choose(form.get_by_label("Answer is"), "float")
    lab.screenshot("job-human")
    job.click(builder.get_by_role("button", name="▶ Run…"))
    job.click(builder.get_by_role("dialog").get_by_role("button", name="▶ Run"))
    lab.page.evaluate("() => window.jupyterapp.commands.execute('ivoryos:show-sidebar')")
    needs = lab.page.locator(".ivo-sb").get_by_role("region", name=re.compile("^Needs you"))
    job.into(needs.get_by_label("Answer"), "7")
    job.press("Enter")
    expect(needs).to_have_count(0)


@pytest.mark.job("queue two, reorder, remove, edit one")
def test_two_runs_are_queued_reordered_edited_and_removed(lab, job):
    builder = shown(lab, DOSE + "ivoryos.queue.hold('until tonight')\nwf.edit()").locator(".ivb")
    for volume in ("1", "2"):
        job.click(builder.get_by_role("button", name="▶ Run…"))
        job.into(builder.locator('[data-cell="0/0"]'), volume)
        expect(builder.get_by_role("dialog")).to_contain_text("nothing wrong")
        job.click(builder.get_by_role("dialog").get_by_role("button", name="▶ Run"))
        expect(builder.get_by_role("dialog")).to_have_count(0)
    lab.page.evaluate("() => window.jupyterapp.commands.execute('ivoryos:show-sidebar')")
    queue = lab.page.locator(".ivo-sb").get_by_role("region", name=re.compile("^Queue"))
    names = queue.locator(".ivo-sb-entry .ivo-sb-name")
    expect(names).to_have_count(2)
    first = names.nth(0).inner_text()
    job.click(names.nth(0))
    job.click(queue.get_by_role("button", name=re.compile("^Move .* down")))
    expect(names.nth(1)).to_have_text(first)
    job.click(queue.get_by_role("button", name="Remove"))
    job.click(queue.get_by_role("button", name="Remove"))
    expect(names).to_have_count(1)
    job.click(names.nth(0))
    job.click(queue.get_by_role("button", name="Edit…"))
    editor = lab.page.locator("[data-testid=waiting-run]")
    job.into(editor.get_by_label("volume, row 1"), "3")
    job.click(editor.get_by_role("button", name="Keep in the queue"))
    expect(editor).to_contain_text("kept in the queue")


@pytest.mark.job("set a limit and hit it")
def test_a_limit_is_set_and_hit(lab, job):
    row = shown(lab, "%ivoryos").locator("[data-member='pump.dispense']")
    job.click(row.locator(".ivo-row-button").first)
    field = row.locator("[data-field='volume_ml']")
    job.click(field.get_by_role("button", name="Set a limit of volume_ml"))
    expect(field.get_by_label("at most")).to_be_focused()
    job.type("5")
    job.press("Enter")
    expect(field.get_by_role("textbox", name="volume_ml")).to_be_focused()
    job.type("7")
    expect(field).to_contain_text("7 mL is above the limit of 5 mL")

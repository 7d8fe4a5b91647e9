"""Can a waiting run be changed from the sidebar, and is it refused once it has begun?"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

SETUP = """
%load_ext ivoryos_jupyter
import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.testing import Pump, Reactor
pump, reactor = Pump(time_scale=0, capacity_ml=1000), Reactor(time_scale=0)

wf = ivoryos.new_workflow("rinse")
wf.script.call("pump.dispense", volume_ml=ivoryos.at_run("volume"), save="left")
"""
QUEUE = "run = wf.submit([{'volume': 0.5}, {'volume': 0.7}], name='tuesday', hold=True)"


@pytest.fixture
def queue(lab):
    """A notebook with one run on hold, and the sidebar's queue."""
    notebook = lab.open(SETUP, QUEUE, "1 + 1", name="tonight")
    notebook.run(0)
    notebook.run(1)
    lab.page.evaluate("() => window.jupyterapp.commands.execute('ivoryos:show-sidebar')")
    found = lab.page.locator(".ivo-sb").get_by_role("region", name=re.compile("^Queue"))
    found.notebook = notebook
    return found


@pytest.fixture
def editor(lab, queue):
    """The waiting run, opened from the sidebar."""
    queue.get_by_role("button", name="tuesday").click()
    queue.get_by_role("button", name="Edit…").click()
    return lab.page.locator("[data-testid=waiting-run]")


def _result(queue, lab, code):
    lab.activate(queue.notebook)
    lab.page.evaluate("code => window.jupyterapp.shell.currentWidget.content.widgets[2].model.sharedModel.setSource(code)", code)
    queue.notebook.run(2)
    return queue.notebook.text(2)


def test_its_rows_are_changed_and_run_as_changed(lab, queue, editor):
    dialog = editor.get_by_role("dialog", name="Waiting run: tuesday")
    expect(dialog.get_by_label("volume, row 2")).to_have_value("0.7")
    dialog.get_by_label("volume, row 2").fill("0.2")
    dialog.get_by_role("button", name="+ row").click()
    expect(dialog.get_by_label("volume, row 3")).to_have_attribute("aria-invalid", "false")
    dialog.get_by_label("volume, row 3").fill("much")
    expect(dialog.get_by_label("What keeps it from running")).to_contain_text("row 3, volume")
    expect(dialog.get_by_role("button", name="Keep in the queue")).to_be_disabled()
    lab.screenshot("queue-edit-table")
    dialog.get_by_label("volume, row 3").fill("0.3")
    dialog.get_by_role("button", name="Keep in the queue").click()
    expect(editor).to_contain_text("kept in the queue · waiting run tuesday")
    expect(queue).to_contain_text("3 rows")
    lab.activate(queue.notebook)
    queue.get_by_role("button", name="release", exact=True).click()
    expect(lab.page.locator(".ivo-sb")).to_contain_text("completed")
    assert _result(queue, lab, "print(list(run.outputs['volume']))").strip() == "[0.5, 0.2, 0.3]"


def test_its_sample_column_and_batches_are_shown_and_kept(lab):
    rows = [{"volume": 0.5, "vial": "A1"}, {"volume": 0.7, "vial": "A2"}]
    notebook = lab.open(SETUP, f"run = wf.submit({rows}, sample='vial', batch_size=2, name='tuesday', hold=True)", "1 + 1")
    notebook.run(0)
    notebook.run(1)
    lab.page.evaluate("() => window.jupyterapp.commands.execute('ivoryos:show-sidebar')")
    queue = lab.page.locator(".ivo-sb").get_by_role("region", name=re.compile("^Queue"))
    queue.notebook = notebook
    queue.get_by_role("button", name="tuesday").click()
    queue.get_by_role("button", name="Edit…").click()
    editor = lab.page.locator("[data-testid=waiting-run]")
    dialog = editor.get_by_role("dialog", name="Waiting run: tuesday")
    expect(dialog.get_by_label("Sample named by")).to_have_value("vial")
    expect(dialog.get_by_label("In batches of")).to_have_value("2")
    expect(dialog.get_by_label("vial, row 2")).to_have_value("A2")
    lab.screenshot("queue-edit-samples")
    dialog.get_by_label("vial, row 2").fill("B7")
    dialog.get_by_role("button", name="Keep in the queue").click()
    expect(editor).to_contain_text("kept in the queue")
    lab.activate(notebook)
    queue.get_by_role("button", name="release", exact=True).click()
    expect(lab.page.locator(".ivo-sb")).to_contain_text("completed")
    assert _result(queue, lab, "print(list(run.outputs['sample_id']))").strip() == "['A1', 'B7']"


def test_its_workflow_is_changed(lab, queue, editor):
    dialog = editor.get_by_role("dialog", name="Waiting run: tuesday")
    dialog.get_by_role("button", name="Cancel").click()
    editor.locator("[data-source='reactor.temperature']").click()
    expect(editor.locator("[data-step]")).to_have_count(2)
    expect(editor.locator(".ivb-versions")).to_contain_text("not kept yet")
    lab.screenshot("queue-edit-workflow")
    editor.get_by_role("button", name="Table, and keep…").click()
    dialog.get_by_role("button", name="Keep in the queue").click()
    expect(editor.locator(".ivb-versions")).to_contain_text("kept in the queue")
    lab.activate(queue.notebook)
    queue.get_by_role("button", name="release", exact=True).click()
    expect(lab.page.locator(".ivo-sb")).to_contain_text("completed")
    assert "temperature" in _result(queue, lab, "print(list(run.outputs))")


def test_a_run_that_has_begun_is_not_changed_and_says_so(lab, queue, editor):
    dialog = editor.get_by_role("dialog", name="Waiting run: tuesday")
    dialog.get_by_label("volume, row 2").fill("0.2")
    lab.activate(queue.notebook)
    queue.get_by_role("button", name="release", exact=True).click()
    expect(lab.page.locator(".ivo-sb")).to_contain_text("completed")
    lab.page.locator(".lm-TabBar-tab", has_text="tuesday").click()
    dialog.get_by_role("button", name="Keep in the queue").click()
    expect(dialog).to_contain_text("has begun")
    lab.screenshot("queue-edit-begun")
    assert _result(queue, lab, "print(list(run.outputs['volume']))").strip() == "[0.5, 0.7]"

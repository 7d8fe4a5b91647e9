"""Is a workflow file shown without a kernel, edited in a notebook's kernel, and written only when somebody says so?"""

from __future__ import annotations

import json
import os
import re
import time

import pytest
from playwright.sync_api import expect

from ivoryos_jupyter.workflow import Action, AtRun, Branch, Comment, Constant, If, Repeat, Wait, Workflow, from_json, to_json

SETUP = """
%load_ext ivoryos_jupyter
import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.testing import Pump, Reactor, Spectrometer
pump, reactor, spectrometer = Pump(time_scale=0), Reactor(time_scale=0), Spectrometer(time_scale=0)
"""
HOSTILE = "<img src=x onerror=\"document.title='owned'\">"


def _call(number, method, **arguments):
    instrument, _, name = method.partition(".")
    return Action(id=f"s{number}", instrument=instrument, method=name, arguments=arguments)


def dose(name="dose", description="Dose, then measure."):
    script = (
        Action(id="s2", instrument="pump", method="dispense", arguments={"volume_ml": AtRun("volume")}, outputs=("left",)),
        Repeat(id="s3", times=Constant(2), body=(_call(4, "spectrometer.measure", sample_id=Constant("blank")),)),
        If(id="s5", branches=(Branch("left < 15", (_call(6, "pump.refill"),)),), otherwise=(Wait(id="s7", seconds=Constant(3)),)),
    )
    return Workflow(
        name=name,
        description=description,
        prep=(_call(1, "reactor.set_temperature", setpoint=Constant(40)),),
        script=script,
        cleanup=(_call(8, "reactor.set_temperature", setpoint=Constant(20)),),
    )


class FilePage:
    """A workflow file in the main area."""

    def __init__(self, lab, path):
        self.lab = lab
        self.page = lab.page
        self.path = lab.server.folder / path
        self.name = path
        self.root = self.page.locator("[data-testid=workflow-file]")
        self.bar = self.root.get_by_role("group", name="This file")

    def button(self, name):
        return self.root.get_by_role("button", name=name)

    @property
    def kept(self):
        return from_json(self.path.read_text(encoding="utf-8"))


@pytest.fixture
def open_file(lab):
    """Writes a workflow file, and opens it beside what is open."""

    def opened(workflow, name="dose"):
        path = f"{lab.folder.name}/{name}.ivoryos.json"
        (lab.server.folder / path).parent.mkdir(parents=True, exist_ok=True)
        text = workflow if isinstance(workflow, str) else to_json(workflow, indent=1)
        (lab.server.folder / path).write_text(text, encoding="utf-8")
        if lab.page.url == "about:blank":
            lab.page.goto(f"{lab.server.url}lab/tree/{path}?reset")
        else:
            lab.page.evaluate("path => void window.jupyterapp.commands.execute('docmanager:open', {path})", path)
        file = FilePage(lab, path)
        file.root.first.wait_for()  # JupyterLab itself has to come first
        return file

    return opened


def test_a_file_is_shown_without_a_kernel(lab, open_file):
    file = open_file(dose())
    still = file.root.get_by_role("region", name="Workflow, read-only")
    expect(still).to_contain_text("pump.dispense")
    expect(file.bar).to_contain_text("Read-only: no kernel")
    expect(still.locator(".ivb-row-step")).to_have_count(8)
    for phase in ("Prep", "Script", "Cleanup"):
        expect(still.locator(".ivb-row-phase", has_text=phase)).to_be_visible()
    still.locator("[data-step=s2]").click()
    expect(still.get_by_label("Step", exact=True)).to_contain_text("#volume")
    lab.screenshot("file-read-only")
    still.locator(".ivb-canvas").press("Delete")
    expect(file.root.get_by_role("alert")).to_contain_text("Read-only")
    expect(still.locator(".ivb-row-step")).to_have_count(8)


def test_a_broken_file_says_where(lab, open_file):
    data = json.loads(to_json(dose()))
    data["script"][1]["body"][0]["arguments"] = {"sample_id": HOSTILE}
    file = open_file(json.dumps(data))
    expect(file.root.get_by_role("alert")).to_contain_text("script[1].body[0].arguments")
    lab.screenshot("file-broken")
    file.button("Open as text").click()
    expect(lab.page.locator(".jp-FileEditor")).to_be_visible()


def test_a_file_that_is_no_json_says_the_line(open_file):
    file = open_file('{"format": "ivoryos-workflow/1",\n "name" "x"}')
    expect(file.root.get_by_role("alert")).to_contain_text("line 2")


def test_hostile_content_is_text(lab, open_file):
    workflow = Workflow(
        name=HOSTILE, description=HOSTILE, script=(Comment(id="a", text=HOSTILE), _call(1, f"{HOSTILE}.x", y=Constant(HOSTILE)))
    )
    file = open_file(workflow)
    expect(file.root).to_contain_text("onerror")
    file.root.locator("[data-step=s1]").click()
    expect(file.root.get_by_label("Step", exact=True)).to_contain_text("onerror")
    assert file.root.locator("img").count() == 0
    assert "owned" not in lab.page.title()


@pytest.fixture
def attached(lab, open_file):
    """A file that is edited in the kernel of a notebook."""
    lab.open(SETUP, name="tonight").run(0)
    file = open_file(dose())
    file.button("Edit in tonight.ipynb").click()
    file.builder = file.root.get_by_role("region", name="Workflow builder")
    expect(file.builder.locator("[data-step]")).to_have_count(8)
    return file


def test_it_is_edited_in_a_notebooks_kernel_and_saved_when_somebody_says_so(lab, attached):
    builder = attached.builder
    expect(builder.locator("[data-source='pump.dispense']")).to_be_visible()
    before = attached.path.read_text(encoding="utf-8")
    builder.locator("[data-source='pump.refill']").click()
    expect(builder.locator("[data-step]")).to_have_count(9)
    expect(attached.bar).to_contain_text("does not have these changes yet")
    lab.screenshot("file-attached")
    assert attached.path.read_text(encoding="utf-8") == before
    attached.button("Save to file").click()
    expect(attached.bar).to_contain_text("Saved in the file, and as version 1 in the library.")
    assert len(attached.kept.script) == 4


def test_ctrl_s_saves_it_too(lab, attached):
    attached.builder.locator("[data-source='pump.refill']").click()
    expect(attached.builder.locator("[data-step]")).to_have_count(9)
    lab.page.keyboard.press("Control+s")
    expect(attached.bar).to_contain_text("Saved in the file")
    assert len(attached.kept.script) == 4


def test_after_a_reload_it_is_still_attached_with_what_was_not_saved(lab, attached):
    attached.builder.locator("[data-source='pump.refill']").click()
    expect(attached.builder.locator("[data-step]")).to_have_count(9)
    lab.page.goto(lab.page.url.replace("?reset", ""))
    expect(attached.builder.locator("[data-step]")).to_have_count(9)
    expect(attached.bar).to_contain_text("does not have these changes yet")


def test_a_file_that_was_changed_on_disk_is_not_overwritten_without_a_question(lab, attached):
    attached.builder.locator("[data-source='pump.refill']").click()
    expect(attached.builder.locator("[data-step]")).to_have_count(9)
    attached.path.write_text(to_json(dose(description="by a colleague")), encoding="utf-8")
    later = time.time() + 10  # changes are told by time stamps, and those of the same second are not
    os.utime(attached.path, (later, later))
    attached.button("Save to file").click()
    dialog = lab.page.locator(".jp-Dialog")
    expect(dialog).to_be_visible()
    lab.screenshot("file-changed-on-disk")
    dialog.get_by_role("button", name="Revert").click()
    expect(attached.root.get_by_role("alertdialog")).to_contain_text("changed on disk")
    assert attached.kept.description == "by a colleague"
    attached.button("Take the file’s").click()
    expect(attached.builder.locator("[data-step]")).to_have_count(8)


def test_another_version_in_the_library_is_asked_about(lab, open_file):
    notebook = lab.open(SETUP, "wf = ivoryos.new_workflow('dose')\nwf.script.call('pump.refill')\nwf.save()", name="tonight")
    notebook.run(0)
    notebook.run(1)
    file = open_file(dose())
    file.button("Edit in tonight.ipynb").click()
    question = file.root.get_by_role("alertdialog")
    expect(question).to_contain_text("says something else")
    lab.screenshot("file-question")
    question.get_by_role("button", name="under another name").click()
    expect(file.root.get_by_role("region", name="Workflow builder")).to_contain_text("dose_2")


def test_a_kernel_that_ends_leaves_the_file_readable(lab, attached):
    lab.page.evaluate("() => window.jupyterapp.serviceManager.sessions.shutdownAll()")
    expect(attached.bar).to_contain_text("Read-only: no kernel")
    expect(attached.root.get_by_role("alert")).to_contain_text("kept as a draft")


def test_the_dark_theme_is_followed(lab, attached):
    lab.page.evaluate("() => void window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    expect(lab.page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    attached.builder.locator("[data-step=s2]").click()
    lab.screenshot("file-attached-dark")
    attached.button("Let go").click()
    expect(attached.bar).to_contain_text("Read-only")
    lab.screenshot("file-read-only-dark")
    color = attached.root.evaluate("element => getComputedStyle(element).backgroundColor")
    assert max(map(int, re.findall(r"\d+", color)[:3])) < 128


def test_a_notebook_that_is_not_open_here_is_opened_beside_the_file(lab, open_file):
    lab.open(SETUP, name="tonight").run(0)
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")
    file = open_file(dose())
    lab.page.goto(f"{lab.server.url}lab/tree/{file.name}?reset")
    file.button("Other kernels").click()
    file.root.get_by_role("menuitem", name="tonight.ipynb · open it here").click()
    file.button("Edit in tonight.ipynb").click()
    expect(file.root.get_by_role("region", name="Workflow builder").locator("[data-step]")).to_have_count(8)

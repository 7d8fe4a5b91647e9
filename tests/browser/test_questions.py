"""Is a person asked, told and understood: in the sidebar, in the run's own view, and while a cell blocks the notebook's loop?"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

SETUP = """
%load_ext ivoryos_jupyter
import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.testing import Pump

class Stirrer:
    async def stir(self, speed: float) -> float:
        return speed

pump, stirrer = Pump(time_scale=0), Stirrer()
"""
ASK = """
wf = ivoryos.new_workflow("night")
wf.script.input("How much is left in the vial?", save="left", type="float", unit="mL", minimum=0, maximum=10, default=2.5)
wf.script.input("Which rack?", save="rack", choices=[f"rack {n}" for n in range(30)])
run = wf.submit()
run
"""
STIR = """
wf = ivoryos.new_workflow("stirring")
wf.script.call(stirrer.stir, speed=100.0)
run = wf.submit(hold=True)
run
"""

TWO = """
ivoryos.queue.hold()
for name in ("first", "second"):
    wf = ivoryos.new_workflow(name)
    wf.script.comment(name)
    wf.submit()
"""


@pytest.fixture
def bar(page):
    return page.locator(".ivo-sb")


def show(lab):
    lab.page.evaluate("() => window.jupyterapp.commands.execute('ivoryos:show-sidebar')")


def part(bar, name):
    return bar.get_by_role("region", name=re.compile(f"^{name}"))


def test_a_question_is_answered_from_the_sidebar_and_seen_as_answered_in_the_notebook(lab, bar):
    notebook = lab.open(
        SETUP, "ivoryos.notify(lambda notice: None, on='wait', name='lamp')", ASK, "print(run.outputs['left'][0], run.outputs['rack'][0])"
    )
    for cell in range(3):
        notebook.run(cell)
    show(lab)
    card = bar.get_by_role("group", name="night asks")
    expect(card).to_contain_text("How much is left in the vial?")
    expect(card).to_contain_text("mL · 0 to 10")
    expect(card).to_contain_text("lamp was told")
    field = card.get_by_role("textbox", name="Answer")
    field.fill("12")
    field.press("Enter")
    expect(card.locator(".ivo-answer .ivo-problem")).to_contain_text("10")
    lab.screenshot("question-refused")
    field.fill("3")
    field.press("Enter")
    expect(card).to_contain_text("Which rack?")
    view = notebook.cell(2).get_by_role("group", name="night asks")
    expect(view).to_contain_text("Which rack?")
    choose = view.get_by_role("combobox", name="Answer")
    choose.fill("rack 31")
    choose.press("Enter")
    expect(view.locator(".ivo-answer .ivo-problem")).to_contain_text("must be one of")
    choose.fill("rack 17")
    choose.press("Enter")
    expect(view).to_have_count(0)
    expect(card).to_have_count(0)
    notebook.run(3)
    assert notebook.text(3).strip() == "3.0 rack 17"


def test_a_question_of_which_nobody_is_told_says_so(lab, bar):
    notebook = lab.open(SETUP, ASK)
    notebook.run(0)
    notebook.run(1)
    show(lab)
    expect(part(bar, "Needs you")).to_contain_text("Nobody is told: no notification is set.")
    lab.screenshot("question-nobody-told")


def test_a_step_that_needs_the_loop_of_a_blocked_notebook_says_so_in_both_views(lab, bar):
    notebook = lab.open(SETUP, STIR, f"ivoryos.queue.set_held('stirring', held=False)\n{lab.BLOCK}")
    notebook.run(0)
    notebook.run(1)
    show(lab)
    notebook.start(2)
    notebook.wait_running(2)
    expect(part(bar, "Run")).to_contain_text("waiting for the notebook: a cell is running")
    expect(notebook.cell(1)).to_contain_text("waiting for the notebook: a cell is running")
    assert notebook.is_running(2)
    lab.screenshot("waiting-for-the-notebook")
    lab.unblock()
    notebook.wait(2)
    expect(part(bar, "Run")).to_contain_text("completed")
    expect(notebook.cell(1)).not_to_contain_text("waiting for the notebook")


def test_in_the_sidebar_the_queue_is_told_where_to_stop_and_when_to_begin(lab, bar):
    notebook = lab.open(SETUP, TWO)
    notebook.run(0)
    notebook.run(1)
    show(lab)
    queue = part(bar, "Queue")
    queue.get_by_role("button", name="first", exact=True).click()
    queue.get_by_role("button", name="Stop after it").click()
    expect(queue).to_contain_text("the queue stops here")
    lab.screenshot("queue-stops-here")
    queue.get_by_role("button", name="second", exact=True).click()
    queue.get_by_role("button", name="Not before…").click()
    queue.get_by_label("second begins not before").fill("2099-12-01T22:00")
    queue.get_by_role("button", name="Not before", exact=True).click()
    expect(queue).to_contain_text(re.compile("not before .*22:00"))
    lab.screenshot("queue-not-before")
    queue.get_by_role("button", name="Release").first.click()
    expect(queue).to_contain_text("It was to stop after 'first'")
    expect(queue.get_by_role("button", name="second", exact=True)).to_be_visible()

"""The kernel dies in the middle of a run; nothing is repeated, nothing is lost."""

from __future__ import annotations

import pytest

SETUP = """
import pathlib, time, ivoryos
calls = pathlib.Path("calls.txt")

class Doser:
    def dose(self, volume_ml: float, slow: bool = False) -> float:
        with calls.open("a") as file:
            file.write(f"{volume_ml}\\n")
        if slow:
            print("dosing", flush=True)
            time.sleep(60)
        return volume_ml

doser = Doser()
"""
SUBMIT = """
for number, name in enumerate(("first", "second", "third")):
    wf = ivoryos.new_workflow(name)
    wf.script.call(doser.dose, 1.0)
    wf.script.call(doser.dose, 2.0 + number, slow=number == 0)
    wf.submit()
while not (calls.exists() and "2.0" in calls.read_text()):
    time.sleep(0.01)
print("in the middle of it")
"""


@pytest.fixture
def after_the_cut(new_kernel, tmp_path):
    with new_kernel() as first:
        first.run("%load_ext ivoryos")
        first.run(SETUP)
        first.run(SUBMIT)
        first.kill()
    before = (tmp_path / "calls.txt").read_text()
    with new_kernel() as second:
        text = second.run("%load_ext ivoryos")
        second.run(SETUP)
        yield second, text, before, tmp_path


def test_the_first_is_interrupted_with_its_step_in_doubt_and_two_wait_on_hold(after_the_cut):
    kernel, text, before, folder = after_the_cut
    assert "'first' was interrupted; in doubt: doser.dose" in text
    assert "2 in the queue, on hold: 'second', 'third'" in text
    runs = kernel.run("print(ivoryos.history.runs()[['name', 'status']].to_string())")
    assert "interrupted" in runs
    assert "in doubt" in kernel.run("print(list(ivoryos.history.steps()['status']))")
    assert (folder / "calls.txt").read_text() == before == "1.0\n2.0\n"


def test_released_the_queue_goes_on_in_its_order(after_the_cut):
    kernel, _text, before, folder = after_the_cut
    kernel.run("ivoryos.queue.release()\nawait ivoryos.run('second')\nawait ivoryos.run('third')")
    assert (folder / "calls.txt").read_text() == before + "1.0\n3.0\n1.0\n4.0\n"


def test_submitting_the_interrupted_run_again_returns_it_and_moves_nothing(after_the_cut):
    kernel, _text, before, folder = after_the_cut
    text = kernel.run(
        "wf = ivoryos.new_workflow('first'); wf.script.call(doser.dose, 1.0); wf.script.call(doser.dose, 2.0, slow=True); run = wf.submit()"
    )
    assert "was submitted before" in text
    assert (folder / "calls.txt").read_text() == before

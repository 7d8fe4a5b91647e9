"""The kernel dies in the middle of a run; nothing is repeated, nothing is lost."""

from __future__ import annotations

import shutil

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


def dies(new_kernel, folder, code):
    """Run `code` in a new kernel until it is in the middle of a slow dose, and kill it there."""
    with new_kernel(folder) as one:
        one.run("%load_ext ivoryos")
        one.run(SETUP)
        one.run(code)
        one.kill()


@pytest.fixture(scope="module")
def night_cut_short(new_kernel, tmp_path_factory):
    """A folder as a kernel leaves it that died in the first of three runs."""
    folder = tmp_path_factory.mktemp("night")
    dies(new_kernel, folder, SUBMIT)
    return folder


@pytest.fixture
def after_the_cut(kernel, night_cut_short, tmp_path):
    shutil.copytree(night_cut_short, tmp_path, dirs_exist_ok=True)
    before = (tmp_path / "calls.txt").read_text()
    text = kernel.run("%load_ext ivoryos")
    kernel.run(SETUP)
    return kernel, text, before, tmp_path


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


LONGER = """
wf = ivoryos.new_workflow("long")
wf.prep.call(doser.dose, 0.5, save="first")
wf.script.call(doser.dose, 1.0, save="got")
wf.script.call(doser.dose, 2.0, slow=True)
wf.script.call(doser.dose, volume_ml=ivoryos.formula("got + first"))
wf.cleanup.call(doser.dose, 9.0)
wf.submit(repeat=2, again=True)
while not (calls.exists() and calls.read_text().count("2.0") == 1):
    time.sleep(0.01)
print("in the middle of it")
"""
GO_ON = """
rec = ivoryos.recover()
CHOICE
run = rec.resume()
while calls.read_text().count("2.0") < 2:
    time.sleep(0.01)
print("in the middle of it")
"""


@pytest.fixture(scope="module")
def long_run_cut_short(new_kernel, tmp_path_factory):
    """A folder as a kernel leaves it that died in the first iteration of a longer run."""
    folder = tmp_path_factory.mktemp("long")
    dies(new_kernel, folder, LONGER)
    return folder


@pytest.fixture
def cut_short_twice(new_kernel, long_run_cut_short, kernel, tmp_path):
    """Lets a kernel go on with the longer run and die in it, too; returns a third one in the same folder."""
    shutil.copytree(long_run_cut_short, tmp_path, dirs_exist_ok=True)

    def third(choice):
        dies(new_kernel, tmp_path, GO_ON.replace("CHOICE", choice))
        return kernel

    return third


def test_a_kernel_that_dies_three_times_comes_to_the_end_and_no_call_is_made_twice(cut_short_twice, tmp_path):
    third = cut_short_twice("rec.done()")
    text = third.run("%load_ext ivoryos")
    third.run(SETUP.replace("time.sleep(60)", "pass"))
    assert "'long (resumed)' was interrupted; in doubt: doser.dose. Decide with ivoryos.recover(2)." in text
    assert "call" not in third.run("rec = ivoryos.recover(2); print(rec.case.decision)")
    third.run("run = ivoryos.recover().done().resume()\nstatus = await run")
    assert "completed" in third.run("print(status.sentence, run.status.run_id)")
    runs = third.run("print(ivoryos.history.runs()[['name', 'status', 'derived_from']].to_string())")
    assert "long (resumed 2)" in runs
    assert runs.count("interrupted") == 2
    steps = third.run("print(ivoryos.history.steps(run=2)['status'].tolist())")
    assert "in doubt, decided done" in steps
    assert "No run waits" in third.run("print(ivoryos.interrupted)")
    assert (tmp_path / "calls.txt").read_text().split() == ["0.5", "1.0", "2.0", "1.5", "1.0", "2.0", "1.5", "9.0"]


def test_not_done_calls_again_and_cleanup_alone_is_a_run_of_its_own(cut_short_twice, tmp_path):
    third = cut_short_twice("rec.not_done(volume_ml=2.0)")
    third.run("%load_ext ivoryos")
    third.run(SETUP)
    third.run("run = ivoryos.recover().cleanup()\nawait run")
    assert "(cleanup)" in third.run("print(run.status.name)")
    assert (tmp_path / "calls.txt").read_text().split() == ["0.5", "1.0", "2.0", "2.0", "9.0"]

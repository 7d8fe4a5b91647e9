"""A cell or a function of Python becomes a workflow, in a real kernel."""

from __future__ import annotations

import pytest

SETUP = """
import ivoryos
from ivoryos_jupyter.testing import Mode, Pump, Reactor
pump, reactor = Pump(time_scale=0), Reactor(time_scale=0)
"""


@pytest.fixture
def loaded(kernel):
    kernel.run("%load_ext ivoryos")
    kernel.run(SETUP)
    return kernel


def test_a_cell_becomes_a_workflow_bound_to_its_name_and_moves_nothing_until_it_is_submitted(loaded):
    shown = loaded.run("%%workflow dose\nvolume: float\n# first\nleft = pump.dispense(volume)\nif left < 9.5:\n    pump.refill()\n")
    assert "pump: dispense, volume_ml = #volume" in shown
    assert "If left < 9.5" in shown
    assert "0 " in loaded.run("print(len(ivoryos.history.runs()), type(dose).__name__)")
    text = loaded.run("run = dose.submit([{'volume': 1}, {'volume': 2}]); await run\nprint(run.status.sentence, list(run.outputs['left']))")
    assert "completed [9.0, 8.0]" in text


def test_a_cell_with_functions_has_three_phases_and_its_python_is_read_again(loaded):
    loaded.run(
        "%%workflow dose\ndef dose_prep(reactor):\n    reactor.set_mode(Mode.OFF)\n\ndef dose(pump, volume: float):\n"
        "    left = pump.dispense(volume)\n    return left\n\ndef dose_cleanup(pump):\n    pump.refill()\n"
    )
    assert "1 1 1" in loaded.run("wf = dose.workflow\nprint(len(wf.prep), len(wf.script), len(wf.cleanup))")
    same = "get_ipython().run_cell_magic('workflow', 'again', dose.python)\nprint(again.python == dose.python.replace('dose', 'again'))"
    assert "True" in loaded.run(same.replace("dose.python)", "dose.python.replace('dose', 'again'))", 1))


def test_every_line_that_has_no_form_is_named_as_the_cell_counts_it(loaded):
    with pytest.raises(AssertionError) as caught:
        loaded.run("%%workflow dose\npump.dispnse(1)\npump.refill()\nraise ValueError\n")
    assert "line 2" in str(caught.value)
    assert "did you mean pump.dispense" in str(caught.value)
    assert "line 4" in str(caught.value)
    assert "False" in loaded.run("print('dose' in globals())")


def test_what_the_check_finds_is_said_with_its_line(loaded):
    assert "line 3" in loaded.run("%%workflow dose\npump.refill()\npump.dispense(volum)\n")


def test_a_name_that_means_something_else_is_left_alone(loaded):
    with pytest.raises(AssertionError, match="pump is something else in this notebook"):
        loaded.run("%%workflow pump\npump.refill()\n")
    assert "Pump" in loaded.run("print(type(pump).__name__)")


def test_a_name_with_spaces_is_shown_and_bound_to_nothing(loaded):
    assert "two words" in loaded.run('%%workflow "two words"\npump.refill()\n')


def test_a_function_becomes_a_workflow_and_is_not_called(loaded):
    loaded.run("def dose(pump, volume: float):\n    print('dosing')\n    left = pump.dispense(volume)\n    return left\n")
    text = loaded.run("wf = ivoryos.from_function(dose)\nprint(wf.name, len(wf.workflow.script), wf.interface.inputs[0].name)")
    assert "dosing" not in text
    assert "dose 2 volume" in text


def test_a_function_without_a_source_is_refused(loaded):
    with pytest.raises(AssertionError, match="with def"):
        loaded.run("ivoryos.from_function(len)")

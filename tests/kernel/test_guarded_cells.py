"""A guarded instrument in a real notebook: limits hold in a cell, and completion and help are as they were."""

from __future__ import annotations

import re

import pytest

LAB = """
%load_ext ivoryos
import asyncio, ivoryos, threading, time
from ivoryos_jupyter.schema import Limit
from ivoryos_jupyter.testing import Pump, Reactor
pump, reactor = Pump(time_scale=0), Reactor(time_scale=0)
ivoryos.limits.save(Limit("pump", "dispense", "volume_ml", maximum=5))
"""


@pytest.fixture
def guarded(shared_kernel):
    shared_kernel.run(LAB)
    assert "guarded: pump, reactor" in shared_kernel.run("ivoryos.guard()")
    return shared_kernel


def shown(kernel, code):
    """Run a cell that fails and return the traceback as it is shown."""
    lines = []
    kernel._client.execute_interactive(code, timeout=60, output_hook=lambda message: lines.extend(message["content"].get("traceback", ())))
    return "\n".join(lines)


def completed(kernel, code):
    """Return what is offered at the end of `code`."""
    reply = kernel._client.complete(code, len(code), reply=True, timeout=30)
    return reply["content"]["matches"]


def helped(kernel, code):
    """Return what Shift+Tab shows at the end of `code`."""
    reply = kernel._client.inspect(code, len(code), reply=True, timeout=30)
    return re.sub(r"\x1b\[[\d;]*m", "", reply["content"]["data"].get("text/plain", ""))


def test_a_cell_is_held_to_the_limits_and_recorded(guarded):
    assert guarded.run("pump.dispense(1.0)") == "9.0"
    text = shown(guarded, "pump.dispense(6.0)")
    assert "6 is above the limit of 5" in text
    assert "_keeper.py" not in text
    assert "_pipeline.py" not in text
    table = guarded.run("frame = ivoryos.history.single_steps()\nprint(frame[['instrument', 'method', 'status', 'origin']].to_string())")
    assert "failed   cell" in table
    assert "done   cell" in table


def test_the_drivers_own_error_is_shown_with_the_drivers_frames(guarded):
    text = shown(guarded, "with ivoryos.override('draining'):\n    pump.dispense(11.0)")
    assert "refill first" in text
    assert "_flight.py" not in text


def test_completion_and_help_are_as_of_the_original(guarded):
    before = guarded.run("len(ivoryos.history.single_steps())")
    matches = completed(guarded, "pump.disp")
    assert any(one.endswith("dispense") for one in matches)
    assert any(one.endswith("flow_rate") for one in completed(guarded, "pump.flo"))
    assert "Dispense a volume" in helped(guarded, "pump.dispense")
    assert "pump.dispense(volume_ml: 'float'" in helped(guarded, "pump.dispense")
    assert "syringe pump" in helped(guarded, "pump")
    assert any("volume_ml" in one for one in completed(guarded, "pump.dispense(vol"))
    assert guarded.run("len(ivoryos.history.single_steps())") == before


def test_coroutines_are_awaited_in_a_cell(guarded):
    guarded.run(
        "class Oven:\n    async def heat(self, to: float) -> float:\n        await asyncio.sleep(0.01)\n        return to\noven = Oven()"
    )
    guarded.run("ivoryos.guard(oven)")
    assert guarded.run("await oven.heat(50.0)") == "50.0"
    assert guarded.run("await asyncio.gather(oven.heat(1.0))") == "[1.0]"


def test_all_instruments_are_guarded_after_the_cell_that_defines_them(guarded):
    guarded.run("ivoryos.guard(always=True)")
    guarded.run("pump = Pump(time_scale=0)\npump.dispense(6.0)")
    guarded.run("pump = Pump(time_scale=0)")
    assert "LimitError" in shown(guarded, "pump.dispense(6.0)")
    assert "and every instrument to come" in guarded.run("print(ivoryos.guarded)")
    assert "every instrument is guarded" in guarded.run("%unload_ext ivoryos\n%load_ext ivoryos")
    guarded.run("ivoryos.guard(always=False)")


def test_a_cell_that_makes_the_instrument_anew_says_that_it_is_not_guarded_any_more(guarded):
    guarded.run("class Oven:\n    def bake(self):\n        return 1\noven = Oven()")
    guarded.run("ivoryos.guard(oven)")
    assert "Not guarded any more, for the name means another object now: oven. Again: ivoryos.guard(oven)" in guarded.run("oven = Oven()")
    assert guarded.run("x = 1") == ""


def test_an_interrupted_cell_comes_back_and_the_record_is_honest(guarded):
    guarded.run(
        "class Slow:\n    def nap(self, seconds: float):\n        print('begun', flush=True)\n        ivoryos.sleep(seconds)\nslow = Slow()"
    )
    guarded.run("ivoryos.guard(slow)")
    guarded.start("slow.nap(60)")
    guarded.printed("begun")
    guarded._manager.interrupt_kernel()
    guarded.run("1")
    assert "cancelled" in guarded.run("ivoryos.history.single_steps().status.tolist()[-1]")


def test_panels_workflows_and_calls_go_on_with_guarded_objects(guarded):
    guarded.run("wf = ivoryos.new_workflow('w')\nwf.script.call(pump.dispense, 1.0)\nrun = wf.submit()")
    assert "completed" in guarded.run("await run\nprint(run.status.sentence)")
    assert guarded.run("await ivoryos.call(pump.dispense, 1.0)") == "8.0"
    guarded.run("panel = ivoryos.control(pump)")
    assert guarded.run("panel.focus") == "'pump'"


def test_ipython_goes_on_keeping_results(guarded):
    guarded.run("ivoryos.unguard()")
    guarded.run("pump")
    guarded.run("ivoryos.guard(pump)")
    assert guarded.run("1 + 1") == "2"
    assert guarded.run("_ + 1") == "3"


def test_a_blocking_call_shows_what_it_prints_in_its_cell(guarded):
    guarded.run(
        "class Loud:\n    def say(self):\n        print('one')\n        print('two')\n        return 3\nloud = Loud()\nivoryos.guard(loud)"
    )
    assert guarded.run("print('zero')\nloud.say()\nprint('three')") == "zero\none\ntwo\nthree\n"

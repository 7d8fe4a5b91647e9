"""Drivers that do not obey, in a real kernel: the runner stays in command, and everything can still be made safe."""

from __future__ import annotations

import pytest

SETUP = """
%load_ext ivoryos
import asyncio, threading, time
import ivoryos
from ivoryos_jupyter.testing import Pump
ivoryos.stop_deadlines(driver_stop_s=0.1, give_up_s=1)
gate, entered, told = threading.Event(), threading.Event(), []
pump = Pump(time_scale=0)

class StopRaises:
    def go(self):
        entered.set()
        gate.wait()
    def stop(self):
        told.append("stop")
        raise RuntimeError("no answer on the bus")

class StopHangs(StopRaises):
    def stop(self):
        told.append("stop")
        gate.wait()

class Deaf(StopRaises):
    async def go(self):
        entered.set()
        while not gate.is_set():
            try:
                await asyncio.sleep(0.02)
            except BaseException:
                pass
    def stop(self):
        told.append("stop")

class DeafSleeper(Deaf):
    def go(self):
        entered.set()
        while not gate.is_set():
            try:
                ivoryos.sleep(0.02)
            except BaseException:
                pass

class Spawner(Deaf):
    def go(self):
        thread = threading.Thread(target=lambda: (entered.set(), gate.wait()))
        thread.start()
        thread.join()

class Frozen(Deaf):
    async def go(self):
        entered.set()
        gate.wait()

def stop_from_outside():
    entered.wait()
    run.stop(now=True)
    while run.status.outcome is None:
        time.sleep(0.01)
    gate.set()

async def there(event):
    while not event.is_set():
        await asyncio.sleep(0.01)
"""


@pytest.fixture
def loaded(kernel):
    kernel.run(SETUP)
    yield kernel
    kernel.run("gate.set()")


@pytest.mark.parametrize("driver", ["StopRaises", "StopHangs", "Deaf", "DeafSleeper", "Spawner"])
def test_a_driver_that_does_not_obey_is_given_up_and_the_next_run_is_made(loaded, driver):
    loaded.run(f"nasty = {driver}()\nwf = ivoryos.new_workflow('nasty')\nwf.script.call('nasty.go')\nwf.cleanup.call('pump.refill')")
    loaded.run("run = wf.submit()\nawait there(entered)\nrun.stop(now=True)\nawait run")
    assert loaded.run("print(run.status.sentence, told)") == "stopped with 1 abandoned step ['stop']\n"
    assert loaded.run("print(list(ivoryos.history.steps(run=run.id).query('phase == \"cleanup\"')['status']))") == "['done']\n"
    with pytest.raises(AssertionError, match="NotTrustedError: nasty was left in the middle of a call that never returned"):
        loaded.run("ivoryos.call('nasty.go')")
    assert loaded.run("print(await ivoryos.call('pump.dispense', volume_ml=1))") == "9.0\n"


def test_a_coroutine_that_blocks_the_loop_is_stopped_from_outside_it(loaded):
    loaded.run("nasty = Frozen()\nwf = ivoryos.new_workflow('frozen')\nwf.script.call('nasty.go')")
    loaded.run("threading.Thread(target=stop_from_outside).start()\nrun = wf.submit()\nawait run")
    assert loaded.run("print(run.status.sentence, told)") == "stopped with 1 abandoned step ['stop']\n"


def test_make_safe_twice_at_once_past_handlers_that_hang_raise_and_run_nothing(loaded):
    loaded.run("""
class Hangs:
    @ivoryos.safe_state
    def off(self):
        told.append("hangs")
        gate.wait()

class Exits:
    @ivoryos.safe_state
    def off(self):
        told.append("exits")
        raise SystemExit(3)

class Plan:
    @ivoryos.safe_state
    def off(self):
        yield told.append("plan")

class Good:
    @ivoryos.safe_state
    def off(self):
        told.append("good")
        ivoryos.make_safe()

ivoryos.stop_deadlines(handler_s=3)
hangs, exits, plan, good = Hangs(), Exits(), Plan(), Good()
""")
    loaded.run("first, second = ivoryos.make_safe(), ivoryos.make_safe()\nreport = await first")
    assert loaded.run("print(first is second, told)") == "True ['hangs', 'exits', 'good']\n"
    text = loaded.run("print(report)")
    assert "1 of 3 handlers returned; could not be reached: hangs, exits; 2 instruments have no handler: pump, plan" in text
    assert "plan.off is marked as a safe state and gives a generator" in text
    assert "Not trusted until you have looked: hangs, exits." in text


def test_an_interrupt_leaves_a_handler_on_the_notebooks_thread_alone(loaded):
    loaded.run("""
class Slow:
    @ivoryos.safe_state
    def off(self):
        entered.set()
        time.sleep(1)
        told.append("off")

slow = Slow()
ivoryos.pin(slow, "main")
ivoryos.stop_deadlines(handler_s=30)
making = []
threading.Timer(0, lambda: making.append(ivoryos.make_safe())).start()
""")
    loaded.start("print('waits')\nawait there(gate)")
    loaded.printed("waits")
    loaded._manager.interrupt_kernel()
    while not loaded.run("1"):  # what is asked for right after an interrupted cell may be dropped with it
        pass
    loaded.run("while not making: await asyncio.sleep(0.01)")
    assert loaded.run("print((await making[0]).rows[0].outcome, told)") == "done ['off']\n"


def test_a_driver_that_makes_safe_from_within_its_call_gets_its_report_and_is_not_trusted(loaded):
    loaded.run("""
class Guardian:
    def run(self):
        return ivoryos.make_safe().result(30).sentence
    @ivoryos.safe_state
    def off(self):
        told.append("off")

guardian = Guardian()
ivoryos.stop_deadlines(driver_stop_s=None, give_up_s=60)
""")
    text = loaded.run("print(await ivoryos.call('guardian.run'), told)")
    assert "1 of 1 handler returned" in text
    assert text.endswith("['off']\n")
    assert loaded.run("ivoryos.trust('guardian')") == "True"

"""Make safe in a real kernel: a cell that blocks is interrupted when a handler needs the loop, and only then."""

from __future__ import annotations

import pytest

SETUP = """
%load_ext ivoryos
import asyncio, threading, time
import ivoryos

class Arm:
    parked = False

    @ivoryos.safe_state
    async def park(self):
        await asyncio.sleep(0)
        self.parked = True

class Valve:
    closed = False

    @ivoryos.safe_state
    def close(self):
        self.closed = True

def later(seconds=0.3):
    "Make safe from another thread, as the sidebar does on the control channel; return what gives it."
    making = []
    timer = threading.Timer(seconds, lambda: making.append(ivoryos.make_safe()))
    timer.start()

    def made():
        timer.join()
        return making[0]

    return made
"""


@pytest.fixture
def loaded(kernel):
    kernel.run(SETUP)
    return kernel


def test_a_handler_that_needs_the_loop_interrupts_the_cell_that_blocks_it(loaded):
    loaded.run("arm, valve = Arm(), Valve()")
    with pytest.raises(AssertionError, match="KeyboardInterrupt"):
        loaded.run("made = later()\ntime.sleep(30)", timeout=20)
    text = loaded.run("await made()\nprint(made().report.interrupted, arm.parked, valve.closed)\nprint(made())")
    assert "True True True" in text
    assert "A cell was interrupted" in text


def test_a_cell_in_a_tight_loop_is_interrupted_too(loaded):
    loaded.run("arm = Arm()")
    with pytest.raises(AssertionError, match="KeyboardInterrupt"):
        loaded.run("made = later()\nwhile True: pass", timeout=20)
    assert "True" in loaded.run("await made()\nprint(arm.parked)")


def test_a_cell_is_left_alone_when_no_handler_needs_the_loop(loaded):
    loaded.run("valve = Valve()")
    text = loaded.run(
        "made = later(0.1)\nwhile not made().done:\n    time.sleep(0.01)\nprint('slept', valve.closed, made().report.interrupted)"
    )
    assert "slept True False" in text


def test_a_cell_that_awaits_is_left_alone(loaded):
    loaded.run("arm = Arm()")
    loaded.run("making = []\nthreading.Timer(0.1, lambda: making.append(ivoryos.make_safe())).start()")
    text = loaded.run(
        "while not making: await asyncio.sleep(0.01)\nawait making[0]\nprint('slept', arm.parked, making[0].report.interrupted)"
    )
    assert "slept True False" in text


def test_a_drivers_call_on_the_main_thread_is_never_interrupted(loaded):
    loaded.run("arm = Arm()\nclass Slow:\n    def work(self):\n        time.sleep(2)\n        return 'whole'\nslow = Slow()")
    loaded.run("ivoryos.pin(slow, 'main')")
    text = loaded.run("made = later(0.3)\nprint(await ivoryos.call(slow.work))\nprint((await made()).interrupted)")
    assert "whole" in text
    assert "False" in text


def test_awaiting_it_in_a_cell_shows_the_report(loaded):
    loaded.run("valve = Valve()")
    assert "valve.close  done" in loaded.run("await ivoryos.make_safe()")


def test_what_the_cell_under_way_has_made_is_made_safe_too(loaded):
    text = loaded.run("valve = Valve()\nmade = later(0)\nwhile not made().done: time.sleep(0.01)\nprint(made())")
    assert "valve.close  done" in text


def test_with_a_saved_deck_in_use_the_live_instruments_are_made_safe_and_doubted(loaded):
    loaded.run(
        "class Dead:\n    @ivoryos.safe_state\n    def off(self):\n        raise TimeoutError('no answer')\n"
        "valve, dead = Valve(), Dead()\nfrom ivoryos_jupyter.testing import Pump\npump = Pump()"
    )
    loaded.run("ivoryos.load_deck(ivoryos.deck.schema.name)")
    text = loaded.run("print(await ivoryos.make_safe(), valve.closed)")
    assert "1 of 2 handlers returned; could not be reached: dead; 1 instrument has no handler: pump" in text
    assert "Not trusted until you have looked: dead." in text
    assert text.endswith("True\n")

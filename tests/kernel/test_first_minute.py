"""What a scientist sees in the first minute, in a real kernel."""

from __future__ import annotations

import pytest

INSTRUMENTS = """
import ivoryos, ivoryos_jupyter.session
from ivoryos_jupyter.testing import Mode, Pump, Reactor, Spectrometer, Stirrer
pump, stirrer = Pump(time_scale=0), Stirrer(time_scale=0)
"""


@pytest.fixture
def loaded(kernel):
    kernel.run("%load_ext ivoryos")
    kernel.run(INSTRUMENTS)
    return kernel


def test_loading_says_in_one_line_how_things_stand(kernel):
    text = kernel.run("%load_ext ivoryos")
    assert text.count("\n") == 1
    for part in ("no instruments yet", "ivoryos_data", "ivoryos.db", "no limits set"):
        assert part in text


def test_the_long_name_loads_too(kernel):
    assert "IvoryOS" in kernel.run("%load_ext ivoryos_jupyter")


def test_instruments_are_on_the_deck_as_soon_as_their_cell_has_run(loaded):
    text = loaded.run("%ivoryos deck")
    assert "pump" in text
    assert "plainly no instrument" in text
    assert "a class; an instrument is an object made from one" in loaded.run("print(ivoryos.deck.left_out['Pump'])")


def test_a_class_that_is_defined_again_has_its_new_methods(loaded):
    loaded.run("class Valve:\n    def open(self) -> None: ...\nvalve = Valve()")
    loaded.run("class Valve:\n    def open(self) -> None: ...\n    def close(self) -> None: ...\nvalve = Valve()")
    assert "close" in loaded.run("print([one.name for one in ivoryos.deck.schema.instrument('valve').methods])")


def test_a_method_put_onto_a_class_appears_without_a_new_object(loaded):
    loaded.run("class Valve:\n    def open(self) -> None: ...\nvalve = Valve()")
    loaded.run("def prime(self, times: int = 3) -> None: ...\nValve.prime = prime")
    assert "prime" in loaded.run("print([one.name for one in ivoryos.deck.schema.instrument('valve').methods])")


def test_reloading_keeps_the_session_and_its_runs(loaded):
    loaded.run("wf = ivoryos.new_workflow('w')\nwf.script.call(pump.dispense, 1.0)\nrun = wf.submit()\n(await run).sentence")
    before = loaded.run("print(ivoryos_jupyter.session.current_session().token)")
    loaded.run("%reload_ext ivoryos")
    assert loaded.run("print(ivoryos_jupyter.session.current_session().token)") == before
    assert "completed" in loaded.run("print(ivoryos.run('w').status.sentence)")


def test_running_all_cells_again_makes_no_second_run(loaded):
    cells = """
wf = ivoryos.new_workflow('w')
wf.script.call(pump.dispense, 1.0)
run = wf.submit()
await run
print(run.status.sentence, pump.dispense(0.0))
"""
    assert "completed 9.0" in loaded.run(cells)
    again = loaded.run(cells)
    assert "again=True" in again
    assert "9.0" in again


def test_waiting_for_a_run_that_needs_the_loop_is_refused_at_once_with_the_cure(loaded):
    text = loaded.run(
        "wf = ivoryos.new_workflow('w'); wf.script.call(stirrer.stir, speed_rpm=60); run = wf.submit()\n"
        "try:\n    run.wait()\nexcept Exception as error:\n    print(type(error).__name__, error)\nprint((await run).sentence)"
    )
    assert "WouldBlockError" in text
    assert "await run" in text
    assert "completed" in text


def test_an_unknown_command_of_the_magic_lists_what_there_is(loaded):
    with pytest.raises(AssertionError, match="%ivoryos deck"):
        loaded.run("%ivoryos dekc")


def test_a_quotation_mark_without_its_fellow_is_refused_in_words(loaded):
    with pytest.raises(AssertionError, match=r"CommandError: \"builder Ada's\" cannot be read"):
        loaded.run("%ivoryos builder Ada's")


def test_cells_run_in_peace_after_the_session_was_stopped(loaded):
    assert loaded.run("import ivoryos\nivoryos.stop()").strip() == ""
    assert loaded.run("1 + 1").strip() == "2"
    assert "IvoryOS" in loaded.run("%reload_ext ivoryos")


def test_a_workflow_aspirates_with_pylabrobot(loaded):
    loaded.run(
        """
from pylabrobot.liquid_handling import LiquidHandler
from pylabrobot.liquid_handling.backends import LiquidHandlerChatterboxBackend
from pylabrobot.resources import Cor_96_wellplate_360ul_Fb, PLT_CAR_L5AC_A00, TIP_CAR_480_A00, hamilton_96_tiprack_1000uL_filter
from pylabrobot.resources.hamilton import STARLetDeck
lh = LiquidHandler(LiquidHandlerChatterboxBackend(), STARLetDeck())
await lh.setup()
tip_car, plate_car = TIP_CAR_480_A00("tips"), PLT_CAR_L5AC_A00("plates")
tip_car[0] = tips = hamilton_96_tiprack_1000uL_filter("rack")
plate_car[0] = plate = Cor_96_wellplate_360ul_Fb("plate")
lh.deck.assign_child_resource(tip_car, rails=3); lh.deck.assign_child_resource(plate_car, rails=15)
plate["A1"][0].tracker.set_volume(200)
""",
        timeout=120,
    )
    text = loaded.run(
        "wf = ivoryos.new_workflow('pipetting')\n"
        "wf.script.call('lh.pick_up_tips', tip_spots=ivoryos.live('tips[\"A1\"]'))\n"
        "wf.script.call('lh.aspirate', resources=ivoryos.live('plate[\"A1\"]'), vols=[50.0])\n"
        "wf.script.call('lh.return_tips')\n"
        "status = await wf.submit()\nprint(status.sentence, status.error)\n"
        "print(ivoryos.history.steps()[['method', 'status']].to_string())"
    )
    assert "completed" in text, text


def test_an_async_driver_over_a_real_socket_works_from_panel_and_workflow(loaded):
    loaded.run(
        """
import asyncio
async def serve(reader, writer):
    while line := await reader.readline():
        writer.write(b"ok " + line)
        await writer.drain()
server = await asyncio.start_server(serve, "127.0.0.1", 0)

class Valve:
    '''A valve on the network.'''
    async def connect(self):
        self.reader, self.writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        self.lock = asyncio.Lock()
    async def switch(self, position: int) -> str:
        async with self.lock:
            self.writer.write(f"switch {position}\\n".encode())
            await self.writer.drain()
            return (await self.reader.readline()).decode().strip()

valve = Valve()
await valve.connect()
"""
    )
    assert "ok switch 3" in loaded.run("print(await ivoryos.call(valve.switch, 3))")
    text = loaded.run(
        "wf = ivoryos.new_workflow('net'); wf.script.call(valve.switch, position=ivoryos.at_run('p'), save='said')\n"
        "run = wf.submit([{'p': 1}, {'p': 2}]); await run\nprint(list(run.outputs['said']))\nserver.close()"
    )
    assert "['ok switch 1', 'ok switch 2']" in text

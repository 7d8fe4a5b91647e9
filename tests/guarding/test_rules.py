"""Interlocks and budgets hold for what is written in a cell, on whatever thread the call and the readings need."""

import asyncio

import pytest

from ivoryos_jupyter.errors import BudgetError, InterlockError
from ivoryos_jupyter.guarding import override
from ivoryos_jupyter.introspect import block
from ivoryos_jupyter.rules import RulesFile, parse_interlock
from ivoryos_jupyter.runner import RuleBook
from ivoryos_jupyter.schema import Budget, Source
from ivoryos_jupyter.testing import Pump, Stirrer
from ivoryos_jupyter.workflow import CallBlock, Constant, OnError, Workflow


class Lid:
    """Read on the loop, or on the worker."""

    def __init__(self) -> None:
        self.shut = True

    @property
    def closed(self) -> bool:
        """Whether it is shut."""
        return self.shut

    @property
    async def locked(self) -> bool:
        """Whether it is shut, asked on the loop."""
        await asyncio.sleep(0)
        return self.shut


def ruled(lab, folder, *rules, budgets=()):
    file = RulesFile(folder / "rules.json")
    for one in rules:
        file.add_interlock(parse_interlock(one))
    for one in budgets:
        file.add_budget(one)
    lab.book = lab.pipeline.gates.rules = RuleBook(file, lab.pipeline)
    return lab


def test_a_guarded_call_is_held_to_an_interlock(open_notebook, tmp_path):
    lid = Lid()
    lab = ruled(open_notebook(pump=Pump(time_scale=0), lid=lid), tmp_path, "when pump.dispense: require lid.closed")
    lab.guard.guard("pump", "lid")
    assert lab.names["pump"].dispense(1.0) == 9.0
    lid.shut = False
    with pytest.raises(InterlockError, match=r"lid\.closed = False"):
        lab.names["pump"].dispense(1.0)
    with override("the lid switch is broken"):
        assert lab.names["pump"].dispense(1.0) == 8.0


def test_a_guarded_call_is_charged_to_a_budget(open_notebook, tmp_path):
    budget = Budget((Source("pump", "dispense", "volume_ml"),), 5, since="refilled")
    lab = ruled(open_notebook(pump=Pump(time_scale=0)), tmp_path, budgets=(budget,))
    lab.guard.guard("pump")
    lab.names["pump"].dispense(volume_ml=4.0)
    with pytest.raises(BudgetError, match="1 left"):
        lab.names["pump"].dispense(2.0)


def test_a_block_on_the_worker_calls_a_guarded_method_whose_rule_needs_the_worker(open_notebook, tmp_path):
    lid = Lid()
    lab = ruled(open_notebook(pump=Pump(time_scale=0), lid=lid), tmp_path, "when pump.dispense: require lid.closed and pump.flow_rate > 0")
    lab.guard.guard("pump")

    @block
    def shake(times: int) -> None:
        """Dispense so often."""
        for _ in range(times):
            lab.names["pump"].dispense(1.0)

    lab.names["shake"] = shake
    lab.after_cell()

    handle = lab.submit(Workflow(name="w", script=(CallBlock(id="b", block="shake", arguments={"times": Constant(2)}),)))
    assert handle.wait(30).outcome.value == "completed"
    assert len([one for one in lab.calls if one[0] == "pump.dispense" and one[2] == "done"]) == 2


def test_what_a_block_is_refused_within_a_run_is_kept_with_the_run(open_notebook, tmp_path):
    lid = Lid()
    lid.shut = False
    lab = ruled(open_notebook(pump=Pump(time_scale=0), lid=lid), tmp_path, "when pump.dispense: require lid.closed")
    lab.guard.guard("pump")

    @block
    def shake() -> None:
        """Dispense."""
        lab.names["pump"].dispense(1.0)

    lab.names["shake"] = shake
    lab.after_cell()
    step = CallBlock(id="b", block="shake", on_error=OnError("fail"))
    handle = lab.submit(Workflow(name="w", script=(step,)))
    assert handle.wait(30).outcome.value == "failed"
    lab.pipeline.close()  # what is refused is written by the clerk
    (refused,) = lab.recorder.calls.values()
    assert (refused.intent.run_id, refused.intent.origin) == (handle.status.run_id, "run")


def test_a_cell_that_waits_on_the_loop_lends_it_to_a_reading_that_needs_it(open_notebook, tmp_path):
    async def cell():
        lab = ruled(
            open_notebook(loop=asyncio.get_running_loop(), pump=Pump(time_scale=0), lid=Lid(), stirrer=Stirrer(time_scale=0)),
            tmp_path,
            "when pump.dispense: require lid.closed",
            "when stirrer.stir: require lid.locked",
        )
        lab.book.means.read_within_s = 30.0
        lab.executor.pin(lab.names["lid"], "main")
        lab.guard.guard("pump", "stirrer")
        await lab.names["stirrer"].stir(100, 0.0)
        return lab.names["pump"].dispense(1.0)

    assert asyncio.run(cell()) == 9.0


def test_a_plain_call_on_the_loops_thread_whose_rule_needs_the_loop_is_refused_at_once_enough(open_notebook, tmp_path):
    async def cell():
        lab = ruled(
            open_notebook(loop=asyncio.get_running_loop(), pump=Pump(time_scale=0), lid=Lid()),
            tmp_path,
            "when pump.dispense: require lid.locked",
        )
        lab.book.means.read_within_s = 0.2
        lab.guard.guard("pump")
        with pytest.raises(InterlockError, match="a cell is running"):
            lab.names["pump"].dispense(1.0)

    asyncio.run(cell())

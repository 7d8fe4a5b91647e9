"""The stop ladder and make safe with the drivers of other people: ophyd, PyLabRobot and PyMeasure."""

import asyncio
import contextlib
from typing import ClassVar

import ophyd
import ophyd.sim
import pytest
from pylabrobot.pumps import Pump
from pylabrobot.pumps.chatterbox import PumpChatterboxBackend
from pymeasure.instruments.fakes import FakeInstrument

from ivoryos_jupyter.errors import CallStoppedError
from ivoryos_jupyter.journal import Outcome, StepStatus
from ivoryos_jupyter.runner import Call, SafeSetting, plan_for
from ivoryos_jupyter.runner._ladder import find_stop


@pytest.fixture
def motor():
    """A positioner of ophyd that moves until it is stopped."""

    class Slow(ophyd.SoftPositioner):
        def _setup_move(self, position, status):
            self._started_moving = self._moving = True

        def stop(self, *, success=False):
            self._moving = False
            super().stop(success=success)

    return Slow(name="motor", timeout=None)


def moving(lab, motor):
    lab.until(lambda: motor.moving)


def test_a_motor_of_ophyd_is_stopped_in_the_middle_of_its_move(make_lab, act, flow, motor):
    lab = make_lab({"motor": motor}, grace_s=60.0)
    lab.pipeline.driver_stop_s = 0.1
    handle = lab.submit(flow(act("set", instrument="motor", new_position=5.0), act("dose", volume=1.0), cleanup=[act("clean")]))
    moving(lab, motor)
    handle.stop(now=True)
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert not motor.moving
    step = lab.steps()[0]
    assert step.outcome.status is StepStatus.CANCELLED
    assert step.outcome.error.startswith("Stopped by a person; motor.stop() was called; whether the hardware stopped is not known.")
    assert "UnknownStatusFailure" in step.outcome.error
    assert lab.pump.calls == [("clean", None)]
    assert lab.pipeline.untrusted == ("motor",)


def test_a_direct_move_of_a_motor_of_ophyd_is_stopped_too(make_lab, motor):
    lab = make_lab({"motor": motor}, grace_s=60.0)
    lab.pipeline.driver_stop_s = 0.1
    handle = lab.call("motor", "set", new_position=5.0)
    moving(lab, motor)
    handle.cancel()
    with pytest.raises(CallStoppedError, match=r"motor.stop\(\) was called"):
        handle.result(30)
    assert not motor.moving


@pytest.mark.filterwarnings("ignore")
def test_an_axis_of_ophyd_async_is_told_that_its_move_has_failed(make_lab, act, flow):
    from ophyd_async.sim import SimMotor  # noqa: PLC0415 - the library warns when it is imported, which the filter of the test quiets

    class Stubborn(SimMotor):
        """Does not mind that its move is cancelled, as hardware does not."""

        told: ClassVar[list[bool]] = []

        async def set(self, new_position: float) -> None:
            self.moving = True
            while self.moving:
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.sleep(0.01)

        async def stop(self, success: bool = True) -> None:  # noqa: FBT001, FBT002 - as the library has it
            self.told.append(success)
            self.moving = False

    axis = Stubborn(name="axis")
    lab = make_lab({"axis": axis}, grace_s=60.0)
    lab.pipeline.driver_stop_s = 0.1
    handle = lab.submit(flow(act("set", instrument="axis", new_position=5.0)))
    lab.until(lambda: getattr(axis, "moving", False))
    handle.stop(now=True)
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert Stubborn.told == [False]


def test_a_stop_of_ophyds_simulated_axis_that_stops_nothing_is_not_believed(make_lab, act, flow):
    axis = ophyd.sim.SynAxis(name="axis", delay=1.0)
    lab = make_lab({"axis": axis}, grace_s=0.1)
    lab.pipeline.driver_stop_s = 0.1
    handle = lab.submit(flow(act("set", instrument="axis", value=5.0)))
    lab.until(lambda: axis.sim_state["setpoint"] == 5.0)
    handle.stop(now=True)
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert lab.steps()[0].outcome.status is StepStatus.ABANDONED
    assert lab.pipeline.untrusted == ("axis",)


def test_make_safe_stops_a_motor_of_ophyd_that_moves(make_lab, act, flow, motor):
    lab = make_lab({"motor": motor}, grace_s=60.0)
    lab.runner.safety.plan = lambda: plan_for(lab.deck, {}, [SafeSetting("motor", "stop")])
    handle = lab.submit(flow(act("set", instrument="motor", new_position=5.0)))
    moving(lab, motor)
    report = lab.runner.make_safe().result(30)
    assert [(row.handler, row.outcome) for row in report.rows] == [("motor.stop", "done")]
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert not motor.moving


def test_the_stop_of_pylabrobot_that_closes_the_connection_is_not_called_but_halt_is(make_lab):
    pump = Pump(backend=PumpChatterboxBackend())
    lab = make_lab({"peristaltic": pump})
    found = find_stop(lab.deck, Call("peristaltic", "run_continuously"), pump)
    assert found is not None
    assert found.name == "halt"
    assert found.is_coroutine


def test_shutdown_of_pymeasure_is_a_safe_state_when_it_is_set(make_lab):
    meter = FakeInstrument()
    lab = make_lab({"meter": meter})
    lab.runner.safety.plan = lambda: plan_for(lab.deck, {}, [SafeSetting("meter", "shutdown")])
    report = lab.runner.make_safe().result(30)
    assert report.rows[0].done
    assert meter.isShutdown

"""The way down of one call: asked to stop, its driver's own stop, given up; and what is said of each rung."""

import asyncio
import contextlib
import threading
import time

import pytest

from ivoryos_jupyter.errors import CallStoppedError, CallTimeoutError, NotTrustedError
from ivoryos_jupyter.journal import Outcome, StepStatus
from ivoryos_jupyter.runner import Call, SafeSetting, State, plan_for, sleep
from ivoryos_jupyter.workflow import Action, Constant, OnError, Pause, Wait


class Motor:
    """Moves until its stop, or the test, lets go."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.gate = threading.Event()
        self.stops: list[str] = []
        self.moves: list[float] = []

    def move(self, target: float = 1.0) -> float:
        """Move until it is stopped."""
        self.moves.append(target)
        self.entered.set()
        self.gate.wait()
        return target

    def nap(self) -> None:
        """Sleep obediently."""
        self.entered.set()
        sleep(60)

    def jog(self) -> str:
        """Move a little."""
        return "jogged"

    @property
    def position(self) -> float:
        """Hangs when it is read."""
        self.entered.set()
        self.gate.wait()
        return 1.0

    def stop(self, success: bool = False) -> None:  # noqa: FBT001, FBT002 - as drivers have it
        """Stop moving."""
        self.stops.append(threading.current_thread().name)
        self.gate.set()


class Failing(Motor):
    """Its stop raises."""

    def stop(self) -> None:
        self.stops.append("stop")
        raise RuntimeError("no answer on the bus")


class HangingStop(Motor):
    """Neither its move nor its stop returns."""

    def stop(self) -> None:
        self.stops.append("stop")
        self.gate.wait()


class Raising(Motor):
    """Its move raises once it is stopped, as most drivers' do."""

    def move(self, target: float = 1.0) -> float:
        super().move(target)
        raise RuntimeError("interrupted by stop")


class Needy(Motor):
    """Its stop asks for something, so its halt is what stops it."""

    def stop(self, how: str) -> None:
        self.stops.append(how)

    def halt(self) -> None:
        """Halt at once."""
        self.stops.append("halt")
        self.gate.set()


class Tidy(Motor):
    """Tidies up after a stop, which takes a moment."""

    def nap(self) -> None:
        self.entered.set()
        try:
            sleep(60)
        finally:
            sleep(0.01)
            self.moves.append(0.0)


class Deaf(Motor):
    """Swallows whatever ends its sleep, and sleeps again."""

    def nap(self) -> None:
        self.entered.set()
        while not self.gate.is_set():
            self.moves.append(1.0)
            with contextlib.suppress(BaseException):
                sleep(0.2)


class Unsafe(Motor):
    """Its safe state raises."""

    def off(self) -> None:
        """Switch off, in vain."""
        raise RuntimeError("no answer")


class AsyncMotor:
    """An async driver whose move ignores its cancelling."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.stops: list[str] = []
        self._stopped = False

    async def move(self) -> str:
        """Move until it is stopped."""
        self.entered.set()
        while not self._stopped:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(0.01)
        return "stopped"

    async def stop(self) -> None:
        """Stop moving."""
        self.stops.append(threading.current_thread().name)
        self._stopped = True


class Stage:
    """Two axes without a stop of their own, and one for both."""

    def __init__(self) -> None:
        self.x = Axis()
        self.stops: list[str] = []

    def stop(self) -> None:
        """Stop both."""
        self.stops.append("stage")
        self.x.gate.set()


class Axis:
    """A part of a stage."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.gate = threading.Event()

    def move(self) -> None:
        """Move until the stage is stopped."""
        self.entered.set()
        self.gate.wait()


@pytest.fixture
def bench(make_lab):
    """Makes a laboratory with one instrument. A rung is left soon where the next one is the point, late where that must not be reached."""
    gates: list[threading.Event] = []

    def make(instrument, name="motor", *, stop_s=0.05, give_up_s=60.0, clock=None):
        lab = make_lab({name: instrument}, grace_s=give_up_s, clock=clock)
        lab.pipeline.driver_stop_s = stop_s
        part = getattr(instrument, "x", instrument)
        if hasattr(part, "gate"):
            gates.append(part.gate)
        return lab

    yield make
    for gate in gates:
        gate.set()


def rungs(lab) -> list[str]:
    return [event.detail["rung"] for event in lab.recorder.events if event.kind == "call_stop"]


def told(lab, *expected: str) -> None:
    lab.until(lambda: set(expected) <= set(rungs(lab)))
    assert [one for one in rungs(lab) if one in expected] == list(expected)


def stopped_run(lab, motor, act, flow, **more):
    handle = lab.submit(flow(act("move", instrument="motor"), act("dose", volume=1.0), **more))
    assert motor.entered.wait(30)
    handle.stop(now=True)
    return handle.wait(30)


# A run


def test_a_call_that_does_not_obey_is_stopped_by_its_driver_from_a_second_thread(bench, act, flow):
    motor = Motor()
    lab = bench(motor)
    status = stopped_run(lab, motor, act, flow, cleanup=[act("clean")])
    assert status.outcome is Outcome.STOPPED
    assert len(motor.stops) == 1
    assert motor.stops[0].startswith("ivoryos-apart")
    told(lab, "asked to stop", "motor.stop() is called", "motor.stop() returned")
    step = lab.steps()[0]
    assert step.outcome.status is StepStatus.CANCELLED
    assert step.outcome.error == "Stopped by a person; motor.stop() was called; whether the hardware stopped is not known."
    assert ("clean", None) in lab.pump.calls
    assert lab.pump.doses == []


def test_what_the_call_raises_when_its_driver_stops_it_is_kept(bench, act, flow):
    motor = Raising()
    lab = bench(motor)
    assert stopped_run(lab, motor, act, flow).outcome is Outcome.STOPPED
    error = lab.steps()[0].outcome.error
    assert error.startswith("Stopped by a person; motor.stop() was called")
    assert "interrupted by stop" in error


def test_a_call_that_obeys_is_never_stopped_by_its_driver(bench, act, flow):
    motor = Motor()
    lab = bench(motor, stop_s=60)
    handle = lab.submit(flow(act("nap", instrument="motor")))
    assert motor.entered.wait(30)
    handle.stop(now=True)
    assert handle.wait(30).outcome is Outcome.STOPPED
    told(lab, "asked to stop")
    assert motor.stops == []
    assert lab.pipeline.untrusted == ()


def test_after_its_driver_stopped_it_only_the_runs_cleanup_may_use_it_until_somebody_has_looked(bench, act, flow):
    motor = Motor()
    lab = bench(motor)
    status = stopped_run(lab, motor, act, flow, cleanup=[act("jog", instrument="motor")])
    assert status.cleanup_error is None
    assert [step.outcome.status for step in lab.steps()] == [StepStatus.CANCELLED, StepStatus.DONE]
    with pytest.raises(NotTrustedError, match=r"was stopped in the middle of move by motor.stop\(\). Check it"):
        lab.call("motor", "jog")
    assert lab.pipeline.trust("motor")
    assert lab.call("motor", "jog").result(30) == "jogged"


def test_a_stop_that_raises_is_recorded_and_the_call_is_given_up(bench, act, flow):
    motor = Failing()
    lab = bench(motor, give_up_s=1.0)
    assert stopped_run(lab, motor, act, flow).outcome is Outcome.STOPPED
    told(lab, "asked to stop", "motor.stop() is called", "motor.stop() raised RuntimeError: no answer on the bus", "given up")
    assert lab.steps()[0].outcome.status is StepStatus.ABANDONED
    assert lab.pipeline.untrusted == ("motor",)


def test_a_stop_that_hangs_does_not_hang_the_runner(bench, act, flow, clock):
    motor = HangingStop()
    lab = bench(motor, give_up_s=100, clock=clock)
    handle = lab.submit(flow(act("move", instrument="motor"), act("dose", volume=1.0)))
    assert motor.entered.wait(30)
    handle.stop(now=True)
    lab.until(lambda: motor.stops)
    clock.let_pass(101)
    assert handle.wait(30).outcome is Outcome.STOPPED
    told(lab, "asked to stop", "motor.stop() is called", "motor.stop() did not return", "given up")
    assert lab.run(flow(act("dose", volume=2.0))).outcome is Outcome.COMPLETED


def test_a_stop_that_needs_an_argument_is_not_called_and_halt_is(bench, act, flow):
    motor = Needy()
    lab = bench(motor)
    stopped_run(lab, motor, act, flow)
    assert motor.stops == ["halt"]


def test_a_driver_without_a_stop_is_given_up_after_the_grace_time(bench, act, flow):
    axis = Axis()
    lab = bench(axis, give_up_s=0.1)
    assert stopped_run(lab, axis, act, flow).outcome is Outcome.STOPPED
    told(lab, "asked to stop", "given up")


def test_the_stop_of_the_whole_stops_its_part(bench, act, flow):
    stage = Stage()
    lab = bench(stage, "stage")
    handle = lab.submit(flow(act("move", instrument="stage.x")))
    assert stage.x.entered.wait(30)
    handle.stop(now=True)
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert stage.stops == ["stage"]
    told(lab, "stage.stop() is called")


def test_a_driver_that_is_bound_to_the_thread_that_hangs_is_not_stopped_from_another(bench, act, flow):
    motor = Motor()
    lab = bench(motor, give_up_s=0.1)
    lab.executor.pin(motor, "own")
    assert stopped_run(lab, motor, act, flow).outcome is Outcome.STOPPED
    assert motor.stops == []
    told(lab, "motor.stop() is called", "motor.stop() was not called: the thread its driver is bound to is not free", "given up")


def test_an_async_stop_runs_on_the_loop(bench, act, flow):
    motor = AsyncMotor()
    lab = bench(motor)
    assert stopped_run(lab, motor, act, flow).outcome is Outcome.STOPPED
    assert motor.stops == ["ivoryos-loop"]


def test_a_reading_that_hangs_calls_no_stop(bench, flow):
    motor = Motor()
    lab = bench(motor, give_up_s=0.1)
    handle = lab.call("motor", "position", "get")
    assert motor.entered.wait(30)
    handle.cancel()
    with pytest.raises(CallStoppedError):
        handle.result(30)
    assert motor.stops == []


def test_the_drivers_stop_can_be_left_out(bench, act, flow):
    motor = Motor()
    lab = bench(motor, stop_s=None, give_up_s=0.1)
    stopped_run(lab, motor, act, flow)
    assert motor.stops == []


def test_a_name_that_means_another_object_by_now_is_not_stopped(bench, act, flow):
    motor, second = Motor(), Motor()
    lab = bench(motor, give_up_s=0.1)
    handle = lab.submit(flow(act("move", instrument="motor")))
    assert motor.entered.wait(30)
    lab.deck.update({**lab.namespace, "motor": second})
    handle.stop(now=True)
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert (motor.stops, second.stops) == ([], [])


def test_after_make_safe_the_drivers_stop_is_not_called_a_second_time(bench, act, flow):
    motor = Motor()
    lab = bench(motor, stop_s=5.0)
    lab.runner.safety.plan = lambda: plan_for(lab.deck, {}, [SafeSetting("motor", "stop")])
    handle = lab.submit(flow(act("move", instrument="motor")))
    assert motor.entered.wait(30)
    lab.runner.make_safe().result(30)
    handle.wait(30)
    assert len(motor.stops) == 1


@pytest.mark.parametrize(("method", "takes_care"), [("off", False), ("jog", True)])
def test_a_safe_state_that_failed_takes_the_place_of_no_stop(bench, method, takes_care):
    motor = Unsafe()
    lab = bench(motor)
    lab.runner.safety.plan = lambda: plan_for(lab.deck, {}, [SafeSetting("motor", method)])
    before = lab.pipeline.clock.monotonic()
    lab.runner.make_safe().result(30)
    assert lab.pipeline.made_safe_since(motor, before) is takes_care


def test_a_driver_that_tidies_up_after_a_stop_may_sleep_in_that(bench, act, flow):
    motor = Tidy()
    lab = bench(motor, stop_s=None)
    handle = lab.submit(flow(act("nap", instrument="motor")))
    assert motor.entered.wait(30)
    handle.stop(now=True)
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert motor.moves == [0.0]
    assert lab.steps()[0].outcome.status is StepStatus.CANCELLED


def test_a_driver_that_swallows_the_stop_goes_down_the_ladder_and_does_not_spin_meanwhile(bench, act, flow):
    motor = Deaf()
    lab = bench(motor)
    handle = lab.submit(flow(act("nap", instrument="motor")))
    assert motor.entered.wait(30)
    handle.stop(now=True)
    assert handle.wait(30).outcome is Outcome.STOPPED
    told(lab, "asked to stop", "motor.stop() is called")
    assert len(motor.moves) < 1000


# A time-out


@pytest.mark.parametrize("motor_class", [Motor, Raising])
def test_a_time_out_takes_the_same_ladder_and_is_a_failed_step(bench, flow, clock, motor_class):
    motor = motor_class()
    lab = bench(motor, clock=clock)
    move = Action(id="m", instrument="motor", method="move", timeout_s=100)
    handle = lab.submit(flow(move))
    assert motor.entered.wait(30)
    clock.let_pass(101)
    status = lab.wait_for(handle, State.ASKING)
    assert "motor.move took longer than 100 s. motor.stop() was called." in status.question.error
    step = lab.steps()[0]
    assert step.outcome.status is StepStatus.FAILED
    assert step.outcome.error.startswith("The call took longer than its time-out; motor.stop() was called; whether the hardware")
    handle.retry()  # a person says so, and her run may
    lab.until(lambda: len(motor.moves) == 2)
    handle.stop(now=True)
    handle.wait(30)


def test_a_call_that_returns_within_the_grace_of_its_time_out_is_done(bench, flow, clock):
    motor = Motor()
    lab = bench(motor, stop_s=60, clock=clock)
    move = Action(id="m", instrument="motor", method="move", timeout_s=100, on_error=OnError("fail"))
    handle = lab.submit(flow(move))
    assert motor.entered.wait(30)
    clock.let_pass(101)
    lab.until(lambda: rungs(lab) == ["asked to stop"])
    motor.gate.set()
    assert handle.wait(30).outcome is Outcome.COMPLETED


# A direct call


def test_a_direct_call_takes_the_same_ladder_and_prints_its_rungs(bench):
    motor = Motor()
    lab = bench(motor)
    handle = lab.call("motor", "move")
    assert motor.entered.wait(30)
    handle.cancel()
    handle.cancel()
    with pytest.raises(CallStoppedError, match=r"motor.move was stopped; motor.stop\(\) was called; whether the hardware stopped"):
        handle.result(30)
    assert handle.status == "cancelled"
    assert handle.prints.splitlines()[:2] == ["stop: asked to stop", "stop: motor.stop() is called"]
    assert len(motor.stops) == 1
    assert lab.pipeline.untrusted == ("motor",)
    told(lab, "asked to stop", "motor.stop() is called", "motor.stop() returned")


def test_a_direct_call_that_times_out_is_stopped_by_its_driver(bench):
    motor = Motor()
    lab = bench(motor)
    handle = lab.pipeline.submit(Call("motor", "move", timeout_s=1))
    with pytest.raises(CallTimeoutError, match=r"longer than 1 s. motor.stop\(\) was called."):
        handle.result(30)
    assert handle.status == "failed"


def test_a_direct_call_whose_stop_hangs_is_given_up(bench):
    motor = HangingStop()
    lab = bench(motor, give_up_s=2.0)
    handle = lab.call("motor", "move")
    assert motor.entered.wait(30)
    handle.cancel()
    with pytest.raises(CallStoppedError, match="never returned"):
        handle.result(30)
    assert handle.status == "abandoned"
    assert handle.prints.splitlines()[-2:] == ["stop: motor.stop() did not return", "stop: given up"]


def test_a_call_asks_its_own_sleep_to_end_even_while_the_records_hang(bench):
    motor = Motor()
    lab = bench(motor, stop_s=60)
    handle = lab.call("motor", "nap")
    assert motor.entered.wait(30)
    held = threading.Event()
    lab.pipeline.clerk.put(lambda: held.wait(30))
    worker = next(one for one in threading.enumerate() if one.name.startswith("ivoryos-worker"))
    handle.cancel()
    try:
        lab.until(lambda: lab.executor._workers["worker"].under_way is None)
    finally:
        held.set()
    assert worker.is_alive()
    with pytest.raises(CallStoppedError):
        handle.result(30)


# What takes long


def test_a_call_that_takes_much_longer_than_usual_is_told_once_per_factor(bench, act, flow, clock):
    motor = Motor()
    lab = bench(motor, clock=clock)
    asked: list[tuple[str, str]] = []
    lab.pipeline.usual = lambda path, member: (asked.append((path, member)), 100.0)[1]
    handle = lab.submit(flow(act("move", instrument="motor", target=2.0)))
    assert motor.entered.wait(30)
    clock.let_pass(1001)
    lab.until(lambda: "times longer" in handle.status.message)
    assert handle.status.message == "motor.move has been running 10 times longer than usual (100 s)"
    assert handle.status.sentence == handle.status.message
    motor.gate.set()
    assert handle.wait(30).message == ""
    lab.until(lambda: "unusual" in lab.kinds())
    (event,) = [one for one in lab.recorder.events if one.kind == "unusual"]
    assert (event.detail["call"], event.detail["times"], event.detail["usual_s"]) == ("motor.move", 10, 100.0)
    assert asked == [("motor", "move")]
    assert motor.stops == []


def test_a_direct_call_that_takes_much_longer_than_usual_is_told_too(bench):
    motor = Motor()
    lab = bench(motor)
    lab.pipeline.usual = lambda path, member: 0.01
    handle = lab.call("motor", "move")
    lab.until(lambda: any("200 times longer" in getattr(event, "message", "") for event in lab.events))
    motor.gate.set()
    handle.result(30)
    assert [one.detail["times"] for one in lab.recorder.events if one.kind == "unusual"] == [200]


def test_a_lookup_that_fails_harms_nothing(bench):
    motor = Motor()
    lab = bench(motor)

    def broken(path, member):
        raise RuntimeError("no records")

    lab.pipeline.usual = broken
    handle = lab.call("motor", "move")
    lab.until(motor.entered.is_set)
    deadline = time.monotonic() + 1.5
    lab.until(lambda: time.monotonic() > deadline)
    motor.gate.set()
    assert handle.result(30) == 1.0


# A time-out of the whole run


def test_a_run_that_takes_too_long_ends_as_by_an_error_and_cleanup_runs(bench, act, flow, clock):
    motor = Motor()
    lab = bench(motor, clock=clock)
    handle = lab.submit(flow(act("nap", instrument="motor"), cleanup=[act("clean")]), timeout_s=100)
    assert motor.entered.wait(30)
    clock.let_pass(101)
    status = handle.wait(30)
    assert status.outcome is Outcome.FAILED
    assert status.error == "The run took longer than its time-out of 100 s."
    assert ("clean", None) in lab.pump.calls
    assert lab.steps()[0].outcome.error.startswith("The run took longer than its time-out of 100 s")


@pytest.mark.parametrize("where", ["wait", "pause step", "paused", "error"])
def test_a_run_that_waits_too_long_ends_wherever_it_waits(make_lab, act, flow, clock, where):
    lab = make_lab(clock=clock)
    first = {"wait": Wait(id="w", seconds=Constant(1000)), "pause step": Pause(id="p", message="look")}.get(where, act("dose", volume=1.0))
    if where == "error":
        lab.pump.fail_next.append(RuntimeError("syringe empty"))
    if where == "paused":
        lab.runner.queue.hold("test")
    handle = lab.submit(flow(first, act("dose", volume=9.0), cleanup=[act("clean")]), timeout_s=100)
    if where == "paused":
        handle.pause()
        lab.runner.queue.release()
    if where == "wait":
        lab.until(lambda: handle.status.step is not None)
    else:
        lab.wait_for(handle, State.PAUSED if where == "paused" else State.ASKING)
    clock.let_pass(101)
    status = handle.wait(30)
    assert status.outcome is Outcome.FAILED
    assert status.error.startswith("The run took longer than its time-out of 100 s.")
    assert ("syringe empty" in status.error) == (where == "error")
    assert 9.0 not in lab.pump.doses
    assert ("clean", None) in lab.pump.calls


def test_the_time_out_of_a_run_does_not_end_its_cleanup(bench, act, flow, clock):
    motor = Motor()
    lab = bench(motor, clock=clock)
    handle = lab.submit(flow(act("dose", volume=1.0), cleanup=[act("move", instrument="motor"), act("clean")]), timeout_s=100)
    assert motor.entered.wait(30)
    clock.let_pass(101)
    motor.gate.set()
    assert handle.wait(30).outcome is Outcome.COMPLETED
    assert ("clean", None) in lab.pump.calls


def test_a_run_that_is_done_in_time_is_not_touched(lab, act, flow):
    wait = Wait(id="w", seconds=Constant(0.01))
    assert lab.run(flow(act("dose", volume=1.0), wait), timeout_s=30).outcome is Outcome.COMPLETED

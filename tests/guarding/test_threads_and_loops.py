"""A guarded call runs where the driver lives, also when it is asked for from within another call, and never waits for itself."""

from __future__ import annotations

import _thread
import asyncio
import inspect
import signal
import threading
import time

import pytest

from ivoryos_jupyter.errors import BusyError, LimitError, NotTrustedError
from ivoryos_jupyter.guarding import override
from ivoryos_jupyter.introspect import block, original, safe_state
from ivoryos_jupyter.runner import Call, _caller, sleep
from ivoryos_jupyter.runner._direct import DirectCall
from ivoryos_jupyter.workflow import Action, CallBlock, Constant, Wait, Workflow


def here():
    return threading.current_thread().name


class Rig:
    """An instrument that notes where it is called."""

    def __init__(self, partner=None):
        self.partner = partner
        self.threads = []
        self.entered, self.gate = threading.Event(), threading.Event()

    def move(self, steps: int = 1) -> int:
        """Move."""
        self.threads.append(here())
        return steps

    def twice(self, steps: int) -> int:
        """Move the partner, by whatever it holds."""
        return self.partner.move(steps) + self.partner.move(steps)

    def own(self, steps: int) -> int:
        """Move itself."""
        return self.move(steps)

    async def settle(self, seconds: float = 0.0) -> str:
        """Wait."""
        self.threads.append(here())
        self.entered.set()
        await asyncio.sleep(seconds)
        return "settled"

    async def settle_partner(self) -> object:
        """Wait for the partner."""
        return await self.partner.settle()

    def later(self):
        """Return something to await that wants a running loop."""
        return asyncio.get_running_loop().create_future()

    def stubborn(self):
        """Return when the gate is opened, and obey nobody."""
        self.entered.set()
        self.gate.wait(10)

    def nap(self, seconds: float):
        """Sleep as a driver of ours does."""
        self.entered.set()
        sleep(seconds)

    def count(self, to: int):
        """Yield numbers."""
        for number in range(to):
            self.threads.append(here())
            got = yield number
            if got:
                self.threads.append(got)
        return "all"


@pytest.fixture
def lab(open_notebook):
    made = open_notebook(rig=Rig(), arm=Rig())
    made.guard.guard()
    original(made.names["rig"]).partner = made.names["arm"]
    return made


def settled(lab):
    """Return what is recorded when no call is open any more."""
    deadline = time.monotonic() + 30
    while any(status == "open" for _, _, status in lab.calls):
        assert time.monotonic() < deadline
    return lab.calls


@pytest.fixture
def interrupt_when():
    """Interrupt the test's own thread, as Ctrl-C does, when the driver has been entered; also where the suite was started to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    threads = []

    def begin(entered):
        def interrupt():
            assert entered.wait(30)
            _thread.interrupt_main()

        threads.append(threading.Thread(target=interrupt))
        threads[-1].start()

    yield begin
    for thread in threads:
        thread.join(30)
    signal.signal(signal.SIGINT, before)


def test_a_driver_that_calls_a_guarded_one_goes_on_within_its_own_call(lab):
    assert lab.names["rig"].twice(2) == 4
    assert [name for name, _, _ in lab.calls] == ["rig.twice", "arm.move", "arm.move"]
    assert set(original(lab.names["arm"]).threads) == {"ivoryos-worker-1"}
    assert [one.intent.origin for one in lab.recorder.calls.values()] == ["cell", "driver", "driver"]


def test_a_driver_that_calls_its_own_methods_does_not_come_back_to_the_guard(lab):
    assert lab.names["rig"].own(2) == 2
    assert [name for name, _, _ in lab.calls] == ["rig.own"]


def test_limits_hold_within_a_call_too(lab):
    lab.limit("arm", "move", "steps", maximum=1)
    with pytest.raises(LimitError):
        lab.names["rig"].twice(2)
    assert original(lab.names["arm"]).threads == []


def test_a_driver_that_calls_itself_by_its_guarded_name_needs_no_second_seat(lab):
    original(lab.names["rig"]).partner = lab.names["rig"]
    assert lab.names["rig"].twice(1) == 2


def test_a_building_block_in_a_run_calls_guarded_names_and_the_record_names_the_run(open_notebook):
    names = {"rig": Rig()}

    @block
    def shake(times: int) -> int:
        return sum(lab.names["rig"].move(1) for _ in range(times))

    lab = open_notebook(shake=shake, **names)
    lab.guard.guard("rig")
    steps = (
        Action(id="a", instrument="rig", method="move", arguments={"steps": Constant(1)}),
        CallBlock(id="b", block="shake", arguments={"times": Constant(2)}),
    )
    handle = lab.submit(Workflow(name="w", script=steps))
    assert handle.wait(30).outcome.value == "completed"
    assert original(lab.names["rig"]).threads == ["ivoryos-worker-1"] * 3
    kept = list(lab.recorder.calls.values())
    assert [(one.intent.origin, one.intent.run_id) for one in kept] == [("run", handle.status.run_id)] * 2


def test_while_a_run_holds_it_a_cell_is_refused(open_notebook):
    rig = Rig()
    lab = open_notebook(rig=rig)
    lab.guard.guard()
    handle = lab.submit(Workflow(name="w", script=(Action(id="a", instrument="rig", method="nap", arguments={"seconds": Constant(30.0)}),)))
    assert rig.entered.wait(30)
    with pytest.raises(BusyError, match="the run"):
        lab.names["rig"].move(1)
    handle.stop(now=True)
    handle.wait(30)
    assert lab.names["rig"].move(1) == 1


def test_a_coroutine_method_is_one_and_runs_on_the_loop(open_notebook):
    async def main():
        lab = open_notebook(loop=asyncio.get_running_loop(), rig=Rig())
        lab.guard.guard()
        rig = lab.names["rig"]
        assert inspect.iscoroutinefunction(rig.settle)
        assert await rig.settle() == "settled"
        assert await asyncio.gather(asyncio.create_task(rig.settle())) == ["settled"]
        assert set(original(rig).threads) == {here()}
        assert [name for name, _, _ in await asyncio.to_thread(lambda: lab.calls)] == ["rig.settle"] * 2

    asyncio.run(main())


def test_a_coroutine_that_awaits_a_guarded_one_goes_on(open_notebook):
    async def main():
        lab = open_notebook(loop=asyncio.get_running_loop(), rig=Rig(), arm=Rig())
        lab.guard.guard()
        original(lab.names["rig"]).partner = lab.names["arm"]
        assert await asyncio.wait_for(lab.names["rig"].settle_partner(), 30) == "settled"

    asyncio.run(main())


def test_cancelling_the_task_stops_the_call(open_notebook):
    async def main():
        lab = open_notebook(loop=asyncio.get_running_loop(), rig=Rig())
        lab.guard.guard()
        task = asyncio.create_task(lab.names["rig"].settle(30))
        assert await asyncio.to_thread(original(lab.names["rig"]).entered.wait, 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0)  # the loop takes the cancelling to the call
        assert (await asyncio.to_thread(settled, lab))[0][2] == "cancelled"

    asyncio.run(main())


def test_a_plain_method_pinned_to_the_loops_thread_runs_right_there(open_notebook):
    async def main():
        lab = open_notebook(loop=asyncio.get_running_loop(), rig=Rig())
        lab.executor.pin(original(lab.names["rig"]), "main")
        lab.guard.guard()
        assert lab.names["rig"].move(3) == 3
        assert original(lab.names["rig"]).threads == [here()]

    asyncio.run(main())


def test_a_worker_call_from_the_loops_thread_is_waited_for(open_notebook):
    async def main():
        lab = open_notebook(loop=asyncio.get_running_loop(), rig=Rig())
        lab.guard.guard()
        assert lab.names["rig"].move(3) == 3
        assert original(lab.names["rig"]).threads == ["ivoryos-worker-1"]

    asyncio.run(main())


def test_an_interrupt_asks_the_call_to_stop_and_leaves_an_honest_record(lab, interrupt_when):
    real = original(lab.names["rig"])
    interrupt_when(real.entered)
    with pytest.raises(KeyboardInterrupt, match=r"rig\.nap was stopped"):
        lab.names["rig"].nap(30)
    assert lab.calls == [("rig.nap", {"seconds": 30}, "cancelled")]
    assert lab.names["rig"].move(1) == 1


@pytest.mark.parametrize("moment", ["when it has been submitted", "when it has sat down"])
def test_an_interrupt_stops_the_call_also_before_the_cell_waits_for_it(lab, monkeypatch, moment):
    real = original(lab.names["rig"])
    interrupted = [lab.pipeline, "submit"] if moment == "when it has been submitted" else [DirectCall, "_soon"]
    work = getattr(*interrupted)

    def then_interrupted(*args, **kwargs):
        work(*args, **kwargs)
        assert real.entered.wait(30)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(*interrupted, then_interrupted)
        with pytest.raises(KeyboardInterrupt, match=r"rig\.nap was stopped"):
            lab.names["rig"].nap(30)
    assert lab.calls == [("rig.nap", {"seconds": 30}, "cancelled")]
    assert lab.names["rig"].move(1) == 1


def test_an_interrupt_while_a_call_sits_down_leaves_the_seat_free(lab, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(DirectCall, "_soon", interrupted)
        with pytest.raises(KeyboardInterrupt, match=r"rig\.move was given up before it began"):
            lab.names["rig"].move(1)
    assert lab.names["rig"].move(1) == 1
    assert [name for name, _, _ in lab.calls] == ["rig.move"]


def test_an_interrupted_call_that_does_not_return_gives_the_prompt_back_and_is_said_to_be_given_up(lab, interrupt_when, monkeypatch):
    monkeypatch.setattr(_caller, "OBEY_S", 30)
    lab.pipeline.grace_s = 0.2
    real = original(lab.names["rig"])
    interrupt_when(real.entered)
    with pytest.raises(KeyboardInterrupt, match=r"rig\.stubborn never returned"):
        lab.names["rig"].stubborn()
    real.gate.set()
    assert lab.calls[0][2] == "abandoned"
    with pytest.raises(NotTrustedError):
        lab.names["rig"].move(1)


def test_a_generator_runs_step_by_step_where_the_driver_lives(lab):
    rig = lab.names["rig"]
    assert inspect.isgeneratorfunction(rig.count)
    steps = rig.count(2)
    assert original(rig).threads == []
    assert next(steps) == 0
    assert steps.send("sent") == 1
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert end.value.value == "all"
    assert original(rig).threads == ["ivoryos-worker-1", "sent", "ivoryos-worker-1"]
    assert [name for name, _, _ in lab.calls] == ["rig.count"]


def test_a_generator_that_is_left_is_closed(lab):
    steps = lab.names["rig"].count(5)
    assert next(steps) == 0
    steps.close()
    assert list(lab.names["rig"].count(3)) == [0, 1, 2]


def test_a_stop_of_the_run_reaches_what_a_block_calls_by_a_guarded_name(open_notebook):
    @block
    def rest() -> None:
        try:
            lab.names["rig"].nap(30)
        except Exception:  # noqa: BLE001 - a driver that swallows every error
            lab.names["rig"].move(1)

    lab = open_notebook(rest=rest, rig=Rig())
    lab.guard.guard("rig")
    handle = lab.submit(Workflow(name="w", script=(CallBlock(id="b", block="rest"),)))
    assert original(lab.names["rig"]).entered.wait(30)
    handle.stop(now=True)
    assert handle.wait(30).outcome.value == "stopped"
    assert original(lab.names["rig"]).threads == []
    assert lab.calls == [("rig.nap", {"seconds": 30}, "cancelled")]


class SafeRig(Rig):
    """Makes its partner safe."""

    @safe_state
    def calm(self) -> None:
        """Move the partner home."""
        self.partner.move(0)


def test_make_safe_reaches_an_instrument_by_its_guarded_name_while_a_call_sits_on_it(open_notebook):
    lab = open_notebook(rig=SafeRig(), arm=Rig())
    lab.guard.guard()
    rig, arm = original(lab.names["rig"]), original(lab.names["arm"])
    rig.partner = lab.names["arm"]
    handle = lab.pipeline.submit(Call("arm", "stubborn"))
    assert arm.entered.wait(30)
    making = lab.runner.make_safe()
    deadline = time.monotonic() + 30
    while not making.done:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    arm.gate.set()
    handle.exception(30)
    assert len(arm.threads) == 1
    assert [row.outcome for row in making.report.rows] == ["done"]


def test_a_cell_takes_over_what_a_paused_run_holds_only_when_it_says_why(open_notebook):
    lab = open_notebook(rig=Rig())
    lab.guard.guard()
    steps = tuple(Action(id=name, instrument="rig", method="move", arguments={"steps": Constant(1)}) for name in "ab")
    handle = lab.submit(Workflow(name="w", script=(steps[0], Wait(id="w", seconds=Constant(60)), steps[1])))
    while not original(lab.names["rig"]).threads:
        time.sleep(0.01)
    handle.pause()
    deadline = time.monotonic() + 30
    while handle.status.state.value != "paused":
        assert time.monotonic() < deadline
        time.sleep(0.01)
    with pytest.raises(BusyError, match="take_over"), override("looking"):
        lab.names["rig"].move(1)
    with override("the tube is loose", take_over=True):
        assert lab.names["rig"].move(1) == 1
    handle.stop(now=True)
    handle.wait(30)


def test_a_cell_does_not_stand_in_line_behind_what_needs_its_own_loop(open_notebook):
    opened = asyncio.Event()

    class Settling(Rig):
        async def settle(self, seconds: float = 0.0) -> str:
            self.entered.set()
            await opened.wait()
            return "settled"

    async def main():
        lab = open_notebook(loop=asyncio.get_running_loop(), rig=Settling())
        lab.guard.guard("rig", wait_in_line=True)
        rig = lab.names["rig"]
        task = asyncio.create_task(rig.settle())
        assert await asyncio.to_thread(original(rig).entered.wait, 30)
        with pytest.raises(BusyError, match=r"rig\.settle is under way"):
            rig.move(1)
        opened.set()
        assert await task == "settled"
        assert rig.move(1) == 1

    asyncio.run(main())

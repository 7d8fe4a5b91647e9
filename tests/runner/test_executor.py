"""Where calls run, and what they may do there."""

import asyncio
import logging
import sys
import threading

import pytest

from ivoryos_jupyter.errors import CallStoppedError, CallTimeoutError, DriverError, NotTrustedError, StopRequested, WouldBlockError
from ivoryos_jupyter.journal import StepStatus
from ivoryos_jupyter.runner import Call, Job, ThreadExecutor, sleep
from ivoryos_jupyter.testing import NeverReturns, PrintsALot, RaisesBaseException, ReturnsUnpicklable, ThreadBound


class Stirrer:
    """An async driver that is bound to the loop it is first used on."""

    def __init__(self) -> None:
        self.loop = None
        self.finished: list[str] = []

    async def stir(self, seconds: float = 0.0) -> str:
        loop = asyncio.get_running_loop()
        if self.loop is None:
            self.loop = loop
        assert self.loop is loop
        try:
            await asyncio.sleep(seconds)
        finally:
            self.finished.append("stirred")
        return threading.current_thread().name

    async def stubborn(self) -> None:
        self.loop = asyncio.get_running_loop()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            self.finished.append("ignored")
            await asyncio.sleep(3)

    async def leave(self) -> None:
        raise SystemExit(3)

    def plain_with_loop(self) -> str:
        asyncio.get_running_loop()
        return threading.current_thread().name

    def hidden_coroutine(self):
        return self.stir(0)


def test_a_call_is_behind_another_only_while_that_one_has_its_thread():
    executor = ThreadExecutor()
    entered, gate, ended = threading.Event(), threading.Event(), threading.Event()

    def block():
        entered.set()
        gate.wait(10)

    first = executor.start(Job(block), lambda _: None)
    assert entered.wait(30)
    second = executor.start(Job(ended.set), lambda _: None)
    first.begun = False  # as it is seen for a moment, when it is looked at before the worker has said so
    assert not executor.is_behind_another(first)
    assert executor.is_behind_another(second)
    gate.set()
    assert ended.wait(30)
    assert executor.close()
    assert not executor.is_behind_another(second)


class Sleeper:
    def __init__(self) -> None:
        self.entered = threading.Event()

    def nap(self, seconds: float) -> str:
        self.entered.set()
        try:
            sleep(seconds)
        except Exception:  # noqa: BLE001 - what drivers do
            return "swallowed"
        return "slept"


class Talker:
    def say(self, what: str) -> None:
        print("out:", what)  # noqa: T201
        sys.stderr.write(f"err: {what}\n")
        logging.getLogger("driver").warning("log: %s", what)
        logging.getLogger("driver").debug("not kept")


def test_a_thread_bound_driver_always_meets_the_same_thread(make_lab):
    lab = make_lab({"bound": ThreadBound()})
    first = lab.call("bound", "read").result(30)
    assert {lab.call("bound", "read").result(30) for _ in range(5)} == {first}
    assert first != threading.get_ident()


def test_a_pinned_object_gets_a_thread_of_its_own_and_keeps_it(make_lab):
    bound = ThreadBound()
    lab = make_lab({"bound": bound, "other_bound": ThreadBound()})
    lab.executor.pin(bound, "own")
    own = {lab.call("bound", "read").result(30) for _ in range(3)}
    assert own != {lab.call("other_bound", "read").result(30)}
    assert len(own) == 1


def test_coroutines_always_run_on_one_loop(make_lab):
    lab = make_lab({"stirrer": Stirrer()})
    names = {lab.call("stirrer", "stir").result(30) for _ in range(3)}
    assert names == {"ivoryos-loop"}


def test_a_coroutine_runs_on_the_loop_that_was_handed_in_while_it_is_awaited(make_lab):
    async def scene():
        lab = make_lab({"stirrer": Stirrer()}, loop=asyncio.get_running_loop())
        handle = lab.call("stirrer", "stir", seconds=0.01)
        with pytest.raises(WouldBlockError, match="await"):
            handle.result(30)
        return await handle

    assert asyncio.run(scene()) == threading.current_thread().name


def test_a_plain_method_that_needs_a_loop_runs_there_when_it_is_pinned_to_main(make_lab):
    stirrer = Stirrer()

    async def scene():
        lab = make_lab({"stirrer": stirrer}, loop=asyncio.get_running_loop())
        with pytest.raises(RuntimeError, match="no running event loop"):
            await lab.call("stirrer", "plain_with_loop")
        lab.executor.pin(stirrer, "main")
        return await lab.call("stirrer", "plain_with_loop")

    assert asyncio.run(scene()) == threading.current_thread().name


def test_a_plain_method_that_returns_a_coroutine_is_awaited(make_lab):
    lab = make_lab({"stirrer": Stirrer()})
    assert lab.call("stirrer", "hidden_coroutine").result(30) == "ivoryos-loop"


def test_a_closed_loop_is_a_failed_call_and_the_worker_lives_on(make_lab):
    loop = asyncio.new_event_loop()
    loop.close()
    lab = make_lab({"stirrer": Stirrer()}, loop=loop)
    for member in ("stir", "hidden_coroutine"):
        with pytest.raises(RuntimeError, match="closed"):
            lab.call("stirrer", member).result(30)
    assert lab.call("pump", "dose", volume=1).result(30) == 2


@pytest.mark.parametrize(("name", "member", "arguments"), [("bad", "fail", {}), ("bad", "leave", {}), ("stirrer", "leave", {})])
def test_what_is_no_exception_is_a_failed_call_and_ends_neither_worker_nor_loop(make_lab, name, member, arguments):
    lab = make_lab({"bad": RaisesBaseException(), "stirrer": Stirrer()})
    handle = lab.call(name, member, **arguments)
    with pytest.raises(DriverError):
        handle.result(30)
    assert handle.status == "failed"
    (row,) = lab.recorder.calls.values()
    assert row.outcome.status is StepStatus.FAILED
    assert "Traceback" in row.outcome.error
    assert lab.call("pump", "dose", volume=1).result(30) == 2
    assert lab.call("stirrer", "stir").result(30) == "ivoryos-loop"


def test_a_call_that_never_returns_is_given_up_and_its_instrument_not_trusted_until_checked(make_lab):
    stuck = NeverReturns()
    lab = make_lab({"stuck": stuck, "bound": ThreadBound()}, grace_s=0.2)
    lab.call("bound", "read").result(30)
    handle = lab.call("stuck", "hang")
    assert stuck.entered.wait(30)
    handle.cancel()
    with pytest.raises(CallStoppedError, match="never returned"):
        handle.result(30)
    assert handle.status == "abandoned"
    with pytest.raises(NotTrustedError, match="trust\\('stuck'\\)"):
        lab.call("stuck", "hang")
    assert lab.call("pump", "dose", volume=1).result(30) == 2, "a new worker is there"
    stuck.let_go()
    assert lab.pipeline.trust("stuck")
    assert not lab.pipeline.trust("stuck")
    assert lab.call("stuck", "hang").result(30) == "released"


def test_calls_that_wait_behind_one_that_hangs_are_made_by_the_new_worker(make_lab):
    stuck = NeverReturns()
    lab = make_lab({"stuck": stuck}, grace_s=0.2)
    hanging = lab.call("stuck", "hang")
    waiting = lab.call("pump", "dose", volume=4)
    assert stuck.entered.wait(30)
    assert not waiting.done
    hanging.cancel()
    assert waiting.result(30) == 8
    stuck.let_go()


def test_a_call_that_waits_behind_another_is_cancelled_without_being_made(make_lab):
    stuck = NeverReturns()
    lab = make_lab({"stuck": stuck})
    lab.call("stuck", "hang")
    waiting = lab.call("pump", "dose", volume=4)
    waiting.cancel()
    with pytest.raises(CallStoppedError):
        waiting.result(30)
    stuck.let_go()
    lab.call("pump", "clean").result(30)
    assert lab.pump.doses == []


def test_a_time_out_ends_a_call(make_lab):
    sleeper = Sleeper()
    lab = make_lab({"sleeper": sleeper}, grace_s=60)
    handle = lab.pipeline.submit(Call("sleeper", "nap", arguments={"seconds": 60.0}, timeout_s=0.05))
    with pytest.raises(CallTimeoutError, match=r"0\.05 s"):
        handle.result(30)
    assert handle.status == "failed"


def test_a_call_that_begins_after_its_time_out_is_over_is_ended_by_it(make_lab, monkeypatch):
    lab = make_lab({"sleeper": Sleeper()})
    start = lab.executor.start

    def late(*job):
        threading.Event().wait(0.2)
        return start(*job)

    monkeypatch.setattr(lab.executor, "start", late)
    handle = lab.pipeline.submit(Call("sleeper", "nap", arguments={"seconds": 5.0}, timeout_s=0.01))
    with pytest.raises(CallTimeoutError):
        handle.result(30)


def test_a_sleeping_driver_wakes_when_it_is_cancelled_though_it_catches_exceptions(make_lab):
    sleeper = Sleeper()
    lab = make_lab({"sleeper": sleeper}, grace_s=60)
    handle = lab.call("sleeper", "nap", seconds=60.0)
    assert sleeper.entered.wait(30)
    handle.cancel()
    with pytest.raises(CallStoppedError, match="was stopped"):
        handle.result(30)
    assert handle.status == "cancelled"


def test_outside_a_call_the_stoppable_sleep_is_an_ordinary_one():
    sleep(0.001)
    assert not issubclass(StopRequested, Exception)


def test_a_cancelled_coroutine_ends(make_lab):
    stirrer = Stirrer()
    lab = make_lab({"stirrer": stirrer}, grace_s=60)
    handle = lab.call("stirrer", "stir", seconds=60.0)
    lab.until(lambda: handle.row is not None and stirrer.loop is not None)
    handle.cancel()
    with pytest.raises(CallStoppedError):
        handle.result(30)
    assert stirrer.finished == ["stirred"]
    assert handle.status == "cancelled"


def test_a_coroutine_that_ignores_its_cancelling_is_given_up(make_lab):
    stirrer = Stirrer()
    lab = make_lab({"stirrer": stirrer}, grace_s=0.2)
    handle = lab.call("stirrer", "stubborn")
    lab.until(lambda: stirrer.loop is not None)
    handle.cancel()
    with pytest.raises(CallStoppedError, match="never returned"):
        handle.result(30)
    assert lab.pipeline.untrusted == ("stirrer",)


def test_prints_and_log_lines_of_a_call_are_kept_with_it_and_not_shown(make_lab, capsys):
    lab = make_lab({"talker": Talker()})
    handle = lab.call("talker", "say", what="hello")
    handle.result(30)
    assert "out: hello\n" in handle.prints
    assert "err: hello\n" in handle.prints
    assert handle.prints.count("log: hello") == 1
    assert "not kept" not in handle.prints
    print("mine")  # noqa: T201
    shown = capsys.readouterr()
    assert "hello" not in shown.out + shown.err
    assert "mine" in shown.out


def test_ten_megabytes_of_prints_keep_their_beginning_and_end(make_lab):
    lab = make_lab({"loud": PrintsALot()})
    handle = lab.call("loud", "chatter")
    assert handle.result(60) == 100_000
    assert len(handle.prints) < 70_000
    assert "characters left out" in handle.prints


def test_the_streams_are_given_back_at_the_end(make_lab):
    before = sys.stdout
    lab = make_lab()
    lab.call("pump", "clean").result(30)
    assert sys.stdout is not before
    lab.executor.close()
    assert sys.stdout is before


def test_a_result_that_nothing_can_be_done_with_is_handed_over_as_it_is(make_lab):
    lab = make_lab({"odd": ReturnsUnpicklable()})
    assert type(lab.call("odd", "handle").result(30)).__name__ == "_Handle"

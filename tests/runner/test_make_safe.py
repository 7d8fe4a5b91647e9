"""Make safe: what moves is stopped, each handler is called once, in order; and what it says."""

import asyncio
import threading

import pytest

from ivoryos_jupyter.errors import BusyError, LimitError, NotTrustedError, SafetyFileError, WouldBlockError
from ivoryos_jupyter.introspect import safe_state
from ivoryos_jupyter.journal import Outcome, StepStatus
from ivoryos_jupyter.runner import CallChanged, MadeSafe, SafePlan, SafeSetting, State, plan_for, sleep
from ivoryos_jupyter.wire import made_safe_json, safety_json
from ivoryos_jupyter.workflow import Constant, Wait


class Heater:
    """Says what it was told, and on which thread."""

    def __init__(self, name: str = "heater") -> None:
        self.name = name
        self.told: list[str] = []
        self.threads: list[str] = []
        self.gate = threading.Event()
        self.entered = threading.Event()
        self.error: Exception | None = None

    @safe_state
    def cool_down(self) -> None:
        """Switch the heating off."""
        self.told.append("cool_down")
        self.threads.append(threading.current_thread().name)
        if self.error is not None:
            raise self.error

    def heat(self, celsius: float = 50.0) -> float:
        """Heat until the test opens the gate."""
        self.told.append("heat")
        self.entered.set()
        self.gate.wait()
        return celsius

    def off(self) -> None:
        """Switch off."""
        self.told.append("off")


class Hanging(Heater):
    """Its safe state never returns."""

    def cool_down(self) -> None:
        self.told.append("cool_down")
        self.entered.set()
        self.gate.wait()


class Async:
    """An async driver."""

    def __init__(self) -> None:
        self.told: list[str] = []

    @safe_state(order=-1)
    async def rest(self) -> None:
        """Stand still."""
        await asyncio.sleep(0)
        self.told.append(threading.current_thread().name)


@pytest.fixture
def heated(make_lab):
    """A laboratory with a heater."""
    heater = Heater()
    lab = make_lab({"heater": heater}, grace_s=0.1)
    lab.heater = heater
    lab.runner.safety.handler_s = 30.0
    yield lab
    heater.gate.set()


def safe(lab):
    return lab.runner.make_safe().result(30)


def settled(lab):
    """The calls of make safe as they are recorded, once they are."""

    def calls():
        return [one for one in list(lab.recorder.calls.values()) if one.intent.origin == "make safe"]

    lab.until(lambda: calls() and all(one.outcome is not None for one in calls()))
    return calls()


def row(report: MadeSafe, handler: str):
    return next(one for one in report.rows if one.handler == handler)


# Without a run


def test_without_a_run_the_handlers_are_called_and_the_queue_is_held(heated):
    report = safe(heated)
    assert heated.heater.told == ["cool_down"]
    assert row(report, "heater.cool_down").outcome == "done"
    assert report.without == ("pump", "other")
    assert report.run == ""
    assert heated.runner.queue.on_hold
    assert report.sentence == "1 of 1 handler returned; 2 instruments have no handler: pump, other"


def test_the_report_is_readable(heated):
    heated.heater.error = RuntimeError("no answer on COM3\nmore")
    text = repr(safe(heated))
    first = "Make safe: 0 of 1 handler returned; could not be reached: heater; 2 instruments have no handler: pump, other."
    assert text.splitlines()[0] == first
    assert "heater.cool_down  failed" in text
    assert "RuntimeError: no answer on COM3" in text
    assert "more" not in text


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("", ""),
        ("a", "1 instrument has no handler: a"),
        ("abcd", "4 instruments have no handler: a, b, c, d"),
        ("abcdefghijkl", "12 instruments have no handler: a, b, c and 9 more"),
    ],
)
def test_many_instruments_without_handler_are_counted_and_all_of_them_kept(names, said):
    report, plan = MadeSafe(0, 1, without=tuple(names)), SafePlan(without=tuple(names))
    assert report.no_handler == plan.no_handler == said
    assert said in report.sentence
    assert made_safe_json(report)["without_text"] == safety_json(plan, None)["without_text"] == said
    assert made_safe_json(report)["without"] == safety_json(plan, None)["without"] == list(names)


def test_it_acknowledges_at_once_and_is_awaited(heated):
    heated.heater.gate.clear()
    making = heated.runner.make_safe()
    assert making.report.started_us > 0

    async def scene():
        return await making

    assert asyncio.run(scene()).ended
    assert repr(making) == repr(making.report)


def test_waiting_on_the_loop_that_a_handler_may_need_is_refused(make_lab):
    async def scene():
        lab = make_lab({"stirrer": Async()}, loop=asyncio.get_running_loop())
        making = lab.runner.make_safe()
        with pytest.raises(WouldBlockError, match="await"):
            making.result(30)
        return await making

    report = asyncio.run(scene())
    assert row(report, "stirrer.rest").outcome == "done"


# Order


def test_handlers_are_called_by_order_number_then_in_the_order_of_the_deck(make_lab):
    told: list[str] = []

    class Valve:
        def __init__(self, name):
            self.name = name

        @safe_state(order=2)
        def close(self):
            told.append(f"{self.name}.close")

    class Burner:
        @safe_state(order=1)
        def out(self):
            told.append("burner.out")

    lab = make_lab({"valve_b": Valve("b"), "valve_a": Valve("a"), "burner": Burner()})
    report = safe(lab)
    assert told == ["burner.out", "b.close", "a.close"]
    assert [one.handler for one in report.rows] == ["burner.out", "valve_b.close", "valve_a.close"]


def test_the_safe_state_of_a_part_makes_the_whole_safe_and_a_method_that_is_overridden_stays_marked(make_lab):
    class Arm(Heater):
        def cool_down(self):
            self.told.append("arm")

    class Robot:
        def __init__(self):
            self.arm = Arm()

    robot = Robot()
    lab = make_lab({"robot": robot, "second_name": robot})
    report = safe(lab)
    assert robot.arm.told == ["arm"]
    assert [one.handler for one in report.rows] == ["robot.arm.cool_down"]
    assert report.without == ("pump", "other")


def test_a_method_named_in_the_settings_and_a_function_of_the_notebook_are_called_too(heated):
    told: list[str] = []

    @safe_state(instrument=("pump", "other"), order=5)
    def drain():
        told.append("drain")

    settings = [SafeSetting("heater", "off", order=-1), SafeSetting("heater", "cool_down", order=9)]
    heated.runner.safety.plan = lambda: plan_for(heated.deck, {"drain": drain, "again": drain}, settings)
    report = safe(heated)
    assert [one.handler for one in report.rows] == ["heater.off", "drain", "heater.cool_down"]
    assert told == ["drain"]
    assert report.without == ()


def test_what_cannot_be_called_is_named_and_keeps_nothing_from_being_called(heated):
    @safe_state(instrument="oven")
    def bake():
        pass

    @safe_state
    def needs(one, two=2):
        pass

    class Wrong:
        @safe_state
        def rest(self, seconds):
            pass

    heated.namespace["wrong"] = Wrong()
    heated.deck.update(heated.namespace)
    settings = [SafeSetting("heater", "heat_up"), SafeSetting("gone", "stop"), SafeSetting("pump", "dose")]
    heated.runner.safety.plan = lambda: plan_for(heated.deck, {"bake": bake, "needs": needs}, settings)
    report = safe(heated)
    text = "\n".join(report.problems)
    for part in ("heat_up", "gone", "asks for volume", "asks for seconds", "asks for one", "oven"):
        assert part in text
    assert [one.handler for one in report.rows] == ["heater.cool_down", "bake"]
    assert set(report.without) == {"pump", "other", "wrong"}


def test_a_generator_is_no_handler_for_nothing_in_it_would_run(make_lab):
    class Plans:
        @safe_state
        def off(self):
            """Switch off, step by step."""
            yield 1

        async def rest(self):
            """Rest, step by step."""
            yield 1

    @safe_state(instrument="plans")
    def all_off():
        yield 1

    lab = make_lab({"plans": Plans()})
    lab.runner.safety.plan = lambda: plan_for(lab.deck, {"all_off": all_off}, [SafeSetting("plans", "rest")])
    report = safe(lab)
    assert report.rows == ()
    assert "plans" in report.without
    why = "gives a generator, of which nothing runs when it is called; wrap it in a method that runs it to its end."
    assert report.problems == (
        f"plans.off is marked as a safe state and {why}",
        f"plans.rest, set as a safe state, cannot be called: plans.rest {why}",
        f"all_off is marked as a safe state and {why}",
    )


def test_an_exception_whose_text_raises_is_a_failed_handler_like_any_other(heated):
    class MuteError(Exception):
        def __str__(self):
            raise RuntimeError("no text either")

    heated.heater.error = MuteError()
    one = row(safe(heated), "heater.cool_down")
    assert (one.outcome, one.error) == ("failed", "MuteError")


def test_the_report_names_what_was_in_the_middle_of_a_call_that_goes_on(heated):
    heated.pipeline.grace_s = 60
    handle = heated.call("heater", "heat")
    assert heated.heater.entered.wait(30)
    report = safe(heated)
    assert row(report, "heater.cool_down").done
    assert report.untrusted == ("heater",)
    assert report.under_way == ("heater.heat",)
    assert "asked to stop, and not returned: heater.heat" in report.sentence
    assert made_safe_json(report)["under_way"] == ["heater.heat"]
    assert heated.pipeline.why_untrusted("heater") == "was in the middle of heater.heat when everything was made safe"
    heated.heater.gate.set()
    handle.result(30)


def test_a_call_that_obeys_is_not_said_to_be_under_way(make_lab, act, flow, monkeypatch):
    monkeypatch.setattr("ivoryos_jupyter.runner._make_safe.BEGIN_S", 30)

    class Oven:
        entered = threading.Event()

        def bake(self):
            """Bake, and obey."""
            self.entered.set()
            sleep(600)

    oven = Oven()
    lab = make_lab({"oven": oven}, grace_s=60)
    handle = lab.submit(flow(act("bake", instrument="oven")))
    assert oven.entered.wait(30)
    report = safe(lab)
    assert report.under_way == ()
    assert handle.wait(30).outcome is Outcome.STOPPED


def test_a_plan_that_fails_does_what_the_drivers_mark(heated):
    def broken():
        raise RuntimeError("no settings")

    heated.runner.safety.plan = broken
    report = safe(heated)
    assert heated.heater.told == ["cool_down"]
    assert "no settings" in report.problems[0]


def test_whatever_goes_wrong_with_stopping_the_handlers_are_called(heated, monkeypatch, caplog):
    def broken():
        raise RuntimeError("no queue")

    monkeypatch.setattr(heated.runner.queue, "changed", broken)
    assert safe(heated).rows[0].done
    assert "could not be stopped" in caplog.text


# Handlers that fail


def test_a_handler_that_raises_is_named_not_trusted_and_the_next_one_is_called(make_lab):
    first, second = Heater("first"), Heater("second")
    first.error = RuntimeError("line broken")
    lab = make_lab({"first": first, "second": second})
    report = safe(lab)
    assert row(report, "first.cool_down").outcome == "failed"
    assert row(report, "first.cool_down").error == "RuntimeError: line broken"
    assert second.told == ["cool_down"]
    assert report.unreached == ("first",)
    assert report.untrusted == ("first",)
    with pytest.raises(NotTrustedError, match="could not be made safe"):
        lab.call("first", "off")


def test_a_handler_that_hangs_is_waited_for_so_long_and_keeps_nobody_from_being_made_safe(make_lab):
    hanging, after = Hanging(), Heater()
    lab = make_lab({"hanging": hanging, "after": after})
    lab.runner.safety.handler_s = 0.1
    try:
        report = safe(lab)
    finally:
        hanging.gate.set()
    assert row(report, "hanging.cool_down").outcome == "no answer"
    assert after.told == ["cool_down"]
    assert report.unreached == ("hanging",)
    assert "hanging" in report.untrusted
    assert [one.outcome.status for one in settled(lab)] == [StepStatus.ABANDONED, StepStatus.DONE]
    assert settled(lab)[0].outcome.error.startswith("Make safe waited for it no longer.")


def test_a_handler_that_comes_late_is_done_when_it_has_returned_before_the_last_one(make_lab):
    slow, returned = Hanging(), threading.Event()

    class Opens:
        @safe_state
        def go(self):
            slow.gate.set()
            returned.wait(30)

    def cool_down():
        slow.entered.wait(30)
        slow.gate.wait(30)
        returned.set()

    lab = make_lab({"slow": slow, "opens": Opens()})
    lab.runner.safety.handler_s = 2.0
    slow.cool_down = cool_down
    slow.entered.set()
    report = safe(lab)
    assert [one.outcome for one in report.rows] == ["done", "done"]
    assert report.unreached == ()


def test_handlers_are_called_past_limits_interlocks_and_trust(heated):
    def refuse(call, member, arguments):
        raise LimitError([], "interlock")

    heated.limits.error = SafetyFileError("unreadable")
    heated.pipeline.interlocks.append(refuse)
    heated.pipeline.gates.distrust(heated.heater, "heater")
    report = safe(heated)
    assert heated.heater.told == ["cool_down"]
    assert row(report, "heater.cool_down").outcome == "done"
    assert "heater" in report.untrusted


# Threads


def test_a_handler_does_not_wait_behind_a_call_that_hangs(heated):
    heated.call("heater", "heat")
    assert heated.heater.entered.wait(30)
    report = safe(heated)
    assert row(report, "heater.cool_down").outcome == "done"
    assert heated.heater.threads[0].startswith(("ivoryos-apart", "ivoryos-worker-2"))


def test_a_handler_of_a_driver_that_is_bound_to_a_thread_where_a_call_hangs_is_not_called_elsewhere(heated):
    heated.runner.safety.handler_s = 0.3
    heated.executor.pin(heated.heater, "own")
    heated.pipeline.grace_s = 30
    heated.call("heater", "heat")
    assert heated.heater.entered.wait(30)
    report = safe(heated)
    heated.heater.gate.set()
    assert row(report, "heater.cool_down").outcome == "not reached"
    assert "cool_down" not in heated.heater.told
    (call,) = settled(heated)
    assert call.outcome.status is StepStatus.CANCELLED
    assert call.outcome.error == "It was not called: the thread it must run on is not free."
    ends = [event.status for event in heated.events if isinstance(event, CallChanged) and event.origin == "make safe"]
    assert ends == ["running", "cancelled"]


def test_an_async_handler_runs_on_the_loop_and_comes_first(make_lab):
    stirrer, heater = Async(), Heater()
    lab = make_lab({"heater": heater, "stirrer": stirrer})
    report = safe(lab)
    assert [one.handler for one in report.rows] == ["stirrer.rest", "heater.cool_down"]
    assert stirrer.told == ["ivoryos-loop"]


def test_a_cell_that_blocks_the_loop_is_interrupted_once(make_lab):
    stirrer = Async()
    calls: list[str] = []
    release = threading.Event()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: (release.wait(30), loop.run_forever()))
    thread.start()
    lab = make_lab({"stirrer": stirrer}, loop=loop)
    lab.runner.safety.interrupt = lambda: (calls.append("interrupted"), release.set(), True)[2]
    try:
        report = safe(lab)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
    assert calls == ["interrupted"]
    assert report.interrupted
    assert row(report, "stirrer.rest").outcome == "done"


def test_a_loop_that_stays_blocked_is_said_and_the_handler_never_runs_afterwards(make_lab):
    stirrer = Async()
    loop = asyncio.new_event_loop()
    lab = make_lab({"stirrer": stirrer}, loop=loop)
    lab.runner.safety.handler_s = 0.4
    report = safe(lab)
    assert row(report, "stirrer.rest").outcome == "not reached"
    assert report.unreached == ("stirrer",)
    loop.run_until_complete(asyncio.sleep(0.01))
    loop.close()
    assert stirrer.told == []


# Twice, and meanwhile


def test_given_twice_while_under_way_it_does_nothing_new(make_lab):
    hanging = Hanging()
    lab = make_lab({"hanging": hanging})
    lab.runner.safety.handler_s = 5
    first = lab.runner.make_safe()
    assert hanging.entered.wait(30)
    assert lab.runner.make_safe() is first
    hanging.gate.set()
    first.result(30)
    assert hanging.told == ["cool_down"]
    assert lab.runner.make_safe() is not first
    lab.runner.make_safe().result(30)


def test_direct_calls_are_refused_meanwhile_and_those_in_line_never_begin(make_lab):
    hanging, heater = Hanging(), Heater()
    lab = make_lab({"hanging": hanging, "heater": heater}, grace_s=0.1)
    lab.runner.safety.handler_s = 5
    under_way = lab.call("heater", "heat")
    assert heater.entered.wait(30)
    in_line = lab.pipeline.submit(under_way.call, wait_in_line=True)
    making = lab.runner.make_safe()
    assert hanging.entered.wait(30)
    with pytest.raises(BusyError, match="made safe"):
        lab.call("pump", "dose", volume=1.0)
    hanging.gate.set()
    heater.gate.set()
    making.result(30)
    assert in_line.exception(30) is not None
    assert heater.told.count("heat") == 1
    under_way.exception(30)
    lab.until(lambda: "heater" in lab.pipeline.untrusted)


def test_what_was_stopped_in_the_middle_is_not_trusted_until_somebody_has_looked(heated, act, flow):
    handle = heated.submit(flow(act("heat", instrument="heater"), cleanup=[act("clean")]))
    assert heated.heater.entered.wait(30)
    making = heated.runner.make_safe()
    assert handle.wait(30).outcome is Outcome.STOPPED
    making.result(30)
    assert heated.pipeline.untrusted == ("heater",)
    with pytest.raises(NotTrustedError, match="Check it"):
        heated.call("heater", "off")
    assert heated.pipeline.trust("heater")
    heated.call("heater", "off").result(30)


# The records


def test_each_handler_is_a_single_step_and_the_run_has_an_event(heated, flow):
    handle = heated.submit(flow(Wait(id="w", seconds=Constant(1000))))
    heated.until(lambda: handle.status.step is not None)
    heated.runner.safety.operator = "ada"
    report = safe(heated)
    assert report.run == handle.request.name
    heated.until(lambda: any(event.kind == "made_safe" for event in heated.recorder.events))
    (call,) = heated.recorder.calls.values()
    assert (call.intent.origin, call.intent.instrument, call.intent.operator) == ("make safe", "heater", "ada")
    assert call.outcome.status is StepStatus.DONE
    event = next(one for one in heated.recorder.events if one.kind == "made_safe")
    assert event.run_id == handle.wait(30).run_id
    assert event.detail["handlers"] == [["heater.cool_down", "done", ""]]
    assert event.detail["without"] == ["pump", "other"]


def test_with_a_dead_database_the_handlers_run_all_the_same_and_are_written_later(heated, flow):
    handle = heated.submit(flow(Wait(id="w", seconds=Constant(1000))))
    heated.until(lambda: handle.status.step is not None)
    heated.recorder.out_of_reach |= {"intend_call", "settle_call", "note", "settle_step", "end_phase", "end_run", "queue"}
    report = safe(heated)
    assert row(report, "heater.cool_down").outcome == "done"
    heated.recorder.out_of_reach.clear()
    assert handle.wait(30).outcome is Outcome.STOPPED
    heated.until(lambda: heated.recorder.calls and all(one.outcome for one in heated.recorder.calls.values()))


def test_everybody_is_told_how_far_it_is(heated):
    safe(heated)
    heated.until(lambda: any(isinstance(one, MadeSafe) and one.ended for one in heated.events))  # a call's end may be told after it
    told = [event for event in heated.events if isinstance(event, MadeSafe)]
    assert [one.outcome for event in told for one in event.rows] == ["waiting", "running", "done", "done"]
    assert told[-1].ended
    assert {event.key for event in told} == {"make safe"}


# In every state of a run


@pytest.fixture
def arrive(heated, act, bring):
    """Bring a run into a state."""
    return lambda where: bring(heated, where, act("heat", instrument="heater"), heated.heater.entered, act("dose", volume=3.0))


@pytest.mark.parametrize("twice", [False, True], ids=["once", "twice"])
def test_in_every_state_the_handlers_are_called_once_and_no_cleanup_begins(heated, arrive, where, twice):
    handle = arrive(where)
    plan, begin = heated.runner.safety.plan, threading.Event()
    heated.runner.safety.plan = lambda: plan() if begin.wait(30) else None
    making = heated.runner.make_safe()
    if twice:
        assert heated.runner.make_safe() is making
    begin.set()
    report = making.result(30)
    heated.heater.gate.set()
    assert heated.heater.told.count("cool_down") == 1
    assert row(report, "heater.cool_down").outcome == "done"
    assert heated.runner.queue.on_hold
    if where == "queued":
        assert handle.status.state is State.QUEUED
        handle.stop()
    else:
        status = handle.wait(30)
        assert status.outcome is (Outcome.FAILED if where == "asking about an error" else Outcome.STOPPED)
        assert report.run == handle.request.name
    assert ("clean", None) not in heated.pump.calls
    assert heated.pump.doses == {"in cleanup": [7.0, 9.0], "asking about an error": [7.0]}.get(where, [])


def test_between_two_phases_no_further_phase_begins(heated, act, flow):
    heated.recorder.out_of_reach.add("begin_phase")
    handle = heated.submit(flow(act("dose", volume=1.0), cleanup=[act("clean")]))
    heated.wait_for(handle, State.ASKING)
    report = safe(heated)
    assert report.rows[0].done
    assert handle.wait(30).outcome is Outcome.STOPPED
    assert heated.pump.calls == []


def test_after_the_end_there_is_nothing_to_stop_and_the_handlers_are_called(heated, act, flow):
    heated.run(flow(act("dose", volume=1.0)))
    report = safe(heated)
    assert report.run == ""
    assert heated.heater.told == ["cool_down"]


def test_a_step_that_was_stopped_says_so_in_its_record(heated, act, flow):
    handle = heated.submit(flow(act("heat", instrument="heater")))
    assert heated.heater.entered.wait(30)
    heated.runner.make_safe().result(30)
    run_id = handle.wait(30).run_id
    (step,) = heated.steps(run_id)
    assert step.outcome.error.startswith("Everything was made safe")
    heated.heater.gate.set()

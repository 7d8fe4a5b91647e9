"""A rule over properties and last results is asked right before the call, and refuses what it cannot see."""

import asyncio
import threading
from decimal import Decimal
from enum import Enum
from types import SimpleNamespace

import numpy as np
import pytest

from ivoryos_jupyter.errors import InterlockError, SafetyFileError
from ivoryos_jupyter.journal import StepStatus
from ivoryos_jupyter.rules import parse_interlock
from ivoryos_jupyter.runner import Call, RuleBook, State, _readings
from ivoryos_jupyter.workflow import AtRun, Constant, SetProperty


class Position(Enum):
    """Where a valve stands."""

    OPEN = "offen"
    CLOSED = "zu"


class Stirrer:
    """Says whether it runs; may hang, fail, or not know."""

    def __init__(self) -> None:
        self.reads: list[str] = []
        self.state: object = False
        self.hang: threading.Event | None = None
        self.position_now = Position.CLOSED
        self.target_now = 0.0

    @property
    def running(self) -> bool:
        """Whether it turns."""
        self.reads.append(threading.current_thread().name)
        if self.hang is not None:
            self.hang.wait()
        if isinstance(self.state, Exception):
            raise self.state
        return self.state  # type: ignore[return-value]

    @property
    def position(self) -> Position:
        """Of the valve."""
        return self.position_now

    @property
    def target(self) -> float:
        """Speed."""
        return self.target_now

    @target.setter
    def target(self, value: float) -> None:
        self.target_now = value

    @property
    async def slow(self) -> float:
        """Read on the loop."""
        await asyncio.sleep(0)
        return 3.0

    def weigh(self) -> float:
        """Return grams."""
        return 150.0


@pytest.fixture
def stirrer():
    return Stirrer()


@pytest.fixture
def lab(make_ruled_lab, stirrer):
    made = make_ruled_lab({"stirrer": stirrer})
    made.book.means.read_within_s = 30.0
    return made


@pytest.fixture
def forbid(rules):
    return lambda *texts: [rules.add_interlock(parse_interlock(text)) for text in texts]


def events(lab):
    return [event for event in lab.recorder.events if event.kind == "interlock"]


def test_a_call_is_made_while_its_interlock_holds_and_refused_while_not(lab, stirrer, forbid):
    forbid("when pump.dose: require stirrer.running")
    with pytest.raises(InterlockError, match=r"it does not hold; seen: stirrer\.running = False"):
        lab.call("pump", "dose", volume=1.0).result(30)
    assert lab.pump.calls == []
    stirrer.state = True
    assert lab.call("pump", "dose", volume=1.0).result(30) == 2.0
    assert [(one.detail["holds"], one.detail["seen"]) for one in events(lab)] == [
        (False, {"stirrer.running": False}),
        (True, {"stirrer.running": True}),
    ]
    assert {name.startswith("ivoryos-worker") for name in stirrer.reads} == {True}


def test_a_refusal_is_recorded_as_a_call_that_failed(lab, forbid):
    forbid("when pump.dose: require stirrer.running")
    with pytest.raises(InterlockError):
        lab.call("pump", "dose", volume=1.0).result(30)
    lab.until(lambda: lab.recorder.calls and all(one.outcome for one in lab.recorder.calls.values()))
    (row,) = lab.recorder.calls.values()
    assert row.outcome.status is StepStatus.FAILED
    assert "an interlock of the laboratory forbids it" in row.outcome.error


def test_a_rule_counts_only_with_the_arguments_it_names(lab, forbid):
    forbid("when pump.dose with volume > 5: require stirrer.running")
    assert lab.call("pump", "dose", volume=5.0).result(30) == 10.0
    with pytest.raises(InterlockError):
        lab.call("pump", "dose", volume=5.5).result(30)


def test_setting_a_property_is_guarded_too(lab, stirrer, forbid):
    forbid("when set stirrer.target: require value < 80 or stirrer.running", "when set pump.rate: require value < 3")
    with pytest.raises(InterlockError):
        lab.call("stirrer", "target", "set", value=90.0).result(30)
    lab.call("stirrer", "target", "set", value=70.0).result(30)
    stirrer.state = True
    lab.call("stirrer", "target", "set", value=90.0).result(30)
    assert stirrer.target_now == 90.0
    lab.call("pump", "rate", "get").result(30)
    with pytest.raises(InterlockError):
        lab.call("pump", "rate", "set", value=3.0).result(30)


def test_a_star_guards_every_method_and_setting_but_no_reading(lab, forbid):
    forbid("when pump.*: require stirrer.running")
    for member, operation, arguments in (("dose", "call", {"volume": 1.0}), ("clean", "call", {}), ("rate", "set", {"value": 1.0})):
        with pytest.raises(InterlockError):
            lab.call("pump", member, operation, **arguments).result(30)
    assert lab.call("pump", "rate", "get").result(30) == 1.0
    assert lab.call("other", "dose", volume=1.0).result(30) == 2.0


def test_a_rule_may_look_at_the_very_instrument_that_is_called(lab, forbid):
    forbid("when pump.dose: require pump.rate < 2")
    assert lab.call("pump", "dose", volume=1.0).result(30) == 2.0
    lab.call("pump", "rate", "set", value=5.0).result(30)
    with pytest.raises(InterlockError, match=r"pump\.rate = 5\.0"):
        lab.call("pump", "dose", volume=1.0).result(30)


@pytest.mark.parametrize(
    ("state", "said"),
    [(RuntimeError("no answer"), "no answer"), (float("nan"), "is nan"), ("often", None)],
)
def test_what_cannot_be_evaluated_refuses(lab, stirrer, forbid, state, said):
    forbid("when pump.dose: require not (stirrer.running > 3)")
    stirrer.state = state
    with pytest.raises(InterlockError, match="cannot be evaluated") as caught:
        lab.call("pump", "dose", volume=1.0).result(30)
    assert said is None or said in str(caught.value)
    assert lab.pump.calls == []


def test_an_instrument_that_is_gone_refuses_and_names_the_closest(lab, forbid):
    forbid("when pump.dose: require stirer.running")
    with pytest.raises(InterlockError, match=r"cannot be evaluated.*stirrer"):
        lab.call("pump", "dose", volume=1.0).result(30)
    assert lab.call("pump", "clean").result(30) is None


def test_a_reading_behind_a_busy_instrument_refuses_within_its_time(lab, forbid):
    lab.book.means.read_within_s = 0.1
    forbid("when other.dose: require pump.rate < 2")
    blocked = lab.call("pump", "block")
    assert lab.pump.entered.wait(30)
    with pytest.raises(InterlockError, match=r"pump is busy with pump\.block"):
        lab.call("other", "dose", volume=1.0).result(30)
    lab.pump.gate.set()
    assert blocked.result(30) == "free"
    lab.book.means.read_within_s = 30.0
    assert lab.call("other", "dose", volume=1.0).result(30) == 2.0


def test_a_reading_behind_a_busy_thread_refuses_within_its_time(lab, stirrer, forbid):
    lab.book.means.read_within_s = 0.1
    forbid("when other.dose: require stirrer.running")
    stirrer.state = True
    blocked = lab.call("pump", "block")
    assert lab.pump.entered.wait(30)
    with pytest.raises(InterlockError, match="another call occupies the thread it needs"):
        lab.call("other", "dose", volume=1.0).result(30)
    lab.pump.gate.set()
    blocked.result(30)
    assert lab.pipeline.untrusted == ()


def test_a_reading_that_never_returns_refuses_and_its_instrument_is_not_trusted(lab, stirrer, forbid, monkeypatch):
    class Impatient(threading.Event):
        """Its time is over as soon as the driver has been entered."""

        def wait(self, _=None):
            lab.until(lambda: stirrer.reads)
            return self.is_set()

    monkeypatch.setattr(_readings, "threading", SimpleNamespace(Event=Impatient))
    forbid("when pump.dose: require stirrer.running")
    stirrer.hang = threading.Event()
    try:
        with pytest.raises(InterlockError, match="never returned"):
            lab.call("pump", "dose", volume=1.0).result(30)
        assert lab.pipeline.untrusted == ("stirrer",)
        assert lab.call("pump", "clean").result(30) is None
    finally:
        stirrer.hang.set()


def test_a_coroutine_property_is_read_on_its_loop(lab, forbid):
    forbid("when pump.dose: require stirrer.slow < 4")
    assert lab.call("pump", "dose", volume=1.0).result(30) == 2.0


def test_an_enum_member_is_compared_by_name_or_value(lab, stirrer, forbid):
    forbid("when pump.dose: require stirrer.position == 'OPEN'", "when pump.clean: require stirrer.position != 'zu'")
    for member, arguments in (("dose", {"volume": 1.0}), ("clean", {})):
        with pytest.raises(InterlockError, match="CLOSED"):
            lab.call("pump", member, **arguments).result(30)
    stirrer.position_now = Position.OPEN
    lab.call("pump", "dose", volume=1.0).result(30)
    lab.call("pump", "clean").result(30)


def test_a_last_result_counts_with_its_age_and_none_yet_refuses(lab, forbid):
    forbid("when pump.dose: require last(stirrer.weigh) < 200 and age(stirrer.weigh) < 60")
    with pytest.raises(InterlockError, match=r"no result of stirrer\.weigh"):
        lab.call("pump", "dose", volume=1.0).result(30)
    lab.call("stirrer", "weigh").result(30)
    assert lab.call("pump", "dose", volume=1.0).result(30) == 2.0


def test_a_last_result_of_a_run_counts_as_well(lab, act, flow, forbid):
    forbid("when pump.dose: require last(stirrer.weigh) < 200")
    status = lab.run(flow(act("weigh", instrument="stirrer"), act("dose", volume=1.0)))
    assert status.outcome.value == "completed"


def test_a_last_reading_is_remembered(lab, stirrer, forbid):
    forbid("when pump.dose: require last(stirrer.running)")
    stirrer.state = True
    lab.call("stirrer", "running", "get").result(30)
    assert lab.call("pump", "dose", volume=1.0).result(30) == 2.0


def test_an_omitted_argument_counts_at_the_drivers_default(make_lab, rules, stirrer, forbid):
    class Doser:
        def dose(self, volume: float = 8.0) -> float:
            return volume

    lab = make_lab({"stirrer": stirrer, "doser": Doser()})
    lab.pipeline.gates.rules = RuleBook(rules, lab.pipeline)
    forbid("when doser.dose with volume > 5: require stirrer.running")
    with pytest.raises(InterlockError):
        lab.call("doser", "dose").result(30)
    assert lab.call("doser", "dose", volume=1.0).result(30) == 1.0


def test_all_rules_that_forbid_a_call_are_named_at_once(lab, forbid):
    forbid("when pump.dose: require stirrer.running", "when pump.*: require stirrer.position == 'offen'")
    with pytest.raises(InterlockError) as caught:
        lab.call("pump", "dose", volume=1.0).result(30)
    assert len(caught.value.problems) == 2


def test_an_override_makes_the_call_and_keeps_what_was_seen(lab, forbid):
    forbid("when pump.dose: require stirrer.running")
    handle = lab.pipeline.submit(Call("pump", "dose", "call", {"volume": 1.0}, override="the sensor is broken"))
    assert handle.result(30) == 2.0
    (override,) = [event for event in lab.recorder.events if event.kind == "override"]
    assert "stirrer.running = False" in override.detail["overridden"][0]


def test_rules_that_cannot_be_read_block_every_call_overridden_or_not(lab, rules):
    rules.path.write_text("{", encoding="utf-8")
    for reason in ("", "in a hurry"):
        with pytest.raises(SafetyFileError, match=r"rules file .* cannot be used"):
            lab.pipeline.submit(Call("pump", "clean", override=reason))
    assert lab.pump.calls == []


def test_a_step_of_a_run_is_refused_asks_and_goes_on_when_the_rule_holds(lab, stirrer, act, flow, forbid):
    forbid("when pump.dose: require stirrer.running")
    handle = lab.submit(flow(act("dose", volume=AtRun("v"))), rows=({"v": 2.0},))
    question = lab.wait_for(handle, State.ASKING).question
    assert "stirrer.running = False" in question.error
    assert lab.steps()[0].outcome.status is StepStatus.FAILED
    assert lab.pump.calls == []
    stirrer.state = True
    handle.retry()
    assert handle.wait(30).outcome.value == "completed"
    assert {event.run_id for event in events(lab)} == {handle.status.run_id}


def test_a_setting_in_a_run_is_refused(lab, flow, forbid):
    forbid("when set pump.rate: require stirrer.running")
    handle = lab.submit(flow(SetProperty(id="r", instrument="pump", property="rate", value=Constant(2.0))))
    assert "interlock" in lab.wait_for(handle, State.ASKING).question.error
    handle.skip()
    handle.wait(30)
    assert lab.pump.rate == 1.0


def test_what_a_run_holds_may_be_read_between_its_calls(lab, stirrer, act, flow, forbid):
    forbid("when other.dose: require pump.rate < 2")
    handle = lab.submit(flow(act("dose", volume=1.0), act("block"), act("dose", volume=2.0)))
    assert lab.pump.entered.wait(30)
    handle.pause()
    lab.pump.gate.set()
    lab.wait_for(handle, State.PAUSED)
    assert lab.call("other", "dose", volume=1.0).result(30) == 2.0
    handle.resume()
    handle.wait(30)


def test_a_click_waits_for_a_reading_instead_of_being_refused(lab, stirrer, forbid):
    forbid("when pump.dose: require stirrer.running")
    stirrer.state, stirrer.hang = True, threading.Event()
    dose = lab.call("pump", "dose", volume=1.0)
    lab.until(lambda: stirrer.reads)
    weigh = lab.call("stirrer", "weigh")
    assert weigh.status == "in line"
    stirrer.hang.set()
    assert (dose.result(30), weigh.result(30)) == (2.0, 150.0)


def test_a_call_cancelled_while_its_interlock_is_read_is_not_made(lab, stirrer, forbid):
    forbid("when pump.dose: require stirrer.running")
    stirrer.state, stirrer.hang = True, threading.Event()
    handle = lab.call("pump", "dose", volume=1.0)
    lab.until(lambda: stirrer.reads)
    handle.cancel()
    stirrer.hang.set()
    lab.until(lambda: handle.done)
    assert handle.status == "cancelled"
    assert lab.pump.calls == []


def test_a_stop_now_while_an_interlock_is_read_makes_no_call(lab, stirrer, act, flow, forbid):
    forbid("when pump.dose: require stirrer.running")
    stirrer.state, stirrer.hang = True, threading.Event()
    handle = lab.submit(flow(act("dose", volume=1.0)))
    lab.until(lambda: stirrer.reads)
    handle.stop(now=True)
    stirrer.hang.set()
    handle.wait(30)
    assert lab.pump.calls == []


def test_after_a_pause_the_rule_is_asked_again(lab, stirrer, act, flow, forbid):
    forbid("when pump.dose: require stirrer.running")
    stirrer.state, stirrer.hang = True, threading.Event()
    handle = lab.submit(flow(act("dose", volume=1.0)))
    lab.until(lambda: stirrer.reads)
    handle.pause()
    stirrer.hang.set()
    lab.wait_for(handle, State.PAUSED)
    stirrer.hang, stirrer.state = None, False
    handle.resume()
    assert "interlock" in lab.wait_for(handle, State.ASKING).question.error
    handle.skip()
    handle.wait(30)
    assert lab.pump.calls == []


def test_without_a_rule_nothing_is_read_and_no_duty_is_made(lab, forbid):
    forbid("when pump.clean: require stirrer.running")
    assert lab.pipeline.gates.pass_(Call("pump", "dose", "call", {"volume": 1.0})).duty is None


@pytest.mark.parametrize("nan", [float("nan"), np.float32("nan"), Decimal("nan")])
def test_a_reading_that_is_not_a_number_refuses_of_whatever_class_it_is(lab, stirrer, forbid, nan):
    forbid("when pump.dose: require not stirrer.running > 80")
    stirrer.state = nan
    with pytest.raises(InterlockError, match="is nan"):
        lab.call("pump", "dose", volume=1.0).result(30)
    assert lab.pump.calls == []


def test_an_argument_that_is_not_a_number_does_not_pass_by_the_rule(make_lab, rules, stirrer, forbid):
    class Heater:
        def heat(self, to):
            raise AssertionError("it was called")

    lab = make_lab({"stirrer": stirrer, "heater": Heater()})
    lab.pipeline.gates.rules = RuleBook(rules, lab.pipeline)
    forbid("when heater.heat with to > 60: require stirrer.running")
    with pytest.raises(InterlockError, match="to is nan"):
        lab.call("heater", "heat", to=np.float32("nan")).result(30)

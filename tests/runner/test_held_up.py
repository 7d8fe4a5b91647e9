"""A run that was kept waiting asks everything anew before its call: what held before may not hold now."""

import pytest

from ivoryos_jupyter.journal import Outcome, StepStatus
from ivoryos_jupyter.rules import parse_interlock
from ivoryos_jupyter.runner import State
from ivoryos_jupyter.runner import _station as station
from ivoryos_jupyter.schema import Budget, Limit, Limits, Source

SMALL = Limits((Limit("pump", "dose", "volume", maximum=0.5),))


class Lamp:
    """Says whether it is on."""

    def __init__(self) -> None:
        self.lit = True
        self.looks = 0

    @property
    def on(self) -> bool:
        """Whether it is on."""
        self.looks += 1
        return self.lit


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(station, "RETRY_S", 0.01)


@pytest.fixture
def lamp():
    return Lamp()


@pytest.fixture
def lab(make_ruled_lab, lamp):
    return make_ruled_lab({"lamp": lamp})


@pytest.fixture
def waiting(lab, act, flow):
    """Submit a run that dispenses 1 mL and waits for a direct call on the pump."""
    direct = lab.call("pump", "block")
    assert lab.pump.entered.wait(30)
    handle = lab.submit(flow(act("dose", volume=1.0)))
    lab.until(lambda: "direct call" in handle.status.message)
    yield handle
    lab.pump.gate.set()
    direct.result(30)


@pytest.fixture
def away(lab, act, flow):
    """Submit a run that dispenses 1 mL, whose intent cannot be written yet."""
    lab.recorder.out_of_reach.add("intend_step")
    handle = lab.submit(flow(act("dose", volume=1.0)))
    lab.wait_for(handle, State.ASKING)
    return handle


def refused(lab, handle, why):
    status = lab.wait_for(handle, State.ASKING)
    lab.until(lambda: handle.status.question is not None and handle.status.question.kind == "error")
    assert why in handle.status.question.error
    handle.skip()
    assert handle.wait(30).outcome is Outcome.COMPLETED
    assert lab.pump.doses == []
    assert [one.outcome.status for one in lab.steps(status.run_id)] == [StepStatus.FAILED]


def test_a_limit_set_while_a_run_waits_for_an_instrument_holds_for_it(lab, waiting):
    lab.limits.limits = SMALL
    lab.pump.gate.set()
    refused(lab, waiting, "above the limit of 0.5")


def test_a_limit_set_while_a_run_is_paused_on_its_way_to_an_instrument_holds_for_it(lab, waiting):
    waiting.pause()
    lab.wait_for(waiting, State.PAUSED)
    lab.pump.gate.set()
    lab.limits.limits = SMALL
    waiting.resume()
    refused(lab, waiting, "above the limit of 0.5")


def test_a_name_bound_anew_while_a_run_waits_for_the_instrument_is_asked_about(lab, waiting):
    lab.namespace["pump"] = lab.other
    lab.deck.update(lab.namespace)
    lab.pump.gate.set()
    assert "defined anew" in lab.wait_for(waiting, State.ASKING).question.message
    waiting.answer("continue")
    assert waiting.wait(30).outcome is Outcome.COMPLETED
    assert (lab.pump.doses, lab.other.doses) == ([], [1.0])


def test_a_pause_in_the_very_moment_after_an_interlock_was_asked_has_it_asked_again(lab, lamp, rules, act, flow, monkeypatch):
    rules.add_interlock(parse_interlock("when pump.dose: require lamp.on"))
    original, runs = station.Station.checkpoint, []

    def pausing_first(self):
        if lamp.looks == 1 and not runs:
            runs.append(handle.pause())
        original(self)

    monkeypatch.setattr(station.Station, "checkpoint", pausing_first)
    lab.runner.queue.hold("so that the handle is there first")
    handle = lab.submit(flow(act("dose", volume=1.0)))
    lab.runner.queue.release()
    lab.wait_for(handle, State.PAUSED)
    lamp.lit = False
    handle.resume()
    refused(lab, handle, "it does not hold")


def test_a_limit_set_while_the_records_are_away_holds_and_nothing_counts_as_used(lab, rules, act, flow):
    budget = Budget((Source("pump", "dose", "volume"),), 5, since="refilled")
    rules.add_budget(budget)
    lab.recorder.out_of_reach.add("intend_step")
    handle = lab.submit(flow(act("dose", volume=1.0)))
    lab.wait_for(handle, State.ASKING)
    lab.limits.limits = SMALL
    lab.recorder.out_of_reach.clear()
    refused(lab, handle, "above the limit of 0.5")
    assert lab.book.used(budget) == 0


def test_an_interlock_is_asked_again_when_the_records_are_back(lab, lamp, rules, act, flow):
    rules.add_interlock(parse_interlock("when pump.dose: require lamp.on"))
    lab.recorder.out_of_reach.add("intend_step")
    handle = lab.submit(flow(act("dose", volume=1.0)))
    lab.wait_for(handle, State.ASKING)
    lamp.lit = False
    lab.recorder.out_of_reach.clear()
    refused(lab, handle, "it does not hold")


def test_a_name_bound_anew_while_the_records_are_away_makes_no_call(lab, away):
    lab.namespace["pump"] = lab.other
    lab.deck.update(lab.namespace)
    lab.recorder.out_of_reach.clear()
    refused(lab, away, "defined anew")
    assert lab.other.doses == []


def test_a_pause_given_while_the_records_are_away_comes_before_the_call(lab, away):
    away.pause()
    lab.recorder.out_of_reach.clear()
    lab.wait_for(away, State.PAUSED)
    assert lab.pump.doses == []
    away.resume()
    assert away.wait(30).outcome is Outcome.COMPLETED
    assert lab.pump.doses == [1.0]


def test_a_stop_while_paused_with_an_open_intent_says_that_nothing_was_done(lab, away):
    away.pause()
    lab.recorder.out_of_reach.clear()
    lab.wait_for(away, State.PAUSED)
    away.stop()
    assert away.wait(30).outcome is Outcome.STOPPED
    assert lab.pump.doses == []
    assert [one.outcome.status for one in lab.steps()] == [StepStatus.CANCELLED]


def test_a_run_that_waited_for_an_instrument_keeps_its_seat_while_all_is_asked_anew(lab, waiting, monkeypatch):
    taken, take = [], lab.pipeline.locks.take

    def counted(thing, holder, *more, **named):
        taken.append(holder.label)
        return take(thing, holder, *more, **named)

    monkeypatch.setattr(lab.pipeline.locks, "take", counted)
    lab.pump.gate.set()
    assert waiting.wait(30).outcome is Outcome.COMPLETED
    assert taken == []
    assert lab.pump.doses == [1.0]

"""A budget is charged with the intent, survives a kill, and refuses before the call with what is used and what is left."""

import math
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivoryos_jupyter.errors import BudgetError, RecordsError, WorkflowError
from ivoryos_jupyter.journal import RunEvent
from ivoryos_jupyter.records import open_store
from ivoryos_jupyter.runner import Call, RuleBook, State, VirtualClock
from ivoryos_jupyter.runner._tally import tally_of
from ivoryos_jupyter.schema import Budget, Default, Number, Parameter, Source
from ivoryos_jupyter.workflow import AtRun, Constant, Repeat, SetProperty, SetVariable, Variable, WaitFor

DOSED = Source("pump", "dose", "volume")
CALLS = Source("pump", "dose")
PER_RUN = Budget((DOSED,), 20, "run", unit="mL")


@pytest.fixture
def ruled(make_ruled_lab, rules):
    """Make a laboratory that keeps to the budgets given."""

    def make(*budgets, **more):
        for one in budgets:
            rules.add_budget(one)
        return make_ruled_lab(**more)

    return make


def dose(lab, volume, **more):
    return lab.pipeline.submit(Call("pump", "dose", "call", {"volume": volume}, **more)).result(30)


def refused(lab, volume):
    with pytest.raises(BudgetError) as caught:
        dose(lab, volume)
    (problem,) = caught.value.problems
    return problem.message


def test_a_run_may_use_so_much_and_no_more(ruled, act, flow):
    lab = ruled(PER_RUN)
    known_later = SetVariable(id="n", name="n", value=Constant(3))
    handle = lab.submit(flow(known_later, Repeat(id="r", times=Variable("n"), body=(act("dose", volume=8.0),))))
    question = lab.wait_for(handle, State.ASKING).question
    assert "it needs 8 mL, and of 20 mL per run 16 mL are used, 4 mL left" in question.error
    handle.retry({"volume": 4.0})
    assert handle.wait(30).outcome.value == "completed"
    assert lab.pump.doses == [8.0, 8.0, 4.0]


def test_each_run_has_a_budget_of_its_own(ruled, act, flow):
    lab = ruled(PER_RUN)
    for _ in range(2):
        assert lab.run(flow(act("dose", volume=15.0))).counts.failed == 0
    assert dose(lab, 15.0) == 30.0
    assert "it needs 25 mL" in refused(lab, 25.0)


def test_what_is_set_back_by_a_word_counts_direct_calls_and_runs_together(ruled, act, flow):
    lab = ruled(Budget((DOSED,), 20, since="refilled", unit="mL"))
    dose(lab, 9.0)
    lab.run(flow(act("dose", volume=9.0)))
    assert refused(lab, 3.0) == "it needs 3 mL, and of 20 mL since refilled 18 mL are used, 2 mL left"
    assert lab.book.means.ledger.reset("emptied", "pump", "ada") == ()
    (found,) = lab.book.means.ledger.reset("refilled", "pump", "ada")
    assert found.since == "refilled"
    dose(lab, 20.0)
    assert [event.detail["operator"] for event in lab.recorder.events if event.kind == "budget_reset"] == ["ada"]


def test_a_method_sets_it_back_when_it_succeeds_and_only_then(ruled, act, flow):
    lab = ruled(Budget((DOSED,), 20, since="pump.clean"))
    dose(lab, 18.0)
    lab.pump.fail_next.append(RuntimeError("stuck"))
    with pytest.raises(RuntimeError):
        lab.call("pump", "clean").result(30)
    assert "18 are used" in refused(lab, 18.0)
    lab.call("pump", "clean").result(30)
    dose(lab, 18.0)
    lab.run(flow(act("clean"), act("dose", volume=18.0)))
    assert "are used" in refused(lab, 18.0)


def test_several_sources_feed_one_budget(ruled):
    lab = ruled(Budget((DOSED, Source("other", "dose", "volume")), 20, since="refilled"))
    dose(lab, 15.0)
    with pytest.raises(BudgetError):
        lab.call("other", "dose", volume=6.0)
    lab.call("other", "dose", volume=5.0).result(30)


def test_calls_are_counted_in_any_stretch_of_a_minute(ruled):
    clock = VirtualClock()
    lab = ruled(Budget((CALLS,), 2, "minute"), clock=clock)
    dose(lab, 1.0)
    clock.advance(20)
    dose(lab, 1.0)
    assert refused(lab, 1.0) == "it needs 1 call, and of 2 calls per minute 2 calls are used, 0 calls left; enough is free again in 40 s"
    clock.advance(40)
    dose(lab, 1.0)
    assert "in 20 s" in refused(lab, 1.0)


def test_setting_a_property_can_be_counted(ruled, flow):
    lab = ruled(Budget((Source("pump", "rate_(setter)"),), 1, "hour"))
    lab.call("pump", "rate", "set", value=2.0).result(30)
    lab.call("pump", "rate", "get").result(30)
    with pytest.raises(BudgetError):
        lab.call("pump", "rate", "set", value=3.0)
    handle = lab.submit(flow(SetProperty(id="s", instrument="pump", property="rate", value=AtRun("v"))), rows=({"v": 3.0},))
    assert "budget" in lab.wait_for(handle, State.ASKING).question.error
    handle.skip()
    handle.wait(30)


def test_a_call_that_fails_counts(ruled):
    lab = ruled(Budget((DOSED,), 20, since="refilled"))
    lab.pump.fail_next.append(RuntimeError("syringe empty"))
    with pytest.raises(RuntimeError, match="empty"):
        dose(lab, 15.0)
    assert "15 are used" in refused(lab, 6.0)


def test_a_call_that_is_refused_does_not_count(ruled):
    lab = ruled(Budget((DOSED,), 20, since="refilled"))
    refused(lab, 21.0)
    dose(lab, 20.0)


def test_an_override_is_made_and_counts(ruled):
    lab = ruled(Budget((DOSED,), 20, since="refilled", unit="mL"))
    dose(lab, 25.0, override="the bottle is larger today")
    (event,) = [event for event in lab.recorder.events if event.kind == "override"]
    assert "it needs 25 mL" in event.detail["overridden"][0]
    assert "25 mL are used, 0 mL left" in refused(lab, 1.0)


def test_a_call_whose_intent_cannot_be_committed_is_given_back(ruled):
    lab = ruled(Budget((DOSED,), 20, since="refilled"))
    lab.recorder.out_of_reach.add("intend_call")
    for _ in range(3):
        with pytest.raises(RecordsError):
            dose(lab, 15.0)
    lab.recorder.out_of_reach.clear()
    dose(lab, 20.0)


def test_a_run_that_is_stopped_while_its_intent_waits_for_the_database_uses_nothing(ruled, act, flow):
    lab = ruled(Budget((DOSED,), 20, since="refilled"))
    lab.recorder.out_of_reach.add("intend_step")
    handle = lab.submit(flow(act("dose", volume=15.0)))
    lab.wait_for(handle, State.ASKING)
    handle.stop(now=True, cleanup=False)
    assert handle.wait(30).outcome.value == "stopped"
    lab.recorder.out_of_reach.clear()
    assert lab.book.budgets()[0][1] == 0
    dose(lab, 20.0)


def test_a_reset_that_waited_for_the_database_counts_when_it_is_kept(ruled):
    lab = ruled(Budget((DOSED,), 20, since="refilled"))
    dose(lab, 20.0)
    lab.recorder.out_of_reach.add("note")
    with pytest.raises(RecordsError):
        lab.book.means.ledger.reset("refilled", "pump", "ada")
    assert "20 are used" in refused(lab, 20.0)
    lab.recorder.out_of_reach.clear()
    lab.book.means.ledger.reset("refilled", "pump", "ada")
    dose(lab, 20.0)


def test_a_budget_that_is_removed_while_a_call_waits_forbids_nothing(ruled, rules):
    lab = ruled(Budget((DOSED, Source("pump", "block")), 20, since="refilled"))
    blocked = lab.call("pump", "block")
    assert lab.pump.entered.wait(30)
    waiting = [lab.pipeline.submit(Call("pump", "dose", "call", {"volume": 15.0}), wait_in_line=True) for _ in range(2)]
    (budget,) = rules.current().budgets
    rules.remove([budget])
    lab.pump.gate.set()
    blocked.result(30)
    assert [one.result(30) for one in waiting] == [30.0, 30.0]


def test_two_calls_that_pass_the_gates_together_do_not_both_use_the_rest(ruled):
    lab = ruled(Budget((DOSED, Source("other", "dose", "volume"), Source("other", "block")), 20, since="refilled"))
    blocked = lab.call("pump", "block")
    assert lab.pump.entered.wait(30)
    first = lab.pipeline.submit(Call("pump", "dose", "call", {"volume": 15.0}), wait_in_line=True)
    second = lab.pipeline.submit(Call("pump", "dose", "call", {"volume": 15.0}), wait_in_line=True)
    lab.pump.gate.set()
    blocked.result(30)
    assert first.result(30) == 30.0
    with pytest.raises(BudgetError):
        second.result(30)
    assert lab.pump.doses == [15.0]


def test_readings_of_a_wait_for_count_and_are_kept(ruled, flow):
    lab = ruled(Budget((Source("pump", "measure"),), 3, since="refilled"))
    wait = WaitFor(id="w", instrument="pump", property="measure", condition="reading[0] > 5", every_s=0.001)
    handle = lab.submit(flow(wait))
    assert "budget" in lab.wait_for(handle, State.ASKING).question.error
    handle.skip()
    handle.wait(30)
    assert lab.pump.calls == [("measure", None)] * 3


@pytest.mark.parametrize("value", [None, "much", float("nan")])
def test_what_cannot_be_counted_is_refused(value):
    with pytest.raises(BudgetError, match="cannot be counted"):
        DOSED.amount({"volume": value}, ())


def test_an_amount_is_a_size_a_sum_or_the_drivers_default():
    assert DOSED.amount({"volume": -3}, ()) == 3
    assert DOSED.amount({"volume": [1, [2.5, -1]]}, ()) == 4.5
    assert DOSED.amount({}, (Parameter("volume", Number(), default=Default("2.0", 2.0, known=True)),)) == 2
    with pytest.raises(BudgetError, match="left to the driver"):
        DOSED.amount({}, (Parameter("volume", Number(), default=Default("FULL")),))


@pytest.mark.parametrize("budget", [Budget((DOSED,), 20, "day"), Budget((DOSED,), 20, since="refilled")])
def test_a_new_kernel_remembers_what_was_used(ruled, tmp_path, budget):
    def kernel():
        store = open_store(tmp_path / "data", "")
        return closing(store), ruled(budget, recorder=store)

    closing_first, lab = kernel()
    with closing_first:
        dose(lab, 18.0)
        lab.pipeline.close()
    closing_second, lab = kernel()
    with closing_second:
        assert "18 are used, 2 left" in refused(lab, 3.0)
        dose(lab, 2.0)
        lab.pipeline.close()


def test_two_kernels_on_the_same_records_share_what_there_is(ruled, tmp_path):
    budget = Budget((DOSED,), 20, since="refilled")
    stores = [open_store(tmp_path / "data", "") for _ in range(2)]
    one, two = (ruled(budget, recorder=store) for store in stores)
    dose(one, 8.0)
    dose(two, 8.0)
    assert "16 are used" in refused(one, 5.0)
    assert one.book.means.ledger.reset("refilled", "", "ada")
    dose(two, 19.0)
    for lab, store in zip((one, two), stores, strict=True):
        lab.pipeline.close()
        store.close()


def test_the_charge_is_committed_with_the_intent_and_not_before(ruled, tmp_path):
    store = open_store(tmp_path / "data", "")
    lab = ruled(Budget((DOSED,), 20, since="refilled"), recorder=store)
    dose(lab, 1.0)
    before = store.database.rows("SELECT COUNT(*) FROM run_events WHERE kind = 'used'")
    intents = store.database.rows("SELECT COUNT(*) FROM single_steps")
    assert (before[0][0], intents[0][0]) == (1, 1)
    lab.pipeline.close()
    store.close()


def test_a_budget_that_is_made_smaller_keeps_its_count(ruled, rules):
    lab = ruled(Budget((DOSED,), 20, since="refilled"))
    dose(lab, 9.0)
    rules.add_budget(Budget((DOSED,), 10, since="refilled"))
    assert "of 10 since refilled 9 are used" in refused(lab, 2.0)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0.01, 5)), max_size=30), st.floats(0.01, 10))
def test_no_stretch_of_a_minute_ever_holds_more_than_there_is(uses, at_most):
    budget, now = Budget((DOSED,), at_most, "minute"), 0
    tally, made = tally_of(budget), []
    for pause, amount in uses:
        now += pause * 1_000_000
        if not budget.exceeded(tally.used(None, now) + amount):
            tally.add(None, now, amount)
            made.append((now, amount))
    for start, _ in made:
        assert math.fsum(amount for at, amount in made if start <= at < start + 60_000_000) <= at_most * (1 + 1e-8)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0.5, 5), st.booleans()), max_size=30))
def test_what_is_given_back_is_as_if_it_had_never_been_used(uses):
    budget, now = Budget((DOSED,), 10, "minute"), 0
    tally, kept = tally_of(budget), tally_of(budget)
    for pause, amount, back in uses:
        at = now = now + pause * 1_000_000
        tally.add(None, at, amount)
        if back:
            now += 5_000_000
            tally.add(None, at, -amount)
        else:
            kept.add(None, at, amount)
        assert tally.used(None, now) == pytest.approx(kept.used(None, now))


def test_what_is_given_back_after_a_reset_was_gone_with_it():
    tally = tally_of(Budget((DOSED,), 10, since="refilled"))
    tally.add(None, 1, 5.0)
    tally.reset(2)
    tally.add(None, 3, 2.0)
    tally.add(None, 1, -5.0)
    assert tally.used(None, 4) == 2.0


def test_a_sum_of_decimal_fractions_reaches_its_budget_exactly(ruled):
    lab = ruled(Budget((DOSED,), 1, since="refilled"))
    for _ in range(10):
        dose(lab, 0.1)
    assert "0 left" in refused(lab, 0.1)


def test_a_run_that_goes_on_with_another_uses_the_same_budget(ruled, act, flow):
    lab = ruled(PER_RUN)
    first = lab.run(flow(act("dose", volume=15.0)))
    lab.pipeline.goes_on_with(first.run_id + 1000, first.run_id)
    assert lab.book.used(PER_RUN, first.run_id + 1000) == 15.0


def test_a_new_kernel_knows_on_whose_account_a_run_is_before_it_is_asked(ruled, rules):
    lab = ruled(PER_RUN)
    for run_id, amount in ((1, 15.0), (2, 3.0)):
        lab.recorder.note(RunEvent(run_id, "used", 0, {"call": "pump.dose", "amounts": {"pump:dose:volume": amount}, "account": 1}))
    lab.pipeline.goes_on_with(3, 2)
    assert RuleBook(rules, lab.pipeline).used(PER_RUN, 3) == 18.0


def test_rules_that_change_just_before_a_look_are_counted_before_it(ruled, rules, monkeypatch):
    lab = ruled(Budget((DOSED,), 20, since="refilled"))
    dose(lab, 18.0)
    ledger = lab.book.means.ledger
    catch_up, changes = ledger._catch_up, [True, True]

    def changed_after(read):
        catch_up(read)
        if changes:
            changes.pop()
            rules.add_budget(Budget((CALLS,), 9 + len(changes), "run"))
            ledger.keep_to(rules.current().budgets)

    monkeypatch.setattr(ledger, "_catch_up", changed_after)
    assert "18 are used, 2 left" in refused(lab, 3.0)
    assert changes == []


def test_a_run_that_needs_more_than_there_is_is_refused_and_kept(ruled, act, flow):
    lab = ruled(PER_RUN)
    with pytest.raises(WorkflowError, match="at least 24 mL of 20 mL per run"):
        lab.submit(flow(act("dose", volume=AtRun("v"))), rows=({"v": 8.0},) * 3, name="night", operator="ada")
    lab.until(lambda: "refused" in lab.kinds())
    (event,) = [event for event in lab.recorder.events if event.kind == "refused"]
    assert (event.detail["run"], event.detail["operator"]) == ("night", "ada")
    assert lab.pump.calls == []

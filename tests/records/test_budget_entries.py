"""What budgets are made of is found again on both databases, and is committed with the call it belongs to."""

from ivoryos_jupyter.journal import CallIntent, RunEvent
from ivoryos_jupyter.records import History

KINDS = ("used", "budget_reset")


def used(number, at_us=1):
    return RunEvent(None, "used", at_us, {"amounts": {"pump:dose:volume": number}, "entry": f"me-{number}"})


def test_entries_come_in_order_with_their_numbers_and_none_twice(store):
    store.note(used(1))
    store.note(RunEvent(None, "error", 2, {"message": "something else"}))
    store.note(RunEvent(None, "budget_reset", 3, {"since": "refilled"}))
    found = store.events_after(None, KINDS)
    assert [(event.kind, event.at_us) for _, event in found] == [("used", 1), ("budget_reset", 3)]
    assert found[0][1].detail["amounts"] == {"pump:dose:volume": 1}
    last = found[-1][0]
    assert store.events_after(last, KINDS) == []
    store.note(used(2))
    store.flush()
    assert [event.detail["entry"] for _, event in store.events_after(last, KINDS)] == ["me-2"]
    assert store.events_after(0, KINDS)[0] == found[0]


def test_a_charge_waits_for_the_intent_it_belongs_to(store, opened):
    other = opened()
    store.note(used(1))
    assert other.events_after(0, KINDS) == []
    store.intend_call(CallIntent("deck.pump.dose", "pump", {"volume": 1.0}, 5))
    assert len(other.events_after(0, KINDS)) == 1


def test_a_reason_to_override_stands_beside_the_call(store):
    store.intend_call(CallIntent("deck.pump.dose", "pump", {"volume": 1.0}, 5, override="flushing the line"))
    store.intend_call(CallIntent("deck.pump.dose", "pump", {"volume": 1.0}, 6))
    assert History(store).single_steps()["override"].fillna("").tolist() == ["flushing the line", ""]

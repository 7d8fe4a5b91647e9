"""What budgets are made of is found again on both databases, and is committed with the call it belongs to."""

import threading
import time
from contextlib import closing

import psycopg
import pytest

from ivoryos_jupyter.errors import BudgetError
from ivoryos_jupyter.journal import CallIntent, RunEvent, StepOutcome, StepStatus
from ivoryos_jupyter.records import History, _lines, open_store

KINDS = ("used", "budget_reset", "reset_by_call")


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


def until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)


def test_a_charge_is_decided_with_all_that_was_committed_before_it_and_kept_with_the_intent(store, opened, rows):
    other, seen = opened(), []
    _run, phase = rows.begun(store)
    other.note(RunEvent(None, "budget_reset", 3, {"since": "refilled"}))

    def charge(read):
        seen.extend(event.kind for _, event in read(None, KINDS))
        return (used(2),)

    row = store.intend_step(rows.intent(phase), charge)
    assert seen == ["budget_reset"]
    assert [event.kind for _, event in other.events_after(0, KINDS)] == ["budget_reset", "used"]
    assert store.intend_step(rows.intent(phase, started_us=9), charge) == row + 1


def test_a_charge_that_is_refused_leaves_nothing(store, rows):
    _run, phase = rows.begun(store)

    def refuse(read):
        raise BudgetError([], "there is nothing left")

    with pytest.raises(BudgetError):
        store.intend_step(rows.intent(phase), refuse)
    with pytest.raises(BudgetError):
        store.charge(refuse)
    assert store.database.rows("SELECT COUNT(*) FROM workflow_steps")[0][0] == 0
    store.charge(lambda read: (used(1),))
    assert len(store.events_after(0, KINDS)) == 1


def test_an_entry_that_is_committed_late_is_not_missed(postgres, tmp_path, rows, monkeypatch):
    """One kernel has sent an entry and is kept from committing it; another one writes an entry meanwhile, and a third reads on."""
    monkeypatch.setattr(_lines, "LOCK_S", 60)
    uri = postgres.database(f"late{time.monotonic_ns()}")
    with (
        closing(open_store(tmp_path, uri)) as one,
        closing(open_store(tmp_path, uri)) as other,
        closing(open_store(tmp_path, uri)) as reader,
        psycopg.connect(uri) as stopper,
        psycopg.connect(uri, autocommit=True) as looking,
    ):

        def waiting(what):
            return looking.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = %s", (what,)).fetchone()

        _run, phase = rows.begun(one)
        row = one.intend_step(rows.intent(phase))
        stopper.execute("SELECT 1 FROM workflow_steps WHERE id = %s FOR UPDATE", (row,))
        one.note(RunEvent(None, "reset_by_call", 1, {"since": "pump.refill"}))
        late = threading.Thread(target=one.settle_step, args=(row, StepOutcome(StepStatus.DONE, 5)))
        late.start()
        until(lambda: waiting("transactionid"))
        early = threading.Thread(target=other.note, args=(RunEvent(None, "budget_reset", 2, {"since": "refilled"}),))
        early.start()
        until(lambda: waiting("advisory") or not early.is_alive())
        found = list(reader.events_after(0, KINDS))
        stopper.commit()
        for thread in (late, early):
            thread.join(30)
        found += reader.events_after(found[-1][0] if found else 0, KINDS)
        assert [event.at_us for _, event in found] == [1, 2]

"""What was written down of a run is read again as it was; what cannot be is said to be lost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ivoryos_jupyter.errors import LostValueError, RecordsError, UnknownNameError
from ivoryos_jupyter.journal import Decision, Lost, PhaseStarted, Resumption, RunEvent, StepOutcome, StepStatus
from ivoryos_jupyter.records import History, last_said, open_store
from ivoryos_jupyter.schema import NotKeptError, bring_back, encode


class Mode(Enum):
    HEAT = "heat"


@dataclass(frozen=True)
class Peak:
    position: float
    modes: tuple[Mode, ...]


class Spot(NamedTuple):
    x: float
    y: int


FRAME = pd.DataFrame({"a": [1, 2]})


class Camera:
    """A live object."""


def no_file(_reference):
    raise AssertionError("no file is needed")


KEPT = [
    *(None, True, 3, 2.5, "text", float("inf"), b"\x00\x01", 1 + 2j, Decimal("1.10"), Fraction(1, 3)),
    *((1, (2, 3)), {1, 2}, frozenset({"a"}), {"a": [1, (2,)]}, {1: "one", (2, 3): "two"}, {"$live": "no reference"}),
    *(dt.datetime(2026, 1, 2, tzinfo=dt.timezone.utc), dt.date(2026, 1, 2), dt.time(3, 4), dt.timedelta(seconds=5)),
    *(Mode.HEAT, Peak(1.5, (Mode.HEAT,)), Spot(0.5, 2), [Peak(2.0, ())]),
]


@pytest.mark.parametrize("value", KEPT, ids=repr)
def test_what_was_kept_in_full_comes_back_as_it_was(value):
    found = bring_back(encode(value), no_file)
    assert found == value
    assert type(found) is type(value)


def nested(inner):
    return st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner)


LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()


@given(st.recursive(LEAVES, nested, max_leaves=8))
@example({"": None, "$": None})
@settings(max_examples=100, deadline=None)
def test_plain_values_come_back_however_nested(value):
    assert bring_back(encode(value), no_file) == value


@pytest.mark.parametrize(
    "value", [Camera(), [1, Camera()], {"a": Camera()}, "x" * 2000, list(range(2000)), object], ids=lambda one: type(one).__name__
)
def test_what_was_kept_in_part_is_lost(value):
    with pytest.raises(NotKeptError):
        bring_back(encode(value, most_items=1000, most_characters=1000), no_file)


def test_a_class_that_is_not_there_is_not_imported_for_it():
    with pytest.raises(NotKeptError, match="not there"):
        bring_back({"$enum": "antigravity:Mode", "name": "HEAT"}, no_file)
    with pytest.raises(NotKeptError, match="other fields"):
        bring_back({"$record": f"{__name__}:Peak", "fields": {"position": 1.0}}, no_file)


def test_nothing_can_be_computed_with_a_lost_value():
    lost = Lost("spectrum", "a live Spectrum")
    for use in (bool, len, list, lambda one: one == 1, lambda one: one == 1):
        with pytest.raises(LostValueError, match="spectrum"):
            use(lost)


def settled(store, rows, phase, number, **added):
    row = store.intend_step(rows.intent(phase, step_id=f"s{number}", started_us=rows.started + number, arguments={"volume_ml": 1.5}))
    store.settle_step(row, StepOutcome(StepStatus.DONE, rows.started + number, added.get("x"), added))
    return row


def test_a_run_is_read_as_it_was_written(store, rows):
    run, phase = rows.begun(store, rows=({"v": 1.0},), sample_column="v")
    settled(
        store,
        rows,
        phase,
        1,
        x=2.5,
        pair=(1, (2,)),
        peak=Peak(1.0, ()),
        array=np.arange(5000.0),
        table=pd.DataFrame({"a": [1, 2]}),
        camera=Camera(),
    )
    open_row = store.intend_step(rows.intent(phase, step_id="s2", path="a/b[2]", attempt=3, sample=1, sample_id="S1"))
    store.note(RunEvent(run, "answered", rows.started, {"question": "error", "choice": "skip"}))
    past = store.past(run)
    assert (past.run_id, past.outcome, past.request.rows) == (run, None, ({"v": 1.0},))
    (kept,) = past.phases
    done, doubtful = kept.steps
    assert (kept.started.phase, kept.started.iteration, kept.status) == ("script", 1, None)
    assert (done.added["x"], done.added["peak"]) == (2.5, Peak(1.0, ()))
    assert np.array_equal(done.added["array"], np.arange(5000.0))
    assert done.added["table"]["a"].tolist() == [1, 2]
    assert isinstance(done.added["camera"], Lost)
    assert done.added["camera"].what == "a live Camera"
    assert (doubtful.row, doubtful.status, doubtful.intent.path, doubtful.intent.attempt) == (open_row, StepStatus.OPEN, "a/b[2]", 3)
    assert [event.detail["choice"] for event in past.events if event.kind == "answered"] == ["skip"]


def test_the_end_of_a_phase_is_read_with_its_outputs(store, rows):
    run = store.begin_run(rows.request(), rows.started)
    phase = store.begin_phase(PhaseStarted(run, "prep", 1, rows.started + 1))
    store.end_phase(phase, "done", rows.started + 2, [{"k": (1, 2), "lamp": Camera()}])
    (kept,) = store.past(run).phases
    assert kept.status == "done"
    assert isinstance(kept.outputs[0]["lamp"], Lost)


def test_a_run_that_is_not_there_is_said_to_be(store):
    with pytest.raises(UnknownNameError, match="no run 99"):
        store.past(99)


def interrupted(store, rows):
    run, phase = rows.begun(store)
    row = store.intend_step(rows.intent(phase))
    store.database.change("UPDATE workflow_runs SET outcome = 'interrupted' WHERE id = :id", {"id": run})
    return run, row


def going_on(rows, run, row, key, **more):
    resumption = Resumption("resume", {row: Decision("done", 2.5)}, operator="ada", decided_us=5)
    return rows.request(key, derived_from=run, resume=resumption.plain(), **more)


def test_the_run_that_goes_on_writes_what_was_decided_in_its_own_first_commit(store, rows):
    run, row = interrupted(store, rows)
    assert [one.run_id for one in store.interrupted()] == [run]
    store.enqueue(going_on(rows, run, row, "k2"))
    assert [one.run_id for one in store.interrupted()] == [run]
    (waiting,) = store.queue()
    assert Resumption.of(waiting.request.resume).decisions == {row: Decision("done", 2.5)}
    after = store.begin_run(waiting.request, rows.started + 9)
    assert not store.interrupted()
    history = History(store)
    assert history.steps(run=run)["status"].tolist() == ["in doubt, decided done"]
    (event,) = [one for one in store.past(run).events if one.kind == "decided"]
    assert (event.detail["run"], event.detail["operator"], event.detail["choice"]) == (after, "ada", "resume")
    assert event.detail["steps"] == [{"row": row, "choice": "done", "value": 2.5}]
    assert store.past(run).phases[0].steps[0].status is StepStatus.OPEN
    assert history.runs(workflow="dose")["derived_from"].dropna().tolist() == [run]


def test_nobody_decides_twice_about_one_run(store, opened, rows):
    run, row = interrupted(store, rows)
    store.begin_run(going_on(rows, run, row, "k2"), rows.started + 9)
    other = opened()
    with pytest.raises(RecordsError, match="decided about run"):
        other.begin_run(going_on(rows, run, row, "k3"), rows.started + 10)
    with pytest.raises(RecordsError, match="decided about run"):
        other.decide(RunEvent(run, "decided", rows.started, {"choice": "leave"}))
    assert other.submission("k3") is None


def test_what_an_instrument_said_last_is_found(store, rows):
    _run, phase = rows.begun(store)
    settled(store, rows, phase, 3, x=7.5)
    settled(store, rows, phase, 4, x=8.5)
    (said,) = last_said(store, "pump")
    assert (said.name, said.text, said.at_us) == ("dispense", "8.5", rows.started + 4)
    assert last_said(store, "nobody") == []


def test_an_unknown_durability_is_refused(folder, monkeypatch):
    monkeypatch.setenv("IVORYOS_SYNCHRONOUS", "fast")
    with pytest.raises(RecordsError, match="FULL"):
        open_store(folder)

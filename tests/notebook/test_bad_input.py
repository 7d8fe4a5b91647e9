"""Bad input and bad drivers: a clear message, the runner in command, nothing lost."""

from __future__ import annotations

import threading

import pytest

from ivoryos_jupyter.errors import ConversionError, UnknownNameError, WorkflowError
from ivoryos_jupyter.notebook import WorkflowHandle
from ivoryos_jupyter.runner import State
from ivoryos_jupyter.testing import NeverReturns, PrintsALot, RaisesBaseException, ReturnsUnpicklable

LONG_S = 30


def handle_of(session, deck, **instruments):
    deck.update(instruments)
    session.refresh()
    return WorkflowHandle(session, "bad")


def until(run, state):
    """Wait until a run is in a state; the runner's events wake us."""
    changed = threading.Event()
    stop = run._session.relay.subscribe(lambda _event: changed.set())
    try:
        while run.status.state is not state:
            changed.clear()
            if run.status.state is not state:
                assert changed.wait(LONG_S), run.status
    finally:
        stop()


def test_an_unknown_instrument_is_refused_with_the_closest(dosing):
    with pytest.raises((WorkflowError, UnknownNameError), match="pump"):
        dosing.script.call("pmup.dispense", volume_ml=1)


def test_an_unknown_method_is_refused_with_the_closest(dosing):
    with pytest.raises((WorkflowError, UnknownNameError), match="dispense"):
        dosing.script.call("pump.dispence", volume_ml=1)


def test_a_missing_argument_is_refused_by_name(dosing):
    with pytest.raises(WorkflowError, match="volume_ml"):
        dosing.script.call("pump.dispense")


def test_an_instrument_that_is_gone_is_refused_before_anything_moves(dosing, deck):
    pump = deck.pop("pump")
    with pytest.raises(WorkflowError, match="pump"):
        dosing.submit([{"volume": 1.0}])
    assert pump.dispense(0.0) == 10.0


@pytest.mark.parametrize("name", ["../../x", "a/b", "CON", "🧪 Ω", "x" * 300, "a\\b:c*?"])
def test_a_name_never_decides_a_path(dosing, session, name):
    run = dosing.submit([{"volume": 1.0}], name=name)
    assert run.wait(LONG_S).sentence == "completed"
    WorkflowHandle(session, name, dosing.workflow).save()
    beside = {path.name for path in session.folder.path.parent.iterdir()}
    assert beside == {session.folder.path.name}
    assert session.library.get(name) is not None


def test_a_driver_that_raises_what_no_driver_may_fails_the_step_and_the_run_asks(session, deck):
    wf = handle_of(session, deck, bad=RaisesBaseException())
    member = session.deck.instrument("bad").methods[0].name
    wf.script.call(f"bad.{member}")
    run = wf.submit()
    until(run, State.ASKING)
    assert run.status.question.kind == "error"
    assert set(run.status.question.choices) >= {"retry", "skip", "stop"}
    run.skip()
    assert run.wait(LONG_S).sentence == "completed with 1 skipped step"
    assert session.call("pump.dispense", (), {"volume_ml": 1.0}).result(LONG_S) == 9.0


def test_a_result_that_cannot_be_pickled_is_recorded_by_its_class_and_stays_live(session, deck):
    wf = handle_of(session, deck, bad=ReturnsUnpicklable())
    member = session.deck.instrument("bad").methods[0].name
    wf.script.call(f"bad.{member}", save="thing")
    run = wf.submit()
    assert run.wait(LONG_S).sentence == "completed"
    assert "$object" in str(run.steps.iloc[0]["result"])


def test_ten_megabytes_of_prints_are_cut_in_the_record_with_a_note(session, deck):
    wf = handle_of(session, deck, bad=PrintsALot())
    member = session.deck.instrument("bad").methods[0].name
    wf.script.call(f"bad.{member}")
    run = wf.submit()
    assert run.wait(LONG_S).sentence == "completed"
    prints = run.steps.iloc[0]["prints"]
    assert 1000 < len(prints) < 200_000


def test_a_call_that_never_returns_leaves_the_runner_in_command(session, deck):
    session.pipeline.grace_s = 0.2
    stuck = NeverReturns()
    wf = handle_of(session, deck, bad=stuck)
    member = session.deck.instrument("bad").methods[0].name
    wf.script.call(f"bad.{member}")
    wf.cleanup.call("pump.refill")
    run = wf.submit()
    assert stuck.entered.wait(LONG_S)
    run.stop(now=True)
    status = run.wait(LONG_S)
    stuck.let_go()
    assert "stopped" in status.sentence
    assert session.pipeline.untrusted == ("bad",)
    assert list(run.steps["method"]) == [member, "refill"]
    assert session.call("pump.dispense", (), {"volume_ml": 1.0}).result(LONG_S) == 9.0


def test_a_wrong_sample_column_is_named(dosing):
    with pytest.raises(ConversionError, match="vial"):
        dosing.submit([{"volume": 1.0}], sample="vial")


def test_a_file_that_is_no_table_is_named(dosing, tmp_path):
    with pytest.raises(ConversionError, match="nowhere"):
        dosing.submit(tmp_path / "nowhere.csv")

"""An interrupted run: a person decides step by step, and then what becomes of the whole."""

from __future__ import annotations

import time

import pytest

import ivoryos_jupyter as ivoryos
from ivoryos_jupyter.errors import ConversionError, LimitError, RecordsError, ResumeError, UnknownNameError
from ivoryos_jupyter.journal import Outcome


class Spectrum:
    """A live object: it can be kept as the name of its class only."""

    peak = 5.0


class Bottle:
    """A vessel that counts."""

    def __init__(self, port="COM3"):
        self.calls = []
        self.port = port

    def dose(self, volume_ml: float) -> float:
        """Dose, and return the level."""
        self.calls.append(("dose", volume_ml))
        return volume_ml * 10

    def two(self) -> tuple[float, int]:
        """Return two values."""
        self.calls.append(("two",))
        return 1.5, 2

    def scan(self) -> Spectrum:
        """Return a live object."""
        self.calls.append(("scan",))
        return Spectrum()

    def use(self, value: object) -> float:
        """Take anything."""
        self.calls.append(("use", value))
        return 1.0

    def clean(self, level: float = 0.0) -> None:
        """Rinse."""
        self.calls.append(("clean", level))

    @property
    @ivoryos.verifies("two")
    def counted(self) -> int:
        """How often it was called."""
        return len(self.calls)

    @ivoryos.verifies("dose", "clean")
    def has_dosed(self, volume_ml: float = 0.0) -> bool:
        """Tell whether it dosed."""
        return volume_ml > 0


@pytest.fixture
def bottle():
    return Bottle()


@pytest.fixture
def names(bottle):
    return {"bottle": bottle}


@pytest.fixture
def session(names, tmp_path):
    found = ivoryos.start(names, tmp_path, deck_name="lab", operator="ada")
    yield found
    ivoryos.stop()


def cut(session, run, step):
    """Let the records look as if the kernel had died in the middle of the step with this position, from 1."""
    database = session.store.database
    rows = database.rows(
        "SELECT s.id, s.phase_id, s.started_us FROM workflow_steps s JOIN workflow_phases p ON p.id = s.phase_id"
        " WHERE p.run_id = :run ORDER BY s.id",
        {"run": run.id},
    )
    row, phase, at_us = rows[step - 1]
    for sql in (
        "DELETE FROM workflow_steps WHERE id > :row",
        "UPDATE workflow_steps SET status = 'open', output = '{}', result = NULL, ended_us = NULL WHERE id = :row",
        "DELETE FROM workflow_phases WHERE id > :phase",
        "UPDATE workflow_phases SET status = NULL, outputs = NULL WHERE id = :phase",
        "DELETE FROM run_events WHERE run_id = :run AND at_us > :at_us",
        "UPDATE workflow_runs SET outcome = 'interrupted', status = NULL, ended_us = NULL WHERE id = :run",
    ):
        database.change(
            sql, {name: value for name, value in (("row", row), ("phase", phase), ("run", run.id), ("at_us", at_us)) if f":{name}" in sql}
        )


def made(build, table=None, **options):
    wf = ivoryos.new_workflow("w")
    build(wf)
    run = wf.submit(table, **options)
    run.wait(30)
    return run


@pytest.fixture
def dosed(session, bottle):
    """Three rows, of which the second is cut in the middle of its first dose."""

    def build(wf):
        wf.prep.call("bottle.dose", 0.5, save="first")
        wf.script.call("bottle.dose", ivoryos.at_run("v"), save="level")
        wf.script.call("bottle.use", ivoryos.formula("level + first"))
        wf.cleanup.call("bottle.clean", ivoryos.formula("first"))

    run = made(build, [{"v": 1.0}, {"v": 2.0}, {"v": 3.0}])
    cut(session, run, 4)
    bottle.calls.clear()
    return run


def finished(run):
    assert run.wait(30).outcome is Outcome.COMPLETED
    return run


def test_it_says_where_it_was_what_is_in_doubt_and_what_each_choice_does(dosed):
    text = repr(ivoryos.recover())
    assert "interrupted in script, iteration 2 of 3" in text
    assert "In doubt: bottle.dose(volume_ml=2.0)" in text
    assert ".done(value=...)" in text
    assert "as level; it is not called again" in text
    assert ".start_again(2)" in text
    assert "<code>.resume()</code>" in ivoryos.recover()._repr_html_()
    assert "bottle.dose(volume_ml=2.0)" in repr(ivoryos.interrupted)
    assert "<td" in ivoryos.interrupted._repr_html_()
    assert [one.run_id for one in ivoryos.interrupted] == [dosed.id]


def test_nothing_goes_on_before_somebody_has_decided(dosed, bottle):
    with pytest.raises(ResumeError, match="Nobody has decided"):
        ivoryos.recover().resume()
    assert bottle.calls == []


def test_done_needs_the_value_that_later_steps_use_and_it_must_fit(dosed, bottle):
    rec = ivoryos.recover()
    with pytest.raises(ConversionError, match="level"):
        rec.done()
    with pytest.raises(ConversionError, match="number"):
        rec.done(value="much")
    with pytest.raises(ConversionError):
        rec.done(value=Spectrum())
    with pytest.raises(ResumeError, match="not 's9'"):
        rec.done("s9", value=1.0)
    rec.done(value=7.0)
    assert "returned 7.0" in repr(rec)
    finished(rec.resume())
    assert bottle.calls == [("use", 12.0), ("dose", 3.0), ("use", 35.0), ("clean", 5.0)]


def test_typed_text_is_read_as_the_type_the_method_returns(dosed, bottle):
    finished(ivoryos.recover().done(value="7.5", text=True).resume())
    assert bottle.calls[0] == ("use", 12.5)


def test_not_done_is_done_again_also_with_other_values(dosed, bottle):
    rec = ivoryos.recover()
    with pytest.raises(ConversionError, match="volume_ml"):
        rec.not_done(volume=1.0)
    rec.done(value=1.0).not_done(volume_ml=0.25)
    run = finished(rec.resume())
    assert bottle.calls[:2] == [("dose", 0.25), ("use", 7.5)]
    assert run.steps["attempt"].tolist()[0] == 2
    decided = ivoryos.history.events(run=dosed.id)
    assert decided["kind"].tolist() == ["decided"]
    assert decided["detail"][0]["operator"] == "ada"


def test_the_resumed_run_is_derived_and_its_outputs_go_on(dosed):
    run = finished(ivoryos.recover().not_done().resume())
    runs = ivoryos.history.runs()
    assert runs["name"].tolist() == ["w", "w (resumed)"]
    assert runs["derived_from"].tolist()[1] == dosed.id
    assert run.outputs["iteration"].tolist() == [2, 3]
    assert run.outputs["level"].tolist() == [20.0, 30.0]
    assert ivoryos.history.steps(run=dosed.id)["status"].tolist()[-1] == "in doubt, decided not done"


def test_arguments_that_a_limit_forbids_are_refused_when_they_are_said(dosed, bottle):
    ivoryos.limits.save(ivoryos.Limit("bottle", "dose", "volume_ml", maximum=5))
    rec = ivoryos.recover()
    with pytest.raises(LimitError, match="above the limit of 5"):
        rec.not_done(volume_ml=9.0)
    with pytest.raises(ConversionError, match="volume_ml"):
        rec.not_done(volume_ml="much")
    assert rec.case.undecided
    assert bottle.calls == []


@pytest.mark.parametrize("say", [lambda rec: rec.done(value="much"), lambda rec: rec.not_done(volume_ml="much")], ids=["done", "not done"])
def test_what_was_said_before_the_instrument_was_there_is_looked_at_when_it_is(dosed, names, bottle, say):
    del names["bottle"]
    rec = say(ivoryos.recover())
    names["bottle"] = bottle
    with pytest.raises(ConversionError, match="number"):
        rec.resume()
    assert bottle.calls == []


def test_another_instrument_under_the_old_name_is_said(dosed, names):
    assert "Not as when" not in repr(ivoryos.recover())
    names["bottle"] = Bottle("COM9")
    assert "Not as when the run began: bottle's address was COM3, is COM9." in repr(ivoryos.recover())
    names["bottle"] = Bottle("")
    assert "address was COM3, is not known" in repr(ivoryos.recover())
    del names["bottle"]
    assert "Not as when" not in repr(ivoryos.recover())


def test_started_again_twice_it_begins_once(dosed, bottle):
    first, second = ivoryos.recover(), ivoryos.recover()
    finished(first.start_again())
    calls = list(bottle.calls)
    for choice in (first.start_again, second.start_again, second.cleanup, second.resume):
        with pytest.raises(ResumeError, match="decided"):
            choice()
    assert bottle.calls == calls
    assert len(ivoryos.history.runs()) == 2
    assert not ivoryos.queue.on_hold


def test_who_decides_second_in_another_notebook_begins_nothing(dosed, session, bottle, monkeypatch):
    rec = ivoryos.recover()
    monkeypatch.setattr(rec.case, "refuse_decided", ivoryos.recover().leave)  # the other one, just now
    with pytest.raises(RecordsError, match="decided about run 1 already"):
        rec.start_again()
    assert bottle.calls == []
    assert not session.runner.queue.entries


def test_it_is_decided_once(dosed):
    rec = ivoryos.recover()
    finished(rec.not_done().resume())
    with pytest.raises(ResumeError, match="goes on with it"):
        ivoryos.recover(dosed.id)
    with pytest.raises(ResumeError, match="No run waits"):
        ivoryos.recover()
    with pytest.raises(ResumeError, match=r"rerun\(2\)"):
        ivoryos.rerun(dosed.id)
    with pytest.raises(ResumeError, match="was not interrupted"):
        ivoryos.recover(2)
    with pytest.raises(UnknownNameError):
        ivoryos.recover(99)


def test_on_hold_it_is_the_next_one_and_waits(dosed, session, bottle):
    session.runner.queue.hold("You hold it.")
    other = ivoryos.new_workflow("other")
    other.script.call("bottle.clean")
    other.submit()
    rec = ivoryos.recover().not_done()
    run = rec.resume()
    assert [one.request.name for one in ivoryos.queue.entries] == ["w (resumed)", "other"]
    assert "waits in the queue" in repr(rec)
    with pytest.raises(ResumeError, match="waits in the queue"):
        rec.cleanup()
    assert bottle.calls == []
    run.stop()
    session.runner.queue.release()
    finished(rec.cleanup())


def test_cleanup_alone_sees_what_prep_had_saved(dosed, bottle):
    run = finished(ivoryos.recover().cleanup())
    assert bottle.calls == [("clean", 5.0)]
    assert run.steps["phase"].tolist() == ["cleanup"]


def test_start_again_is_a_run_of_its_own_from_a_row_on(dosed, bottle):
    rec = ivoryos.recover()
    with pytest.raises(ConversionError, match="1 to 3"):
        rec.start_again(4)
    finished(rec.start_again())
    assert bottle.calls == [("dose", 0.5), ("dose", 2.0), ("use", 25.0), ("dose", 3.0), ("use", 35.0), ("clean", 5.0)]
    assert len(ivoryos.interrupted) == 0


def test_left_it_stays_as_it_is_and_its_missing_rows_can_be_run(dosed, bottle):
    with pytest.raises(ResumeError, match="recover"):
        ivoryos.rerun(dosed.id)
    ivoryos.recover().leave()
    assert len(ivoryos.interrupted) == 0
    finished(ivoryos.rerun(dosed.id))
    assert [call for call in bottle.calls if call[0] == "dose"] == [("dose", 0.5), ("dose", 2.0), ("dose", 3.0)]


def test_the_instrument_can_be_asked_by_a_method_or_a_property_and_that_decides_nothing(dosed, session, bottle):
    rec = ivoryos.recover()
    assert ".verify()" in repr(rec)
    assert rec.verify() is True
    assert rec.case.undecided

    def build(wf):
        wf.script.call("bottle.two", save=("a", "b"))

    run = made(build)
    cut(session, run, 1)
    bottle.calls.clear()
    assert ivoryos.recover(run.id).verify() == 0


def test_an_instrument_that_cannot_tell_is_said_to_be(session, bottle):
    run = made(lambda wf: wf.script.call("bottle.scan"))
    cut(session, run, 1)
    with pytest.raises(ResumeError, match=r'@ivoryos.verifies\("scan"\)'):
        ivoryos.recover().verify()


def test_several_names_take_several_values(session, bottle):
    def build(wf):
        _a, _b = wf.script.call("bottle.two", save=("a", "b"))
        wf.script.call("bottle.use", ivoryos.formula("a + b"))

    run = made(build)
    cut(session, run, 1)
    bottle.calls.clear()
    rec = ivoryos.recover()
    with pytest.raises(ConversionError, match="2 values"):
        rec.done(value=3.0)
    with pytest.raises(ConversionError):
        rec.done(value=(1.5, "many"))
    finished(rec.done(value=(1.5, 4)).resume())
    assert bottle.calls == [("use", 5.5)]


def test_a_value_that_was_lost_is_named_and_must_be_given_anew(session, bottle):
    def build(wf):
        found = wf.script.call("bottle.scan", save="found")
        wf.script.call("bottle.clean")
        wf.script.call("bottle.use", found)

    run = made(build)
    cut(session, run, 2)
    bottle.calls.clear()
    rec = ivoryos.recover().done()
    assert "Lost: found (a live Spectrum)" in repr(rec)
    with pytest.raises(ResumeError, match="found"):
        rec.resume()
    with pytest.raises(ConversionError, match="written down"):
        rec.give("found", Spectrum())
    finished(rec.give("found", [1.0, 2.0]).resume())
    assert bottle.calls == [("use", [1.0, 2.0])]


def test_a_value_that_was_lost_and_is_not_needed_any_more_keeps_nothing_up(session, bottle):
    def build(wf):
        found = wf.script.call("bottle.scan", save="found")
        wf.script.call("bottle.use", found)
        wf.script.call("bottle.clean")

    run = made(build, repeat=2)
    cut(session, run, 3)
    bottle.calls.clear()
    rec = ivoryos.recover().not_done()
    assert not rec.case.lost
    finished(rec.resume())
    assert [one[0] for one in bottle.calls] == ["clean", "scan", "use", "clean"]


def test_a_history_that_does_not_fit_leaves_cleanup_and_a_new_beginning(dosed, session, bottle):
    session.store.database.change("UPDATE workflow_steps SET step_id = 'x' WHERE id = 2", {})
    rec = ivoryos.recover()
    assert "do not fit together" in repr(rec)
    assert ".resume()" not in repr(rec)
    for refused in (rec.resume, rec.done):
        with pytest.raises(ResumeError, match="do not fit together"):
            refused()
    finished(rec.cleanup())
    assert bottle.calls == [("clean", 5.0)]


def test_of_a_wait_the_rest_is_waited_the_outage_counted(session, bottle):
    def build(wf):
        wf.script.wait(0.05)
        wf.script.call("bottle.clean")

    run = made(build)
    cut(session, run, 1)
    store = session.store
    store.database.change("UPDATE workflow_steps SET arguments = '{\"seconds\": 500.0}', started_us = started_us - 600000000", {})
    rec = ivoryos.recover()
    assert ".rest()" in repr(rec)
    finished(rec.rest().resume())
    with pytest.raises(ResumeError):
        ivoryos.recover()


def test_a_call_has_no_rest(dosed):
    with pytest.raises(ResumeError, match="no wait"):
        ivoryos.recover().rest()


def test_steps_after_the_end_of_the_record_are_done_by_decision(dosed, bottle):
    rec = ivoryos.recover().done(value=20.0)
    with pytest.raises(ResumeError, match="never comes"):
        rec.go_on_from("nowhere", values={"script-2": 1.0})
    with pytest.raises(ConversionError, match="level"):
        rec.go_on_from("cleanup-4")
    rec.go_on_from("script-2")
    assert rec.case.coming.arguments["volume_ml"] == 3.0
    finished(rec.resume())
    assert bottle.calls == [("dose", 3.0), ("use", 35.0), ("clean", 5.0)]
    (detail,) = ivoryos.history.events(run=dosed.id)["detail"]
    assert [one["choice"] for one in detail["steps"]] == ["done", "done"]


def test_a_record_that_may_end_too_early_wants_to_know_where_to_go_on(dosed, session, monkeypatch):
    monkeypatch.setattr(type(session.store), "may_end_early", lambda *_: "It may end too early.")
    rec = ivoryos.recover().not_done()
    assert "It may end too early." in repr(rec)
    with pytest.raises(ResumeError, match=r"go_on_from\('script-2'\)"):
        rec.resume()
    with pytest.raises(ResumeError, match=r"start_again\(2\)"):
        rec.start_again()
    finished(rec.go_on_from("script-2").resume())


def test_the_rows_that_a_stop_left_out_are_run_and_nothing_else(session, bottle):
    def build(wf):
        wf.script.call("bottle.dose", ivoryos.at_run("v"))
        wf.cleanup.call("bottle.clean")

    run = made(build, [{"v": 1.0}, {"v": 2.0}, {"v": 3.0}])
    with pytest.raises(ResumeError, match="Nothing is missing"):
        ivoryos.rerun(run.id)
    session.store.database.change("UPDATE workflow_phases SET status = 'stopped' WHERE repeat_index = 2", {})
    bottle.calls.clear()
    finished(run.rerun_missing())
    assert bottle.calls == [("dose", 2.0), ("clean", 0.0)]
    bottle.calls.clear()
    again = finished(ivoryos.rerun(run.id, rows=2))
    assert bottle.calls == [("dose", 2.0), ("dose", 3.0), ("clean", 0.0)]
    assert ivoryos.history.runs()["derived_from"].tolist()[-1] == run.id
    assert again.status.name == "w (from 2)"
    with pytest.raises(ConversionError, match="missing"):
        ivoryos.rerun(run.id, rows="all")


def test_a_question_that_was_open_is_asked_again(session, bottle):
    def build(wf):
        n = wf.script.input("How many?", save="n", type="int")
        wf.script.call("bottle.use", n)

    wf = ivoryos.new_workflow("w")
    build(wf)
    run = wf.submit()
    while run.status.question is None:
        time.sleep(0.005)
    run.answer("value", 3)
    run.wait(30)
    cut(session, run, 1)
    bottle.calls.clear()
    rec = ivoryos.recover()
    assert rec.case.in_doubt is None
    resumed = rec.resume()
    while resumed.status.question is None:
        time.sleep(0.005)
    resumed.answer("value", 4)
    finished(resumed)
    assert bottle.calls == [("use", 4)]
    assert ivoryos.history.steps(run=run.id)["status"].tolist() == ["in doubt, decided not done"]
    assert ivoryos.history.steps(status="in doubt").empty

"""Does the sidebar get the truth, and do its requests do what they say?"""

from __future__ import annotations

import json
import queue
import threading
from pathlib import Path

import pytest

from ivoryos_jupyter import widgets
from ivoryos_jupyter.bridge import _sidebar_shapes as shapes
from ivoryos_jupyter.bridge._sidebar import Sidebar
from ivoryos_jupyter.bridge._sidebar_deck import said
from ivoryos_jupyter.bridge._sidebar_pace import Pace
from ivoryos_jupyter.introspect import verifies
from ivoryos_jupyter.notebook import WorkflowHandle, recovery, watch
from ivoryos_jupyter.records import DataFolder
from ivoryos_jupyter.runner import RunChanged, RunStatus, State
from ivoryos_jupyter.session import Session, Surroundings
from ivoryos_jupyter.testing import Mode, Pump, Reactor
from ivoryos_jupyter.widgets._faces import Faces
from ivoryos_jupyter.wire import HandlerJson, MadeSafeJson, SafeRowJson, SafetyJson
from ivoryos_jupyter.workflow import at_run

EXAMPLE = json.loads((Path(__file__).parents[1] / "protocol/sidebar.json").read_text(encoding="utf-8"))


class Page:
    """A page with a sidebar, and the session it looks at."""

    def __init__(self, folder):
        self.names = {"pump": Pump(time_scale=0), "reactor": Reactor(time_scale=0)}
        surroundings = Surroundings(folder, deck_name="lab", operator="ada", names=lambda: self.names)
        self.session = Session(surroundings, folder=DataFolder(folder / "ivoryos_data"))
        self.changes = 0
        self.sidebar = Sidebar(self.session, self._changed)
        self.session.relay.subscribe(self._hear)
        self._heard = threading.Condition()
        self.session.refresh()

    def _changed(self):
        self.changes += 1

    def _hear(self, event):
        changed = self.sidebar.hear(event)
        with self._heard:
            self.changes += changed
            self._heard.notify_all()

    def reply(self, method, **params):
        answered, replies = threading.Event(), []
        self.session.desk.hand_in({"id": "1", "method": method, "params": params}, lambda reply: (replies.append(reply), answered.set()))
        assert answered.wait(30)
        return replies[0]

    def ask(self, method, **params):
        reply = self.reply(method, **params)
        assert reply["ok"], reply
        return reply["result"]

    def state_when(self, fits, timeout=30):
        """Ask again with each event until the state fits."""
        found = []

        def fitting():
            state = self.ask("sidebar.state")
            if fits(state):
                found.append(state)
            return bool(found)

        with self._heard:
            assert self._heard.wait_for(fitting, timeout), self.ask("sidebar.state")
        return found[0]

    def instrument(self, state, name):
        return next(one for one in state["deck"]["instruments"] if one["name"] == name)

    def workflow(self, name="dose"):
        wf = WorkflowHandle(self.session, name)
        wf.script.call("pump.dispense", volume_ml=at_run("volume"))
        wf.script.get("reactor.temperature", save="temp")
        return wf

    def submit(self, name, rows=2, volume=0.5):
        return self.workflow(name).submit([{"volume": volume}] * rows, name=name)


@pytest.fixture
def page(tmp_path):
    page = Page(tmp_path)
    yield page
    page.session.close()


@pytest.fixture
def waiting(page):
    """A page whose queue is on hold with three runs in it."""
    page.ask("queue.hold")
    page.runs = [page.submit(name, rows) for name, rows in (("rinse", 1), ("screen", 9), ("calibrate", 3))]
    return page


def fields(shape):
    return set(shape.__annotations__)


def names(page):
    return [entry["name"] for entry in page.ask("sidebar.state")["queue"]["entries"]]


@pytest.mark.parametrize(
    ("example", "shape"),
    [
        (EXAMPLE, shapes.SidebarJson),
        (EXAMPLE["deck"], shapes.DeckJson),
        *((one, shapes.InstrumentJson) for one in EXAMPLE["deck"]["instruments"]),
        (EXAMPLE["deck"]["instruments"][1]["readings"][0], shapes.ReadingJson),
        (EXAMPLE["told"], shapes.ToldJson),
        (EXAMPLE["told"]["lines"][0], shapes.ToldLineJson),
        (EXAMPLE["safety"], SafetyJson),
        (EXAMPLE["safety"]["handlers"][0], HandlerJson),
        (EXAMPLE["safety"]["report"], MadeSafeJson),
        *((one, SafeRowJson) for one in EXAMPLE["safety"]["report"]["rows"]),
        (EXAMPLE["queue"], shapes.QueueJson),
        *((one, shapes.EntryJson) for one in EXAMPLE["queue"]["entries"]),
        *((one, shapes.RecentJson) for one in EXAMPLE["recent"]),
        (EXAMPLE["recent"][0]["before"][0], shapes.EarlierJson),
        (EXAMPLE["tripped"][0], shapes.TrippedJson),
        (EXAMPLE["interrupted"][0], recovery.InterruptedJson),
        (EXAMPLE["interrupted"][0]["in_doubt"][0], recovery.DoubtJson),
        (EXAMPLE["interrupted"][0]["in_doubt"][0]["said"][0], recovery.SaidJson),
        (EXAMPLE["estimate"], shapes.EstimateJson),
    ],
)
def test_the_example_has_exactly_the_fields_of_its_shape(example, shape):
    assert set(example) == fields(shape)


def test_what_make_safe_would_call_is_said_beforehand_and_what_it_did_afterwards(page):
    page.session.safe_states.set("pump", "refill")
    safety = page.ask("sidebar.state")["safety"]
    assert safety == {
        "handlers": [{"label": "pump.refill", "instruments": ["pump"]}],
        "without": ["reactor"],
        "without_text": "1 instrument has no handler: reactor",
        "problems": [],
        "report": None,
    }
    page.session.runner.make_safe().result(30)
    report = page.ask("sidebar.state")["safety"]["report"]
    assert [(row["handler"], row["outcome"]) for row in report["rows"]] == [("pump.refill", "done")]
    assert report["without"] == ["reactor"]
    page.ask("sidebar.safe_read")
    assert page.ask("sidebar.state")["safety"]["report"] is None


def test_safe_states_that_cannot_be_read_are_named(page):
    page.session.safe_states.path.write_text("{", encoding="utf-8")
    (problem,) = page.ask("sidebar.state")["safety"]["problems"]
    assert "safe_states.json cannot be used" in problem


def test_an_idle_session_shows_its_deck_and_nothing_else(page):
    state = page.ask("sidebar.state")
    assert [(one["name"], one["type"], one["state"]) for one in state["deck"]["instruments"]] == [
        ("pump", "Pump", "idle"),
        ("reactor", "Reactor", "idle"),
    ]
    assert state["queue"] == {"on_hold": False, "reason": "", "entries": []}
    assert (state["recent"], state["interrupted"], state["estimate"], state["problem"]) == ([], [], None, "")


def test_a_finished_run_is_recent_with_its_rows_and_leaves_what_it_read(page):
    page.submit("night", rows=3).wait(30)
    assert page.session.relay.flush(30)
    state = page.state_when(lambda one: one["recent"] and one["recent"][0]["status"] == "completed")
    run = state["recent"][0]
    assert (run["name"], run["workflow"], run["done"], run["total"], run["table"], run["error"]) == ("night", "night", 3, 3, True, "")
    reading = page.instrument(state, "reactor")["readings"][0]
    assert (reading["name"], reading["unit"]) == ("temperature", "°C")
    assert page.instrument(state, "pump")["readings"] == []


def test_a_reading_of_an_object_that_is_gone_is_not_shown(page):
    page.submit("night").wait(30)
    page.state_when(lambda one: page.instrument(one, "reactor")["readings"])
    page.names["reactor"] = Reactor(time_scale=0)
    page.session.refresh()
    assert page.instrument(page.ask("sidebar.state"), "reactor")["readings"] == []


def test_what_a_run_sets_a_property_to_is_not_shown_as_what_the_instrument_said(page):
    wf = WorkflowHandle(page.session, "warm")
    wf.script.get("reactor.temperature", save="before")
    wf.script.set("reactor.temperature", 30.0)
    run = wf.submit(name="warm")
    run.wait(30)
    assert page.session.relay.flush(30)
    [reading] = page.instrument(page.ask("sidebar.state"), "reactor")["readings"]
    assert reading["text"] == said(run.outputs["before"][0])


def test_a_failed_run_says_so_and_a_skipped_step_is_counted(page):
    for choice, status in (("stop", "failed"), ("skip", "completed")):
        run = page.submit(choice, rows=1, volume=99.0)
        page.state_when(lambda _, key=run.key: page.session.runner.status(key).question is not None)
        page.session.runner.handle(run.key).answer(choice)
        recent = page.state_when(
            lambda one, name=choice: one["recent"] and one["recent"][0]["name"] == name and one["recent"][0]["ended_ms"]
        )
        assert recent["recent"][0]["status"] == status
    assert recent["recent"][0]["skipped"] == 1
    assert "refill first" in recent["recent"][1]["error"]


def test_an_instrument_that_a_run_holds_is_held_by_it(page):
    page.submit("night", rows=1, volume=99.0)
    state = page.state_when(lambda one: one["told"])
    assert page.instrument(state, "pump")["text"] == "held by night"


def test_an_instrument_that_is_not_trusted_is_trusted_again_once_somebody_has_checked_it(page):
    page.session.pipeline.gates.distrust(page.names["pump"], "pump")
    assert page.instrument(page.ask("sidebar.state"), "pump")["state"] == "untrusted"
    page.session.deck.load_deck(page.session.deck.live.name)
    states = {one["name"]: one["state"] for one in page.ask("sidebar.state")["deck"]["instruments"]}
    assert states["pump"] == "untrusted"
    assert {state for name, state in states.items() if name != "pump"} == {"offline"}
    page.session.deck.unload_deck()
    before = page.changes
    assert page.ask("sidebar.trust", name="pump") is True
    assert page.changes > before
    assert page.instrument(page.ask("sidebar.state"), "pump")["state"] == "idle"


def test_the_queue_is_held_and_released(waiting):
    queue = waiting.ask("sidebar.state")["queue"]
    assert queue["on_hold"]
    assert [(one["name"], one["rows"], one["held"], one["problem"]) for one in queue["entries"]] == [
        ("rinse", 1, False, ""),
        ("screen", 9, False, ""),
        ("calibrate", 3, False, ""),
    ]
    waiting.ask("queue.release")
    for run in waiting.runs:
        run.wait(30)
    waiting.state_when(lambda one: not one["queue"]["entries"])


def test_waiting_runs_are_reordered_renamed_held_and_removed(waiting):
    rinse, screen, calibrate = (run.key for run in waiting.runs)
    waiting.ask("queue.reorder", keys=[calibrate, rinse, screen])
    waiting.ask("queue.rename", key=rinse, name="  rinse twice ")
    waiting.ask("queue.hold_entry", key=screen, held=True)
    waiting.ask("queue.remove", key=calibrate)
    entries = waiting.state_when(lambda one: len(one["queue"]["entries"]) == 2)["queue"]["entries"]
    assert [(one["name"], one["held"]) for one in entries] == [("rinse twice", False), ("screen", True)]
    waiting.ask("queue.release")
    assert waiting.runs[0].wait(30).name == "rinse twice"


@pytest.mark.parametrize(
    ("method", "params", "says"),
    [
        ("queue.rename", {"name": " "}, "1 to 128 characters"),
        ("queue.rename", {"name": "x" * 129}, "1 to 128 characters"),
        ("queue.hold_entry", {"held": "yes"}, "true or false"),
        ("queue.reorder", {"keys": "all"}, "their new order"),
        ("queue.reorder", {"keys": ["nobody"]}, "may have begun"),
        ("queue.remove", {"key": "nobody"}, "waits no longer"),
        ("queue.rename", {"key": "nobody", "name": "a"}, "waits no longer"),
        ("queue.remove", {"key": 3}, "names no run"),
        ("recovery.leave", {"id": "one"}, "by its number"),
        ("recovery.leave", {"id": 77}, "no run 77"),
    ],
)
def test_a_request_that_cannot_be_done_is_refused_and_says_why(waiting, method, params, says):
    reply = waiting.reply(method, **{"key": waiting.runs[0].key, **params})
    assert not reply["ok"]
    assert says in json.dumps(reply["error"])
    assert names(waiting) == ["rinse", "screen", "calibrate"]


def test_a_waiting_run_whose_instrument_is_gone_cannot_run_and_says_why(waiting):
    assert [one["problem"] for one in waiting.ask("sidebar.state")["queue"]["entries"]] == ["", "", ""]
    del waiting.names["reactor"]
    waiting.session.refresh()
    problems = [one["problem"] for one in waiting.ask("sidebar.state")["queue"]["entries"]]
    assert all("reactor" in problem for problem in problems)


def test_a_limit_that_is_set_beside_a_field_shows_at_once_which_waiting_runs_cannot_run(waiting):
    widgets.attach(waiting.session)
    before = waiting.changes
    waiting.ask("limits.save", target="pump", member="dispense", operation="call", param="volume_ml", maximum="0.1")
    assert waiting.session.relay.flush(30)
    assert waiting.changes > before
    problems = [one["problem"] for one in waiting.ask("sidebar.state")["queue"]["entries"]]
    assert problems[0] == "row 1, volume: volume_ml of pump.dispense: 0.5 is above the limit of 0.1"


@pytest.fixture
def cut(page):
    """A page after a crash: the run doses twice for each of two rows, and died in the first dose of the second."""
    wf = WorkflowHandle(page.session, "dose", None)
    wf.script.call("pump.dispense", volume_ml=1.0, save="given")
    wf.script.call("reactor.set_temperature", setpoint=30.0)
    run = wf.submit(name="overnight", repeat=2)
    run.wait(30)
    store = page.session.store
    store.database.change("UPDATE workflow_runs SET outcome = 'interrupted', ended_us = NULL, status = NULL WHERE id = :id", {"id": run.id})
    last = store.database.rows("SELECT MAX(s.id) FROM workflow_steps s WHERE s.method_name = 'dispense'")[0][0]
    change = store.database.change
    change("DELETE FROM workflow_steps WHERE id > :id", {"id": last})
    change("UPDATE workflow_steps SET status = 'open', output = '{}', result = NULL WHERE id = :id", {"id": last})
    change(
        "UPDATE workflow_phases SET status = NULL, outputs = NULL WHERE id = (SELECT MAX(id) FROM workflow_phases WHERE name = 'main')", {}
    )
    change("DELETE FROM workflow_phases WHERE name = 'cleanup'", {})
    page.run_id = run.id
    return page


def shown_case(page):
    (shown,) = page.ask("sidebar.state")["interrupted"]
    return shown


def test_an_interrupted_run_is_shown_with_its_step_in_doubt_and_what_is_known(cut):
    shown = shown_case(cut)
    (doubt,) = shown["in_doubt"]
    assert (shown["name"], shown["where"], shown["ready"]) == ("overnight", "in script, iteration 2 of 2", False)
    assert (doubt["call"], doubt["needs"], doubt["choice"]) == ("pump.dispense(volume_ml=1.0)", ["given"], "")
    assert [one["name"] for one in doubt["said"]] == ["dispense"]


class Widget:
    """Hears what widgets are told."""

    def __init__(self):
        self.heard = queue.SimpleQueue()

    def hear(self, name, data):
        if name == "recovery.changed":
            self.heard.put(data)


def test_what_is_decided_in_the_sidebar_is_told_to_the_widgets_which_get_the_same(cut):
    widget = Widget()
    cut.session.one(Faces).listen(widget)
    assert cut.ask("recovery.list") == {"runs": [shown_case(cut)], "on_hold": False}
    cut.ask("recovery.done", id=cut.run_id, values=["0.5"])
    widget.heard.get(timeout=30)
    assert cut.ask("recovery.list")["runs"] == [shown_case(cut)]
    assert shown_case(cut)["ready"]


def test_a_decision_needs_a_value_that_fits_and_then_the_run_goes_on(cut):
    refused = cut.reply("recovery.done", id=cut.run_id, values=[])
    assert "say what pump.dispense returned" in refused["error"]["message"]
    assert not cut.reply("recovery.done", id=cut.run_id, values=["much"])["ok"]
    cut.ask("recovery.done", id=cut.run_id, values=["0.5"])
    shown = shown_case(cut)
    assert (shown["ready"], shown["in_doubt"][0]["choice"], shown["coming"]) == (True, "done", "reactor.set_temperature")
    cut.ask("recovery.resume", id=cut.run_id)
    run = cut.session.runner.runs[-1]
    assert cut.session.runner.handle(run.key).wait(30).outcome.value == "completed"
    assert cut.session.history.steps(run=cut.run_id)["status"].tolist()[-1] == "in doubt, decided done"
    followed = cut.session.runner.runs[-1].run_id
    assert cut.session.history.steps(run=followed)["method"].tolist() == ["set_temperature"]
    assert cut.ask("sidebar.state")["interrupted"] == []


def test_not_done_may_have_other_values_and_is_called_again(cut):
    cut.ask("recovery.not_done", id=cut.run_id, arguments={"volume_ml": 0.4})
    assert "volume_ml=0.4" in shown_case(cut)["in_doubt"][0]["decided"]
    cut.ask("recovery.resume", id=cut.run_id)
    cut.session.runner.handle(cut.session.runner.runs[-1].key).wait(30)
    followed = cut.session.runner.runs[-1].run_id
    assert cut.session.history.steps(run=followed)["arguments"].tolist()[0] == {"volume_ml": 0.4}


def test_it_is_shown_while_its_instruments_are_not_there_yet(cut):
    for name in ("pump", "reactor"):
        del cut.names[name]
    cut.session.refresh()
    assert shown_case(cut)["in_doubt"][0]["can_check"] is False
    cut.ask("recovery.done", id=cut.run_id, values=["0.5"])
    assert "reactor" in json.dumps(cut.reply("recovery.resume", id=cut.run_id)["error"])


def test_the_instrument_is_asked_whether_it_was_done_and_that_decides_nothing(monkeypatch, request):
    def has_dispensed(self, volume_ml: float) -> str:
        return f"{volume_ml} mL, says the counter"

    monkeypatch.setattr(Pump, "has_dispensed", verifies("dispense")(has_dispensed), raising=False)
    cut = request.getfixturevalue("cut")
    assert shown_case(cut)["in_doubt"][0]["can_check"]
    cut.ask("recovery.check", id=cut.run_id)
    state = cut.state_when(lambda one: "counter" in one["interrupted"][0]["in_doubt"][0]["checked"])
    assert state["interrupted"][0]["in_doubt"][0]["checked"] == "'1.0 mL, says the counter'"
    assert not state["interrupted"][0]["ready"]


def test_an_answer_that_cannot_say_what_it_is_is_an_answer_all_the_same(monkeypatch, request):
    class Odd:
        def __repr__(self):
            raise RuntimeError("no line")

    monkeypatch.setattr(Pump, "has_dispensed", verifies("dispense")(lambda _self: Odd()), raising=False)
    cut = request.getfixturevalue("cut")
    cut.ask("recovery.check", id=cut.run_id)
    cut.state_when(lambda one: "Odd, whose repr raises RuntimeError" in one["interrupted"][0]["in_doubt"][0]["checked"])


def test_a_run_that_is_left_is_not_shown_again(cut):
    cut.ask("recovery.leave", id=cut.run_id)
    assert cut.ask("sidebar.state")["interrupted"] == []
    assert cut.session.history.steps(run=cut.run_id)["status"].tolist()[-1] == "in doubt"
    assert "decided" in cut.reply("recovery.leave", id=cut.run_id)["error"]["message"]


def test_only_what_is_missing_is_run_again_and_else_it_is_said(cut):
    assert "recover" in cut.reply("recovery.rerun", id=cut.run_id)["error"]["message"]
    cut.ask("recovery.leave", id=cut.run_id)
    cut.ask("recovery.rerun", id=cut.run_id)
    run = cut.session.runner.runs[-1]
    assert run.name == "overnight (missing)"
    assert cut.session.runner.handle(run.key).wait(30).iterations == 1
    assert "Nothing is missing" in cut.reply("recovery.rerun", id=cut.session.runner.runs[-1].run_id)["error"]["message"]


class Talkative:
    def __repr__(self):
        raise AssertionError("its repr was asked for")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((20.000001, "20"), (None, "None"), (True, "True"), (7, "7")),
        pytest.param(10**5000, "a number of very many digits", id="many digits"),
        *((Mode.HEAT, "HEAT"), ([1, 2.5], "1, 2.5"), (Talkative(), "Talkative"), ("x" * 99, "x" * 39 + "…")),
    ],
)
def test_a_value_is_said_in_a_few_words_without_asking_an_object(value, text):
    assert said(value) == text


def status(iteration, at_s, state=State.RUNNING, **more):
    return RunStatus("k", "n", "w", state, at_us=int(at_s * 1e6), phase="script", iteration=iteration, iterations=10, **more)


def test_the_end_is_foretold_from_the_rows_behind_and_not_from_pauses():
    pace = Pace()
    assert pace.estimate(None) is None
    for iteration, at in ((1, 0), (2, 10), (3, 20)):
        pace.hear(status(iteration, at))
    assert pace.estimate(status(3, 25)) == {"key": "k", "ends_ms": 100_000, "spread_ms": 0}
    pace.hear(status(3, 26, State.PAUSED))
    assert pace.estimate(status(3, 26, State.PAUSED)) is None
    pace.hear(status(3, 500))
    pace.hear(status(4, 510))
    assert pace.estimate(status(4, 510, stopping="row")) is None
    assert pace.estimate(status(4, 510))["ends_ms"] == 580_000


def test_each_event_of_a_run_lets_pages_ask_again(page):
    assert page.sidebar.hear(RunChanged(status(1, 0)))
    assert not page.sidebar.hear(object())


def test_a_question_says_who_was_told_and_who_will_be(page):
    told = threading.Event()
    page.session.notifications.add(lambda _: told.set(), on="wait", name="lamp")
    page.session.notifications.add(lambda _: None, on="wait", after_s=900, name="boss")
    wf = WorkflowHandle(page.session, "look")
    wf.script.pause("look at the vial")
    run = wf.submit()
    state = page.state_when(lambda state: state["told"] and any(one["state"] == "told" for one in state["told"]["lines"]))
    assert {one["who"]: one["state"] for one in state["told"]["lines"]} == {"lamp": "told", "boss": "later"}
    assert state["told"]["nobody"] == ""
    assert state["told"]["question"] == run.status.question.id
    run.answer("continue")
    run.wait(30)
    assert page.ask("sidebar.state")["told"] is None


@pytest.mark.parametrize(
    ("on", "before", "says"),
    [(None, True, "no notification is set"), ("end", True, "for when a run waits"), ("wait", False, "before the notifications were set")],
)
def test_a_question_says_why_nobody_is_told(page, on, before, says):
    def name():
        if on is not None:
            page.session.notifications.add(lambda _: None, on=on, name="lamp")

    if before:
        name()
    wf = WorkflowHandle(page.session, "look")
    wf.script.pause("look at the vial")
    run = wf.submit()
    page.state_when(lambda state: state["told"] is not None)
    if not before:
        name()
    assert says in page.ask("sidebar.state")["told"]["nobody"]
    run.answer("continue")
    run.wait(30)


def test_the_queue_is_told_to_stop_after_a_run_and_to_go_on_after_it(page):
    page.session.runner.queue.hold()
    run = page.workflow().submit([{"volume": 1.0}])
    page.ask("queue.stop_here", key=run.key, stop=True)
    page.state_when(lambda state: state["queue"]["entries"][0]["stop_here"])
    page.ask("queue.stop_here", key=run.key, stop=False)
    page.state_when(lambda state: not state["queue"]["entries"][0]["stop_here"])
    assert "true or false" in page.reply("queue.stop_here", key=run.key)["error"]["message"]
    run.stop()


def test_a_watched_value_stands_first_with_its_band_and_an_excursion_stays_until_it_is_seen(page):
    mine = watch(page.session, "reactor.temperature", every_s=0.05, between=(40, None))
    state = page.state_when(lambda one: one["tripped"] and page.instrument(one, "reactor")["readings"])
    (trip,) = state["tripped"]
    assert (trip["label"], trip["did"], trip["outside"]) == ("reactor.temperature", "notify", True)
    assert trip["reason"].endswith("is below 40 °C")
    assert trip["value"] == trip["reason"].removesuffix(" is below 40 °C")
    now = page.state_when(lambda one: one["tripped"][0]["now"])["tripped"][0]
    assert now["now"].endswith(" °C")
    assert now["now_ms"] >= now["at_ms"]
    assert (now["watched"], now["now_problem"]) == (True, "")
    assert page.instrument(state, "reactor")["readings"][0]["watched"] == "≥ 40 °C, every 0.05 s"
    mine.stop()
    (trip,) = page.ask("sidebar.state")["tripped"]
    assert (trip["outside"], trip["watched"], trip["now"], trip["now_ms"]) == (False, False, "", None)
    page.ask("sidebar.watch_seen", label="reactor.temperature")
    state = page.ask("sidebar.state")
    assert state["tripped"] == []
    assert page.instrument(state, "reactor")["readings"][0]["watched"] == ""


def test_a_paused_run_says_who_or_what_paused_it(page):
    wf = WorkflowHandle(page.session, "hold")
    wf.script.wait(3600)
    run = wf.submit(name="hold")
    page.state_when(lambda _: run.status.step is not None)
    run.pause()
    page.state_when(lambda _: run.status.state is State.PAUSED)
    assert run.status.sentence == "paused by ada, in Python"
    run.resume()
    page.state_when(lambda _: run.status.state is State.RUNNING)
    assert run.status.paused_by == ""
    watch(page.session, "reactor.temperature", every_s=0.05, between=(40, None), then="pause")
    page.state_when(lambda _: run.status.state is State.PAUSED)
    assert run.status.sentence.startswith("paused by reactor.temperature: ")
    assert run.status.sentence.endswith(" is below 40 °C")
    run.stop(now=True)
    run.wait(20)
    by = [detail.get("by") for detail in run.events.query("kind == 'paused'")["detail"]]
    assert [one.partition(":")[0] for one in by] == ["ada, in Python", "reactor.temperature"]


def test_a_waiting_run_is_given_a_time_and_relieved_of_it(page):
    page.session.runner.queue.hold()
    run = page.workflow().submit([{"volume": 1.0}])
    page.ask("queue.not_before", key=run.key, at_ms=4_000_000_000_000)
    page.state_when(lambda state: state["queue"]["entries"][0]["not_before_ms"] == 4_000_000_000_000)
    page.ask("queue.not_before", key=run.key, at_ms=None)
    page.state_when(lambda state: state["queue"]["entries"][0]["not_before_ms"] is None)
    for wrong in ("tonight", -1, True, 10**18):
        assert "date and a time" in page.reply("queue.not_before", key=run.key, at_ms=wrong)["error"]["message"]
    run.stop()

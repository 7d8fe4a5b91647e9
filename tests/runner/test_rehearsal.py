"""A rehearsal makes the calls a run would make, on nothing, in no time."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.journal import PastCall, RunRequest
from ivoryos_jupyter.runner.rehearsal import Given, NoExperience, Scene, Sources, forecast, rehearse, rehearse_faults, rehearse_in_turn
from ivoryos_jupyter.schema import Limit, Limits
from ivoryos_jupyter.testing import Pump, Reactor, Stirrer
from ivoryos_jupyter.testing._bench import Bench
from ivoryos_jupyter.testing._runnable import rows_for, runnable_workflows
from ivoryos_jupyter.workflow import (
    Action,
    AtRun,
    Branch,
    Constant,
    Expression,
    ForEach,
    GetProperty,
    If,
    Input,
    OnError,
    Pause,
    Repeat,
    SetProperty,
    SetVariable,
    Variable,
    Wait,
    WaitFor,
    WaitUntil,
    While,
    Workflow,
)

NOON_US = 1_800_000_000_000_000
DECK = LiveDeck("bench")
DECK.update({"pump": Pump(), "reactor": Reactor(), "stirrer": Stirrer()})
SCHEMA = DECK.schema()


class Past:
    """Calls that were recorded."""

    def __init__(self, **calls):
        self.calls = {tuple(name.split("__")): past for name, past in calls.items()}

    def past(self, instrument, method):
        return self.calls.get((instrument, method), ())


class Fixed:
    """Limits as they are given."""

    def __init__(self, *limits):
        self.limits = Limits(limits)

    def current(self):
        return self.limits


def scene(*script, prep=(), cleanup=(), given=None, past=None, limits=(), rows=None, repeat=1, **request):
    workflow = Workflow(name="w", prep=prep, script=script, cleanup=cleanup)
    known = Given(**(given or {})).checked(workflow, SCHEMA)
    sources = Sources(Limits(tuple(limits)), past or NoExperience(), known)
    asked = RunRequest(key="k", name="w", workflow="", workflow_name="w", version="", deck="bench", rows=rows, repeat=repeat, **request)
    return Scene(workflow, asked, SCHEMA, Fixed(*limits), sources)


def dispense(step="d", volume=None, output="left", **options):
    volume = Constant(1.0) if volume is None else volume
    outputs = (output,) if output else ()
    return Action(id=step, instrument="pump", method="dispense", arguments={"volume_ml": volume}, outputs=outputs, **options)


def calls(rehearsed):
    return [(one.instrument, one.method, dict(one.arguments)) for one in rehearsed.lines if one.flight]


def test_an_eight_hour_run_passes_at_once_and_takes_eight_hours():
    rehearsed = rehearse(scene(dispense(), Wait(id="w", seconds=Constant(8 * 3600)), given={"durations": {"pump.dispense": 30}}), NOON_US)
    assert rehearsed.duration.p50 == pytest.approx(8 * 3600 + 30)
    assert rehearsed.duration.rehearsals == 1
    assert rehearsed.outcome == "completed"


def test_the_spread_comes_from_recorded_durations_and_the_same_seed_gives_the_same():
    past = Past(pump__dispense=[PastCall(seconds, 5.0, kept=True) for seconds in (10.0, 20.0, 30.0)])
    first, again = (rehearse(scene(dispense(), repeat=10, past=past), NOON_US, seed=3) for _ in range(2))
    assert first.duration == again.duration
    assert 100 < first.duration.p10 < first.duration.p50 < first.duration.p90 < 300
    assert first.duration.rehearsals > 1
    assert [one.basis for one in first.assumptions] == ["recorded", "recorded"]
    assert rehearse(scene(dispense(), repeat=10, past=past), NOON_US, seed=4).duration != first.duration


def test_calls_with_the_same_arguments_count_for_more_than_the_others():
    slow = [PastCall(60.0, 1.0, kept=True, arguments={"volume_ml": 10.0})] * 3
    quick = [PastCall(2.0, 1.0, kept=True, arguments={"volume_ml": 1.0})] * 3
    rehearsed = rehearse(scene(dispense(volume=Constant(10.0)), past=Past(pump__dispense=[*slow, *quick])), NOON_US)
    assert rehearsed.duration.p90 == pytest.approx(60.0)


def test_returns_are_drawn_from_what_was_returned_before():
    past = Past(pump__dispense=[PastCall(1.0, value, kept=True) for value in (3.0, 4.0)])
    rehearsed = rehearse(scene(dispense(), dispense("e", Variable("left")), repeat=20, past=past), NOON_US)
    assert {one["volume_ml"] for _, _, one in calls(rehearsed)} == {1.0, 3.0, 4.0}


def test_without_history_it_says_what_it_assumed():
    rehearsed = rehearse(scene(dispense()), NOON_US)
    said = {one.about: (one.taken, one.basis) for one in rehearsed.assumptions}
    assert said["pump.dispense lasts"] == ("0 s, for no call of it was recorded yet", "assumed")
    assert said["pump.dispense returns"] == ("1.0 mL", "assumed")
    assert rehearsed.lines[0].assumed


def test_a_property_reads_as_it_was_set_and_else_within_the_limits_of_its_setting():
    limit = Limit("reactor", "temperature_(setter)", "value", minimum=20, maximum=60)
    read = GetProperty(id="g", instrument="reactor", property="temperature", outputs=("t",))
    put = SetProperty(id="s", instrument="reactor", property="temperature", value=Constant(42.0))
    told = [SetVariable(id=f"v{at}", name=f"v{at}", value=Variable("t")) for at in range(2)]
    second = GetProperty(id="h", instrument="reactor", property="temperature", outputs=("t",))
    rehearsed = rehearse(scene(read, told[0], put, second, told[1], limits=[limit]), NOON_US)
    seen = [one.arguments for one in rehearsed.lines if one.method == "variable"]
    assert 20 <= seen[0]["v0"] <= 60
    assert seen[1] == {"v1": 42.0}
    said = [(one.taken, one.basis) for one in rehearsed.assumptions if one.about == "reactor.temperature returns"]
    assert said == [("what was set last", "as set"), ("20 to 60 °C", "limits")]


def test_a_computed_value_above_a_limit_is_a_problem_that_needs_an_assumption():
    limit = Limit("pump", "dispense", "volume_ml", maximum=5)
    rehearsed = rehearse(scene(dispense(), dispense("e", Expression("left * 10")), repeat=3, limits=[limit]), NOON_US)
    (issue,) = rehearsed.issues
    assert (issue.kind, issue.step_id, issue.times, issue.assumed) == ("limit", "e", 3, True)
    assert "above the limit of 5" in issue.message


def test_a_problem_that_comes_of_another_one_says_so_and_only_in_its_iteration():
    limit = Limit("pump", "dispense", "volume_ml", maximum=5)
    loop = While(id="w", condition="left > 5", body=(), most=3)
    rehearsed = rehearse(scene(dispense(volume=AtRun("v")), loop, rows=({"v": 6.0}, {"v": 1.0}), limits=[limit]), NOON_US)
    assert [(one.kind, one.step_id, one.follows, one.assumed) for one in rehearsed.issues] == [
        ("limit", "d", False, False),
        ("value", "w", True, False),
    ]


def test_a_table_cell_above_a_limit_is_a_problem_that_needs_none():
    limit = Limit("pump", "dispense", "volume_ml", maximum=5)
    rehearsed = rehearse(scene(dispense(volume=AtRun("v")), rows=({"v": 1.0}, {"v": 6.0}), limits=[limit]), NOON_US)
    assert [(one.kind, one.iteration, one.assumed) for one in rehearsed.issues] == [("limit", 2, False)]


def test_a_value_that_does_not_convert_is_a_problem():
    rehearsed = rehearse(scene(dispense(volume=Expression("'a lot'"))), NOON_US)
    assert [(one.kind, one.times) for one in rehearsed.issues] == [("value", 1)]


def test_a_call_that_takes_longer_than_its_time_out_is_a_problem():
    rehearsed = rehearse(scene(dispense(timeout_s=5.0), given={"durations": {"pump.dispense": 60}}), NOON_US)
    assert [one.kind for one in rehearsed.issues] == ["time-out"]


def test_a_loop_that_would_not_end_is_named_with_its_rounds_and_why():
    loop = While(id="w", condition="left < 5", body=(dispense("e"),), most=50)
    rehearsed = rehearse(scene(dispense(), loop), NOON_US)
    (found,) = rehearsed.endless
    assert (found.step_id, found.rounds, found.names) == ("w", 50, "left stayed 1.0")
    assert [one.kind for one in rehearsed.issues] == ["loop"]


def test_branches_and_loops_that_nobody_comes_to_are_listed():
    branch = If(id="i", branches=(Branch("left > 0", (dispense("a"),)),), otherwise=(dispense("b"),))
    rehearsed = rehearse(scene(dispense(), branch, Repeat(id="r", times=Constant(0), body=(dispense("c"),))), NOON_US)
    assert [(one.step_id, one.slot) for one in rehearsed.never] == [("i", "else"), ("r", "body")]


def test_totals_sum_what_adds_up_and_give_the_range_of_what_does_not():
    put = SetProperty(id="s", instrument="reactor", property="temperature", value=AtRun("t"))
    rows = ({"v": 1.0, "t": 30.0}, {"v": 2.5, "t": 60.0})
    rehearsed = rehearse(scene(dispense(volume=AtRun("v")), put, rows=rows, given={"durations": {"pump.dispense": 2}}), NOON_US)
    volume, temperature = rehearsed.amounts
    assert (volume.total, volume.unit) == (3.5, "mL")
    assert (temperature.total, temperature.lowest, temperature.highest) == (None, 30.0, 60.0)
    assert [(one.instrument, one.calls, one.seconds) for one in rehearsed.totals] == [("pump", 2, 4.0), ("reactor", 2, 0.0)]


def test_questions_are_answered_as_given_or_by_assumption_and_listed():
    asks = (Pause(id="p", message="Is the vial there?"), Input(id="i", message="Mass?", name="mass", type="float"))
    given = {"answers": {"mass": "12.5"}}
    known, assumed = (rehearse(scene(*asks, dispense(volume=Variable("mass")), given=one), NOON_US) for one in (given, {}))
    assert [(one.message, one.answer, one.known) for one in known.asked] == [
        ("Is the vial there?", "continue", False),
        ("Mass?", "12.5", True),
    ]
    assert calls(known) == [("pump", "dispense", {"volume_ml": 12.5})]
    assert assumed.asked[1].answer == "1.0"
    assert not assumed.asked[1].known


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"returns": {"pump.dispence": 1}}, "returns['pump.dispence']"),
        ({"durations": {"pump.dispense": -1}}, "durations['pump.dispense']"),
        ({"durations": {"pump.dispense": (3, 1)}}, "durations['pump.dispense']"),
        ({"answers": {"weight": 1}}, "answers['weight']"),
        ({"answers": {"mass": "heavy"}}, "answers['mass']"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(given, field):
    with pytest.raises(ConversionError) as caught:
        scene(Input(id="i", message="Mass?", name="mass", type="float"), given=given)
    assert [one.field for one in caught.value.problems] == [field]


def test_a_function_that_is_given_computes_what_a_call_returns():
    rehearsed = rehearse(
        scene(
            dispense(volume=Constant(2.0)),
            dispense("e", Variable("left")),
            given={"returns": {"pump.dispense": lambda volume_ml: volume_ml + 1}},
        ),
        NOON_US,
        times=1,
    )
    assert [one["volume_ml"] for _, _, one in calls(rehearsed)] == [2.0, 3.0]


@pytest.mark.parametrize("condition", ["reading > 80", "abs(reading - target) < 0.5", "20 < reading < 30", "reading == 55"])
def test_a_wait_for_a_condition_ends_with_a_reading_for_which_it_holds(condition):
    target = SetVariable(id="v", name="target", value=Constant(65.0))
    wait = WaitFor(id="w", instrument="reactor", property="temperature", condition=condition, hold_s=60.0, outputs=("t",))
    rehearsed = rehearse(scene(target, wait), NOON_US)
    assert not rehearsed.issues
    assert rehearsed.duration.p50 == pytest.approx(60, abs=1.5)


def test_a_wait_takes_as_long_as_it_took_before():
    past = Past(reactor__temperature=[PastCall(600.0, 80.0, kept=True, arguments={}, waited=True), PastCall(0.1, 70.0, kept=True)])
    wait = WaitFor(id="w", instrument="reactor", property="temperature", condition="reading > 75", outputs=("t",))
    rehearsed = rehearse(scene(wait, past=past), NOON_US)
    assert rehearsed.duration.p50 == pytest.approx(600.0)
    assert "waiting for reactor.temperature" in {one.about for one in rehearsed.assumptions}


def test_a_wait_that_no_reading_would_end_is_a_problem():
    wait = WaitFor(id="w", instrument="reactor", property="temperature", condition="reading > 75 and reading < 70")
    rehearsed = rehearse(scene(wait), NOON_US)
    assert "would not end" in rehearsed.issues[0].message


def test_a_run_without_end_is_cut_short(monkeypatch):
    monkeypatch.setattr("ivoryos_jupyter.runner.rehearsal._stage.MOST_STEPS", 200)
    rehearsed = rehearse(scene(Repeat(id="r", times=Constant(10_000), body=(dispense(),))), NOON_US)
    assert rehearsed.cut_short
    assert len(rehearsed.lines) <= 200
    assert not rehearsed.endless


def test_a_loop_that_is_still_going_on_where_it_is_cut_short_is_one_that_would_not_end(monkeypatch):
    monkeypatch.setattr("ivoryos_jupyter.runner.rehearsal._stage.MOST_STEPS", 4_000)
    inner = Repeat(id="r", times=Constant(3), body=(dispense(),))
    loop = While(id="w", condition="n < 5", body=(inner,), most=10**8)
    rehearsed = rehearse(scene(SetVariable(id="v", name="n", value=Constant(0)), loop), NOON_US)
    (found,) = rehearsed.endless
    assert (found.step_id, found.names) == ("w", "n stayed 0")
    assert 1_300 < found.rounds <= 1_334
    (issue,) = rehearsed.issues
    assert (issue.kind, issue.step_id) == ("loop", "w")
    assert "'n < 5' still held after 1,3" in issue.message


def test_wait_until_a_time_of_day_passes_as_the_clock_would():
    rehearsed = rehearse(scene(WaitUntil(id="u", time="06:00")), NOON_US)
    assert 0 < rehearsed.duration.p50 <= 86_400


def test_shortest_times_come_to_an_end_late_in_a_long_run():
    waits = [Wait(id=f"w{at}", seconds=Constant(1e5 / 3)) for at in range(5)]
    rehearsed = rehearse(scene(*waits, dispense(), repeat=20, given={"durations": {"pump.dispense": 1 / 3}}), NOON_US)
    assert rehearsed.duration.p50 == pytest.approx(20 * (5e5 / 3 + 1 / 3))


def test_each_fault_at_each_step_says_what_the_run_did_and_what_cleanup_left():
    stir = Action(
        id="t", instrument="stirrer", method="stir", arguments={"speed_rpm": Constant(300)}, timeout_s=30.0, on_error=OnError("fail")
    )
    cool = SetProperty(id="c", instrument="reactor", property="temperature", value=Constant(25.0))
    heat = SetProperty(id="h", instrument="reactor", property="temperature", value=Constant(80.0), on_error=OnError("continue"))
    found = rehearse_faults(scene(heat, stir, dispense(on_error=OnError("retry", 2, 1.0)), cleanup=(cool,)), NOON_US)
    did = {(one.step_id, one.fault): one for one in found}
    assert did["h", "exception"].did == "went on without reactor.temperature"
    assert did["t", "exception"].did == "ended at stirrer.stir"
    assert did["t", "exception"].left == ("stirrer",)
    assert did["t", "never returns"].did == "ended at stirrer.stir"
    assert did["d", "exception"].did == "tried pump.dispense again"
    assert did["d", "exception"].outcome == "completed"
    assert did["d", "never returns"].did == "waited without end, for the step has no time-out"
    assert did["d", "nan"].did == "went on and noticed nothing"
    assert did["c", "exception"].cleanup == "did not come to its end"
    assert did["c", "never returns"].cleanup == "did not come to its end"
    assert {one.fault for one in found if one.step_id == "h"} == {"exception", "never returns"}
    assert did["h", "exception"].left == ("stirrer", "pump")
    assert not did["h", "exception"].safe


def test_a_cleanup_that_reaches_every_instrument_leaves_them_safe():
    found = rehearse_faults(scene(dispense(timeout_s=5.0), cleanup=(Action(id="r", instrument="pump", method="refill"),)), NOON_US)
    at_dispense = [one for one in found if one.step_id == "d" and one.fault != "never returns"]
    assert all(one.safe for one in at_dispense)
    hung = next(one for one in found if one.step_id == "d" and one.fault == "never returns")
    assert hung.left == ("pump",)  # what was given up is not trusted, so that cleanup cannot call it


def test_several_faults_at_random_places_come_after_the_others_and_are_the_same_for_a_seed():
    one, two = (rehearse_faults(scene(dispense(), repeat=3), NOON_US, seed=5, random_ones=4) for _ in range(2))
    assert one == two
    assert len(one) == 8
    assert all(" at " in found.fault for found in one[-4:])


def test_runs_of_a_queue_follow_each_other_and_wait_for_their_time():
    hour = Wait(id="w", seconds=Constant(3600))
    late = scene(hour, not_before_us=NOON_US + 3 * 3_600_000_000)
    first, second, third = rehearse_in_turn([scene(hour), late, scene(hour)], NOON_US, under_way_s=600)
    noon = NOON_US / 1e6
    assert (first.begins.p50, first.ends.p50) == (noon - 600, noon + 3000)
    assert second.begins.p50 == noon + 3 * 3600
    assert third.begins.p50 == second.ends.p50 == noon + 4 * 3600


def test_nan_where_it_may_not_be_is_told_from_a_number():
    found = rehearse_faults(scene(dispense(), dispense("e", Variable("left"))), NOON_US)
    nan = next(one for one in found if (one.step_id, one.fault) == ("d", "nan"))
    assert nan.did == "asked a person about pump.dispense"


CALL = dispense(output="")
HEAT = SetProperty(id="h", instrument="reactor", property="temperature", value=Constant(80.0))
KNOWN = {"pump.dispense": 10}


@pytest.mark.parametrize(
    ("steps", "seconds"),
    [
        ((CALL,), 20),
        ((Repeat(id="r", times=Constant(3), body=(CALL,)),), 60),
        ((ForEach(id="f", item="i", items=Constant([1, 2, 3]), body=(CALL,)),), 60),
        ((If(id="i", branches=(Branch("1 > 2", (CALL,)),), otherwise=(HEAT,)),), 0),
        ((CALL, Wait(id="w", seconds=Constant(50))), 120),
        ((CALL, dispense("x", disabled=True)), 20),
    ],
)
def test_a_forecast_takes_the_time_of_the_steps_for_each_round(steps, seconds):
    assert forecast(scene(*steps, repeat=2, given={"durations": KNOWN}), NOON_US).duration.p50 == pytest.approx(seconds)


def test_a_forecast_of_a_long_table_rehearses_only_its_beginning():
    past = Past(pump__dispense=[PastCall(seconds) for seconds in (9.0, 10.0, 11.0)])
    long = forecast(scene(CALL, prep=(Wait(id="w", seconds=Constant(100)),), repeat=10_000, past=past), NOON_US)
    assert long.duration.p50 == pytest.approx(100_100, rel=0.05)
    assert long.duration.p10 < long.duration.p90
    assert long.known


def test_a_forecast_says_what_has_no_history_and_when_nothing_is_known():
    told = forecast(scene(CALL, HEAT, given={"durations": KNOWN}), NOON_US)
    assert (told.without_history, told.known) == (1, True)
    assert not forecast(scene(HEAT), NOON_US).known


BENCH = LiveDeck("bench")
BENCH.update(Bench().instruments)


@given(runnable_workflows(depth=1), st.integers(1, 3), st.integers(1, 2))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_the_workflow_it_is_rehearsed_to_its_end_with_every_fault(workflow, count, batch):
    schema = BENCH.schema()
    rows = rows_for(workflow, schema, count)
    many = {"rows": tuple(rows)} if isinstance(rows, list) else {"repeat": rows}
    asked = RunRequest(key="k", name="w", workflow="", workflow_name="w", version="", deck="bench", batch_size=batch, **many)
    whole = Scene(workflow, asked, schema, Fixed(), Sources(Limits(), NoExperience(), Given()))
    rehearsed = rehearse(whole, NOON_US, times=2)
    assert rehearsed.outcome in {"completed", "failed"}
    assert "itself failed" not in rehearsed.error
    for one in rehearse_faults(whole, NOON_US, random_ones=2):
        assert one.outcome in {"completed", "failed", "stopped"}
        assert one.did

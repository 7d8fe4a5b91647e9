"""The checker: every problem, before anything moves."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from ivoryos_jupyter.errors import WorkflowError
from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.schema import Block, DeckSchema, Instrument, Integer, ListOf, Method, Number, Parameter, Property, Text
from ivoryos_jupyter.testing._bench import Bench
from ivoryos_jupyter.testing._strategies import workflows
from ivoryos_jupyter.workflow import (
    Action,
    AtRun,
    Expression,
    Finding,
    If,
    Repeat,
    Variable,
    Workflow,
    apply_repair,
    check,
    content_hash,
    find,
    interface,
    pin,
)

sys.path.insert(0, str(Path(__file__).parent))
from bad_workflows import CORPUS, INNER, LATEST, LIMITS, call, dispense, get, if_, let, nested, note, put, script


def bench_schema():
    deck = LiveDeck("bench")
    deck.update(Bench().instruments)
    schema = deck.schema()
    rinse = Block("rinse", "cleaning", Method("rinse", (Parameter("times", Integer()),)))
    reactor = schema.instrument("reactor")
    odd = (Property("label", Parameter("value", Text())), Property("secret", Parameter("value", Number()), readable=False, settable=True))
    wider = replace(reactor, properties=(*reactor.properties, *odd))
    return replace(schema, blocks=(rinse,), instruments=tuple(wider if one is reactor else one for one in schema.instruments))


SCHEMA = bench_schema()


def check_all(workflow, rows=None, **more):
    return check(workflow, SCHEMA, limits=LIMITS, rows=rows, latest=LATEST, **more)


def errors(found):
    return [(one.code, one.field) for one in found if one.severity == "error"]


@pytest.mark.parametrize("name", CORPUS)
def test_each_bad_workflow_has_the_findings_expected_of_it(name):
    workflow, expected = CORPUS[name]
    found = check_all(workflow)
    assert sorted((one.code, one.field) for one in found) == sorted(expected)
    assert all(one.message and one.message.strip() == one.message for one in found)


def test_the_corpus_is_large():
    assert len(CORPUS) >= 60


def test_a_sound_workflow_has_no_findings():
    sound = Workflow(
        name="sound",
        prep=(let("base", 1.0, "p"), put(25.0)),
        script=(
            dispense(_out=("left",), volume_ml=AtRun("volume")),
            Repeat(id="r", times=Expression("2 + 1"), body=(call("eye.measure", "m", ("a", ""), sample=AtRun("sample")),)),
            if_("left < 15 and a > base", call("pump.refill", "f"), otherwise=(let("a", 0.0, "z"),)),
            call("reactor.jacket.flush", "j", ("needed",)),
            call("pump.prime", "q", cycles=2, ports=["a", "b"], extra={"x": 1.0}, speed="FAST"),
            get(),
            let("total", Expression("t + #volume + base"), "u"),
        ),
        cleanup=(dispense("c", volume_ml=Variable("base")),),
    )
    found = check_all(sound, rows=[{"volume": 1, "sample": "S1"}, {"volume": "2.5", "sample": "blank"}])
    assert [one for one in found if one.code != "maybe-undefined"] == []


def test_a_name_made_on_every_way_is_certain():
    both = script(get(), if_("t > 1", let("x", 1, "v1"), otherwise=(let("x", 2, "v2"),)), dispense(volume_ml=Variable("x")))
    assert check_all(both) == []


def test_prep_is_seen_in_script_and_cleanup_but_iterations_do_not_see_each_other():
    step = dispense("e", volume_ml=Variable("base"))
    assert check_all(Workflow(name="w", prep=(let("base", 1.0),), script=(step,), cleanup=(replace(step, id="f"),))) == []


def test_without_a_deck_only_the_workflow_itself_is_checked():
    assert check(CORPUS["an instrument that is not there"][0]) == []
    assert errors(check(CORPUS["an assignment as condition"][0])) == [("bad-expression", "branch:0")]


def test_a_disabled_step_is_not_checked():
    bad = CORPUS["an instrument that is not there"][0]
    assert check_all(replace(bad, script=(note(), replace(bad.script[0], disabled=True)))) == []


REPAIRS = {
    "an instrument that is not there": lambda step: step.instrument == "pump",
    "a method that is not there": lambda step: step.method == "dispense",
    "a property that is not there": lambda step: step.property == "temperature",
    "a block that is not there": lambda step: step.block == "rinse",
    "an argument that is not there": lambda step: set(step.arguments) == {"volume_ml"},
    "a misspelt argument": lambda step: set(step.arguments) == {"volume_ml"},
    "a missing argument": lambda step: step.arguments["volume_ml"] == AtRun("volume_ml"),
    "a misspelt variable": lambda step: step.arguments["volume_ml"] == Variable("left"),
    "a misspelt name in a condition": lambda step: step.branches[0].condition == "left < 3",
    "waiting for ever": lambda step: step.timeout_s == 3600,
    "a version that is behind": lambda step: step.version == "newer",
}


@pytest.mark.parametrize("name", REPAIRS)
def test_a_repair_mends_the_step_and_its_finding_is_gone(name):
    workflow = CORPUS[name][0]
    finding = next(one for one in check_all(workflow) if one.repair is not None)
    mended = apply_repair(workflow, finding)
    assert REPAIRS[name](find(mended, finding.step))
    assert (finding.code, finding.field) not in [(one.code, one.field) for one in check_all(mended)]


def test_an_empty_block_is_removed_by_its_repair():
    workflow = CORPUS["an empty loop"][0]
    assert apply_repair(workflow, check_all(workflow)[0]).script == ()


def test_what_has_no_repair_says_so():
    with pytest.raises(WorkflowError, match="no repair"):
        apply_repair(script(), Finding(None, "error", "x", "y"))


TABLE = script(
    dispense(volume_ml=AtRun("volume"), rate_ml_min=Expression("#rate * 2")),
    call("eye.measure", "m", sample=AtRun("sample")),
    call("reactor.ramp", "r", setpoint=50.0, hold=AtRun("hold")),
)
GOOD = {"volume": 1.0, "rate": 1.0, "sample": "S1", "hold": None}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"hold": 3}, []),
        ({"volume": "abc"}, [("d", "bad-cell", "row 2, volume")]),
        ({"volume": None}, [("d", "bad-cell", "row 2, volume")]),
        ({"volume": 9}, [("d", "limit", "row 2, volume")]),
        ({"rate": 6}, [("d", "limit", "row 2, rate")]),
        ({"sample": "S9"}, [("m", "limit", "row 2, sample")]),
        ({"volume": 9, "sample": "S9"}, [("d", "limit", "row 2, volume"), ("m", "limit", "row 2, sample")]),
        ({"extra": 1}, [(None, "unused-column", "extra")]),
    ],
)
def test_each_cell_of_a_table_is_checked(change, expected):
    found = check_all(TABLE, rows=[GOOD, {**GOOD, **change}, GOOD])
    assert [(one.step, one.code, one.field) for one in found] == expected


def test_a_missing_column_is_found_in_each_row_and_an_optional_one_is_none():
    row = {"volume": 1.0, "rate": 1.0}
    found = check_all(TABLE, rows=[row, row])
    assert [one.field for one in found] == ["row 1, sample", "row 2, sample"]


def test_typed_cells_are_read_as_text():
    typed = {"volume": "1.5", "rate": "1", "sample": "S1", "hold": ""}
    assert check_all(TABLE, rows=[typed], text=True) == []
    assert errors(check_all(TABLE, rows=[{**typed, "volume": "1,5"}], text=True)) == [("bad-cell", "row 1, volume")]


def test_a_table_without_rows_is_doubtful():
    assert [one.code for one in check_all(TABLE, rows=[])] == ["empty-table"]


def test_a_cell_is_followed_into_nested_workflows():
    outer = nested(aliquot=AtRun("much"))
    found = check_all(outer, rows=[{"much": 1.0}, {"much": 9.0}])
    assert [(one.step, one.field, one.inside) for one in found] == [("c", "row 2, much", ("x1",))]
    assert found[0].message.startswith("volume_ml of pump.dispense: ")


def test_a_finding_inside_a_nested_workflow_names_the_call_and_the_place():
    (found,) = [one for one in check_all(CORPUS["a version that is behind"][0]) if one.code == "unknown-method"]
    assert (found.step, found.inside) == ("c", ("y1",))
    assert found.message.startswith("in typo: ")
    assert found.repair is None


def test_a_nested_version_is_checked_once_however_deep_it_is_doubled(calls_made):
    workflow, work = INNER, []
    for level in range(12):
        calls = nested(workflow, **({"aliquot": 1.0} if level == 0 else {}))
        step = calls.script[0]
        workflow = pin(replace(calls, name=f"level{level}", script=(step, replace(step, id="c2"))), workflow)
        work.append(calls_made(lambda: check_all(workflow)))  # noqa: B023 - made at once
    assert work[11] < 20 * work[5]  # where each was checked twice, it would be 64 times


@given(workflows())
@settings(max_examples=60, deadline=None)
def test_any_workflow_can_be_checked(workflow):
    for one in check(workflow, SCHEMA, limits=LIMITS, rows=[{"volume": 1}], latest={}):
        assert one.code
        if one.repair is not None and one.step is not None:
            assert content_hash(apply_repair(workflow, one))


def test_ten_times_the_steps_are_ten_times_the_work(calls_made):
    def work(steps):
        more = [dispense(f"e{k}", volume_ml=k / steps * 2 + 0.1) for k in range(steps)]
        return calls_made(lambda: check_all(replace(TABLE, script=(*TABLE.script, *more))))

    work(1)
    assert work(200) < 11 * work(20)


def test_findings_come_in_the_order_of_the_steps():
    workflow = script(call("pmup.refill", "a"), If(id="i", branches=(), otherwise=(note(),)), call("eye.measre", "b", sample="x"))
    assert [one.step for one in check_all(workflow)] == ["a", "i", "b"]


def test_a_column_that_is_gathered_over_the_batch_has_one_item_in_each_row():
    arguments = {"volumes": AtRun("v")}
    step = Action(id="m", instrument="mixer", method="mix", arguments=arguments, once_per_batch=True, consolidate=("volumes",))
    mix = Method("mix", parameters=(Parameter("volumes", ListOf(Number())),))
    schema = DeckSchema("lab", instruments=(Instrument("mixer", "Mixer", methods=(mix,)),))
    wf = Workflow(name="w", script=(step,))
    assert interface(wf, schema).inputs[0].kind == Number()
    assert check(wf, schema, rows=[{"v": 1.0}, {"v": 2.0}]) == []
    (finding,) = check(wf, schema, rows=[{"v": "much"}])
    assert finding.code == "bad-cell"


def test_what_nobody_has_said_yet_is_missing_and_can_be_asked_for_at_run():
    workflow = script(put(None))
    (found,) = check(workflow, SCHEMA)
    assert found.message == "a value is missing; a number is needed"
    assert found.repair.label == "ask for temperature at run"
    assert apply_repair(workflow, found).script[0].value == AtRun("temperature")


def test_an_instrument_of_another_name_that_has_the_method_is_offered():
    workflow = script(call("dosing_unit.dispense", volume_ml=1.0))
    (found,) = check(workflow, SCHEMA)
    assert found.message == "the deck has no instrument dosing_unit; pump has dispense"
    assert apply_repair(workflow, found).script[0].instrument == "pump"

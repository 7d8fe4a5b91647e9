"""IvoryOS 1.7's own workflows: read, and written back."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings

from ivoryos_jupyter.errors import WorkflowError
from ivoryos_jupyter.schema import (
    DeckSchema,
    Default,
    EnumChoice,
    EnumMember,
    Instrument,
    Integer,
    Method,
    Nullable,
    Number,
    Parameter,
    Property,
    Returns,
    Text,
    TupleOf,
)
from ivoryos_jupyter.testing._strategies import workflows
from ivoryos_jupyter.workflow import (
    Action,
    AtRun,
    Branch,
    CallBlock,
    Comment,
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
    WaitUntil,
    While,
    Workflow,
    check,
    find,
    from_ivoryos,
    from_json,
    interface,
    step_index,
    to_ivoryos,
    to_json,
    walk,
)

FIXTURES = Path(__file__).parents[1] / "fixtures" / "ivoryos-1.7.2"
FILES = sorted((FIXTURES / "scripts").rglob("*.json"))


def number(name, default=None):
    return Parameter(name, Number(), default=Default(str(default), default, known=True) if default is not None else None)


def method(name, *parameters, returns=None):
    return Method(name, parameters, returns or Returns(nothing=True, annotation="None"))


FLOAT = Returns(Number(), annotation="float")
SCHEMA = DeckSchema(
    "flowlab",
    (
        Instrument(
            "pump",
            "flowlab:Pump",
            methods=(method("dispense", number("volume_ml"), number("rate_ml_min", 1.0), returns=FLOAT), method("refill")),
        ),
        Instrument(
            "reactor",
            "flowlab:Reactor",
            methods=(
                method(
                    "set_temperature",
                    number("setpoint"),
                    Parameter("ramp", Nullable(Number()), default=Default("None", None, known=True)),
                    returns=FLOAT,
                ),
                method(
                    "set_mode",
                    Parameter("mode", EnumChoice("flowlab:Mode", (EnumMember("HEAT", "heat"), EnumMember("HOLD", "hold")))),
                    returns=Returns(Text(), annotation="str"),
                ),
            ),
            properties=(Property("temperature", Parameter("value", Number()), settable=True),),
        ),
        Instrument(
            "spectrometer",
            "flowlab:Spectrometer",
            methods=(
                method(
                    "measure",
                    Parameter("sample_id", Text()),
                    returns=Returns(TupleOf((Number(), Number())), (Number(), Number()), annotation="tuple[float, float]"),
                ),
            ),
        ),
        Instrument(
            "autosampler",
            "flowlab:Autosampler",
            methods=(method("load_vial", Parameter("vial", Integer()), returns=Returns(Text(), annotation="str")),),
        ),
    ),
)


def from_database():
    with sqlite3.connect(f"file:{FIXTURES / 'ivoryos.db'}?mode=ro&immutable=1", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute("SELECT * FROM script")]
    connection.close()
    return {row["name"]: {**row, "script_dict": json.loads(row["script_dict"])} for row in rows}


DATABASE = from_database()
DOCUMENTS = {**{path.name: json.loads(path.read_text("utf-8")) for path in FILES}, **{f"row {name}": one for name, one in DATABASE.items()}}


def with_else(rows):
    """The imported workflows lack the else that the designer always makes."""
    full = []
    for row in rows:
        waiting = sum((one["action"] == "if") - (one["action"] == "else") for one in full if one["instrument"] == "if")
        if row["action"] == "endif" and waiting:
            full.append({**row, "action": "else"})
        full.append(row)
    return [{**row, "id": number} for number, row in enumerate(full, 1)]


def same_row(original, written):
    imported = "arg_order" not in original and str(original["instrument"]).startswith("deck.")
    for key, expected in original.items():
        found = written.get(key)
        if key == "workflow":
            for one, other in zip(expected, found, strict=True):
                same_row(one, other)
        elif imported and key == "args":
            assert {name: str(value) for name, value in found.items()} == {name: str(value) for name, value in expected.items()}
        elif key == "return_format" and expected["kind"] == "none":
            assert found["kind"] == "none"
        else:
            assert found == expected, (key, original)
    if not imported:
        assert set(written) - set(original) == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_real_workflow_is_read_and_written_back(name):
    document = DOCUMENTS[name]
    workflow = from_ivoryos(document, SCHEMA)
    written, notes = to_ivoryos(workflow, SCHEMA)
    assert notes == ()
    for phase, rows in document["script_dict"].items():
        for original, row in zip(with_else(rows), written["script_dict"][phase], strict=True):
            same_row(original, row)
    for key in ("deck", "status", "author", "description", "uuid"):
        assert written[key] == document[key]
    assert written["registered"] == bool(document["registered"])
    assert from_ivoryos(written, SCHEMA) == workflow
    assert from_json(to_json(workflow)) == workflow


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_rows_are_numbered_as_they_were(name):
    document = DOCUMENTS[name]
    workflow = from_ivoryos(document, SCHEMA)
    numbers = step_index(workflow)
    rows = {phase: {row["uuid"]: row["id"] for row in reversed(with_else(listed))} for phase, listed in document["script_dict"].items()}
    for visit in walk(workflow):
        assert numbers[visit.step.id] == rows[visit.place.phase][visit.step.uuid]


EXPECTED = {
    "dose_and_measure": (["volume", "temp"], ["left", "a450", "a600"]),
    "a/b test": (["volume", "temp"], ["left", "a450", "a600"]),
    "static_scan": ([], ["left", "a450", "a600"]),
    "load_and_read": ([], ["loaded", "a450"]),
    "aliquot_and_read": (["aliquot", "sample"], ["after", "abs450"]),
    "two_aliquots": (["vol2"], ["after", "abs450"]),
    "weigh_then_dose": ([], ["weight", "left"]),
    "limit_at_run": ([], ["big", "left", "a450"]),
    "dilution_series": (["volume", "sample"], ["left", "a"]),
    "simple": (["volume"], ["left"]),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_inputs_and_outputs_are_found(name):
    face = interface(from_ivoryos(DATABASE[name]))
    assert ([one.name for one in face.inputs], [one.name for one in face.outputs]) == EXPECTED[name]
    assert {one.name: one.annotation for one in face.inputs}.get("volume", "float") == "float"


@pytest.mark.parametrize("name", DATABASE)
def test_a_real_workflow_has_no_errors_on_its_deck(name):
    found = check(from_ivoryos(DATABASE[name], SCHEMA), SCHEMA)
    assert [(one.code, one.message) for one in found if one.severity == "error"] == []


def test_the_tree_is_what_was_drawn():
    workflow = from_ivoryos(DATABASE["dose_and_measure"], SCHEMA)
    dispense, repeat, if_, heat = workflow.script
    assert dispense.arguments == {"volume_ml": AtRun("volume"), "rate_ml_min": Constant(2.0)}
    assert dispense.outputs == ("left",)
    assert (repeat.times, repeat.body[0].outputs) == (Constant(2), ("a450", "a600"))
    assert if_.branches[0].condition == "left < 15"
    assert heat.arguments == {"setpoint": AtRun("temp"), "ramp": Constant(None)}
    assert workflow.prep[0].arguments == {"mode": Constant("HEAT")}
    assert workflow.cleanup == (
        SetProperty(id="u263649780454752", uuid=263649780454752, instrument="reactor", property="temperature", value=Constant(25.0)),
    )


def test_an_embedded_workflow_is_pinned_with_its_steps():
    workflow = from_ivoryos(DATABASE["two_aliquots"])
    first, second = workflow.script
    assert first.version == second.version
    assert first.outputs == {"after": "after", "abs450": "abs450"}
    assert second.arguments == {"aliquot": AtRun("vol2"), "sample": Constant("beta")}
    assert [step.uuid for step in workflow.nested[first.version].script] == [41006569772924, 203483046687167]


def row(instrument, action, statement=None, uuid=1, **more):
    args = {} if statement is None else {"statement": statement}
    return {"instrument": instrument, "action": action, "args": args, "arg_types": {}, "return": "", "uuid": uuid, **more}


def let(value):
    return SetVariable(id="u1", uuid=1, name="x", value=value)


def read(*rows, **more):
    return from_ivoryos({"name": "x", "script_dict": {"script": list(rows), **more}}, SCHEMA)


@pytest.mark.parametrize(
    ("given", "step"),
    [
        (row("variable", "x", 9.0, arg_types={"statement": "float"}), let(Constant(9.0))),
        (row("variable", "x", "y + 1", arg_types={"statement": "float"}), let(Expression("y + 1"))),
        (row("variable", "x", "y", arg_types={"statement": "str"}), let(Constant("y"))),
        (row("math_variable", "x", "#v * 2", arg_types={"statement": "float"}), let(Expression("#v * 2"))),
        (row("math_variable", "x", "#v/2", arg_types={"statement": "int"}), let(Expression("int(#v/2)"))),
        (row("input", "w", "weight?", arg_types={"statement": "float"}), Input(id="u1", uuid=1, message="weight?", name="w", type="float")),
        (row("wait", "wait", "1.5"), Wait(id="u1", uuid=1, seconds=Constant(1.5))),
        (row("wait", "wait", "#t"), Wait(id="u1", uuid=1, seconds=AtRun("t"))),
        (row("pause", "pause", "put it in"), Pause(id="u1", uuid=1, message="put it in")),
        (row("comment", "comment", "sample #1"), Comment(id="u1", uuid=1, text="sample #1")),
        (row("deck.reactor", "temperature"), GetProperty(id="u1", uuid=1, instrument="reactor", property="temperature")),
        (row("blocks.cleaning", "rinse", batch_action=True), CallBlock(id="u1", uuid=1, block="rinse", once_per_batch=True)),
        (row("my_pump", "go", disabled=True), Action(id="u1", uuid=1, instrument="my_pump", method="go", disabled=True)),
        (
            {**row("deck.reactor", "set_mode"), "args": "HEAT", "arg_order": ["mode"]},
            Action(id="u1", uuid=1, instrument="reactor", method="set_mode", arguments={"mode": Constant("HEAT")}),
        ),
        (
            {**row("deck.x", "y"), "args": {"a": "#5", "b": "no #1", "c": "run #n of #m", "d": [1]}},
            Action(
                id="u1",
                uuid=1,
                instrument="x",
                method="y",
                arguments={
                    "a": Constant("#5"),
                    "b": Constant("no #1"),
                    "c": Expression("'run ' + str(#n) + ' of ' + str(#m)"),
                    "d": Constant([1]),
                },
            ),
        ),
    ],
)
def test_each_kind_of_row_is_read(given, step):
    statement_only = {key: value for key, value in given.items() if key != "arg_types" or value}
    assert read({**statement_only, **({"args": {}} if given["args"] == {"statement": None} else {})}).script == (step,)


def test_blocks_pair_by_uuid_and_position():
    workflow = read(
        row("while", "while", "x < 3", 7),
        row("if", "if", "y", 8),
        row("repeat", "repeat", "#n", 9),
        row("repeat", "endrepeat", uuid=9),
        row("if", "else", uuid=8),
        row("comment", "comment", "c", 10),
        row("if", "endif", uuid=8),
        row("while", "endwhile", uuid=7),
    )
    repeat = Repeat(id="u9", uuid=9, times=AtRun("n"))
    inner = If(id="u8", uuid=8, branches=(Branch("y", (repeat,)),), otherwise=(Comment(id="u10", uuid=10, text="c"),))
    assert workflow.script == (While(id="u7", uuid=7, condition="x < 3", body=(inner,)),)


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([row("repeat", "endrepeat", uuid=1), row("repeat", "repeat", 2, 1)], "script, row 1"),
        ([row("repeat", "repeat", 2, 1), row("repeat", "endrepeat", uuid=2)], "script, row 2"),
        ([row("if", "if", "x", 1), row("repeat", "endrepeat", uuid=1)], "script, row 2"),
        ([row("if", "if", "x", 1), *[row("if", "else", uuid=1)] * 2, row("if", "endif", uuid=1)], "script, row 3"),
        ([row("while", "while", "x", 1)], "script, row 1"),
        ([row("repeat", "else", uuid=1)], "script, row 1"),
        (["what"], "script, row 1"),
        ([{"uuid": 3}], "script, row 1"),
        ([row("workflows", "inner", workflow=[row("if", "endif")])], "inner: script, row 1"),
    ],
)
def test_rows_that_make_no_sense_are_named(rows, place):
    with pytest.raises(WorkflowError) as caught:
        read(*rows)
    assert place in [problem.field for problem in caught.value.problems]


@pytest.mark.parametrize("document", [{}, {"name": None, "script_dict": None}, {"script_dict": {"prep": None}}, {"description": None}])
def test_missing_keys_are_tolerated(document):
    assert from_ivoryos(document) == Workflow(name="untitled")


def test_a_name_that_a_step_makes_is_a_variable_and_any_other_a_column():
    workflow = read(
        {**row("deck.pump", "dispense", uuid=1), "args": {"volume_ml": "#left", "rate_ml_min": "#rate"}, "return": "left"},
        prep=[row("variable", "rate", 1.0, 2)],
    )
    assert workflow.script[0].arguments == {"volume_ml": Variable("left"), "rate_ml_min": Variable("rate")}


def test_one_uuid_used_twice_gives_two_ids():
    workflow = read(row("comment", "comment", "a"), row("comment", "comment", "b"), {**row("comment", "comment", "c"), "uuid": None})
    assert [step.id for step in workflow.script] == ["u1", "u1-2", "script-3"]


def test_what_cannot_be_said_is_noted_and_never_runs():
    each = ForEach(
        id="f",
        item="x",
        items=Constant([1, 2]),
        body=(Action(id="a", instrument="pump", method="dispense", arguments={"volume_ml": Variable("x")}),),
    )
    odd = (
        each,
        WaitUntil(id="w", time="06:30"),
        Comment(id="c", text="hello", note="a note"),
        Action(
            id="b",
            instrument="pump",
            method="dispense",
            arguments={"volume_ml": Expression("1 + 1")},
            timeout_s=3.0,
            on_error=OnError("fail"),
        ),
        While(id="l", condition="x < 1", most=7),
    )
    document, notes = to_ivoryos(Workflow(name="odd", script=odd))
    rows = document["script_dict"]["script"]
    assert [one["action"] for one in rows] == ["comment", "dispense", "comment", "comment", "comment", "dispense", "while", "endwhile"]
    assert rows[1]["disabled"] is True
    assert [one["id"] for one in rows] == list(range(1, 9))
    assert step_index(Workflow(name="odd", script=odd)) == {"f": 1, "a": 2, "w": 4, "c": 5, "b": 6, "l": 7}
    assert len(notes) == 7
    for words in ("loop over a list", "no such step", "note", "formula 1 + 1", "time-out", "error", "at most 7"):
        assert any(words in note for note in notes)


def test_an_elif_becomes_an_if_within_the_else():
    if_ = If(id="i", uuid=5, branches=(Branch("a", ()), Branch("b", (Comment(id="c", text="x"),))), otherwise=(Comment(id="d", text="y"),))
    document, notes = to_ivoryos(Workflow(name="w", script=(if_,)))
    assert notes == ()
    (outer,) = from_ivoryos(document).script
    (inner,) = outer.otherwise
    assert (outer.branches[0].condition, inner.branches[0].condition) == ("a", "b")
    assert [step.text for step in (*inner.branches[0].body, *inner.otherwise)] == ["x", "y"]


@given(workflows(depth=2))
@settings(max_examples=50, deadline=None)
def test_any_workflow_is_written_in_rows_that_can_be_read(workflow):
    document, _ = to_ivoryos(workflow)
    json.dumps(document)
    numbers = step_index(workflow)
    flat = {phase: len(rows) for phase, rows in document["script_dict"].items()}
    for visit in walk(workflow):
        assert 1 <= numbers[visit.step.id] <= flat[visit.place.phase]
    from_ivoryos(document)
    assert find(workflow, next(iter(numbers))) if numbers else True

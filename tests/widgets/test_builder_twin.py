"""Are the shapes that a builder gets those of the examples, which the front end's tests read too?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ivoryos_jupyter.widgets.builders import _check, _form, _palette, _patch, _rehearsal, _rows, _table, _waiting

EXAMPLES = {
    name: one for name, (one,) in json.loads((Path(__file__).parents[1] / "protocol/builder.json").read_text(encoding="utf-8")).items()
}
DOCUMENT, FORM, PALETTE, REHEARSAL = EXAMPLES["document"], EXAMPLES["form"], EXAMPLES["palette"], EXAMPLES["rehearsal"]
STATE = {"dirty", "saved", "saved_version", "undo", "redo"}

SHAPES = [
    (_patch.Document, DOCUMENT, STATE),
    (_patch.Change, EXAMPLES["patch"], STATE | {"from", "to"}),
    (_patch.Splice, EXAMPLES["patch"]["lists"][0], ()),
    (_check.CheckJson, EXAMPLES["check"], ()),
    (_check.FindingJson, EXAMPLES["check"]["findings"][0], ()),
    (_check.RepairJson, EXAMPLES["check"]["findings"][0]["repair"], ()),
    (_palette.Palette, PALETTE, ()),
    (_palette.InstrumentLine, PALETTE["instruments"][0], ()),
    (_palette.CallableLine, PALETTE["instruments"][0]["methods"][0], ()),
    (_palette.ParameterLine, PALETTE["instruments"][0]["methods"][0]["parameters"][0], ()),
    (_palette.PropertyLine, PALETTE["instruments"][0]["properties"][0], ()),
    (_palette.BlockLine, PALETTE["blocks"][0], ()),
    (_palette.WorkflowLine, PALETTE["workflows"][0], ()),
    (_form.StepForm, FORM, ()),
    (_form.ValueRow, FORM["values"][0], ()),
    (_form.NameRow, FORM["names"][0], ()),
    (_form.Outputs, FORM["outputs"], ()),
    (_form.LimitPlace, FORM["limits"], ()),
    (_rows.PlainRow, FORM["rows"][0], ()),
    (_table.Column, EXAMPLES["columns"]["columns"][0], ()),
    (_table.TableCheck, EXAMPLES["table_check"], ()),
    (_table.CellProblem, EXAMPLES["table_check"]["cells"][0], ()),
    (_waiting.WaitingJson, EXAMPLES["waiting"], ()),
    (_rehearsal.RehearsalJson, REHEARSAL, ()),
    (_rehearsal.TotalJson, REHEARSAL["totals"][0], ()),
    (_rehearsal.AboutStep, REHEARSAL["problems"][0], ()),
    (_rehearsal.Said, REHEARSAL["assumed"][0], ()),
    (_rehearsal.FaultJson, REHEARSAL["faults"][0], ()),
]


@pytest.mark.parametrize(("shape", "example", "besides"), SHAPES, ids=lambda one: getattr(one, "__name__", ""))
def test_an_example_has_exactly_the_fields_of_its_shape(shape, example, besides):
    assert set(example) == set(shape.__annotations__) | set(besides)


def test_what_is_sent_has_the_shape_of_the_examples(bench):
    step = bench.dispense()
    bench.edit("value", id=step, field="volume_ml", choice="at_run", text="volume")
    opened = bench.ask("open")
    assert set(opened["document"]) == set(DOCUMENT)
    assert set(opened["document"]["head"]) == set(DOCUMENT["head"])
    assert set(opened) == {"document", "run", "waiting"}
    reply = bench.edit("change", id=step, fields={"note": "slowly"})
    assert set(reply["patch"]) <= set(EXAMPLES["patch"])
    assert set(bench.ask("check")) == set(EXAMPLES["check"])
    assert set(bench.ask("palette")) == set(PALETTE)
    assert set(bench.ask("form", step=step)) == set(FORM)
    assert set(bench.ask("columns")) == set(EXAMPLES["columns"])
    assert set(bench.ask("rows", columns=["volume"], rows=[["x"]])) == set(EXAMPLES["table_check"])


def test_the_run_that_is_shown_has_the_shape_of_the_example(bench):
    step = bench.dispense()
    bench.edit("value", id=step, field="volume_ml", choice="value", given={"text": "0.5"})
    submitted = bench.ask("submit", repeat=1)
    assert bench.session.runner.handle(submitted["key"]).wait(30).outcome.value == "completed"
    assert bench.session.relay.flush(30)
    run = bench.ask("run")
    assert set(run) == set(EXAMPLES["run"])
    assert set(run["steps"][step]) == set(EXAMPLES["run"]["steps"]["script-1"])

"""Are the shapes that panels get those of the examples, which the front end's tests read too?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from ivoryos_jupyter import schema
from ivoryos_jupyter.testing import Pump
from ivoryos_jupyter.widgets import _shapes as shapes
from ivoryos_jupyter.widgets._forms import kind_json

EXAMPLES = json.loads((Path(__file__).parents[1] / "protocol/panels.json").read_text(encoding="utf-8"))

PARTS = {
    "InstrumentRow": lambda: [row for one in EXAMPLES["listing"] for row in one["instruments"]],
    "MethodRow": lambda: [one for row in PARTS["InstrumentRow"]() for one in row["methods"]],
    "PropertyRow": lambda: [one for row in PARTS["InstrumentRow"]() for one in row["properties"]],
    "ChildJson": lambda: [one for row in PARTS["InstrumentRow"]() for one in row["children"]],
    "StatusJson": lambda: [row["status"] for row in PARTS["InstrumentRow"]()],
    "LeftOutJson": lambda: [one for listing in EXAMPLES["listing"] for one in listing["left_out"]],
    "PreferencesJson": lambda: [one["preferences"] for one in EXAMPLES["listing"]],
    "LimitJson": lambda: [one["limit"] for one in [*PARTS["PropertyRow"](), *PARTS["FieldJson"]()]],
    "FieldJson": lambda: [one for form in EXAMPLES["form"] for one in form["fields"]],
    "ProblemJson": lambda: [one for check in EXAMPLES["check"] for one in check["problems"]],
    "ShownJson": lambda: [one["result"] for one in EXAMPLES["entry"]],
    "TableJson": lambda: [one["result"]["table"] for one in EXAMPLES["entry"]],
    "ErrorJson": lambda: [one["error"] for one in EXAMPLES["entry"]],
    "ListingJson": lambda: EXAMPLES["listing"],
    "FormJson": lambda: EXAMPLES["form"],
    "CheckJson": lambda: EXAMPLES["check"],
    "EntryJson": lambda: EXAMPLES["entry"],
}


@pytest.mark.parametrize("name", PARTS)
def test_an_example_has_exactly_the_fields_of_its_shape(name):
    found = PARTS[name]()
    assert found
    assert all(set(one) == set(getattr(shapes, name).__annotations__) for one in found)


@pytest.mark.parametrize("name", ["StatusJson", "EntryJson"])
def test_the_examples_are_in_states_that_exist(name):
    states = get_args(get_type_hints(getattr(shapes, name))["state"])
    assert {one["state"] for one in PARTS[name]()} <= set(states)


VOLUME = schema.Parameter("volume", schema.Number(0, 5), unit="mL")
KINDS = [
    schema.Boolean(),
    schema.Integer(0, 9),
    schema.Number(0, 5),
    schema.Text(),
    schema.Nothing(),
    schema.EnumChoice("drivers:Speed", (schema.EnumMember("SLOW", "1"),)),
    schema.LiteralChoice((1, "fast", None, True)),
    schema.ListOf(schema.Text()),
    schema.TupleOf((schema.Integer(), schema.Text())),
    schema.DictOf(schema.Text(), schema.Number()),
    schema.Record("drivers:Settings", (VOLUME,)),
    schema.Temporal("timedelta"),
    schema.Special("path"),
    schema.Live("drivers:Well"),
    schema.OneOf((schema.Integer(), schema.Text())),
    schema.Nullable(schema.Number()),
    schema.Anything("its class is not known"),
]


def test_every_kind_of_value_is_sent_as_its_example():
    assert {one.tag for one in KINDS} == {one.tag for one in schema.Kind.__subclasses__()}
    assert [kind_json(one, lambda _: ['plate["A1"]']) for one in KINDS] == EXAMPLES["kind"]


def test_what_is_sent_has_the_shape_of_the_examples(new_session, desk_of):
    with new_session(pump=Pump(time_scale=0)) as session:
        desk = desk_of(session)
        listing = desk.ask("control.list", focus="")
        assert set(listing) == set(EXAMPLES["listing"][0])
        assert set(listing["instruments"][0]) == set(PARTS["InstrumentRow"]()[0])
        form = desk.ask("control.form", target="pump", member="dispense", operation="call")
        assert set(form) == set(EXAMPLES["form"][0])
        assert set(form["fields"][0]) == set(PARTS["FieldJson"]()[0])
        check = desk.ask("control.check", target="pump", member="dispense", operation="call", given={"volume_ml": {"text": "x"}})
        assert set(check) == set(EXAMPLES["check"][0])
        assert set(desk.call("pump", "dispense", {"volume_ml": {"text": "0.5"}})) == set(EXAMPLES["entry"][0])

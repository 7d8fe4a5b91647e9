"""The whole table of conversion, on the panel's routes: a method's form, and the setting of a property."""

from __future__ import annotations

import pytest

from ivoryos_jupyter.schema import LiveReference, Nullable, Text
from ivoryos_jupyter.testing._conversion_table import CONVERSION_TABLE, same
from ivoryos_jupyter.testing._conversion_types import NOTHING, Rack, Stage, taker_of


def typed(kind, row):
    """What the field of this kind sends for the text; None is a button of its own."""
    bare = kind.kind if isinstance(kind, Nullable) else kind
    if row.text == "" and row.expected is None and not row.error:
        return {"value": None}
    return {"value": row.text} if isinstance(bare, Text) else {"text": row.text}


@pytest.fixture
def bench(new_session, desk_of):
    with new_session(plate=Rack(), tips=Rack(), stage=Stage()) as session:
        for name in ("plate", "tips", "stage"):
            session.deck.include(name)
        yield desk_of(session)


def put(bench, route, row):
    """Fill the form in and press its button; return what was received and what the form said."""
    taker = bench.session.names["taker"] = taker_of(row.annotation)
    bench.session.refresh()
    member, operation = ("take", "call") if route == "form" else ("level", "set")
    instrument = bench.session.deck.instrument("taker")
    kind = instrument.method("take").parameter("value").kind if operation == "call" else instrument.property("level").value.kind
    given = {"value": typed(kind, row)}
    check = bench.ask("control.check", target="taker", member=member, operation=operation, given=given)
    reply = bench.call("taker", member, given, operation)
    return taker.received, check, reply


def followed(session, expected):
    if isinstance(expected, list):
        return [followed(session, item) for item in expected]
    return session.deck.resolve(expected.text) if isinstance(expected, LiveReference) else expected


@pytest.mark.parametrize("route", ["form", "property"])
def test_the_conversion_table_holds(bench, route):
    wrong = []
    for row in CONVERSION_TABLE:
        received, check, reply = put(bench, route, row)
        if row.error:
            said = " ".join(f"{problem['field']}: {problem['message']}" for problem in check["problems"])
            right = received is NOTHING and row.error in said and "problems" in reply
        else:
            right = received is not NOTHING and same(received, followed(bench.session, row.expected))
        if not right:
            wrong.append((row.name, received, check, reply))
    assert not wrong, wrong[:8]

from __future__ import annotations

from dataclasses import replace

import pytest

from ivoryos_jupyter.errors import ConversionError
from ivoryos_jupyter.schema import (
    Block,
    Child,
    Connection,
    DeckSchema,
    Default,
    Instrument,
    LeftOut,
    LiveReference,
    Method,
    Number,
    Parameter,
    Property,
    Returns,
    TupleOf,
    deck_from_json,
    fingerprint,
    kind_from_json,
    part_from_json,
    plain_from_json,
    to_json,
)

METHOD = Method(
    "dispense",
    (Parameter("volume", Number(0, 5), default=Default("x", [LiveReference("a.b"), float("inf")], known=True)),),
    Returns(TupleOf((Number(), Number())), (Number(), Number())),
    "Dispense.",
    "Doc",
    coroutine=True,
    variants=((), (Parameter("y", Number()),)),
)
PUMP = Instrument(
    "pump",
    "lab:Pump",
    "A pump.",
    methods=(METHOD,),
    properties=(Property("rate", Parameter("value", Number()), settable=True),),
    children=(Child(".x", "lab:Axis"),),
    connection=Connection(connect="connect"),
    left_out=(LeftOut("y", "private"),),
    adapter="qcodes",
)
DECK = DeckSchema("bench", (PUMP,), (Block("mix", "liquids", METHOD),), (LeftOut("z", "a module"),))


def refused(call, *arguments):
    with pytest.raises(ConversionError) as caught:
        call(*arguments)
    return str(caught.value)


def test_a_whole_deck_survives():
    assert deck_from_json(to_json(DECK)) == DECK
    assert part_from_json(Instrument, to_json(PUMP)) == PUMP


def test_a_broken_file_names_the_place():
    data = to_json(DECK)
    assert "format" in refused(deck_from_json, {"name": "x"})
    assert "list" in refused(deck_from_json, [])
    data["instruments"][0]["methods"][0]["parameters"][0]["kind"]["tag"] = "numbr"
    assert "instruments[0].methods[0].parameters[0].kind: the kind 'numbr' is not known; did you mean number?" in refused(
        deck_from_json, data
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"methods": 5}, "methods: a list is expected"),
        ({"name": 5}, "name: str is expected"),
        ({"colour": 1}, "'colour' is not known"),
        ({"connection": []}, "connection: an object is expected"),
    ],
)
def test_a_part_of_the_wrong_form_is_named(change, words):
    assert words in refused(part_from_json, Instrument, to_json(PUMP) | change)


def test_a_missing_key_and_an_unknown_mark_are_named():
    assert "'name' is missing" in refused(part_from_json, Parameter, {})
    assert "'$odd' is not known" in refused(plain_from_json, {"$odd": 1})
    assert "no value of JSON" in refused(plain_from_json, object())
    assert "'tag'" in refused(kind_from_json, "number")
    assert "minimum" in refused(kind_from_json, {"tag": "number", "minimum": "0"})


def test_the_fingerprint_follows_what_can_be_called_and_nothing_else():
    talkative = replace(PUMP, summary="Other words.", left_out=(), methods=(replace(METHOD, doc="Other"),))
    assert fingerprint(replace(DECK, instruments=(talkative,))) == fingerprint(DECK)
    two = replace(DECK, instruments=(PUMP, replace(PUMP, name="other")))
    assert fingerprint(two) == fingerprint(replace(two, instruments=two.instruments[::-1]))
    renamed = replace(PUMP, methods=(replace(METHOD, name="dose"),))
    assert fingerprint(replace(DECK, instruments=(renamed,))) != fingerprint(DECK)

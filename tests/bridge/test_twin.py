"""Are the messages this kernel sends of the shapes that the examples show, which the front end's tests read too?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ivoryos_jupyter import bridge
from ivoryos_jupyter.desk import Failure, ProblemRow, Refused, Request, Settled
from ivoryos_jupyter.runner import RunChanged
from ivoryos_jupyter.wire import PageEvent, QuestionJson, RunJson, StepJson

EXAMPLES = json.loads((Path(__file__).parents[1] / "protocol/bridge.json").read_text(encoding="utf-8"))


def fields(shape):
    return set(shape.__annotations__)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("run", RunJson),
        ("standing", bridge.Standing),
        ("greeting", bridge.Greeting),
        ("request", Request),
        ("control_request", bridge.ControlRequest),
        ("acknowledgement", bridge.Acknowledgement),
    ],
)
def test_an_example_has_exactly_the_fields_of_its_shape(name, shape):
    assert EXAMPLES[name]
    assert all(set(example) == fields(shape) for example in EXAMPLES[name])


def test_the_parts_of_the_examples_have_exactly_the_fields_of_theirs():
    runs = EXAMPLES["run"]
    assert {frozenset(run["step"]) for run in runs if run["step"]} == {frozenset(fields(StepJson))}
    assert {frozenset(run["question"]) for run in runs if run["question"]} == {frozenset(fields(QuestionJson))}
    for reply in EXAMPLES["reply"]:
        assert set(reply) == fields(Settled if reply["ok"] else Refused)
        assert reply["ok"] or set(reply["error"]) == fields(Failure)
        assert reply["ok"] or all(set(row) == fields(ProblemRow) for row in reply["error"]["problems"])


def shape_of(value):
    """The fields of a message, and of what is inside it."""
    if isinstance(value, dict):
        return {name: shape_of(inner) for name, inner in value.items()}
    return type(value).__name__


def test_what_is_sent_has_the_shape_of_the_examples(session, kernel, comms, make_status):
    session.runner.statuses["k1"] = make_status("k1")
    assert bridge.install(session, kernel)
    assert set(comms[0].opened_with) == set(EXAMPLES["greeting"][0])
    acknowledgement = kernel.control(EXAMPLES["control_request"][0])
    assert acknowledgement["reply"]["result"]["run"]["key"] == "k1"
    assert set(shape_of(acknowledgement["greeting"]["standing"]["run"])) == set(EXAMPLES["run"][0])
    session.relay.publish(RunChanged(make_status("k1")))
    told = comms[0].next()
    assert set(told) == set(EXAMPLES["message"][1])
    assert set(told["standing"]) == set(EXAMPLES["standing"][0])
    bridge.uninstall()
    assert comms[0].next() == EXAMPLES["message"][2]


def test_what_one_view_is_told_has_the_shape_of_the_example(session, kernel, comms):
    assert bridge.install(session, kernel)
    example = EXAMPLES["message"][3]
    session.relay.publish(PageEvent(example["view"], example["name"], example["data"]))
    assert comms[0].next() == example
    bridge.uninstall()

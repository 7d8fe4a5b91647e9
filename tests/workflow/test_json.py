"""Workflow JSON v1: what is written is read back; what is wrong is named."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings

from ivoryos_jupyter.errors import WorkflowError
from ivoryos_jupyter.schema import LiveReference
from ivoryos_jupyter.testing._strategies import steps, workflows
from ivoryos_jupyter.workflow import (
    FORMAT,
    Action,
    AtRun,
    Branch,
    CallWorkflow,
    Comment,
    Constant,
    If,
    OnError,
    Repeat,
    Wait,
    Workflow,
    content_hash,
    from_data,
    from_json,
    pin,
    step_from_data,
    step_to_data,
    to_data,
    to_json,
)
from ivoryos_jupyter.workflow._codec import CODECS, STEP_TYPES

SMALL = Workflow(
    name="dose",
    script=(
        Action(id="a", instrument="pump", method="dispense", arguments={"volume_ml": AtRun("volume")}, outputs=("left",)),
        If(id="b", branches=(Branch("left < 15", (Comment(id="c", text="low"),)),)),
    ),
)


def problems_of(data):
    with pytest.raises(WorkflowError) as caught:
        from_data(data)
    return {problem.field: problem.message for problem in caught.value.problems}


def changed(**changes):
    return {**to_data(SMALL), **changes}


@given(workflows(depth=2))
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_back_equal(workflow):
    text = to_json(workflow)
    assert from_json(text) == workflow
    assert to_json(from_json(text)) == text


@given(steps)
@settings(max_examples=100, deadline=None)
def test_a_single_step_is_read_back_equal(step):
    assert step_from_data(json.loads(json.dumps(step_to_data(step)))) == step


@given(workflows(depth=2))
@settings(max_examples=50, deadline=None)
def test_the_hash_survives_a_round_trip(workflow):
    assert content_hash(from_json(to_json(workflow, indent=1))) == content_hash(workflow)


def test_every_field_of_every_step_has_a_codec():
    for cls in STEP_TYPES.values():
        for one in fields(cls):
            assert str(one.type) in CODECS


def test_defaults_are_not_written():
    assert to_data(Workflow(name="x")) == {"format": FORMAT, "name": "x"}


def test_the_hash_ignores_author_status_and_foreign_uuid_but_not_content():
    same = replace(SMALL, author="Ada", finalized=True, registered=True, uuid="1")
    assert content_hash(same) == content_hash(SMALL)
    assert content_hash(replace(SMALL, description="x")) != content_hash(SMALL)
    assert content_hash(replace(SMALL, script=SMALL.script[:1])) != content_hash(SMALL)


def test_the_hash_of_a_caller_changes_with_its_callee():
    def caller(callee):
        step = CallWorkflow(id="n", workflow="dose", version=content_hash(callee))
        return pin(Workflow(name="outer", script=(step,)), callee)

    assert content_hash(caller(SMALL)) != content_hash(caller(replace(SMALL, description="x")))


def test_the_hash_is_the_same_in_every_release():
    assert content_hash(SMALL) == "53ce5fb70872b8c52b9c079d50338cd35780b115f622070e96a1be3f50479377"


def test_a_nested_version_is_written_once_and_linked_where_it_is_called():
    inner = replace(SMALL, name="inner")
    middle = pin(Workflow(name="middle", script=(CallWorkflow(id="m", workflow="inner", version=content_hash(inner)),)), inner)
    calls = tuple(CallWorkflow(id=f"o{n}", workflow=one.name, version=content_hash(one)) for n, one in enumerate((middle, inner, middle)))
    outer = pin(Workflow(name="outer", script=calls), middle, inner)
    data = to_data(outer)
    assert sorted(data["nested"]) == sorted({content_hash(inner), content_hash(middle)})
    assert all("nested" not in one for one in data["nested"].values())
    assert from_data(data) == outer


def test_a_pinned_version_that_nobody_calls_any_more_is_left_out():
    assert "nested" not in to_data(pin(SMALL, replace(SMALL, name="other")))


def test_all_problems_are_named_at_once_with_their_places():
    found = problems_of(
        {
            "format": FORMAT,
            "nmae": "x",
            "deck": 3,
            "prep": {},
            "script": [
                {"step": "actoin", "id": "1"},
                {"step": "action", "id": "2", "instrument": "pump", "method": "dispense", "arguments": {"volume_ml": 3}},
                {"step": "repeat", "id": "3", "times": {"value": 2}, "body": [{"step": "wait", "id": "4", "secnds": {"value": 1}}]},
            ],
        }
    )
    assert set(found) == {
        "nmae",
        "name",
        "deck",
        "prep",
        "script[0].step",
        "script[1].arguments.volume_ml",
        "script[2].body[0].secnds",
        "script[2].body[0].seconds",
    }
    assert "did you mean 'name'" in found["nmae"]
    assert "did you mean 'action'" in found["script[0].step"]
    assert "did you mean 'seconds'" in found["script[2].body[0].secnds"]


@pytest.mark.parametrize(
    ("change", "place", "word"),
    [
        ({"name": None}, "name", "text"),
        ({"name": ["x"]}, "name", "list"),
        ({"finalized": 1}, "finalized", "true or false"),
        ({"uuid": 3}, "uuid", "text"),
        ({"parameters": {"v": 1}}, "parameters.v", "text"),
        ({"nested": []}, "nested", "object"),
        ({"nested": {"abc": 1}}, "nested.abc", "workflow"),
        ({"nested": {"abc": {"name": "x"}}}, "nested.abc", "hash"),
        ({"script": [3]}, "script[0].step", "one of"),
        ({"script": [{"step": []}]}, "script[0].step", "one of"),
        ({"script": [{"step": "comment", "id": "a", "text": "x"}] * 2}, "script", "two steps"),
        ({"script": [{"step": "comment", "id": "", "text": "x"}]}, "script", "empty id"),
        ({"script": [{"step": "comment", "id": "a", "text": "x", "timeout_s": True}]}, "script[0].timeout_s", "number"),
        ({"script": [{"step": "comment", "id": "a", "text": "x", "uuid": 1.5}]}, "script[0].uuid", "whole"),
        ({"script": [{"step": "comment", "id": "a", "text": "x", "on_error": {"action": "retyr"}}]}, "script[0].on_error.action", "retry"),
        ({"script": [{"step": "comment", "id": "a", "text": "x", "on_error": 1}]}, "script[0].on_error", "object"),
        ({"script": [{"step": "wait", "id": "a", "seconds": {"at_run": 1}}]}, "script[0].seconds.at_run", "text"),
        ({"script": [{"step": "wait", "id": "a", "seconds": {"value": {"$live": 1}}}]}, "script[0].seconds", "$live"),
        ({"script": [{"step": "wait", "id": "a", "seconds": {"value": 1, "at_run": "x"}}]}, "script[0].seconds", "exactly one"),
        ({"script": [{"step": "if", "id": "a", "branches": [{"body": []}]}]}, "script[0].branches[0].condition", "missing"),
        ({"script": [{"step": "if", "id": "a", "branches": [1]}]}, "script[0].branches[0]", "object"),
    ],
)
def test_bad_data_is_refused_at_its_place(change, place, word):
    found = problems_of(changed(**change))
    assert word in found[place]


def test_a_newer_format_is_refused_politely():
    assert "update" in problems_of(changed(format="ivoryos-workflow/2"))["format"]


@pytest.mark.parametrize("wrong", [None, 1, "ivoryos-safety/1", "ivoryos-workflow/x"])
def test_another_format_is_refused_and_the_right_way_named(wrong):
    assert "from_ivoryos" in problems_of(changed(format=wrong))["format"]


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"a": NaN}', '{"name": 1, "name": 2}', "3", "null", '"x"'])
def test_what_is_no_workflow_is_refused(text):
    with pytest.raises(WorkflowError):
        from_json(text)


def test_steps_too_deep_in_each_other_are_refused():
    step = {"step": "comment", "id": "end", "text": ""}
    for depth in range(100):
        step = {"step": "repeat", "id": str(depth), "times": {"value": 1}, "body": [step]}
    with pytest.raises(WorkflowError, match="deep"):
        from_data(changed(script=[step]))


def test_values_that_json_lacks_are_kept():
    odd = {"a": float("inf"), "$live": "not a reference", "b": [LiveReference('plate["A1"]'), "\ud800", 10**40, -0.0]}
    workflow = Workflow(name="odd", script=(Wait(id="w", seconds=Constant(odd)),))
    assert from_json(to_json(workflow)) == workflow
    to_json(workflow).encode()


def test_a_policy_is_kept():
    step = Repeat(id="r", times=Constant(2), body=(Comment(id="c", text="", on_error=OnError("retry", 2, 0.5)),))
    assert step_from_data(step_to_data(step)) == step
    assert step_to_data(step)["body"][0]["on_error"] == {"action": "retry", "retries": 2, "delay_s": 0.5}


def test_a_bad_step_is_refused():
    with pytest.raises(WorkflowError, match="text"):
        step_from_data({"step": "comment", "id": "x"})

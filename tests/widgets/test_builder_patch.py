"""Does a patch carry one workflow into another, and does its size follow the edit?"""

import json
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ivoryos_jupyter.widgets.builders._history import DEPTH, History
from ivoryos_jupyter.widgets.builders._patch import applied, difference, document
from ivoryos_jupyter.workflow import (
    Action,
    Branch,
    Comment,
    Constant,
    If,
    Place,
    Repeat,
    Step,
    While,
    Workflow,
    change_step,
    insert,
    move,
    remove,
    set_condition,
    walk,
)

names = st.sampled_from(["a", "b", "c"])


def _step(number: list[int], choice: object) -> Step:
    number[0] += 1
    identity = f"s{number[0]}"
    match choice:
        case str(text):
            return Comment(id=identity, text=text)
        case ("repeat", body):
            return Repeat(id=identity, times=Constant(2), body=tuple(_step(number, one) for one in body))
        case ("while", body):
            return While(id=identity, condition="x < 1", body=tuple(_step(number, one) for one in body))
        case (first, second):
            branches = tuple(Branch(f"c{at}", tuple(_step(number, one) for one in body)) for at, body in enumerate(first))
            return If(id=identity, branches=branches, otherwise=tuple(_step(number, one) for one in second))
    raise AssertionError(choice)


shapes = st.recursive(
    names,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["repeat", "while"]), st.lists(inner, max_size=3)),
        st.tuples(st.lists(st.lists(inner, max_size=2), min_size=1, max_size=3), st.lists(inner, max_size=2)),
    ),
    max_leaves=12,
)


@st.composite
def workflows(draw):
    number = [0]
    phases = {name: tuple(_step(number, one) for one in draw(st.lists(shapes, max_size=3))) for name in ("prep", "script", "cleanup")}
    return Workflow(name=draw(names), description=draw(names), **phases)


@given(workflows(), workflows())
def test_a_change_leads_from_any_workflow_to_any_other(old, new):
    assert applied(old, difference(old, new)) == new


@given(workflows(), workflows())
def test_a_change_survives_json(old, new):
    assert applied(old, json.loads(json.dumps(difference(old, new)))) == new


@given(workflows())
def test_nothing_travels_when_nothing_changed(workflow):
    assert difference(workflow, replace(workflow)) == {}


@given(st.lists(workflows(), min_size=1, max_size=5))
def test_undo_returns_through_every_state_and_redo_comes_back(states):
    states = [states[0], *(new for old, new in pairwise(states) if new != old)]
    history = History(states[0])
    for state in states[1:]:
        history.record("edit", state)
    for state in reversed(states[:-1]):
        history.undo()
        assert history.present == state
    for state in states[1:]:
        history.redo()
        assert history.present == state


@given(st.lists(workflows(), min_size=2, max_size=5), st.integers(0, 3))
def test_undo_and_redo_survive_being_written_into_a_draft(states, undone):
    history = History(states[0])
    for state in states[1:]:
        history.record("edit", state)
    for _ in range(min(undone, len(states) - 1)):
        history.undo()
    again = History.from_data(history.present, json.loads(json.dumps(history.to_data())))
    while history.redo_label:
        assert history.redo() == again.redo()
    assert again.present == states[-1]
    while history.undo_label:
        history.undo()
        again.undo()
    assert again.present == history.present == states[0]


def test_an_edit_that_changes_nothing_is_no_edit():
    history = History(Workflow(name="w"))
    assert history.record("Describe", Workflow(name="w")) == {}
    assert history.undo_label == ""


def test_a_hundred_edits_can_be_undone_and_the_hundred_and_first_is_forgotten():
    history = History(Workflow(name="w", description="0"))
    for number in range(1, DEPTH + 2):
        history.record("Describe", Workflow(name="w", description=str(number)))
    for _ in range(DEPTH):
        assert history.undo()
    assert history.present.description == "1"
    assert history.undo() == {}


def test_typing_in_one_field_is_undone_at_once():
    history = History(Workflow(name="w"), clock=lambda: 0.0)
    for text in ("d", "do", "dose"):
        history.record("Describe", Workflow(name="w", description=text), merge="description")
    history.undo()
    assert history.present.description == ""


def test_typing_again_after_a_while_is_undone_separately():
    now = [0.0]
    history = History(Workflow(name="w"), clock=lambda: now[0])
    history.record("Describe", Workflow(name="w", description="a"), merge="description")
    now[0] = 10.0
    history.record("Describe", Workflow(name="w", description="ab"), merge="description")
    history.undo()
    assert history.present.description == "a"


def _thousand():
    steps = tuple(Action(id=f"s{at}", instrument="pump", method="dispense", arguments={"volume_ml": Constant(1.5)}) for at in range(1000))
    return Workflow(name="long", script=(Repeat(id="loop", times=Constant(3), body=steps),))


def test_the_bytes_of_an_edit_follow_the_edit_and_not_the_workflow():
    workflow = _thousand()
    edits = [
        insert(workflow, Place("script", "loop", "body", 500), Comment(id="new", text="here")),
        remove(workflow, "s400"),
        change_step(workflow, "s7", note="careful"),
        move(workflow, Place("script", "loop", "body", 10), "s12"),
        set_condition(insert(workflow, Place("script"), If(id="if", branches=(Branch(""),))), "if", 0, "x > 1"),
    ]
    for edited in edits:
        assert len(json.dumps(difference(workflow, edited))) < 400
        assert applied(workflow, difference(workflow, edited)) == edited


def test_the_document_for_a_view_holds_every_step_once():
    made = document(_thousand(), 4)
    assert made["version"] == 4
    assert made["phases"] == {"prep": [], "script": ["loop"], "cleanup": []}
    assert len(made["steps"]) == 1001
    assert made["steps"]["loop"]["slots"]["body"][999] == "s999"
    assert {visit.step.id for visit in walk(_thousand())} == set(made["steps"])

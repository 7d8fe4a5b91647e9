"""Editing: pure functions, and every edit can be taken back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivoryos_jupyter.errors import UnknownNameError, WorkflowError
from ivoryos_jupyter.testing._strategies import simple_steps, workflows
from ivoryos_jupyter.workflow import (
    PHASES,
    Branch,
    Comment,
    Constant,
    ForEach,
    If,
    Place,
    Repeat,
    Workflow,
    add_branch,
    change_step,
    duplicate,
    find,
    insert,
    move,
    phase_of,
    remove,
    remove_branch,
    renewed,
    replace_step,
    set_condition,
    set_disabled,
    slots,
    step_index,
    visit_of,
    walk,
    with_slot,
)


def note(name):
    return Comment(id=name, text=name)


def repeat(name, *body):
    return Repeat(id=name, times=Constant(2), body=body)


TREE = Workflow(
    name="tree",
    prep=(note("p"),),
    script=(
        note("a"),
        repeat("r", note("r1"), note("r2")),
        If(id="i", branches=(Branch("x", (note("i1"),)), Branch("y", (note("i2"),))), otherwise=(note("e1"),)),
        note("z"),
    ),
)


def ids(workflow):
    return [visit.step.id for visit in walk(workflow)]


def places(workflow):
    """Every drop point there is."""
    found = [Place(phase, index=index) for phase in PHASES for index in range(len(phase_of(workflow, phase)) + 1)]
    for visit in walk(workflow):
        for slot, inner in slots(visit.step).items():
            found += [Place(visit.place.phase, visit.step.id, slot, index) for index in range(len(inner) + 1)]
    return found


@given(workflows(), simple_steps, st.data())
@settings(max_examples=100, deadline=None)
def test_removing_what_was_inserted_gives_the_workflow_back(workflow, step, data):
    place = data.draw(st.sampled_from(places(workflow)))
    inserted = insert(workflow, place, step)
    assert visit_of(inserted, step.id).place == place
    assert remove(inserted, step.id) == workflow


@given(workflows(), st.data())
@settings(max_examples=100, deadline=None)
def test_moving_back_gives_the_workflow_back(workflow, data):
    if not ids(workflow):
        return
    step_id = data.draw(st.sampled_from(ids(workflow)))
    before = visit_of(workflow, step_id).place
    place = data.draw(st.sampled_from(places(workflow)))
    try:
        moved = move(workflow, place, step_id)
    except WorkflowError:
        return  # into itself
    assert sorted(ids(moved)) == sorted(ids(workflow))
    after = visit_of(moved, step_id).place
    same_slot = (after.phase, after.parent, after.slot) == (before.phase, before.parent, before.slot)
    back = Place(before.phase, before.parent, before.slot, before.index + (1 if same_slot and before.index > after.index else 0))
    assert move(moved, back, step_id) == workflow


@given(workflows(), st.data())
@settings(max_examples=60, deadline=None)
def test_removing_the_duplicate_gives_the_workflow_back(workflow, data):
    if not ids(workflow):
        return
    step_id = data.draw(st.sampled_from(ids(workflow)))
    doubled, made = duplicate(workflow, step_id)
    assert len(set(ids(doubled))) == len(ids(doubled))
    assert remove(doubled, *made) == workflow


@given(workflows(), st.data())
@settings(max_examples=60, deadline=None)
def test_replacing_a_step_by_itself_changes_nothing(workflow, data):
    if ids(workflow):
        step = find(workflow, data.draw(st.sampled_from(ids(workflow))))
        assert replace_step(workflow, step) == workflow


def test_an_edit_shares_what_did_not_change():
    edited = change_step(TREE, "r2", note="warm")
    assert edited.prep is TREE.prep
    assert edited.script[0] is TREE.script[0]
    assert edited.script[2] is TREE.script[2]
    assert find(edited, "r1") is find(TREE, "r1")
    assert find(TREE, "r2").note == ""


def test_walking_meets_each_step_before_what_lies_in_it():
    assert ids(TREE) == ["p", "a", "r", "r1", "r2", "i", "i1", "i2", "e1", "z"]
    assert [visit.depth for visit in walk(TREE, "script")] == [0, 0, 1, 1, 0, 1, 1, 1, 0]
    assert visit_of(TREE, "i2").place == Place("script", "i", "branch:1", 0)
    assert visit_of(TREE, "e1").place == Place("script", "i", "else", 0)


def test_an_insert_beyond_the_end_lands_at_the_end():
    assert [step.id for step in insert(TREE, Place("prep", index=99), note("n")).prep] == ["p", "n"]


@pytest.mark.parametrize(
    ("place", "moved", "order"),
    [
        (Place("script", index=0), ["z"], ["z", "a", "r", "i"]),
        (Place("script", index=4), ["a"], ["r", "i", "z", "a"]),
        (Place("script", index=2), ["a"], ["r", "a", "i", "z"]),
        (Place("script", index=1), ["a"], ["a", "r", "i", "z"]),
        (Place("script", index=2), ["z", "a"], ["r", "a", "z", "i"]),
        (Place("script", index=1), ["r2", "r"], ["a", "r", "i", "z"]),
        (Place("script", index=1), ["r2", "i1"], ["a", "r2", "i1", "r", "i", "z"]),
    ],
)
def test_a_move_counts_the_place_as_it_is_seen(place, moved, order):
    assert [step.id for step in move(TREE, place, *moved).script] == order


def test_a_step_moves_into_and_out_of_blocks():
    into = move(TREE, Place("script", "i", "branch:1", 1), "a", "r1")
    assert [step.id for step in find(into, "i").branches[1].body] == ["i2", "a", "r1"]
    out = move(into, Place("cleanup"), "i2")
    assert [step.id for step in out.cleanup] == ["i2"]


def test_a_step_cannot_be_moved_into_itself():
    with pytest.raises(WorkflowError, match="into itself"):
        move(TREE, Place("script", "r", "body", 0), "r")


def test_removing_a_block_removes_what_lies_in_it():
    assert ids(remove(TREE, "i1", "i", "r", "r2")) == ["p", "a", "z"]


@pytest.mark.parametrize(
    "edit",
    [
        lambda: find(TREE, "nope"),
        lambda: remove(TREE, "nope", "a"),
        lambda: move(TREE, Place("prep"), "nope"),
        lambda: insert(TREE, Place("prep", "nope", "body"), note("n")),
        lambda: duplicate(TREE, "nope"),
        lambda: set_disabled(TREE, ["nope"], disabled=True),
        lambda: replace_step(TREE, note("nope")),
    ],
)
def test_an_unknown_step_is_named(edit):
    with pytest.raises(UnknownNameError, match="nope"):
        edit()


@pytest.mark.parametrize(
    ("edit", "word"),
    [
        (lambda: insert(TREE, Place("middle"), note("n")), "phase"),
        (lambda: insert(TREE, Place("script", "a", "body"), note("n")), "no slot"),
        (lambda: insert(TREE, Place("script", "i", "branch:7"), note("n")), "branch:0"),
        (lambda: insert(TREE, Place("script"), note("a")), "renewed"),
        (lambda: insert(TREE, Place("script"), repeat("n", note("n"))), "renewed"),
        (lambda: replace_step(TREE, repeat("a", note("z"))), "same id"),
        (lambda: change_step(TREE, "a", txet="x"), "text"),
        (lambda: change_step(TREE, "a", id="x"), "field"),
        (lambda: add_branch(TREE, "a", "x"), "no conditions"),
        (lambda: set_condition(TREE, "i", 5, "x"), "no branch 5"),
        (lambda: remove_branch(remove_branch(TREE, "i", 1), "i", 0), "whole step"),
        (lambda: with_slot(note("x"), "body", ()), "none"),
    ],
)
def test_an_impossible_edit_is_refused(edit, word):
    with pytest.raises(WorkflowError, match=word):
        edit()


def test_branches_are_added_changed_and_removed():
    more = add_branch(TREE, "i", "late")
    assert [branch.condition for branch in find(more, "i").branches] == ["x", "y", "late"]
    assert [branch.condition for branch in find(add_branch(TREE, "i", "first", 0), "i").branches] == ["first", "x", "y"]
    assert find(set_condition(TREE, "i", 1, "q"), "i").branches[1] == Branch("q", find(TREE, "i").branches[1].body)
    assert remove_branch(more, "i", 2) == TREE


def test_disabling_and_enabling_again_changes_nothing():
    off = set_disabled(TREE, ["r", "z"], disabled=True)
    assert [visit.step.id for visit in walk(off) if visit.step.disabled] == ["r", "z"]
    assert set_disabled(off, ["r", "z"], disabled=False) == TREE


def test_a_copy_has_new_ids_throughout():
    copy = renewed(find(TREE, "i"))
    whole = Workflow(name="both", script=(find(TREE, "i"), copy))
    assert len(set(ids(whole))) == 2 * 4


def test_steps_are_numbered_as_rows_with_markers():
    # p | a, repeat, r1, r2, endrepeat, if, i1, else, if, i2, else, e1, endif, endif, z
    assert step_index(TREE) == {"p": 1, "a": 1, "r": 2, "r1": 3, "r2": 4, "i": 6, "i1": 7, "i2": 10, "e1": 12, "z": 15}
    each = Workflow(name="x", script=(ForEach(id="f", item="x", items=Constant([]), body=(note("b"),)), note("c")))
    assert step_index(each) == {"f": 1, "b": 2, "c": 4}

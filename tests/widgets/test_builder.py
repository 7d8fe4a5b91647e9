"""Does the kernel own the workflow that is edited, and answer every edit of every view?"""

from __future__ import annotations

import json
import threading

import pytest

from ivoryos_jupyter import magics
from ivoryos_jupyter.notebook import WorkflowHandle
from ivoryos_jupyter.session import replace_session
from ivoryos_jupyter.workflow import Action, AtRun, Comment, Constant, If, Repeat, Variable, Workflow, walk

TOP = {"phase": "script", "parent": None, "slot": "", "index": 0}


def _only(bench):
    (visit,) = walk(bench.workflow)
    return visit.step


def test_a_dropped_method_becomes_a_step_and_is_selected(bench):
    step = bench.dispense()
    assert _only(bench) == Action(id=step, instrument="pump", method="dispense")


FLOW = ["if", "while", "repeat", "for_each", "wait", "wait_until", "wait_for", "comment", "pause", "input", "variable"]


@pytest.mark.parametrize("kind", FLOW)
def test_every_kind_of_control_flow_can_be_dropped(bench, kind):
    step = bench.add({"step": kind})
    assert bench.ask("form", step=step)["step"] == step
    assert _only(bench).tag == kind


def test_a_builder_says_when_the_notebook_has_another_workflow_of_that_name(bench, capsys):
    mine = WorkflowHandle(bench.session, "dose")
    mine.script.call("pump.refill")
    mine.save()
    bench.session.surroundings.names()["dose"] = mine
    before = replace_session(bench.session)
    try:
        magics.builder("dose")
        assert capsys.readouterr().out == ""
        mine.script.wait(5)
        magics.builder("dose")
        assert "dose.edit() shows it, dose.save() keeps it" in capsys.readouterr().out
    finally:
        replace_session(before)


def test_an_edit_for_another_version_is_refused_and_changes_nothing(bench):
    step = bench.dispense()
    reply = bench.ask("edit", intent="remove", seen=0, ids=[step])
    assert reply == {"stale": 1}
    assert _only(bench).id == step


def test_two_views_of_one_workflow_hear_the_same_patches(bench):
    heard = [[], []]
    stops = [bench.builders._open[bench.key].listen(one.append) for one in heard]
    step = bench.dispense()
    bench.edit("change", id=step, fields={"note": "slowly"})
    assert heard[0] == heard[1]
    assert [patch["to"] for patch in heard[0]] == [1, 2]
    for stop in stops:
        stop()
    bench.edit("undo")
    assert len(heard[0]) == 2


def test_the_same_workflow_is_opened_once(bench):
    assert bench.builders.open("dose") == bench.key
    assert bench.builders.open() != bench.key


@pytest.mark.parametrize(
    ("choice", "params", "value"),
    [
        ("value", {"given": {"text": "2.5"}}, Constant(2.5)),
        ("at_run", {"text": "volume"}, AtRun("volume")),
        ("at_run", {"text": "#volume"}, AtRun("volume")),
        ("variable", {"text": "left"}, Variable("left")),
    ],
)
def test_where_a_value_comes_from_is_what_was_chosen(bench, choice, params, value):
    step = bench.dispense()
    bench.edit("value", id=step, field="volume_ml", choice=choice, **params)
    assert _only(bench).arguments == {"volume_ml": value}


def test_text_that_is_no_number_is_refused_beside_its_field_and_nothing_is_stored(bench):
    step = bench.dispense()
    found = bench.problems("edit", intent="value", seen=1, id=step, field="volume_ml", choice="value", given={"text": "2,5 ml"})
    assert list(found) == ["volume_ml"]
    assert _only(bench).arguments == {}


@pytest.mark.parametrize("text", ["", "2x", "a b", "__import__('os')"])
def test_a_variable_needs_a_name(bench, text):
    step = bench.dispense()
    assert "name" in bench.problems("edit", intent="value", seen=1, id=step, field="volume_ml", choice="variable", text=text)["volume_ml"]


def test_an_argument_put_back_to_its_default_is_left_to_the_driver(bench):
    step = bench.dispense()
    bench.edit("value", id=step, field="rate_ml_min", choice="value", given={"text": "3"})
    bench.edit("value", id=step, field="rate_ml_min", choice="default")
    assert _only(bench).arguments == {}


def test_a_repeat_takes_its_number_from_its_form(bench):
    step = bench.add({"step": "repeat"})
    bench.edit("value", id=step, field="times", choice="value", given={"text": "5"})
    assert _only(bench).times == Constant(5)
    assert bench.problems("edit", intent="value", seen=2, id=step, field="times", choice="value", given={"text": "2.5"})


def test_undo_and_redo_lead_back_and_forth_and_say_what_they_do(bench):
    step = bench.dispense()
    bench.edit("remove", ids=[step])
    assert bench.ask("open")["document"]["undo"] == "Delete step"
    bench.edit("undo")
    assert _only(bench).id == step
    assert bench.ask("open")["document"]["redo"] == "Delete step"
    bench.edit("redo")
    assert bench.workflow.script == ()


def test_saved_work_can_be_undone_after_the_kernel_died(bench):
    step = bench.dispense()
    bench.edit("change", id=step, fields={"note": "slowly"})
    bench.ask("save")
    assert bench.session.library.drafts() == []
    bench.stop()
    bench.start()
    assert not bench.ask("open")["document"]["dirty"]
    assert bench.ask("open")["document"]["undo"] == "Change note"
    bench.edit("undo")
    assert _only(bench).note == ""
    assert bench.ask("open")["document"]["dirty"]
    bench.edit("redo")
    assert not bench.ask("open")["document"]["dirty"]


def test_the_undo_of_another_saved_version_is_not_taken(bench):
    bench.dispense()
    bench.ask("save")
    bench.stop()
    bench.start()
    bench.session.library.save(Workflow(name="dose", script=(Comment(id="c", text="from Python"),)))
    bench.stop()
    bench.start()
    assert bench.ask("open")["document"]["undo"] == ""
    assert _only(bench) == Comment(id="c", text="from Python")


def test_a_new_builder_names_the_unsaved_work_there_is(bench, capsys):
    before = replace_session(bench.session)
    try:
        bench.dispense()
        magics.builder("dose")
        assert "Unsaved" not in capsys.readouterr().out
        magics.builder()
        assert "Unsaved here: dose. Open one with %ivoryos builder dose" in capsys.readouterr().out
    finally:
        replace_session(before)


def test_drafts_are_listed_by_their_workflows_name(bench):
    bench.dispense()
    assert bench.session.library.drafts() == ["dose"]
    bench.session.folder.draft("broken").write_text("{", encoding="utf-8")
    assert bench.session.library.drafts() == ["dose"]


def test_unsaved_work_and_its_undo_are_there_after_the_kernel_died(bench):
    step = bench.dispense()
    bench.edit("change", id=step, fields={"note": "slowly"})
    bench.stop()
    bench.start()
    assert _only(bench).note == "slowly"
    assert bench.ask("open")["document"]["dirty"]
    bench.edit("undo")
    assert _only(bench).note == ""
    bench.edit("undo")
    assert bench.workflow.script == ()


@pytest.mark.parametrize("text", ["", "{}", "[]", "no json", '{"format": "ivoryos-draft/1"}', '{"format": "ivoryos-draft/1", "saved": 1}'])
def test_a_draft_that_cannot_be_read_is_passed_over(bench, text):
    bench.session.library.keep_draft("other", text)
    key = bench.builders.open("other")
    assert bench.builders.present_of(key)().script == ()


def test_blocks_are_filled_moved_between_and_into(bench):
    loop = bench.add({"step": "repeat"})
    inner = bench.add({"step": "comment"}, parent=loop, slot="body")
    choice = bench.add({"step": "if"}, index=1)
    bench.edit("move", ids=[inner], place={**TOP, "parent": choice, "slot": "else"})
    bench.edit("move", ids=[choice], place={**TOP, "parent": loop, "slot": "body"})
    (outer,) = bench.workflow.script
    assert isinstance(outer, Repeat)
    assert isinstance(outer.body[0], If)
    assert outer.body[0].otherwise[0].id == inner


def test_a_block_cannot_be_moved_into_itself(bench):
    loop = bench.add({"step": "repeat"})
    assert "place" in bench.problems("edit", intent="move", seen=1, ids=[loop], place={**TOP, "parent": loop, "slot": "body"})


def test_branches_are_added_given_conditions_and_removed(bench):
    step = bench.add({"step": "if"})
    bench.edit("add_branch", id=step)
    bench.edit("condition", id=step, index=1, text="x > 2")
    assert [one.condition for one in _only(bench).branches] == ["", "x > 2"]
    bench.edit("remove_branch", id=step, index=0)
    assert bench.ask("form", step=step)["conditions"] == ["x > 2"]


def test_deleting_selects_the_step_that_takes_the_place(bench):
    ids = [bench.add({"step": "comment"}, index=at) for at in range(3)]
    assert bench.edit("remove", ids=[ids[1]])["select"] == [ids[2]]
    assert bench.edit("remove", ids=[ids[2]])["select"] == [ids[0]]
    assert bench.edit("remove", ids=[ids[0]])["select"] == []


def test_a_disabled_step_is_kept_and_can_be_enabled_again(bench):
    step = bench.dispense()
    bench.edit("disable", ids=[step], disabled=True)
    assert _only(bench).disabled
    bench.edit("disable", ids=[step], disabled=False)
    assert not _only(bench).disabled


def test_duplicated_steps_have_ids_of_their_own_and_are_selected(bench):
    step = bench.dispense()
    made = bench.edit("duplicate", ids=[step])["select"]
    assert made != [step]
    assert len(bench.workflow.script) == 2


def test_steps_are_pasted_with_new_ids_and_all_they_hold(bench):
    loop = bench.add({"step": "repeat"})
    bench.add({"step": "comment"}, parent=loop, slot="body")
    text = json.dumps({"format": "ivoryos-steps/1", "steps": [{"step": "repeat", "id": loop, "times": {"value": 2}, "body": []}]})
    bench.edit("paste", text=text, place=TOP)
    assert len({visit.step.id for visit in walk(bench.workflow)}) == 3


@pytest.mark.parametrize("text", ["", "hello", "{}", '{"format": "ivoryos-steps/1", "steps": [{"step": "shell", "id": "x"}]}'])
def test_what_holds_no_steps_cannot_be_pasted(bench, text):
    assert not bench.reply("edit", intent="paste", seen=0, text=text, place=TOP)["ok"]


def test_a_finalized_workflow_can_be_read_and_not_changed(bench):
    bench.dispense()
    bench.ask("mark", finalized=True)
    reply = bench.reply("edit", intent="insert", seen=bench.version, step={"step": "comment"}, place=TOP)
    assert "finalized" in reply["error"]["message"]


def test_the_options_of_a_step_are_set_and_put_back(bench):
    step = bench.dispense()
    bench.edit("change", id=step, fields={"timeout_s": 30, "on_error": {"action": "retry", "retries": 2}, "once_per_batch": True})
    assert (_only(bench).timeout_s, _only(bench).on_error.retries) == (30.0, 2)
    bench.edit("change", id=step, fields={"timeout_s": None, "on_error": None})
    assert (_only(bench).timeout_s, _only(bench).on_error.action) == (None, "ask")


@pytest.mark.parametrize("fields", [{"timeout_s": "soon"}, {"on_error": {"action": "explode"}}, {"id": "other"}, {"colour": "red"}, None])
def test_options_that_make_no_sense_are_refused(bench, fields):
    step = bench.dispense()
    assert not bench.reply("edit", intent="change", seen=1, id=step, fields=fields)["ok"]
    assert _only(bench) == Action(id=step, instrument="pump", method="dispense")


def test_results_are_named_one_for_each_item(bench):
    step = bench.add({"step": "action", "instrument": "spectrometer", "method": "measure"})
    assert bench.ask("form", step=step)["outputs"]["labels"] == ["a number", "a number"]
    bench.edit("outputs", id=step, names=["", "a600"])
    assert _only(bench).outputs == ("", "a600")
    bench.edit("outputs", id=step, names=["", ""])
    assert _only(bench).outputs == ()
    assert not bench.reply("edit", intent="outputs", seen=bench.version, id=step, names=["a b"])["ok"]


def test_only_names_that_exist_at_the_point_are_offered(bench):
    first = bench.dispense()
    bench.edit("outputs", id=first, names=["left"])
    second = bench.add({"step": "action", "instrument": "reactor", "method": "set_temperature"}, index=1)
    bench.edit("value", id=second, field="setpoint", choice="at_run", text="temp")
    offered = {one["name"]: one["at_run"] for one in bench.ask("form", step=second)["names"]}
    assert offered == {"left": False, "temp": True}
    assert "left" not in {one["name"] for one in bench.ask("form", step=first)["names"]}


def test_a_mistake_is_found_and_repaired_with_one_click(bench):
    first = bench.dispense()
    bench.edit("value", id=first, field="volume_ml", choice="value", given={"text": "1"})
    bench.edit("change", id=first, fields={"method": "dispnse"})
    (finding,) = [one for one in bench.ask("check")["findings"] if one["repair"]]
    bench.edit("repair", repair=finding["repair"]["params"])
    assert _only(bench).method == "dispense"
    assert bench.ask("check")["findings"] == []


def test_a_repair_that_is_no_longer_needed_is_refused(bench):
    assert not bench.reply("edit", intent="repair", seen=0, repair={"step": "x", "code": "unknown-method", "field": ""})["ok"]


def test_an_unknown_intent_names_those_there_are(bench):
    assert "insert" in bench.problems("edit", intent="expand", seen=0)["intent"]


def test_a_builder_of_another_session_says_so(bench):
    assert "session" in bench.reply("open", document="gone")["error"]["message"]


def test_the_palette_lists_methods_properties_and_registered_workflows(bench):
    bench.session.library.save(Workflow(name="rinse", registered=True, script=(Comment(id="c", text="x"),)))
    found = bench.ask("palette")
    pump = next(one for one in found["instruments"] if one["path"] == "pump")
    assert [one["name"] for one in pump["methods"]] == ["dispense", "refill"]
    assert pump["methods"][0]["parameters"][0] == {"name": "volume_ml", "unit": "mL", "required": True}
    assert [one["name"] for one in found["workflows"]] == ["rinse"]


def test_a_registered_workflow_that_cannot_be_read_keeps_no_other_from_the_palette(bench):
    for name in ("rinse", "wash"):
        bench.session.library.save(Workflow(name=name, registered=True, script=(Comment(id="c", text="x"),)))
    bench.session.store.database.change(
        "UPDATE script SET script_dict = :text WHERE name = 'wash'", {"text": '{"prep": [], "script": [{"action": 3}], "cleanup": []}'}
    )
    assert [one["name"] for one in bench.ask("palette")["workflows"]] == ["rinse"]
    assert {one["name"] for one in bench.ask("library")["shelves"]} == {"rinse", "wash"}


def test_a_registered_workflow_can_be_dropped_with_the_version_it_has_now(bench):
    bench.session.library.save(Workflow(name="rinse", registered=True, script=(Comment(id="c", text="x"),)))
    (listed,) = bench.ask("palette")["workflows"]
    bench.add({"step": "workflow", "workflow": "rinse", "version": listed["version"]})
    assert _only(bench).version in bench.workflow.nested
    assert [one for one in bench.ask("check")["findings"] if one["severity"] == "error"] == []


def test_the_python_of_the_workflow_is_shown(bench):
    step = bench.dispense()
    bench.edit("value", id=step, field="volume_ml", choice="value", given={"text": "2.5"})
    assert "pump.dispense(" in bench.ask("python")["code"]


def test_choices_and_default_of_a_question_are_read_by_its_type(bench):
    step = bench.add({"step": "input"})
    bench.edit("change", id=step, fields={"type": "int", "choices": ["1", "2"], "default": "2", "minimum": 1, "unit": "mL"})
    asked = _only(bench)
    assert (asked.choices, asked.default, asked.minimum, asked.unit) == ((1, 2), 2, 1.0, "mL")
    bench.edit("change", id=step, fields={"default": ""})
    assert _only(bench).default is None
    rows = {row["name"]: row["value"] for row in bench.ask("form", step=step)["rows"]}
    assert (rows["choices"], rows["unit"], rows["default"]) == ("1\n2", "mL", None)


def test_steps_that_use_a_renamed_result_follow_with_one_click(bench):
    made = bench.dispense()
    bench.edit("outputs", id=made, names=["left"])
    branch = bench.add({"step": "if"}, index=1)
    bench.edit("condition", id=branch, index=0, text="left < 5")
    used = bench.add({"step": "wait"}, index=2)
    bench.edit("value", id=used, field="seconds", choice="expression", text="left * 2")
    bench.edit("outputs", id=made, names=["remaining"])
    wrong = [one for one in bench.ask("check")["findings"] if one["code"] == "undefined-name"]
    assert [(one["step"], one["repair"]["label"]) for one in wrong] == [
        (branch, "use remaining everywhere"),
        (used, "use remaining everywhere"),
    ]
    assert wrong[0]["message"] == "there is no left here any more; it is called remaining now"
    bench.edit("repair", repair=wrong[0]["repair"]["params"])
    assert not [one for one in bench.ask("check")["findings"] if one["code"] == "undefined-name"]
    assert {one.step.branches[0].condition for one in walk(bench.workflow) if isinstance(one.step, If)} == {"remaining < 5"}


def test_views_may_be_admitted_while_others_are_told_something(bench):
    class Ear:
        document = ""

        def __init__(self, view):
            self.view = view

        def hear(self, name, data):
            pass

        def close(self):
            pass

    ears = [Ear(f"view-{number}") for number in range(3000)]
    admitting = threading.Thread(target=lambda: [bench.builders.admit(ear) for ear in ears])
    admitting.start()
    while admitting.is_alive():
        bench.builders._tell_palette()
    admitting.join()
    assert {ear.view for ear in ears} <= set(bench.builders._showing)

"""Are workflows kept, found and brought back, and is nothing overwritten without a question?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivoryos_jupyter.widgets.builders._differences import differences
from ivoryos_jupyter.workflow import Action, Comment, Constant, Repeat, Workflow, change_step, to_json


def _comment(bench, text="hello"):
    step = bench.add({"step": "comment"})
    bench.edit("change", id=step, fields={"text": text})
    return step


def _head(bench):
    return bench.ask("open")["document"]


def test_saving_makes_a_version_and_takes_the_dirty_mark_away(bench):
    _comment(bench)
    assert _head(bench)["dirty"]
    assert bench.ask("save") == {"saved": 1}
    assert (_head(bench)["dirty"], _head(bench)["saved_version"]) == (False, 1)
    _comment(bench, "more")
    assert bench.ask("save") == {"saved": 2}
    assert bench.session.library.get("dose").author == "Ada"


def test_a_version_saved_elsewhere_is_not_overwritten_without_a_question(bench):
    _comment(bench)
    bench.ask("save")
    bench.session.library.save(replace(bench.session.library.get("dose"), description="from another kernel"))
    _comment(bench, "mine")
    assert "elsewhere" in bench.ask("save")["question"]
    assert bench.session.library.get("dose").description == "from another kernel"
    assert bench.ask("save", confirm=True) == {"saved": 3}


def test_a_copy_under_a_taken_name_is_asked_about(bench):
    bench.session.library.save(Workflow(name="rinse"))
    _comment(bench)
    assert "already" in bench.ask("save_as", name="rinse")["question"]
    assert bench.ask("save_as", name="rinse", confirm=True) == {"saved": 2}
    assert _head(bench)["head"]["name"] == "rinse"


def test_a_copy_under_a_free_name_leaves_the_original(bench):
    _comment(bench)
    bench.ask("save")
    bench.ask("save_as", name="copy")
    assert {one["name"] for one in bench.ask("library")["shelves"]} == {"dose", "copy"}


def test_renaming_keeps_the_versions_and_cannot_be_undone_into_the_old_name(bench):
    _comment(bench)
    bench.ask("save")
    bench.ask("rename", name="better")
    bench.edit("undo")
    assert _head(bench)["head"]["name"] == "better"
    assert [one["name"] for one in bench.ask("library")["shelves"]] == ["better"]


def test_a_name_that_is_taken_or_empty_is_refused(bench):
    bench.session.library.save(Workflow(name="rinse"))
    assert "name" in bench.problems("rename", name="rinse")
    assert "name" in bench.problems("rename", name="   ")


def test_a_deleted_workflow_comes_back(bench):
    bench.session.library.save(Workflow(name="rinse", script=(Comment(id="c", text="x"),)))
    bench.ask("delete", name="rinse")
    assert bench.ask("library")["shelves"] == []
    bench.ask("restore", name="rinse")
    assert bench.session.library.get("rinse").script[0].text == "x"


def test_any_two_versions_are_compared_and_an_older_one_brought_back(bench):
    step = _comment(bench, "first")
    bench.ask("save")
    bench.edit("change", id=step, fields={"text": "second"})
    bench.ask("save")
    new, old = bench.ask("versions", name="dose")["versions"]
    (changed,) = bench.ask("diff", old=old["hash"], new=new["hash"])["changed"]
    assert (changed["old"]["text"], changed["new"]["text"]) == ("first", "second")
    bench.ask("restore_version", version=old["hash"])
    assert bench.workflow.script[0].text == "first"
    bench.edit("undo")
    assert bench.workflow.script[0].text == "second"


def test_differences_name_what_came_went_and_moved():
    old = Workflow(name="w", prep=(Comment(id="a", text="1"),), script=(Comment(id="b", text="2"),))
    new = Workflow(name="w", script=(Comment(id="a", text="1"), Comment(id="c", text="3")))
    found = differences(old, new)
    assert [[one["id"] for one in found[kind]] for kind in ("added", "removed", "moved")] == [["c"], ["b"], ["a"]]
    assert differences(old, change_step(old, "a", note="n"))["changed"]


def test_a_file_is_opened_under_a_name_of_its_own(bench):
    _comment(bench)
    shown = bench.ask("show", text=to_json(Workflow(name="dose", finalized=True)))
    assert bench.builders.present_of(shown["document"])() == Workflow(name="dose_2")
    assert bench.workflow.script


@pytest.mark.parametrize("text", ["x", "{}", '{"format": "ivoryos-workflow/9"}', "[1]"])
def test_a_file_that_is_no_workflow_is_refused(bench, text):
    assert not bench.reply("show", text=text)["ok"]


def test_what_is_exported_is_read_back(bench):
    _comment(bench)
    text = bench.ask("export")["text"]
    shown = bench.ask("show", text=text)
    assert bench.builders.present_of(shown["document"])().script == bench.workflow.script


@pytest.mark.parametrize("name", ["../../x", "a/b", "CON", "🧪", "x" * 300, "<b>bold</b>"])
def test_any_name_can_be_given_and_decides_no_path(bench, name):
    _comment(bench)
    bench.ask("save_as", name=name)
    assert bench.session.library.get(name).name == name
    bench.edit("change", id=bench.workflow.script[0].id, fields={"text": "again"})
    files = [path for path in bench.folder.path.parent.rglob("*") if path.is_file()]
    assert all(path.is_relative_to(bench.folder.path) for path in files)


def test_python_becomes_a_workflow_under_a_name_of_its_own(bench):
    bench.key = bench.ask("show", text="def dose(volume: float):\n    left = pump.dispense(volume)\n", language="python")["document"]
    assert bench.workflow.name == "dose_2"  # an empty workflow called dose is open on the bench
    assert [one.tag for one in bench.workflow.script] == ["action"]


def test_python_that_cannot_be_read_is_refused_with_each_line(bench):
    source = "def dose(volume: float):\n    global x\n    pump.dispense(volume)\n    lambda: 3\n"
    problems = bench.problems("show", text=source, language="python")
    assert set(problems) == {"line 2", "line 4"}


def test_a_version_that_came_from_python_differs_only_where_it_is_different():
    def version(mark, volume, *more):
        dose = Action(id=f"{mark}1", instrument="pump", method="dispense", arguments={"volume_ml": Constant(volume)})
        loop = Repeat(id=f"{mark}2", times=Constant(3), body=(dose, Comment(id=f"{mark}3", text="inside")))
        return Workflow(name="w", script=(Comment(id=f"{mark}4", text="first"), loop, *more))

    found = differences(version("a", 1.0), version("b", 2.0, Comment(id="a1", text="last")))
    assert [one["id"] for one in found["added"]] == ["a1"]
    assert (found["removed"], found["moved"]) == ([], [])
    assert [(one["old"]["id"], one["new"]["id"]) for one in found["changed"]] == [("a1", "b1")]
    assert not any(differences(version("a", 1.0), version("b", 1.0)).values())

"""The library, on both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ivoryos_jupyter.errors import UnknownNameError, WorkflowError
from ivoryos_jupyter.records import Library, open_store
from ivoryos_jupyter.schema import DeckSchema, Instrument, Method, Number, Parameter
from ivoryos_jupyter.workflow import Action, AtRun, Constant, Workflow, content_hash

DOSE = Workflow(
    name="dose",
    deck="flowlab",
    script=(
        Action(
            id="a", instrument="pump", method="dispense", arguments={"volume_ml": AtRun("volume"), "rate": Constant(2.0)}, outputs=("left",)
        ),
    ),
    author="ada",
)
LONGER = replace(DOSE, script=(*DOSE.script, Action(id="b", instrument="pump", method="refill")))


@pytest.fixture
def library(store):
    return Library(store)


def test_what_is_saved_comes_back(library):
    library.save(DOSE)
    found = library.get("dose")
    assert replace(found, uuid=None) == DOSE
    assert found.uuid
    assert library.get("nothing") is None


def test_the_same_content_makes_no_new_version_and_other_content_does(library):
    assert library.save(DOSE).number == 1
    assert library.save(DOSE).number == 1
    assert library.save(LONGER).number == 2
    assert [one.hash for one in library.versions("dose")] == [content_hash(LONGER), content_hash(DOSE)]
    assert library.get("dose", content_hash(DOSE)).script == DOSE.script
    assert library.save(DOSE).number == 3


def test_a_finalized_workflow_is_not_saved_over(library):
    library.save(DOSE)
    library.finalize("dose")
    assert library.get("dose").finalized
    with pytest.raises(WorkflowError, match="finalized"):
        library.save(replace(LONGER, finalized=True))
    library.finalize("dose", finalized=False)
    library.save(LONGER)


def test_marks_are_no_new_version(library):
    library.save(DOSE)
    library.register("dose")
    (shelf,) = library.shelves()
    assert (shelf.registered, shelf.versions, shelf.hash, shelf.steps) == (True, 1, content_hash(DOSE), 1)


def test_a_workflow_is_renamed_with_its_versions(library):
    library.save(DOSE)
    library.save(LONGER)
    library.keep_draft("dose", "{}")
    library.rename("dose", "dose/ärger 🧪")
    assert library.get("dose") is None
    assert library.get("dose/ärger 🧪").script == LONGER.script
    assert len(library.versions("dose/ärger 🧪")) == 3
    assert library.draft("dose/ärger 🧪") == "{}"
    assert library.draft("dose") is None


def test_a_name_that_is_taken_or_empty_is_refused(library):
    library.save(DOSE)
    library.save(replace(DOSE, name="other"))
    for name in ("other", " "):
        with pytest.raises(WorkflowError, match="name"):
            library.rename("dose", name)
        with pytest.raises(WorkflowError, match="name"):
            library.duplicate("dose", name)
    with pytest.raises(UnknownNameError):
        library.rename("nobody", "x")


def test_a_duplicate_is_independent(library):
    library.save(replace(DOSE, registered=True))
    library.duplicate("dose", "copy")
    assert not library.get("copy").registered
    assert library.get("copy").uuid != library.get("dose").uuid


def test_a_deleted_workflow_comes_back_whole(library):
    library.save(DOSE)
    before = library.get("dose")
    library.delete("dose")
    assert not library.shelves()
    library.restore("dose")
    assert library.get("dose") == before
    with pytest.raises(UnknownNameError):
        library.restore("dose")


def test_restoring_onto_a_name_in_use_is_refused(library):
    library.save(DOSE)
    library.delete("dose")
    library.save(LONGER)
    with pytest.raises(WorkflowError, match="another workflow"):
        library.restore("dose")


def test_search_looks_at_name_description_author_and_deck(library):
    library.save(replace(DOSE, description="Dose and Measure"))
    library.save(replace(DOSE, name="other", deck="bench"))
    assert [one.name for one in library.search("MEASURE")] == ["dose"]
    assert [one.name for one in library.search("bench")] == ["other"]
    assert len(library.search("ada")) == 2


def test_a_name_of_300_characters_is_kept(library):
    library.save(replace(DOSE, name="x" * 300))
    library.keep_draft("x" * 300, "draft")
    assert library.get("x" * 300).name == "x" * 300
    assert library.draft("x" * 300) == "draft"


def test_a_draft_is_kept_until_the_workflow_is_saved(library):
    library.save(DOSE)
    library.keep_draft("dose", '{"x": 1}')
    assert library.shelves()[0].draft
    library.save(LONGER)
    assert library.draft("dose") is None


def test_what_ivoryos_changed_becomes_a_new_version(library, store):
    library.save(DOSE)
    ((text,),) = store.database.rows("SELECT CAST(script_dict AS TEXT) FROM script")
    changed = json.loads(text)
    changed["script"][0]["args"]["rate"] = 3.0
    store.database.change("UPDATE script SET script_dict = :text", {"text": json.dumps(changed)})
    assert library.get("dose").script[0].arguments["rate"] == Constant(3.0)
    assert len(library.versions("dose")) == 2
    assert library.get("dose", content_hash(DOSE)).script == DOSE.script


def test_json_written_another_way_is_no_change(library, store):
    library.save(DOSE)
    ((text,),) = store.database.rows("SELECT CAST(script_dict AS TEXT) FROM script")
    store.database.change("UPDATE script SET script_dict = :text", {"text": json.dumps(json.loads(text), indent=2, sort_keys=True)})
    library.get("dose")
    assert len(library.versions("dose")) == 1


def test_the_workflows_of_ivoryos_are_there(old_folder):
    store = open_store(old_folder)
    library = Library(store)
    shelves = {one.name: one for one in library.shelves()}
    assert len(shelves) == 12
    assert all(one.hash for one in shelves.values())
    assert shelves["aliquot_and_read"].registered
    dose = library.get("dose_and_measure")
    assert [step.tag for step in dose.script] == ["action", "repeat", "if", "action"]
    assert library.get("a/b test").name == "a/b test"
    store.close()


def test_a_draft_that_is_dropped_while_all_are_listed_is_not_among_them(library, monkeypatch):
    library.keep_draft("dose", '{"head": {"name": "dose"}}')
    found = Path.glob
    monkeypatch.setattr(Path, "glob", lambda folder, pattern: [*found(folder, pattern), folder / "gone.json"])
    assert library.drafts() == ["dose"]


def test_two_notebooks_that_work_on_one_workflow_have_a_draft_each(store):
    mine, hers = Library(store, "mine.ipynb"), Library(store, "folder/hers.ipynb")
    mine.keep_draft("dose", "my steps")
    hers.keep_draft("dose", "her steps")
    assert (mine.draft("dose"), hers.draft("dose")) == ("my steps", "her steps")
    mine.drop_draft("dose")
    assert (mine.draft("dose"), hers.draft("dose")) == (None, "her steps")


def test_saving_unchanged_what_ivoryos_changed_adds_no_version(library, store):
    library.save(DOSE)
    ((text,),) = store.database.rows("SELECT CAST(script_dict AS TEXT) FROM script")
    changed = json.loads(text)
    changed["script"][0]["args"]["rate"] = 3.0
    store.database.change("UPDATE script SET script_dict = :text", {"text": json.dumps(changed)})
    adopted = library.get("dose")
    library.save(adopted)
    library.save(adopted)
    assert [one.number for one in library.versions("dose")] == [2, 1]
    assert library.versions("dose")[0].hash == content_hash(adopted)
    assert library.get("dose").script[0].arguments["rate"] == Constant(3.0)


def test_saving_a_workflow_of_ivoryos_unchanged_adds_no_version(old_folder):
    store = open_store(old_folder)
    library = Library(store)
    for shelf in library.shelves():
        if not shelf.finalized:
            library.save(library.get(shelf.name))
            assert len(library.versions(shelf.name)) == 1
    store.close()


def test_the_type_of_a_parameter_stands_in_what_ivoryos_reads_where_the_deck_knows_it(store):
    parameters = (Parameter("volume_ml", Number()), Parameter("rate", Number()))
    pump = Instrument("pump", "Pump", methods=(Method("dispense", parameters=parameters),))
    Library(store, deck=lambda: DeckSchema("flowlab", instruments=(pump,))).save(DOSE)
    ((text,),) = store.database.rows("SELECT CAST(script_dict AS TEXT) FROM script")
    assert json.loads(text)["script"][0]["arg_types"] == {"volume_ml": "float", "rate": "float"}

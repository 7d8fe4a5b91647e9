"""Is a workflow file opened as a draft, is nothing lost that is here already, and does it go back into the file?"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ivoryos_jupyter.widgets.builders._page import Pages
from ivoryos_jupyter.wire import PageEvent
from ivoryos_jupyter.workflow import Comment, Workflow, from_json, to_json

FILE = Workflow(name="rinse", description="from a file", script=(Comment(id="a", text="one"),))


@pytest.fixture
def told(bench):
    """What the page's views hear."""
    heard = []
    stop = bench.session.relay.subscribe(lambda event: heard.append(event) if isinstance(event, PageEvent) else None)
    yield heard
    stop()


def _open(bench, workflow=FILE, **choice):
    return bench.ask("open_file", view="page", text=to_json(workflow), **choice)


def test_a_file_is_opened_as_unsaved_changes(bench):
    bench.key = _open(bench)["document"]
    document = bench.ask("open")["document"]
    assert (document["head"]["name"], document["head"]["description"]) == ("rinse", "from a file")
    assert document["dirty"]
    assert not document["saved"]
    assert from_json(bench.ask("export")["text"]) == FILE


def test_its_view_hears_of_every_edit(bench, told):
    bench.key = _open(bench)["document"]
    bench.add({"step": "comment"})
    assert bench.session.relay.flush(30)
    patch = next(one for one in told if one.name == "builder.patch")
    assert (patch.view, patch.data["document"]) == ("page", bench.key)
    bench.ask("leave", view="page")
    told.clear()
    bench.add({"step": "comment"})
    assert bench.session.relay.flush(30)
    assert not told


def test_the_same_content_is_opened_without_a_question(bench):
    bench.session.library.save(FILE)
    bench.key = _open(bench)["document"]
    assert not bench.ask("open")["document"]["dirty"]


def test_another_saved_version_is_asked_about_and_nothing_is_changed_before(bench):
    bench.session.library.save(replace(FILE, description="another"))
    asked = _open(bench)
    assert "says something else" in asked["question"]
    assert "version 1 of 'rinse'" in asked["question"]
    assert bench.session.library.get("rinse").description == "another"


def test_the_file_may_become_a_change_that_undo_takes_back(bench):
    bench.session.library.save(replace(FILE, description="another"))
    bench.key = _open(bench, choice="file")["document"]
    assert bench.workflow.description == "from a file"
    bench.edit("undo")
    assert bench.workflow.description == "another"


def test_what_is_here_may_be_kept(bench):
    bench.session.library.save(replace(FILE, description="another"))
    bench.key = _open(bench, choice="kept")["document"]
    assert bench.workflow.description == "another"


def test_the_file_may_stand_under_a_name_of_its_own(bench):
    bench.session.library.save(replace(FILE, description="another"))
    opened = _open(bench, choice="apart")
    assert opened["name"] == "rinse_2"


def test_an_unsaved_draft_of_the_same_name_is_asked_about(bench):
    bench.key = _open(bench)["document"]
    bench.add({"step": "comment"})
    assert "unsaved changes of 'rinse'" in _open(bench)["question"]


def test_a_change_on_disk_is_taken_over_and_can_be_undone(bench):
    bench.key = _open(bench)["document"]
    bench.ask("take_file", view="page", text=to_json(replace(FILE, description="changed on disk")))
    assert bench.workflow.description == "changed on disk"
    bench.edit("undo")
    assert bench.workflow.description == "from a file"


def test_a_page_that_was_loaded_anew_finds_its_workflow(bench):
    bench.key = _open(bench)["document"]
    assert bench.ask("show_again", view="another") == {"document": bench.key, "name": "rinse"}


def test_a_broken_file_is_refused_with_its_place(bench):
    text = json.dumps({"format": "ivoryos-workflow/1", "name": "x", "script": [{"step": "wait"}]})
    assert "script[0].seconds" in bench.problems("open_file", view="page", text=text)


def test_pages_that_were_closed_without_a_word_are_forgotten():
    pages = Pages(lambda event: None)
    for number in range(100):
        pages.page(str(number))
    assert list(pages.views) == [str(number) for number in range(100 - Pages.MOST, 100)]

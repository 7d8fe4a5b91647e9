"""What ``import ivoryos`` offers."""

from __future__ import annotations

import ast
import importlib
import inspect
import time

import pytest

import ivoryos
import ivoryos_jupyter
from ivoryos_jupyter import door
from ivoryos_jupyter.errors import CommandError, ConversionError, NotLoadedError, WorkflowError
from ivoryos_jupyter.testing import Pump
from ivoryos_jupyter.workflow import Workflow


def test_the_short_name_is_the_same_module():
    assert ivoryos is ivoryos_jupyter


@pytest.mark.parametrize("name", ivoryos_jupyter.__all__)
def test_every_public_name_is_there_and_says_what_it_does(name, tmp_path):
    session = door.start({}, tmp_path)
    try:
        assert (getattr(ivoryos, name).__doc__ or "").strip()
    finally:
        door.stop()
    assert session.runner.runs == ()


def test_workflow_stays_the_function_although_a_folder_has_the_same_name():
    importlib.import_module("ivoryos_jupyter.workflow")
    assert callable(ivoryos.workflow)
    assert Workflow.__module__.startswith("ivoryos_jupyter.workflow")


def test_an_unknown_name_lists_what_there_is():
    with pytest.raises(AttributeError, match="new_workflow"):
        _ = ivoryos.new_wrokflow


def test_without_a_session_inspection_tools_find_no_deck(monkeypatch):
    monkeypatch.setattr("ivoryos_jupyter.session._session._current", None)
    assert not hasattr(ivoryos, "deck")
    with pytest.raises(NotLoadedError, match="%load_ext"):
        _ = ivoryos.deck


def test_a_mistyped_workflow_is_said_to_be_new_and_is_not_run_empty(tmp_path, capsys):
    door.start({}, tmp_path)
    try:
        ivoryos.new_workflow("titration").save()
        mistyped = ivoryos.workflow("titratoin")
        assert "Did you mean 'titration'?" in capsys.readouterr().out
        with pytest.raises(ConversionError, match="no steps"):
            mistyped.submit()
        with pytest.raises(WorkflowError, match="name"):
            ivoryos.new_workflow(" ")
    finally:
        door.stop()


def test_completion_offers_the_public_names():
    assert dir(ivoryos) == sorted(ivoryos_jupyter.__all__)


def test_editors_know_every_public_name():
    tree = ast.parse(inspect.getsource(ivoryos_jupyter))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert set(ivoryos_jupyter.__all__) <= imported | defined


def test_no_deck_is_loaded_while_a_run_needs_the_live_instruments(tmp_path):
    door.start({"pump": Pump(time_scale=0)}, tmp_path)
    try:
        wf = ivoryos.new_workflow("rest")
        wf.script.call("pump.refill")
        wf.script.input("Go on?", save="answer")
        run = wf.submit()
        while run.status.question is None:
            time.sleep(0.01)
        with pytest.raises(CommandError, match="'rest' is under way"):
            ivoryos.load_deck("deck")
        run.stop()
        run.wait(30)
        assert ivoryos.load_deck("deck") is not None
    finally:
        door.stop()

"""What ``import ivoryos`` offers."""

from __future__ import annotations

import importlib

import pytest

import ivoryos
import ivoryos_jupyter
from ivoryos_jupyter import door
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


def test_completion_offers_the_public_names():
    assert dir(ivoryos) == sorted(ivoryos_jupyter.__all__)

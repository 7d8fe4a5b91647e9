"""Where things lie, whatever they are called."""

from __future__ import annotations

import os
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.records import DataFolder, file_name, open_store

AWKWARD = [
    "../../x",
    "a/b",
    "a\\b",
    "CON",
    "con.txt",
    "nul",
    "🧪",
    "ü" * 300,
    "x" * 300,
    "",
    ".",
    "..",
    " a ",
    "a.",
    "a:b",
    'q"<>|?*',
    "\x00",
]


@pytest.mark.parametrize("name", AWKWARD)
def test_an_awkward_name_stays_in_its_folder(name, folder):
    path = folder.script(name)
    assert path.parent == folder.path / "scripts"
    path.write_text("{}")
    assert path.read_text() == "{}"


def test_a_plain_name_stays_readable(folder):
    assert folder.script("dose_and_measure").name == "dose_and_measure.json"
    assert folder.log("two words-1.5").name == "two words-1.5.log"


def test_names_that_differ_in_capitals_only_get_two_files():
    assert len({file_name(name).lower() for name in ("dose", "Dose", "DOSE")}) == 3


@given(st.text(max_size=400), st.text(max_size=400))
def test_two_names_never_share_a_file_and_windows_takes_both(one, other):
    first, second = file_name(one, ".json"), file_name(other, ".json")
    assert (first.lower() == second.lower()) == (one == other)
    for name in (first, second):
        assert len(name.encode()) <= 255
        assert PureWindowsPath(name).name == name
        assert not set(name) & set('<>:"/\\|?*')
        assert all(ord(letter) > 31 for letter in name)


def test_the_folder_is_laid_out_as_ivoryos_does(folder):
    names = {"config_csv", "llm_output", "logs", "pseudo_deck", "results", "scripts", "scripts/drafts"}
    assert all((folder.path / name).is_dir() for name in names)


def test_the_nearest_data_folder_upwards_is_used(tmp_path, monkeypatch):
    near = DataFolder(tmp_path / "lab" / "ivoryos_data")
    inner = tmp_path / "lab" / "notebooks" / "july"
    inner.mkdir(parents=True)
    assert DataFolder.find(inner).path == near.path
    monkeypatch.setenv("IVORYOS_DATA", str(tmp_path / "chosen"))
    assert DataFolder.find(inner).path == tmp_path / "chosen"


def test_without_any_it_is_made_beside_the_notebook(tmp_path):
    (tmp_path / "lab").mkdir()
    assert DataFolder.find(tmp_path / "lab").path == tmp_path / "lab" / "ivoryos_data"


def test_a_file_in_its_place_is_a_clear_error(tmp_path):
    (tmp_path / "ivoryos_data").write_text("")
    with pytest.raises(RecordsError, match="IVORYOS_DATA"):
        DataFolder(tmp_path / "ivoryos_data")


def test_a_read_only_folder_is_a_clear_error(tmp_path, monkeypatch):
    DataFolder(tmp_path / "ivoryos_data")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(RecordsError, match="read-only"):
        DataFolder(tmp_path / "ivoryos_data")


def test_an_address_that_is_not_supported_says_what_is(folder):
    with pytest.raises(RecordsError, match="postgresql://"):
        open_store(folder, "mysql://x")


def test_the_database_address_comes_from_the_environment(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("IVORYOS_DB_URI", f"sqlite:///{tmp_path / 'other.db'}")
    store = open_store(folder)
    assert Path(store.where) == tmp_path / "other.db"
    store.close()

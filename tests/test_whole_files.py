"""Is a file whole or absent, whatever the system refuses?"""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from ivoryos_jupyter import whole_files
from ivoryos_jupyter.whole_files import patiently, read_file, replace_file


def refused_by_windows(number: int) -> PermissionError:
    error = PermissionError(13, "The process cannot access the file because it is being used by another process")
    error.winerror = number
    return error


class Refusing:
    """Refuses so many times, then does as it should."""

    def __init__(self, error: OSError, times: int) -> None:
        self.error, self.times, self.asked = error, times, 0

    def __call__(self) -> str:
        self.asked += 1
        if self.asked <= self.times:
            raise self.error
        return "done"


@pytest.mark.parametrize("number", [5, 32, 33])
def test_what_windows_refuses_because_somebody_has_the_file_is_tried_again(number):
    action = Refusing(refused_by_windows(number), 3)
    assert patiently(action) == "done"
    assert action.asked == 4


@pytest.mark.parametrize("error", [PermissionError(13, "no"), OSError(28, "disk full"), FileNotFoundError(2, "gone")])
def test_what_is_refused_for_another_reason_is_raised_at_once(error):
    action = Refusing(error, 1)
    with pytest.raises(type(error)):
        patiently(action)
    assert action.asked == 1


def test_a_file_that_stays_taken_is_given_up(monkeypatch):
    monkeypatch.setattr(whole_files, "PATIENCE_S", 0.0)
    action = Refusing(refused_by_windows(32), 9)
    with pytest.raises(PermissionError):
        patiently(action)
    assert action.asked == 1


def test_a_file_is_replaced_although_somebody_has_it_for_a_moment(tmp_path, monkeypatch):
    path = tmp_path / "new folder" / "safety.json"
    real, tries = Path.replace, []

    def replace(self, target):
        tries.append(target)
        if len(tries) < 3:
            raise refused_by_windows(5)
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    replace_file(path, b"one\ntwo\n")
    assert (path.read_bytes(), len(tries)) == (b"one\ntwo\n", 3)


def test_what_cannot_be_put_in_place_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "safety.json"
    replace_file(path, b"old")

    def refuse(self, _target):
        raise OSError(28, "disk full")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="disk full"):
        replace_file(path, b"new")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("safety.json", b"old")]


def test_a_file_that_several_threads_write_is_that_of_one_of_them(tmp_path):
    path = tmp_path / "choices.json"
    contents = [bytes([65 + number]) * 100_000 for number in range(8)]
    writers = [threading.Thread(target=replace_file, args=(path, one)) for one in contents]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert read_file(path) in contents
    assert [one.name for one in tmp_path.iterdir()] == ["choices.json"]


@pytest.mark.parametrize(("private", "mode"), [(True, 0o600), (False, 0o644)])
def test_a_private_file_is_readable_by_its_owner_only(tmp_path, private, mode):
    before = os.umask(0o022)
    try:
        replace_file(tmp_path / "one.json", b"{}", private=private)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "one.json").stat().st_mode) == (mode if os.name == "posix" else 0o666)

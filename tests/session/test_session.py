"""The session: what it remembers, what it refuses, what it leaves behind."""

from __future__ import annotations

import json
import os
import socket
import stat
import threading

import pytest

from ivoryos_jupyter.errors import BusyError, CommandError, OfflineError, RecordsError, UnknownNameError
from ivoryos_jupyter.introspect import identify
from ivoryos_jupyter.journal import Claim, RunRequest, Setting
from ivoryos_jupyter.records import DataFolder
from ivoryos_jupyter.runner import Call
from ivoryos_jupyter.session import Session, Surroundings, current_session, replace_session
from ivoryos_jupyter.testing import Pump, Reactor


@pytest.fixture
def names():
    return {"pump": Pump(time_scale=0), "reactor": Reactor(time_scale=0)}


@pytest.fixture
def open_session(tmp_path, names):
    opened = []

    def opener(**changes):
        session = Session(Surroundings(tmp_path, **{"deck_name": "bench", "names": lambda: names, "operator": "ada", **changes}))
        opened.append(session)
        return session

    yield opener
    for session in opened:
        session.close()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("ivoryos")]


def test_the_deck_follows_the_names(open_session, names):
    session = open_session()
    assert session.deck.names == ("pump", "reactor")
    names["second"] = Pump(time_scale=0)
    del names["reactor"]
    assert session.refresh()
    assert session.deck.names == ("pump", "second")
    assert not session.refresh()


def test_what_was_excluded_by_hand_stays_excluded_in_the_next_session(open_session):
    first = open_session()
    first.deck.exclude("reactor")
    first.close()
    assert open_session().deck.names == ("pump",)


def test_what_was_included_by_hand_stays_included_in_the_next_session(open_session, names):
    names["settings"] = {"a": 1}
    first = open_session()
    assert "settings" not in first.deck.names
    first.deck.include("settings")
    first.close()
    assert "settings" in open_session().deck.names


def test_including_a_name_that_does_not_exist_names_the_closest(open_session):
    with pytest.raises(UnknownNameError, match="pump"):
        open_session().deck.include("pmup")


def test_a_choices_file_that_cannot_be_read_starts_afresh_and_says_so(open_session, caplog):
    first = open_session()
    first.deck.exclude("reactor")
    first.close()
    next(first.folder.path.glob("pseudo_deck/*.choices.json")).write_text("{", encoding="utf-8")
    assert open_session().deck.names == ("pump", "reactor")
    assert "cannot be read" in caplog.text


def test_a_choice_that_cannot_be_remembered_holds_all_the_same_and_that_is_said(open_session, caplog):
    session = open_session()
    path = session.folder.pseudo_deck(session.surroundings.deck_name).with_suffix(".choices.json")
    path.mkdir(parents=True)
    session.deck.exclude("reactor")
    assert session.deck.names == ("pump",)
    assert "it holds until the kernel ends" in caplog.text


def test_a_name_of_a_live_object_is_found_by_identity(open_session, names):
    session = open_session()
    assert session.name_of(names["reactor"]) == "reactor"
    assert session.name_of(Pump()) == ""


def test_the_saved_deck_can_be_used_without_the_hardware(open_session, names):
    open_session().close()
    names.clear()
    session = open_session(deck_name="elsewhere")
    session.deck.load_deck("bench")
    assert session.deck.names == ("pump", "reactor")
    assert session.deck.instrument("pump").method("dispense").parameter("volume_ml").unit == "mL"
    with pytest.raises(OfflineError):
        session.pipeline.submit(Call("pump", "refill"))
    session.deck.unload_deck()
    assert session.deck.names == ()


def test_a_deck_that_was_never_saved_is_refused_with_those_there_are(open_session):
    with pytest.raises(UnknownNameError, match="bench"):
        open_session().deck.load_deck("bnech")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": 1}', '{"format": "other"}'])
def test_a_damaged_deck_file_is_refused_by_name(open_session, tmp_path, text):
    path = tmp_path / "damaged.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecordsError, match="damaged"):
        open_session().deck.load_deck(path)


def test_the_saved_deck_is_plain_json(open_session):
    session = open_session()
    data = json.loads(session.folder.pseudo_deck("bench").read_text(encoding="utf-8"))
    assert "pump" in json.dumps(data)


def test_a_database_that_is_no_database_is_refused_with_its_path(tmp_path, open_session):
    folder = DataFolder(tmp_path / "ivoryos_data")
    folder.database.write_bytes(b"not a database, but long enough to look like a file" * 100)
    with pytest.raises(RecordsError, match=r"ivoryos\.db"):
        open_session()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything is writable for the superuser")
def test_a_read_only_folder_is_refused_with_the_cure(tmp_path, open_session):
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(RecordsError, match="IVORYOS_DATA"):
            open_session()
    finally:
        tmp_path.chmod(stat.S_IRWXU)


def test_a_folder_that_cannot_be_made_is_refused_with_the_cure(tmp_path, open_session, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("IVORYOS_DATA", str(tmp_path / "file" / "data"))
    with pytest.raises(RecordsError, match="IVORYOS_DATA"):
        open_session()


def test_what_belongs_to_a_session_is_made_once_whoever_asks_first(open_session):
    session = open_session()
    both, made = threading.Barrier(2), []

    def make(asked):
        made.append(asked)
        return object()

    def ask():
        both.wait(30)
        found.append(session.one(make))

    found = []
    askers = [threading.Thread(target=ask) for _ in range(2)]
    for one in askers:
        one.start()
    for one in askers:
        one.join(30)
    assert made == [session]
    assert found == [session.one(make)] * 2


def test_closing_twice_does_no_harm(open_session):
    session = open_session()
    session.close()
    session.close()


def test_without_a_session_the_message_says_how_to_begin():
    before = replace_session(None)
    try:
        with pytest.raises(CommandError, match="%load_ext ivoryos"):
            current_session()
    finally:
        replace_session(before)


def test_a_direct_call_is_recorded_with_its_operator(open_session, names):
    session = open_session()
    assert session.call(names["pump"].dispense, (), {"volume_ml": "2.5"}).result(30) == 7.5
    row = session.history.single_steps().iloc[0]
    assert (row["instrument"], row["method"], row["operator"], row["origin"], row["result"]) == ("pump", "dispense", "ada", "python", 7.5)


def test_a_direct_call_may_take_over_what_another_notebooks_run_holds(open_session, names):
    one, other = open_session(), open_session()
    claim = Claim(identify(names["pump"]).thing("pump", socket.gethostname()), "pump")
    one.store.begin_run(RunRequest("k", "titration", '{"name": "w"}', "w", "v", "bench"), 1, Setting(claims=(claim,)))
    with pytest.raises(BusyError, match="'titration'"):
        other.call("pump.dispense", (1.0,), {}).result(30)
    assert other.call("pump.dispense", (1.0,), {}, take_over=True).result(30) == 9.0
    assert list(one.history.events(kind="taken_over")["run"]) == [1]

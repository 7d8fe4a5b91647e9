"""Notices really arrive: over HTTP and by mail, on this machine; and what happens when they do not."""

from __future__ import annotations

import email
import email.policy
import json
import logging
import stat
import sys
import threading

import pytest
from aiosmtpd.controller import Controller

from ivoryos_jupyter.errors import ConversionError, NoticeError
from ivoryos_jupyter.notices import Notice
from ivoryos_jupyter.notices._secrets import label_of, scrubbed
from ivoryos_jupyter.notices._url import UrlHandler

SECRET = "hunter2-token"


@pytest.fixture
def smtp(inbox, nobody_listens):
    """A mail server; its port, and what arrived."""

    class Taker:
        async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
            inbox.put(email.message_from_bytes(envelope.content, policy=email.policy.default))
            return "250 OK"

    server = Controller(Taker(), hostname="127.0.0.1", port=nobody_listens)
    server.start()
    yield nobody_listens
    server.stop()


def test_a_question_is_posted(lab, web, inbox, until):
    lab.tell.add(f"json://ada:{SECRET}@127.0.0.1:{web}/{SECRET}", on="wait")
    run = lab.asking()
    (posted,) = inbox.wait(1)
    assert posted["title"] == "night waits for you: look at the vial"
    assert "Choices: continue, stop" in posted["message"]
    (row,) = until(lambda: lab.notified(run))
    assert (row["who"], row["ok"]) == (f"json://127.0.0.1:{web}", True)
    run.answer("continue")
    run.wait(30)


def test_a_question_is_mailed_in_lines_that_can_be_read(lab, smtp, inbox):
    lab.tell.add(f"mailto://127.0.0.1:{smtp}?from=lab@example.org&to=ada@example.org", on="wait")
    flow = lab.flow()
    flow.script.pause("is <b>it</b> clear & dry?")
    run = flow.submit()
    (mail,) = inbox.wait(1)
    assert mail["To"] == "ada@example.org"
    assert mail["Subject"] == "night waits for you: is <b>it</b> clear & dry?"
    lines = mail.get_body(("plain",)).get_content().splitlines()
    assert "It asks: is <b>it</b> clear & dry?" in lines
    assert "Choices: continue, stop" in lines
    run.answer("continue")
    run.wait(30)


def test_what_does_not_arrive_is_recorded_as_failed_without_the_secret(lab, nobody_listens, until, caplog):
    caplog.set_level(logging.DEBUG)
    entry = lab.tell.add(f"json://ada:{SECRET}@127.0.0.1:{nobody_listens}/{SECRET}", on="wait")
    run = lab.asking()
    (row,) = until(lambda: lab.notified(run))
    assert row["ok"] is False
    assert "onnection" in row["problem"]
    run.answer("continue")
    assert run.wait(30).outcome.value == "completed"
    shown = [repr(entry), repr(lab.tell), lab.tell._repr_html_(), caplog.text, json.dumps(run.events["detail"].tolist())]
    assert not [text for text in shown if SECRET in text]
    assert not [path for path in lab.session.folder.path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]


def test_what_apprise_says_to_others_is_left_alone(lab, web, caplog):
    lab.tell.add(f"json://127.0.0.1:{web}", on="wait")
    logging.getLogger("apprise").warning("of somebody else")
    assert "of somebody else" in caplog.text


@pytest.mark.parametrize("url", [f"nosuchservice://{SECRET}", f"mailto://{SECRET}", f"slack://{SECRET}"])
def test_an_address_that_cannot_be_used_is_refused_without_its_secret(lab, url, caplog, capfd):
    with pytest.raises(ConversionError, match="cannot be used as an address") as refused:
        lab.tell.add(url)
    assert SECRET not in str(refused.value)
    assert SECRET not in repr(refused.value.problems)
    assert SECRET not in caplog.text + capfd.readouterr().err


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("mailto://ada:pw@gmail.com", "mailto://gmail.com"),
        ("json://ada:pw@127.0.0.1:80/token", "json://127.0.0.1:80"),
        ("slack://T1/B2/c3/#general", "slack://…"),
        ("tgram://123:abc/45", "tgram://…"),
        ("jsons://localhost:8443/token", "jsons://localhost:8443"),
        ("mailto://password", "mailto://…"),
        ("json://[broken", "json://…"),
        ("json://host:port/x", "json://…"),
    ],
)
def test_a_label_names_the_service_and_no_secret(url, label):
    assert label_of(url) == label


def test_parts_of_an_address_are_blotted_out_of_an_error():
    url = "json://ada:pass%40word@127.0.0.1:8080/tok/en1234?key=qwerty"
    text = f"cannot reach {url}: pass@word, pass%40word, en1234, qwerty at 127.0.0.1:8080\nand more"
    assert scrubbed(text, url) == "cannot reach json://127.0.0.1:8080: …, …, …, … at 127.0.0.1:8080"


def test_without_apprise_the_cure_is_named(lab, monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(NoticeError, match=r'pip install "ivoryos_jupyter\[notify\]"'):
        lab.tell.add("mailto://ada:pw@gmail.com")


def test_a_service_that_raises_is_a_failure_without_the_secret(monkeypatch):
    handler = UrlHandler(f"json://127.0.0.1:1/{SECRET}")

    def notify(**_):
        raise RuntimeError(f"boom at {handler.url}")

    monkeypatch.setattr(handler, "check", lambda: type("Service", (), {"notify": staticmethod(notify)}))
    with pytest.raises(NoticeError, match="RuntimeError: boom") as failed:
        handler(Notice("end", "t", "t", 0))
    assert SECRET not in str(failed.value)


# Remembering


def test_an_address_that_is_remembered_is_told_after_a_restart(open_lab, web, inbox):
    first = open_lab()
    first.tell.add(f"json://127.0.0.1:{web}/{SECRET}", on="wait", name="chat", remember=True)
    first.tell.add(lambda _: None, name="lamp")
    path = first.session.folder.notify
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first.session.close()
    second = open_lab()
    assert [one.name for one in second.tell] == ["chat"]
    assert "remembered" in repr(second.tell)
    assert SECRET not in repr(second.tell)
    run = second.asking()
    inbox.wait(1)
    run.answer("continue")
    run.wait(30)
    second.tell.remove("chat")
    second.session.close()
    assert len(open_lab().tell) == 0


def test_a_remembered_address_is_kept_once_and_can_be_changed(open_lab, web):
    lab = open_lab()
    for on in ("wait", "end"):
        lab.tell.add(f"json://127.0.0.1:{web}", on=on, name="chat", remember=True)
    lab.session.close()
    (entry,) = open_lab().tell
    assert entry.wish.on == ("end",)


@pytest.mark.parametrize("text", ["{", "[]", '{"addresses": [3]}', '{"addresses": [{"name": "a", "url": "json://x", "on": ["lunch"]}]}'])
def test_a_file_that_cannot_be_read_is_named_and_keeps_nothing_from_working(open_lab, text, inbox, caplog):
    first = open_lab()
    path = first.session.folder.notify
    first.session.close()
    path.write_text(text, encoding="utf-8")
    lab = open_lab()
    assert "notify.json" in lab.tell.problem
    assert "notify.json" in repr(lab.tell)
    assert "notify.json" in caplog.text
    lab.tell.add(inbox.put, on="wait", name="lamp")
    with pytest.raises(NoticeError, match="Mend it"):
        lab.tell.add("json://127.0.0.1", remember=True)
    run = lab.asking()
    inbox.wait(1)
    run.answer("continue")
    run.wait(30)


def test_nothing_is_started_as_long_as_nobody_is_to_be_told(lab):
    run = lab.asking()
    assert not [one.name for one in threading.enumerate() if "notice" in one.name or "watchdog" in one.name]
    run.answer("continue")
    run.wait(30)

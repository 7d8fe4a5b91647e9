"""What a watchdog tells, to whom, and how often it tries."""

from __future__ import annotations

import io
import json
import sys

import pytest

from ivoryos_jupyter.errors import NoticeError
from ivoryos_jupyter.notices import tell_of_death
from ivoryos_jupyter.notices._death import death
from ivoryos_jupyter.notices._url import UrlHandler
from ivoryos_jupyter.notices.watchdog.__main__ import watch

RUN = {"name": "night", "key": "k", "id": 7, "step": "pump.dispense", "step_us": 1_700_000_000_000_000}


def told(port, log, **changes):
    addresses = [{"name": "chat", "url": f"json://127.0.0.1:{port}/hunter2"}]
    return {"run": RUN, "addresses": addresses, "log": str(log), "operator": "ada", "host": "lab-pc", "notebook": "n.ipynb", **changes}


def test_the_notice_says_which_run_and_what_is_in_doubt():
    notice = death({"run": RUN, "operator": "ada"}, 1_700_000_060_000_000)
    assert (notice.kind, notice.run, notice.run_id, notice.run_key, notice.step, notice.operator) == (
        *("died", "night", 7, "k", "pump.dispense"),
        "ada",
    )
    assert "In doubt: pump.dispense, begun" in notice.text
    assert "Cleanup: has not run" in notice.text


def test_between_two_steps_nothing_is_said_to_be_in_doubt():
    assert "no step was under way" in death({"run": {**RUN, "step": ""}}, 0).text


def test_who_cannot_be_reached_is_tried_again_and_given_up_in_the_end(nobody_listens, tmp_path):
    waited = []
    tell_of_death(told(nobody_listens, tmp_path / "default.log"), waited.append)
    assert waited == [0.0, 15.0, 60.0, 300.0]
    log = (tmp_path / "default.log").read_text(encoding="utf-8")
    assert "chat could not be told: A Connection error" in log
    assert "hunter2" not in log


def test_who_comes_back_is_told_once(web, inbox, tmp_path, monkeypatch):
    send = UrlHandler.__call__
    tries = []

    def failing_first(handler, notice):
        tries.append(handler)
        if len(tries) == 1:
            raise NoticeError("not yet")
        send(handler, notice)

    monkeypatch.setattr(UrlHandler, "__call__", failing_first)
    waited = []
    tell_of_death(told(web, tmp_path / "default.log"), waited.append)
    assert waited == [0.0, 15.0]
    assert len(inbox.wait(1)) == 1


def test_a_log_that_cannot_be_written_keeps_nobody_from_being_told(web, inbox, tmp_path):
    said = told(web, tmp_path / "gone" / "default.log")
    said["addresses"].append({"name": "broken", "url": "nosuch://x"})
    tell_of_death(said, lambda _: None)
    assert inbox.wait(1)[0]["title"].startswith("night: its kernel died")
    assert len(inbox.arrived) == 1


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ['{"run": null, "addresses": []}'],
        ['{"run": {"name": "night"}}', '{"bye": true}'],
        ['{"run": {"name": "night"}}', '{"run": null}'],
    ],
)
def test_without_a_run_or_after_a_farewell_nobody_is_told(lines, monkeypatch):
    monkeypatch.setattr("ivoryos_jupyter.notices.tell_of_death", lambda *_, **__: pytest.fail("told"))
    assert watch(io.StringIO("".join(f"{line}\n" for line in lines))) == 0


def test_half_a_line_is_left_out_and_the_last_whole_one_counts(monkeypatch):
    heard = []
    monkeypatch.setattr("ivoryos_jupyter.notices.tell_of_death", lambda said, wait: heard.append(dict(said)))
    whole = json.dumps({"run": RUN, "path": list(sys.path)})
    assert watch(io.StringIO(f'{whole}\n{{"run": nul')) == 0
    assert heard[0]["run"] == RUN

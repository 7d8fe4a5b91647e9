"""What loading says, in one line and no more unless a person is needed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from ivoryos_jupyter.journal import CallIntent, RunRequest, StepIntent, UnfinishedRun
from ivoryos_jupyter.notebook import first_line
from ivoryos_jupyter.schema import Limit
from ivoryos_jupyter.workflow import Workflow, to_json


def test_it_names_deck_data_database_and_limits(session):
    session.limits.save(Limit("pump", "dispense", "volume_ml", maximum=5, unit="mL"))
    line = first_line(session)
    assert line == "IvoryOS · deck: pump, reactor, spectrometer · data: ivoryos_data · database: ivoryos.db · 1 limit"


def test_it_names_whom_it_tells(session):
    session.notifications.add(lambda _: None, name="lamp")
    assert first_line(session).endswith(" · told: lamp")


def test_without_limits_it_warns(session):
    assert first_line(session).endswith("WARNING: no limits set")


def test_a_limits_file_that_cannot_be_read_is_said_to_block_every_call(session):
    session.folder.safety.write_text("{", encoding="utf-8")
    assert "every call is refused" in first_line(session)


def test_waiting_runs_are_on_hold_only_while_the_queue_is(session):
    session.runner.queue.hold("lunch")
    session.runner.submit(RunRequest("k", "night", to_json(Workflow(name="night")), "night", "v", "d", held=True))
    assert first_line(session).splitlines()[-1] == "1 in the queue, on hold: 'night'. Release with ivoryos.queue.release()."
    session.runner.queue.release()
    assert first_line(session).splitlines()[-1] == "1 in the queue: 'night'."


def test_a_long_deck_is_cut(session, deck):
    deck.update({f"pump{number}": type(deck["pump"])() for number in range(10)})
    session.refresh()
    assert "and 7 more" in first_line(session)


@pytest.mark.parametrize("real", [True, False])
def test_the_real_ivoryos_in_the_same_environment_is_pointed_out(tmp_path, real):
    if real:
        (tmp_path / "ivoryos").mkdir()
        (tmp_path / "ivoryos/__init__.py").write_text("", encoding="utf-8")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from ivoryos_jupyter.door import start, stop\nfrom ivoryos_jupyter.notebook import first_line\n"
        f"print(first_line(start({{}}, {str(tmp_path)!r}))); stop()"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8").stdout
    assert ("import ivoryos_jupyter as ivoryos" in said) is real


def test_what_was_under_way_when_the_kernel_died_is_said(session, monkeypatch):
    left = CallIntent("deck.pump.dispense", "pump", {"volume_ml": 2.0}, 1_763_000_000_000_000)
    monkeypatch.setattr(session, "calls_left", (left,))
    last = first_line(session).splitlines()[-1]
    assert last.startswith("pump.dispense(volume_ml=2.0), begun 2025-11-1")
    assert last.endswith("was under way when its kernel died; nobody knows whether it was done.")


@pytest.mark.parametrize(
    ("instrument", "method", "said"),
    [
        ("pump", "dispense", "; in doubt: pump.dispense."),
        ("pump", "rate_(setter)", "; in doubt: pump.rate."),
        ("", "wait", "; in doubt: wait."),
        ("", "pause", "."),
    ],
)
def test_only_what_somebody_has_to_decide_about_is_called_in_doubt(session, monkeypatch, instrument, method, said):
    intent = StepIntent(1, "s1", 1, method, instrument, 1, {})
    request = RunRequest("k", "night", "{}", "night", "v", "d")
    left = UnfinishedRun(7, request, ((1, intent),))
    monkeypatch.setattr(session, "_left", (left,))
    monkeypatch.setattr(session.store, "interrupted", lambda: (left,))
    assert f"Run 7 'night' was interrupted{said} Decide with ivoryos.recover(7)." in first_line(session)
    other = UnfinishedRun(7, replace(request, notebook="bench/left.ipynb"), ((1, intent),))
    monkeypatch.setattr(session, "_left", (other,))
    assert "Run 7 'night' of left.ipynb was interrupted" in first_line(session)
    monkeypatch.setattr(session.store, "interrupted", tuple)
    assert "interrupted" not in first_line(session), "somebody has decided meanwhile"


def test_what_waits_of_another_notebook_whose_kernel_is_gone_is_said(session, monkeypatch):
    monkeypatch.setattr(session.store, "left_waiting", lambda: {"bench/left.ipynb": ["night", "day"]})
    assert first_line(session).splitlines()[-1] == (
        "2 wait in the queue of left.ipynb, whose kernel is gone: 'night', 'day'. Load the extension there, "
        "or let them wait here: ivoryos.queue.take_up('left.ipynb')."
    )

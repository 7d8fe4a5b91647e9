"""Is the time of a step and of a run told from what was recorded, and not guessed?"""

from __future__ import annotations

import pytest

from ivoryos_jupyter.journal import PastCall
from ivoryos_jupyter.notebook import span
from ivoryos_jupyter.widgets.builders._times import Times
from ivoryos_jupyter.workflow import Action, Comment, GetProperty, WaitFor

KNOWN = {
    ("pump", "dispense"): [PastCall(seconds) for seconds in (9.0, 10.0, 11.0)],
    ("reactor", "heat"): [PastCall(60.0)],
    ("reactor", "temperature"): [PastCall(600.0, waited=True), PastCall(0.2)],
}


@pytest.fixture
def times():
    return Times(lambda instrument, method: KNOWN.get((instrument, method), []))


def _call(instrument="pump", method="dispense"):
    return Action(id="", instrument=instrument, method=method)


def test_a_step_takes_what_it_took_before_with_its_spread(times):
    assert times.usual(_call()) == "10 s ± 1 s"
    assert times.usual(_call("reactor", "heat")) == "1 min"


def test_without_history_nothing_is_said(times):
    assert times.usual(_call("pump", "new")) == ""
    assert times.usual(Comment(id="", text="x")) == ""


def test_a_wait_for_a_reading_is_told_from_a_reading(times):
    read = GetProperty(id="", instrument="reactor", property="temperature")
    wait = WaitFor(id="", instrument="reactor", property="temperature", condition="reading > 5")
    assert times.usual(read) == "0.2 s"
    assert times.usual(wait) == "10 min"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.204, "0.2 s"), (31.4, "31 s"), (250, "4 min"), (22_200, "6 h 10 min"), (3590, "1 h"), (360_000, "4 d 4 h"), (172_800, "2 d")],
)
def test_times_are_said_as_people_say_them(seconds, words):
    assert span(seconds) == words


def test_the_form_tells_what_was_recorded_of_real_runs(bench):
    step = bench.dispense()
    bench.edit("value", id=step, field="volume_ml", choice="value", given={"text": "0.1"})
    assert bench.ask("form", step=step)["usual"] == ""
    bench.ask("submit", repeat=3)
    for status in bench.session.runner.runs:
        bench.session.runner.handle(status.key).wait(30)
    assert bench.ask("form", step=step)["usual"].split()[1] == "s"
    assert bench.ask("rows", repeat=2)["estimate"].startswith("about")

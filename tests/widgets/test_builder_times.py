"""Is the time of a step and of a run told from what was recorded, and not guessed?"""

from __future__ import annotations

import pytest

from ivoryos_jupyter.widgets.builders._times import Times, span
from ivoryos_jupyter.widgets.builders._workshop import Submission
from ivoryos_jupyter.workflow import Action, Branch, Comment, Constant, ForEach, If, Repeat, Variable, Wait, While, Workflow

KNOWN = {("pump", "dispense"): [9.0, 10.0, 11.0], ("reactor", "heat"): [60.0]}


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
    assert times.estimate(Submission(Workflow(name="w", script=(_call("pump", "new"),)))) == ""


@pytest.mark.parametrize(
    ("steps", "seconds"),
    [
        ((_call(),), "20 s"),
        ((Repeat(id="", times=Constant(3), body=(_call(),)),), "1 min"),
        ((ForEach(id="", item="i", items=Constant([1, 2, 3]), body=(_call(),)),), "1 min"),
        ((While(id="", condition="x", body=(_call(),)),), "20 s"),
        ((If(id="", branches=(Branch("x", (_call(),)),), otherwise=(_call("reactor", "heat"),)),), "2 min"),
        ((_call(), Wait(id="", seconds=Constant(50))), "2 min"),
        ((_call(), Wait(id="", seconds=Variable("x"))), "20 s"),
        ((_call(), Action(id="", instrument="reactor", method="heat", disabled=True)), "20 s"),
    ],
)
def test_a_run_takes_the_time_of_its_steps_for_each_round(times, steps, seconds):
    said = times.estimate(Submission(Workflow(name="w", script=steps), repeat=2))
    assert said.startswith(f"about {seconds}")
    assert "ends" in said


def test_steps_without_history_are_counted(times):
    said = times.estimate(Submission(Workflow(name="w", prep=(_call(),), script=(_call("pump", "new"),)), rows=({}, {})))
    assert said.endswith("1 step has no history yet")


@pytest.mark.parametrize(("seconds", "words"), [(0.204, "0.2 s"), (31.4, "31 s"), (250, "4 min"), (22_200, "6 h 10 min")])
def test_times_are_said_as_people_say_them(seconds, words):
    assert span(seconds) == words


def test_the_form_tells_what_was_recorded_of_real_runs(bench):
    step = bench.dispense()
    bench.edit("value", id=step, field="volume_ml", choice="value", given={"text": "0.1"})
    assert bench.ask("form", step=step)["usual"] == ""
    bench.ask("submit", repeat=3)
    for status in bench.session.runner.runs:
        bench.session.runner.handle(status.key).wait(10)
    assert bench.ask("form", step=step)["usual"].split()[1] == "s"
    assert bench.ask("rows", repeat=2)["estimate"].startswith("about")

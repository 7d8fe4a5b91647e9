"""The run dialog rehearses what it would submit."""

from __future__ import annotations

from ivoryos_jupyter.schema import Limit


def dispense(bench, volume):
    step = bench.dispense()
    bench.edit("value", id=step, field="volume_ml", choice="value", given={"text": volume})
    return step


def test_a_rehearsal_tells_time_totals_and_what_was_assumed_and_queues_nothing(bench):
    dispense(bench, "0.5")
    found = bench.ask("rehearse", repeat=3)
    assert found["ok"]
    assert found["headline"].startswith("completed")
    assert (found["standing"], found["verdict"]) == ("assumed", "No problem found, but 1 duration and 1 result were assumed")
    assert found["totals"] == [
        {"instrument": "pump", "method": "dispense", "calls": 3, "time": "not known", "amounts": "volume_ml: 1.5 mL in all"}
    ]
    assert [one["about"] for one in found["assumed"]] == ["pump.dispense lasts", "pump.dispense returns"]
    assert found["faults"] == []
    assert not bench.session.runner.runs


def test_problems_and_faults_name_their_step(bench):
    step = dispense(bench, "0.5")
    bench.session.limits.save(Limit("pump", "dispense", "rate_ml_min", maximum=0.1))
    found = bench.ask("rehearse", repeat=2, faults=True)
    assert [(one["step"], one["sure"]) for one in found["problems"]] == [(step, True)]
    assert "(first in script 1, 2 times)" in found["problems"][0]["text"]
    assert not found["ok"]
    bench.session.limits.remove("pump", "dispense", "rate_ml_min")
    faults = bench.ask("rehearse", faults=True)["faults"]
    assert {one["step"] for one in faults} == {step}
    assert {one["safe"] for one in faults} == {False}
    assert faults[0]["left"] == "pump"

"""Interlocks and budgets are set from the notebook, shown with what is used, and checked before a run moves anything."""

import pytest

from ivoryos_jupyter.errors import ConversionError, InterlockError, SafetyFileError, UnknownNameError, WorkflowError
from ivoryos_jupyter.notebook import Budgets, Interlocks, WorkflowHandle, first_line
from ivoryos_jupyter.workflow import at_run


@pytest.fixture
def interlocks(session):
    return Interlocks(session)


@pytest.fixture
def budgets(session):
    return Budgets(session)


def test_a_rule_is_added_shown_holds_and_is_removed(session, interlocks):
    assert "No interlocks" in repr(interlocks)
    interlocks.add("when pump.dispense: require reactor.temperature > 500")
    assert "1" in repr(interlocks)
    assert "<td" in interlocks._repr_html_()
    assert "&gt; 500" in interlocks._repr_html_()
    with pytest.raises(InterlockError):
        session.call("pump.dispense", (), {"volume_ml": 1.0}).result(30)
    interlocks.remove(1)
    session.call("pump.dispense", (), {"volume_ml": 1.0}).result(30)
    assert len(interlocks) == 0


def test_a_rule_is_removed_by_its_text_too(interlocks):
    rule = "when pump.dispense: require reactor.temperature > 5"
    interlocks.add(rule).add(rule)
    assert list(interlocks) == [rule]
    with pytest.raises(UnknownNameError):
        interlocks.remove(7)
    with pytest.raises(UnknownNameError):
        interlocks.remove("when pump.rinse: require reactor.temperature > 5")
    assert list(interlocks.remove("when  pump.dispense : require reactor.temperature > 5")) == []


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("when pmp.dispense: require reactor.temperature > 5", "did you mean pump"),
        ("when pump.dispence: require reactor.temperature > 5", "did you mean dispense"),
        ("when pump.dispense: require reactor.temprature > 5", "did you mean temperature"),
        ("when pump.dispense: require reaktor.temperature > 5", "did you mean reactor"),
        ("when pump.dispense with volume > 5: require reactor.temperature > 5", "did you mean volume_ml"),
        ("when pump.dispense: require pump.dispense > 5", "last(pump.dispense)"),
        ("when pump.flow_rate: require reactor.temperature > 5", "when set pump.flow_rate"),
        ("when set pump.flowrate: require value < 5", "did you mean flow_rate"),
        ("when pump.dispense: require reactor and 5", "reactor."),
        ("when rinse_all: require reactor.temperature > 5", "building block"),
        ("when pump.dispense: require last(pump.dispens) > 5", "did you mean dispense"),
        ("when pump.dispense: require reactor.mode != 'HEATT'", "reactor.mode is never 'HEATT'; did you mean HEAT"),
        ("when pump.dispense: require reactor.stirring in ['gentle', 'vigorus']", "did you mean vigorous"),
        ("when reactor.set_mode with mode == 'COOLL': require pump.flow_rate > 1", "mode is never 'COOLL'"),
    ],
)
def test_a_rule_about_what_is_not_there_is_refused_with_the_closest_name(interlocks, rule, said):
    with pytest.raises(ConversionError) as caught:
        interlocks.add(rule)
    assert said in str(caught.value)
    assert len(interlocks) == 0


def test_a_budget_is_added_charged_shown_and_set_back(session, budgets):
    assert "No budgets" in repr(budgets)
    budgets.add("pump.dispense", "volume_ml", at_most=5, since="refilled")
    session.call("pump.dispense", (), {"volume_ml": 4.0}).result(30)
    assert "pump.dispense.volume_ml: at most 5 mL since refilled" in repr(budgets)
    assert "4 mL" in repr(budgets)
    assert "1 mL" in budgets._repr_html_()
    with pytest.raises(UnknownNameError, match="did you mean refilled"):
        budgets.reset("pump", "refiled")
    budgets.reset("pump", "refilled")
    assert "0 mL" in repr(budgets)
    (event,) = session.history.events(kind="budget_reset")["detail"]
    assert event["operator"] == "ada"
    budgets.remove(1)
    assert len(budgets) == 0
    with pytest.raises(UnknownNameError):
        budgets.remove(1)


def test_sources_are_joined_and_understood(budgets):
    budgets.add("pump.dispense.volume_ml + reactor.charge.portions", at_most=20, per="day")
    budgets.add("pump.dispense", at_most=5, per="minute")
    budgets.add("set reactor.temperature", at_most=5, per="hour")
    assert [one.text for one in budgets] == [
        "pump.dispense.volume_ml + reactor.charge.portions: at most 20 per day",
        "pump.dispense: at most 5 calls per minute",
        "set reactor.temperature: at most 5 calls per hour",
    ]


@pytest.mark.parametrize(
    ("uses", "param", "more", "said"),
    [
        ("pump.dispense", "volume", {"per": "run"}, "did you mean volume_ml"),
        ("pump.dispens", "volume_ml", {"per": "run"}, "did you mean dispense"),
        ("pmp.dispense", "volume_ml", {"per": "run"}, "did you mean pump"),
        ("pump.dispense", "volume_ml", {}, "one of both"),
        ("pump.dispense", "volume_ml", {"per": "run", "since": "refilled"}, "one of both"),
        ("pump.dispense", "volume_ml", {"per": "week"}, "must be one of"),
        ("pump.dispense", "volume_ml", {"per": "run", "at_most": float("nan")}, "must be a number"),
        ("pump.dispense", "volume_ml", {"since": "pump.refil"}, "no method refil"),
        ("set pump.flow_rat", None, {"per": "run"}, "did you mean flow_rate"),
    ],
)
def test_a_budget_that_makes_no_sense_is_refused(budgets, uses, param, more, said):
    with pytest.raises(ConversionError) as caught:
        budgets.add(uses, param, **{"at_most": 5, **more})
    assert said in str(caught.value)


def test_a_run_that_needs_more_than_a_budget_is_refused_before_anything_moves(session, budgets, deck):
    budgets.add("pump.dispense", "volume_ml", at_most=5, per="run")
    wf = WorkflowHandle(session, "dosing")
    wf.script.call(deck["pump"].dispense, volume_ml=at_run("volume"))
    table = [{"volume": 2.0}, {"volume": 2.0}, {"volume": 2.0}]
    (finding,) = wf.findings(table)
    assert finding.message == "the run would need at least 6 mL of 5 mL per run (pump.dispense.volume_ml)"
    with pytest.raises(WorkflowError, match="at least 6 mL of 5 mL per run"):
        wf.submit(table)
    assert wf.findings(table[:2]) == []


def test_the_first_line_counts_rules_and_names_those_that_fit_nothing(session, interlocks, budgets, deck):
    assert "interlock" not in first_line(session)
    interlocks.add("when pump.dispense: require reactor.temperature > 5").add("when pump.refill: require reactor.temperature > 5")
    budgets.add("pump.dispense", "volume_ml", at_most=5, per="run")
    assert "no limits set · 2 interlocks · 1 budget" in first_line(session)
    del deck["reactor"]
    session.refresh()
    assert "the deck has no reactor" in first_line(session)
    assert "the deck has no reactor" in repr(interlocks)


def test_rules_that_cannot_be_read_are_said_at_once(session, interlocks):
    session.folder.rules.write_text("[]", encoding="utf-8")
    assert "every call is refused, The rules file" in first_line(session)
    with pytest.raises(SafetyFileError):
        session.call("pump.dispense", (), {"volume_ml": 1.0})
    with pytest.raises(SafetyFileError):
        interlocks.add("when pump.dispense: require reactor.temperature > 5")


def test_a_choice_is_compared_by_name_or_value_as_argument_and_as_property(session, interlocks):
    interlocks.add("when reactor.set_mode with mode == 1: require pump.flow_rate > 1000")
    interlocks.add("when pump.refill: require reactor.mode in ('HEAT', 'COOL')")
    with pytest.raises(InterlockError):
        session.call("reactor.set_mode", (), {"mode": "HEAT"}).result(30)
    with pytest.raises(InterlockError, match="OFF"):
        session.call("pump.refill", (), {}).result(30)
    session.call("reactor.set_mode", (), {"mode": "COOL"}).result(30)
    session.call("pump.refill", (), {}).result(30)

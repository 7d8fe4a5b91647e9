"""What a run needs at least is known beforehand, as far as constants, rows and counts tell."""

import pytest

from ivoryos_jupyter.schema import Budget, DeckSchema, Default, Instrument, Method, Number, Parameter, Property, Source
from ivoryos_jupyter.workflow import (
    Action,
    AtRun,
    Branch,
    CallWorkflow,
    Constant,
    Expression,
    ForEach,
    If,
    Repeat,
    SetProperty,
    SetVariable,
    Variable,
    While,
    Workflow,
    check_budgets,
)

VOLUME = Parameter("volume", Number(), default=Default("1.0", 1.0, known=True))
DECK = DeckSchema(
    "lab",
    (
        Instrument(
            "pump",
            "lab:Pump",
            methods=(Method("dose", (VOLUME,)), Method("refill")),
            properties=(Property("rate", Parameter("value", Number()), settable=True),),
        ),
    ),
)
PER_RUN = Budget((Source("pump", "dose", "volume"),), 10, "run", unit="mL")


def dose(volume=None, **more):
    arguments = (
        {} if volume is None else {"volume": volume if hasattr(volume, "tag") or not isinstance(volume, int | float) else Constant(volume)}
    )
    return Action(id=more.pop("id", "d"), instrument="pump", method="dose", arguments=arguments, **more)


def need(*script, budget=PER_RUN, used=0.0, prep=(), cleanup=(), nested=None, **plan):
    """Return the messages for a budget so small that it is always exceeded by anything more than its size."""
    wf = Workflow(name="w", prep=tuple(prep), script=tuple(script), cleanup=tuple(cleanup), nested=nested or {})
    return [one.message for one in check_budgets(wf, DECK, [(budget, used)], **plan)]


@pytest.mark.parametrize(
    ("script", "plan", "least"),
    [
        ([dose(11)], {}, 11),
        ([dose()] * 11, {}, 11),
        ([dose(6), dose(6)], {}, 12),
        ([dose(6)], {"repeat": 2}, 12),
        ([dose(AtRun("v"))], {"rows": [{"v": 6}, {"v": "7"}]}, 13),
        ([dose(Expression("v * 2"))], {"rows": [{"v": 6}]}, 12),
        ([Repeat(id="r", times=Constant(3), body=(dose(4),))], {}, 12),
        ([Repeat(id="r", times=AtRun("n"), body=(dose(4),))], {"rows": [{"n": 3}]}, 12),
        ([ForEach(id="f", item="v", items=Constant([5, 6]), body=(dose(Variable("v")),))], {}, 11),
        ([If(id="i", branches=(Branch("v > 3", (dose(12),)),), otherwise=(dose(2),))], {"rows": [{"v": 4}]}, 12),
        ([If(id="i", branches=(Branch("x > 3", (dose(12),)),), otherwise=(dose(14),))], {}, 12),
        ([dose(4, once_per_batch=True)], {"rows": [{}] * 6, "batch_size": 2}, 12),
        ([dose(-11)], {}, 11),
    ],
)
def test_the_least_a_run_needs_is_summed_over_rows_rounds_and_branches(script, plan, least):
    assert need(*script, **plan) == [f"the run would need at least {least} mL of 10 mL per run (pump.dose.volume)"]


@pytest.mark.parametrize(
    ("script", "plan"),
    [
        ([dose(10)], {}),
        ([dose(AtRun("v"))], {"rows": []}),
        ([dose(20, disabled=True)], {}),
        ([dose(Variable("x"))] * 20, {}),
        ([While(id="w", condition="x > 3", body=(dose(20),))], {}),
        ([If(id="i", branches=(Branch("x > 3", (dose(20),)),))], {}),
        ([If(id="i", branches=(Branch("v > 3", (dose(20),)),))], {"rows": [{"v": 2}]}),
        ([Repeat(id="r", times=Variable("x"), body=(dose(20),))], {}),
        ([dose(5, once_per_batch=True)], {"rows": [{}] * 4, "batch_size": 2}),
        ([SetVariable(id="v", name="x", value=Constant(20)), dose(0)], {}),
    ],
)
def test_what_may_not_be_needed_is_not_held_against_a_run(script, plan):
    assert need(*script, **plan) == []


def test_prep_and_cleanup_count_once():
    assert need(dose(2), prep=[dose(4)], cleanup=[dose(4)], repeat=2)
    assert not need(dose(2), prep=[dose(4)], cleanup=[dose(4)], repeat=1)


def test_a_nested_workflow_counts_with_its_arguments():
    inner = Workflow(name="inner", script=(dose(AtRun("v")),))
    call = CallWorkflow(id="c", workflow="inner", version="1", arguments={"v": AtRun("w")})
    assert need(call, nested={"1": inner}, rows=[{"w": 6}, {"w": 6}])
    assert not need(call, nested={"1": inner}, rows=[{"w": 6}, {"w": 4}])


def test_calls_and_settings_can_be_counted():
    calls = Budget((Source("pump", "dose"), Source("pump", "rate_(setter)")), 2, "run")
    rate = SetProperty(id="s", instrument="pump", property="rate", value=Variable("x"))
    assert need(dose(Variable("x")), dose(1), rate, budget=calls)
    assert not need(dose(1), rate, budget=calls)


def test_what_can_be_set_back_or_frees_itself_is_a_warning_with_what_is_used():
    wf = Workflow(name="w", script=(dose(6),))
    (finding,) = check_budgets(wf, DECK, [(Budget(PER_RUN.sources, 10, since="refilled"), 5.0)])
    assert finding.severity == "warning"
    assert "and 5 are used already" in finding.message
    assert finding.step == "d"


def test_a_run_that_sets_the_budget_back_itself_is_left_alone():
    refill = Action(id="r", instrument="pump", method="refill")
    budget = Budget(PER_RUN.sources, 10, since="pump.refill")
    assert need(dose(6), budget=budget, used=9.0)
    assert not need(refill, dose(6), budget=budget, used=9.0)

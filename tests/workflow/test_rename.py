"""A name that is called otherwise now is replaced wherever it is used."""

from __future__ import annotations

from hypothesis import given, settings

from ivoryos_jupyter.testing._strategies import workflows
from ivoryos_jupyter.workflow import Action, Branch, Expression, Finding, If, Repair, Variable, While, Workflow, apply_repair, walk


def renamed(workflow, old, new):
    return apply_repair(workflow, Finding("x", "error", "undefined-name", "", repair=Repair("", "rename", old, new)))


def test_values_formulas_and_conditions_follow_and_texts_and_longer_names_do_not():
    use = Action(id="a", instrument="pump", method="dose", arguments={"ml": Variable("left"), "x": Expression("left * left_over")})
    ask = If(id="i", branches=(Branch('left < 5 and kind == "left"'), Branch("not left")), otherwise=(use,))
    loop = While(id="w", condition="#left > 1", body=(ask,))
    (done,) = renamed(Workflow(name="n", script=(loop,)), "left", "rest").script
    assert done.condition == "#rest > 1"
    (inner,) = done.body
    assert [one.condition for one in inner.branches] == ['rest < 5 and kind == "left"', "not rest"]
    assert inner.otherwise[0].arguments == {"ml": Variable("rest"), "x": Expression("rest * left_over")}


@given(workflows())
@settings(max_examples=40, deadline=None)
def test_a_name_that_nobody_uses_changes_nothing(workflow):
    assert renamed(workflow, "nobody_uses_this", "other") == workflow
    assert [one.step.id for one in walk(renamed(workflow, "n", "m"))] == [one.step.id for one in walk(workflow)]

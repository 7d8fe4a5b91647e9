"""Rows in batches: what is done for each sample, once for all of them, and for the group that a branch or a loop leaves."""

from __future__ import annotations

from dataclasses import replace

from ivoryos_jupyter.journal import Outcome
from ivoryos_jupyter.workflow import AtRun, Branch, Constant, Expression, If, Repeat, SetVariable, Variable, While


def of_table(*volumes):
    return tuple({"v": float(volume)} for volume in volumes)


def run(lab, flow, *steps, rows, size, **phases):
    status = lab.submit(flow(*steps, **phases), rows=rows, batch_size=size).wait(30)
    assert status.outcome is Outcome.COMPLETED, status.error
    return status


def once(step, *gathered):
    return replace(step, once_per_batch=True, consolidate=gathered)


def test_the_rows_are_taken_in_batches_and_the_last_one_holds_what_is_left(lab, act, flow):
    status = run(lab, flow, act("dose", volume=AtRun("v")), act("measure", outputs=("a", "b")), rows=of_table(1, 2, 3, 4, 5), size=2)
    assert status.iterations == 3
    assert lab.pump.calls == [
        *[("dose", 1.0), ("dose", 2.0), ("measure", None), ("measure", None)],
        *[("dose", 3.0), ("dose", 4.0), ("measure", None), ("measure", None)],
        *[("dose", 5.0), ("measure", None)],
    ]


def test_prep_and_cleanup_are_done_once_whatever_the_batches(lab, act, flow):
    dose = act("dose", volume=AtRun("v"))
    run(lab, flow, dose, rows=of_table(1, 2, 3), size=2, prep=(act("clean"),), cleanup=(act("clean"),))
    assert [name for name, _ in lab.pump.calls] == ["clean", "dose", "dose", "dose", "clean"]


def test_what_is_gathered_are_the_values_of_the_batch_under_way(lab, act, flow):
    run(lab, flow, once(act("mix", samples=AtRun("v"), outputs=("total",)), "samples"), rows=of_table(1, 2, 3), size=2)
    assert lab.pump.calls == [("mix", [1.0, 2.0]), ("mix", [3.0])]


def test_what_a_step_once_per_batch_gave_is_there_for_every_sample(lab, act, flow):
    mix = once(act("mix", samples=AtRun("v"), outputs=("total",)), "samples")
    run(lab, flow, mix, act("dose", volume=Variable("total")), rows=of_table(1, 2, 3), size=3)
    assert lab.pump.doses == [6.0, 6.0, 6.0]


def test_in_a_branch_the_values_of_its_group_are_gathered(lab, act, flow):
    mix = once(act("mix", samples=AtRun("v")), "samples")
    other = once(act("mix", samples=AtRun("v"), id="other"), "samples")
    step = If(id="if", branches=(Branch("v > 1.5", (mix,)),), otherwise=(other,))
    run(lab, flow, step, act("clean"), rows=of_table(1, 2, 3), size=3)
    assert sorted(values for name, values in lab.pump.calls if name == "mix") == [[1.0], [2.0, 3.0]]
    assert [name for name, _ in lab.pump.calls].count("clean") == 3


def test_samples_of_different_length_leave_a_loop_one_by_one_and_meet_behind_it(lab, act, flow):
    down = SetVariable(id="down", name="left", value=Expression("left - 1"))
    begin = SetVariable(id="begin", name="left", value=AtRun("v"))
    loop = While(id="w", condition="left > 0", body=(down, once(act("mix", samples=Variable("left")), "samples")))
    run(lab, flow, begin, loop, act("clean"), rows=of_table(1, 3, 2), size=3)
    mixed = [values for name, values in lab.pump.calls if name == "mix"]
    assert mixed == [[0.0, 2.0, 1.0], [1.0, 0.0], [0.0]]
    assert [name for name, _ in lab.pump.calls][-3:] == ["clean"] * 3


def test_a_loop_whose_number_differs_gives_each_sample_its_own_rounds(lab, act, flow):
    rows = tuple({"v": float(n), "n": n} for n in (2, 0, 1))
    run(lab, flow, Repeat(id="r", times=AtRun("n"), body=(act("dose", volume=AtRun("v")),)), rows=rows, size=3)
    assert lab.pump.doses == [2.0, 1.0, 2.0]


def test_once_per_batch_in_a_branch_nobody_takes_is_not_done(lab, act, flow):
    step = If(id="if", branches=(Branch("#v > 10", (once(act("clean")),)),))
    run(lab, flow, step, rows=of_table(1, 2), size=2)
    assert lab.pump.calls == []


def test_a_batch_larger_than_the_table_is_one_batch(lab, act, flow):
    status = run(lab, flow, act("dose", volume=AtRun("v")), act("clean"), rows=of_table(1, 2), size=10)
    assert status.iterations == 1
    assert [name for name, _ in lab.pump.calls] == ["dose", "dose", "clean", "clean"]


def test_by_count_the_iterations_are_taken_in_batches_as_rows_are(lab, act, flow):
    lab.submit(flow(act("dose", volume=Constant(1.0)), once(act("clean"))), repeat=3, batch_size=2).wait(30)
    assert [name for name, _ in lab.pump.calls] == ["dose", "dose", "clean", "dose", "clean"]

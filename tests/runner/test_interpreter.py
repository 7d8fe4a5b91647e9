"""What comes next, for one sample and for batches; no threads, no instruments."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from ivoryos_jupyter.journal import RunRequest
from ivoryos_jupyter.runner import Interpreter, Plan, Program
from ivoryos_jupyter.runner._effects import AskAboutError, BeginPhase, DoCall, DoDecide, Done, DoNote, EndPhase, Failed, Note, Retry, Skip
from ivoryos_jupyter.workflow import (
    Action,
    AtRun,
    Branch,
    CallWorkflow,
    Comment,
    Constant,
    Expression,
    ForEach,
    If,
    OnError,
    Repeat,
    SetVariable,
    Variable,
    While,
    Workflow,
    content_hash,
    step_index,
)


def call(name, outputs=(), **more):
    known = {"once_per_batch", "consolidate", "on_error", "disabled"}
    arguments = {key: value for key, value in more.items() if key not in known}
    fields = {key: value for key, value in more.items() if key in known}
    return Action(id=name, instrument="pump", method=name, arguments=arguments, outputs=outputs, **fields)


def walk(steps, *rows, nested=None, results=None):
    """Return the calls (name, sample, arguments) and notes that a phase asks for, and the contexts at its end."""
    flow = Workflow(name="w", script=tuple(steps), nested=nested or {})
    contexts = [dict(row) for row in rows] or [{}]
    machine = Interpreter(flow.script, contexts, step_index(flow), flow.nested)
    calls, notes = [], []
    results = results or {}
    while (effect := machine.next()) is not None:
        if isinstance(effect, Note):
            notes.append((effect.kind, effect.detail))
            machine.feed(Done())
        elif effect.problem is not None:
            raise effect.problem
        else:
            if isinstance(effect, DoCall):
                calls.append((effect.member, effect.sample, dict(effect.arguments)))
            result = results.get(effect.method_name, len(calls))
            machine.feed(Done(effect.name(result)))
    return calls, notes, contexts


def names(calls):
    return [name for name, *_ in calls]


def test_each_step_is_done_by_all_samples_before_the_next():
    calls, _, _ = walk([call("a"), call("b")], {}, {}, {})
    assert [(name, sample) for name, sample, _ in calls] == [("a", 0), ("a", 1), ("a", 2), ("b", 0), ("b", 1), ("b", 2)]


def test_values_come_from_constants_the_table_earlier_steps_and_formulas():
    steps = [
        call("a", ("got",), x=Constant(1), y=AtRun("volume")),
        call("b", x=Variable("got"), y=Expression("volume * 2 + got")),
    ]
    calls, _, _ = walk(steps, {"volume": 5}, results={"a": 100})
    assert calls == [("a", 0, {"x": 1, "y": 5}), ("b", 0, {"x": 100, "y": 110})]


def test_once_per_batch_runs_with_the_first_sample_and_its_names_go_to_all():
    steps = [call("a", ("t",), once_per_batch=True, x=AtRun("v")), call("b", x=Variable("t"))]
    calls, _, contexts = walk(steps, {"v": 1}, {"v": 2}, results={"a": 7})
    assert calls == [("a", 0, {"x": 1}), ("b", 0, {"x": 7}), ("b", 1, {"x": 7})]
    assert [context["t"] for context in contexts] == [7, 7]


def test_consolidated_arguments_are_gathered_over_the_samples():
    steps = [call("a", once_per_batch=True, consolidate=("xs",), xs=AtRun("v"), y=AtRun("v"))]
    calls, _, _ = walk(steps, {"v": 1}, {"v": 2}, {"v": 3})
    assert calls == [("a", 0, {"xs": [1, 2, 3], "y": 1})]


def test_an_if_splits_the_batch_and_runs_each_branch_for_its_group():
    step = If(id="i", branches=(Branch("v < 2", (call("low"),)), Branch("v < 4", (call("mid"),))), otherwise=(call("high"),))
    calls, notes, _ = walk([step, call("after")], {"v": 5}, {"v": 1}, {"v": 3}, {"v": 0})
    assert [(name, sample) for name, sample, _ in calls][:4] == [("low", 1), ("low", 3), ("mid", 2), ("high", 0)]
    assert [sample for name, sample, _ in calls if name == "after"] == [0, 1, 2, 3]
    assert notes[0][1]["taken"] == {"else": [0], "branch:0": [1, 3], "branch:1": [2]}


def test_repeat_and_while_advance_together_and_samples_drop_out():
    steps = [Repeat(id="r", times=AtRun("n"), body=(call("a"),))]
    calls, _, _ = walk(steps, {"n": 1}, {"n": 3}, {"n": 0})
    assert [(name, sample) for name, sample, _ in calls] == [("a", 0), ("a", 1), ("a", 1), ("a", 1)]
    steps = [
        While(id="w", condition="n > 0", body=(SetVariable(id="v", name="n", value=Expression("n - 1")), call("a"))),
    ]
    calls, notes, _ = walk(steps, {"n": 1}, {"n": 2})
    assert [sample for _, sample, _ in calls] == [0, 1, 1]
    assert [detail["path"] for kind, detail in notes if kind == "loop"] == ["w[1]", "w[2]"]


def test_for_each_gives_its_item_to_the_body():
    steps = [ForEach(id="f", item="x", items=AtRun("xs"), body=(call("a", x=Variable("x")),))]
    calls, _, _ = walk(steps, {"xs": [1, 2]}, {"xs": (3,)})
    assert [arguments["x"] for *_, arguments in calls] == [1, 3, 2]


def test_a_disabled_step_is_passed_over_with_all_that_lies_in_it():
    steps = [call("a", disabled=True), Repeat(id="r", disabled=True, times=Constant(3), body=(call("b"),)), call("c")]
    assert names(walk(steps)[0]) == ["c"]


def test_a_block_once_per_batch_runs_for_the_first_sample_and_spreads_what_it_wrote():
    body = (call("a", ("t",)), SetVariable(id="s", name="u", value=Variable("v")))
    steps = [Repeat(id="r", times=Constant(2), body=body, once_per_batch=True), call("b", x=Variable("t"), y=Variable("u"))]
    calls, _, _ = walk(steps, {"v": 1}, {"v": 2}, results={"a": 9})
    assert names(calls) == ["a", "a", "b", "b"]
    assert [arguments for *_, arguments in calls[2:]] == [{"x": 9, "y": 1}] * 2


def test_a_nested_workflow_sees_only_its_arguments_and_gives_only_its_outputs():
    inner = Workflow(name="inner", script=(call("a", ("got",), x=AtRun("x")), SetVariable(id="h", name="hidden", value=Constant(1))))
    version = content_hash(inner)
    outer = CallWorkflow(id="c", workflow="inner", version=version, arguments={"x": AtRun("v")}, outputs={"got": "mine"})
    calls, _, contexts = walk([outer, call("b", x=Variable("mine"))], {"v": 1}, {"v": 2}, nested={version: inner}, results={"a": 5})
    assert calls == [("a", 0, {"x": 1}), ("a", 1, {"x": 2}), ("b", 0, {"x": 5}), ("b", 1, {"x": 5})]
    assert contexts == [{"v": 1, "mine": 5}, {"v": 2, "mine": 5}]


def test_the_same_nested_workflow_may_be_called_twice_and_within_loops():
    inner = Workflow(name="inner", script=(call("a", x=AtRun("x")),))
    version = content_hash(inner)

    def use(name, value):
        return CallWorkflow(id=name, workflow="inner", version=version, arguments={"x": Constant(value)})

    steps = [Repeat(id="r", times=Constant(2), body=(use("c1", 1), use("c2", 2)))]
    calls, _, _ = walk(steps, nested={version: inner})
    assert [arguments["x"] for *_, arguments in calls] == [1, 2, 1, 2]


def machine_for(*steps, rows=({},)):
    flow = Workflow(name="w", script=tuple(steps))
    return Interpreter(flow.script, [dict(row) for row in rows], step_index(flow), {})


def effects_until_question(machine):
    while not isinstance(effect := machine.next(), AskAboutError):
        machine.feed(Failed(effect.problem) if getattr(effect, "problem", None) else Done())
    return effect


def test_a_while_that_reaches_its_most_asks_and_a_retry_lets_it_go_on():
    machine = machine_for(While(id="w", condition="1 < 2", body=(Comment(id="c", text="x"),), most=2), call("after"))
    effect = effects_until_question(machine)
    assert isinstance(effect.doing, DoDecide)
    assert "after 2 rounds" in str(effect.error)
    machine.feed(Retry())
    effects_until_question(machine)
    machine.feed(Skip())
    assert machine.next().member == "after"


def test_a_condition_that_fails_is_asked_about_and_skipped_as_a_whole():
    machine = machine_for(If(id="i", branches=(Branch("nope > 1", (call("a"),)),)), call("after"))
    effect = effects_until_question(machine)
    assert "nope" in str(effect.error)
    machine.feed(Skip())
    assert machine.next().member == "after"


def test_a_skipped_sample_does_not_keep_the_others_from_the_step():
    machine = machine_for(call("a"), rows=({}, {}))
    machine.next()
    machine.feed(Failed(RuntimeError("x")))
    machine.next()
    machine.feed(Skip())
    assert machine.next().sample == 1


def test_retries_are_counted_per_step_and_start_anew_with_the_next():
    machine = machine_for(call("a", on_error=OnError("retry", retries=1)), call("b"))
    machine.next()
    machine.feed(Failed(RuntimeError("x")))
    assert machine.next().seconds == 0
    machine.feed(Done())
    assert machine.next().attempt == 2
    machine.feed(Done())
    assert machine.next().attempt == 1


def test_the_cursor_is_plain_data():
    inner = Workflow(name="inner", script=(call("a"),))
    version = content_hash(inner)
    flow = Workflow(
        name="w",
        script=(
            Repeat(
                id="r",
                times=Constant(2),
                body=(If(id="i", branches=(Branch("1 < 2", (CallWorkflow(id="c", workflow="inner", version=version),)),)),),
            ),
        ),
        nested={version: inner},
    )
    machine = Interpreter(flow.script, [{}], step_index(flow), flow.nested)
    while not isinstance(effect := machine.next(), DoCall):
        machine.feed(Done())
    assert effect.path == "r[1]/c"
    cursor = json.loads(json.dumps(machine.cursor))
    assert [frame["frame"] for frame in cursor] == ["body", "round", "body", "split", "body", "inside", "body"]


def test_a_program_is_the_phases_with_prep_visible_and_iterations_blind_to_each_other():
    flow = Workflow(
        name="w",
        prep=(SetVariable(id="p", name="saved", value=Constant(1)),),
        script=(SetVariable(id="s", name="own", value=Expression("saved + v")),),
        cleanup=(SetVariable(id="c", name="end", value=Variable("saved")),),
    )
    program = Program(flow, Plan(({"v": 1}, {"v": 2}, {"v": 3}), batch_size=2))
    seen, ends = [], []
    while (effect := program.next()) is not None:
        if isinstance(effect, BeginPhase):
            seen.append((effect.phase, effect.iteration, len(effect.rows)))
        if isinstance(effect, EndPhase):
            ends.append(effect.outputs)
        program.feed(Done(effect.name(None) if isinstance(effect, DoNote) else {}))
    assert seen == [("prep", 1, 0), ("script", 1, 2), ("script", 2, 1), ("cleanup", 1, 0)]
    assert ends[1] == [{"saved": 1, "v": 1, "own": 2}, {"saved": 1, "v": 2, "own": 3}]
    assert ends[3] == [{"saved": 1, "end": 1}]


def test_samples_are_named_by_their_column():
    request = RunRequest("k", "k", "", "w", "", "d", rows=({"id": "S1"}, {"id": "S2"}), sample_column="id")
    assert Plan.of(request).leg(2).samples == ("S2",)


leaf = st.sampled_from(["a", "b", "c"]).map(lambda name: (name,))
tree = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.tuples(st.just("repeat"), st.integers(0, 2), st.lists(inner, max_size=2)),
        st.tuples(st.just("if"), st.integers(0, 3), st.lists(inner, max_size=2), st.lists(inner, max_size=2)),
        st.tuples(st.just("count"), st.integers(0, 2), st.lists(inner, max_size=2)),
    ),
    max_leaves=8,
)


def build(shape, where="s"):
    kind = shape[0]
    if kind == "repeat":
        return Repeat(id=where, times=Constant(shape[1]), body=tuple(build(one, f"{where}.{n}") for n, one in enumerate(shape[2])))
    if kind == "count":
        body = tuple(build(one, f"{where}.{n}") for n, one in enumerate(shape[2]))
        return Repeat(id=where, times=AtRun("v"), body=body)
    if kind == "if":
        yes = tuple(build(one, f"{where}.y{n}") for n, one in enumerate(shape[2]))
        no = tuple(build(one, f"{where}.n{n}") for n, one in enumerate(shape[3]))
        return If(id=where, branches=(Branch(f"v > {shape[1]}", yes),), otherwise=no)
    return Action(id=where, instrument="pump", method=kind, arguments={"v": AtRun("v")})


def plainly(shape, v):
    """Yield the calls that plain Python would make."""
    kind = shape[0]
    if kind in {"repeat", "count"}:
        for _ in range(shape[1] if kind == "repeat" else v):
            for one in shape[2]:
                yield from plainly(one, v)
    elif kind == "if":
        for one in shape[2] if v > shape[1] else shape[3]:
            yield from plainly(one, v)
    else:
        yield kind


@settings(deadline=None, max_examples=150)
@given(st.lists(tree, max_size=4), st.lists(st.integers(0, 3), min_size=1, max_size=3))
def test_each_sample_of_a_batch_does_what_plain_python_would_do_for_it_alone(shapes, values):
    steps = [build(shape, f"s{n}") for n, shape in enumerate(shapes)]
    calls, _, _ = walk(steps, *({"v": value} for value in values))
    for sample, value in enumerate(values):
        expected = [name for shape in shapes for name in plainly(shape, value)]
        assert [name for name, one, _ in calls if one == sample] == expected

"""Python becomes a workflow: what `render` writes comes back, what one writes by hand is read, the rest is refused by line."""

from __future__ import annotations

import ast
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, note, settings

from ivoryos_jupyter.codegen import parse, parse_lines, render
from ivoryos_jupyter.errors import WorkflowError
from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.schema import Anything, Block, LiveReference, Method, Number, Parameter, from_value, kind_as_given
from ivoryos_jupyter.testing._bench import Bench, calls_of
from ivoryos_jupyter.testing._runnable import rows_for, runnable_workflows
from ivoryos_jupyter.testing._strategies import workflows
from ivoryos_jupyter.workflow import (
    PHASES,
    READING,
    Action,
    AtRun,
    Branch,
    CallBlock,
    CallWorkflow,
    Comment,
    Constant,
    DeckIndex,
    Expression,
    ForEach,
    GetProperty,
    If,
    Input,
    OnError,
    Pause,
    Repeat,
    SetProperty,
    SetVariable,
    Variable,
    Wait,
    WaitFor,
    WaitUntil,
    While,
    Workflow,
    WorkflowDraft,
    as_step,
    compile_expression,
    interface,
    names_at_end,
    phase_of,
    slots,
    with_slot,
)

DECK = LiveDeck("bench")
DECK.update(Bench().instruments)
SCHEMA = DECK.schema()
RETRIED = (Action, CallBlock, GetProperty, SetProperty, WaitFor)


class Normal:
    """The normal form of a workflow: what Python says of it.

    Left out are ids, notes, uuids, author, flags, disabled steps, batches, and time-outs (but for the reading that is waited
    for). ``fail`` is ``ask``, for Python has nobody to ask. A name is a run-time parameter where it is one of the script's
    inputs, else a variable. Declared types count by the kinds of the inputs. Nested workflows are their scripts.
    """

    def __init__(self, workflow, schema):
        self.workflow = workflow
        self.schema = schema
        self.deck = DeckIndex(schema)
        self.inputs = {one.name for one in interface(workflow, schema).inputs}

    def form(self):
        scripts = {phase: self.steps(phase_of(self.workflow, phase), self.inputs if phase == "script" else set()) for phase in PHASES}
        return {**scripts, "inputs": sorted(self.inputs)}

    def steps(self, steps, inputs):
        found = []
        for step in steps:
            if step.disabled:
                continue
            if isinstance(step, If) and not step.branches:
                found += self.steps(step.otherwise, inputs)
            else:
                found.append(self.step(step, inputs))
        return found

    def step(self, step, inputs):
        inner = {slot: self.steps(some, inputs) for slot, some in slots(step).items()}
        return (step.tag, _FORMS[type(step)](self, step, inputs), self.policy(step), inner)

    def policy(self, step):
        policy = step.on_error
        if policy.action == "continue":
            return "continue"
        if policy.action == "retry" and policy.retries > 0 and isinstance(step, RETRIED):
            return (policy.retries, policy.delay_s)
        return ""

    def value(self, value, inputs, parameter=None):
        match value:
            case Constant(plain):
                kind = kind_as_given(parameter) if parameter else Anything()
                return ("constant", repr(from_value(kind, plain, field="", unit=parameter.unit if parameter else "")))
            case AtRun(name) | Variable(name):
                return ("input" if name in inputs else "variable", name)
            case Expression(text):
                return self.formula(text, inputs)

    def formula(self, text, inputs):
        compiled = compile_expression(text)
        tree = ast.parse(compiled.text, mode="eval").body
        if isinstance(tree, ast.Name):
            return ("input" if compiled.text in inputs else "variable", compiled.text)
        marked = sorted(set(compiled.names) & set(inputs))
        return ("formula", ast.dump(tree), marked)

    def values(self, given, inputs, parameters):
        known = {one.name: one for one in parameters or ()}
        found = {nfkc(name): self.value(one, inputs, known.get(name)) for name, one in given.items()}
        gathering = {name for name, one in known.items() if one.passing == "var_positional"}
        return {name: one for name, one in found.items() if name not in gathering or one != ("constant", "[]")}

    def call(self, step, inputs):
        target = getattr(step, "instrument", ""), nfkc(getattr(step, "method", "") or step.block)
        return (*target, self.values(step.arguments, inputs, self.deck.parameters(step)), kept(step.outputs))

    def nested(self, step, inputs):
        callee = self.workflow.nested[step.version]
        given = self.values(step.arguments, inputs, interface(callee, self.schema).inputs)
        return (Normal(as_step(callee), self.schema).form(), given, dict(step.outputs))


def nfkc(text):
    return unicodedata.normalize("NFKC", text)


def kept(outputs):
    """Names that keep nothing at all are none."""
    return outputs if any(outputs) else ()


def times(value):
    """A whole number of rounds is an int."""
    plain = value.value if isinstance(value, Constant) else None
    return Constant(int(plain)) if isinstance(plain, int | float) and plain == int(plain) else value


_FORMS = {
    Action: Normal.call,
    CallBlock: Normal.call,
    CallWorkflow: Normal.nested,
    GetProperty: lambda _, step, __: (step.instrument, nfkc(step.property), kept(step.outputs)),
    SetProperty: lambda form, step, inputs: (
        step.instrument,
        nfkc(step.property),
        form.value(step.value, inputs, form.deck.parameter(step, "value")),
    ),
    If: lambda form, step, inputs: [form.formula(one.condition, inputs) for one in step.branches],
    While: lambda form, step, inputs: (form.formula(step.condition, inputs), step.most),
    Repeat: lambda form, step, inputs: form.value(times(step.times), inputs),
    ForEach: lambda form, step, inputs: (step.item, form.value(step.items, inputs)),
    Wait: lambda form, step, inputs: form.value(step.seconds, inputs),
    WaitUntil: lambda _, step, __: step.time,
    WaitFor: lambda form, step, inputs: (
        *(step.instrument, nfkc(step.property), form.formula(step.condition, inputs - {READING})),
        *(step.hold_s, step.every_s, step.timeout_s, kept(step.outputs)),
    ),
    Comment: lambda _, step, __: step.text,
    Pause: lambda _, step, __: step.message,
    Input: lambda _, step, __: (step.message, step.name, step.type, step.choices),
    SetVariable: lambda form, step, inputs: (step.name, form.value(step.value, inputs)),
}


def sayable(workflow):
    """Return `workflow` without what Python cannot say beside the steps, its instruments called otherwise than its values."""

    def plain(value):
        match value:
            case Constant(inner):
                return Constant(_renamed(inner))
        return value

    def changed(step):
        for name in ("instrument", "block"):
            if hasattr(step, name):
                step = replace(step, **{name: f"dev_{getattr(step, name)}"})
        if hasattr(step, "arguments"):
            step = replace(step, arguments={name: plain(one) for name, one in step.arguments.items()})
        for name in ("value", "times", "items", "seconds"):
            if hasattr(step, name):
                step = replace(step, **{name: plain(getattr(step, name))})
        for slot, inner in slots(step).items():
            step = with_slot(step, slot, tuple(map(changed, inner)))
        return replace(step, note="", disabled=False, once_per_batch=False)

    phases = {phase: tuple(map(changed, phase_of(workflow, phase))) for phase in PHASES}
    return replace(workflow, **phases, description="")


def _renamed(plain):
    if isinstance(plain, LiveReference):
        return LiveReference(f"dev_{plain.text}")
    if isinstance(plain, list):
        return list(map(_renamed, plain))
    return {key: _renamed(one) for key, one in plain.items()} if isinstance(plain, dict) else plain


def rendered(workflow, schema=None):
    """Return the Python; leave out what Python cannot say."""
    try:
        return render(workflow, schema)
    except WorkflowError:
        assume(False)  # noqa: FBT003 - hypothesis has no other form
        raise


@given(runnable_workflows(depth=2))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_what_can_be_run_comes_back_from_its_python_and_is_written_in_the_same_way_again(workflow):
    source = rendered(workflow, SCHEMA)
    note(source)
    parsed = parse(source, SCHEMA)
    assert parsed.name == workflow.name
    assert Normal(parsed, SCHEMA).form() == Normal(workflow, SCHEMA).form()
    rows = rows_for(workflow, SCHEMA, 2)
    assert rows_for(parsed, SCHEMA, 2) == rows
    assert calls_of(render(parsed, SCHEMA), Bench({4}), rows) == calls_of(source, Bench({4}), rows)
    assert names_at_end(parsed, SCHEMA)["script"].sure.keys() == names_at_end(workflow, SCHEMA)["script"].sure.keys()


@given(workflows(depth=0))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_what_need_not_make_sense_comes_back_too(workflow):
    workflow = sayable(workflow)
    source = rendered(workflow)
    note(source)
    parsed = parse(source, name=workflow.name)
    assert Normal(parsed, None).form() == Normal(workflow, None).form()


def test_a_name_with_a_micro_sign_that_may_not_be_made_comes_back():
    asks = Input(id="2", message="How fast?", name="rate_µl", type="float")
    workflow = Workflow(name="w", script=(If(id="1", branches=(Branch("2 < 1", ()),), otherwise=(asks,)),))
    (branched,) = read(render(workflow, SCHEMA)).script
    assert branched.otherwise[0].name == "rate_µl"


CELL = """
import time

volume: float
rest: int | None
# the reference goes first
left = pump.dispense(volume, rate_ml_min=2)  # slowly
pump.prime(2, "a", "b", speed=Speed.FAST)
a450, _ = eye.measure("blank", Pulse(5))
t = reactor.temperature
if t > 60 and left < volume:
    pump.refill()
elif not left:
    reactor.temperature = t + 5
else:
    print("there are", left, f"mL of {volume} mL")
    # nothing to do
while t < 60:
    t = reactor.temperature
for _ in range(3):
    for x in [1, 2.5]:
        reactor.jacket.flush()
    time.sleep(0.5)
    await asyncio.sleep(rest or 1)
ivoryos.sleep(1)
rpm = await stirrer.stir()
n = 0
n += max(left, sqrt(2)) - volume
try:
    reactor.ramp(left, hold=None)
except Exception:
    pass
input("Change the vial")
colour = input("Which colour?")
amount = float(input(f"How much, of {n}?"))
"""


def read(text, **options):
    return parse(text, SCHEMA, **options)


def problems(text):
    with pytest.raises(WorkflowError) as caught:
        read(text)
    return [(one.field, one.message) for one in caught.value.problems]


def only_problem(text):
    (found,) = problems(text)
    return found


def test_a_cell_without_functions_is_the_script_as_the_builder_would_have_made_it():
    wf = WorkflowDraft("dose", schema=SCHEMA)
    wf.declare("rest", "int | None")
    at_run = AtRun
    script = wf.script
    script.call("pump.dispense", at_run("volume"), 2, save="left", options={"note": "the reference goes first\nslowly"})
    script.call("pump.prime", 2, "a", "b", speed="FAST")
    script.call("eye.measure", "blank", {"length_ms": 5}, save=("a450", ""))
    script.get("reactor.temperature", save="t")
    with script.if_("t > 60 and left < #volume"):
        script.call("pump.refill")
    with script.elif_("not left"):
        script.set("reactor.temperature", Expression("t + 5"))
    with script.else_():
        script.comment("there are #left mL of #volume mL", note="nothing to do")
    with script.while_("t < 60"):
        script.get("reactor.temperature", save="t")
    with script.repeat(3):
        with script.for_each("x", [1, 2.5]):
            script.call("reactor.jacket.flush")
        script.wait(0.5)
        script.wait(Expression("#rest or 1"))
    script.wait(1)
    script.call("stirrer.stir", save="rpm")
    script.variable("n", 0)
    script.variable("n", Expression("n + (max(left, sqrt(2)) - #volume)"))
    script.call("reactor.ramp", Variable("left"), None, options={"on_error": OnError("continue")})
    script.pause("Change the vial")
    script.input("Which colour?", save="colour")
    script.input("How much, of #n?", save="amount", type="float")
    assert without_ids(read(CELL, name="dose")) == without_ids(wf.workflow)


def without_ids(workflow):
    def plain(step):
        for slot, inner in slots(step).items():
            step = with_slot(step, slot, tuple(map(plain, inner)))
        return replace(step, id="")

    return replace(workflow, **{phase: tuple(map(plain, phase_of(workflow, phase))) for phase in PHASES})


def test_the_same_text_gives_the_same_workflow():
    assert read(CELL) == read(CELL)


def test_functions_are_the_phases_and_others_are_workflows_within():
    text = '''
def wash(pump, cycles: int, speed=None):
    """Wash once."""
    pump.prime(cycles, speed=speed)
    left = pump.dispense(volume_ml=0)
    return {"left": left}

def dose_prep():
    base = reactor.temperature

async def dose(pump: Pump, volume: float):
    low = wash(pump, 2)["left"]
    found = wash(pump, cycles=3)
    left = found["left"]
    wash(pump, 1)
    pump.dispense(volume)
    return low, left

def dose_cleanup(reactor):
    reactor.temperature = 25
'''
    text = text.replace(", speed=None", "").replace(", speed=speed", "")
    wf = read(text)
    assert (wf.name, len(wf.prep), len(wf.cleanup), len(wf.nested)) == ("dose", 1, 1, 1)
    assert [step.outputs for step in wf.script] == [{"left": "low"}, {"left": "left"}, {}, ()]
    (wash,) = wf.nested.values()
    assert (wash.name, wash.description, wash.script[0].arguments["cycles"]) == ("wash", "Wash once.", AtRun("cycles"))
    assert [one.name for one in interface(wf, SCHEMA).inputs] == ["volume"]


def test_phases_may_have_plain_names():
    wf = read("def prep():\n    pump.refill()\ndef script():\n    pump.dispense(1)\ndef cleanup():\n    pump.refill()\n", name="tonight")
    assert (wf.name, len(wf.prep), len(wf.script), len(wf.cleanup)) == ("tonight", 1, 1, 1)


def test_a_type_is_declared_only_where_the_steps_do_not_say_it():
    assert read("def dose(pump, volume: float):\n    pump.dispense(volume)\n").parameters == {}
    assert read("def dose(pump, volume: int):\n    pump.dispense(volume)\n").parameters == {"volume": "int"}


def test_steps_know_their_lines():
    parsed = parse_lines("if 1 < 2:\n    pump.refill()\n\npump.refill()\n", SCHEMA, first_line=2)
    assert parsed.lines == {"script-1": 2, "script-2": 3, "script-3": 5}


REFUSED = {
    "with open('x') as f:\n    pump.refill()": "closing in cleanup",
    "while True:\n    break": "cannot be left from within",
    "for x in [1]:\n    continue": "cut short",
    "for x in [1]:\n    pump.refill()\nelse:\n    pump.refill()": "else of a loop",
    "raise ValueError": "raise has no form",
    "assert 1 < 2": "assert has no form",
    "del x": "del has no form",
    "class A: pass": "another cell",
    "x = y = 1": "one name for each result",
    "x, y = 1, 2": "only the result of a call can be taken apart",
    "x[0] = 1": "plain names",
    "x = [i for i in [1]]": "for-each step",
    "x = open('a')": "may not call this",
    "x = lambda: 1": "may not define functions",
    "x: int = 1": "leave the type out",
    "pump.dispnse(1)": "did you mean pump.dispense",
    "pmp.dispense(1)": "The deck has no pmp.dispense",
    "pump = 1": "name of an instrument",
    "reactor.temprature = 5": "The deck has no reactor.temprature",
    "reactor.temperature += 5": "read the property first",
    "pump.dispense()": "is needed",
    "pump.dispense(1, rate=2)": "no parameter of this name",
    "pump.dispense('much')": "'much' is not a number",
    "pump.dispense(reactor.temperature)": "read the property on a line of its own",
    "pump.dispense(reactor.temperature * 2)": "read the property on a line of its own",
    "pump.dispense(pump.dispense(1))": "call it on a line of its own",
    "pump.dispense(*[1])": "write the arguments one by one",
    "pump.dispense(**{'volume_ml': 1})": "write the arguments one by one",
    "pump.prime(1, speed=Speed.FASTER)": "there is no Speed.FASTER; there is: SLOW, FAST",
    "if pump.refill():\n    pass": "call it on a line of its own",
    "print(f'{1 + 1}')": "names only",
    "print(f'{x:.2f}')": "how a value is formatted",
    "print(f'{x}mL')": "put a space after {x}",
    "x = print('a')": "gives nothing back",
    "time.sleep(1, 2)": "nothing else",
    "return": "return",
    "pump.refill()\n'just text'": "has no effect",
    "1 + 1": "has no effect",
    "os.remove('x')": "The deck has no os.remove",
    "wash(1)": "neither on the deck nor a function",
    "try:\n    pump.refill()\nfinally:\n    pump.refill()": "of try, only this has a form",
    "try:\n    pump.refill()\nexcept ValueError:\n    pass": "of try, only this has a form",
    "try:\n    pump.refill()\n    pump.refill()\nexcept Exception:\n    pass": "one step only",
    "from math import *": "one by one",
    "volume: float": "no step uses the run-time parameter volume",
    "volume: Flask\npump.dispense(volume)": "Flask is no type",
    "def f(pump, *rest):\n    pump.refill()": "*rest has no form",
    "def f(pump, n=3):\n    pump.dispense(n)": "only None can be a default",
    "def f(pump, n=None):\n    pump.dispense(n)": "its type does not say so",
    "@block\ndef f(pump):\n    pump.refill()": "a decorator has no form",
    "def f(pump):\n    return 5": "gives back names it made",
    "def f(pump):\n    pump.refill()\n    return {'x': x}": "is made by no step",
    "def f_prep(volume):\n    pump.dispense(volume)": "prep gets no run-time parameters",
    "def f():\n    pump.refill()\ndef g():\n    pump.refill()": "nothing calls f",
    "def f():\n    pump.refill()\n    x = g()\ndef g():\n    pump.refill()": "results by name",
    "def f():\n    g(stirrer)\ndef g(pump):\n    pump.refill()": "give pump, not stirrer",
    "def f():\n    g(a=1)\ndef g(b):\n    pump.dispense(b)": "g has no parameter a",
    "def f():\n    def g():\n        pass": "a function within a function",
    "def f():\n    pump.refill()\ndef f():\n    pump.dispense(1)": "f is defined twice",
    "x = 1 +": "is no Python",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_has_no_form_is_refused_with_its_reason(text):
    found = problems(text)
    assert any(REFUSED[text] in message for _, message in found), found


def test_every_problem_is_said_at_once_each_with_its_line():
    found = problems("pump.refill()\nraise ValueError\nif 1 < 2:\n    pump.dispense('much', speed=1)\n    del x\n")
    assert [line for line, _ in found] == ["line 2", "line 4", "line 5"]
    assert "much" in found[1][1]
    assert "speed" in found[1][1]


def test_nothing_of_what_is_read_is_run(tmp_path):
    target = tmp_path / "made"
    problems(f"open({str(target)!r}, 'w')\n__import__('os').mkdir({str(target)!r})")
    assert not target.exists()


def test_what_was_added_to_run_is_not_lost_silently():
    source = render(WorkflowDraft("w", schema=SCHEMA).workflow, SCHEMA)
    assert problems(source.replace("    return results", "    print('done')\n    return results"))[0][1].startswith("run does prep")


def test_a_helper_that_was_changed_is_no_helper():
    wf = Workflow(name="w", script=(While(id="1", condition="1 < 2", most=3),))
    source = render(wf, SCHEMA)
    assert read(source).script[0].most == 3
    changed = source.replace("rounds + 1", "rounds + 2")
    assert any("counted" in message for _, message in problems(changed))


def test_an_instrument_or_block_called_like_a_helper_is_the_deck_s():
    schema = replace(SCHEMA, blocks=(Block("ask", "", Method("ask", (Parameter("volume", Number()),))),))
    (step,) = parse("ask(2)", schema).script
    assert isinstance(step, CallBlock)


def test_every_docstring_is_kept():
    text = 'def w_prep():\n    """Before."""\n    pump.refill()\ndef w():\n    """Within."""\n    pump.refill()\n'
    assert read(text).description == "Before.\nWithin."

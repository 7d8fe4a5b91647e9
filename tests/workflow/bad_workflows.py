"""A corpus of bad workflows, each with the findings that are expected of it: ``(code, field)``."""

from __future__ import annotations

from dataclasses import replace

from ivoryos_jupyter.schema import Limit, Limits, LiveReference
from ivoryos_jupyter.workflow import (
    Action,
    AtRun,
    Branch,
    CallBlock,
    CallWorkflow,
    Comment,
    Constant,
    Expression,
    ForEach,
    GetProperty,
    If,
    Input,
    OnError,
    Repeat,
    SetProperty,
    SetVariable,
    Variable,
    Wait,
    WaitFor,
    WaitUntil,
    While,
    Workflow,
    content_hash,
    pin,
)

LIMITS = Limits(
    (
        Limit("pump", "dispense", "volume_ml", minimum=0.1, maximum=5, unit="mL"),
        Limit("reactor", "temperature_(setter)", "value", maximum=120, unit="°C"),
        Limit("eye", "measure", "sample", allowed=("blank", "S1")),
        Limit("pump", "dispense", "rate_ml_min", maximum=10),
    )
)


def value(one):
    return one if isinstance(one, Constant | AtRun | Variable | Expression) else Constant(one)


def call(path, _id="a", _out=(), _policy=None, **arguments):
    instrument, _, method = path.rpartition(".")
    given = {name: value(one) for name, one in arguments.items()}
    return Action(id=_id, instrument=instrument, method=method, arguments=given, outputs=_out, on_error=_policy or OnError())


def dispense(_id="d", _out=(), **more):
    return call("pump.dispense", _id, _out, **{"volume_ml": 1.0, **more})


def note(_id="n", text="x"):
    return Comment(id=_id, text=text)


def get(_id="g", name="temperature", out=("t",)):
    return GetProperty(id=_id, instrument="reactor", property=name, outputs=out)


def put(one, name="temperature", instrument="reactor"):
    return SetProperty(id="s", instrument=instrument, property=name, value=value(one))


def if_(condition, *body, otherwise=(), _id="i"):
    return If(id=_id, branches=(Branch(condition, body),), otherwise=otherwise)


def loop(condition, *body, **more):
    return While(id="w", condition=condition, body=body, **more)


def let(name, one, _id="v"):
    return SetVariable(id=_id, name=name, value=value(one))


def script(*steps, **more):
    return Workflow(name="bad", script=steps, **more)


INNER = Workflow(
    name="aliquot",
    script=(dispense("x1", ("after",), volume_ml=AtRun("aliquot")), if_("after > 2", let("high", 1, "x3"), _id="x2")),
)
INNER_BAD = Workflow(name="typo", script=(call("pump.dispnse", "y1", volume_ml=1.0),))
MIDDLE = pin(
    Workflow(
        name="middle",
        script=(CallWorkflow(id="m1", workflow="aliquot", version=content_hash(INNER), arguments={"aliquot": AtRun("much")}),),
    ),
    INNER,
)


def nested(callee=INNER, out=None, version=None, **arguments):
    step = CallWorkflow(
        id="c",
        workflow=callee.name,
        version=version or content_hash(callee),
        arguments={name: value(one) for name, one in arguments.items()},
        outputs=out or {},
    )
    return pin(script(step), callee)


CORPUS = {
    # the target
    "an instrument that is not there": (script(call("pmup.refill")), [("unknown-instrument", "instrument")]),
    "a sub-instrument that is not there": (script(call("reactor.jackt.flush")), [("unknown-instrument", "instrument")]),
    "no instrument at all": (script(call("refill")), [("unknown-instrument", "instrument")]),
    "a method that is not there": (script(call("pump.dispnse", volume_ml=1.0)), [("unknown-method", "method")]),
    "a property called as a method": (script(call("reactor.temperature")), [("unknown-method", "method")]),
    "a property that is not there": (script(get(name="temprature")), [("unknown-property", "property")]),
    "a method read as a property": (script(get(name="ramp")), [("unknown-property", "property")]),
    "a property that cannot be set": (script(put(3, "label")), [("not-settable", "property")]),
    "a property that cannot be read": (script(get(name="secret")), [("not-readable", "property")]),
    "a block that is not there": (script(CallBlock(id="b", block="rinze")), [("unknown-block", "block")]),
    # its arguments
    "an argument that is not there": (script(dispense(volum=3)), [("unknown-argument", "volum")]),
    "a misspelt argument": (
        script(call("pump.dispense", volume_m=1.0)),
        [("unknown-argument", "volume_m"), ("missing-argument", "volume_ml")],
    ),
    "a missing argument": (script(call("pump.dispense", rate_ml_min=1.0)), [("missing-argument", "volume_ml")]),
    "a missing argument of a block": (script(CallBlock(id="b", block="rinse")), [("missing-argument", "times")]),
    "text for a number": (script(dispense(volume_ml="abc")), [("wrong-value", "volume_ml")]),
    "a comma for a point": (script(dispense(volume_ml="1,5")), [("wrong-value", "volume_ml")]),
    "half an integer": (script(call("stirrer.stir", rpm=300.5)), [("wrong-value", "rpm")]),
    "None for a number": (script(dispense(volume_ml=None)), [("wrong-value", "volume_ml")]),
    "a list for a number": (script(dispense(volume_ml=[1])), [("wrong-value", "volume_ml")]),
    "an unknown Enum member": (script(call("pump.prime", cycles=1, speed="MEDIUM")), [("wrong-value", "speed")]),
    "a record without its field": (script(call("eye.measure", sample="S1", pulse={"power": 1})), [("wrong-value", "pulse.length_ms")]),
    "a wrong item of *args": (script(call("pump.prime", cycles=1, ports=[["x"]])), [("wrong-value", "ports[0]")]),
    "a wrong item of **kwargs": (script(call("pump.prime", cycles=1, extra={"x": "abc"})), [("wrong-value", "extra['x']")]),
    "text for a property": (script(put("warm")), [("wrong-value", "value")]),
    "a reference for a number": (script(dispense(volume_ml=LiveReference("pump"))), [("wrong-value", "volume_ml")]),
    "a reference with a call": (
        script(call("eye.measure", sample=LiveReference("pump.x()"))),
        [("bad-reference", "sample"), ("wrong-value", "sample")],
    ),
    "a list made by a step, for a number": (
        script(let("many", [1, 2]), dispense(volume_ml=Variable("many"))),
        [("wrong-kind", "volume_ml")],
    ),
    "a column used as text and as number": (
        script(call("eye.measure", "m", sample=AtRun("x")), dispense(volume_ml=AtRun("x")), parameters={"x": "bool"}),
        [("wrong-kind", "sample"), ("wrong-kind", "volume_ml")],
    ),
    # outputs
    "a name for what gives nothing": (script(call("pump.refill", _out=("r",))), [("no-result", "outputs")]),
    "three names for two values": (script(call("eye.measure", _out=("a", "b", "c"), sample="S1")), [("wrong-outputs", "outputs")]),
    "one name twice": (script(call("eye.measure", _out=("a", "a"), sample="S1")), [("same-name-twice", "outputs")]),
    "a name with a space": (script(dispense(_out=("what is left",))), [("bad-name", "outputs")]),
    "a word of Python as name": (script(dispense(_out=("class",))), [("bad-name", "outputs")]),
    "a function's name": (script(dispense(_out=("sqrt",))), [("bad-name", "outputs")]),
    "an instrument's name": (script(dispense(_out=("reactor",))), [("name-of-instrument", "outputs")]),
    "a column overwritten": (script(dispense(_out=("v",), volume_ml=AtRun("v"))), [("overwrites-input", "outputs")]),
    # names
    "a variable nobody makes": (script(dispense(volume_ml=Variable("lef"))), [("undefined-name", "volume_ml")]),
    "a misspelt variable": (
        script(dispense(_out=("left",)), dispense("e", volume_ml=Variable("lfet"))),
        [("undefined-name", "volume_ml")],
    ),
    "a misspelt name in a condition": (script(dispense(_out=("left",)), if_("lefft < 3", note())), [("undefined-name", "branch:0")]),
    "a result used before it is made": (
        script(dispense(volume_ml=Variable("left")), dispense("e", ("left",))),
        [("used-before-made", "volume_ml")],
    ),
    "a result used in its own loop before it is made": (
        script(Repeat(id="r", times=Constant(2), body=(if_("left < 2", note()), dispense(_out=("left",))))),
        [("used-before-made", "branch:0")],
    ),
    "a result of the script used in cleanup": (
        Workflow(name="bad", script=(dispense(_out=("left",)),), cleanup=(dispense("e", volume_ml=Variable("left")),)),
        [("used-before-made", "volume_ml")],
    ),
    "a result made in one branch only": (
        script(get(), if_("t > 3", dispense(_out=("left",))), dispense("e", volume_ml=Variable("left"))),
        [("maybe-undefined", "volume_ml")],
    ),
    "a result made in a loop that may not run": (
        script(ForEach(id="f", item="x", items=AtRun("xs"), body=(dispense(_out=("left",)),)), dispense("e", volume_ml=Variable("left"))),
        [("maybe-undefined", "volume_ml")],
    ),
    "a result of a step that may fail": (
        script(call("pump.dispense", "d", ("left",), OnError("continue"), volume_ml=1.0), dispense("e", volume_ml=Variable("left"))),
        [("maybe-undefined", "volume_ml")],
    ),
    "a column in prep": (
        Workflow(name="bad", prep=(dispense(volume_ml=AtRun("v")),), script=(note(),)),
        [("at-run-outside-script", "volume_ml")],
    ),
    "a column in a formula of cleanup": (
        Workflow(name="bad", script=(note(),), cleanup=(dispense(volume_ml=Expression("#v * 2")),)),
        [("at-run-outside-script", "volume_ml")],
    ),
    "a column with a bad name": (script(dispense(volume_ml=AtRun("volume (mL)"))), [("bad-name", "volume_ml")]),
    "a disabled step's result": (
        script(dispense("e", volume_ml=Variable("left")), replace(dispense("off", ("left",)), disabled=True)),
        [("used-before-made", "volume_ml")],
    ),
    # formulas
    "a formula that is not finished": (script(dispense(volume_ml=Expression("2 *"))), [("bad-expression", "volume_ml")]),
    "an assignment as condition": (script(get(), if_("t = 3", note())), [("bad-expression", "branch:0")]),
    "an empty condition": (script(if_("", note())), [("bad-expression", "branch:0")]),
    "an attribute in a formula": (script(let("x", Expression("pump.left"))), [("bad-expression", "value")]),
    "a function that is not there": (script(let("x", Expression("open('f')"))), [("bad-expression", "value")]),
    "an import in a condition": (
        script(loop("__import__('os')", note())),
        [("bad-expression", "condition")],
    ),
    # structure
    "a loop without end": (script(loop("True", note())), [("endless-loop", "condition")]),
    "a loop whose condition never changes": (script(get(), loop("t < 5", note())), [("endless-loop", "condition")]),
    "a loop that never begins": (script(loop("1 > 2", note())), [("unreachable", "condition")]),
    "a loop of no rounds": (script(get(), loop("t < 5", get("h"), most=0)), [("bad-number", "most")]),
    "an empty loop": (script(Repeat(id="r", times=Constant(2))), [("empty-block", "")]),
    "an empty if": (script(get(), if_("t > 2")), [("empty-block", "")]),
    "an if without a condition": (script(If(id="i", branches=(), otherwise=(note(),))), [("no-condition", "branches")]),
    "a branch that is never taken": (script(if_("False", note())), [("unreachable", "branch:0")]),
    "an else that is never taken": (script(if_("True", note(), otherwise=(note("o"),))), [("unreachable", "else")]),
    "a repeat of half a time": (script(Repeat(id="r", times=Constant(1.5), body=(note(),))), [("wrong-value", "times")]),
    "a repeat of minus one": (script(Repeat(id="r", times=Constant(-1), body=(note(),))), [("wrong-value", "times")]),
    "a repeat of no times": (script(Repeat(id="r", times=Constant(0), body=(note(),))), [("unreachable", "times")]),
    "a for-each over a number": (script(ForEach(id="f", item="x", items=Constant(3), body=(note(),))), [("wrong-value", "items")]),
    "a for-each over nothing": (script(ForEach(id="f", item="x", items=Constant([]), body=(note(),))), [("unreachable", "items")]),
    "a for-each over a number made by a step": (
        script(dispense(_out=("left",)), ForEach(id="f", item="x", items=Variable("left"), body=(note(),))),
        [("wrong-kind", "items")],
    ),
    "a property without a value": (script(put(None)), [("missing-argument", "value")]),
    "a repeat without a number": (script(Repeat(id="r", times=Constant(None), body=(note(),))), [("missing-argument", "times")]),
    "a for-each without a list": (script(ForEach(id="f", item="x", items=Constant(None), body=(note(),))), [("missing-argument", "items")]),
    "a wait without a time": (script(Wait(id="w", seconds=Constant(None))), [("missing-argument", "seconds")]),
    "until no time of day": (script(WaitUntil(id="w", time="")), [("missing-argument", "time")]),
    "a question without words": (script(Input(id="q", message="", name="n")), [("no-message", "message")]),
    "a name for nothing": (script(let("nothing", None)), [("no-value", "value")]),
    "a wait of text": (script(Wait(id="w", seconds=Constant("long"))), [("wrong-value", "seconds")]),
    "a wait backwards": (script(Wait(id="w", seconds=Constant(-1))), [("wrong-value", "seconds")]),
    "a time of day that does not exist": (script(WaitUntil(id="w", time="25:00")), [("wrong-value", "time")]),
    "waiting for ever": (
        script(WaitFor(id="w", instrument="reactor", property="temperature", condition="reading < 5")),
        [("no-timeout", "timeout_s")],
    ),
    "waiting without looking": (
        script(WaitFor(id="w", instrument="reactor", property="temperature", condition="1 < 2", timeout_s=5.0)),
        [("no-reading", "condition")],
    ),
    "waiting for a method with arguments": (
        script(WaitFor(id="w", instrument="reactor", property="ramp", condition="reading", timeout_s=5.0)),
        [("missing-argument", "property")],
    ),
    "reading all the time": (
        script(WaitFor(id="w", instrument="reactor", property="temperature", condition="reading", timeout_s=5.0, every_s=0)),
        [("bad-number", "every_s")],
    ),
    "a question without a name": (script(Input(id="q", message="?", name="")), [("bad-name", "name")]),
    "bounds that leave no answer": (
        script(Input(id="q", message="?", name="n", type="float", minimum=2.0, maximum=1.0)),
        [("bad-number", "minimum")],
    ),
    "bounds of a text": (script(Input(id="q", message="?", name="n", minimum=2.0)), [("wrong-value", "minimum")]),
    "a default out of bounds": (
        script(Input(id="q", message="?", name="n", type="int", maximum=3.0, default=4)),
        [("wrong-value", "default")],
    ),
    "a default that is no choice": (
        script(Input(id="q", message="?", name="n", choices=("a",), default="b")),
        [("wrong-value", "default")],
    ),
    "a choice of another type": (script(Input(id="q", message="?", name="n", type="int", choices=("a",))), [("wrong-value", "choices")]),
    "a time-out of nothing": (script(Action(id="a", instrument="pump", method="refill", timeout_s=0)), [("bad-number", "timeout_s")]),
    "a time-out without end": (
        script(Action(id="a", instrument="pump", method="refill", timeout_s=float("inf"))),
        [("bad-number", "timeout_s")],
    ),
    "a time-out of text": (script(Action(id="a", instrument="pump", method="refill", timeout_s="3")), [("bad-number", "timeout_s")]),
    "a time-out of a block": (
        script(Repeat(id="r", times=Constant(2), body=(call("pump.refill"),), timeout_s=5)),
        [("no-effect", "timeout_s")],
    ),
    "no policy": (script(call("pump.refill", _policy=OnError("retrry"))), [("bad-choice", "on_error")]),
    "retries that are no number": (script(call("pump.refill", _policy=OnError("retry", float("nan")))), [("bad-number", "on_error")]),
    "a delay without end": (script(call("pump.refill", _policy=OnError("retry", 1, float("inf")))), [("bad-number", "on_error")]),
    "less than no retries": (script(call("pump.refill", _policy=OnError("retry", -1))), [("bad-number", "on_error")]),
    "no retries": (script(call("pump.refill", _policy=OnError("retry"))), [("no-retries", "on_error")]),
    "two steps with one id": (script(note(), note()), [("same-id", "")]),
    "nothing to do": (script(), [("empty-workflow", "")]),
    "a parameter that nobody uses": (script(note(), parameters={"v": "float"}), [("unused-parameter", "v")]),
    "gathering what is not given": (
        script(Action(id="a", instrument="pump", method="refill", consolidate=("x",), once_per_batch=True)),
        [("unknown-argument", "x")],
    ),
    # limits
    "too much": (script(dispense(volume_ml=9.0)), [("limit", "volume_ml")]),
    "too little": (script(dispense(volume_ml=0.0)), [("limit", "volume_ml")]),
    "too hot": (script(put(200.0)), [("limit", "value")]),
    "a sample that is not allowed": (script(call("eye.measure", sample="S2")), [("limit", "sample")]),
    "two limits at once": (script(dispense(volume_ml=9, rate_ml_min=99)), [("limit", "volume_ml"), ("limit", "rate_ml_min")]),
    # nested workflows
    "a version that is not there": (
        script(CallWorkflow(id="c", workflow="x", version="0")),
        [("missing-version", "version"), ("not-registered", "workflow")],
    ),
    "a version that is behind": (nested(INNER_BAD), [("behind", "version"), ("unknown-method", "method")]),
    "a nested argument that is missing": (nested(), [("missing-argument", "aliquot")]),
    "a nested argument that is not there": (nested(aliquot=1.0, aliqout=2.0), [("unknown-argument", "aliqout")]),
    "a nested argument of the wrong type": (nested(aliquot="abc"), [("wrong-value", "aliquot")]),
    "a nested output that is not there": (nested(out={"before": "b"}, aliquot=1.0), [("unknown-output", "outputs")]),
    "a nested output that may not be there": (nested(out={"high": "h"}, aliquot=1.0), [("maybe-undefined", "outputs")]),
    "a nested workflow that needs its own prep": (
        nested(Workflow(name="aliquot", prep=(let("base", 1.0),), script=(dispense("z", volume_ml=Variable("base")),))),
        [("phases-left-out", "workflow"), ("undefined-name", "volume_ml"), ("behind", "version")],
    ),
    "a limit within a nested workflow": (nested(aliquot=9.0), [("limit", "volume_ml")]),
    "a limit two levels down": (nested(MIDDLE, much=9.0), [("limit", "volume_ml")]),
    "an outer name used inside": (
        nested(Workflow(name="peeks", script=(dispense("z", volume_ml=Variable("outer")),))),
        [("undefined-name", "volume_ml"), ("not-registered", "workflow")],
    ),
}
"""Name -> workflow and the findings expected of it, in any order."""
LATEST = {"aliquot": content_hash(INNER), "typo": "newer", "middle": content_hash(MIDDLE)}

"""Values for which a driver library keeps an object: the generated Python gets and sets them through it, and is read back as it was."""

# ruff: noqa: PLC0415 - the libraries warn when they are imported, which the filter of a test quiets
from __future__ import annotations

import asyncio
import runpy
from dataclasses import replace

import pytest

from ivoryos_jupyter.codegen import parse, render
from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.schema import Number, Parameter, Property, deck_from_json, to_json
from ivoryos_jupyter.workflow import Constant, GetProperty, OnError, SetProperty, WaitFor, Workflow

pytestmark = pytest.mark.filterwarnings("ignore")


def get(path, name, save):
    return GetProperty(id="", instrument=path, property=name, outputs=(save,))


def put(path, name, value, **options):
    return SetProperty(id="", instrument=path, property=name, value=Constant(value), **options)


def workflow_of(*steps):
    return Workflow(name="go", script=tuple(steps))


def schema_of(**instruments):
    deck = LiveDeck()
    deck.update(instruments)
    return deck.schema()


def run_file(folder, source, *instruments):
    """Run the generated file as a person would; return what its function gives back."""
    file = folder / "generated.py"
    file.write_text(source, encoding="utf-8")
    result = runpy.run_path(str(file))["go"](*instruments)
    return asyncio.run(result) if asyncio.iscoroutine(result) else result


def comes_back(workflow, schema):
    """Whether the Python of `workflow` is read as the same workflow and written in the same way again."""
    source = render(workflow, schema)
    again = parse(source, schema)
    assert [replace(step, id="") for step in again.script] == list(workflow.script)
    return render(again, schema) == source


@pytest.fixture
def dac():
    from qcodes.instrument import Instrument
    from qcodes.instrument_drivers.mock_instruments import DummyInstrument

    Instrument.close_all()
    dac = DummyInstrument("dac", gates=["ch1"])
    dac.sent = []
    dac.add_parameter("level", get_cmd=lambda: dac.sent[-1], set_cmd=dac.sent.append)
    yield dac
    Instrument.close_all()


def test_a_parameter_of_qcodes_is_set_and_stays_a_parameter(dac, tmp_path):
    steps = put("dac", "ch1", 1.5), put("dac", "level", 3), get("dac", "ch1", "volts"), get("dac", "level", "level")
    source = render(workflow_of(*steps), schema_of(dac=dac))
    assert "dac.ch1.set(1.5)" in source
    assert run_file(tmp_path, source, dac) == {"volts": 1.5, "level": 3}
    assert dac.sent == [3]
    assert dac.ch1.get() == 1.5


def test_a_parameter_of_qcodes_by_itself_is_set_and_read(tmp_path):
    from qcodes.parameters import Parameter as Knob

    knob = Knob("bias", get_cmd=None, set_cmd=None, initial_value=0.25)
    schema = schema_of(bias=knob)
    workflow = workflow_of(put("bias", "value", 0.5), get("bias", "value", "now"))
    assert run_file(tmp_path, render(workflow, schema), knob) == {"now": 0.5}
    assert comes_back(workflow, schema)


def test_what_is_set_waited_for_and_tried_again_in_qcodes_comes_back(dac):
    again = OnError("retry", 2, 0.5)
    watch = WaitFor(id="", instrument="dac", property="ch1", condition="reading > 1", timeout_s=5.0)
    workflow = workflow_of(put("dac", "ch1", 1.5, on_error=again), get("dac", "ch1", "volts"), watch)
    assert "wait_for(lambda: dac.ch1.get(), " in render(workflow, schema_of(dac=dac))
    assert comes_back(workflow, schema_of(dac=dac))


def test_a_property_of_an_instrument_of_qcodes_that_is_no_parameter_stays_an_attribute(dac):
    workflow = workflow_of(get("dac", "label", "label"))
    assert "label = dac.label\n" in render(workflow, schema_of(dac=dac))
    assert comes_back(workflow, schema_of(dac=dac))


def test_an_attribute_is_still_read_where_a_person_writes_one(dac):
    assert parse("dac.ch1 = 1.5\nvolts = dac.ch1\n", schema_of(dac=dac)).script[0].property == "ch1"


def test_a_signal_of_ophyd_is_set_and_waited_for(tmp_path):
    from ophyd import Component, Device, Signal

    class Amplifier(Device):
        gain = Component(Signal, value=1.0)

    amplifier = Amplifier(name="amplifier")
    schema = schema_of(amplifier=amplifier)
    workflow = workflow_of(put("amplifier", "gain", 2.0), get("amplifier", "gain", "gain"))
    source = render(workflow, schema)
    assert "amplifier.gain.set(2.0).wait(timeout=60)" in source
    assert run_file(tmp_path, source, amplifier) == {"gain": 2.0}
    assert comes_back(workflow, schema)


def test_a_signal_of_ophyd_async_is_awaited(tmp_path):
    from ophyd_async.sim import SimMotor

    async def make():
        motor = SimMotor(name="motor", instant=True)
        await motor.connect()
        return motor

    async def go(source):
        motor = await make()
        file = tmp_path / "generated.py"
        file.write_text(source, encoding="utf-8")
        return await runpy.run_path(str(file))["go"](motor)

    schema = asyncio.run(make_schema(make))
    watch = WaitFor(id="", instrument="motor", property="velocity", condition="reading > 1", timeout_s=5.0)
    workflow = workflow_of(put("motor", "velocity", 2.0), get("motor", "velocity", "speed"), watch)
    source = render(workflow, schema)
    assert "await motor.velocity.set(2.0)" in source
    assert asyncio.run(go(source)) == {"speed": 2.0}
    assert comes_back(workflow, schema)


async def make_schema(make):
    return schema_of(motor=await make())


def test_a_saved_deck_keeps_how_a_value_is_got(dac):
    schema = schema_of(dac=dac)
    assert deck_from_json(to_json(schema)).instrument("dac").property("ch1").access == "signal"


@pytest.mark.parametrize(
    ("access", "itself", "read", "written"),
    [
        ("attribute", False, "dac.ch1", "dac.ch1 = 2"),
        ("signal", False, "dac.ch1.get()", "dac.ch1.set(2)"),
        ("signal", True, "dac.get()", "dac.set(2)"),
        ("status", False, "dac.ch1.get()", "dac.ch1.set(2).wait(timeout=60)"),
        ("awaited", False, "dac.ch1.get_value()", "dac.ch1.set(2)"),
        ("of a later version", False, "dac.ch1", "dac.ch1 = 2"),
    ],
)
def test_how_python_reads_and_sets_a_value(access, itself, read, written):
    one = Property("ch1", Parameter("value", Number()), access=access, itself=itself)
    assert (one.reading("dac"), one.setting("dac", "2")) == (read, written)

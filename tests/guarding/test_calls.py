"""A call that is written in a cell passes limits, interlocks, seat and record, and gives what the driver gives."""

from __future__ import annotations

import enum
import threading
import traceback

import numpy as np
import pytest

from ivoryos_jupyter.errors import BusyError, LimitError, NotTrustedError
from ivoryos_jupyter.guarding import override
from ivoryos_jupyter.introspect import original
from ivoryos_jupyter.runner import Call
from ivoryos_jupyter.testing import Pump


class Speed(enum.Enum):
    """How fast."""

    SLOW = 1
    FAST = 2


class Dispenser:
    """Keeps what it is given."""

    def __init__(self):
        self.got = []
        self.entered, self.gate = threading.Event(), threading.Event()
        self.thread = None

    def dose(self, volume: float, *more: float, speed: Speed = Speed.SLOW, **extra: float):
        """Dose."""
        self.got.append((volume, more, speed, extra))
        self.thread = threading.current_thread().name
        return self.got

    def tell(self, text: str = "hello"):
        """Print."""
        print(text)  # noqa: T201 - that is the point

    def wait(self):
        """Return when the gate is opened."""
        self.entered.set()
        self.gate.wait(10)
        return "free"

    def fail(self, error):
        """Raise `error`."""
        raise error

    def attach(self, other: Dispenser):
        """Keep another one."""
        self.got.append(other)


@pytest.fixture
def lab(open_notebook):
    made = open_notebook(one=Dispenser(), two=Dispenser())
    made.guard.guard()
    return made


def test_a_call_in_a_cell_is_recorded_with_its_origin(notebook):
    assert notebook.names["pump"].dispense(1.0) == 9.0
    assert notebook.calls == [("pump.dispense", {"volume_ml": 1.0}, "done")]
    (kept,) = notebook.recorder.calls.values()
    assert (kept.intent.origin, kept.intent.operator, kept.intent.instrument) == ("cell", "ada", "pump")


def test_a_call_over_the_limit_is_refused_and_recorded_and_the_driver_never_hears_of_it(lab):
    lab.limit("one", "dose", "volume", maximum=5)
    with pytest.raises(LimitError, match="above the limit of 5"):
        lab.names["one"].dose(50)
    assert original(lab.names["one"]).got == []
    assert lab.calls == [("one.dose", {"volume": 50}, "failed")]


@pytest.mark.parametrize("value", [np.float64(50), np.array([1.0, 50.0]), [1, 50], "50", np.int32(50)])
def test_a_value_of_any_class_is_compared_with_the_limit(lab, value):
    lab.limit("one", "dose", "volume", maximum=5)
    with pytest.raises(LimitError):
        lab.names["one"].dose(value)
    assert original(lab.names["one"]).got == []


def test_what_cannot_be_compared_with_a_limit_is_refused(lab):
    lab.limit("one", "dose", "volume", maximum=5)
    with pytest.raises(LimitError, match="no number"):
        lab.names["one"].dose(object())


@pytest.mark.parametrize("value", [np.float32(2.5), np.arange(3), "2.5", None, b"2", {"a": 1}, object()])
def test_the_driver_gets_the_very_object_that_was_given(lab, value):
    lab.names["one"].dose(value)
    assert original(lab.names["one"]).got[0][0] is value


def test_arguments_reach_the_driver_as_they_were_given_and_defaults_are_left_to_it(lab):
    lab.names["one"].dose(1, 2, 3, speed=Speed.FAST, extra=4)
    lab.names["one"].dose(volume=1)
    assert original(lab.names["one"]).got == [(1, (2, 3), Speed.FAST, {"extra": 4}), (1, (), Speed.SLOW, {})]
    assert [arguments for _, arguments, _ in lab.calls] == [
        {"volume": 1, "more": [2, 3], "speed": "FAST", "extra": {"extra": 4}},
        {"volume": 1},
    ]


def test_the_result_is_the_drivers_own_object(lab):
    assert lab.names["one"].dose(1) is original(lab.names["one"]).got


@pytest.mark.parametrize("arguments", [((), {}), ((1,), {"volume": 2})])
def test_arguments_that_do_not_fit_are_a_type_error_and_nothing_is_called(lab, arguments):
    with pytest.raises(TypeError, match=r"one\.dose\(\)"):
        lab.names["one"].dose(*arguments[0], **arguments[1])
    assert (original(lab.names["one"]).got, lab.calls) == ([], [])


@pytest.mark.parametrize("error", [ValueError("no"), KeyError("a"), SystemExit(2), StopIteration(3)])
def test_an_exception_is_the_drivers_own_with_the_drivers_traceback(lab, error):
    with pytest.raises(type(error)) as caught:
        lab.names["one"].fail(error)
    assert caught.value is error
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert frames[-1].name == "fail"
    assert not [one for one in frames if "/runner/" in one.filename.replace("\\", "/")]


def test_the_call_runs_on_the_worker(lab):
    lab.names["one"].dose(1)
    assert original(lab.names["one"]).thread.startswith("ivoryos-worker")


def test_what_is_printed_is_shown_and_recorded(lab, capsys):
    lab.names["one"].tell("a line")
    assert capsys.readouterr().out == "a line\n"
    (kept,) = lab.recorder.calls.values()
    assert kept.outcome.prints == "a line\n"


def test_an_instrument_as_argument_is_the_real_one_and_is_recorded_by_name(lab):
    one, two = lab.names["one"], lab.names["two"]
    one.attach(two)
    assert original(one).got == [original(two)]
    assert original(one).got[0] is original(two)
    assert lab.calls[0][1]["other"].text == "two"


def test_a_busy_instrument_refuses(lab):
    real = original(lab.names["one"])
    handle = lab.pipeline.submit(Call("one", "wait"))
    assert real.entered.wait(30)
    with pytest.raises(BusyError, match=r"one\.wait is under way"):
        lab.names["one"].dose(1)
    real.gate.set()
    assert handle.result(30) == "free"


def test_a_call_waits_in_line_when_that_is_asked_for(lab):
    lab.guard.guard("one", wait_in_line=True)
    real = original(lab.names["one"])
    handle = lab.pipeline.submit(Call("one", "wait"))
    assert real.entered.wait(30)
    got = []
    other = threading.Thread(target=lambda: got.append(lab.names["one"].dose(1)))
    other.start()
    real.gate.set()
    other.join(30)
    assert handle.result(30) == "free"
    assert got == [real.got]


def test_an_instrument_that_is_not_trusted_refuses(lab):
    lab.pipeline.grace_s = 0.1
    real = original(lab.names["one"])
    handle = lab.pipeline.submit(Call("one", "wait"))
    assert real.entered.wait(30)
    handle.cancel()
    with pytest.raises(Exception, match="given up"):
        handle.result(30)
    real.gate.set()
    with pytest.raises(NotTrustedError):
        lab.names["one"].dose(1)


def test_an_interlock_refuses_a_call_in_a_cell(lab):
    def lid(call, member, arguments):
        if arguments["volume"] > 1:
            raise RuntimeError(f"{call.label}: close the lid first")

    lab.pipeline.interlocks.append(lid)
    with pytest.raises(RuntimeError, match=r"one\.dose: close the lid"):
        lab.names["one"].dose(2)
    assert lab.names["one"].dose(1)


def test_an_override_passes_limits_within_its_block_only_and_is_recorded(lab):
    lab.limit("one", "dose", "volume", maximum=5)
    with override("calibrating, Ada present"):
        lab.names["one"].dose(50)
    with pytest.raises(LimitError):
        lab.names["one"].dose(50)
    assert [status for _, _, status in lab.calls] == ["done", "failed"]
    assert [one.intent.override for one in lab.recorder.calls.values()] == ["calibrating, Ada present", ""]


def test_an_override_needs_a_reason(lab):
    with pytest.raises(ValueError, match="needs a reason"), override("  "):
        lab.names["one"].dose(1)


def test_the_default_of_the_driver_is_judged_too(notebook):
    notebook.limit("pump", "dispense", "rate_ml_min", maximum=0.5)
    with pytest.raises(LimitError, match="default"):
        notebook.names["pump"].dispense(1.0)


def test_a_property_is_read_and_set_through_the_pipeline(notebook):
    pump = notebook.names["pump"]
    notebook.limit("pump", "flow_rate_(setter)", "value", maximum=3)
    pump.flow_rate = 2.0
    assert pump.flow_rate == 2.0
    with pytest.raises(LimitError):
        pump.flow_rate = 4.0
    assert notebook.calls == [
        ("pump.flow_rate_(setter)", {"value": 2.0}, "done"),
        ("pump.flow_rate", {}, "done"),
        ("pump.flow_rate_(setter)", {"value": 4.0}, "failed"),
    ]


def test_a_plain_attribute_is_passed_on_without_a_record(notebook):
    pump = notebook.names["pump"]
    pump.port = "COM9"
    pump.note = "mine"
    assert (pump.port, original(pump).note) == ("COM9", "mine")
    del pump.note
    assert not hasattr(pump, "note")
    assert notebook.calls == []


def test_a_call_from_a_thread_of_ones_own_passes_too(notebook):
    got = []
    thread = threading.Thread(target=lambda: got.append(notebook.names["pump"].dispense(1.0)))
    thread.start()
    thread.join(5)
    assert got == [9.0]
    assert notebook.calls == [("pump.dispense", {"volume_ml": 1.0}, "done")]


def test_a_method_put_onto_the_class_later_is_guarded_after_the_cell(notebook, monkeypatch):
    monkeypatch.setattr(Pump, "prime", lambda self, times=1: times, raising=False)
    notebook.after_cell()
    assert notebook.names["pump"].prime(3) == 3
    assert notebook.calls == [("pump.prime", {"times": 3}, "done")]

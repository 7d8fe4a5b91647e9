"""A laboratory in one object: deck, pipeline, runner and an in-memory recorder, closed after each test."""

from __future__ import annotations

import itertools
import threading
import time
from typing import TYPE_CHECKING

import pytest

from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.journal import RunRequest
from ivoryos_jupyter.rules import RulesFile
from ivoryos_jupyter.runner import Call, Pipeline, RuleBook, Runner, State, SystemClock, ThreadExecutor
from ivoryos_jupyter.schema import Limits
from ivoryos_jupyter.testing import MemoryRecorder
from ivoryos_jupyter.workflow import Action, Constant, Input, Pause, Wait, Workflow, content_hash, to_json

if TYPE_CHECKING:
    from collections.abc import Callable


class Pump:
    """Counts what it is told to do."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, object]] = []
        self.fail_next: list[BaseException] = []
        self.gate = threading.Event()
        self.entered = threading.Event()
        self._rate = 1.0

    def dose(self, volume: float) -> float:
        """Dose some mL."""
        self.calls.append(("dose", volume))
        if self.fail_next:
            raise self.fail_next.pop(0)
        return volume * 2

    def measure(self) -> tuple[float, float]:
        """Return two numbers."""
        self.calls.append(("measure", None))
        return 1.5, 2.5

    def block(self) -> str:
        """Return when the test opens the gate."""
        self.calls.append(("block", None))
        self.entered.set()
        self.gate.wait()
        return "free"

    def clean(self) -> None:
        """Rinse."""
        self.calls.append(("clean", None))
        if self.fail_next:
            raise self.fail_next.pop(0)

    def mix(self, samples: list[float]) -> float:
        """Take one value per sample."""
        self.calls.append(("mix", samples))
        return sum(samples)

    @property
    def rate(self) -> float:
        """Flow rate."""
        return self._rate

    @rate.setter
    def rate(self, value: float) -> None:
        self.calls.append(("rate", value))
        self._rate = value

    @property
    def doses(self) -> list[object]:
        """Not for the deck: the volumes it was told."""
        return [value for name, value in self.calls if name == "dose"]


class Limited:
    """Limits that a test may change."""

    def __init__(self) -> None:
        self.limits = Limits()
        self.error: Exception | None = None

    def current(self) -> Limits:
        if self.error is not None:
            raise self.error
        return self.limits


class Clock(SystemClock):
    """The machine's time, and as much more as a test lets pass."""

    def __init__(self) -> None:
        self._more_s = 0.0

    def let_pass(self, seconds: float) -> None:
        self._more_s += seconds

    def now_us(self) -> int:
        return super().now_us() + round(self._more_s * 1e6)

    def monotonic(self) -> float:
        return super().monotonic() + self._more_s

    def receive(self, inbox, timeout):
        ends = float("inf") if timeout is None else self.monotonic() + timeout
        message = None
        while message is None and (left := ends - self.monotonic()) > 0:
            message = super().receive(inbox, min(left, 0.01))
        return message


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Lab:
    """Everything a test needs, wired."""

    def __init__(self, namespace: dict[str, object] | None = None, *, clock=None, loop=None, recorder=None, grace_s: float = 60.0) -> None:
        self.pump = Pump()
        self.other = Pump()
        self.namespace: dict[str, object] = {"pump": self.pump, "other": self.other, **(namespace or {})}
        self.deck = LiveDeck("lab")
        self.deck.update(self.namespace)
        self.limits = Limited()
        self.recorder = recorder or MemoryRecorder()
        self.events: list[object] = []
        self.executor = ThreadExecutor(loop)
        self._heard = threading.Condition()
        self.pipeline = Pipeline(self.deck, self.limits, self.recorder, self.executor, self.hear, clock, grace_s)
        self.runner = Runner(self.pipeline, self.recorder, self.hear, clock)
        self._keys = itertools.count(1)

    def hear(self, event: object) -> None:
        with self._heard:
            self.events.append(event)
            self._heard.notify_all()

    def until(self, condition: Callable[[], object], timeout: float = 30.0) -> None:
        """Wait until something that events announce is so."""
        deadline = time.monotonic() + timeout
        while not condition():  # outside of the lock, for it may command the run, and who tells of that waits for the lock
            left = deadline - time.monotonic()
            assert left > 0, "it did not happen"
            with self._heard:
                self._heard.wait(min(left, 0.01))

    def request(self, workflow: Workflow, **more: object) -> RunRequest:
        key = more.pop("key", None) or f"key-{next(self._keys)}"
        name = more.pop("name", key)
        return RunRequest(key, name, to_json(workflow), workflow.name, content_hash(workflow), "lab", **more)

    def submit(self, workflow: Workflow, **more: object):
        return self.runner.submit(self.request(workflow, **more))

    def run(self, workflow: Workflow, **more: object):
        return self.submit(workflow, **more).wait(30)

    def call(self, path: str, member: str, operation: str = "call", **arguments: object):
        return self.pipeline.submit(Call(path, member, operation, arguments))

    def wait_for(self, handle, state: State):
        self.until(lambda: handle.status.state is state)
        return handle.status

    def written(self) -> None:
        """Wait until the clerk has written what it was given so far."""
        done = threading.Event()
        self.pipeline.clerk.put(done.set)
        assert done.wait(30)

    def steps(self, run_id: int | None = None):
        run_id = run_id if run_id is not None else max(self.recorder.runs)
        return self.recorder.steps_of(run_id)

    def kinds(self) -> list[str]:
        return [event.kind for event in self.recorder.events]

    def close(self) -> None:
        for pump in (self.pump, self.other):
            pump.gate.set()
        assert self.runner.close()
        self.pipeline.close()
        assert self.executor.close()


@pytest.fixture(autouse=True)
def no_thread_is_left(no_thread_outlives_a_test):
    """No test here leaves a thread behind."""


@pytest.fixture
def lab():
    """A laboratory that is closed after the test."""
    made = Lab()
    yield made
    made.close()


_ids = itertools.count(1)


@pytest.fixture
def make_lab():
    """Make laboratories with other parts; closed after the test."""
    made: list[Lab] = []

    def make(*args, **kwargs) -> Lab:
        made.append(Lab(*args, **kwargs))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def rules(tmp_path):
    """The rules of the laboratory, in their file."""
    return RulesFile(tmp_path / "rules.json")


@pytest.fixture
def make_ruled_lab(make_lab, rules):
    """Make laboratories whose calls are held to the rules."""

    def make(*args, **kwargs) -> Lab:
        lab = make_lab(*args, **kwargs)
        lab.book = lab.pipeline.gates.rules = RuleBook(rules, lab.pipeline)
        return lab

    return make


@pytest.fixture
def act():
    """The function that makes actions."""
    return step


@pytest.fixture
def flow():
    """The function that makes workflows from steps of the script phase."""

    def make(*script, prep=(), cleanup=(), name="w", **more):
        return Workflow(name=name, script=tuple(script), prep=tuple(prep), cleanup=tuple(cleanup), **more)

    return make


WAITING = Wait(id="w", seconds=Constant(1000))
BEGINNINGS = {
    "in a wait": WAITING,
    "paused in a wait": WAITING,
    "asking to go on": Pause(id="p", message="put the flask in"),
    "asking a value": Input(id="i", message="mass?", name="mass", type="float"),
}
"""With what a run begins that is to come into a state."""


@pytest.fixture(
    params=["queued", "in a step", "paused", *BEGINNINGS, "asking about an error", "in cleanup"],
)
def where(request):
    """Each state a run may be in, one after the other."""
    return request.param


@pytest.fixture
def bring(act, flow):
    """Brings a run of a lab into a state; `busy` is a step whose call has `entered` and is under way, `last` ends the cleanup."""

    def brought(lab: Lab, where: str, busy: Action, entered: threading.Event, *last: Action, **more: object):
        first = busy if where == "in a step" else BEGINNINGS.get(where, act("dose", volume=7.0))
        if where == "asking about an error":
            lab.pump.fail_next.append(RuntimeError("syringe empty"))
        if where in {"queued", "paused"}:
            lab.runner.queue.hold("test")
        cleanup = [busy if where == "in cleanup" else act("clean"), *last]
        handle = lab.submit(flow(first, act("dose", volume=9.0), cleanup=cleanup), **more)
        if where == "paused":
            handle.pause()
            lab.runner.queue.release()
        lab.until(_reached(where, handle, entered))
        if where == "paused in a wait":
            handle.pause()
            lab.wait_for(handle, State.PAUSED)
        return handle

    return brought


def _reached(where: str, handle, entered: threading.Event) -> Callable[[], object]:
    """Return what holds as soon as a run is where it was to come."""
    if where in {"in a step", "in cleanup"}:
        return entered.is_set
    if where in {"in a wait", "paused in a wait"}:
        return lambda: handle.status.step is not None and handle.status.step.wait_left_s is not None
    state = {"queued": State.QUEUED, "paused": State.PAUSED}.get(where, State.ASKING)
    return lambda: handle.status.state is state


def step(method: str, *, instrument: str = "pump", outputs: tuple[str, ...] = (), id: str = "", **arguments: object) -> Action:  # noqa: A002
    """Return an action; plain values become constants."""
    values = {name: value if hasattr(type(value), "tag") else Constant(value) for name, value in arguments.items()}
    return Action(id=id or f"s{next(_ids)}", instrument=instrument, method=method, arguments=values, outputs=outputs)

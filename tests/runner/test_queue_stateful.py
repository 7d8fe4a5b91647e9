"""Whatever is done to the queue, in whatever order, by kernel after kernel: it runs what it should, in its order, and each run once."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ivoryos_jupyter.records import open_store
from ivoryos_jupyter.workflow import Workflow
from tests.runner.conftest import Lab, step


@dataclass
class Waits:
    """A waiting run, as the test knows it."""

    key: str
    volume: float
    held: bool
    stop_here: bool


class QueueMachine(RuleBasedStateMachine):
    """The queue of one notebook on real records; its kernel dies now and then, between runs and within a call."""

    @initialize()
    def begin(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ivoryos-queue-"))
        self.waiting: list[Waits] = []
        self.begun: list[float] = []
        self.interrupted: list[str] = []
        self.known: dict[str, float] = {}
        """Volumes by the keys of what was submitted and not taken out of the queue."""
        self.numbers = count()
        self.live()

    def live(self):
        """Let a new kernel take up what there is."""
        self.store = open_store(self.folder)
        self.lab = Lab(recorder=self.store)
        self.lab.pump.gate.set()
        left = self.lab.runner.restore()
        assert [one.request.key for one in left] == self.interrupted
        assert self.lab.runner.queue.on_hold == bool(self.waiting)
        self.lab.runner.queue.hold("The test holds it.")

    def die(self):
        """End the kernel: it writes nothing more, and its lock is gone."""
        self.store.database.close()
        self.lab.close()

    def teardown(self):
        if hasattr(self, "lab"):
            self.lab.close()
            self.store.close()
            shutil.rmtree(self.folder)

    def request(self, key, volume, **more):
        flow = Workflow(name="w", script=(step("dose", id="a", volume=volume), step("block", id="b")))
        return self.lab.request(flow, key=key, **more)

    def one_of(self, index):
        return self.waiting[index % len(self.waiting)]

    # What a person does

    @rule(held=st.booleans(), stop_here=st.booleans())
    def submit(self, held, stop_here):
        volume = float(next(self.numbers))
        key = f"k{volume:g}"
        self.known[key] = volume
        assert not self.lab.runner.submit(self.request(key, volume, held=held, stop_here=stop_here)).existed
        self.waiting.append(Waits(key, volume, held, stop_here))

    @precondition(lambda self: self.known)
    @rule(index=st.integers(0, 99))
    def submit_again(self, index):
        key, volume = list(self.known.items())[index % len(self.known)]
        assert self.lab.runner.submit(self.request(key, volume)).existed

    @precondition(lambda self: self.waiting)
    @rule(order=st.permutations(range(6)), many=st.integers(0, 6))
    def reorder(self, order, many):
        first = [self.waiting[at] for at in order[:many] if at < len(self.waiting)]
        self.lab.runner.queue.reorder([one.key for one in first])
        self.waiting = first + [one for one in self.waiting if one not in first]

    @precondition(lambda self: self.waiting)
    @rule(index=st.integers(0, 99), held=st.booleans())
    def set_held(self, index, held):
        one = self.one_of(index)
        self.lab.runner.queue.set_held(one.key, held=held)
        one.held = held

    @precondition(lambda self: self.waiting)
    @rule(index=st.integers(0, 99), stop=st.booleans())
    def set_stop_here(self, index, stop):
        one = self.one_of(index)
        self.lab.runner.queue.set_stop_here(one.key, stop=stop)
        one.stop_here = stop

    @precondition(lambda self: self.waiting)
    @rule(index=st.integers(0, 99))
    def replace(self, index):
        one = self.one_of(index)
        one.volume += 100.0
        self.lab.runner.replace(self.request(one.key, one.volume, held=one.held, stop_here=one.stop_here))

    @precondition(lambda self: self.waiting)
    @rule(index=st.integers(0, 99))
    def remove(self, index):
        one = self.one_of(index)
        self.lab.runner.remove(one.key)
        self.waiting.remove(one)
        del self.known[one.key]

    # What the kernel does

    @rule()
    def release(self):
        """Everything runs that may, up to where the queue is to stop."""
        stops = False
        for one in [one for one in self.waiting if not one.held]:
            self.waiting.remove(one)
            self.begun.append(one.volume)
            stops = one.stop_here
            if stops:
                break
        runner, left = self.lab.runner, [one.key for one in self.waiting]
        runner.queue.release()
        self.lab.until(lambda: runner.active is None and [one.request.key for one in runner.queue.entries] == left)
        self.lab.until(lambda: runner.queue.on_hold or not stops)
        doses = self.lab.pump.doses
        assert doses == self.begun[len(self.begun) - len(doses) :]
        runner.queue.hold("The test holds it.")

    @rule()
    def crash_between_two_runs(self):
        self.die()
        self.live()

    @precondition(lambda self: any(not one.held for one in self.waiting))
    @rule()
    def crash_in_a_call(self):
        one = next(one for one in self.waiting if not one.held)
        pump = self.lab.pump
        pump.entered.clear()
        pump.gate.clear()
        self.lab.runner.queue.release()
        assert pump.entered.wait(30)
        self.waiting.remove(one)
        self.begun.append(one.volume)
        assert pump.doses[-1] == one.volume
        self.interrupted.append(one.key)
        self.die()
        self.live()

    @invariant()
    def the_queue_is_as_it_was_left(self):
        if not hasattr(self, "lab"):
            return
        known = [(one.request.key, one.request.held, one.request.stop_here) for one in self.lab.runner.queue.entries]
        assert known == [(one.key, one.held, one.stop_here) for one in self.waiting]
        assert self.lab.runner.queue.on_hold

    @invariant()
    def no_run_begins_twice(self):
        if hasattr(self, "lab"):
            runs = self.store.database.rows("SELECT submission_key FROM workflow_runs ORDER BY id")
            assert len(runs) == len(set(runs)) == len(self.begun)


QueueMachine.TestCase.settings = settings(
    max_examples=20, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestQueueMachine = QueueMachine.TestCase

"""How soon does a run obey?  From a command to its acknowledgement, and to the run being there, inside a wait of 1000 s.

The run is kept by a real store on disk, FULL. The yardstick is what one thread takes to wake another by a bare `threading.Event`.
"""

from __future__ import annotations

import itertools
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from yardstick import Figure, report

from ivoryos_jupyter.introspect import LiveDeck, safe_state
from ivoryos_jupyter.journal import RunRequest, StepStatus
from ivoryos_jupyter.records import DataFolder, open_store
from ivoryos_jupyter.runner import Pipeline, RunChanged, Runner, State, StepChanged, ThreadExecutor
from ivoryos_jupyter.schema import Limits
from ivoryos_jupyter.workflow import Constant, Wait, Workflow, content_hash, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROUNDS = 40
FREE_WAKE_S = 0.05e-3
"""What the yardstick takes on a free machine of this kind."""
AIM = 5e-3 / FREE_WAKE_S
SHOWN = ("stop in a wait, the run has ended, all of it committed",)
"""Shown for comparison only: it is the disk that takes its time."""
WORKFLOW = Workflow(name="wait", script=(Wait(id="w", seconds=Constant(1000)),))


class NoLimits:
    """A laboratory without limits."""

    def current(self) -> Limits:
        """Return none."""
        return Limits()


class Valve:
    """Says when it was closed."""

    def __init__(self) -> None:
        self.closed = 0.0

    @safe_state
    def close(self) -> None:
        """Close."""
        self.closed = time.perf_counter()


class Laboratory:
    """A runner with a store on disk."""

    def __init__(self, folder: Path) -> None:
        self.valve = Valve()
        deck = LiveDeck("bench")
        deck.update({"valve": self.valve})
        self.store = open_store(DataFolder(folder))
        self.executor = ThreadExecutor()
        self.pipeline = Pipeline(deck, NoLimits(), self.store, self.executor, self.hear)
        self.runner = Runner(self.pipeline, self.store, self.hear)
        self.keys = itertools.count()
        self.reached: dict[State | StepStatus, float] = {}
        self.changed = threading.Condition()

    def hear(self, event: object) -> None:
        """Note when a run, or a step, came to a state for the first time."""
        state = event.status.state if isinstance(event, RunChanged) else event.status if isinstance(event, StepChanged) else None
        if state is not None:
            with self.changed:
                self.reached.setdefault(state, time.perf_counter())
                self.changed.notify_all()

    def waiting(self) -> object:
        """Return a run that is inside its wait."""
        self.runner.queue.release()
        key = f"run-{next(self.keys)}"
        request = RunRequest(key, key, to_json(WORKFLOW), WORKFLOW.name, content_hash(WORKFLOW), "bench")
        handle = self.runner.submit(request)
        while handle.status.step is None or handle.status.step.wait_left_s is None:
            time.sleep(0.001)
        time.sleep(0.005)
        return handle

    def command(self, give: Callable[[], object], state: State) -> tuple[float, float]:
        """Return how long a command took to be acknowledged, and to be obeyed, in s."""
        self.reached.clear()
        began = time.perf_counter()
        give()
        acknowledged = time.perf_counter()
        with self.changed:
            assert self.changed.wait_for(lambda: state in self.reached, 10)
        return acknowledged - began, self.reached[state] - began

    def close(self) -> None:
        """End it."""
        self.runner.close()
        self.pipeline.close()
        self.executor.close()
        self.store.close()


def figures() -> Iterator[Figure]:
    """Measure; the median of the rounds counts."""
    with tempfile.TemporaryDirectory() as folder:
        lab = Laboratory(Path(folder) / "ivoryos_data")
        try:
            rounds = [one_round(lab) for _ in range(ROUNDS)]
        finally:
            lab.close()
    wake = statistics.median(one["wake"] for one in rounds)
    for what in rounds[0]:
        if what != "wake":
            took = statistics.median(one[what] for one in rounds)
            yield Figure(what, took, "a threading.Event wakes a thread", wake, None if what in SHOWN else AIM)


def one_round(lab: Laboratory) -> dict[str, float]:
    """Return what each command took, in s."""
    handle = lab.waiting()
    pause = lab.command(handle.pause, State.PAUSED)
    resume = lab.command(handle.resume, State.RUNNING)
    began = time.perf_counter()
    stop = lab.command(lambda: handle.stop(now=True), State.ENDED)
    left = lab.reached[StepStatus.CANCELLED] - began
    handle.wait(10)
    lab.waiting()
    began = time.perf_counter()
    safe = lab.command(lab.runner.make_safe, State.ENDED)
    lab.runner.safety.close(10)
    return {
        "pause in a wait, acknowledged": pause[0],
        "pause in a wait, the run is paused": pause[1],
        "resume, the run goes on": resume[1],
        "stop in a wait, acknowledged": stop[0],
        "stop in a wait, the wait is left, its outcome committed": left,
        SHOWN[0]: stop[1],
        "make safe, acknowledged": safe[0],
        "make safe, the first handler is called": lab.valve.closed - began,
        "wake": wake(),
    }


def wake() -> float:
    """Return what one thread takes to wake another, in s."""
    event, there = threading.Event(), []
    thread = threading.Thread(target=lambda: (event.wait(), there.append(time.perf_counter())))
    thread.start()
    time.sleep(0.005)
    began = time.perf_counter()
    event.set()
    thread.join()
    return there[0] - began


if __name__ == "__main__":
    report(figures)

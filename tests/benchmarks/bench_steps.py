"""How much does the engine add to a step, and how soon after its submission does a run begin?

Each step commits its intent before its call and its outcome after it, on disk. The yardstick is a bare loop of two sqlite3
commits, on the same disk, with the same setting, in the same process, in turns with the runs. Of both, the tenth percentile of
the steps of the best round counts: those that nothing else on the machine interrupted. ``--profile`` shows where the time goes.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from yardstick import Figure, in_turns, quiet_gap, report

from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.journal import RunRequest
from ivoryos_jupyter.records import open_store
from ivoryos_jupyter.runner import Pipeline, Runner, ThreadExecutor
from ivoryos_jupyter.runner import _drive as drive
from ivoryos_jupyter.schema import Limit, LimitsFile
from ivoryos_jupyter.testing import MemoryRecorder
from ivoryos_jupyter.workflow import Action, Constant, Repeat, Workflow, content_hash, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ivoryos_jupyter.journal import Recorder

Mode = Literal["NORMAL", "FULL"]
STEPS: dict[Mode, int] = {"NORMAL": 1500, "FULL": 250}
ROUNDS = 8
SUBMISSIONS = 40
STEP_AIM: dict[Mode, float] = {"NORMAL": 0.1 / 0.014, "FULL": 2.0}
"""0.1 ms a step where the bare loop takes 0.014 ms; twice the bare loop."""
SUBMIT_AIM: dict[Mode, float] = {"NORMAL": 5 / 0.014, "FULL": 5 / 0.12}
"""5 ms where the bare loop takes 0.014 ms and 0.12 ms."""


class Pump:
    """Does nothing but look at the clock, so that what is measured is the engine."""

    def __init__(self) -> None:
        """Remember no call yet."""
        self._calls: list[float] = []

    def dose(self, volume_ml: float) -> float:
        """Return what it was given."""
        self._calls.append(time.perf_counter())
        return volume_ml

    def called_at(self) -> list[float]:
        """Return when it was called, and forget it."""
        calls, self._calls = self._calls, []
        return calls


class Bench:
    """A runner on some recorder."""

    def __init__(self, recorder: Recorder, folder: Path) -> None:
        """Wire it; `folder` holds a file of limits, so that they are part of what is measured."""
        self.pump = Pump()
        limits = LimitsFile(folder / "safety.json")
        limits.save(Limit("pump", "dose", "volume_ml", maximum=5.0))
        os.utime(limits.path, (0, 0))  # a file that has just changed is read again at every call, as one in use is not
        deck = LiveDeck("bench")
        deck.update({"pump": self.pump})
        self.executor = ThreadExecutor()
        self.pipeline = Pipeline(deck, limits, recorder, self.executor, lambda _: None)
        self.runner = Runner(self.pipeline, recorder, lambda _: None)
        self._count = 0

    def run(self, steps: int) -> tuple[float, list[float]]:
        """Run so many steps; return when the run was submitted and when each call was made."""
        body = (Action(id="a", instrument="pump", method="dose", arguments={"volume_ml": Constant(1.0)}),)
        flow = Workflow(name="bench", script=(Repeat(id="r", times=Constant(steps), body=body),))
        self._count += 1
        key = f"bench-{self._count}"
        request = RunRequest(key, key, to_json(flow), "bench", content_hash(flow), "bench")
        began = time.perf_counter()
        self.runner.submit(request).wait()
        return began, self.pump.called_at()

    def step(self, steps: int) -> float:
        """Return the seconds of one step among so many."""
        return quiet_gap(self.run(steps)[1])

    def first_step(self) -> float:
        """Return the seconds from a submission to its first call."""
        began, calls = self.run(1)
        return calls[0] - began

    def close(self) -> None:
        """End its threads."""
        self.runner.close()
        self.pipeline.close()
        self.executor.close()


def bare_step(folder: Path, mode: Mode) -> float:
    """Return the seconds of two sqlite3 commits."""
    moments = []
    with closing(sqlite3.connect(folder / f"bare-{mode}.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={mode}")
        connection.execute("CREATE TABLE IF NOT EXISTS step (id INTEGER PRIMARY KEY, name TEXT, began INTEGER, ended INTEGER, output TEXT)")
        for _ in range(STEPS[mode]):
            row = connection.execute("INSERT INTO step (name, began) VALUES (?, ?)", ("dose", time.time_ns())).lastrowid
            moments.append(time.perf_counter())
            connection.execute("UPDATE step SET ended = ?, output = ? WHERE id = ?", (time.time_ns(), "1.0", row))
    return quiet_gap(moments)


def measured(folder: Path, mode: Mode) -> Iterator[Figure]:
    """Measure with one setting."""
    with closing(open_store(folder / mode, "", synchronous=mode)) as store, closing(Bench(store, folder)) as bench:
        bench.run(20)  # what happens once in a kernel is not part of a step
        ours, bare = in_turns(lambda: bench.step(STEPS[mode]), lambda: bare_step(folder, mode), ROUNDS)
        first = statistics.quantiles([bench.first_step() for _ in range(SUBMISSIONS)], n=10)[0]
    yard = f"two sqlite3 commits, {mode}"
    yield Figure(f"one step, intent and outcome committed, {mode}", ours, yard, bare, aim=STEP_AIM[mode])
    yield Figure(f"submit to first call, {mode}", first, yard, bare, aim=SUBMIT_AIM[mode])


def figures() -> Iterator[Figure]:
    """Measure; the files lie where the process was started, for a folder in memory would say nothing of a disk."""
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix="bench-") as name:
        for mode in STEPS:
            yield from measured(Path(name), mode)
        with closing(Bench(MemoryRecorder(), Path(name))) as bench:
            bench.run(20)
            ours, bare = in_turns(lambda: bench.step(STEPS["NORMAL"]), lambda: bare_step(Path(name), "NORMAL"), ROUNDS)
    yield Figure("one step without a database: engine, gates, threads", ours, "two sqlite3 commits, NORMAL", bare)


def profile() -> None:
    """Print where the time of the runner's thread goes, without a database."""
    profiler = cProfile.Profile()
    run = drive.Drive.run

    def profiled(self: drive.Drive) -> None:
        profiler.enable()
        run(self)
        profiler.disable()

    with tempfile.TemporaryDirectory(prefix="bench-") as name, closing(Bench(MemoryRecorder(), Path(name))) as bench:
        bench.run(20)
        drive.Drive.run = profiled  # type: ignore[method-assign]  # for the time of this measurement
        bench.run(STEPS["NORMAL"])
        drive.Drive.run = run  # type: ignore[method-assign]
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    profile() if "--profile" in sys.argv else report(figures)

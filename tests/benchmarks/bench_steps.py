"""How much does the engine add to a step, and how soon after its submission does a run begin?

Each step commits its intent before its call and its outcome after it, on disk. The yardstick is a bare loop of two
sqlite3 commits, in the same folder, with the same setting, in the same process, taken in turns with the runs.
Run it: ``python tests/benchmarks/bench_steps.py``, with ``--profile`` to see where the time goes.
"""

from __future__ import annotations

import cProfile
import pstats
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.journal import RunRequest
from ivoryos_jupyter.records import open_store
from ivoryos_jupyter.runner import Pipeline, Runner, StepChanged, ThreadExecutor
from ivoryos_jupyter.runner import _drive as drive
from ivoryos_jupyter.schema import Limit, Limits
from ivoryos_jupyter.testing import MemoryRecorder
from ivoryos_jupyter.workflow import Action, Constant, Repeat, Workflow, content_hash, to_json

if TYPE_CHECKING:
    from ivoryos_jupyter.journal import Recorder

STEPS = 2000
ROUNDS = 5
AIM_MS = {"NORMAL": 0.1, "FULL": None}
AIM_FULL_RATIO = 2.0
AIM_SUBMIT_MS = 5.0
Mode = Literal["NORMAL", "FULL"]


class Pump:
    """Does nothing, so that what is measured is the engine."""

    def dose(self, volume_ml: float) -> float:
        """Return what it was given."""
        return volume_ml


class OneLimit:
    """Limits that hold, so that they are part of what is measured."""

    def current(self) -> Limits:
        """Return one limit."""
        return Limits((Limit("pump", "dose", "volume_ml", maximum=5.0),))


class Bench:
    """A runner on some recorder."""

    def __init__(self, recorder: Recorder) -> None:
        """Wire it."""
        deck = LiveDeck("bench")
        deck.update({"pump": Pump()})
        self.first_step_at = 0.0
        self.executor = ThreadExecutor()
        self.pipeline = Pipeline(deck, OneLimit(), recorder, self.executor, self._hear)
        self.runner = Runner(self.pipeline, recorder, self._hear)
        self._count = 0

    def _hear(self, event: object) -> None:
        if not self.first_step_at and isinstance(event, StepChanged):
            self.first_step_at = time.perf_counter()

    def run(self, steps: int) -> tuple[float, float]:
        """Return the seconds of a run of so many steps, and those from its submission to its first step."""
        body = (Action(id="a", instrument="pump", method="dose", arguments={"volume_ml": Constant(1.0)}),)
        flow = Workflow(name="bench", script=(Repeat(id="r", times=Constant(steps), body=body),))
        self._count += 1
        key = f"bench-{time.time_ns()}-{self._count}"
        request = RunRequest(key, key, to_json(flow), "bench", content_hash(flow), "bench")
        self.first_step_at = 0.0
        began = time.perf_counter()
        self.runner.submit(request).wait()
        ended = time.perf_counter()
        return ended - self.first_step_at, self.first_step_at - began

    def close(self) -> None:
        """End its threads."""
        self.runner.close()
        self.pipeline.close()
        self.executor.close()


def bare_loop(folder: Path, mode: Mode, steps: int) -> float:
    """Return the seconds of two sqlite3 commits per step."""
    connection = sqlite3.connect(folder / f"bare-{mode}.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={mode}")
    connection.execute("CREATE TABLE IF NOT EXISTS step (id INTEGER PRIMARY KEY, name TEXT, began INTEGER, ended INTEGER, output TEXT)")
    began = time.perf_counter()
    for _ in range(steps):
        row = connection.execute("INSERT INTO step (name, began) VALUES (?, ?)", ("dose", time.time_ns())).lastrowid
        connection.execute("UPDATE step SET ended = ?, output = ? WHERE id = ?", (time.time_ns(), "1.0", row))
    seconds = time.perf_counter() - began
    connection.close()
    return seconds


def measure(folder: Path, mode: Mode) -> None:
    """Print what a durable step costs, as a ratio to the bare loop."""
    store = open_store(folder / mode, "", synchronous=mode)
    bench = Bench(store)
    bench.run(50)
    bare, ours, first = [], [], []
    for _ in range(ROUNDS):
        bare.append(bare_loop(folder, mode, STEPS) / STEPS * 1e3)
        seconds, submit = bench.run(STEPS)
        ours.append(seconds / STEPS * 1e3)
        first.append(submit * 1e3)
    bench.close()
    store.close()
    yard, step = min(bare), min(ours)
    aim = f"aim {AIM_MS[mode]} ms" if AIM_MS[mode] else f"aim {AIM_FULL_RATIO:g}x"
    print(f"{mode:7} bare {yard:.3f} ms   step {step:.3f} ms   ratio {step / yard:.1f}x   ({aim})")
    print(f"{mode:7} submit to first step {statistics.median(first):.2f} ms (aim {AIM_SUBMIT_MS:g} ms)")


def measure_engine(*, profile: bool) -> None:
    """Print what the engine costs without a database."""
    bench = Bench(MemoryRecorder())
    bench.run(50)
    seconds = min(bench.run(STEPS)[0] for _ in range(ROUNDS))
    print(f"memory  step {seconds / STEPS * 1e3:.3f} ms")
    if profile:
        _profile(bench)
    bench.close()


def _profile(bench: Bench) -> None:
    profiler = cProfile.Profile()
    run = drive.Drive.run

    def profiled(self: drive.Drive) -> None:
        profiler.enable()
        run(self)
        profiler.disable()

    drive.Drive.run = profiled  # type: ignore[method-assign]  # for the time of this measurement
    bench.run(STEPS)
    drive.Drive.run = run  # type: ignore[method-assign]
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        for mode in ("NORMAL", "FULL"):
            measure(Path(name), mode)
    measure_engine(profile="--profile" in sys.argv)


if __name__ == "__main__":
    main()

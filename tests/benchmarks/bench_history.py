"""A million step rows to a typed table: ours against `pandas.read_sql` on the same columns of the same file.

Run: ``python tests/benchmarks/bench_history.py [rows]``. Prints seconds (the best of three) and the ratio; aim: below 1 s where
`pandas.read_sql` takes 2.9 s, that is a ratio of at most 0.34.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ivoryos_jupyter.records import DataFolder, History, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STEPS_PER_PHASE = 50
STARTED = 1_763_000_000_000_000
CALLS = (("pump", "dispense"), ("reactor", "set_temperature"), ("spectrometer", "measure"), ("stirrer", "stir"))
TEXT = "2025-11-13 02:13:20.000000"
SAME_COLUMNS = """
SELECT s.id, p.run_id, r.workflow_name, p.name, p.repeat_index, s.step_index, s.step_id, s.instrument, s.method_name, s.path, s.attempt,
  s.sample, s.sample_id, s.status, s.start_time, s.end_time, s.arguments, s.result, s.output, s.error_text, s.prints
FROM workflow_steps s JOIN workflow_phases p ON p.id = s.phase_id JOIN workflow_runs r ON r.id = p.run_id
"""


def _steps(count: int) -> Iterator[tuple[object, ...]]:
    for number in range(count):
        at = number % STEPS_PER_PHASE
        instrument, method = CALLS[at % len(CALLS)]
        began = STARTED + number * 1000
        yield (
            number // STEPS_PER_PHASE + 1, at + 1, method, TEXT, TEXT, 0, f'{{"left": {number * 0.1!r}}}', began, began + 500, "done",
            f"step{at:02d}", instrument, f'{{"volume_ml": {at * 0.5!r}}}', repr(number * 0.1), 1, 0, "",
        )  # fmt: skip


def fill(path: Path, count: int) -> None:
    """Write `count` finished steps, many to a phase."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO workflow_runs (name, platform, start_time, started_us, submission_key, workflow_name, outcome)"
            " VALUES ('run', 'flowlab', ?, ?, 'key', 'dose', 'completed')",
            (TEXT, STARTED),
        )
        connection.executemany(
            "INSERT INTO workflow_phases (run_id, name, repeat_index, started_us) VALUES (1, 'main', ?, ?)",
            ((number, STARTED) for number in range(1, count // STEPS_PER_PHASE + 2)),
        )
        connection.executemany(
            "INSERT INTO workflow_steps (phase_id, step_index, method_name, start_time, end_time, run_error, output, started_us, ended_us,"
            " status, step_id, instrument, arguments, result, attempt, sample, path) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            _steps(count),
        )
        connection.commit()


def best(work: Callable[[], object], times: int = 3) -> float:
    """Return the shortest of several runs, in seconds."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def main(count: int = 1_000_000) -> float:
    """Print the figures; return the ratio."""
    with tempfile.TemporaryDirectory() as parent:
        folder = DataFolder(Path(parent) / "ivoryos_data")
        open_store(folder).close()
        fill(folder.database, count)
        store = open_store(folder)
        history = History(store)
        ours = best(history.steps)
        store.close()
        with closing(sqlite3.connect(folder.database)) as connection:
            theirs = best(lambda: pd.read_sql(SAME_COLUMNS, connection))
    sys.stdout.write(f"{count} rows: history.steps() {ours:.2f} s, pandas.read_sql {theirs:.2f} s, ratio {ours / theirs:.2f}\n")
    return ours / theirs


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)

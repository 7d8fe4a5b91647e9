"""How long does it take to read a million step rows as a typed table?

The yardstick is ``pandas.read_sql`` of the same columns of the same file, which leaves times and JSON as text.
The aim is 1 s where ``pandas.read_sql`` takes 2.9 s.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from yardstick import Figure, in_turns, report, seconds_of

from ivoryos_jupyter.records import DataFolder, History, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 3
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


def figures(count: int = 1_000_000) -> Iterator[Figure]:
    """Measure."""
    with tempfile.TemporaryDirectory(prefix="bench-") as parent:
        folder = DataFolder(Path(parent) / "ivoryos_data")
        open_store(folder).close()
        fill(folder.database, count)
        with closing(open_store(folder)) as store, closing(sqlite3.connect(folder.database)) as connection:
            history = History(store)
            ours, theirs = in_turns(
                lambda: seconds_of(history.steps), lambda: seconds_of(lambda: pd.read_sql(SAME_COLUMNS, connection)), ROUNDS
            )
    yield Figure(f"{count:,} step rows to a typed DataFrame", ours, "pandas.read_sql of the same columns", theirs, aim=1 / 2.9)


if __name__ == "__main__":
    report(figures)

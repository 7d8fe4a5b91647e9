"""Does the quickstart run without a browser, and print its tables?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DEMO = Path(__file__).parents[1] / "notebooks/demo.py"


def test_the_demo_prints_the_tables_of_a_real_run():
    done = subprocess.run([sys.executable, str(DEMO)], capture_output=True, text=True, check=False, timeout=110, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-4000:]
    printed = done.stdout
    for table in ("history.runs()", "history.phases()", "history.steps(run=run.id)", "history.single_steps()", "run.outputs"):
        assert f">>> {table}" in printed.replace("ivoryos.history", "history"), table
    for content in ("completed", "dose_and_measure", "spectrometer", "cleanup", "def dose_and_measure", "A3"):
        assert content in printed, content

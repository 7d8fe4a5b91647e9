"""What are all figures?  Runs every script of this folder, each in a process of its own, and prints one table.

``python tests/benchmarks`` runs all; ``python tests/benchmarks steps load`` runs some.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from yardstick import TITLES, machine

HERE = Path(__file__).parent


def rows_of(script: Path) -> list[list[str]]:
    """Return the lines of a script's table, as cells; what it says while it fails is shown."""
    done = subprocess.run([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"{script.name} failed:\n{done.stdout}")
    lines = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def main(wanted: list[str]) -> None:
    """Run and print."""
    scripts = [script for script in sorted(HERE.glob("bench_*.py")) if not wanted or script.stem.removeprefix("bench_") in wanted]
    rows: list[list[str]] = []
    for script in scripts:
        sys.stderr.write(f"{script.stem} ...\n")
        rows += rows_of(script)
    table = [list(TITLES), ["---"] * len(TITLES), *rows]
    widths = [max(len(row[at]) for row in table) for at in range(len(TITLES))]
    for row in table:
        sys.stdout.write("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |\n")
    sys.stdout.write(f"{machine()}\n")


if __name__ == "__main__":
    main(sys.argv[1:])

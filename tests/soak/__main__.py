"""How long does everything hold?  Kills at many places, and a long time of work; ``python tests/soak --help`` says what can be chosen.

``make soak`` runs all of it. A place where something broke is printed with the seed that leads to it again.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import flatness
import harness

STEPS, RUNS = 100_000, 1_000
MOST = {"step": (0.01, 64.0), "run": (2.0, 4096.0)}
"""Blocks and bytes that each further one may keep; less is the noise of the measurement."""


def kills(count: int, seed: int, only: int | None) -> list[str]:
    """Kill at `count` places; return what broke."""
    with tempfile.TemporaryDirectory(prefix="ivoryos-soak-") as name:
        whole = harness.whole_life(harness.Place(Path(name)))
    chosen = [point for point in harness.points(whole, seed, count) if only in (None, point.number)]
    sys.stdout.write(f"{len(chosen)} places to kill at among {whole.commits} commits and {len(whole.calls)} calls, seed {seed}\n")
    broken, made, began = [], Counter[str](), time.monotonic()
    for point in chosen:
        try:
            made["kills"] += harness.try_point(point, whole)
        except harness.BrokenError as error:
            broken.append(str(error))
            sys.stdout.write(f"BROKEN with --seed {seed} --count {count} --only {point.number}: {error}\n")
        for kill in point.kills:
            made[f"{kill.kind} {kill.where}".strip()] += 1
        if point.number % 20 == 0:
            sys.stdout.write(f"{point.number} of {count}, {time.monotonic() - began:.0f} s\n")
            sys.stdout.flush()
    sys.stdout.write(f"{made.pop('kills')} kills, {len(broken)} broken; chosen: {dict(made)}\n")
    return broken


def flat() -> list[str]:
    """Work for a long time; return what grew."""
    grown = []
    for look, count in ((flatness.over_steps, STEPS), (flatness.over_runs, RUNS)):
        with tempfile.TemporaryDirectory(prefix="ivoryos-soak-") as name:
            growth = look(Path(name), count)
        sys.stdout.write(f"{growth}\n")
        blocks, size = MOST[growth.what]
        if growth.threads > 0 or growth.handles > 0 or growth.blocks_each > blocks or growth.bytes_each > size:
            grown.append(str(growth))
            sys.stdout.write("  GROWS\n")
    return grown


def main() -> int:
    """Do what was chosen; return 1 when something broke."""
    given = argparse.ArgumentParser(prog="python tests/soak", description=__doc__)
    given.add_argument("what", nargs="?", choices=["all", "kills", "flat"], default="all", help="all of it when nothing is said")
    given.add_argument("--count", type=int, default=240, help="places to kill at")
    given.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    given.add_argument("--only", type=int, help="one place, by its number")
    chosen = given.parse_args()
    broken = kills(chosen.count, chosen.seed, chosen.only) if chosen.what in {"all", "kills"} else []
    if chosen.what in {"all", "flat"}:
        broken += flat()
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())

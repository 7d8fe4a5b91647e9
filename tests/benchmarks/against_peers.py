"""What does a durable step cost here, in Bluesky's RunEngine and in IvoryOS 1.7.2, each beside the bare loop of two commits?

``python tests/benchmarks/against_peers.py`` makes an environment for each peer (in ``IVORYOS_PEERS``, else in a temporary folder that
is deleted afterwards) and installs it with pip; a peer that cannot be fetched is left out, with a message. All work on files in the
folder it is started in, with a limit on the value, and of each the tenth percentile of the best of several rounds counts.

What each records: we, an intent and an outcome; Bluesky, one event with one reading, written by a callback of ours with one commit
(by itself it writes nothing to disk); IvoryOS, a row that is made, updated and read again, with SQLite's own settings.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from bench_steps import STEPS, Bench, bare_step
from yardstick import Figure, quiet_gap, report

from ivoryos_jupyter.records import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent / "peers"
PEERS = {"Bluesky's RunEngine": ("bluesky", "bluesky_engine.py"), "IvoryOS 1.7.2": ("ivoryos==1.7.2", "ivoryos_172.py")}
ROUNDS = 5
PEER_STEPS = {"Bluesky's RunEngine": 400, "IvoryOS 1.7.2": 100}


def environment(package: str, folder: Path) -> Path | None:
    """Return the Python of an environment that has `package`, making it; None where pip cannot fetch it."""
    home = folder / package.partition("=")[0]
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(home, with_pip=True)
    found = subprocess.run([python, "-m", "pip", "install", "--quiet", package], capture_output=True, text=True, check=False)
    if found.returncode:
        sys.stderr.write(f"{package} is left out, for pip could not install it: {found.stderr.strip().splitlines()[-1:]}\n")
        return None
    return python


def peer_step(python: Path, script: str, steps: int, mode: str, folder: Path) -> float:
    """Return the seconds of one step of a peer, in a folder of its own."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        command = [python, str(HERE / script), str(steps), mode]
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False, timeout=300)
    try:
        moments = json.loads(done.stdout.strip().splitlines()[-1])
        return quiet_gap(moments)
    except (IndexError, ValueError):
        raise SystemExit(f"{script} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}") from None


def figures() -> Iterator[Figure]:
    """Measure everybody in turns with the bare loop."""
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix="bench-") as name:
        folder = Path(name)
        homes = Path(os.environ.get("IVORYOS_PEERS") or folder / "environments")
        pythons = {peer: environment(package, homes) for peer, (package, _) in PEERS.items()}
        for mode in STEPS:
            with closing(open_store(folder / mode, "", synchronous=mode)) as store, closing(Bench(store, folder)) as bench:
                bench.run(20)
                work: dict[str, Callable[[], float]] = {"ours": lambda bench=bench, mode=mode: bench.step(STEPS[mode])}
                for peer, python in pythons.items():
                    if python is not None and (mode == "NORMAL" or "IvoryOS" not in peer):
                        work[peer] = lambda python=python, peer=peer, mode=mode: peer_step(
                            python, PEERS[peer][1], PEER_STEPS[peer], mode, folder
                        )
                work["bare"] = lambda mode=mode: bare_step(folder, mode)
                rounds = [{name: measure() for name, measure in work.items()} for _ in range(ROUNDS)]
            best = {name: min(one[name] for one in rounds) for name in work}
            for who in (one for one in work if one != "bare"):
                yield Figure(f"a durable step, {who}, {mode}", best[who], f"two sqlite3 commits, {mode}", best["bare"])


if __name__ == "__main__":
    report(figures)

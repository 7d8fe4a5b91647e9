"""How long does ``%load_ext ivoryos`` keep a scientist waiting, in a process that never saw it?

Each round is a fresh process with a shell of IPython, as a kernel has it, and Python's compiled files at hand, as on any
second day. Yardsticks, in turns with it: ``import pandas``, and, where the environment variable ``IVORYOS_172`` names the
Python of an environment with IvoryOS 1.7.2, that one's ``import ivoryos``. The processor's time is taken, for on a busy machine the
wall clock shows who else works; the wall clock of the best round stands beside it. ``--profile`` shows what is imported.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from yardstick import Figure, report

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
ROUNDS = 9
PEER = os.environ.get("IVORYOS_172", "")
PEER_AIM = 150 / 442
"""150 ms where IvoryOS takes 442 ms."""
PANDAS_AIM = 0.68
"""The same, for its import takes twice as long as that of pandas."""

_TIMED = """
import sys, time
{before}
cpu, wall = time.process_time(), time.perf_counter()
{timed}
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
print()
print(cpu, wall)
sys.stdout.flush()
"""
_SHELL = """
import ipykernel.ipkernel, ipykernel.zmqshell
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
"""
IMPORT = _TIMED.format(before="", timed="import {module}")
IMPORT_OURS = _TIMED.format(before=_SHELL, timed="import ivoryos")
LOAD = _TIMED.format(before=_SHELL, timed="shell.run_line_magic('load_ext', 'ivoryos')")


class Processes:
    """Runs code in fresh processes that share one folder of compiled files and start in one folder of their own."""

    def __init__(self, folder: Path) -> None:
        """Keep everything in `folder`."""
        self._compiled = folder / "compiled"
        self.work = folder / "work"
        self.work.mkdir()

    def environment(self) -> dict[str, str]:
        """Return an environment in which Python keeps what it compiles, and nothing tells IvoryOS where its data are."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("IVORYOS", "PYTHON", "DATABASE_URL"))}
        own = {"PYTHONPYCACHEPREFIX": str(self._compiled), "IPYTHONDIR": str(self.work / "ipython")}
        return {**kept, **own}

    def run(self, code: str, python: str = sys.executable) -> tuple[float, float]:
        """Return the processor's and the wall clock's seconds that `code` says it took."""
        path = {"PYTHONPATH": str(ROOT)} if python == sys.executable else {}
        done = subprocess.run(
            [python, "-c", code], cwd=self.work, env={**self.environment(), **path}, capture_output=True, text=True, check=True
        )
        cpu, wall = done.stdout.split()[-2:]
        return float(cpu), float(wall)


def measured(processes: Processes) -> dict[str, tuple[float, float]]:
    """Return the shortest times of each code."""
    codes = {
        "load": (LOAD, sys.executable),
        "import": (IMPORT_OURS, sys.executable),
        "pandas": (IMPORT.format(module="pandas"), sys.executable),
        **({"peer": (IMPORT.format(module="ivoryos"), PEER)} if PEER else {}),
    }
    for code, python in codes.values():  # compiles, and makes the data folder
        processes.run(code, python)
    rounds = [{name: processes.run(code, python) for name, (code, python) in codes.items()} for _ in range(ROUNDS)]
    return {name: (min(one[name][0] for one in rounds), min(one[name][1] for one in rounds)) for name in codes}


def figures() -> Iterator[Figure]:
    """Measure."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        found = measured(Processes(Path(folder)))
    (load, wall), (imported, _), (pandas, pandas_wall) = found["load"], found["import"], found["pandas"]
    yield Figure("%load_ext ivoryos, processor", load, "import pandas", pandas, aim=PANDAS_AIM)
    yield Figure("%load_ext ivoryos, wall clock", wall, "import pandas", pandas_wall, aim=PANDAS_AIM)
    yield Figure("import ivoryos, processor", imported, "import pandas", pandas)
    if "peer" in found:
        peer, peer_wall = found["peer"]
        yield Figure("%load_ext ivoryos, processor", load, "import of IvoryOS 1.7.2", peer, aim=PEER_AIM)
        yield Figure("%load_ext ivoryos, wall clock", wall, "import of IvoryOS 1.7.2", peer_wall, aim=PEER_AIM)


def profile() -> None:
    """Print which modules take longest to import, of those the kernel does not have already."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        processes = Processes(Path(folder))
        processes.run(LOAD)
        code = f"{_SHELL}\nsys = __import__('sys')\nknown = sorted(sys.modules)\n"
        known = set(json.loads(_printed(processes, f"{code}import json; print(json.dumps(known))", "-c").stdout))
        lines = _printed(processes, LOAD, "-X", "importtime", "-c").stderr.splitlines()
    parts = [line.removeprefix("import time:").split("|") for line in lines if line.startswith("import time:") and "cumulative" not in line]
    new = sorted(((int(own), name.strip()) for own, _, name in parts if name.strip() not in known), reverse=True)
    sys.stdout.writelines(f"{own / 1e3:8.2f} ms  {name}\n" for own, name in new[:40])


def _printed(processes: Processes, code: str, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {**processes.environment(), "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, *options, code], cwd=processes.work, env=environment, capture_output=True, text=True, check=True)


if __name__ == "__main__":
    profile() if "--profile" in sys.argv else report(figures)

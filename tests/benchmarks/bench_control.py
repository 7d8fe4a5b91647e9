"""How long does a command take to a kernel that is busy with a cell?

From sending a control message to its acknowledgement by a real kernel, in `time.sleep` and in a tight Python loop. The yardstick is
the same message to an idle kernel.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_client.manager import start_new_kernel
from yardstick import Figure, report

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
COMMANDS = 60
PAUSE_S = 0.02
SETUP = """
from ivoryos_jupyter import bridge
from ivoryos_jupyter.session import Session, of_shell, replace_session
session = Session(of_shell(get_ipython()))
replace_session(session)
installed = bridge.install(session, get_ipython().kernel)
"""
BUSY = {
    "idle": "",
    "time.sleep": "import time; time.sleep(60)",
    "tight loop": "import time\nend = time.monotonic() + 60\nwhile time.monotonic() < end: pass",
}


def figures() -> Iterator[Figure]:
    """Measure; the median of the commands counts, and the slowest of twenty is shown."""
    taken = {name: measure(code) for name, code in BUSY.items()}
    idle = statistics.median(taken["idle"])
    yard = "the same to an idle kernel"
    for name in ("time.sleep", "tight loop"):
        yield Figure(f"a command to a kernel in a {name}, acknowledged", statistics.median(taken[name]), yard, idle)
        yield Figure(f"the slowest of twenty such, {name}", taken[name][int(0.95 * COMMANDS)], yard, idle)


def measure(code: str) -> list[float]:
    """Return the seconds that each command took, in order of size."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": folder}
        manager, client = start_new_kernel(kernel_name="python3", cwd=folder, env=environment)
        try:
            client.execute_interactive(SETUP, timeout=60)
            if code:
                client.execute(code)
                time.sleep(1)  # the cell is under way; nothing tells when a loop has begun to turn
            return sorted(command(client) for _ in range(COMMANDS))
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def command(client: object) -> float:
    """Send one command and wait for its acknowledgement."""
    content = {"token": "", "request": {"id": "r1", "method": "session.status", "params": {}}}
    message = client.session.msg("ivoryos_request", content)
    time.sleep(PAUSE_S)
    began = time.perf_counter()
    client.control_channel.send(message)
    while client.control_channel.get_msg(timeout=10)["parent_header"]["msg_id"] != message["header"]["msg_id"]:
        pass
    return time.perf_counter() - began


if __name__ == "__main__":
    report(figures)

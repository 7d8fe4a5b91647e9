"""How long does a command take to a kernel that is busy with a cell?

From sending a control message to its acknowledgement by a real kernel, in `time.sleep` and in a tight Python loop. The yardstick is
the same message to an idle kernel. Run it: ``python tests/benchmarks/bench_control.py``.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from jupyter_client.manager import start_new_kernel

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


def main() -> None:
    """Measure each and print one line for it."""
    idle = 0.0
    for name, code in BUSY.items():
        taken = measure(code)
        median, worst = statistics.median(taken), taken[int(0.95 * len(taken))]
        idle = idle or median
        figures = (f"{what} {seconds * 1e3:6.1f} ms" for what, seconds in (("median", median), ("95 %", worst), ("max", taken[-1])))
        line = f"{name:12} {'   '.join(figures)}   {median / idle:5.1f} x idle"
        sys.stdout.write(line + "\n")


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
    main()

"""Real kernels.

Most tests of a file share one, and each finds it as if it had just been started: no names, no session, an empty folder.
Those that end their kernel take `new_kernel`.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from queue import Empty

import pytest
from jupyter_client import KernelManager


class Kernel:
    """A kernel one can run cells in, and kill."""

    def __init__(self, folder):
        self._manager = KernelManager(kernel_name="python3")
        self._manager.start_kernel(cwd=str(folder), env={**os.environ, "IVORYOS_OPERATOR": "ada", "PYTHONPATH": os.pathsep.join(sys.path)})
        self._client = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=60)

    def run(self, code, timeout=60):
        """Run a cell to its end; return what it printed and its value as text, or raise with its error."""
        printed = []
        reply = self._client.execute_interactive(code, timeout=timeout, output_hook=lambda message: printed.append(_text(message)))
        text = "".join(printed)
        if reply["content"]["status"] == "error":
            raise AssertionError(f"{reply['content']['ename']}: {reply['content']['evalue']}")
        return text

    def start(self, code):
        """Begin a cell and return at once."""
        self._client.execute(code)

    def printed(self, wanted, timeout=30):
        """Wait until `wanted` is printed."""
        seen = ""
        while wanted not in seen:
            try:
                seen += _text(self._client.get_iopub_msg(timeout=timeout))
            except Empty:  # noqa: PERF203 - the wait may end with every message
                raise AssertionError(f"{wanted!r} was not printed, but {seen!r}") from None
        return seen

    def kill(self):
        """End it as a power cut would."""
        os.kill(self._manager.provisioner.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        self._client.stop_channels()
        self._manager.cleanup_resources()

    def close(self):
        """End it."""
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)


def _text(message):
    content = message["content"]
    if message["msg_type"] == "stream":
        return content["text"]
    if message["msg_type"] in {"execute_result", "display_data"}:
        return content["data"].get("text/plain", "")
    return ""


FRESH = """
import os, sys
for name in ("ivoryos", "ivoryos_jupyter"):
    get_ipython().extension_manager.unload_extension(name)
if "ivoryos_jupyter" in sys.modules:
    sys.modules["ivoryos_jupyter"].stop()
get_ipython().reset(new_session=True)
__import__("os").chdir({folder!r})
"""


@pytest.fixture(scope="session")
def new_kernel():
    """Starts a kernel in a folder; it is ended afterwards."""

    @contextmanager
    def started(folder):
        kernel = Kernel(folder)
        try:
            yield kernel
        finally:
            kernel.close()

    return started


@pytest.fixture(scope="module")
def shared_kernel(tmp_path_factory):
    """One kernel for all tests of a file that leave it as they find it."""
    kernel = Kernel(tmp_path_factory.mktemp("kernel"))
    yield kernel
    kernel.close()


@pytest.fixture
def kernel(shared_kernel, tmp_path):
    """The kernel of the file, as if it had just been started in the test's folder."""
    shared_kernel.run(FRESH.format(folder=str(tmp_path)))
    yield shared_kernel
    shared_kernel.run(FRESH.format(folder=str(tmp_path)))

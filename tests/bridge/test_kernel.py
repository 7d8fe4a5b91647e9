"""Does a real kernel obey on its control channel while a cell keeps it busy, and tell what happens meanwhile?"""

from __future__ import annotations

import os
import time
from pathlib import Path
from queue import Empty

import pytest
from jupyter_client.manager import start_new_kernel

ROOT = Path(__file__).parents[2]
SETUP = """
from ivoryos_jupyter import bridge
from ivoryos_jupyter.journal import RunRequest
from ivoryos_jupyter.session import Session, current_session, of_shell, replace_session
from ivoryos_jupyter.testing import Pump
from ivoryos_jupyter.workflow import Constant, Wait, Workflow, content_hash, to_json

session = Session(of_shell(get_ipython()))
replace_session(session)
bridge.install(session, get_ipython().kernel)
workflow = to_json(Workflow(name="night", deck="notebook", script=(Wait(id="rest", seconds=Constant(value=0.05)),)))
"""
SUBMIT = """
session.runner.submit(RunRequest(
    key="night", name="night", workflow=workflow, workflow_name="night", version="1", deck="notebook", repeat=10_000,
))
import time
while (run := session.runner.active) is None or run.run_id is None:
    time.sleep(0.01)
"""
IDLE = {"execution_state": "idle"}
BUSY = {
    "sleep": "import time; time.sleep(60)",
    "loop": "import time\nend = time.monotonic() + 60\nwhile time.monotonic() < end: pass",
    "input": "input('how much? ')",
}


class Page:
    """What a page with the extension does, on a kernel's channels."""

    def __init__(self, client):
        self.client = client
        self.comms = {}
        self.busy = None

    def run(self, code):
        reply = self.client.execute_interactive(code, timeout=60, output_hook=self._hear, allow_stdin=False)
        assert reply["content"]["status"] == "ok", reply["content"]

    def start(self, code):
        self.busy = number = self.client.execute(code, allow_stdin=True)
        self.wait_for(lambda message: message["msg_type"] == "execute_input" and message["parent_header"]["msg_id"] == number)

    def interrupt(self, manager):
        """End the cell that was started, if there is one."""
        if self.busy is not None:
            manager.interrupt_kernel()
            self.wait_for(lambda message: self.busy == message["parent_header"].get("msg_id") and message["content"] == IDLE)

    def ask(self, method, token="", **params):
        content = {"token": token, "request": {"id": "r1", "method": method, "params": params}}
        message = self.client.session.msg("ivoryos_request", content)
        self.client.control_channel.send(message)
        while True:
            reply = self.client.control_channel.get_msg(timeout=30)
            if reply["parent_header"]["msg_id"] == message["header"]["msg_id"]:
                return reply

    def wait_for(self, wanted, timeout=30):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except Empty:
                continue
            self._hear(message)
            if wanted(message):
                return message
        pytest.fail("The kernel did not tell.")

    def wait_for_state(self, state):
        def wanted(message):
            run = message["content"].get("data", {}).get("standing", {}).get("run")
            return message["msg_type"] == "comm_msg" and run is not None and run["state"] == state

        return self.wait_for(wanted)

    def _hear(self, message):
        if message["msg_type"] == "comm_open":
            self.comms[message["content"]["comm_id"]] = message["content"]


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """One kernel for all tests here, and its manager."""
    folder = tmp_path_factory.mktemp("kernel")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder), env=environment)
    try:
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.fixture
def frontend(kernel, tmp_path):
    """A page on the kernel, with a session in a folder of its own; both end with the test."""
    manager, client = kernel
    page = Page(client)
    page.run(f"import os; os.chdir({str(tmp_path)!r})")
    yield page
    page.interrupt(manager)
    page.run("bridge.uninstall(); replace_session(None).close()")


def test_installing_announces_the_session(frontend):
    frontend.run(SETUP)
    opened = next(iter(frontend.comms.values()))
    assert opened["target_name"] == "ivoryos.announce"
    assert opened["data"]["version"] == 1
    assert opened["data"]["token"]


@pytest.mark.parametrize("busy", BUSY)
def test_a_busy_kernel_acknowledges_obeys_and_tells(frontend, busy):
    frontend.run(SETUP + SUBMIT)
    frontend.start(BUSY[busy])
    paused = frontend.ask("run.pause")
    assert paused["msg_type"] == "ivoryos_reply"
    assert paused["content"]["accepted"]
    assert paused["content"]["comm"] in frontend.comms
    assert paused["content"]["reply"]["ok"], paused["content"]["reply"]
    frontend.wait_for_state("paused")
    assert frontend.ask("run.resume")["content"]["reply"]["ok"]
    frontend.wait_for_state("running")
    assert frontend.ask("run.stop", now=True)["content"]["reply"]["ok"]
    frontend.wait_for_state("ended")


def test_loading_the_extension_again_keeps_the_run_on_display(frontend):
    frontend.run(SETUP + SUBMIT)
    frontend.run("bridge.uninstall(); bridge.install(current_session(), get_ipython().kernel)")
    assert len(frontend.comms) == 2
    assert frontend.ask("session.status")["content"]["greeting"]["standing"]["run"]["key"] == "night"


def test_a_kernel_after_uninstalling_answers_nothing(frontend):
    frontend.run(SETUP)
    frontend.run("bridge.uninstall()")
    answers = []
    frontend.client.control_channel.send(frontend.client.session.msg("ivoryos_request", {"token": "", "request": {"id": "r1"}}))
    asked = frontend.client.session.msg("kernel_info_request", {})
    frontend.client.control_channel.send(asked)
    while not answers or answers[-1]["parent_header"]["msg_id"] != asked["header"]["msg_id"]:
        answers.append(frontend.client.control_channel.get_msg(timeout=30))
    assert [one["msg_type"] for one in answers] == ["kernel_info_reply"]

"""The kernel dies in the middle of a run, and whom she named is told, by a process that was beside it."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue

import psutil
import pytest

SETUP = """
import time, ivoryos

class Doser:
    def dose(self, volume_ml: float) -> float:
        ivoryos.sleep(60)
        return volume_ml

doser = Doser()

def sent(part):
    "Wait until the watchdog has been told `part`."
    while part not in ivoryos.notifications._watchman.sent:
        time.sleep(0.01)
"""
SUBMIT = """
wf = ivoryos.new_workflow("night")
wf.script.{call}
run = wf.submit()
sent({told!r})
print("watchdog", ivoryos.notifications._watchman.process.pid)
"""


@pytest.fixture
def web():
    """A server that takes what apprise posts: its port, and what arrived."""
    arrived = SimpleQueue()

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self):
            arrived.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.server_port, arrived
    server.shutdown()
    server.server_close()
    thread.join()


def begin(kernel, port, call="call(doser.dose, 2.5)", told='"step": "doser.dose"'):
    """Begin a run with a watchdog beside it; return the watchdog's process once it has been told so."""
    kernel.run("%load_ext ivoryos")
    kernel.run(SETUP)
    kernel.run(f"ivoryos.notify('json://ada:hunter2@127.0.0.1:{port}/hunter2', on='kernel died', name='chat')")
    return psutil.Process(int(kernel.run(SUBMIT.format(call=call, told=told)).split("watchdog")[1].split()[0]))


def test_a_killed_kernel_is_told_with_its_run_and_the_step_in_doubt(new_kernel, web, tmp_path):
    port, arrived = web
    with new_kernel(tmp_path) as kernel:
        watchdog = begin(kernel, port)
        assert "hunter2" not in " ".join(watchdog.cmdline())
        assert watchdog.memory_info().rss < 40e6
        kernel.kill()
        told = arrived.get(timeout=100)
    assert told["title"] == "night: its kernel died in the middle of it"
    assert "In doubt: doser.dose, begun" in told["message"]
    assert "Operator: ada" in told["message"]
    watchdog.wait(30)
    assert "told chat." in (tmp_path / "ivoryos_data" / "default.log").read_text(encoding="utf-8")
    with pytest.raises(Empty):
        arrived.get_nowait()


def test_a_kernel_that_has_forked_is_missed_all_the_same(new_kernel, web, tmp_path):
    port, arrived = web
    with new_kernel(tmp_path) as kernel:
        begin(kernel, port)
        child = kernel.run("import os\npid = os.fork()\nif pid == 0:\n    time.sleep(600)\n    os._exit(0)\nprint('child', pid)")
        kernel.kill()
        try:
            assert arrived.get(timeout=100)["title"].startswith("night")
        finally:
            psutil.Process(int(child.split("child")[1].split()[0])).kill()


def test_an_orderly_end_ends_the_watchdog_without_a_word(new_kernel, web, tmp_path):
    port, arrived = web
    with new_kernel(tmp_path) as kernel:
        watchdog = begin(kernel, port)
        kernel.run("ivoryos.stop()")
        watchdog.wait(30)
    with pytest.raises(Empty):
        arrived.get_nowait()


def test_a_restart_by_hand_is_no_death_although_a_run_waits(new_kernel, web, tmp_path):
    port, arrived = web
    with new_kernel(tmp_path) as kernel:
        watchdog = begin(kernel, port, call='pause("look")', told='"name": "night"')
        kernel._manager.shutdown_kernel(now=False)
        watchdog.wait(30)
    with pytest.raises(Empty):
        arrived.get_nowait()


def test_a_kernel_that_dies_without_a_run_is_no_news(new_kernel, web, tmp_path):
    port, arrived = web
    with new_kernel(tmp_path) as kernel:
        watchdog = begin(kernel, port)
        kernel.run("""run.stop(now=True, cleanup=False); run.wait(30); sent('"run": null')""")
        kernel.kill()
        watchdog.wait(30)
    with pytest.raises(Empty):
        arrived.get_nowait()

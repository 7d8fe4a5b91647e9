"""A process that a kernel forked may outlive it; it does not let a dead kernel look alive."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

from ivoryos_jupyter.records import open_store
from ivoryos_jupyter.records._liveness import FileLiveness

_KERNEL = """
    import multiprocessing, sys, time
    from ivoryos_jupyter.journal import RunRequest
    from ivoryos_jupyter.records import open_store

    if __name__ == "__main__":
        store = open_store(sys.argv[1], owner="parent")
        store.begin_run(RunRequest("a", "a", '{"name": "dose"}', "dose", "v1", "d"), 1)
        multiprocessing.set_start_method("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")
        worker = multiprocessing.Process(target=time.sleep, args=(600,), daemon=True)
        worker.start()
        print(worker.pid, flush=True)
        worker.join()
"""


def test_a_worker_that_a_dead_kernel_left_behind_does_not_keep_its_runs(folder):
    command = [sys.executable, "-c", textwrap.dedent(_KERNEL), str(folder.path)]
    kernel = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    worker = int(kernel.stdout.readline())
    store = open_store(folder)
    try:
        assert not store.unfinished()
        kernel.kill()
        kernel.wait(30)
        assert [run.request.key for run in store.unfinished()] == ["a"]
    finally:
        store.close()
        os.kill(worker, getattr(signal, "SIGKILL", signal.SIGTERM))
        kernel.kill()
        kernel.communicate()


def test_what_a_fork_lets_go_the_kernel_still_holds(tmp_path):
    kernel, other = FileLiveness(tmp_path), FileLiveness(tmp_path)
    kernel.hold("mine")
    copy = FileLiveness(tmp_path)
    lock = copy._held["mine"] = copy._lock("mine")
    lock._context.lock_file_fd = os.dup(kernel._held["mine"]._context.lock_file_fd)
    copy.disown()
    assert not copy._held
    assert other.alive("mine")
    kernel.release()
    assert not other.alive("mine")

"""Who keeps the watchdog informed?  A thread that writes, on change, what there is to tell should the kernel die now."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import StepStatus
from ivoryos_jupyter.runner import RunChanged, StepChanged

if TYPE_CHECKING:
    from collections.abc import Mapping

_log = logging.getLogger(__name__)
_PACE_S = 0.05
"""Seconds between two lines: steps may come faster than anybody needs to know."""
_PROGRAM = Path(__file__).with_name("watchdog")


class Watchman:
    """Starts the watchdog when a run begins, tells it where the run is, and says farewell."""

    def __init__(self, fixed: Mapping[str, object]) -> None:
        """Prepare; `fixed` is what is always told: who, where, and the log."""
        self._told: dict[str, object] = {**fixed, "path": list(sys.path), "addresses": [], "run": None}
        self._changed = threading.Condition()
        self._fresh = False
        self._closed = False
        self._thread: threading.Thread | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.sent = ""
        """What it was told last; a kernel that dies now is told of so."""

    def name(self, addresses: Mapping[str, str]) -> None:
        """Let these be told, by name; from now on, instead of those before."""
        with self._changed:
            self._told["addresses"] = [{"name": name, "url": url} for name, url in addresses.items()]
            self._touch()

    def hear(self, event: object) -> None:
        """Take in where a run is."""
        if isinstance(event, StepChanged):
            self._hear_step(event)
        elif isinstance(event, RunChanged) and not event.status.recalled and event.status.run_id is not None:
            status = event.status
            with self._changed:
                run = self._run()
                if status.ended:
                    if run.get("key") == status.key:
                        self._told["run"] = None
                        self._touch()
                elif run.get("key") != status.key:
                    step = {"step": ""} if status.step is None else {"step": status.step.label, "step_us": status.step.started_us}
                    self._told["run"] = {"name": status.name, "key": status.key, "id": status.run_id, **step}
                    self._touch()

    def _hear_step(self, event: StepChanged) -> None:
        with self._changed:
            run = self._run()
            if run.get("key") != event.run_key:
                return
            begun = event.status is StepStatus.OPEN
            if begun or run.get("step_us") == event.began_us:  # the moment tells which step: the run itself may have told of its beginning
                self._told["run"] = {**run, "step": event.label if begun else "", "step_us": event.at_us}
                self._touch()

    def _run(self) -> dict[str, object]:
        run = self._told["run"]
        return run if isinstance(run, dict) else {}

    def _touch(self) -> None:
        """Let the thread write, once there is a run and somebody to tell."""
        self._fresh = True
        wanted = self._told["addresses"] and self._told["run"]
        if wanted and self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._write, name="ivoryos-watchdog", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _write(self) -> None:
        try:
            self.process = _start()
        except OSError as error:
            _log.warning("The watchdog cannot be started, so nobody is told when this kernel dies: %s", error)
            return
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._fresh or self._closed)
                if self._closed:
                    return
                self._fresh = False
                line = json.dumps(self._told)
            if not self._send(line):
                return
            with self._changed:
                self._changed.wait_for(lambda: self._closed, _PACE_S)

    def _send(self, line: str) -> bool:
        assert self.process is not None  # noqa: S101 - started by the same thread
        stdin = self.process.stdin
        assert stdin is not None  # noqa: S101 - it is a pipe
        try:
            stdin.write(line.encode() + b"\n")
            stdin.flush()
        except (OSError, ValueError) as error:
            _log.warning("The watchdog is gone, so nobody is told when this kernel dies: %s", error)
            return False
        self.sent = line
        return True

    def close(self, timeout: float = 5.0) -> None:
        """Say farewell: the watchdog ends without telling anybody."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(timeout)
        process = self.process
        if process is None or process.stdin is None:
            return
        self._send('{"bye": true}')
        try:
            process.stdin.close()
            process.wait(timeout)
        except (OSError, subprocess.TimeoutExpired):
            process.kill()
            process.wait()


def _start() -> subprocess.Popen[bytes]:
    """Start the watchdog apart from the kernel's group, so that what interrupts or ends the group does not end it as well."""
    return subprocess.Popen(  # noqa: S603 - our own program, by this Python
        [sys.executable, str(_PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=os.name != "nt",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )

"""A kernel in a process of its own, which does what it is told, one line at a time: for what happens between two kernels on one database.

`Neighbour` starts this file and speaks with it in JSON, one line each way.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

from ivoryos_jupyter.errors import IvoryOSError
from ivoryos_jupyter.journal import RunRequest
from ivoryos_jupyter.records import DataFolder
from ivoryos_jupyter.runner import Call
from ivoryos_jupyter.session import Session, Surroundings
from ivoryos_jupyter.workflow import Action, Constant, Pause, Workflow, content_hash, to_json


class Doser:
    """Writes each call into a file."""

    def __init__(self, port: str, folder: Path) -> None:
        self.port = port
        self._file = folder / f"{port}.doses"

    def dose(self, volume_ml: float) -> float:
        """Dose, and write it down."""
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{volume_ml:g}\n")
        return volume_ml


class Kernel:
    """The commands."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def dose(self, volume_ml: float) -> str:
        """Make a direct call."""
        self.session.pipeline.submit(Call("doser", "dose", "call", {"volume_ml": volume_ml})).result(30)
        return "done"

    def reset(self) -> str:
        """Say that the bottle was refilled."""
        self.session.rules.means.ledger.reset("refilled", "", "ada")
        return "reset"

    def run(self, key: str, volume_ml: float) -> str:
        """Run one dose; a step that is refused is skipped."""
        handle = self.session.runner.submit(request(key, volume_ml))
        asked = threading.Event()
        unsubscribe = self.session.relay.subscribe(lambda _: asked.set())
        try:
            while not handle.status.ended:
                question = handle.status.question
                if question is not None and question.kind == "error":
                    handle.answer("skip", question_id=question.id)
                asked.wait(1)
                asked.clear()
        finally:
            unsubscribe()
        return "done" if handle.status.counts.done else "skipped"


def request(key: str, volume_ml: float, *, pause: bool = False) -> RunRequest:
    """Return the submission of a run with one dose, and perhaps a pause before it."""
    dose = Action(id="d", instrument="doser", method="dose", arguments={"volume_ml": Constant(volume_ml)})
    flow = Workflow(name=key, script=(*((Pause(id="p", message="Go on?"),) if pause else ()), dose))
    return RunRequest(key, key, to_json(flow), key, content_hash(flow), "bench", operator="ada", notebook="left.ipynb")


class Neighbour:
    """Speaks with such a kernel."""

    def __init__(self, folder: Path, port: str, uri: str = "") -> None:
        """Start it; it works in `folder`, with a doser at `port`."""
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **({"IVORYOS_DB_URI": uri} if uri else {})}
        command = [sys.executable, __file__, str(folder), port]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        assert self.hear() == "ready"

    def say(self, command: str, *arguments: object) -> None:
        """Tell it to do something."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([command, *arguments]) + "\n")
        self.process.stdin.flush()

    def hear(self) -> object:
        """Return what it says."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the kernel has ended"
        return json.loads(line)

    def ask(self, command: str, *arguments: object) -> object:
        """Tell it to do something, and return what it says."""
        self.say(command, *arguments)
        return self.hear()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(30)

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.communicate()


def answer(kernel: Kernel, line: str) -> object:
    """Do what a line says."""
    command, *arguments = json.loads(line)
    try:
        return getattr(kernel, command)(*arguments)
    except IvoryOSError as error:
        return f"{type(error).__name__}: {error}"


def say(what: object) -> None:
    """Say it, in one line."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main(folder: Path, port: str) -> None:
    """Do what the lines say until there are no more."""
    doser = Doser(port, folder)
    surroundings = Surroundings(folder, f"{port}.ipynb", operator="ada", names=lambda: {"doser": doser})
    with closing(Session(surroundings, folder=DataFolder(folder / "data"))) as session:
        kernel = Kernel(session)
        say("ready")
        for line in sys.stdin:
            say(answer(kernel, line))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

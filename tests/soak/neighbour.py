"""A kernel in a process of its own, which does what it is told, one line at a time: for what happens between two kernels on one database.

`Neighbour` starts this file and speaks with it in JSON, one line each way. One that was not killed works in the next test again, for
it takes long to start.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import IvoryOSError
from ivoryos_jupyter.journal import RunRequest
from ivoryos_jupyter.records import DataFolder
from ivoryos_jupyter.runner import Call, _following
from ivoryos_jupyter.session import Session, Surroundings
from ivoryos_jupyter.workflow import Action, Constant, Pause, Workflow, content_hash, to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.runner import RunStatus


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

    def __init__(self) -> None:
        self.session: Session

    def open(self, folder: str, port: str, uri: str) -> str:
        """Begin to work in a folder and on a database, SQLite's for an empty address, with a doser at `port`."""
        os.environ.pop("IVORYOS_DB_URI", None)
        if uri:
            os.environ["IVORYOS_DB_URI"] = uri
        place, doser = Path(folder), Doser(port, Path(folder))
        surroundings = Surroundings(place, f"{port}.ipynb", operator="ada", names=lambda: {"doser": doser})
        self.session = Session(surroundings, folder=DataFolder(place / "data"))
        return "open"

    def close(self) -> str:
        """Work there no more."""
        self.session.close()
        return "closed"

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
        self.submit(key, volume_ml)
        self._until(key, lambda status: status.ended or status.question is not None)
        if not self.session.runner.status(key).ended:
            self.session.runner.handle(key).skip()
        return "done" if self.session.runner.handle(key).wait(60).counts.done else "skipped"

    def submit(self, key: str, volume_ml: float, *, pause: bool = False, hold: bool = False) -> str:
        """Submit a run of one dose, which may ask before it, or be held."""
        return self.session.runner.submit(replace(request(key, volume_ml, pause=pause), held=hold)).status.sentence

    def until_it_asks(self, key: str) -> str:
        """Wait until the run asks something."""
        return self._until(key, lambda status: status.question is not None).sentence

    def go_on(self, key: str) -> str:
        """Answer what it asks; wait for its end."""
        self.session.runner.handle(key).resume()
        return self.session.runner.handle(key).wait(60).sentence

    def wait(self, key: str) -> str:
        """Wait for its end."""
        return self.session.runner.handle(key).wait(60).sentence

    def release(self, key: str) -> str:
        """Let a held run take its turn."""
        self.session.runner.queue.set_held(key, held=False)
        return "released"

    def remove(self, key: str) -> str:
        """Take a run out of the queue."""
        return self.session.runner.remove(key).sentence

    def _until(self, key: str, holds: Callable[[RunStatus], bool]) -> RunStatus:
        changed = threading.Event()
        unsubscribe = self.session.relay.subscribe(lambda _: changed.set())
        try:
            while not holds(self.session.runner.status(key)):
                changed.wait(60)
                changed.clear()
        finally:
            unsubscribe()
        return self.session.runner.status(key)


def request(key: str, volume_ml: float, *, pause: bool = False) -> RunRequest:
    """Return the submission of a run with one dose, and perhaps a pause before it."""
    dose = Action(id="d", instrument="doser", method="dose", arguments={"volume_ml": Constant(volume_ml)})
    flow = Workflow(name=key, script=(*((Pause(id="p", message="Go on?"),) if pause else ()), dose))
    return RunRequest(key, key, to_json(flow), key, content_hash(flow), "bench", operator="ada", notebook="left.ipynb")


class Neighbour:
    """Speaks with such a kernel; it begins with `open`."""

    def __init__(self) -> None:
        """Start it."""
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        self.process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    @property
    def lives(self) -> bool:
        """Whether it has not been killed."""
        return self.process.poll() is None

    def say(self, command: str, *arguments: object, **named: object) -> None:
        """Tell it to do something."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([command, arguments, named]) + "\n")
        self.process.stdin.flush()

    def hear(self) -> object:
        """Return what it says."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the kernel has ended"
        return json.loads(line)

    def ask(self, command: str, *arguments: object, **named: object) -> object:
        """Tell it to do something, and return what it says."""
        self.say(command, *arguments, **named)
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
    command, arguments, named = json.loads(line)
    try:
        return getattr(kernel, command)(*arguments, **named)
    except IvoryOSError as error:
        return f"{type(error).__name__}: {error}"


def say(what: object) -> None:
    """Say it, in one line."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Do what the lines say until there are no more."""
    _following.LOOK_EVERY_S = 0.02
    kernel = Kernel()
    for line in sys.stdin:
        say(answer(kernel, line))
    kernel.close()


if __name__ == "__main__":
    main()

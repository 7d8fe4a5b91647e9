"""What may a kill never do?  Places to kill at, chosen by a seed; a victim killed there; and what must hold of what is left.

After each kill: no call was made that the records do not know of, no step whose outcome was committed is lost, no run is left
"running", the queue has its order and is on hold, and a step is in doubt exactly when it had been written down and not settled.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import random
import runpy
import shutil
import tempfile
import time
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from ivoryos_jupyter.journal import DECIDED
from ivoryos_jupyter.records import DataFolder, History
from ivoryos_jupyter.session import Session, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

VICTIM = Path(__file__).with_name("victim.py")
NAMES = ("table", "repeat", "batch", "plain")
"""The runs, in the order in which they are submitted."""
LIFE_S = 120.0
"""Seconds after which a victim that has not ended is reported."""
_METHODS = [name for name in ("forkserver", "spawn") if name in multiprocessing.get_all_start_methods()]
_CONTEXT = multiprocessing.get_context(_METHODS[0])
if _METHODS[0] == "forkserver":
    _CONTEXT.set_forkserver_preload(["ivoryos_jupyter.door", "ivoryos_jupyter.records", "ivoryos_jupyter.codegen", "sqlite3"])


@dataclass(frozen=True)
class Kill:
    """One place to kill at."""

    kind: str
    """``commit``, ``call`` or ``time``."""
    number: int = 0
    """Which commit or call, from 1."""
    where: str = ""
    """``before``, ``inside``, ``during`` or ``after`` it."""
    grain: float = 0.0
    """How far into it, from 0 to 1; for ``time``, seconds after the start."""


@dataclass(frozen=True)
class Point:
    """A first kill and perhaps a second one, while what the first interrupted is resumed."""

    number: int
    kills: tuple[Kill, ...]


@dataclass(frozen=True)
class Whole:
    """What a life looks like that nobody ends."""

    calls: tuple[str, ...]
    """What the driver was called with, in order."""
    commits: int
    seconds: float


@dataclass(frozen=True)
class Left:
    """What was found after a kill."""

    in_doubt: tuple[str, ...]
    waiting: tuple[str, ...]
    ended: tuple[str, ...]


class BrokenError(AssertionError):
    """Something a kill may never do."""


@dataclass
class Place:
    """A folder, and a database, in which lives are lived."""

    folder: Path
    uri: str = ""
    lives: list[str] = field(default_factory=list)

    def live(self, kill: Kill | None = None) -> bool:
        """Live one life; return whether it came to its end."""
        report = self.folder / "report.json"
        report.unlink(missing_ok=True)
        plan = {"folder": str(self.folder), "uri": self.uri, "kill": {} if kill is None else vars(kill)}
        process = _CONTEXT.Process(target=runpy.run_path, args=(str(VICTIM), {"PLAN": plan}, "__main__"))
        process.start()
        process.join(LIFE_S)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise BrokenError(f"did not come to its end within {LIFE_S:g} s")
        if process.exitcode > 0:
            raise BrokenError("failed; its error is above")
        if self.uri:
            self._wait_for_the_server()
        return process.exitcode == 0

    def _wait_for_the_server(self) -> None:
        """Wait until the server has taken note that its client is dead, which takes it a moment."""
        with psycopg.connect(self.uri, autocommit=True) as connection:
            here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            mine = f"SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND {here}"  # noqa: S608 - our own text
            deadline = time.monotonic() + LIFE_S
            while connection.execute(mine).fetchone():
                _must(time.monotonic() < deadline, "the server does not notice that its client is dead")
                time.sleep(0.01)

    def report(self) -> dict[str, object]:
        """Return what a life that came to its end says of itself."""
        return json.loads((self.folder / "report.json").read_text(encoding="utf-8"))

    def told(self, word: str) -> tuple[str, ...]:
        """Return what the driver wrote after `word`; a line that the kill cut off is none."""
        file = self.folder / "calls.txt"
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        lines = text.split("\n")[:-1]
        return tuple(line.partition(" ")[2] for line in lines if line.partition(" ")[0] == word)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open what is there, as the next kernel would; the deck is empty and nothing is released."""
        before = os.environ.get("IVORYOS_DB_URI")
        if self.uri:
            os.environ["IVORYOS_DB_URI"] = self.uri
        try:
            with closing(Session(Surroundings(self.folder), folder=DataFolder(self.folder / "ivoryos_data"))) as session:
                yield session
        finally:
            os.environ.pop("IVORYOS_DB_URI", None)
            if before is not None:
                os.environ["IVORYOS_DB_URI"] = before

    def look(self, whole: Whole) -> Left:
        """Look at what a kill left, and hold it against what may never be."""
        begun, ended = self.told("begin"), self.told("end")
        _must(begun == whole.calls[: len(begun)], f"calls out of order, or made twice: {begun}")
        with self.session() as session:
            history = History(session.store)
            table = history.runs()
            runs = list(zip(table["workflow"], table["status"], strict=True))
            entries = tuple(entry.request.workflow_name for entry in session.runner.queue.entries)
            _must(not entries or session.runner.queue.on_hold, "the queue is not on hold")
            _look_at_runs(runs, entries)
            steps = history.steps(instrument="doser")
            rows = list(zip([arguments["what"] for arguments in steps["arguments"]], steps["status"], strict=True))
            open_ones = [intent for run in session.unfinished for _row, intent in run.in_doubt]
        _look_at_steps(rows, begun, ended)
        doubt = tuple(str(intent.arguments.get("what", intent.method_name)) for intent in open_ones)
        _must(len(doubt) <= 1, f"more than one step is in doubt: {doubt}")
        _must([one for one, status in rows if status == "in doubt"] == [one for one in doubt if one in whole.calls], "other steps in doubt")
        return Left(doubt, entries, tuple(name for name, status in runs if status == "completed"))


def _must(holds: object, message: str) -> None:
    if not holds:
        raise BrokenError(message)


def _look_at_runs(runs: Sequence[tuple[str, str]], waiting: Sequence[str]) -> None:
    """Hold against each other what has ended, what was interrupted, and what waits."""
    _must(all(status in {"completed", "interrupted"} for _, status in runs), f"a run is left behind: {runs}")
    known = [name for name, _ in itertools.groupby([*(name for name, _ in runs), *waiting])]
    _must(known == list(NAMES[: len(known)]), f"the order of runs and queue is lost: {known}")
    for name, ends in itertools.groupby(runs, key=lambda one: one[0]):
        states = [status for _, status in ends]
        _must("completed" not in states[:-1], f"{name} was run again after it was completed: {states}")
        _must(states[-1] == "completed" or name == runs[-1][0], f"a run began before {name} had ended: {runs}")


def _look_at_steps(rows: Sequence[tuple[str, str]], begun: Sequence[str], ended: Sequence[str]) -> None:
    """Hold the records against what the driver wrote."""
    known = {"done", "failed", "in doubt", *DECIDED.values()}
    _must(all(status in known for _, status in rows), f"a step is left behind: {rows}")
    done = [what for what, status in rows if status in {"done", DECIDED["done"]}]
    doubt = [what for what, status in rows if status == "in doubt"]
    _must(list(begun[: len(done)]) == done, f"the records know of calls that never were: {done} against {begun}")
    settled = [what for what, status in rows if status == "done"]
    _must(not Counter(settled) - Counter(ended), f"the records know of outcomes that never were: {settled} against {ended}")
    unsettled = list(begun[len(done) :])
    _must(unsettled in ([], doubt), f"calls that the records do not know of: {unsettled}, in doubt: {doubt}")


def whole_life(place: Place) -> Whole:
    """Return what a life looks like that nobody ends."""
    _must(place.live(), "did not come to its end although nobody killed it")
    report = place.report()
    return Whole(place.told("begin"), int(str(report["commit"])), float(str(report["seconds"])))


def points(whole: Whole, seed: int, count: int) -> list[Point]:
    """Return `count` places to kill at: every fourth at a random time, the others in, around and between commits and calls."""
    chance = random.Random(seed)  # noqa: S311 - a seed is the point
    return [Point(number, (_kill(whole, chance, number), _kill(whole, chance, number + 1))) for number in range(1, count + 1)]


def _kill(whole: Whole, chance: random.Random, number: int) -> Kill:
    if number % 4 == 0:
        return Kill("time", grain=chance.uniform(0.0, whole.seconds * 1.1))
    if number % 4 == 1:
        return Kill("call", chance.randint(1, len(whole.calls)), chance.choice(("before", "inside", "after")))
    return Kill("commit", chance.randint(1, whole.commits), chance.choice(("before", "inside", "during", "after")), chance.random())


def try_point(point: Point, whole: Whole, uri: str = "") -> int:
    """Kill at `point`, and again while it is resumed; go on to the end; return how many kills there were.

    Raises
    ------
    BrokenError
        With the point, when something happened that never may.
    """
    folder = Path(tempfile.mkdtemp(prefix="ivoryos-soak-"))
    place = Place(folder, uri)
    kills = 0
    try:
        for kill in point.kills:
            if place.live(kill):
                break
            kills += 1
            first = place.look(whole)
            _must(place.look(whole) == first, "what is left changes by looking at it")
        else:
            _must(place.live(), "did not come to its end although nobody killed it any more")
        end = place.look(whole)
        _must(place.told("begin") == whole.calls, f"not every call was made exactly once: {place.told('begin')}")
        _must((end.ended, end.waiting, end.in_doubt) == (NAMES, (), ()), f"not everything came to its end: {end}")
    except BrokenError as error:
        raise BrokenError(f"{point}: {error}; what is left lies in {folder}") from error
    shutil.rmtree(folder)
    return kills

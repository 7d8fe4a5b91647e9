"""Does anything grow while it works?  Threads, file handles and memory, looked at again and again over many steps and many runs.

Caches are filled first (the last results, the last runs). Then the line through the looks must not rise by more than a fraction of a
block of memory for each step, a few for each run.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from ivoryos_jupyter.journal import RunRequest
from ivoryos_jupyter.records import DataFolder
from ivoryos_jupyter.session import Session, Surroundings
from ivoryos_jupyter.workflow import Action, Constant, Repeat, Workflow, content_hash, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

LOOKS = 20
"""How often is looked."""
CALM = 4
"""Looks that are left out at the beginning."""
WARM_UP = 300
"""Short runs that fill the caches."""


class Doser:
    """Does nothing."""

    def dose(self, volume_ml: float) -> float:
        """Return what it was given."""
        return volume_ml


@dataclass(frozen=True)
class Look:
    """What is in use at one moment."""

    done: int
    """Steps or runs so far."""
    threads: int
    handles: int
    blocks: int
    """Blocks of memory that Python has given out."""
    resident: int
    """Bytes that the process holds."""


@dataclass(frozen=True)
class Growth:
    """How much more is in use after each further step or run."""

    what: str
    looks: tuple[Look, ...]

    @property
    def threads(self) -> int:
        """More threads at the end than after the first looks."""
        return self._of("threads")[-1] - max(self._of("threads")[:CALM])

    @property
    def handles(self) -> int:
        """More open files and sockets at the end than after the first looks."""
        return self._of("handles")[-1] - max(self._of("handles")[:CALM])

    @property
    def blocks_each(self) -> float:
        """Blocks of memory that each further one keeps."""
        return _slope([one.done for one in self.looks[CALM:]], self._of("blocks")[CALM:])

    @property
    def bytes_each(self) -> float:
        """Bytes that each further one keeps, as the operating system counts."""
        return _slope([one.done for one in self.looks[CALM:]], self._of("resident")[CALM:])

    def _of(self, name: str) -> list[int]:
        return [getattr(one, name) for one in self.looks]

    def __str__(self) -> str:
        """Return it as one line."""
        last = self.looks[-1]
        return (
            f"{last.done} {self.what}s: {self.threads:+d} threads ({last.threads}), {self.handles:+d} handles ({last.handles}), "
            f"{self.blocks_each:+.4f} blocks and {self.bytes_each:+.1f} bytes a {self.what}, {last.resident / 2**20:.0f} MiB"
        )


def over_steps(folder: Path, steps: int) -> Growth:
    """Work through `steps` steps, in a few long runs, and look."""
    each = max(1, steps // LOOKS)
    return _looks(folder, "step", each, lambda session, number: _run(session, f"long-{number}", each))


def over_runs(folder: Path, runs: int) -> Growth:
    """Work through `runs` short runs under one name, and look."""
    each = max(1, runs // LOOKS)

    def some(session: Session, number: int) -> None:
        for one in range(each):
            _run(session, f"short-{number}-{one}", 2)

    return _looks(folder, "run", each, some)


def _looks(folder: Path, what: str, each: int, work: Callable[[Session, int], None]) -> Growth:
    doser = Doser()
    surroundings = Surroundings(folder, deck_name="flat", operator="soak", names=lambda: {"doser": doser})
    with closing(Session(surroundings, folder=DataFolder(folder / "ivoryos_data"))) as session:
        heard: list[int] = [0]
        session.relay.subscribe(lambda _event: heard.__setitem__(0, heard[0] + 1))
        session.store.database.change("PRAGMA synchronous=NORMAL", {})
        for number in range(WARM_UP):
            _run(session, f"warm-{number}", 2)
        return Growth(what, tuple(_after(session, work, number, each) for number in range(1, LOOKS + 1)))


def _after(session: Session, work: Callable[[Session, int], None], number: int, each: int) -> Look:
    work(session, number)
    session.relay.flush()
    while any(one.name == "ivoryos-versions" for one in threading.enumerate()):  # it asks git, and ends
        time.sleep(0.01)
    gc.collect()
    process = psutil.Process()
    handles = process.num_handles() if sys.platform == "win32" else process.num_fds()
    return Look(number * each, threading.active_count(), handles, sys.getallocatedblocks(), process.memory_info().rss)


def _run(session: Session, key: str, steps: int) -> None:
    body = (Action(id="a", instrument="doser", method="dose", arguments={"volume_ml": Constant(1.0)}, outputs=("left",)),)
    flow = Workflow(name="flat", script=(Repeat(id="r", times=Constant(steps), body=body),))
    request = RunRequest(key, "flat", to_json(flow), "flat", content_hash(flow), "flat", submitted_us=time.time_ns() // 1000)
    status = session.runner.submit(request).wait(3600)
    if status.counts.done != steps:
        raise AssertionError(f"{status.counts.done} of {steps} steps were done: {status.error}")


def _slope(places: Sequence[int], values: Sequence[int]) -> float:
    """Return the slope of the line through the points, by least squares."""
    middle, mean = sum(places) / len(places), sum(values) / len(values)
    width = sum((place - middle) ** 2 for place in places)
    return sum((place - middle) * (value - mean) for place, value in zip(places, values, strict=True)) / width

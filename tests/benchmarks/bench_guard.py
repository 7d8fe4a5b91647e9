"""What does the guard add to a call that is written in a cell?

A guarded call goes through the whole pipeline, as one from a panel does, and its intent and outcome are committed on another
thread; ``bench_steps`` measures that. Here the recorder keeps everything in memory, and the yardstick is the same call handed to the
pipeline and waited for, so that what is left is the guard's own: finding the member, binding the arguments, handing over and
looking at what comes back. An attribute that is passed on is compared with a proxy in plain Python.
"""

from __future__ import annotations

import tempfile
import timeit
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from yardstick import Figure, in_turns, report

from ivoryos_jupyter.guarding import Guard
from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.runner import Call, Pipeline, ThreadExecutor
from ivoryos_jupyter.schema import Limit, Limits
from ivoryos_jupyter.testing import MemoryRecorder, Pump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CALLS = 1_000
READS = 100_000
ROUNDS = 7
AIM_S = 50e-6
"""What a guarded call may take beyond the pipeline's."""


class Limited:
    """Limits as a laboratory has them."""

    def current(self) -> Limits:
        """Return one limit."""
        return Limits((Limit("pump", "dispense", "volume_ml", maximum=5.0),))


class Plain:
    """The least that passes attributes on."""

    def __init__(self, real: object) -> None:
        """Stand for `real`."""
        self._real = real

    def __getattr__(self, name: str) -> object:
        """Pass `name` on."""
        return getattr(self._real, name)


@contextmanager
def bench() -> Iterator[tuple[dict[str, object], Pipeline]]:
    """Guard one pump; give the names and the pipeline."""
    names: dict[str, object] = {"pump": Pump(time_scale=0, capacity_ml=1e9)}
    deck, executor = LiveDeck("bench"), ThreadExecutor()
    deck.update(names)
    pipeline = Pipeline(deck, Limited(), MemoryRecorder(), executor, lambda _event: None)
    with tempfile.TemporaryDirectory() as folder:
        guard = Guard(deck, pipeline, executor, lambda: names, names.__setitem__, Path(folder) / "guard.json")
        guard.guard()
        try:
            yield names, pipeline
        finally:
            pipeline.close()
            executor.close()


def timed(work: Callable[[], object], times: int) -> Callable[[], float]:
    """Return what measures one call of `work`, in s."""
    return lambda: timeit.timeit(work, number=times) / times


def measure() -> list[Figure]:
    """Return the figures."""
    with bench() as (names, pipeline):
        guarded = names["pump"]
        real, plain = Pump(time_scale=0, capacity_ml=1e9), Plain(Pump())
        by_hand = Call("pump", "dispense", "call", {"volume_ml": 0.001}, origin="cell")
        ours, theirs = in_turns(
            timed(lambda: guarded.dispense(0.001), CALLS),  # type: ignore[attr-defined]
            timed(lambda: pipeline.submit(by_hand).result(), CALLS),
            ROUNDS,
        )
        own = Figure("the guard's own part of it", max(ours - theirs, 0.0), "what it may take", AIM_S, 1.0)
        bare = timed(lambda: real.dispense(0.001), CALLS)()
        passed, by_proxy = in_turns(timed(lambda: guarded.port, READS), timed(lambda: plain.port, READS), ROUNDS)  # type: ignore[attr-defined]
    return [
        Figure("a guarded call", ours, "handed to the pipeline and waited for", theirs, 1.5),
        own,
        Figure("a guarded call", ours, "the driver alone", bare),
        Figure("an attribute that is passed on", passed, "a proxy in plain Python", by_proxy, 2.0),
    ]


if __name__ == "__main__":
    report(measure)

"""How long does it take to describe a deck of 50 instruments with 20 methods of 4 parameters?

The yardstick is a bare loop of ``inspect.signature`` and ``inspect.getdoc`` over the same methods. Both count the processor's
time: nothing here waits for anything. ``--profile`` shows where it goes.
"""

from __future__ import annotations

import cProfile
import inspect
import pstats
import sys
import time
from typing import TYPE_CHECKING

from yardstick import Figure, in_turns, report

from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.testing import make_big_deck

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 15
YARDSTICK = "signature and getdoc of the 1000 methods"


def bare() -> float:
    """Return the seconds that the yardstick takes for classes nobody has seen."""
    namespace = make_big_deck()
    start = time.process_time()
    for obj in namespace.values():
        for name in dir(type(obj)):
            if not name.startswith("_"):
                method = getattr(obj, name)
                inspect.signature(method)
                inspect.getdoc(method)
    return time.process_time() - start


def described() -> float:
    """Return the seconds that a new deck takes for classes nobody has seen."""
    namespace, deck = make_big_deck(), LiveDeck()
    start = time.process_time()
    deck.update(namespace)
    deck.schema()
    return time.process_time() - start


def unchanged() -> float:
    """Return the seconds of an update after a cell that changed nothing."""
    namespace, deck = make_big_deck(), LiveDeck()
    deck.update(namespace)
    start = time.process_time()
    deck.update(namespace)
    return time.process_time() - start


def figures() -> Iterator[Figure]:
    """Measure."""
    LiveDeck().update(make_big_deck(1))  # what is imported at the first description is not part of it
    ours, yard = in_turns(described, bare, ROUNDS)
    yield Figure("a deck of 50 x 20 x 4 inspected", ours, YARDSTICK, yard, aim=3.0)
    yield Figure("the same deck after a cell that changed nothing", min(unchanged() for _ in range(3)), YARDSTICK, yard)


def profile() -> None:
    """Print where the time goes."""
    LiveDeck().update(make_big_deck(1))
    profiler = cProfile.Profile()
    profiler.runcall(described)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    profile() if "--profile" in sys.argv else report(figures)

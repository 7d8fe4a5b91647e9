"""How long does it take to describe a deck of 50 instruments with 20 methods of 4 parameters?

The yardstick is a bare loop of ``inspect.signature`` and ``inspect.getdoc`` over the same methods.
Run it: ``python tests/benchmarks/bench_inspect.py``, with ``--profile`` to see where the time goes.
"""

from __future__ import annotations

import cProfile
import inspect
import pstats
import sys
import time

from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.testing import make_big_deck

ROUNDS = 15
AIM = 3.0
AIM_UPDATE_MS = 1.0


def bare(namespace: dict[str, object]) -> float:
    """Return the seconds that the yardstick takes."""
    start = time.process_time()
    for obj in namespace.values():
        for name in dir(type(obj)):
            if not name.startswith("_"):
                method = getattr(obj, name)
                inspect.signature(method)
                inspect.getdoc(method)
    return time.process_time() - start


def described(namespace: dict[str, object]) -> float:
    """Return the seconds that a new deck takes for all of `namespace`."""
    deck = LiveDeck()
    start = time.process_time()
    deck.update(namespace)
    deck.schema()
    return time.process_time() - start


def unchanged(namespace: dict[str, object]) -> float:
    """Return the seconds of an update after a cell that changed nothing."""
    deck = LiveDeck()
    deck.update(namespace)
    start = time.process_time()
    deck.update(namespace)
    return time.process_time() - start


def main() -> None:
    """Print the ratio and the cost of an update without a change."""
    described(make_big_deck(1))
    if "--profile" in sys.argv:
        profile = cProfile.Profile()
        namespace = make_big_deck()
        profile.runcall(described, namespace)
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        return
    pairs = [(bare(make_big_deck()), described(make_big_deck())) for _ in range(ROUNDS)]
    yardstick, ours = min(one for one, _ in pairs), min(two for _, two in pairs)
    update = min(unchanged(make_big_deck()) for _ in range(ROUNDS))
    sys.stdout.write(
        f"bare signature+getdoc loop  {yardstick * 1e3:8.1f} ms\n"
        f"LiveDeck, nothing known     {ours * 1e3:8.1f} ms   {ours / yardstick:.2f}x (aim < {AIM:g}x)\n"
        f"update, nothing changed     {update * 1e3:8.2f} ms   (aim < {AIM_UPDATE_MS:g} ms)\n"
    )


if __name__ == "__main__":
    main()

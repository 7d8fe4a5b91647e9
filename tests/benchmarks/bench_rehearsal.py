"""How long does a rehearsal take for each step, and is a night rehearsed in seconds?

The yardstick is a bare loop that does what the interpreter cannot do without: it evaluates a condition, resolves and converts
the arguments, checks the limits, and appends a row. Both count the processor's time. ``--profile`` shows where it goes.
"""

from __future__ import annotations

import cProfile
import pstats
import sys
import time
from random import Random
from typing import TYPE_CHECKING

from yardstick import Figure, in_turns, report

from ivoryos_jupyter.introspect import LiveDeck
from ivoryos_jupyter.journal import PastCall, RunRequest
from ivoryos_jupyter.runner.rehearsal import Given, NoExperience, Scene, Sources, rehearse
from ivoryos_jupyter.schema import Limit, Limits, convert_arguments
from ivoryos_jupyter.workflow import Action, Branch, Constant, If, Repeat, Variable, Wait, Workflow, compile_expression, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STEPS = 10_000
ROUNDS = 5
NIGHT_S = 8 * 3600
YARDSTICK = "10,000 times: condition, resolve, convert, limits, append"
LIMITS = Limits((Limit("pump", "dose", "volume_ml", maximum=5.0),))


class Pump:
    """Is described, and never called."""

    def dose(self, volume_ml: float) -> float:
        """Dose some mL."""
        raise AssertionError(volume_ml)


class Standing:
    """Limits that stand."""

    def current(self) -> Limits:
        """Return them."""
        return LIMITS


class Recorded:
    """A history of 50 calls."""

    def past(self, instrument: str, method: str) -> Sequence[PastCall]:
        """Return them, whatever is asked for."""
        del instrument, method
        random = Random(1)  # noqa: S311 - chance, no secret
        return [PastCall(random.uniform(2, 4), random.uniform(1, 5), kept=True) for _ in range(50)]


DECK = LiveDeck("bench")
DECK.update({"pump": Pump()})
SCHEMA = DECK.schema()
DOSE = Action(id="d", instrument="pump", method="dose", arguments={"volume_ml": Constant(2.0)}, outputs=("left",))


def scene(workflow: Workflow, repeat: int, *, history: bool = False) -> Scene:
    """Return what is rehearsed."""
    request = RunRequest(key="k", name="w", workflow="", workflow_name="w", version="", deck="bench", repeat=repeat)
    return Scene(workflow, request, SCHEMA, Standing(), Sources(LIMITS, Recorded() if history else NoExperience(), Given()))


def rehearsed() -> float:
    """Return the seconds of one rehearsal of 10,000 calls."""
    workflow = Workflow(name="w", script=(Repeat(id="r", times=Constant(STEPS), body=(DOSE,)),))
    start = time.process_time()
    found = rehearse(scene(workflow, 1), 1_800_000_000_000_000)
    taken = time.process_time() - start
    assert len(found.lines) == STEPS
    return taken


def night() -> float:
    """Return the seconds of a rehearsal, with its repetitions, of 8 hours: 96 rows of 5 min, waits, branches, a history that varies."""
    more = If(
        id="i",
        branches=(Branch("left > 3", (Action(id="e", instrument="pump", method="dose", arguments={"volume_ml": Variable("left")}),)),),
    )
    workflow = Workflow(name="w", script=(DOSE, more, Wait(id="w", seconds=Constant(294)), DOSE))
    start = time.process_time()
    found = rehearse(scene(workflow, 96, history=True), 1_800_000_000_000_000)
    taken = time.process_time() - start
    assert found.duration.p50 > 0.9 * NIGHT_S
    return taken


def bare() -> float:
    """Return the seconds of the yardstick."""
    method = next(one for one in SCHEMA.instruments[0].methods if one.name == "dose")
    condition = compile_expression("left < 5")
    rows: list[tuple[object, ...]] = []
    context: dict[str, object] = {"left": 1.0}
    start = time.process_time()
    for number in range(STEPS):
        condition.holds(context)
        plain = convert_arguments(method.parameters, {"volume_ml": resolve(Constant(2.0), context)}, text=False, live=True)
        LIMITS.check("pump", "dose", plain, method.parameters)
        rows.append((number, "pump", "dose", plain))
    return time.process_time() - start


def figures() -> Iterator[Figure]:
    """Measure."""
    ours, yard = in_turns(rehearsed, bare, ROUNDS)
    yield Figure("10,000 calls rehearsed once", ours, YARDSTICK, yard, aim=20.0)
    long, yard = in_turns(night, bare, ROUNDS)
    yield Figure("a night of 8 h rehearsed as often as is quick", long, YARDSTICK, yard, aim=60.0)


def profile() -> None:
    """Print where the time goes."""
    profiler = cProfile.Profile()
    profiler.runcall(rehearsed)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    profile() if "--profile" in sys.argv else report(figures)

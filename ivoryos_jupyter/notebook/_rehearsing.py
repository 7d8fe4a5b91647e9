"""How is a submission rehearsed with what this session knows?  Its deck's description, limits, rules, and records, all only read."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.introspect import BLOCKS, is_pure, marked_functions, marked_methods
from ivoryos_jupyter.notebook._queue_rehearsal import Line, QueueRehearsal
from ivoryos_jupyter.notebook._rehearsal import Rehearsal
from ivoryos_jupyter.notebook._rehearsal_words import spread_in_words
from ivoryos_jupyter.notebook._spans import clock_time
from ivoryos_jupyter.records import past_calls
from ivoryos_jupyter.runner.rehearsal import Given, Scene, Sources, forecast, rehearse, rehearse_faults, rehearse_in_turn, root_of
from ivoryos_jupyter.workflow import from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ivoryos_jupyter.journal import PastCall, RunRequest
    from ivoryos_jupyter.records import Store
    from ivoryos_jupyter.schema import Plain
    from ivoryos_jupyter.session import Session
    from ivoryos_jupyter.workflow import Workflow


class Recorded:
    """What the records of a session say of earlier calls, each asked for once."""

    def __init__(self, store: Store) -> None:
        """Read from `store`."""
        self._store = store
        self._known: dict[tuple[str, str], Sequence[PastCall]] = {}

    def past(self, instrument: str, method: str) -> Sequence[PastCall]:
        """Return the latest calls that returned."""
        key = (instrument, method)
        if key not in self._known:
            self._known[key] = past_calls(self._store, instrument, method)
        return self._known[key]


def scene_for(session: Session, workflow: Workflow, request: RunRequest, given: Given | None = None, *, blocks: bool = False) -> Scene:
    """Return what is rehearsed; the live objects are not in it.

    Raises
    ------
    ConversionError
        With everything in `given` that cannot be meant.
    """
    schema = session.deck.schema()
    known = (given or Given()).checked(workflow, schema)
    sources = Sources(session.limits.current(), Recorded(session.store), known)
    pure = _pure_blocks(session) if blocks else {}
    spent, safe = session.store.events_after, _with_handlers(session)
    return Scene(workflow, request, schema, session.limits, sources, session.rules.file, spent, pure, safe)


def rehearse_request(
    session: Session,
    workflow: Workflow,
    request: RunRequest,
    given: Given,
    *,
    faults: bool | int = False,
    seed: int = 0,
    times: int | None = None,
    blocks: bool = False,
) -> Rehearsal:
    """Rehearse one run that would begin now, or when it may.

    Raises
    ------
    ConversionError
        With everything in what is given that cannot be meant.
    """
    if times is not None and (isinstance(times, bool) or not isinstance(times, int) or times < 1):
        raise ConversionError([Problem("times", "give a whole number of 1 or more, or None for as often as is quick", repr(times))])
    if not isinstance(faults, int) or faults < 0:
        raise ConversionError([Problem("faults", "give True, or how many rehearsals with several faults shall follow", repr(faults))])
    scene = scene_for(session, workflow, request, given, blocks=blocks)
    begins = max(_now_us(), request.not_before_us or 0)
    rehearsed = rehearse(scene, begins, seed=seed, times=times)
    if faults:
        random_ones = 0 if faults is True else faults
        rehearsed = replace(rehearsed, faults=rehearse_faults(scene, begins, seed=seed, random_ones=random_ones))
    return Rehearsal(rehearsed, workflow, scene.schema)


def forecast_request(session: Session, workflow: Workflow, request: RunRequest) -> str:
    """Return in a line how long a run would take and when it ends; empty when nothing is known of it."""
    told = forecast(scene_for(session, workflow, request), max(_now_us(), request.not_before_us or 0))
    if not told.known:
        return ""
    ends = clock_time(time.time() + told.duration.p50, time.time())
    about = f"about {spread_in_words(told.duration)}, ends {ends} when it starts now"
    count = told.without_history
    return f"{about}; {count} {'call has' if count == 1 else 'calls have'} no history yet" if count else about


def rehearse_queue(session: Session, last: RunRequest | None = None, given: Given | None = None, *, seed: int = 0) -> QueueRehearsal:
    """Rehearse the run under way, the waiting ones in their order, and `last` after them.

    A run that is held is passed over; a queue that is on hold is taken as released now.
    """
    session.refresh()
    waiting = [entry.request for entry in session.runner.queue.entries]
    under_way, under_way_s = _under_way(session)
    requests = [*under_way, *(one for one in waiting if not one.held)]
    scenes = [scene_for(session, from_json(one.workflow), one) for one in requests]
    if last is not None:
        scenes.append(scene_for(session, from_json(last.workflow), last, given))
    turns = rehearse_in_turn(scenes, _now_us(), under_way_s=under_way_s, seed=seed)
    runs = [(turn, Rehearsal(turn.rehearsed, scene.workflow, scene.schema)) for turn, scene in zip(turns, scenes, strict=True)]
    line = Line(
        held=[one.name for one in waiting if one.held],
        stopping=[scene.request.name for scene in scenes[:-1] if scene.request.stop_here],
        resumed=[one.name for one in requests if one.resume is not None],
        on_hold=session.runner.queue.on_hold,
        under_way=bool(under_way),
    )
    return QueueRehearsal(runs, line)


def _under_way(session: Session) -> tuple[list[RunRequest], float]:
    """Return the run under way, and for how many seconds it is."""
    active = session.runner.active
    if active is None or active.started_us is None:
        return [], 0.0
    return [session.runner.handle(active.key).request], (_now_us() - active.started_us) / 1e6


def _with_handlers(session: Session) -> frozenset[str]:
    """Return the names of the instruments that make safe has a handler for, by settings and by marks of classes and functions."""
    found = {root_of(one.instrument) for one in session.safe_states.settings}
    if session.deck.offline is None:
        live = session.deck.live
        found |= {name for name in live.names if marked_methods(live.resolve(name))}
        found |= {name for _, mark in marked_functions(session.surroundings.names()).values() for name in mark.instruments}
    return frozenset(found)


def _pure_blocks(session: Session) -> Mapping[str, Callable[..., object]]:
    """Return the building blocks that touch no instrument, ready to be called with plain values."""
    if session.deck.offline is not None:
        return {}
    found: dict[str, Callable[..., object]] = {}
    for block in session.deck.schema().blocks:
        member = session.deck.live.member(BLOCKS, block.name, "call")
        if is_pure(member.target) and not member.is_coroutine:
            found[block.name] = _callable(session, block.name)
    return found


def _callable(session: Session, name: str) -> Callable[..., object]:
    member = session.deck.live.member(BLOCKS, name, "call")

    def call(**plain: Plain) -> object:
        args, kwargs = member.live_arguments(plain, _no_object)
        return member.target(*args, **kwargs)

    return call


def _no_object(text: str) -> object:
    raise LookupError(f"{text} is an object of the deck, and a rehearsal touches none")


def _now_us() -> int:
    return time.time_ns() // 1000

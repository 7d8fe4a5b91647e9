"""Who reads watched properties, in time, and acts when one leaves its band?  One thread, which never waits for an instrument.

A watch lives as long as its session. A reading waits for its turn and is then late, which is recorded; it goes between the
calls of a run that holds the instrument. What is done about an excursion runs on a thread of its own, once.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import ConversionError, Problem
from ivoryos_jupyter.journal import Observation, RunEvent
from ivoryos_jupyter.runner._glance import Glance
from ivoryos_jupyter.runner._inbox import Inbox
from ivoryos_jupyter.runner._watch import Band, Watch, WatchRead, WatchTripped
from ivoryos_jupyter.schema import as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ivoryos_jupyter.runner._clock import Clock
    from ivoryos_jupyter.runner._office import Office
    from ivoryos_jupyter.runner._status import RunStatus
    from ivoryos_jupyter.runner._watch import Action
    from ivoryos_jupyter.schema import Property

_log = logging.getLogger(__name__)
SHORTEST_S = 0.05
"""Shortest time between two readings, in s."""


class Watches:
    """The watches of one session.

    Parameters
    ----------
    office
        Reads, records and publishes.
    active
        Returns the run under way, or None.
    actions
        What ``pause`` and ``make safe`` do.
    clock
        The time; the office's when None.
    """

    def __init__(
        self,
        office: Office,
        active: Callable[[], RunStatus | None],
        actions: Mapping[str, Callable[[WatchTripped], object]],
        clock: Clock | None = None,
    ) -> None:
        """Begin with none; the thread starts with the first."""
        self._office = office
        self._active = active
        self._actions = actions
        self._clock = clock or office.clock
        self._inbox: Inbox[Callable[[], None]] = Inbox()
        self._watches: dict[tuple[str, str], Watch] = {}
        self._due: dict[int, float] = {}
        self._glances: dict[int, Glance] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closing = False

    def __iter__(self) -> Iterator[Watch]:
        """Give the watches."""
        return iter(list(self._watches.values()))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._watches)

    def add(self, path: str, name: str, every_s: float, band: Band, then: Action, after_failures: int) -> Watch:
        """Watch a property, in place of the watch there is of it.

        Raises
        ------
        ConversionError
            With everything that is wrong with the watch.
        UnknownNameError
            When the deck has no such property; the message names the closest.
        """
        office = self._office
        one: Property | None = office.live.instrument(path).property(name)
        if one is None or not one.readable:
            office.live.member(path, name, "get")
        _check(every_s, band, then, after_failures, self._actions)
        watch = Watch(path, name, every_s, band, then, after_failures, self._stop)
        with self._lock:
            before = self._watches.pop((path, name), None)
            self._watches[path, name] = watch
        if before is not None:
            self._end(before)
        self._start()
        self._inbox.put(lambda: self._begin(watch))
        return watch

    def _begin(self, watch: Watch) -> None:
        if not watch.stopped:
            self._due[id(watch)] = self._clock.monotonic()

    def stop(self, path: str, name: str) -> bool:
        """End the watch of a property; False when there is none."""
        watch = self._watches.get((path, name))
        if watch is not None:
            self._stop(watch)
        return watch is not None

    def _stop(self, watch: Watch) -> None:
        with self._lock:
            if self._watches.get((watch.path, watch.name)) is watch:
                del self._watches[watch.path, watch.name]
        self._end(watch)

    def _end(self, watch: Watch) -> None:
        if watch.stopped:
            return
        watch.stopped = True
        self._inbox.put(lambda: self._forget(watch))
        self._office.tell(WatchRead(watch.path, watch.name, watch.value, self._office.clock.now_us(), watch.error, ended=True))

    def _forget(self, watch: Watch) -> None:
        self._due.pop(id(watch), None)
        glance = self._glances.pop(id(watch), None)
        if glance is not None:
            glance.leave()

    def close(self, timeout: float = 5.0) -> bool:
        """End all watches and the thread; return whether it ended."""
        for watch in self:
            self._stop(watch)
        self._closing = True
        self._inbox.put(lambda: None)
        thread = self._thread
        if thread is not None:
            thread.join(timeout)
        return thread is None or not thread.is_alive()

    # The thread

    def _start(self) -> None:
        with self._lock:
            if self._thread is None and not self._closing:
                self._thread = threading.Thread(target=self._serve, name="ivoryos-watches", daemon=True)
                self._thread.start()

    def _serve(self) -> None:
        while not self._closing or not self._inbox.empty():
            message = self._clock.receive(self._inbox, self._next_look())
            try:
                if message is not None:
                    message()
                self._read_what_is_due()
            except Exception:  # noqa: BLE001 - logged; the other watches must go on
                _log.exception("A watch failed")

    def _next_look(self) -> float | None:
        """Return in how many seconds something is to be done; None for nothing."""
        now = self._clock.monotonic()
        waits = [due - now for key, due in list(self._due.items()) if key not in self._glances]
        waits += [left for glance in list(self._glances.values()) if (left := glance.look_after()) is not None]
        return max(0.0, min(waits)) if waits else None

    def _read_what_is_due(self) -> None:
        now = self._clock.monotonic()
        for watch in self:
            due = self._due.get(id(watch))
            if due is not None and due <= now and id(watch) not in self._glances:
                self._read(watch, due)

    def _read(self, watch: Watch, due: float) -> None:
        glance = self._glances[id(watch)] = Glance(self._office, watch.path, watch.name, self._inbox.put)
        glance.begin(lambda value, error: self._landed(watch, due, value, error))

    def _landed(self, watch: Watch, due: float, value: object, error: str) -> None:
        """Take a reading in: keep it, judge it, and say when the next one is due."""
        del self._glances[id(watch)]
        now, now_us = self._clock.monotonic(), self._clock.now_us()
        watch.late_s, watch.at_us = max(0.0, now - due), now_us
        self._due[id(watch)] = max(due + watch.every_s, now)
        why, error = watch.judge(value, error)
        if why and not watch.tripped:
            self._trip(watch, why, now_us)
        elif watch.tripped and not why and not error:
            watch.tripped = ""
            self._note(watch, "watch_back", {"value": as_text(value)})
        self._keep(watch, value, error, now_us - round(watch.late_s * 1e6))  # after it, for what is done must not wait for the records
        self._office.tell(WatchRead(watch.path, watch.name, None if error else value, now_us, error, watch.late_s))

    def _keep(self, watch: Watch, value: object, error: str, due_us: int) -> None:
        active = self._active()
        reading = Observation(
            instrument=watch.path,
            property=watch.name,
            at_us=watch.at_us or due_us,
            value=None if error else value,
            unit=watch.band.unit,
            error=error or None,
            run_id=None if active is None else active.run_id,
            due_us=due_us,
        )
        self._office.clerk.put(lambda: self._observe(watch, reading))

    def _observe(self, watch: Watch, reading: Observation) -> None:
        try:
            self._office.recorder.observe(reading)
        except Exception as failure:  # noqa: BLE001 - a reading that cannot be kept is lost; the watch goes on and acts all the same
            _log.warning("A reading of %s could not be kept: %s", watch.label, failure)

    def _trip(self, watch: Watch, why: str, now_us: int) -> None:
        watch.tripped = why
        watch.excursions += 1
        active = self._active()
        key, number = ("", None) if active is None else (active.key, active.run_id)
        seen = None if watch.error else watch.value
        event = WatchTripped(watch.path, watch.name, seen, watch.band.unit, why, watch.does, now_us, key, number)
        self._note(watch, "watch_tripped", {"reason": why, "then": watch.does})
        self._office.tell(event)
        then = self._actions.get(watch.then) if isinstance(watch.then, str) else watch.then
        if then is not None:
            action = then
            threading.Thread(target=lambda: self._act(watch, action, event), name="ivoryos-watch-action", daemon=True).start()

    def _act(self, watch: Watch, action: Callable[[WatchTripped], object], event: WatchTripped) -> None:
        try:
            action(event)
        except Exception as error:  # noqa: BLE001 - a person's function, or a run that has just ended
            _log.exception("What a watch was to do failed")
            self._note(watch, "watch_action_failed", {"then": watch.does, "message": str(error)})

    def _note(self, watch: Watch, kind: str, detail: Mapping[str, str]) -> None:
        active = self._active()
        run_id = None if active is None else active.run_id
        self._office.note_soon(RunEvent(run_id, kind, self._clock.now_us(), {"property": watch.label, **detail}))


def _check(every_s: float, band: Band, then: Action, after_failures: int, actions: Mapping[str, object]) -> None:
    problems: list[Problem] = []
    if isinstance(every_s, bool) or not isinstance(every_s, int | float) or not SHORTEST_S <= every_s < float("inf"):
        problems.append(Problem("every_s", f"must be a number of seconds, {SHORTEST_S} or more", str(every_s)))
    if band.low is not None and band.high is not None and band.low > band.high:
        problems.append(Problem("between", "the lower end is above the upper one", f"({band.low}, {band.high})"))
    if isinstance(then, str) and then not in {*actions, "notify"}:
        problems.append(Problem("then", f"must be one of {', '.join(map(repr, sorted({*actions, 'notify'})))}, or a function", then))
    elif not isinstance(then, str) and not callable(then):
        problems.append(Problem("then", "must be a word or a function", str(then)))
    if isinstance(after_failures, bool) or not isinstance(after_failures, int) or after_failures < 1:
        problems.append(Problem("after_failures", "must be a whole number, 1 or more", str(after_failures)))
    if problems:
        raise ConversionError(problems, "This watch was not begun:")

"""How is everything made safe?  What moves is stopped, then each handler is called once, in order; records come after.

It is a software action: it acts through the drivers and this process, and is no emergency stop.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import RunEvent
from ivoryos_jupyter.runner._flight import Ended, Job, never_begun
from ivoryos_jupyter.runner._made_safe import MadeSafe, MakingSafe, SafeRow
from ivoryos_jupyter.runner._safe_entry import SafeEntry
from ivoryos_jupyter.runner._safe_plan import SafePlan, plan_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.runner._flight import Flight
    from ivoryos_jupyter.runner._made_safe import SafeOutcome
    from ivoryos_jupyter.runner._office import Office
    from ivoryos_jupyter.runner._safe_plan import SafeHandler

    Stopped = Callable[[], tuple[str, int | None]]
    """Stops the run under way and returns its name and id; empty and None when there is none."""

_log = logging.getLogger(__name__)
BEGIN_S = 0.3
"""Seconds a handler may wait for the thread it would best run on, and calls that were asked to stop for their end."""
LOOK_S = 0.01


class SafetyOfficer:
    """Makes everything safe when told to; one at a time.

    Parameters
    ----------
    office
        Where calls are made.
    """

    def __init__(self, office: Office) -> None:
        """Stand by; a thread is started for each time it is told to."""
        self._office = office
        self.plan: Callable[[], SafePlan] = lambda: plan_for(office.live)
        """Says what would be called."""
        self.interrupt: Callable[[], bool] = lambda: False
        """Interrupts the cell that blocks the notebook's loop; returns whether there was one."""
        self.operator = ""
        """Who works here, for the records."""
        self.handler_s = 2.0
        """Seconds a handler may take before the next one is called; it is left to go on."""
        self._lock = threading.Lock()
        self._now: MakingSafe | None = None
        self._read: MakingSafe | None = None
        self._thread: threading.Thread | None = None

    @property
    def report(self) -> MadeSafe | None:
        """The latest report; None when it was never told to."""
        return None if self._now is None else self._now.report

    @property
    def unread(self) -> MadeSafe | None:
        """The latest report, as long as nobody has said that she read it."""
        return self.report if self._now is not self._read else None

    def mark_read(self) -> None:
        """Take note that somebody has read the latest report; one that is still under way stays."""
        now = self._now
        if now is not None and now.done and now is not self._read:
            self._read = now
            self._office.tell(now.report)

    def begin(self, stop_run: Stopped) -> MakingSafe:
        """Stop what moves, begin to call the handlers, and return at once; while it is under way nothing new is done."""
        office = self._office
        with self._lock:
            if self._now is not None and not self._now.done:
                return self._now
            making = self._now = MakingSafe(MadeSafe(office.clock.now_us()), office.executor.would_block)
            office.making_safe = True
        run, run_id = self._stop(stop_run)
        making.report = replace(making.report, run=run)
        thread = threading.Thread(target=self._work, args=(making, run_id), name="ivoryos-make-safe", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system gives no further thread: then it is done on this one
            self._work(making, run_id)
        else:
            self._thread = thread
        return making

    def _stop(self, stop_run: Stopped) -> tuple[str, int | None]:
        """Stop the run and the direct calls; whatever goes wrong there, the handlers are called all the same."""
        run: tuple[str, int | None] = ("", None)
        try:
            run = stop_run()
        except Exception:  # noqa: BLE001 - logged; the handlers matter more
            _log.exception("The run under way could not be stopped")
        for call in self._office.lookout.calls:
            try:
                call.cancel()
            except Exception:  # noqa: BLE001, PERF203 - likewise, for each call
                _log.exception("A direct call could not be stopped")
        return run

    def close(self, timeout: float) -> bool:
        """Wait for the end of what is under way; return whether it has ended."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)
        return thread is None or not thread.is_alive()

    def _work(self, making: MakingSafe, run_id: int | None) -> None:
        try:
            plan = self._planned()
            making.report = replace(
                making.report,
                rows=tuple(SafeRow(one.instruments, one.label) for one in plan.handlers),
                without=plan.without,
                problems=plan.problems,
            )
            self._office.tell(making.report)
            calls = [self._call(making, index, handler, run_id) for index, handler in enumerate(plan.handlers)]
            self._look_again(making, plan, calls)
        except Exception as error:  # noqa: BLE001 - the report must come, whatever failed
            _log.exception("Make safe failed")
            making.report = replace(making.report, problems=(*making.report.problems, f"Make safe itself failed: {error}"))
        finally:
            self._end(making, run_id)

    def _planned(self) -> SafePlan:
        try:
            return self.plan()
        except Exception as error:  # noqa: BLE001 - what the drivers mark is done all the same
            found = plan_for(self._office.live)
            return replace(found, problems=(*found.problems, f"Only what the drivers mark was called: {error}"))

    def _call(self, making: MakingSafe, index: int, handler: SafeHandler, run_id: int | None) -> tuple[Flight, SafeEntry]:
        """Call one handler; one that cannot even be started keeps no other from being called."""
        entry = SafeEntry(self._office, handler, self.operator, run_id)
        try:
            return self._handle(making, index, handler, entry), entry
        except Exception as error:  # noqa: BLE001 - the others matter more
            _log.exception("%s could not be called", handler.label)
            flight = never_begun(Job(handler.target))
            flight.ended = Ended(error=error)
            return flight, entry

    def _handle(self, making: MakingSafe, index: int, handler: SafeHandler, entry: SafeEntry) -> Flight:
        """Call one handler, and wait for it as long as it may take."""
        self._note_handled(handler, returns=True)
        begun = time.monotonic()
        self._set(making, index, outcome="running")
        entry.begin()
        flight, interrupted = self._start(handler, begun + self.handler_s, entry.end)
        if interrupted:
            making.report = replace(making.report, interrupted=True)
        _wait(lambda: flight.ended is not None, begun + self.handler_s)
        outcome, error = _outcome(flight)
        self._note_handled(handler, returns=outcome == "done")
        self._set(making, index, outcome=outcome, seconds=round(time.monotonic() - begun, 3), error=error)
        return flight

    def _note_handled(self, handler: SafeHandler, *, returns: bool) -> None:
        """Tell whoever stops a call whether a handler takes care of its instrument, so that the driver's own stop is not needed."""
        handled, key = self._office.handled, id(handler.root)
        if handler.root is not None and returns:
            handled[key] = self._office.clock.monotonic()
        else:
            handled.pop(key, None)

    def _start(self, handler: SafeHandler, deadline: float, done: Callable[[Flight], None]) -> tuple[Flight, bool]:
        """Start the call where its driver likes it best, and elsewhere when that place is not free; tell whether a cell was interrupted."""
        executor = self._office.executor
        bound = next((one for one in (handler.owner, handler.root) if one is not None and executor.is_bound(one)), None)
        place = executor.place_of(bound)
        root = handler.instruments[0] if handler.instruments else ""
        job = Job(handler.target, coroutine=handler.coroutine, place=place, instrument=root, straight=True)
        flight = executor.start(job, done)
        if _wait(lambda: flight.begun or flight.ended is not None, min(deadline, time.monotonic() + BEGIN_S)):
            return flight, False
        if handler.coroutine or place == "main":
            interrupted = self._interrupted()
            _wait(lambda: flight.begun, deadline)
            return flight, interrupted
        if bound is None and flight.withdraw():  # another call hangs there
            flight = executor.start(replace(job, place="apart"), done)
        return flight, False

    def _interrupted(self) -> bool:
        try:
            return self.interrupt()
        except Exception:  # noqa: BLE001 - the handler is waited for all the same
            _log.exception("The cell that blocks the loop could not be interrupted")
            return False

    def _look_again(self, making: MakingSafe, plan: SafePlan, calls: list[tuple[Flight, SafeEntry]]) -> None:
        """Take note of handlers that came late, give up those that did not come, and doubt what could not be reached."""
        office = self._office
        for index, (handler, (flight, entry)) in enumerate(zip(plan.handlers, calls, strict=True)):
            if making.report.rows[index].outcome in {"running", "no answer", "not reached"}:
                withdrawn = flight.withdraw()
                outcome, error = _outcome(flight)
                self._set(making, index, outcome=outcome, error=error)
                self._note_handled(handler, returns=outcome == "done")
                if withdrawn or (flight.ended is not None and not flight.begun):
                    entry.never_began(error)
                elif flight.ended is None:
                    office.executor.abandon(flight)
            row = making.report.rows[index]
            for name in handler.instruments:
                with contextlib.suppress(Exception):  # an instrument that is gone needs no doubt
                    self._doubt(row, name, office.live.resolve(name))

    def _doubt(self, row: SafeRow, name: str, root: object) -> None:
        """Trust an instrument no longer that could not be made safe, or that was in the middle of a call."""
        doubts = self._office.gates.doubts
        if not row.done:
            doubts.add(root, name, f"could not be made safe: {row.handler} {row.outcome}")
        elif label := self._office.locks.call_on(root):
            doubts.add(root, name, f"was in the middle of {label} when everything was made safe")

    def _set(self, making: MakingSafe, index: int, **changes: SafeOutcome | float | str) -> None:
        rows = list(making.report.rows)
        rows[index] = replace(rows[index], **changes)  # type: ignore[arg-type]  # named as the fields
        making.report = replace(making.report, rows=tuple(rows))
        self._office.tell(making.report)

    def _end(self, making: MakingSafe, run_id: int | None) -> None:
        office = self._office
        _wait(lambda: not office.locks.calls, time.monotonic() + BEGIN_S)  # what obeys needs a moment
        now, under_way = office.clock.now_us(), tuple(sorted(office.locks.calls))
        report = making.report = replace(making.report, ended_us=now, untrusted=office.untrusted, under_way=under_way)
        office.making_safe = False
        detail = {
            "handlers": [[row.handler, row.outcome, row.error.partition("\n")[0]] for row in report.rows],
            "without": [*report.without],
            "unreached": [*report.unreached],
            "under_way": [*report.under_way],
            "operator": self.operator,
        }
        office.note_soon(RunEvent(run_id, "made_safe", now, detail))  # type: ignore[arg-type]  # lists of text
        making.settle()
        office.tell(report)


def _wait(condition: Callable[[], bool], deadline: float) -> bool:
    """Wait until `condition` holds; return whether it does."""
    while not condition():
        if time.monotonic() >= deadline:
            return condition()
        time.sleep(LOOK_S)
    return True


def _outcome(flight: Flight) -> tuple[SafeOutcome, str]:
    """Return what came of a handler so far, and in which words."""
    ended = flight.ended
    if not flight.begun:
        if ended is not None and ended.error is not None:
            return "not reached", _words(ended.error)
        return "not reached", "the thread it must run on is not free"
    if ended is None or ended.abandoned:
        return "no answer", "it did not return in time"
    if ended.error is not None:
        return "failed", _words(ended.error)
    return "done", ""


def _words(error: BaseException) -> str:
    """Return an error with its class, whatever its own text does."""
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - an exception whose text raises is still an exception
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__

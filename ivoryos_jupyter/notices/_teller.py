"""How is one handler told without anybody waiting for it?  On a thread of its own, with a bounded line and a deadline."""

from __future__ import annotations

import logging
import queue
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.notices._notice import Notice

    Handler = Callable[[Notice], object]
    Later = Callable[[float, Callable[[], None]], None]

_log = logging.getLogger(__name__)
LINE = 50
"""Notices that may wait for one handler; what comes then is refused, for somebody who is 50 behind reads none."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One notice to one handler, and what came of it."""

    who: str
    """Name of the handler."""
    notice: Notice
    state: Literal["later", "telling", "told", "failed"]
    """``later``: unless it is answered before `at_us`."""
    at_us: int
    number: int
    """Of this telling; it keeps it through its states."""
    problem: str = ""
    """Why it failed."""


class Teller:
    """Tells one handler.

    Parameters
    ----------
    who
        Name of the handler.
    handler
        Is called with each notice; what it raises is the reason of a failure.
    deadline_s
        Seconds a call may take; a handler that takes longer is left alone on its thread, and told nothing until it returns.
    now_us
        The time.
    later
        Runs something after so many seconds, on another thread.
    outcome
        Hears what came of each notice, on any thread.
    """

    def __init__(
        self,
        who: str,
        handler: Handler,
        deadline_s: float,
        now_us: Callable[[], int],
        later: Later,
        outcome: Callable[[Telling], None],
    ) -> None:
        """Make the teller; its thread starts with the first notice."""
        self.who = who
        self._handler = handler
        self._deadline_s = deadline_s
        self._now_us = now_us
        self._later = later
        self._outcome = outcome
        self._line: queue.SimpleQueue[Telling | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._under_way: Telling | None = None
        self._late = False
        self._closed = False

    @property
    def broken(self) -> bool:
        """Whether a call of the handler has not returned within its deadline, and has not yet."""
        return self._late

    def tell(self, notice: Notice, number: int) -> None:
        """Put `notice` into the handler's line; returns at once. `number` is what the outcome bears."""
        telling = Telling(self.who, notice, "telling", self._now_us(), number)
        if self._late:
            self._failed(telling, "it has not returned from an earlier notice")
            return
        with self._lock:
            if self._closed:
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name=f"ivoryos-notice {self.who}", daemon=True)
                self._thread.start()
        if self._line.qsize() >= LINE:
            self._failed(telling, f"{LINE} notices wait for it already")
            return
        self._outcome(telling)
        self._line.put(telling)

    def _failed(self, telling: Telling, problem: str) -> None:
        self._outcome(replace(telling, state="failed", at_us=self._now_us(), problem=problem))

    def _serve(self) -> None:
        while (telling := self._line.get()) is not None:
            self._call(telling)

    def _call(self, telling: Telling) -> None:
        self._under_way = telling
        self._later(self._deadline_s, lambda: self._check(telling))
        problem = ""
        try:
            self._handler(telling.notice)
        except BaseException as error:  # noqa: BLE001 - a handler may be anybody's code, and must not end this thread
            problem = str(error).partition("\n")[0] or type(error).__name__
            _log.debug("The handler %s failed", self.who, exc_info=error)
        with self._lock:
            self._under_way = None
            late, self._late = self._late, False
        if problem:
            self._failed(telling, problem)
        else:
            self._outcome(replace(telling, state="told", at_us=self._now_us(), problem="late" if late else ""))

    def _check(self, telling: Telling) -> None:
        """Give the handler up when it is still at `telling`."""
        with self._lock:
            if self._under_way is not telling or self._closed:
                return
            self._late = True
            self._failed(telling, f"it has not returned within {self._deadline_s:g} s")  # within the lock: before it says that it has
        _log.warning("The notification handler %s has not returned within %g s; it is left on its thread.", self.who, self._deadline_s)

    def close(self, timeout: float) -> bool:
        """End the thread after the notices that wait; return whether it ended in time."""
        with self._lock:
            self._closed = True
            thread = self._thread
        if thread is None or thread is threading.current_thread():
            return True
        self._line.put(None)
        if not self._late:
            thread.join(timeout)
        return not thread.is_alive()

"""What does everybody who makes calls share?  Gates, seats, the clerk, and outcomes that wait for the database."""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import RunEvent
from ivoryos_jupyter.runner._clerk import Clerk
from ivoryos_jupyter.runner._clock import SystemClock
from ivoryos_jupyter.runner._gates import Gates
from ivoryos_jupyter.runner._locks import Holder, Locks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ivoryos_jupyter.introspect import Deck
    from ivoryos_jupyter.journal import Recorder
    from ivoryos_jupyter.runner._call import Call
    from ivoryos_jupyter.runner._clock import Clock
    from ivoryos_jupyter.runner._events import Event
    from ivoryos_jupyter.runner._executor import Executor
    from ivoryos_jupyter.runner._gates import Interlock, LimitsSource, Ready
    from ivoryos_jupyter.schema import Plain

_log = logging.getLogger(__name__)
RETRY_S = 1.0
"""Seconds between two attempts to write an outcome that could not be written."""


class Office:
    """What calls go through.

    Parameters
    ----------
    deck
        Where names are resolved.
    limits
        The laboratory's limits.
    recorder
        Who keeps intents and outcomes.
    executor
        Where calls run.
    publish
        Takes events; what it raises is logged and touches no call.
    clock
        The time.
    grace_s
        Seconds a call may take to obey a stop before it is given up.
    """

    def __init__(
        self,
        deck: Deck,
        limits: LimitsSource,
        recorder: Recorder,
        executor: Executor,
        publish: Callable[[Event], None],
        clock: Clock | None = None,
        grace_s: float = 5.0,
    ) -> None:
        """Wire the parts; threads start with the first call."""
        self.gates = Gates(deck, limits, executor)
        self.recorder = recorder
        self.executor = executor
        self.clock: Clock = clock or SystemClock()
        self.grace_s = grace_s
        self.locks = Locks()
        self.clerk = Clerk()
        self._publish = publish
        self._run_ids: dict[str, int] = {}
        self._unkept: deque[Callable[[], None]] = deque()

    @property
    def deck(self) -> Deck:
        """Where names are resolved."""
        return self.gates.deck

    @property
    def untrusted(self) -> tuple[str, ...]:
        """Names of the instruments that were left in the middle of a call and not checked since."""
        return self.gates.untrusted

    @property
    def interlocks(self) -> list[Interlock]:
        """Called before every call with the call, the member and its plain arguments; each refuses by raising."""
        return self.gates.interlocks

    def trust(self, name: str) -> bool:
        """Allow calls on `name` again, for a person has checked it; False when it was trusted anyway."""
        return self.gates.trust(name)

    def hold(self, run_key: str, run_id: int, label: str, things: Iterable[object]) -> None:
        """Hold instruments for a run: direct calls on them are refused."""
        self._run_ids[run_key] = run_id
        self.locks.hold(things, Holder(label, run_key))

    def release(self, run_key: str) -> None:
        """End what `hold` began."""
        self._run_ids.pop(run_key, None)
        self.locks.release(run_key)

    def run_taken_over(self, call: Call, root: object) -> int | None:
        """Return the run whose instrument this direct call takes over, having noted it; None when there is none."""
        run_id = self._run_ids.get(self.locks.held_by_run(root)) if root is not None else None
        if run_id is not None:
            detail = {"instrument": call.path, "method": call.recorded_method, "operator": call.operator}
            self.recorder.note(RunEvent(run_id, "taken_over", self.clock.now_us(), {**detail}))
        return run_id

    def note_override(self, call: Call, ready: Ready, at_us: int, run_id: int | None) -> None:
        """Keep, in one commit with the intent that follows, why the call is made and what forbade it."""
        if not call.override:
            return
        detail: dict[str, Plain] = {
            "call": f"{call.path}.{call.recorded_method}",
            "arguments": {**ready.arguments},
            "reason": call.override.strip(),
            "operator": call.operator,
            "origin": call.origin,
            "overridden": [*ready.overridden],
        }
        self.recorder.note(RunEvent(run_id, "override", at_us, detail))

    def keep(self, settle: Callable[[], None]) -> None:
        """Commit an outcome that could not be committed as soon as the database is back."""
        self._unkept.append(settle)
        self.clerk.put(self._retry)

    def _retry(self) -> None:
        try:
            self.settle_kept()
        except Exception as error:  # noqa: BLE001 - whatever keeps the database away, it is tried again
            _log.warning("An outcome could not be written yet: %s", error)
            self.clerk.later(RETRY_S, self._retry)

    def settle_kept(self) -> None:
        """Commit the outcomes that could not be committed before, or raise why they still cannot be."""
        while self._unkept:
            self._unkept[0]()
            self._unkept.popleft()

    @property
    def unkept(self) -> int:
        """How many outcomes wait for the database."""
        return len(self._unkept)

    def tell(self, event: Event) -> None:
        """Publish `event`; a listener that fails touches nothing."""
        try:
            self._publish(event)
        except Exception:  # noqa: BLE001 - logged; listeners are not ours
            _log.exception("A listener failed")

    def close(self) -> bool:
        """End the clerk's thread; return whether it ended."""
        return self.clerk.close()

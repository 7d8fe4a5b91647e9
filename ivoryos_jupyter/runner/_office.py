"""What does everybody who makes calls share?  Gates, seats, the clerk, and outcomes that wait for the database."""

from __future__ import annotations

import logging
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import IvoryOSError
from ivoryos_jupyter.journal import CallIntent, RunEvent, StepOutcome, StepStatus
from ivoryos_jupyter.runner._clerk import Clerk
from ivoryos_jupyter.runner._clock import SystemClock
from ivoryos_jupyter.runner._elsewhere import Elsewhere
from ivoryos_jupyter.runner._flight import error_text
from ivoryos_jupyter.runner._gates import Gates, recordable
from ivoryos_jupyter.runner._locks import Holder, Locks
from ivoryos_jupyter.runner._lookout import Lookout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ivoryos_jupyter.introspect import Deck
    from ivoryos_jupyter.journal import Charge, Recorder
    from ivoryos_jupyter.runner._call import Call
    from ivoryos_jupyter.runner._clock import Clock
    from ivoryos_jupyter.runner._events import Event
    from ivoryos_jupyter.runner._executor import Executor
    from ivoryos_jupyter.runner._flight import Place
    from ivoryos_jupyter.runner._gates import Interlock, LimitsSource, Ready
    from ivoryos_jupyter.runner._provenance import Provenance
    from ivoryos_jupyter.schema import Plain

    Usual = Callable[[str, str], float | None]
    """Given the path of an instrument and a recorded method, returns how long such a call usually takes, or None."""

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
        Seconds a call may take to obey the last rung of a stop before it is given up.
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
        """Seconds a call may take to obey a stop, its driver's own one included, before it is given up."""
        self.driver_stop_s: float | None = 2.0
        """Seconds a call may take to obey a stop before its driver's own ``stop()`` is called; None for never."""
        self.making_safe = False
        """Whether everything is being made safe just now, so that no direct call begins."""
        self.handled: dict[int, float] = {}
        """When make safe last called a handler of an object that returned, or may yet, by its id, on the clock that never jumps."""
        self.locks = Locks()
        self.elsewhere = Elsewhere(recorder, self.clock.monotonic)
        """What the runs of other kernels hold."""
        self.provenance: Provenance | None = None
        """Knows what the code is made of that runs here."""
        self.snapshot: tuple[str, ...] = ()
        """Properties that are read when a run begins and when it ends: ``reactor.temperature``."""
        self.clerk = Clerk()
        """Who writes."""
        self.timer = Clerk("ivoryos-deadlines")
        """Who stops calls, and ends them when their time is over: never waits for the database."""
        self.lookout = Lookout(self.timer.later, self.clock.monotonic)
        """The direct calls that stand in line or are under way."""
        self.usual: Usual | None = None
        """Says how long a call usually takes, in s; asked by the clerk. None when nobody knows."""
        self._publish = publish
        self._run_ids: dict[str, int] = {}
        self._continued: dict[int, int] = {}
        self._unkept: deque[Callable[[], None]] = deque()

    @property
    def deck(self) -> Deck:
        """Where names are resolved."""
        return self.gates.deck

    @property
    def live(self) -> Deck:
        """Where the names of this kernel's own objects are resolved, whatever deck is designed with."""
        return self.gates.live

    @property
    def untrusted(self) -> tuple[str, ...]:
        """Names of the instruments that were left in the middle of a call and not checked since."""
        return self.gates.doubts.names

    def why_untrusted(self, name: str) -> str:
        """Return what happened to an instrument that is not trusted, as the rest of a sentence; empty when it is."""
        return self.gates.doubts.why(name)

    @property
    def interlocks(self) -> list[Interlock]:
        """Called before every call with the call, the member and its plain arguments; each refuses by raising."""
        return self.gates.interlocks

    def trust(self, name: str) -> bool:
        """Allow calls on `name` again, for a person has checked it; False when it was trusted anyway."""
        root: object = None
        if name.isidentifier():  # a part is no name of its own here, and following it may read a property
            with suppress(IvoryOSError):  # a name that is gone can be trusted all the same
                root = self.live.resolve(name)
        return self.gates.doubts.clear(name, root)

    def hold(self, run_key: str, run_id: int, label: str, things: Iterable[object]) -> None:
        """Hold instruments for a run: direct calls on them are refused."""
        self._run_ids[run_key] = run_id
        self.locks.hold(things, Holder(label, run_key))

    def run_id(self, run_key: str) -> int | None:
        """Return the id of the run under way with this key, or None."""
        return self._run_ids.get(run_key) if run_key else None

    def goes_on_with(self, run_id: int, before: int) -> None:
        """Take note that a run goes on with an interrupted one, whose budget it uses."""
        self._continued[run_id] = before

    def continued(self, run_id: int) -> int:
        """Return the run that a run goes on with, or itself."""
        return self._continued.get(run_id, run_id)

    def note_refusal(self, call: Call, error: Exception) -> None:
        """Keep that a call was refused, as a direct call that failed."""
        now = self.clock.now_us()
        path = f"deck.{call.path}.{call.recorded_method}"
        intent = CallIntent(path, call.path, recordable(call.arguments), now, call.operator, call.origin, self.run_id(call.run_key))
        outcome = StepOutcome(StepStatus.FAILED, now, error=error_text(error))
        self.clerk.put(lambda: self.recorder.settle_call(self.recorder.intend_call(intent), outcome))

    def release(self, run_key: str) -> None:
        """End what `hold` began."""
        self._run_ids.pop(run_key, None)
        self.locks.release(run_key)

    def run_around(self, call: Call, root: object) -> int | None:
        """Return the run that `call` is made within, or whose instrument it takes over, which is noted; None when there is none."""
        if call.given is not None and call.given.caller.run_key:
            return self._run_ids.get(call.given.caller.run_key)
        run_id = self._run_ids.get(self.locks.held_by_run(root)) if root is not None else None
        if run_id is not None:
            detail = {"instrument": call.path, "method": call.recorded_method, "operator": call.operator}
            self.recorder.note(RunEvent(run_id, "taken_over", self.clock.now_us(), {**detail}))
        return run_id

    def charge_of(self, call: Call, ready: Ready, at_us: int, run_id: int | None) -> Charge | None:
        """Return what the intent that follows is charged, None for nothing; why it is made although a rule forbids it is kept with it."""
        charge = None if ready.duty is None else ready.duty.charge(run_id)
        if not call.override:
            return charge
        if charge is None:
            self.recorder.note(_override(call, ready, at_us, run_id))
            return None
        return lambda read: (*charge(read), _override(call, ready, at_us, run_id))

    def made_safe_since(self, root: object, since: float) -> bool:
        """Whether a handler of `root` that make safe called since then takes care of it, so that nobody else need tell it to stop."""
        return self.handled.get(id(root), -1.0) >= since

    def apart_from(self, *owners: object) -> Place:
        """Return where a call runs that must not wait behind another: on a thread of its own, unless one of `owners` is bound to one."""
        for owner in owners:
            if self.executor.is_bound(owner):
                return self.executor.place_of(owner)
        return "apart"

    def note_soon(self, event: RunEvent) -> None:
        """Keep an event without waiting for the database, as whoever stops something must not."""
        self.clerk.put(lambda: self._note(event))

    def _note(self, event: RunEvent) -> None:
        try:
            self.recorder.note(event)
        except Exception:  # noqa: BLE001 - it is kept, and tried again
            self.keep(lambda: self.recorder.note(event))

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
        """End the threads; return whether they ended."""
        ended = [one.close() for one in (self.timer, self.clerk, self.elsewhere)]
        return all(ended)


def _override(call: Call, ready: Ready, at_us: int, run_id: int | None) -> RunEvent:
    """Return why the call is made, and what forbade it."""
    detail: dict[str, Plain] = {
        "call": f"{call.path}.{call.recorded_method}",
        "arguments": {**ready.arguments},
        "reason": call.override.strip(),
        "operator": call.operator,
        "origin": call.origin,
        "overridden": [*ready.overridden, *(ready.duty.overridden if ready.duty is not None else ())],
    }
    return RunEvent(run_id, "override", at_us, detail)

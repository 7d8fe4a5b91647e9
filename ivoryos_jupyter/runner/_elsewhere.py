"""Does the run of another kernel hold this instrument?  A direct call is refused then, unless it says that it takes it over."""

from __future__ import annotations

import socket
from concurrent.futures import Future
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import BusyError, RecordsError
from ivoryos_jupyter.introspect import identify
from ivoryos_jupyter.journal import RunEvent
from ivoryos_jupyter.runner._clerk import Clerk
from ivoryos_jupyter.runner._looking_up import is_done

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ivoryos_jupyter.journal import Holding, Recorder
    from ivoryos_jupyter.runner._call import Call

FRESH_S = 1.0
"""Seconds for which direct calls believe the last look at what other kernels hold."""
ANSWER_S = 3.0
"""Seconds for which whoever asks for a call waits for such a look."""


@lru_cache(maxsize=1)
def host() -> str:
    """Return the name of this computer."""
    return socket.gethostname()


def note_taken_over(recorder: Recorder, held: Sequence[Holding], at_us: int, by: Mapping[str, str]) -> None:
    """Keep with the other kernels' runs that their instruments are used by somebody else."""
    for one in held:
        recorder.note(RunEvent(one.run_id, "taken_over", at_us, {"instrument": one.instrument, **by}))


class Elsewhere:
    """What the runs of other kernels hold: looked up at most once a second, and again right before a call when a run has begun since."""

    def __init__(self, recorder: Recorder, monotonic: Callable[[], float]) -> None:
        """Ask `recorder`; the thread for it starts with the first question."""
        self._recorder = recorder
        self._clerk = Clerk("ivoryos-elsewhere")
        self._monotonic = monotonic
        self._looked_at: float | None = None
        self._latest: int | None = None
        self._held: dict[str, Holding] = {}

    def holder(self, name: str, root: object) -> Holding | None:
        """Return who else holds the instrument `name`, or None; asks the records when it has not for a second.

        Records that do not answer are not waited for: what was known before is believed, and asked about right before the call.
        """
        if self._is_old():
            looked: Future[None] = Future()
            self._clerk.put(lambda: self._look_for(looked))
            if is_done(looked, ANSWER_S):
                looked.result()
        return self._known(name, root)

    def _is_old(self) -> bool:
        now = self._monotonic()
        old = self._looked_at is None or now - self._looked_at >= FRESH_S
        if old:
            self._looked_at = now
        return old

    def _known(self, name: str, root: object) -> Holding | None:
        return self._held.get(identify(root).thing(name, host())) if self._held and root is not None else None

    def _look_for(self, looked: Future[None]) -> None:
        try:
            self._look()
            looked.set_result(None)
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            looked.set_exception(error)

    def _look(self) -> None:
        self._held = {one.thing: one for one in self._recorder.held_elsewhere()}

    def _notice_what_began(self) -> None:
        """Look anew when another kernel's run has begun since the last look: this is right before the intent."""
        latest = self._recorder.latest_held_elsewhere()
        if latest != self._latest:
            self._latest, self._looked_at = latest, None

    def refuse(self, call: Call, root: object) -> None:
        """Raise `BusyError` when another kernel's run holds the instrument; where the records are out of reach, the intent will tell."""
        with suppress(RecordsError):
            self.holder(call.root, root)
        self._refuse_held(call, root)

    def _refuse_held(self, call: Call, root: object) -> None:
        held = self._known(call.root, root)
        if held is not None:
            raise BusyError(f"{held.sentence}; say take_over=True to use it all the same.")

    def run_taken_over(self, call: Call, root: object, at_us: int) -> int | None:
        """Return the other kernel's run whose instrument this direct call takes over, having noted it there; None when there is none.

        Raises
        ------
        BusyError
            When another kernel's run holds the instrument and the call does not say that it takes it over.
        """
        with suppress(RecordsError):
            self._notice_what_began()
            if self._is_old():
                self._look()
        if not call.take_over:
            self._refuse_held(call, root)
            return None
        held = self._known(call.root, root)
        if held is None:
            return None
        note_taken_over(self._recorder, [held], at_us, {"method": call.recorded_method, "host": host(), "operator": call.operator})
        return held.run_id

    def close(self) -> bool:
        """End the thread; return whether it ended in time."""
        return self._clerk.close()

"""How does a submission that another kernel has already come to its end here?  The records are looked at until it has."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.runner._clerk import Clerk
from ivoryos_jupyter.runner._run_elsewhere import RunElsewhere
from ivoryos_jupyter.runner._status import State

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from ivoryos_jupyter.journal import Recorder, RunRequest, Submission
    from ivoryos_jupyter.runner._control import Control
    from ivoryos_jupyter.runner._registry import Registry

_log = logging.getLogger(__name__)
LOOK_AGAIN_S = 10.0
"""Seconds after which it is looked once more for runs that another kernel has taken."""
LOOK_EVERY_S = 1.0
"""Seconds between two looks at what other kernels do with the submissions that are followed; none is followed, none is made."""


class Following:
    """Knows what became of submissions that this runner has not made itself.

    Parameters
    ----------
    recorder
        Who is asked.
    known
        Where the controls are kept.
    mine
        Returns the runs that wait in this kernel's queue, as far as this runner knows; nothing is put there or taken out meanwhile.
    """

    def __init__(self, recorder: Recorder, known: Registry, mine: Callable[[], AbstractContextManager[list[Control]]]) -> None:
        """Follow nothing yet; the thread starts with the first run that is followed."""
        self._recorder = recorder
        self._known = known
        self._mine = mine
        self._clerk = Clerk("ivoryos-following")
        self._followed: dict[str, RunElsewhere] = {}

    def find(self, request: RunRequest) -> Control | None:
        """Return the control of a submission that was made before, here or elsewhere; None when it is new.

        One that a dead kernel left in its queue is new: it waits for nobody.
        """
        control = self._known.find(request.key)
        if control is not None and not (isinstance(control, RunElsewhere) and control.lost):
            return control
        found = self._ask(request.key)
        if found is None or (found.run_id is None and not found.alive):
            return None
        if found.outcome is not None:
            return self._known.add_recorded(request, found)
        return self._known.add(request) if found.here and found.run_id is None else self._follow(request, found)

    def _ask(self, key: str) -> Submission | None:
        """Return what the records say; a run whose kernel is dead is marked as interrupted first."""
        found = self._recorder.submission(key)
        if found is None or found.alive:
            return found
        if found.run_id is not None:
            self._recorder.mark_interrupted(found.run_id)
        return self._recorder.submission(key)  # in its last moment that kernel may have gone on

    def _follow(self, request: RunRequest, found: Submission) -> Control:
        control = self._known.add_elsewhere(request)
        control.see(found)
        self._clerk.put(lambda: self._begin(control))
        return control

    def look_for_lost(self, *, again: bool = True) -> None:
        """Follow those that should wait here and do not, as soon as the records can be read: this kernel was cut off from them.

        Others may have taken it for dead, and what waited for it: it is looked at once more for one who is at it just now.
        """
        self._clerk.put(lambda: self._look_for_lost(again=again))

    def _look_for_lost(self, *, again: bool) -> None:
        try:
            self.find_lost()
        except RecordsError:
            self._clerk.later(LOOK_EVERY_S, lambda: self._look_for_lost(again=again))
            return
        if again:
            self._clerk.later(LOOK_AGAIN_S, lambda: self._look_for_lost(again=False))

    def find_lost(self) -> None:
        """Follow those that should wait here and do not."""
        with self._mine() as mine:
            keys = {entry.request.key for entry in self._recorder.queue()} if mine else set()
        for control in mine:
            if control.request.key not in keys:
                self.follow_lost(control)

    def follow_lost(self, control: Control) -> None:
        """Follow a run that waited here, and that another kernel has by now."""
        found = self._ask(control.request.key)
        if control.state is State.QUEUED and (found is None or not found.here):
            elsewhere = self._known.becomes_elsewhere(control)
            elsewhere.see(found)
            self._clerk.put(lambda: self._begin(elsewhere))

    def _begin(self, control: RunElsewhere) -> None:
        alone = not self._followed
        self._followed[control.request.key] = control
        if alone:
            self._clerk.later(LOOK_EVERY_S, self._look)

    def _look(self) -> None:
        for key, control in list(self._followed.items()):
            try:
                control.see(self._ask(key))
            except RecordsError as error:  # it is looked at again
                _log.info("Another kernel's run cannot be followed just now: %s", error)
            if control.finished.done():
                del self._followed[key]
        if self._followed:
            self._clerk.later(LOOK_EVERY_S, self._look)

    def close(self) -> bool:
        """Look no more, and end every wait; return whether the thread ended in time."""
        ended = self._clerk.close()
        for control in self._followed.values():
            control.leave()
        return ended

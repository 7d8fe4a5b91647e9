"""How does a run leave the queue before it has begun?  At once where the records can be written, else as soon as they can."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import RecordsError
from ivoryos_jupyter.journal import Outcome
from ivoryos_jupyter.runner._looking_up import is_done
from ivoryos_jupyter.runner._status import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.runner._clerk import Clerk
    from ivoryos_jupyter.runner._control import Control

LEAVE_S = 0.5
"""Seconds that whoever takes a run out of the queue waits for the records."""


def end_as_taken_out(control: Control) -> None:
    """End as a run that never began."""
    control.set(state=State.ENDED, outcome=Outcome.STOPPED, message="taken out of the queue before it began")
    control.finished.set_result(control.status)


class Leaving:
    """The runs that shall leave the queue, and have not been able to yet.

    Parameters
    ----------
    remove
        Takes a run out of the queue; False when it begins just now.
    clerk
        Who writes, so that nobody who presses Stop waits for a database.
    """

    def __init__(self, remove: Callable[[Control], bool], clerk: Clerk) -> None:
        """Know of none."""
        self._remove = remove
        self._clerk = clerk
        self._left: dict[str, Control] = {}

    def ask(self, control: Control) -> bool:
        """Take a run out of the queue; False when it begins just now, or leaves only when the records can be written."""
        removed: Future[bool] = Future()
        self._clerk.put(lambda: self._try(control, removed))
        if is_done(removed, LEAVE_S) and removed.exception() is None:
            return removed.result()
        error = removed.exception() if removed.done() else None
        if error is not None and not isinstance(error, RecordsError):
            raise error
        self._left[control.request.key] = control
        return False

    def _try(self, control: Control, removed: Future[bool]) -> None:
        try:
            removed.set_result(self._remove(control))
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            removed.set_exception(error)

    def waits(self, control: Control) -> bool:
        """Whether a run leaves as soon as the records can be written."""
        return control.request.key in self._left

    def go(self) -> None:
        """Take out who could not leave before; raise what keeps the records away."""
        for key, control in list(self._left.items()):
            self._remove(control)
            self._left.pop(key, None)

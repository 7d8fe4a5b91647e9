"""Which runs does this runner know?  All that wait or run, and the latest that have ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ivoryos_jupyter.errors import UnknownNameError
from ivoryos_jupyter.runner._control import Control
from ivoryos_jupyter.runner._run_elsewhere import RunElsewhere, end_as_recorded
from ivoryos_jupyter.runner._status import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.journal import RunRequest, Submission
    from ivoryos_jupyter.runner._binding import Binding
    from ivoryos_jupyter.runner._clock import Clock
    from ivoryos_jupyter.runner._status import RunStatus

KEPT_RUNS = 200
"""Ended runs whose status is kept in memory; older ones are in the records."""


class Registry:
    """The controls of the runs by key, and what the waiting ones were bound to when they were submitted."""

    def __init__(self, clock: Clock, wake: Callable[[], None], tell: Callable[[RunStatus], None]) -> None:
        """Know no run yet."""
        self._clock = clock
        self._wake = wake
        self._tell = tell
        self._controls: dict[str, Control] = {}
        self.bindings: dict[str, Binding] = {}

    def add(self, request: RunRequest) -> Control:
        """Return the control of a run that is new here."""
        control = Control(request, self._clock, self._wake, self._tell)
        self._controls[request.key] = control
        return control

    def add_elsewhere(self, request: RunRequest) -> RunElsewhere:
        """Return the control of a run that another kernel has."""
        control = RunElsewhere(request, self._clock, self._wake, self._tell)
        self._controls[request.key] = control
        return control

    def becomes_elsewhere(self, control: Control) -> RunElsewhere:
        """Let a run that waited here be one that another kernel has: it is the same control, for people hold it in their hands."""
        control.__class__ = RunElsewhere
        return cast("RunElsewhere", control)

    @property
    def waiting(self) -> list[Control]:
        """The runs that wait here, or begin just now."""
        return [one for one in list(self._controls.values()) if one.state is State.QUEUED and not isinstance(one, RunElsewhere)]

    def add_recorded(self, request: RunRequest, found: Submission) -> Control:
        """Return the control of a run that has ended, as the records say."""
        control = self.add(request)
        end_as_recorded(control, found)
        return control

    def find(self, key: str) -> Control | None:
        """Return the control of the run with this key, or None."""
        return self._controls.get(key)

    def get(self, key: str) -> Control:
        """Return the control of the run with this key, or raise `UnknownNameError`."""
        control = self._controls.get(key)
        if control is None:
            raise UnknownNameError(f"There is no run with the key {key!r} here; look for it in the history.")
        return control

    @property
    def statuses(self) -> tuple[RunStatus, ...]:
        """Snapshots of all runs, oldest first."""
        return tuple(control.status for control in list(self._controls.values()))

    def forget_old(self) -> None:
        """Forget the oldest of the runs that have ended."""
        ended = [key for key, one in self._controls.items() if one.state is State.ENDED]
        for key in ended[:-KEPT_RUNS]:
            del self._controls[key]

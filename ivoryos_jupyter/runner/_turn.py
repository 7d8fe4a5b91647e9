"""What happens when the turn of a run has come?  It begins, is driven to its end, and says whether the queue goes on after it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivoryos_jupyter.journal import Outcome
from ivoryos_jupyter.runner._binding import bind
from ivoryos_jupyter.runner._claims import begin_run, setting_of
from ivoryos_jupyter.runner._drive import Drive
from ivoryos_jupyter.runner._restore import restored_for
from ivoryos_jupyter.runner._station import Station
from ivoryos_jupyter.runner._status import State
from ivoryos_jupyter.workflow import from_json

if TYPE_CHECKING:
    from ivoryos_jupyter.journal import RunRequest
    from ivoryos_jupyter.runner._binding import Binding
    from ivoryos_jupyter.runner._control import Control
    from ivoryos_jupyter.runner._inbox import Inbox
    from ivoryos_jupyter.runner._pipeline import Pipeline
    from ivoryos_jupyter.runner._queue import RunQueue
    from ivoryos_jupyter.runner._restore import Restored
    from ivoryos_jupyter.runner._station import Message
    from ivoryos_jupyter.workflow import Workflow

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a run begins with."""

    workflow: Workflow
    binding: Binding
    restored: Restored | None
    """Where it stands when it goes on with another run; None for the beginning of its own."""


def beginning_of(request: RunRequest, pipeline: Pipeline, bound: Binding | None = None) -> Beginning:
    """Return what the run of `request` begins with; `bound` is what it was bound to before, where it was.

    Raises
    ------
    WorkflowError
        With everything that keeps it from being run.
    ResumeError
        When it goes on with an interrupted run, and cannot.
    """
    workflow = from_json(request.workflow)
    binding = bound or bind(workflow, request, pipeline)
    return Beginning(workflow, binding, restored_for(workflow, request, pipeline.recorder.past, pipeline.clock.now_us()))


class Turn:
    """One run, from the moment that it is taken from the queue until the next one may be.

    Parameters
    ----------
    control
        What is wanted of the run, and what it says.
    pipeline
        Makes the calls.
    queue
        Where it waited.
    inbox
        Calls that have ended, and wakings.
    """

    def __init__(self, control: Control, pipeline: Pipeline, queue: RunQueue, inbox: Inbox[Message]) -> None:
        """Stand before the beginning."""
        self._control = control
        self._pipeline = pipeline
        self._queue = queue
        self._station = Station(control, pipeline, inbox)

    def begin(self, bound: Binding | None) -> Beginning:
        """Begin the run in the records; whatever this raises, it has not begun."""
        control, pipeline, station = self._control, self._pipeline, self._station
        beginning = beginning_of(control.request, pipeline, bound)
        provenance, started = pipeline.provenance, pipeline.clock.now_us()
        things = dict(zip(beginning.binding.generations, beginning.binding.things, strict=True))
        station.run_id = begin_run(station, control.request, started, setting_of(things, provenance))
        if provenance is not None:
            provenance.find_out(station.run_id, things)
        control.set(state=State.RUNNING, name=control.request.name, run_id=station.run_id, started_us=started)
        self._queue.changed()
        return beginning

    def put_back(self, why: BaseException) -> None:
        """Leave the run in the queue, on hold, for it could not begin."""
        control = self._control
        control.stop_is_obeyed()
        self._queue.on_hold, self._queue.reason = True, f"The run {control.request.name!r} could not begin: {why}"
        control.set(state=State.QUEUED, message=f"could not begin: {why}")

    def drive(self, beginning: Beginning) -> None:
        """Drive the run that has begun to its end; it holds its instruments meanwhile."""
        station, request, pipeline = self._station, self._control.request, self._pipeline
        binding = beginning.binding
        pipeline.hold(request.key, station.run_id, f"the run {request.name!r}", binding.things)
        if request.resume is not None and request.derived_from is not None:
            pipeline.goes_on_with(station.run_id, request.derived_from)
        try:
            Drive(station, beginning.workflow, binding.generations, beginning.restored).run()
        except Exception as error:  # noqa: BLE001 - its end is not in the records, so it will be asked about; the next one needs a runner
            _log.exception("The run could not be closed")
            text = f"The runner itself failed: {error}"
            self._control.set(state=State.ENDED, outcome=Outcome.FAILED, error=text, step=None, question=None)
        finally:
            pipeline.release(request.key)

    def hand_on(self, *, closing: bool) -> None:
        """Hold the queue where nobody should count on the next run, and tell who waits for this one."""
        control, queue = self._control, self._queue
        if control.request.stop_here:
            queue.hold(f"It was to stop after {control.request.name!r}.")
        elif not closing and (control.status.outcome is Outcome.FAILED or control.stop_asked):
            self._hold_for_its_end()
        control.finished.set_result(control.status)

    def _hold_for_its_end(self) -> None:
        control, queue, ended_us = self._control, self._queue, self._control.status.ended_us
        try:  # who submits once it has ended knows how
            if any(ended_us is None or entry.request.submitted_us <= ended_us for entry in queue.entries):
                how = "failed" if control.status.outcome is Outcome.FAILED else "was stopped"
                queue.hold(f"The run {control.request.name!r} {how}.")
        except Exception as error:  # noqa: BLE001 - the records are out of reach
            queue.on_hold, queue.reason = True, str(error)

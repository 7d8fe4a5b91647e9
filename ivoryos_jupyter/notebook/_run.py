"""What does a scientist hold when she has submitted a run?  Its status, its commands, its tables, and a live view when displayed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CommandError
from ivoryos_jupyter.runner import RunHandle

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ivoryos_jupyter.records import History
    from ivoryos_jupyter.runner import RunStatus
    from ivoryos_jupyter.session import Session


class Run(RunHandle):
    """A submitted run: its status, the commands it obeys, its tables.

    Displaying it in a notebook shows it live. ``await run`` waits for its end without blocking the notebook. Each command may be
    given twice.
    """

    def __init__(self, session: Session, handle: RunHandle) -> None:
        """Stand for the run of `handle`."""
        super().__init__(*handle.parts, existed=handle.existed)
        self._session = session

    @property
    def id(self) -> int:
        """Id of its record.

        Raises
        ------
        CommandError
            As long as it waits in the queue.
        """
        run_id = self.status.run_id
        if run_id is None:
            raise CommandError(f"{self.status.name!r} has not begun, so there is no record of it yet.")
        return run_id

    @property
    def outputs(self) -> pd.DataFrame:
        """One row per iteration and sample, inputs and outputs as columns."""
        return self._history.outputs(self.id)

    @property
    def versions(self) -> Mapping[str, object]:
        """With what, where and by whom it is made: workflow, deck, instruments, code, notebook, computer, people."""
        return self._history.versions(self.id)

    @property
    def steps(self) -> pd.DataFrame:
        """One row per attempt of a step."""
        return self._history.steps(run=self.id)

    @property
    def phases(self) -> pd.DataFrame:
        """One row per phase: prep, each iteration of script, cleanup."""
        return self._history.phases(run=self.id)

    @property
    def events(self) -> pd.DataFrame:
        """What happened besides the steps: pauses, errors, answers, branches taken."""
        return self._history.events(run=self.id)

    def pause(self, by: str = "") -> RunStatus:
        """Pause at the next checkpoint, inside a wait at once; `by` is shown to whoever looks, else who works in this notebook."""
        return super().pause(by or f"{self._session.surroundings.operator or 'a line'}, in Python")

    def rerun_missing(self) -> Run:
        """Run again the iterations that were not brought to their end, as a run of its own.

        Raises
        ------
        ResumeError
            When nothing is missing, when it has not ended, or when somebody has to decide about it first.
        """
        from ivoryos_jupyter.notebook.recovery import rerun  # noqa: PLC0415 - it makes runs

        return rerun(self._session, self.id, "missing")

    @property
    def _history(self) -> History:
        return self._session.history

    def __repr__(self) -> str:
        """Return the run's state as a sentence."""
        return repr(self.status)

    def _repr_mimebundle_(self, **_: object) -> Mapping[str, object]:
        view = self._session.views.get(Run)
        return {"text/plain": repr(self)} if view is None else view(self)


def told(status: RunStatus) -> str:
    """Return which run it is, how it stands and since when, in local time: ``run 12, completed 2026-11-21 18:02``."""
    which = status.name if status.run_id is None else f"run {status.run_id}"
    moments = ((status.ended_us, " "), (status.started_us, ", begun "), (status.submitted_us or None, ", submitted "))
    when = next((f"{word}{_local(at)}" for at, word in moments if at is not None), "")
    return f"{which}, {status.sentence}{when}"


def _local(at_us: int) -> str:
    return datetime.fromtimestamp(at_us / 1_000_000).astimezone().strftime("%Y-%m-%d %H:%M")

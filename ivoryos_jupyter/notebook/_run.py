"""What does a scientist hold when she has submitted a run?  Its status, its commands, its tables, and a live view when displayed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from ivoryos_jupyter.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    import pandas as pd

    from ivoryos_jupyter.records import History
    from ivoryos_jupyter.runner import Choice, RunHandle, RunStatus
    from ivoryos_jupyter.session import Session


class Run:
    """A submitted run.

    Displaying it in a notebook shows it live. ``await run`` waits for its end without blocking the notebook.
    """

    def __init__(self, session: Session, handle: RunHandle) -> None:
        """Stand for the run of `handle`."""
        self._session = session
        self._handle = handle

    @property
    def key(self) -> str:
        """Key of the submission."""
        return self._handle.key

    @property
    def status(self) -> RunStatus:
        """A snapshot of where it is."""
        return self._handle.status

    @property
    def existed(self) -> bool:
        """Whether the same submission had been made before, so that this is the run from then."""
        return self._handle.existed

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

    @property
    def _history(self) -> History:
        return self._session.history

    def pause(self) -> RunStatus:
        """Pause at the next checkpoint, inside a wait at once."""
        return self._handle.pause()

    def resume(self) -> RunStatus:
        """Go on."""
        return self._handle.resume()

    def stop(
        self,
        *,
        after: Literal["step", "row"] = "step",
        now: bool = False,
        cleanup: bool | None = None,
        continue_queue: bool = False,
    ) -> RunStatus:
        """Stop after the step under way, after the row under way, or now.

        Parameters
        ----------
        after
            ``step``: when the step under way is done, inside a wait at once. ``row``: when the row under way is done.
        now
            At once: waits, ``ivoryos.sleep()`` and coroutines end; a call that does not return is stopped by its driver's own ``stop()``,
            where it has one, and then given up.
        cleanup
            Whether the cleanup phase runs; None for as it was submitted.
        continue_queue
            Whether the next run in the queue may begin; else the queue is on hold then.
        """
        return self._handle.stop(after=after, now=now, cleanup=cleanup, continue_queue=continue_queue)

    def answer(self, choice: Choice, value: object = None, *, arguments: Mapping[str, object] | None = None) -> RunStatus:
        """Answer what the run asks.

        Parameters
        ----------
        choice
            One of ``run.status.question.choices``.
        value
            The value, where one is asked for.
        arguments
            With ``retry``: arguments to use in place of those that failed.
        """
        return self._handle.answer(choice, value, arguments=arguments)

    def retry(self, **arguments: object) -> RunStatus:
        """Answer an error: do the step again, with these arguments in place of those that failed."""
        return self._handle.retry(arguments)

    def skip(self) -> RunStatus:
        """Answer an error: go on without the step."""
        return self._handle.skip()

    def wait(self, timeout: float | None = None) -> RunStatus:
        """Wait for the end, at most `timeout` seconds, and return the final status.

        Raises
        ------
        WouldBlockError
            When the run needs the notebook's loop, which waiting here would block; write ``await run``.
        TimeoutError
            When it has not ended in time; the run goes on.
        """
        return self._handle.wait(timeout)

    def __await__(self) -> Generator[object, None, RunStatus]:
        """Wait for the end without blocking the notebook; Ctrl-C leaves the run alone."""
        return self._handle.__await__()

    def __repr__(self) -> str:
        """Return the run's state as a sentence."""
        return repr(self.status)

    def _repr_mimebundle_(self, **_: object) -> Mapping[str, object]:
        view = self._session.views.get(Run)
        return {"text/plain": repr(self)} if view is None else view(self)


def told(status: RunStatus) -> str:
    """Return which run it is, how it stands and since when, in local time: ``run 12, completed 2026-11-21 18:02``."""
    which = status.name if status.run_id is None else f"run {status.run_id}"
    moments = ((status.ended_us, ""), (status.started_us, "begun "), (status.submitted_us or None, "submitted "))
    when = next((f" {word}{_local(at)}" for at, word in moments if at is not None), "")
    return f"{which}, {status.sentence}{when}"


def _local(at_us: int) -> str:
    return datetime.fromtimestamp(at_us / 1_000_000).astimezone().strftime("%Y-%m-%d %H:%M")

"""What does a scientist hold when she works on a workflow?  Its phases, its check, and the way to run it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import CommandError, ConversionError, Problem
from ivoryos_jupyter.notebook._findings import as_table, findings_of
from ivoryos_jupyter.notebook._in_sentences import in_sentences
from ivoryos_jupyter.notebook._rehearsing import rehearse_queue, rehearse_request
from ivoryos_jupyter.notebook._run import Run, told
from ivoryos_jupyter.notebook._submission import Options, request_for
from ivoryos_jupyter.notebook._tables import rows_of
from ivoryos_jupyter.runner.rehearsal import Given
from ivoryos_jupyter.workflow import WorkflowDraft, interface

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    import pandas as pd

    from ivoryos_jupyter.notebook._queue_rehearsal import QueueRehearsal
    from ivoryos_jupyter.notebook._rehearsal import Rehearsal
    from ivoryos_jupyter.notebook._tables import Table
    from ivoryos_jupyter.runner.rehearsal import Seconds
    from ivoryos_jupyter.session import Session
    from ivoryos_jupyter.workflow import Finding, Interface, PhaseDraft, Workflow


class WorkflowHandle:
    """A workflow in the notebook: written in Python through its phases, or in the builder through `edit`."""

    def __init__(self, session: Session, name: str, start: Workflow | None = None, description: str = "") -> None:
        """Go on from `start`, or from nothing."""
        self._session = session
        self._draft = self._draft_of(name, start, description)
        self._shown: Callable[[], Workflow] | None = None
        self._when_shown: Workflow | None = None

    def _draft_of(self, name: str, start: Workflow | None, description: str = "") -> WorkflowDraft:
        self._session.refresh()
        schema = self._session.deck.schema()
        return WorkflowDraft(name, schema=schema, name_of=self._session.name_of, start=start, description=description)

    @property
    def workflow(self) -> Workflow:
        """The workflow as it stands, immutable: what the builder shows, unless Python changed it since."""
        drafted = self._draft.workflow
        if self._shown is None or drafted != self._when_shown:
            return drafted
        return self._shown()

    def _drafted(self) -> WorkflowDraft:
        """Return the draft, brought up to what the builder made of it."""
        present = self.workflow
        if present != self._draft.workflow:
            self._draft = self._draft_of(present.name, present)
            self._when_shown = self._draft.workflow
        return self._draft

    @property
    def name(self) -> str:
        """Name of the workflow."""
        return self.workflow.name

    @property
    def prep(self) -> PhaseDraft:
        """Once, before."""
        return self._drafted().prep

    @property
    def script(self) -> PhaseDraft:
        """Repeated, by count or for each row of a table."""
        return self._drafted().script

    @property
    def cleanup(self) -> PhaseDraft:
        """Once, after every ending."""
        return self._drafted().cleanup

    @property
    def interface(self) -> Interface:
        """What it asks for and what it gives, with kinds and units."""
        return interface(self.workflow, self._session.deck.schema())

    @property
    def python(self) -> str:
        """Python that makes the same calls by itself."""
        from ivoryos_jupyter.codegen import render  # noqa: PLC0415 - only on request

        return render(self.workflow, self._session.deck.schema())

    def declare(self, name: str, annotation: str) -> None:
        """Say of which type a run-time parameter is: ``wf.declare("volume", "float | None")``."""
        self._drafted().declare(name, annotation)

    def edit(self) -> object:
        """Return the builder that shows this workflow.

        Raises
        ------
        CommandError
            Where no builder can be shown, as outside a notebook.
        """
        if self._session.open_builder is None:
            raise CommandError("There is no builder here; run %load_ext ivoryos in a notebook.")
        widget, self._shown = self._session.open_builder(self.workflow)
        self._when_shown = self._draft.workflow
        return widget

    def save(self, description: str | None = None) -> WorkflowHandle:
        """Keep it in the library as the newest version; the same content again makes no new one."""
        workflow = self.workflow
        if description is not None:
            workflow = replace(workflow, description=description)
        self._session.library.save(replace(workflow, author=workflow.author or self._session.surroundings.operator))
        return self

    def findings(self, table: Table | None = None, *, sample: str | None = None) -> list[Finding]:
        """Return every problem, errors and warnings, in the order of the steps; those of the table and the limits last."""
        self._session.refresh()
        return findings_of(self._session, self.workflow, table, sample)

    def check(self, table: Table | None = None, *, sample: str | None = None) -> pd.DataFrame:
        """Return every problem as a table, before anything moves; an empty one means that it can be run.

        Parameters
        ----------
        table
            The parameter table it shall be run over: a DataFrame, a list of dicts or the path of a CSV file.
        sample
            Column that names the sample.
        """
        return as_table(self.findings(table, sample=sample), self.workflow, self._session.deck.schema())

    def submit(  # noqa: PLR0913 - one line each at the place where a run is made
        self,
        table: Table | None = None,
        *,
        repeat: int = 1,
        batch_size: int = 1,
        sample: str | None = None,
        name: str | None = None,
        key: str | None = None,
        again: bool = False,
        cleanup: bool | tuple[str, ...] = True,
        not_before: datetime | None = None,
        hold: bool = False,
        stop_here: bool = False,
        timeout_s: float | None = None,
    ) -> Run:
        """Put it into the queue and return the run.

        The same content submitted again from the same notebook returns the run that exists.

        Parameters
        ----------
        table
            One row per iteration: a DataFrame, a list of dicts or the path of a CSV file.
        repeat
            Number of iterations when there is no table.
        batch_size
            Samples worked on together.
        sample
            Column that names the sample; the workflow need not use it.
        name
            Name of the run; the workflow's when None.
        key
            Name of this submission; made from the content when None.
        again
            Make a new run although the same was submitted before.
        cleanup
            Whether cleanup runs; or after which endings, of ``completed``, ``failed``, ``stopped``.
        not_before
            Start no earlier.
        hold
            Wait in the queue until released.
        stop_here
            Hold the queue once this run has ended: what waits behind it begins when it is released.
        timeout_s
            Seconds after which the run is ended as by an error, with cleanup; pauses and questions count.

        Raises
        ------
        ConversionError
            With everything that is wrong in the table.
        WorkflowError
            With everything that is wrong in the workflow; nothing has moved.
        """
        self._session.refresh()
        rows = None if table is None else rows_of(table, self.interface, sample)
        options = Options(
            repeat=repeat,
            batch_size=batch_size,
            sample=sample,
            name=name,
            key=key,
            again=again,
            cleanup=cleanup,
            not_before=not_before,
            hold=hold,
            stop_here=stop_here,
            timeout_s=timeout_s,
        )
        run = Run(self._session, self._session.runner.submit(request_for(self._session, self.workflow, rows, options)))
        if run.existed:
            print(f"The same was submitted before: {told(run.status)}. Nothing new was queued; submit with again=True to run it once more.")  # noqa: T201 - she must see it
        return run

    def rehearse(  # noqa: PLR0913 - those of `submit`, and what is known beforehand
        self,
        table: Table | None = None,
        *,
        repeat: int = 1,
        batch_size: int = 1,
        sample: str | None = None,
        name: str | None = None,
        cleanup: bool | tuple[str, ...] = True,
        timeout_s: float | None = None,
        not_before: datetime | None = None,
        returns: Mapping[str, object] | None = None,
        durations: Mapping[str, Seconds] | None = None,
        answers: Mapping[str, object] | None = None,
        faults: bool | int = False,
        seed: int = 0,
        times: int | None = None,
        blocks: bool = False,
        queue: bool = False,
    ) -> Rehearsal | QueueRehearsal:
        """Run it on a mock deck in virtual time: nothing is called and nothing is recorded.

        Parameters
        ----------
        table, repeat, batch_size, sample, name, cleanup, timeout_s, not_before
            As for `submit`.
        returns
            What calls give back, by ``"pump.dispense"``: a value, or a function of the arguments that gives it.
        durations
            How long calls last, in s: ``{"pump.dispense": 4}``, or ``(3, 6)`` for anything between.
        answers
            What a person answers, by the name of the input step.
        faults
            Whether each step that makes a call is rehearsed with each thing that may go wrong with it; a number adds as many
            rehearsals with several faults at random places.
        seed
            The same seed gives the same rehearsal.
        times
            How often, to tell how the time varies; None for as often as is quick.
        blocks
            Whether building blocks are called that were marked ``@ivoryos.block(pure=True)``.
        queue
            Whether it is rehearsed at the end of the queue, after all that waits there.

        Raises
        ------
        ConversionError
            With everything that is wrong in the table, or in what is given.
        """
        self._session.refresh()
        workflow = self.workflow
        rows = None if table is None else rows_of(table, self.interface, sample)
        options = Options(
            repeat=repeat, batch_size=batch_size, sample=sample, name=name, cleanup=cleanup, timeout_s=timeout_s, not_before=not_before
        )
        request = request_for(self._session, workflow, rows, options)
        given = Given(returns or {}, durations or {}, answers or {})
        if queue and (faults or times or blocks):
            raise ConversionError([Problem("queue", "goes with neither faults, times nor blocks; rehearse this run by itself for them")])
        if queue:
            return rehearse_queue(self._session, request, given, seed=seed)
        return rehearse_request(self._session, workflow, request, given, faults=faults, seed=seed, times=times, blocks=blocks)

    def __repr__(self) -> str:
        """Return the workflow as sentences, phase by phase."""
        return in_sentences(self.workflow, self._session.deck.schema())

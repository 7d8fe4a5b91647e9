"""What happened, as pandas tables?  One query for each, however long the history is."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ivoryos_jupyter.records import _frames
from ivoryos_jupyter.records._columns import fetch
from ivoryos_jupyter.records._filters import CALL_STATUS, RUN_STATUS, STEP_STATUS, Filters, Where
from ivoryos_jupyter.records._made_with import made_with, snapshots_frame
from ivoryos_jupyter.records._old_events import with_old_events
from ivoryos_jupyter.records._outputs import outputs_frame, samples
from ivoryos_jupyter.records._reading import CellReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    import pandas as pd

    from ivoryos_jupyter.records._columns import Column, Columns
    from ivoryos_jupyter.records._database import Statements
    from ivoryos_jupyter.records._store import Store

_OF_RUN = "workflow_phases p JOIN workflow_runs r ON r.id = p.run_id"


class History:
    """Reads a store's database; every table is made anew and may be asked for while runs go on.

    Filters that several methods share: `run` is the id or the name of a run; `since` and `until` are datetimes or ISO text,
    local where they have no zone, and select what started from the one on and before the other.
    """

    def __init__(self, store: Store) -> None:
        """Read what `store` keeps."""
        self._store = store
        self._read = CellReader(store.folder.path)

    def runs(
        self,
        *,
        run: int | str | None = None,
        workflow: str | None = None,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        status: str | None = None,
    ) -> pd.DataFrame:
        """Return one row for each run; its `status` is running, completed, stopped, failed or interrupted."""
        filters = Filters(run=run, workflow=workflow, since=since, until=until)
        where = Where()
        where.runs(filters)
        where.period("r", filters)
        where.equal(RUN_STATUS, "status", status)
        with self._reading() as statements:
            return _frames.runs_frame(self._fetch(statements, _frames.RUNS, "workflow_runs r", where))

    def phases(
        self,
        *,
        run: int | str | None = None,
        workflow: str | None = None,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        status: str | None = None,
    ) -> pd.DataFrame:
        """Return one row for each phase: prep, each iteration of script, cleanup."""
        filters = Filters(run=run, workflow=workflow, since=since, until=until)
        where = Where()
        where.runs(filters)
        where.period("p", filters)
        where.equal("p.status", "status", status)
        with self._reading() as statements:
            return _frames.phases_frame(self._fetch(statements, _frames.PHASES, _OF_RUN, where))

    def steps(
        self,
        *,
        run: int | str | None = None,
        workflow: str | None = None,
        instrument: str | None = None,
        sample: str | None = None,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        status: str | None = None,
    ) -> pd.DataFrame:
        """Return one row for each attempt of a step.

        ``output`` is what the step added to the variables; in a row that IvoryOS wrote it is all variables after the step, and
        instrument and arguments are not known. ``status`` is open, done, failed, skipped, cancelled or abandoned; a step that
        was open when its kernel died is ``in doubt``, and is found as such and as open.
        """
        filters = Filters(run=run, workflow=workflow, since=since, until=until)
        above, where = Where(), Where()
        above.runs(filters)
        if above:
            where.add(f"s.phase_id IN (SELECT p.id FROM {_OF_RUN} WHERE {above.sql})", **above.values)  # noqa: S608 - our own text
        where.period("s", filters)
        where.equal("s.instrument", "instrument", instrument)
        where.equal("s.sample_id", "sample", sample)
        where.equal(STEP_STATUS, "status", "open" if status == "in doubt" else status)
        with self._reading() as statements:
            parents = self._fetch(statements, _frames.PARENTS, _OF_RUN, above)
            frame = _frames.steps_frame(self._fetch(statements, _frames.STEPS, "workflow_steps s", where), parents)
        return frame[frame["status"] == status].reset_index(drop=True) if status == "in doubt" else frame

    def single_steps(
        self,
        *,
        instrument: str | None = None,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        status: str | None = None,
    ) -> pd.DataFrame:
        """Return one row for each direct call."""
        where = Where()
        where.period("s", Filters(since=since, until=until))
        if instrument is not None:
            where.add(
                "(s.instrument = :instrument OR (s.instrument IS NULL AND s.method_name LIKE :old ESCAPE '!'))",
                instrument=instrument,
                old=f"deck.{_literally(instrument)}.%",
            )
        where.equal(CALL_STATUS, "status", status)
        with self._reading() as statements:
            return _frames.calls_frame(self._fetch(statements, _frames.CALLS, "single_steps s", where))

    def outputs(
        self,
        run: int | str | None = None,
        *,
        workflow: str | None = None,
        sample: str | None = None,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
    ) -> pd.DataFrame:
        """Return one row for each iteration and sample, with inputs and outputs as columns of their own dtype.

        A phase that is under way, or was cut off, shows what its steps have added so far. A result that lies in a file is an
        object with ``path`` and ``load()``.
        """
        filters = Filters(run=run, workflow=workflow, since=since, until=until)
        where = Where()
        where.runs(filters)
        where.period("p", filters)
        with self._reading() as statements:
            found = samples(statements, _OF_RUN, where.sql, where.values, self._read)
        return outputs_frame(found if sample is None else [one for one in found if one.sample_id == sample])

    def events(
        self,
        *,
        run: int | str | None = None,
        workflow: str | None = None,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        kind: str | None = None,
    ) -> pd.DataFrame:
        """Return one row for each thing that happened to a run besides its steps, in order of time."""
        where = Where()
        where.runs(Filters(run=run, workflow=workflow))
        with self._reading() as statements:
            found = self._fetch(statements, _frames.EVENTS, "run_events e LEFT JOIN workflow_runs r ON r.id = e.run_id", where)
            found = with_old_events(statements, found, where)
        frame = _frames.events_frame(found)
        return _frames.selected_events(frame, since, until, kind)

    def observations(
        self,
        *,
        run: int | str | None = None,
        instrument: str | None = None,
        property: str | None = None,  # noqa: A002 - the field's word
        since: datetime | str | None = None,
        until: datetime | str | None = None,
    ) -> pd.DataFrame:
        """Return one row for each reading of a watch."""
        where = Where()
        where.runs(Filters(run=run))
        where.equal("o.instrument", "instrument", instrument)
        where.equal("o.property", "property", property)
        where.moments("o.at_us", since, until)
        with self._reading() as statements:
            source = "observations o LEFT JOIN workflow_runs r ON r.id = o.run_id"
            return _frames.observations_frame(self._fetch(statements, _frames.OBSERVATIONS, source, where))

    def versions(self, run: int | str) -> dict[str, object]:
        """Return with what, where and by whom a run was made: workflow, deck, instruments, code, notebook, computer, people.

        Raises
        ------
        UnknownNameError
            When there is no such run.
        """
        return made_with(self.runs(run=run), run)

    def snapshots(self, *, run: int | str | None = None, workflow: str | None = None) -> pd.DataFrame:
        """Return one row for each property that was read when a run began or ended, see ``ivoryos.snapshot``."""
        return snapshots_frame(self.events(run=run, workflow=workflow, kind="snapshot"))

    @contextmanager
    def _reading(self) -> Iterator[Statements]:
        """Read on a connection of its own, after what waits was committed."""
        self._store.flush()
        with self._store.database.fresh() as statements:
            yield statements

    def _fetch(self, statements: Statements, columns: Sequence[Column], source: str, where: Where) -> Columns:
        """Fetch columns."""
        return fetch(statements, columns, f"{source} WHERE {where.sql}", where.values, self._read)


def _literally(text: str) -> str:
    """Return `text` for a LIKE pattern."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")

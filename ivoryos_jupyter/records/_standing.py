"""Was this kernel taken for dead while it was cut off from the database?  Looked at before its runs go on.

A kernel on PostgreSQL lives for others as long as its session does. A network that breaks, or a computer that sleeps, ends the
session, and others may then decide about its run or hold its instruments. Going on all the same would do things twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ivoryos_jupyter.errors import RecordsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivoryos_jupyter.journal import Setting
    from ivoryos_jupyter.records._claims import Claims
    from ivoryos_jupyter.records._database import Database, Statements

_NOT_INTERRUPTED = """
UPDATE workflow_runs SET outcome = CASE WHEN outcome = 'interrupted' THEN NULL ELSE outcome END WHERE id = :id
"""
_HAPPENED = "SELECT 1 FROM run_events WHERE run_id = :id AND kind = :kind"


class Standing:
    """Whether the runs under way in this kernel may go on."""

    def __init__(self, database: Database, claims: Claims) -> None:
        """Know no run yet; told by `database` when it lost the lock that shows that this kernel lives."""
        self._database = database
        self._claims = claims
        self._runs: dict[int, Setting] = {}
        self.doubtful: dict[int, Setting] = {}
        """Runs that must be looked at before they go on, each with what it holds."""
        self.told: Callable[[], None] = lambda: None
        """Called whenever this kernel was cut off; it must not use the database."""
        database.when_cut_off(self._cut_off)

    def _cut_off(self) -> None:
        self.doubtful.update(self._runs)
        self.told()

    def begun(self, run_id: int, setting: Setting) -> None:
        """Know a run from now on."""
        self._runs[run_id] = setting

    def ended(self, run_id: int) -> None:
        """Know a run no longer."""
        self._runs.pop(run_id, None)
        self.doubtful.pop(run_id, None)

    def look(self) -> None:
        """Take back that runs were marked as interrupted, and hold their instruments again.

        Raises
        ------
        RecordsError
            When somebody has decided about a run meanwhile, or another run holds one of its instruments.
        """
        for run_id, setting in list(self.doubtful.items()):
            with self._database.transaction() as statements:
                self._take_up(statements, run_id, setting)
            self.doubtful.pop(run_id, None)

    def _take_up(self, statements: Statements, run_id: int, setting: Setting) -> None:
        statements.change(_NOT_INTERRUPTED, {"id": run_id})  # first, so that nobody can decide about it from here to the commit
        if statements.rows(_HAPPENED, {"id": run_id, "kind": "decided"}):
            raise RecordsError(
                f"While this kernel was cut off from the database, run {run_id} counted as interrupted, and somebody decided about it"
                f" (ivoryos.history.events(run={run_id})). Stop it here"
            )
        if not statements.rows(_HAPPENED, {"id": run_id, "kind": "taken_over"}):
            self._claims.hold_again(statements, run_id, setting)
